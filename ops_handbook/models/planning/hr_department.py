from odoo import models


class HrDepartment(models.Model):
    """What a new head or a new place of a department means for its plans."""

    _inherit = "hr.department"

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {"manager_id", "parent_id", "active"}:
            self._ops_reassign_rework(self._ops_reason_of(vals))
        return result

    def _ops_reassign_rework(self, reason):
        """A plan that was returned is reworked by whoever leads the department now; what is by role the engine has moved."""
        # sudo: whoever moves a department need not see its plans
        plans_sudo = self.env["ops.plan"].sudo().with_context(active_test=False).search(
            [("department_id", "child_of", self.ids), ("state", "=", "returned")]
        )
        if plans_sudo:
            self.env["ops.obligation"]._hand_over("R1", plans_sudo, reason, role="author")
