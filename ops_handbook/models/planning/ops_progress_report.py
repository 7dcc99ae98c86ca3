from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...tools import clock
from ...tools.ids import one_id, some_ids
from ...tools.progress import mean_attainment, worst
from ...tools.recurrence import period_bounds, period_of, period_trigger
from ...tools.words import month_in_words
from .ops_progress_report_line import LIGHTS

RUNNING = ("released", "closed")  # plans on whose progress one reports
HANDED_IN = ("submitted", "accepted", "closed")  # reports whose figures count


class OpsProgressReport(models.Model):
    """Form 3: how a department's plan stands at the end of a month (A6)."""

    _name = "ops.progress.report"
    _description = "Progress Report"
    _inherit = ["ops.link.mixin", "ops.form.mixin"]
    _order = "period desc, department_id, id desc"
    _rec_names_search = ["number", "department_id", "period"]
    _search_fields = {"summary": "C", "line_ids.cause": "D", "line_ids.action": "D"}

    _flow_decider = "gm_office"
    _flow_duties = {"submitted": {"decider": {"analysis"}}, "accepted": {"decider": {"analysis"}}}
    _flow_protected = {"prefilled_on"}
    _form_registrars = set()
    _form_rework_role = "head"
    _form_standards = ("A6",)
    _clock_met = {"A6": {"submitted", "returned", "accepted", "closed"}}

    name = fields.Char(string="Subject", compute="_compute_name")
    plan_id = fields.Many2one(
        "ops.plan", required=True, index=True, ondelete="restrict", domain="[('state', '=', 'released')]",
        default=lambda self: self._default_plan(),
    )
    cycle_id = fields.Many2one(related="plan_id.cycle_id", store=True, precompute=True, index=True)
    period = fields.Char(
        string="Month", required=True, index=True, help="Like 2027-03.",
        default=lambda self: period_of(clock.today(self.env.company._ops_tz()), "monthly"),
    )
    quarter = fields.Char(compute="_compute_quarter", store=True, precompute=True, index=True, help="Like 2027-Q1.")
    summary = fields.Text(help="What the month comes to, in a few sentences.")
    line_ids = fields.One2many("ops.progress.report.line", "report_id", string="Goals and Initiatives")
    prefilled_on = fields.Datetime(string="Filled in on", readonly=True, copy=False)
    analysis = fields.Text(string="Analysis of the GM Office", copy=False)

    # what it comes to
    light = fields.Selection(LIGHTS, string="Worst Light", compute="_compute_totals", store=True)
    attainment = fields.Float(
        string="Plan Attained (%)", compute="_compute_totals", store=True, digits=(6, 2), aggregator="avg",
        help="Mean of all lines against the plan to date; what is ahead does not make up for what is behind.",
    )
    green_count = fields.Integer(string="Green", compute="_compute_totals", store=True)
    amber_count = fields.Integer(string="Amber", compute="_compute_totals", store=True)
    red_count = fields.Integer(string="Red", compute="_compute_totals", store=True)
    line_count = fields.Integer(string="Lines", compute="_compute_totals", store=True)

    _once = models.UniqueIndex(
        "(plan_id, period) WHERE state != 'cancelled'", "Month: there is a report of this month already. Open that one."
    )

    @api.model
    def _default_plan(self):
        """Return the running plan of a department of the user, where there is just one."""
        found = self.env["ops.plan"].search([
            ("state", "=", "released"), ("department_id", "in", self.env.user.ops_department_ids.ids),
        ], limit=2)
        return found if len(found) == 1 else found.browse()

    # -- computes ------------------------------------------------------------------------------------------------------

    @api.depends("department_id", "period")
    @api.depends_context("lang")
    def _compute_name(self):
        for report in self:
            # sudo: a department's name is no secret of hr
            department = report.department_id.sudo().name
            report.name = " · ".join(filter(None, [department, report._month_in_words(report.period)])) or False

    @api.depends("number", "name")
    def _compute_display_name(self):
        super()._compute_display_name()

    @api.model
    def _month_in_words(self, period):
        """Return the key of a month in the words of the user's language; what is none stays as it is."""
        try:
            return month_in_words(period_bounds(period)[0], self.env.lang or "en_US")
        except (TypeError, ValueError):
            return period or ""

    @api.depends("period")
    def _compute_quarter(self):
        for report in self:
            report.quarter = self._is_month(report.period) and period_of(period_bounds(report.period)[0], "quarterly")

    @api.depends("plan_id.department_id")
    def _compute_department_id(self):
        """The department of the plan; what was handed in stays with whom it was handed in by."""
        for report in self:
            if not report.department_id or report.state in (False, *self._flow_open):
                # sudo: the plan says whose it is, whoever may read it
                report.department_id = report.plan_id.sudo().department_id

    @api.depends("line_ids.light", "line_ids.attainment")
    def _compute_totals(self):
        for report in self:
            lights = report.line_ids.mapped("light")
            report.light = worst(lights)
            report.attainment = mean_attainment(report.line_ids.filtered("has_target").mapped("attainment"))
            for light, _label in LIGHTS:
                report[f"{light}_count"] = lights.count(light)
            report.line_count = len(lights)

    # -- creation ------------------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        reports = super().create(vals_list)
        # sudo: the lines are the machinery's; whoever may create a report was asked by super()
        reports.sudo()._prefill()
        return reports

    def _prepare_create(self, vals_list):
        # sudo: a report takes company and department from its plan; whoever may create it is checked by the rules
        plans = self.env["ops.plan"].sudo()
        for vals in vals_list:
            if not vals.get("plan_id"):
                vals["plan_id"] = self.env.context.get("default_plan_id") or self._default_plan().id
        known = {plan.id: plan for plan in plans.browse(some_ids([vals["plan_id"] for vals in vals_list])).exists()}
        heads = plans.browse(known).department_id._ops_heads()
        for vals in vals_list:
            plan = known.get(one_id(vals["plan_id"]))
            if not plan:
                raise ValidationError(self.env._("Plan: choose the one that you report on."))
            vals["company_id"], vals["department_id"] = plan.company_id.id, plan.department_id.id
            if self.env.su:
                vals.setdefault("author_id", heads.get(plan.department_id.id, self.env["res.users"]).id)
        super()._prepare_create(vals_list)

    def write(self, vals):
        if not self.env.su and any(self._said_otherwise(vals, ("plan_id", "period", "department_id"))):
            raise ValidationError(self.env._(
                "Plan, month and department of a report stay what they are: delete it and write another one."
            ))
        return super().write(vals)

    @api.model
    def _is_month(self, period):
        try:
            return period_trigger(period or "") == "monthly"
        except (TypeError, ValueError):
            return False

    @api.constrains("period", "plan_id")
    def _check_period(self):
        for report in self:
            if not self._is_month(report.period):
                raise ValidationError(self.env._("Month: write it like 2027-03."))
            plan_sudo = report.plan_id.sudo()  # sudo: state and year of the plan decide, whoever may read them
            if int(report.period[:4]) != plan_sudo.year:
                raise ValidationError(self.env._(
                    "Month: the plan is for %(year)s. Choose a month of that year.", year=plan_sudo.year
                ))
            if plan_sudo.state not in RUNNING:
                raise ValidationError(self.env._("Plan: progress is reported once a plan is released."))
            if period_bounds(report.period)[0] > clock.today(report.company_id._ops_tz()):
                raise ValidationError(self.env._("Month: it has not begun yet. Choose this month or an earlier one."))

    # -- actions -------------------------------------------------------------------------------------------------------

    def action_refresh(self):
        """Fill in anew what nobody has typed: targets, actual figures, the month before, what is known of the tasks."""
        self.check_access("write")
        # sudo: the machinery's figures; the right to write the report was asked just above
        self.sudo()._prefill()
        return True

    def action_open_plan(self):
        """Open the plan on which the report reports."""
        self.ensure_one()
        self.check_access("read")
        return self.plan_id._obligation_open_action()

    def action_open_lines(self):
        """Open the lines of these reports as a list of their own."""
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "ops.progress.report.line",
            "views": [(False, "list"), (False, "kanban"), (False, "pivot"), (False, "graph"), (False, "form")],
            "mobile_view_mode": "kanban",
            "name": self.env._("Goals and Initiatives"),
            "domain": [("report_id", "in", self.ids)],
        }

    @api.model
    def _obligation_defaults(self, obligation):
        plan = self._plan_of(obligation)
        return {
            "company_id": plan.company_id.id, "department_id": plan.department_id.id, "plan_id": plan.id,
            "period": obligation.period,
        }

    @api.model
    def _plan_of(self, obligation):
        """Return the running plan (sudo) of the department and year of an obligation A6; empty when there is none."""
        year = int(obligation.period[:4]) if self._is_month(obligation.period) else 0
        # sudo: which plan it is; whether it may be read is asked when the report is made
        return self.env["ops.plan"].sudo().search([
            ("department_id", "=", obligation.department_id.id), ("year", "=", year), ("state", "in", RUNNING),
        ], limit=1)

    def _obligation_open_action(self, obligation=None):
        """Open the report that an obligation asks for, up to date; where there is none yet it is made now."""
        if self or not obligation:
            return super()._obligation_open_action(obligation)
        # sudo: to be found whoever asks; opening it asks the rules
        plan, found = self._plan_of(obligation), self.sudo().search([
            ("department_id", "=", obligation.department_id.id), ("period", "=", obligation.period),
            ("state", "!=", "cancelled"),
        ], limit=1).with_env(self.env)
        if not found and not plan:
            raise UserError(self.env._(
                "%(department)s has no released plan for %(month)s yet: progress is reported on a released plan.",
                department=obligation.department_id.sudo().name,  # sudo: a department's name is no secret of hr
                month=self._month_in_words(obligation.period),
            ))
        if not found:
            found = self.create(self._obligation_defaults(obligation))
        elif found._filtered_access("write"):
            found.action_refresh()
        return super(OpsProgressReport, found)._obligation_open_action(obligation)
