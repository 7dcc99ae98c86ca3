from odoo import api, models

from ..mixins.ops_source_mixin import ONCE


class OpsArticleProposal(models.Model):
    """What made somebody propose it where that is a record of its own, e.g. a case of a process above the handbook."""

    _inherit = "ops.article.proposal"

    _source_once = models.UniqueIndex(
        ONCE, "A change of the handbook was proposed because of this already: reload the page and open the proposal."
    )

    @api.model
    def _propose_for(self, values):
        """Write and hand in one proposal for each of the records of one model, in the name of the current user.

        Where one was proposed already, that one stays.

        :param dict values: record → values of its proposal
        :return: dict record → proposal (sudo), those that were there already included
        """
        records = self.env[next(iter(values))._name].browse([record.id for record in values]) if values else None
        known = self._made_for(records) if values else {}
        new = [record for record in values if record.id not in known]
        # sudo: what it comes from and that it is handed in are the machinery's; the author is whoever acts
        proposals_sudo = self.sudo().create([{**values[record], "author_id": self.env.uid} for record in new])
        for record, proposal_sudo in zip(new, proposals_sudo, strict=True):
            proposal_sudo._comes_from(record)
            known[record.id] = proposal_sudo
        proposals_sudo._transition("submitted")
        return {record: known[record.id] for record in values}
