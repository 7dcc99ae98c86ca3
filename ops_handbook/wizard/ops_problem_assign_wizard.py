from odoo import fields, models


class OpsProblemAssignWizard(models.TransientModel):
    """Give the problem to somebody else."""

    _name = "ops.problem.assign.wizard"
    _description = "Assign a Problem"
    _inherit = ["ops.problem.wizard.mixin"]

    department_id = fields.Many2one(
        "hr.department", string="Responsible", domain="[('company_id', 'in', [company_id, False])]",
        help="Empty: the department stays as it is. Only operations give a problem to another department.",
    )
    handler_id = fields.Many2one(
        "res.users", domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="Empty: the head of the department sees to it.",
    )
    reason = fields.Text()

    def action_confirm(self):
        """Assign as chosen."""
        self.ensure_one()
        return self._done(self._problems().action_assign(
            handler_id=self.handler_id.id or 0, department_id=self.department_id.id or None, reason=self.reason
        ))
