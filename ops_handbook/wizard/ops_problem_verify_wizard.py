from odoo import api, fields, models


class OpsProblemVerifyWizard(models.TransientModel):
    """Verify: does the solution work, and what does one see?"""

    _name = "ops.problem.verify.wizard"
    _description = "Verify a Solution"
    _inherit = ["ops.problem.wizard.mixin"]

    effective = fields.Selection([("yes", "Effective"), ("no", "Not Effective")], string="Result", required=True)
    comment = fields.Text()
    resolution = fields.Text(string="What Was Achieved", compute="_compute_resolution")

    @api.depends("res_ids")
    def _compute_resolution(self):
        for wizard in self:
            problems = wizard._problems()
            wizard.resolution = problems.resolution if len(problems) == 1 else False

    def action_confirm(self):
        """File the verification sheet."""
        self.ensure_one()
        return self._done(self._problems().action_verify(self.effective == "yes", self.comment))
