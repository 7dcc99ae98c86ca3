from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools import token
from .ops_article_proposal import OpsArticleProposal as Proposal


class OpsArticleProposal(models.Model):
    """What made somebody propose it where that is a record of its own, e.g. a case of a process above the handbook."""

    _inherit = "ops.article.proposal"

    # said by the record that it comes from: whoever could write it would read the name of any record
    _flow_protected = Proposal._flow_protected | {"source_model", "source_id"}

    source_model = fields.Char(readonly=True, copy=False)
    source_id = fields.Many2oneReference(model_field="source_model", readonly=True, copy=False)
    source_label = fields.Char(string="Comes from", compute="_compute_source_label")

    _source_once = models.UniqueIndex(
        "(source_model, source_id) WHERE source_id IS NOT NULL AND state != 'cancelled'",
        "A change of the handbook was proposed because of this already: reload the page and open the proposal.",
    )

    @api.depends("source_model", "source_id")
    @api.depends_context("uid", "lang", "allowed_company_ids")
    def _compute_source_label(self):
        labels = self._source_labels()
        for proposal in self:
            proposal.source_label = labels.get(proposal.id, False)

    def _source_labels(self):
        """Return what these come from in words, where the current user may read that: dict id → label; one look per model."""
        labels = {}
        from_records = self.sudo().filtered("source_id")  # sudo: the next lines ask who may read what it comes from
        for model, proposals in from_records.grouped("source_model").items():
            if model not in self.env:
                continue  # of an addon that was removed
            records = self.env[model].browse(proposals.mapped("source_id")).exists()._filtered_access("read")
            kind, names = self.env["ir.model"]._get(model).name, {record.id: record.display_name for record in records}
            labels.update({
                proposal.id: self.env._("%(kind)s: %(name)s", kind=kind, name=names[proposal.source_id])
                for proposal in proposals if proposal.source_id in names
            })
        return labels

    @api.model
    def _propose_for(self, values):
        """Write and hand in one proposal for each of the records of one model, in the name of the current user.

        Where one was proposed already, that one stays.

        :param dict values: record → values of its proposal
        :return: dict record → proposal (sudo), those that were there already included
        """
        records = self.env[next(iter(values))._name].browse([record.id for record in values]) if values else None
        known = self._proposed_for(records) if values else {}
        new = [record for record in values if record.id not in known]
        # sudo: what it comes from and that it is handed in are the machinery's; the author is whoever acts
        proposals_sudo = self.sudo().create([{**values[record], "author_id": self.env.uid} for record in new])
        for record, proposal_sudo in zip(new, proposals_sudo, strict=True):
            token.marked(proposal_sudo).write({"source_model": record._name, "source_id": record.id})
            known[record.id] = proposal_sudo
        proposals_sudo._transition("submitted")
        return {record: known[record.id] for record in values}

    @api.model
    def _proposed_for(self, records):
        """Return what was proposed because of ``records`` of one model and not withdrawn: dict record id → proposal (sudo)."""
        # sudo: found here; whoever shows it asks who may read it
        found_sudo = self.sudo().search([
            ("source_model", "=", records._name), ("source_id", "in", records.ids), ("state", "!=", "cancelled"),
        ]) if records.ids else self.sudo().browse()
        return {proposal.source_id: proposal for proposal in found_sudo}

    def action_open_source(self):
        """Open what the proposal comes from."""
        self.ensure_one()
        self.check_access("read")
        if not self.source_label:
            raise UserError(self.env._("What this proposal comes from is gone, or not yours to read."))
        return {
            "type": "ir.actions.act_window", "res_model": self.source_model, "res_id": self.source_id,
            "views": [(False, "form")], "name": self.source_label,
        }
