from odoo import api, fields, models
from odoo.tools import SQL

from ..planning.ops_progress_report_line import LIGHTS


class OpsMonthAnalysisLine(models.Model):
    """One department in the analysis of a month, as it stood when it was compiled: nothing of it changes afterwards."""

    _name = "ops.month.analysis.line"
    _description = "Department in the Analysis of a Month"
    _inherit = ["ops.analysis.line.mixin"]
    _order = "analysis_id, department_name, id"

    analysis_id = fields.Many2one("ops.month.analysis", required=True, readonly=True, index=True, ondelete="cascade")
    analysis_state = fields.Selection(related="analysis_id.state", string="State of the Analysis")
    company_id = fields.Many2one(related="analysis_id.company_id", store=True, precompute=True, index=True)
    period = fields.Char(related="analysis_id.period", string="Month", store=True, precompute=True, index=True)
    month_plan_id = fields.Many2one("ops.month.plan", readonly=True, index="btree_not_null", ondelete="set null")
    completion_id = fields.Many2one("ops.completion.report", readonly=True, index="btree_not_null", ondelete="set null")
    is_final = fields.Boolean(string="Final", readonly=True, help="The rulings of its report stand.")

    task_count = fields.Integer(string="Tasks", readonly=True)
    done_count = fields.Integer(string="Done", readonly=True)
    running_count = fields.Integer(string="Running", readonly=True)
    unfinished_count = fields.Integer(string="Unfinished", readonly=True)
    objective_count = fields.Integer(string="Objective", readonly=True)
    subjective_count = fields.Integer(string="Subjective", readonly=True)
    repeat_count = fields.Integer(
        string="Repeated Causes", readonly=True, help="Unfinished tasks whose cause the department had in the three months before."
    )
    weight = fields.Float(digits=(10, 2), readonly=True, help="Of all its tasks.")
    completion = fields.Float(
        string="Completion (%)", digits=(6, 1), readonly=True, aggregator="avg", help="Done of what was due, by weight."
    )
    completion_by_count = fields.Float(
        string="Completion by Number (%)", digits=(6, 1), readonly=True, aggregator="avg", help="Done of what was due, each task alike."
    )
    light = fields.Selection(LIGHTS, readonly=True, help="Completion by the thresholds of the company.")
    routine_share = fields.Float(string="Routine (%)", digits=(6, 1), readonly=True, aggregator="avg", help="By weight.")
    routine_limit = fields.Float(string="Routine up to (%)", digits=(6, 1), readonly=True, aggregator=None)
    routine_is_high = fields.Boolean(string="Much Routine", readonly=True)
    facts = fields.Json(readonly=True, help="Of each unfinished task: name, cause, ruling, explanation, months before.")
    causes = fields.Text(compute="_compute_causes", help="Task, ruling, cause and explanation of what was not finished.")

    _once = models.UniqueIndex("(analysis_id, department_id)")
    _trend_idx = models.Index("(department_id, period)")

    # -- in words ------------------------------------------------------------------------------------------------------

    @api.depends("facts")
    @api.depends_context("lang")
    def _compute_causes(self):
        """Say each cause in the language of the reader; what the department explained stays in its own words."""
        for line in self:
            line.causes = "\n".join(self._cause_in_words(fact) for fact in line.facts or ()) or False

    @api.model
    def _cause_in_words(self, fact):
        """Return one unfinished task and its cause as a line of text.

        :param dict fact: ``task``, ``ruled``, ``proposed``, ``kind``, ``explanation``, ``before`` (months)
        """
        lines = self.env["ops.completion.report.line"]
        kind = dict(lines._fields["cause_kind"]._description_selection(self.env)).get(fact.get("kind"))
        ruled = dict(lines._fields["cause_ruled"]._description_selection(self.env)).get(fact.get("ruled"))
        if not ruled and (proposed := dict(lines._fields["cause_proposed"]._description_selection(self.env)).get(fact.get("proposed"))):
            ruled = self.env._("%(cause)s (proposed)", cause=proposed)
        if fact.get("before") and kind:
            kind = self.env._("%(cause)s (again, as in %(months)s)", cause=kind, months=", ".join(fact["before"]))
        said = " – ".join(filter(None, [ruled, kind, (fact.get("explanation") or "").strip()]))
        return f"• {fact['task']}: {said}" if said else f"• {fact['task']}"

    # -- actions -------------------------------------------------------------------------------------------------------

    def action_open_report(self):
        """Open the completion report from which the line was compiled, or the month plan where there is none."""
        self.ensure_one()
        self.check_access("read")
        return (self.completion_id or self.month_plan_id)._obligation_open_action()

    def action_open_trend(self):
        """Open what the analyses of the last twelve months said of the department."""
        self.ensure_one()
        self.check_access("read")
        action = self.analysis_id.action_open_trend()
        return {**action, "domain": [*action["domain"], ("department_id", "=", self.department_id.id)]}

    def _read_group_select(self, aggregate_spec, query):
        """Where nothing was due there is no completion to take the mean of."""
        select = super()._read_group_select(aggregate_spec, query)
        if aggregate_spec not in ("completion:avg", "completion_by_count:avg"):
            return select
        return SQL("%s FILTER (WHERE %s IS NOT NULL)", select, self._field_to_sql(self._table, "light", query))
