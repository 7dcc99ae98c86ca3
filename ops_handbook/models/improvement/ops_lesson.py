from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import date_utils

from ...tools import clock, token
from ...tools.moments import at_hour
from ...tools.recurrence import period_bounds
from ...tools.words import month_in_words


class OpsLesson(models.Model):
    """The lessons of a month (I5): what its problems add up to, and which of them everybody should learn from."""

    _name = "ops.lesson"
    _description = "Lessons of the Month"
    _inherit = ["ops.form.mixin"]
    _order = "month desc, id desc"
    _search_fields = {"summary": "C"}

    # operations write and publish; it is a compilation, so nobody else has to decide on it
    _flow = {
        "draft": {"published": {"operations"}, "cancelled": {"operations"}},
        "published": {},
        "cancelled": {},
    }
    _flow_open = {"draft"}
    _flow_closed = {"published", "cancelled"}
    _flow_buttons = {
        "can_publish": "published",
        "can_submit": "published",
        "can_return": "returned",
        "can_accept": "published",
        "can_close": "published",
        "can_cancel": "cancelled",
    }
    _flow_protected = {"compiled_on"}
    _form_standards = ("I5",)
    _clock_met = {"I5": {"published"}}
    _form_decision_code = None

    month = fields.Date(
        required=True, default=lambda self: clock.today(self.env.company._ops_tz()).replace(day=1),
        help="Any day of the month; it becomes the first.",
    )
    period = fields.Char(compute="_compute_period", store=True, index=True)
    name = fields.Char(string="Subject", compute="_compute_name")
    summary = fields.Text(help="What the month shows, in a few sentences.")
    compiled_on = fields.Datetime(readonly=True, copy=False)
    figure_ids = fields.One2many("ops.lesson.figure", "lesson_id", string="Figures", readonly=True)
    line_ids = fields.One2many("ops.lesson.line", "lesson_id", string="Cases")
    problem_count = fields.Integer(compute="_compute_counts")
    case_count = fields.Integer(compute="_compute_counts")
    can_publish = fields.Boolean(compute="_compute_can")

    _month_uniq = models.UniqueIndex(
        "(company_id, period) WHERE state != 'cancelled'", "The lessons of this month exist already."
    )

    @api.model
    def _selection_state(self):
        return [
            ("draft", self.env._("Draft")),
            ("published", self.env._("Published")),
            ("cancelled", self.env._("Cancelled")),
        ]

    @api.depends("month")
    def _compute_period(self):
        for lesson in self:
            lesson.period = lesson.month and f"{lesson.month:%Y-%m}"

    @api.depends("month")
    @api.depends_context("lang")
    def _compute_name(self):
        for lesson in self:
            month = lesson.month and month_in_words(lesson.month, self.env.lang or "en_US")
            lesson.name = self.env._("Lessons of %(month)s", month=month) if month else False

    @api.depends("number", "name")
    def _compute_display_name(self):
        super()._compute_display_name()

    @api.depends("figure_ids.problem_count", "line_ids")
    def _compute_counts(self):
        for lesson in self:
            total = lesson.figure_ids.filtered(lambda figure: figure.kind == "total")
            lesson.problem_count, lesson.case_count = sum(total.mapped("problem_count")), len(lesson.line_ids)

    def _prepare_create(self, vals_list):
        super()._prepare_create(vals_list)
        for vals in vals_list:
            if vals.get("month"):
                vals["month"] = fields.Date.to_date(vals["month"]).replace(day=1)

    def write(self, vals):
        if vals.get("month"):
            vals = {**vals, "month": fields.Date.to_date(vals["month"]).replace(day=1)}
        return super().write(vals)

    # -- actions -----------------------------------------------------------------------------------------------------

    def action_compile(self):
        """Count the month's problems anew; what was counted before is replaced."""
        self.check_access("write")
        self.env["ops.lesson.figure"]._compile(self)
        # sudo: when it was counted is the system's own field; the right to write was asked above
        token.marked(self.sudo()).write({"compiled_on": clock.now()})

    def action_pick(self):
        """Add the month's typical problems as cases: urgent ones, repeats, and what took more than one round."""
        self.check_access("write")
        for lesson in self:
            known = lesson.line_ids.problem_id
            # sudo: operations read all problems of their company; the query is bound to this month of this company
            problems = self.env["ops.problem"].sudo().search(lesson._problem_domain() + [
                ("id", "not in", known.ids), ("state", "!=", "rejected"), "|", "|", ("level", "=", "1"), ("round", ">", 1), ("repeat_of_id", "!=", False),
            ])
            self.env["ops.lesson.line"].create([
                {"lesson_id": lesson.id, **self.env["ops.lesson.line"]._from_problem(problem)} for problem in problems
            ])

    def action_publish(self):
        """Publish: the cases become part of the case library, and nothing changes any more (fulfils I5)."""
        return self._transition("published")

    def action_submit(self):
        """Publish; lessons have no receiver who would decide on them."""
        return self.action_publish()

    def action_accept(self, *decision):
        raise UserError(self.env._("Lessons are published, not accepted."))

    def action_close(self):
        raise UserError(self.env._("Lessons are published, not closed."))

    # -- transitions -------------------------------------------------------------------------------------------------

    def _transition_check(self, state, reason):
        super()._transition_check(state, reason)
        if state == "published":
            for lesson in self.sudo():
                lesson._check_publishable()

    def _check_publishable(self):
        if not self.compiled_on:
            raise UserError(self.env._("%(lesson)s: compile the figures before you publish.", lesson=self.display_name))
        self.line_ids._check_decided()
        self.line_ids._check_nameless()

    def _after_transition(self, previous, reason):
        super()._after_transition(previous, reason)
        for lesson in self.sudo().filtered(lambda lesson: lesson.state == "published"):
            self.env["ops.obligation"]._fulfil_domain(
                "I5", [("company_id", "=", lesson.company_id.id), ("period", "=", lesson.period)], form=lesson
            )

    # -- the month ---------------------------------------------------------------------------------------------------

    def _bounds(self):
        """Return the first moment of the month and of the next one (naive UTC), in the company's time zone."""
        first = self.month.replace(day=1)
        following, tz = date_utils.add(first, months=1), self.company_id._ops_tz()
        return at_hour(first, 0.0, tz), at_hour(following, 0.0, tz)

    def _problem_domain(self):
        begin, end = self._bounds()
        return [
            ("company_id", "=", self.company_id.id), ("submitted_on", ">=", begin), ("submitted_on", "<", end),
            ("state", "not in", ("draft", "returned", "cancelled")),
        ]

    @api.model
    def _obligation_defaults(self, obligation):
        first, _last = period_bounds(obligation.period)
        return {"company_id": obligation.company_id.id, "month": first}

    @api.constrains("month")
    def _check_month(self):
        for lesson in self:
            if lesson.month > clock.today(lesson.company_id._ops_tz()):
                raise ValidationError(self.env._("Month: it has not begun yet. Choose this month or an earlier one."))
