from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools import token

SOURCE = {"source_model", "source_id"}
# each descendant declares `_source_once` with this again, to say in its own words what is there already
ONCE = "(source_model, source_id) WHERE source_id IS NOT NULL AND state != 'cancelled'"


class OpsSourceMixin(models.AbstractModel):
    """A form that another record may have been the reason for: made once, until it is cancelled, and citing it.

    Whoever may not read that record is not told its name. A descendant says how it is cited in ``_source_names`` and what
    opens in ``_source_action``.
    """

    _name = "ops.source.mixin"
    _description = "Comes from Another Record"
    _inherit = ["ops.transition.mixin"]

    source_model = fields.Char(readonly=True, copy=False)
    source_id = fields.Many2oneReference(model_field="source_model", readonly=True, copy=False)
    source_label = fields.Char(string="Comes from", compute="_compute_source_label")

    _source_once = models.UniqueIndex(ONCE)

    @api.model
    def _protected_fields(self):
        # said by the record that it comes from: whoever could write it would read the name of any record
        return super()._protected_fields() | SOURCE

    @api.depends("source_model", "source_id")
    @api.depends_context("uid", "lang", "allowed_company_ids")
    def _compute_source_label(self):
        labels = self._source_labels()
        for record in self:
            record.source_label = labels.get(record.id, False)

    def _source_labels(self):
        """Return what these come from in words, where the current user may read that: dict id → label; one look per model."""
        labels = {}
        from_records = self.sudo().filtered("source_id")  # sudo: the next lines ask who may read what it comes from
        for model, found in from_records.grouped("source_model").items():
            if model not in self.env:
                continue  # of an addon that was removed
            records = self.env[model].browse(found.mapped("source_id")).exists()._filtered_access("read")
            names = self._source_names(records)
            labels.update({record.id: names[record.source_id] for record in found if record.source_id in names})
        return labels

    @api.model
    def _source_names(self, records):
        """Hook: return how ``records`` of one model, all of which the current user may read, are cited: dict id → text."""
        kind = self.env["ir.model"]._get(records._name).name
        return {
            record.id: self.env._("%(kind)s: %(name)s", kind=kind, name=record.display_name) for record in records
        }

    def action_open_source(self):
        """Open what this comes from.

        :raise UserError: it is gone, or the current user may not read it
        """
        self.ensure_one()
        self.check_access("read")
        if not self.source_label:
            raise UserError(self.env._("What this comes from is gone, or not yours to read."))
        return self._source_action(self.env[self.source_model].browse(self.source_id))

    def _source_action(self, record):
        """Hook: return the action that shows ``record``, from which this comes."""
        return {
            "type": "ir.actions.act_window", "res_model": record._name, "res_id": record.id, "views": [(False, "form")],
            "name": self.source_label,
        }

    # -- for those who make them -------------------------------------------------------------------------------------

    def _comes_from(self, record):
        """Say that this one was made because of ``record``."""
        self.ensure_one()
        # sudo: the machinery's to say, not that of whoever writes the form
        token.marked(self.sudo()).write({"source_model": record._name, "source_id": record.id})

    @api.model
    def _made_for(self, records):
        """Return what was made because of ``records`` of one model and not cancelled: dict record id → form (sudo)."""
        # sudo: that there is one is found, whoever may read it; whoever shows it asks
        found_sudo = self.sudo().search([
            ("source_model", "=", records._name), ("source_id", "in", records.ids), ("state", "!=", "cancelled"),
        ]) if records.ids else self.sudo().browse()
        return {form.source_id: form for form in found_sudo}
