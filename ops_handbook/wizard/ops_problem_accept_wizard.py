from odoo import api, fields, models

from ..models.improvement.ops_problem import LEVELS


class OpsProblemAcceptWizard(models.TransientModel):
    """Accept: which level, which department, who handles it, and which earlier problem it repeats."""

    _name = "ops.problem.accept.wizard"
    _description = "Accept a Problem Report"
    _inherit = ["ops.problem.wizard.mixin"]

    severity = fields.Selection(
        LEVELS, string="Level", required=True, compute="_compute_severity", store=True, readonly=False, compute_sudo=False
    )
    department_id = fields.Many2one(
        "hr.department", string="Responsible", required=True, domain="[('company_id', 'in', [company_id, False])]"
    )
    handler_id = fields.Many2one(
        "res.users", domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="Empty: the head of the department sees to it.",
    )
    repeat_of_id = fields.Many2one(
        "ops.problem", string="Repeats", domain="[('company_id', '=', company_id), ('id', 'not in', res_ids)]"
    )
    similar_hint = fields.Html(compute="_compute_similar_hint", sanitize=False)

    @api.depends("res_ids")
    def _compute_severity(self):
        for wizard in self:
            levels = wizard._problems().mapped("proposed_severity")
            wizard.severity = min(levels) if levels else False

    @api.depends("res_ids")
    def _compute_similar_hint(self):
        for wizard in self:
            problems = wizard._problems()
            wizard.similar_hint = problems.similar_hint if len(problems) == 1 else False

    def action_confirm(self):
        """Accept the reports as chosen."""
        self.ensure_one()
        problems = self._problems()
        if self.repeat_of_id:
            problems.write({"repeat_of_id": self.repeat_of_id.id})
        return self._done(problems.action_accept(
            severity=self.severity, department_id=self.department_id.id, handler_id=self.handler_id.id
        ))
