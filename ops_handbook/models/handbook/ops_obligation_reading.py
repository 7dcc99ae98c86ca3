from odoo import api, models

from .ops_article_reading import CODE


class OpsObligation(models.Model):
    """Reading is personal: nobody is reminded to read in somebody else's stead."""

    _inherit = "ops.obligation"

    @api.depends("responsible_id")
    def _compute_answering_ids(self):
        super()._compute_answering_ids()
        for item in self:
            if item.code == CODE and item.responsible_id:
                item.answering_ids = item.responsible_id

    @api.model
    def _receivers(self, pairs):
        found = super()._receivers(pairs)
        return [
            {item.responsible_id.id: None}
            if item.code == CODE and receiver == "responsible" and item.responsible_id.active else users
            for (item, receiver), users in zip(pairs, found, strict=True)
        ]

    @api.model
    def _pass_on(self, notices):
        self.browse({item.obligation_id for item in notices if item.code == CODE}).fetch(["responsible_id"])
        own = {
            item for item in notices
            if item.code == CODE and self.browse(item.obligation_id).responsible_id.id == item.user_id
        }
        kept = own | set(super()._pass_on([item for item in notices if item not in own]))
        return [item for item in notices if item in kept]
