from odoo import models


class OpsPlanInitiative(models.Model):
    """What an initiative shows on the strategy map."""

    _inherit = "ops.plan.initiative"

    def _map_tasks(self):
        """Return the tasks of these initiatives that the user reads: dict initiative id → list of dicts.

        Each dict has ``model``, ``id``, ``name``, ``state`` (in words) and ``progress`` (percent). The execution layer fills it.
        """
        return {}
