from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools import clock
from ...tools.ids import one_id
from ...tools.recurrence import period_bounds, period_trigger
from ...tools.words import month_in_words, quarter_in_words


class OpsProgressAnalysis(models.Model):
    """What the GM office says of all departments' progress: of a month, or of a quarter for its review.

    Lights, deviations, causes and who has not reported are compiled; once published everything stays as it was then.
    """

    _name = "ops.progress.analysis"
    _description = "Analysis of Progress"
    _inherit = ["ops.analysis.mixin"]
    _order = "period desc, id desc"
    _rec_names_search = ["number", "period"]
    _search_fields = {"body": "C"}

    _flow = {
        "draft": {"published": {"gm_office"}, "cancelled": {"gm_office"}},
        "published": {},
        "cancelled": {},
    }
    _flow_decider = "gm_office"
    _analysis_role = "gm_office"
    _analysis_kept = ("cycle_id", "period")
    _analysis_told = ("general_manager",)
    _analysis_mail = "ops_handbook.ops_progress_analysis_mail_published"

    name = fields.Char(string="Subject", compute="_compute_name")
    cycle_id = fields.Many2one(
        "ops.cycle", required=True, index=True, ondelete="restrict", default=lambda self: self._default_cycle()
    )
    period = fields.Char(required=True, index=True, help="A month like 2027-03 or a quarter like 2027-Q1.")
    is_quarter = fields.Boolean(compute="_compute_is_quarter")
    heat_map = fields.Json(readonly=True, copy=False, help="Departments by the months of the year so far, as compiled.")
    line_ids = fields.One2many("ops.progress.analysis.line", "analysis_id", string="Departments")
    is_stale = fields.Boolean(
        string="Newer Reports", compute="_compute_is_stale",
        help="Since it was compiled reports were handed in or came back, or were not there when they were due.",
    )

    # what it comes to
    department_count = fields.Integer(compute="_compute_totals")
    reported_count = fields.Integer(string="Reports Handed in", compute="_compute_totals")
    missing_count = fields.Integer(string="Reports Missing", compute="_compute_totals")
    late_count = fields.Integer(string="Handed in Late", compute="_compute_totals")
    green_count = fields.Integer(string="Green", compute="_compute_totals")
    amber_count = fields.Integer(string="Amber", compute="_compute_totals")
    red_count = fields.Integer(string="Red", compute="_compute_totals")
    attainment = fields.Float(string="Plan Attained (%)", compute="_compute_totals", digits=(6, 2))

    _once = models.UniqueIndex(
        "(cycle_id, period) WHERE state != 'cancelled'", "Period: there is an analysis of it already. Open that one."
    )

    @api.model
    def _default_cycle(self):
        company = self.env.company
        return self.env["ops.cycle"]._cycle_of(company, clock.today(company._ops_tz()).year)

    # -- computes ------------------------------------------------------------------------------------------------------

    @api.depends("period")
    @api.depends_context("lang")
    def _compute_name(self):
        for analysis in self:
            period = analysis._period_in_words()
            analysis.name = self.env._("Progress in %(period)s", period=period) if period else False

    @api.depends("period")
    def _compute_is_quarter(self):
        for analysis in self:
            analysis.is_quarter = self._kind_of(analysis.period) == "quarterly"

    def _period_in_words(self):
        kind = self._kind_of(self.period)
        if not kind:
            return self.period or ""
        in_words = month_in_words if kind == "monthly" else quarter_in_words
        return in_words(period_bounds(self.period)[0], self.env.lang or "en_US")

    @api.depends("line_ids.is_reported", "line_ids.result", "line_ids.light", "line_ids.attainment", "line_ids.department_id")
    def _compute_totals(self):
        for analysis in self:
            lines = analysis.line_ids
            reported = lines.filtered("is_reported")
            analysis.department_count = len(lines.department_id)
            analysis.reported_count = len(reported)
            analysis.missing_count = len((lines - reported).filtered(lambda line: line.result in ("overdue", "missed")))
            analysis.late_count = len(reported.filtered(lambda line: line.result in ("late", "missed")))
            for name in ("green_count", "amber_count", "red_count"):
                analysis[name] = sum(lines.mapped(name))
            values = reported.filtered("light").mapped("attainment")  # where nothing was planned there is nothing to attain
            analysis.attainment = sum(values) / len(values) if values else 0.0

    @api.depends("compiled_on", "period", "state")
    def _compute_is_stale(self):
        stale = self._origin._filtered_stale()
        for analysis in self:
            analysis.is_stale = analysis._origin in stale

    @api.model
    def _kind_of(self, period):
        """Return ``monthly`` or ``quarterly``; None for what is no such period."""
        try:
            kind = period_trigger(period or "")
        except (TypeError, ValueError):
            return None
        return kind if kind in ("monthly", "quarterly") else None

    def _months(self):
        """Return the months of which this analysis speaks."""
        first, _last = period_bounds(self.period)
        count = 1 if self._kind_of(self.period) == "monthly" else 3
        return [f"{first.year:04}-{first.month + offset:02}" for offset in range(count)]

    # -- creation ------------------------------------------------------------------------------------------------------

    def _prepare_create(self, vals_list):
        # sudo: an analysis is of the company of its cycle; whoever may create one is checked by the rules
        cycles_sudo = self.env["ops.cycle"].sudo()
        for vals in vals_list:
            cycle = vals.get("cycle_id") or self.env.context.get("default_cycle_id") or self._default_cycle().id
            found = cycles_sudo.browse(one_id(cycle)).exists()
            if not found:
                raise ValidationError(self.env._("Annual cycle: choose the one whose progress is analysed."))
            vals.update(cycle_id=found.id, company_id=found.company_id.id)
        super()._prepare_create(vals_list)

    @api.constrains("period", "cycle_id")
    def _check_period(self):
        for analysis in self:
            if not self._kind_of(analysis.period):
                raise ValidationError(self.env._("Period: write a month like 2027-03 or a quarter like 2027-Q1."))
            year = analysis.cycle_id.sudo().year  # sudo: the year of a cycle is no secret
            if int(analysis.period[:4]) != year:
                raise ValidationError(self.env._("Period: the cycle is of %(year)s. Choose a period of that year.", year=year))

    # -- actions -------------------------------------------------------------------------------------------------------

    def action_open_reports(self):
        """Open the progress reports of the period."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "ops.progress.report",
            "views": [(False, "list"), (False, "kanban"), (False, "form")],
            "mobile_view_mode": "kanban",
            "name": self.env._("Progress Reports"),
            "domain": [("cycle_id", "=", self.cycle_id.id), ("period", "in", self._months())],
        }
