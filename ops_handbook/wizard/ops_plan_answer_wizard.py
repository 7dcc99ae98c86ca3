from odoo import api, fields, models

from ..models.planning.ops_plan_review_line import ANSWERS


class OpsPlanAnswerWizard(models.TransientModel):
    """What the author says to comments of a review; the action that it calls decides whether the user may."""

    _name = "ops.plan.answer.wizard"
    _description = "Answer a Comment"

    line_ids = fields.Many2many(
        "ops.plan.review.line", "ops_plan_answer_wizard_line_rel", string="Comments", required=True, readonly=True
    )
    about = fields.Char(compute="_compute_about")
    comment = fields.Text(compute="_compute_about")
    answer = fields.Selection(ANSWERS, required=True, default="adopted")
    text = fields.Text(help="What was changed in the plan; when it is not adopted: why not.")

    @api.depends("line_ids")
    def _compute_about(self):
        for wizard in self:
            wizard.about = ", ".join(wizard.line_ids.mapped("display_name"))
            wizard.comment = "\n\n".join(filter(None, wizard.line_ids.mapped("comment")))

    def action_confirm(self):
        """Write the answer down."""
        self.ensure_one()
        self.line_ids.action_answer(self.answer, self.text)
        return {"type": "ir.actions.act_window_close"}
