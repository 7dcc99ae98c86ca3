from odoo import models


class OpsPlan(models.Model):
    """A department is merged while an improvement plan of its runs: whoever takes over its annual plan carries that out too."""

    _inherit = "ops.plan"

    def _hand_over_obligations(self, before, department, reason):
        super()._hand_over_obligations(before, department, reason)
        self._hand_over_improvement(before, department, reason)

    def _end_for(self, department, reason):
        departments = {plan.id: plan.department_id for plan in self.sudo()}  # sudo: decided by the caller
        super()._end_for(department, reason)
        for plan in self.sudo():  # sudo: as above
            if department.company_id == plan.company_id:
                plan._hand_over_improvement(departments[plan.id], department, reason)

    def _hand_over_improvement(self, before, department, reason):
        """Give the improvement plans of this year that still run to ``department`` (superuser)."""
        plans = self.env["ops.improvement.plan"].search([
            ("department_id", "=", before.id), ("state", "not in", ("closed", "cancelled")), ("period", "=like", f"{self.year}-%"),
        ])
        plans._move_to(department, reason)
