from odoo import fields, models


class OpsProblemResolveWizard(models.TransientModel):
    """Say what was achieved, so that the reporter can verify it."""

    _name = "ops.problem.resolve.wizard"
    _description = "Resolve a Problem"
    _inherit = ["ops.problem.wizard.mixin"]

    note = fields.Text(string="What Was Achieved", required=True)

    def action_confirm(self):
        """Report the problems resolved."""
        self.ensure_one()
        return self._done(self._problems().action_resolve(self.note))
