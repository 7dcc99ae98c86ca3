from odoo import api, models


class OpsMonthPlan(models.Model):
    """What a department does for a collaboration belongs on its month plan."""

    _inherit = "ops.month.plan"

    @api.model
    def _prefill_sources(self, plans):
        found = super()._prefill_sources(plans)
        items = self._prefill_action_items(plans, "ops.collaboration.item", [
            ("collaboration_id.state", "in", ("filed", "running")),
            ("resolution_id", "=", False),  # those of a meeting are there as its resolutions
        ])
        return {plan_id: known + items.get(plan_id, []) for plan_id, known in found.items()}
