from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...tools import clock
from ...tools.ids import one_id, some_ids
from ...tools.recurrence import period_bounds
from ...tools.words import month_in_words

WRITES = {"author", "head"}
HANDED_IN = ("submitted", "ruled", "objected", "final")  # what such a report says of a task counts
DECIDING = ("submitted", "objected")  # states in which the deciding office is asked


class OpsCompletionReport(models.Model):
    """Form 7: what became of a department's tasks of a month (M6); unfinished ones are ruled on by operations."""

    _name = "ops.completion.report"
    _description = "Completion Report"
    _inherit = ["ops.link.mixin", "ops.form.mixin"]
    _order = "period desc, department_id, id desc"
    _rec_names_search = ["number", "department_id", "period"]
    _search_fields = {"summary": "C", "line_ids.explanation": "D"}

    _flow = {
        "draft": {"submitted": WRITES, "cancelled": WRITES},
        "returned": {"submitted": WRITES, "cancelled": WRITES},
        # ruled: the department agrees, or objects until `objection_until`; final when it does neither, or after the second ruling
        "submitted": {"returned": {"decider"}, "ruled": {"decider"}, "cancelled": WRITES},
        "ruled": {"objected": WRITES, "final": WRITES},
        "objected": {"final": {"decider"}},
        "final": {},
        "cancelled": {},
    }
    _flow_reason = {"returned", "cancelled"}
    _flow_closed = {"final", "cancelled"}
    _flow_handed_in = set(DECIDING)
    _flow_buttons = {
        "can_submit": "submitted", "can_return": "returned", "can_rule": "ruled", "can_accept": "ruled", "can_object": "objected",
        "can_agree": "final", "can_decide": "final", "can_cancel": "cancelled",
    }
    _flow_protected = {"period", "due_day", "ruled_on", "objection_until", "final_on"}
    _form_registrars = set()
    _form_rework_role = "head"
    _form_standards = ("M6",)
    _clock_met = {"M6": {"submitted", "returned", "ruled", "objected", "final"}}

    month_plan_id = fields.Many2one(
        "ops.month.plan", required=True, index=True, ondelete="restrict", domain="[('state', '=', 'issued')]"
    )
    period = fields.Char(string="Month", readonly=True, index=True, help="Like 2027-03.")
    month = fields.Date(related="month_plan_id.month", string="First Day of the Month", store=True, precompute=True, index=True)
    due_day = fields.Date(
        string="Tasks until", readonly=True, copy=False, help="The day on which the report is due: a task that ends later is running."
    )
    summary = fields.Text(help="What matters of this month, in a few words.")
    ruled_on = fields.Datetime(readonly=True, copy=False)
    objection_until = fields.Datetime(readonly=True, copy=False, help="Until then the department may object, once.")
    final_on = fields.Datetime(readonly=True, copy=False)
    line_ids = fields.One2many("ops.completion.report.line", "report_id", string="Tasks")
    can_rule = fields.Boolean(compute="_compute_can")
    can_object = fields.Boolean(compute="_compute_can")
    can_agree = fields.Boolean(compute="_compute_can", help="The current user may say that the department accepts the ruling.")
    can_decide = fields.Boolean(compute="_compute_can", help="The current user answers the objections.")

    _once = models.UniqueIndex(
        "(month_plan_id) WHERE state != 'cancelled'", "Month plan: there is a completion report of it already. Open that one."
    )

    @api.model
    def _selection_state(self):
        return [
            ("draft", self.env._("Draft")),
            ("submitted", self.env._("Submitted")),
            ("returned", self.env._("Returned")),
            ("ruled", self.env._("Ruled")),
            ("objected", self.env._("Objected")),
            ("final", self.env._("Final")),
            ("cancelled", self.env._("Cancelled")),
        ]

    # -- computes -------------------------------------------------------------------------------------------------------

    @api.depends("number", "period", "department_id.name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for report in self:
            # sudo: the name of the department belongs to that of the form
            names = (report.number, report.department_id.sudo().name, report._month_in_words())
            report.display_name = " · ".join(filter(None, names)) or self.env._("New")

    def _month_in_words(self):
        return self.period and month_in_words(period_bounds(self.period)[0], self.env.lang or "en_US")

    @api.depends("month_plan_id")
    def _compute_department_id(self):
        """The department of the plan."""
        for report in self:
            # sudo: the plan says whose it is, whoever may read it
            report.department_id = report.department_id or report.month_plan_id.sudo().department_id

    def _compute_can(self):
        super()._compute_can()
        now = clock.now()
        for report in self:
            in_time = not report.objection_until or now <= report.objection_until
            report.can_object = report.can_object and in_time
            report.can_agree = report.can_agree and report.state == "ruled"
            report.can_decide = report.can_decide and report.state == "objected"
            if report.sudo()._is_past():  # sudo: the state of the plan decides
                report.can_return = report.can_cancel = False

    # -- creation and content -------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        reports = super().create(vals_list)
        # sudo: the lines are the machinery's; whoever may make a report was asked by super()
        reports.sudo()._compile()
        return reports

    def _prepare_create(self, vals_list):
        # sudo: a report takes month and department from its plan; whether that may be read is asked by the link mixin
        plans = self.env["ops.month.plan"].sudo()
        asked = [vals.get("month_plan_id") or self.env.context.get("default_month_plan_id") for vals in vals_list]
        known = {plan.id: plan for plan in plans.browse(some_ids(asked)).exists()}
        heads = plans.browse(known).department_id._ops_heads() if self.env.su else {}
        for vals, plan_id in zip(vals_list, asked, strict=True):
            plan = known.get(one_id(plan_id))
            if not plan:
                raise ValidationError(self.env._("Month plan: choose the one on whose tasks you report."))
            self._check_plan(plan)
            vals.update(
                month_plan_id=plan.id, company_id=plan.company_id.id, department_id=plan.department_id.id, period=plan.period,
            )
            if head := heads.get(plan.department_id.id):
                vals.setdefault("author_id", head.id)
        self.flush_model(["state"])  # one that has just been cancelled stands in nobody's way
        super()._prepare_create(vals_list)

    @api.model
    def _check_plan(self, plan):
        if plan.state not in ("issued", "reported"):
            raise UserError(self.env._(
                "%(plan)s is “%(state)s”: tasks are reported on once operations have issued them.",
                plan=plan.display_name, state=plan._state_label(plan.state),
            ))

    def write(self, vals):
        if not self.env.su and any(self._said_otherwise(vals, ("month_plan_id", "department_id"))):
            raise ValidationError(self.env._("Month plan, Department: they stay what they are; delete the report and make another one."))
        return super().write(vals)

    def _transition_values(self, state):
        values = super()._transition_values(state)
        if state == "ruled":
            values["ruled_on"] = clock.now()
        elif state == "final":
            values["final_on"] = clock.now()
        return values

    # -- the first steps; those of the ruling stand in a file of their own ------------------------------------------------

    def action_compile(self):
        """Compile the lines anew from the tasks; what people typed stays."""
        self.check_access("write")
        # sudo: the lines are the machinery's; the right to write the report was asked just above
        self.sudo()._compile()
        return True
