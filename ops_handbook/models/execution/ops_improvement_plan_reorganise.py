from odoo import models

from ...tools import token


class OpsImprovementPlan(models.Model):
    """Reorganisations: a department is merged while its improvement plan runs; whoever takes over carries it out."""

    _inherit = "ops.improvement.plan"

    def _move_to(self, department, reason):
        """Give these plans (superuser) to ``department``, with what they ask for; what was written keeps the names of then."""
        if not self:
            return
        self.filtered(lambda plan: not plan.department_name)._freeze_names_now()
        token.marked(self).write({"department_id": department.id})
        self.env["ops.form.transition"]._log(self, {plan.id: plan.state for plan in self}, None, reason)
        engine, owing = self.env["ops.obligation"], dict.fromkeys(self.ids, department)
        for code in ("M7", "R1"):
            engine._hand_over(code, self, reason, role="head", department=owing)
        for office, plans in self.grouped(lambda plan: plan._flow_deciding_office()).items():
            for code in ("D1", "P3"):
                engine._hand_over(code, plans, reason, role=office, department=owing)
