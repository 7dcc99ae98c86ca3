from odoo import api, models

from .ops_improvement_plan import FILED


class OpsMonthPlan(models.Model):
    """What people of a department do so that delays do not happen again belongs on its month plan."""

    _inherit = "ops.month.plan"

    @api.model
    def _prefill_sources(self, plans):
        found = super()._prefill_sources(plans)
        measures = self._prefill_action_items(plans, "ops.improvement.measure")
        return {plan_id: known + measures.get(plan_id, []) for plan_id, known in found.items()}


class OpsImprovementMeasure(models.Model):
    _inherit = "ops.improvement.measure"

    @api.model
    def _task_domain(self):
        return [*super()._task_domain(), ("plan_id.state", "in", FILED)]
