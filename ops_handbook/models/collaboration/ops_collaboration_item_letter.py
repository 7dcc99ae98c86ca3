from odoo import models


class OpsCollaborationItem(models.Model):
    """How an item is cited in a reminder letter and in the ledger."""

    _inherit = "ops.collaboration.item"

    def _letter_source(self):
        """C5: which item of which collaboration."""
        return {
            item.id: self.env._(
                "Item “%(item)s” of the collaboration %(collaboration)s",
                item=item.name, collaboration=item.collaboration_id.display_name,
            )
            for item in self
        }
