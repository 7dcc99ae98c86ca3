from odoo import fields, models


class OpsProblemStartWizard(models.TransientModel):
    """Start handling, with one line on what is done at once."""

    _name = "ops.problem.start.wizard"
    _description = "Start Handling a Problem"
    _inherit = ["ops.problem.wizard.mixin"]

    immediate_measure = fields.Char(required=True)

    def action_confirm(self):
        """Start handling."""
        self.ensure_one()
        return self._done(self._problems().action_start(self.immediate_measure))
