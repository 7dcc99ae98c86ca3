from odoo import api, models


class OpsMonthPlan(models.Model):
    """What a department does to solve problems belongs on its month plan."""

    _inherit = "ops.month.plan"

    @api.model
    def _prefill_sources(self, plans):
        found = super()._prefill_sources(plans)
        measures = self._prefill_action_items(
            plans, "ops.problem.measure", [("plan_id.state", "in", ("submitted", "returned", "accepted"))]
        )
        return {plan_id: known + measures.get(plan_id, []) for plan_id, known in found.items()}
