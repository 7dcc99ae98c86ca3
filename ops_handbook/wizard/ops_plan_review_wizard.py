from odoo import api, fields, models


class OpsPlanReviewWizard(models.TransientModel):
    """Whom to ask for a review sheet; the action that it calls decides whether the user may."""

    _name = "ops.plan.review.wizard"
    _description = "Ask for Reviews"

    plan_ids = fields.Many2many("ops.plan", "ops_plan_review_wizard_plan_rel", string="Plans", required=True, readonly=True)
    reviewer_ids = fields.Many2many(
        "res.users", "ops_plan_review_wizard_user_rel", string="Reviewers", compute="_compute_reviewer_ids", store=True,
        readonly=False, precompute=True, compute_sudo=False, domain="[('share', '=', False)]",
        help="Whoever begins the review writes a sheet for the GM office. Nobody is asked about a plan of their own.",
    )

    @api.depends("plan_ids")
    def _compute_reviewer_ids(self):
        for wizard in self:
            plans = wizard.plan_ids._origin._filtered_access("read")
            wizard.reviewer_ids = plans._default_reviewers() if plans else False

    def action_confirm(self):
        """Begin the review of the plans that wait for it; ask on those that are in review already."""
        self.ensure_one()
        plans, ids = self.plan_ids, self.reviewer_ids.ids
        in_review = plans.filtered(lambda plan: plan.state == "review")
        if plans - in_review:
            (plans - in_review).action_start_review(ids)
        if in_review:
            in_review.action_ask_reviewers(ids)
        return {"type": "ir.actions.act_window_close"}
