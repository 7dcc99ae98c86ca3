from odoo import api, fields, models
from odoo.exceptions import UserError

from .ops_collaboration import OpsCollaboration as Collaboration


class OpsCollaboration(models.Model):
    """From which task, item of an agenda or resolution a request has come."""

    _inherit = "ops.collaboration"

    # said by the record that it comes from: whoever could write it would read the name of any record
    _flow_protected = Collaboration._flow_protected | {"source_model", "source_id"}

    source_model = fields.Char(readonly=True, copy=False)
    source_id = fields.Many2oneReference(model_field="source_model", readonly=True, copy=False)
    source_label = fields.Char(string="Comes from", compute="_compute_source_label")

    _source_once = models.UniqueIndex(
        "(source_model, source_id) WHERE source_id IS NOT NULL AND state != 'cancelled'",
        "Other departments have been asked for help with this already: reload the page and open the request.",
    )

    @api.depends("source_model", "source_id")
    @api.depends_context("uid", "lang", "allowed_company_ids")
    def _compute_source_label(self):
        """What it comes from, for those who may read that."""
        names = {}
        for model, requests in self.filtered("source_id").grouped("source_model").items():
            records = self.env[model].browse(requests.mapped("source_id")).exists()._filtered_access("read")
            names.update({(model, record.id): record._need_label() for record in records})
        for request in self:
            request.source_label = names.get((request.source_model, request.source_id), False)

    def action_open_source(self):
        """Open the meeting or the task that the request comes from."""
        self.ensure_one()
        self.check_access("read")
        if not self.source_label:
            raise UserError(self.env._("What this request comes from is gone, or not yours to read."))
        record = self.env[self.source_model].browse(self.source_id)
        return (record["meeting_id"] if "meeting_id" in record._fields else record)._obligation_open_action()
