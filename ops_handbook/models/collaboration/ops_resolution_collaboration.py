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
        for resolution in self.sudo():  # sudo: permission was decided by the caller
            for item in resolution.item_ids:
                if item.owner_id != resolution.owner_id:
                    token.marked(item).write({"owner_id": resolution.owner_id.id})

    def _after_transition(self, previous, reason):
        super()._after_transition(previous, reason)
        for resolution in self.sudo():  # sudo: see _transition
            evidence = {"evidence": resolution.evidence} if resolution.evidence else None
            for item in resolution.item_ids:
                if item.state != resolution.state:
                    item._transition(resolution.state, reason, evidence)
