from odoo import fields, models

from ...tools import token


class OpsResolution(models.Model):
    """A resolution of a collaboration's meeting and its item are one thing: they change together."""

    _inherit = "ops.resolution"

    item_ids = fields.One2many("ops.collaboration.item", "resolution_id", string="Collaboration Item", readonly=True)

    def _take_owner(self, owner, reason):
        """Its item was handed over: the resolution goes with it (superuser)."""
        previous = {resolution.id: resolution.owner_id for resolution in self if resolution.owner_id != owner}
        changed = self.browse(previous)
        token.marked(changed).write({"owner_id": owner.id})
        changed._after_hand_over(previous, reason)

    def _after_hand_over(self, previous, reason):
        super()._after_hand_over(previous, reason)
        items = self.sudo().item_ids  # sudo: permission was decided by the caller
        apart = items.filtered(lambda item: item.owner_id != item.resolution_id.owner_id)
        for owner, followers in apart.grouped(lambda item: item.resolution_id.owner_id).items():
            token.marked(followers).write({"owner_id": owner.id})

    def _after_transition(self, previous, reason):
        super()._after_transition(previous, reason)
        items = self.sudo().item_ids  # sudo: see _transition
        apart = items.filtered(lambda item: item.state != item.resolution_id.state)
        followed = apart.grouped(lambda item: (item.resolution_id.state, item.resolution_id.evidence or ""))
        for (state, evidence), followers in followed.items():
            followers._transition(state, reason, {"evidence": evidence} if evidence else None)
