from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools import clock
from ...tools.ids import one_id
from ...tools.recurrence import period_bounds, period_of, period_trigger
from ...tools.words import month_in_words


class OpsMonthAnalysis(models.Model):
    """What operations say of a month: completion by department, causes and which repeat, how much was routine.

    One per month for a company with its branches. Compiled from the completion reports; once published everything stays as
    it was then.
    """

    _name = "ops.month.analysis"
    _description = "Analysis of a Month"
    _inherit = ["ops.analysis.mixin"]
    _order = "period desc, id desc"
    _rec_names_search = ["number", "period"]
    _search_fields = {"body": "C"}

    _flow = {
        "draft": {"published": {"operations"}, "cancelled": {"operations"}},
        "published": {},
        "cancelled": {},
    }
    _analysis_role = "operations"
    _analysis_kept = ("period",)
    _analysis_told = ("gm_office", "general_manager")
    _analysis_mail = "ops_handbook.ops_month_analysis_mail_published"

    name = fields.Char(string="Subject", compute="_compute_name")
    period = fields.Char(string="Month", required=True, index=True, default=lambda self: self._default_period(), help="Like 2027-03.")
    heat_map = fields.Json(readonly=True, copy=False, help="Departments by the last twelve months, as compiled.")
    line_ids = fields.One2many("ops.month.analysis.line", "analysis_id", string="Departments")
    is_stale = fields.Boolean(
        string="Newer Reports", compute="_compute_is_stale", help="Reports were handed in or became final since it was compiled."
    )

    # what it comes to
    department_count = fields.Integer(compute="_compute_totals")
    missing_count = fields.Integer(string="Reports Missing", compute="_compute_totals")
    late_count = fields.Integer(string="Handed in Late", compute="_compute_totals")
    pending_count = fields.Integer(
        string="Not Final Yet", compute="_compute_totals", help="Handed in, but their rulings do not stand yet."
    )
    task_count = fields.Integer(string="Tasks", compute="_compute_totals")
    done_count = fields.Integer(string="Done", compute="_compute_totals")
    running_count = fields.Integer(string="Running", compute="_compute_totals")
    unfinished_count = fields.Integer(string="Unfinished", compute="_compute_totals")
    objective_count = fields.Integer(string="Objective", compute="_compute_totals")
    subjective_count = fields.Integer(string="Subjective", compute="_compute_totals")
    repeat_count = fields.Integer(string="Repeated Causes", compute="_compute_totals")
    routine_high_count = fields.Integer(string="Much Routine", compute="_compute_totals")
    completion = fields.Float(
        string="Completion (%)", compute="_compute_totals", digits=(6, 1), help="Mean of the departments, by weight of their tasks."
    )

    _once = models.UniqueIndex(
        "(company_id, period) WHERE state != 'cancelled'", "Month: there is an analysis of it already. Open that one."
    )

    @api.model
    def _default_period(self):
        return period_of(clock.today(self.env.company._ops_tz()), "monthly")

    # -- computes ------------------------------------------------------------------------------------------------------

    @api.depends("period")
    @api.depends_context("lang")
    def _compute_name(self):
        for analysis in self:
            month = analysis._period_in_words()
            analysis.name = self.env._("Tasks of %(month)s", month=month) if month else False

    def _period_in_words(self):
        if not self._is_month(self.period):
            return self.period or ""
        return month_in_words(period_bounds(self.period)[0], self.env.lang or "en_US")

    @api.depends(
        "line_ids.is_reported", "line_ids.result", "line_ids.completion", "line_ids.light", "line_ids.is_final",
        "line_ids.routine_is_high",
    )
    def _compute_totals(self):
        for analysis in self:
            lines = analysis.line_ids
            reported = lines.filtered("is_reported")
            analysis.department_count = len(lines)
            analysis.missing_count = len((lines - reported).filtered(lambda line: line.result in ("overdue", "missed")))
            analysis.late_count = len(reported.filtered(lambda line: line.result in ("late", "missed")))
            analysis.pending_count = len(reported.filtered(lambda line: not line.is_final))
            analysis.routine_high_count = len(lines.filtered("routine_is_high"))
            for name in (
                "task_count", "done_count", "running_count", "unfinished_count", "objective_count", "subjective_count",
                "repeat_count",
            ):
                analysis[name] = sum(lines.mapped(name))
            values = reported.filtered("light").mapped("completion")  # where nothing was due there is nothing to complete
            analysis.completion = sum(values) / len(values) if values else 0.0

    @api.depends("compiled_on", "period", "state")
    def _compute_is_stale(self):
        """Tell of drafts that something was handed in or became final since: one query for all."""
        drafts = self.filtered(lambda analysis: analysis.state == "draft" and analysis.compiled_on)
        latest = drafts._latest_reports() if drafts else {}
        for analysis in self:
            last = latest.get((analysis.company_id.id, analysis.period)) if analysis in drafts else None
            analysis.is_stale = bool(last) and last > analysis.compiled_on

    @api.model
    def _is_month(self, period):
        try:
            return period_trigger(period or "") == "monthly"
        except (TypeError, ValueError):
            return False

    # -- creation ------------------------------------------------------------------------------------------------------

    def _prepare_create(self, vals_list):
        # sudo: an analysis is of the top company, as the annual cycle is; whoever may write it there is checked by the rules
        companies_sudo = self.env["res.company"].sudo()
        for vals in vals_list:
            company = vals.get("company_id") or self.env.context.get("default_company_id") or self.env.company.id
            found = companies_sudo.browse(one_id(company)).exists()
            if not found:
                raise ValidationError(self.env._("Company: choose the one whose month is analysed."))
            vals["company_id"] = found.root_id.id
        self.flush_model(["state"])  # one that has just been cancelled stands in nobody's way
        super()._prepare_create(vals_list)

    @api.constrains("period")
    def _check_period(self):
        for analysis in self:
            if not self._is_month(analysis.period):
                raise ValidationError(self.env._("Month: write it like 2027-03."))

    # -- actions -------------------------------------------------------------------------------------------------------

    def action_open_reports(self):
        """Open the completion reports of the month."""
        return self._open_of_month("ops.completion.report", self.env._("Completion Reports"))

    def action_open_plans(self):
        """Open the month plans."""
        return self._open_of_month("ops.month.plan", self.env._("Month Plans"))

    def action_open_trend(self):
        """Open the published figures of the last twelve months, by department."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("ops_handbook.ops_month_analysis_line_action")
        months = self._last_months()
        return {
            **action,
            "domain": [("company_id", "=", self.company_id.id), ("period", ">=", months[0]), ("period", "<=", months[-1])],
        }

    def _open_of_month(self, model, name):
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": model,
            "views": [(False, "list"), (False, "kanban"), (False, "form")],
            "mobile_view_mode": "kanban",
            "name": name,
            "domain": [("company_id", "child_of", self.company_id.id), ("period", "=", self.period)],
        }
