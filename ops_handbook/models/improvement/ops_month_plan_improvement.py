from odoo import api, models

from .ops_problem_measure import FILED


class OpsMonthPlan(models.Model):
    """What a department does to solve problems belongs on its month plan."""

    _inherit = "ops.month.plan"

    @api.model
    def _prefill_sources(self, plans):
        found = super()._prefill_sources(plans)
        measures = self._prefill_action_items(plans, "ops.problem.measure")
        return {plan_id: known + measures.get(plan_id, []) for plan_id, known in found.items()}


class OpsProblemMeasure(models.Model):
    _inherit = "ops.problem.measure"

    @api.model
    def _task_domain(self):
        return [*super()._task_domain(), ("plan_id.state", "in", FILED)]
