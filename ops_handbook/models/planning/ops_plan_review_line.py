from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ...tools import clock
from ...tools.words import typed

CRITERIA = [
    ("strategy", "Fit with the Strategy"), ("resources", "Feasibility of Resources"), ("risks", "Coverage of Risks"),
]
VERDICTS = [("pass", "Pass"), ("conditional", "Conditional"), ("fail", "Fail")]
ANSWERS = [("adopted", "Adopted"), ("not_adopted", "Not Adopted")]
NEEDS_COMMENT = ("conditional", "fail")
ANSWERING = {"head", "writer"}  # roles on the plan: whose plan it is
ANSWERED_IN = ("review", "returned")  # states of the plan in which its comments are answered
ANSWER = {"answer", "answer_text", "answered_by_id", "answered_on"}


class OpsPlanReviewLine(models.Model):
    """One criterion of a review sheet and what the author says to it."""

    _name = "ops.plan.review.line"
    _description = "Criterion of a Review"
    _inherit = ["ops.form.line.mixin"]
    _order = "review_id.id, id"
    _rec_name = "criterion"

    _form_field = "review_id"

    review_id = fields.Many2one("ops.plan.review", required=True, index=True, ondelete="cascade", readonly=True)
    plan_id = fields.Many2one(related="review_id.plan_id", store=True, precompute=True, index=True)
    company_id = fields.Many2one(related="review_id.company_id", store=True, precompute=True, index=True)
    reviewer_id = fields.Many2one(related="review_id.reviewer_id")
    review_state = fields.Selection(related="review_id.state", string="State of the Sheet")
    overruled_on = fields.Datetime(related="review_id.overruled_on")
    criterion = fields.Selection(CRITERIA, required=True, readonly=True)
    verdict = fields.Selection(VERDICTS)
    comment = fields.Text(help="What has to become different, and why.")
    answer = fields.Selection(ANSWERS, readonly=True, copy=False)
    answer_text = fields.Text(readonly=True, copy=False, help="What was changed, or why not.")
    answered_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict", index="btree_not_null")
    answered_on = fields.Datetime(readonly=True, copy=False)
    can_answer = fields.Boolean(compute="_compute_can_answer", help="The current user answers for the plan.")

    _once = models.UniqueIndex("(review_id, criterion)")

    @api.depends("criterion", "review_id.reviewer_id.name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = dict(self._fields["criterion"]._description_selection(self.env))
        for line in self:
            parts = (labels.get(line.criterion), line.sudo().reviewer_id.name)  # sudo: who says it
            line.display_name = " – ".join(filter(None, parts))

    @api.depends("comment", "review_id.state", "plan_id.state")
    @api.depends_context("uid")
    def _compute_can_answer(self):
        answerable = self._answerable()
        for line in self:
            line.can_answer = bool(line.comment) and line in answerable

    # -- the reviewer's part ---------------------------------------------------------------------------------------------

    def write(self, vals):
        if self.env.su or not vals:
            return super().write(vals)
        if refused := set(vals) - {"verdict", "comment"}:
            labels = sorted(self._fields[name]._description_string(self.env) for name in refused if name in self._fields)
            raise ValidationError(self.env._(
                "%(fields)s: a reviewer writes verdicts and comments only; the author answers by the button “Answer”.",
                fields=", ".join(labels),
            ))
        self.review_id._refuse_authors()
        before = {line.id: (line.verdict, line.comment) for line in self}
        result = super().write(vals)
        changed = self.filtered(lambda line: (line.verdict, line.comment) != before[line.id])
        changed._forget_answers()
        return result

    def _forget_answers(self):
        """What was answered, or overruled, was said of another verdict: it is forgotten with it."""
        lines_sudo = self.sudo()  # sudo: the answers are the author's
        lines_sudo.filtered("answer").write(dict.fromkeys(ANSWER, False))
        lines_sudo.review_id._forget_overruling()

    # -- the author's part -----------------------------------------------------------------------------------------------

    def _answerable(self):
        """Return the lines of given sheets whose plan the current user answers for, now."""
        plans_sudo = self.sudo().plan_id  # sudo: the decision needs state and roles of the plan only
        roles = plans_sudo.with_env(self.env)._flow_roles()
        own = plans_sudo.filtered(lambda plan: plan.state in ANSWERED_IN and roles[plan.id] & ANSWERING)
        return self.filtered(lambda line: line.sudo().plan_id in own and line.sudo().review_id.state == "submitted")

    def action_answer(self, answer=None, text=None):
        """Answer these comments for the plan; without an answer: the dialog that asks for one.

        :param str answer: ``adopted``, or ``not_adopted``, which asks why
        :param str text: what was changed, or why not
        """
        self.check_access("read")
        if answer is None:
            return self._ask_answer()
        text = typed(text)
        self._check_answer(answer, text)
        self.review_id._transition_lock()
        # sudo: an answer is the author's, the sheet the reviewer's
        self.sudo().write({
            "answer": answer, "answer_text": text or False, "answered_by_id": self.env.uid, "answered_on": clock.now(),
        })
        self.sudo().review_id._notify_answered()
        return True

    def _check_answer(self, answer, text):
        if not isinstance(answer, str) or answer not in dict(ANSWERS):
            raise ValidationError(self.env._("Answer: choose “Adopted” or “Not Adopted”."))
        if self.filtered(lambda line: not line.comment):
            raise UserError(self.env._("There is no comment to answer: this criterion passed without one."))
        if self._answerable() != self:
            raise AccessError(self.env._(
                "You may not answer this now: comments of a given sheet are answered by whoever answers for the plan, while it "
                "is in review or returned."
            ))
        if answer == "not_adopted" and not text:
            raise UserError(self.env._("Text: say why the comment is not adopted."))

    def _ask_answer(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": "ops.plan.answer.wizard",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "name": self.env._("Answer a Comment"),
            "context": {"default_line_ids": self.ids},
        }
