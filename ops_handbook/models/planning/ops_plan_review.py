from odoo import api, fields, models

CRITERIA = [
    ("strategy", "Fit with the Strategy"), ("resources", "Feasibility of Resources"), ("risks", "Coverage of Risks"),
]
VERDICTS = [("pass", "Pass"), ("conditional", "Conditional"), ("fail", "Fail")]


class OpsPlanReview(models.Model):
    """What one reviewer says of one plan, by three criteria; the plan's author answers every comment."""

    _name = "ops.plan.review"
    _description = "Review Sheet"
    _inherit = ["ops.form.mixin"]
    _order = "plan_id desc, id"

    _flow = {
        "draft": {"submitted": {"reviewer"}, "cancelled": {"reviewer", "gm_office"}},
        "submitted": {"draft": {"reviewer"}},
        "cancelled": {},
    }
    _flow_named = {"reviewer": "reviewer_id"}
    _flow_open = {"draft"}
    _flow_closed = {"submitted", "cancelled"}
    _flow_decider = "gm_office"
    _flow_buttons = {"can_submit": "submitted", "can_cancel": "cancelled", "can_take_back": "draft"}
    _flow_protected = {"overruled_by_id", "overruled_on", "overrule_reason"}
    _form_standards = ("V1",)
    _form_decision_code = None

    plan_id = fields.Many2one("ops.plan", required=True, index=True, ondelete="cascade")
    reviewer_id = fields.Many2one("res.users", required=True, index=True, ondelete="restrict")
    line_ids = fields.One2many("ops.plan.review.line", "review_id", string="Criteria")
    overruled_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict", index="btree_not_null")
    overruled_on = fields.Datetime(readonly=True, copy=False)
    overrule_reason = fields.Text(readonly=True, copy=False)
    can_take_back = fields.Boolean(compute="_compute_can")

    _once = models.UniqueIndex(
        "(plan_id, reviewer_id) WHERE state != 'cancelled'", "Reviewer: they have a sheet for this plan already. Open that one."
    )

    @api.model
    def _selection_state(self):
        return [
            ("draft", self.env._("Asked")),
            ("submitted", self.env._("Given")),
            ("cancelled", self.env._("Cancelled")),
        ]


class OpsPlanReviewLine(models.Model):
    """One criterion of a review sheet and what the author says to it."""

    _name = "ops.plan.review.line"
    _description = "Criterion of a Review"
    _inherit = ["ops.form.line.mixin"]
    _order = "review_id, id"

    _form_field = "review_id"

    review_id = fields.Many2one("ops.plan.review", required=True, index=True, ondelete="cascade")
    plan_id = fields.Many2one(related="review_id.plan_id", store=True, precompute=True, index=True)
    company_id = fields.Many2one(related="review_id.company_id", store=True, precompute=True, index=True)
    criterion = fields.Selection(CRITERIA, required=True, readonly=True)
    verdict = fields.Selection(VERDICTS)
    comment = fields.Text()
    answer = fields.Selection([("adopted", "Adopted"), ("not_adopted", "Not Adopted")], readonly=True, copy=False)
    answer_text = fields.Text(readonly=True, copy=False, help="What was changed, or why not.")
    answered_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict", index="btree_not_null")
    answered_on = fields.Datetime(readonly=True, copy=False)

    _once = models.UniqueIndex("(review_id, criterion)")
