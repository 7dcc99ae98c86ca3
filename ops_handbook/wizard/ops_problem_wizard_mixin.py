from odoo import fields, models

from ..tools.ids import some_ids


class OpsProblemWizardMixin(models.AbstractModel):
    """A small dialog about some problem reports; the action that it calls decides whether the user may."""

    _name = "ops.problem.wizard.mixin"
    _description = "Dialog about Problem Reports"

    res_ids = fields.Json(required=True, readonly=True)
    company_id = fields.Many2one("res.company", compute="_compute_about")
    subject = fields.Char(string="Problem", compute="_compute_about")
    description = fields.Text(string="What Happened", compute="_compute_about")

    def _problems(self):
        problems = self.env["ops.problem"].browse(some_ids(self.res_ids)).exists()  # whatever a program sent
        problems.check_access("read")  # the dialog shows its matter
        return problems

    def _compute_about(self):
        for wizard in self:
            problems = wizard._problems()
            wizard.company_id = problems[:1].company_id
            wizard.subject = ", ".join(problems.mapped("display_name"))
            wizard.description = problems.description if len(problems) == 1 else False

    def _done(self, result=None):
        return result if isinstance(result, dict) else {"type": "ir.actions.act_window_close"}
