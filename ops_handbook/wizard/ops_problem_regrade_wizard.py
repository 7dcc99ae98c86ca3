from odoo import fields, models

from ..models.improvement.ops_problem import LEVELS


class OpsProblemRegradeWizard(models.TransientModel):
    """Change the level after acceptance, with the reason."""

    _name = "ops.problem.regrade.wizard"
    _description = "Change the Level of a Problem"
    _inherit = ["ops.problem.wizard.mixin"]

    severity = fields.Selection(LEVELS, string="Level", required=True)
    reason = fields.Text(required=True)

    def action_confirm(self):
        """Change the level as chosen."""
        self.ensure_one()
        return self._done(self._problems().action_regrade(self.severity, self.reason))
