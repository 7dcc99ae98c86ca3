from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL, float_round

from ...tools import clock, token
from ...tools.progress import light_of
from ...tools.recurrence import shift_period
from .ops_completion_report import HANDED_IN

TREND = 12  # months in the picture of the departments
REPEAT = 3  # months before in which the same cause makes it a repeated one


class OpsMonthAnalysis(models.Model):
    """Compiling: of each department what was done, what was not and why, what repeats, how much was routine, who is missing.

    A handful of statements, whatever the number of departments.
    """

    _inherit = "ops.month.analysis"

    def _compile(self):
        """Replace the lines of these drafts by what the reports say now; remarks of operations stay."""
        # sudo: all departments are compiled, whoever may read which; who may compile was asked by the caller
        for analysis in self.sudo().filtered(lambda analysis: analysis.state in analysis._flow_open):
            lines = analysis.line_ids
            remarks = {line.department_id.id: line.remark for line in lines if line.remark}
            rows = analysis._rows() if analysis._is_month(analysis.period) else []
            token.marked(lines).unlink()
            token.marked(lines).create([{**row, "remark": remarks.get(row["department_id"], False)} for row in rows])
            token.marked(analysis).write({"compiled_on": clock.now(), "heat_map": analysis._heat_map()})

    def _last_months(self):
        """Return the twelve months that end with this one."""
        return [shift_period(self.period, -offset) for offset in reversed(range(TREND))]

    def _rows(self):
        """Return the values of the lines (superuser): of each department with a month plan, or that owed a report."""
        owed = {item.department_id: item for item in self.env["ops.obligation"].search([
            ("code", "=", "M6"), ("company_id", "child_of", self.company_id.id), ("period", "=", self.period),
            ("date_original", "!=", False),  # what the calendar asks for has one: an index finds it
        ])}
        plans = {plan.department_id: plan for plan in self.env["ops.month.plan"].search([
            ("company_id", "child_of", self.company_id.id), ("period", "=", self.period), ("state", "!=", "cancelled"),
        ])}
        reports = {report.department_id: report for report in self.env["ops.completion.report"].search([
            ("company_id", "child_of", self.company_id.id), ("period", "=", self.period), ("state", "in", HANDED_IN),
        ])}
        departments = self.env["hr.department"].union(*owed, *plans)
        month_plans = self.env["ops.month.plan"].union(*plans.values())
        figures, facts = self._figures(reports.values()), self._facts(reports.values())
        planned, heads = self._planned(month_plans), departments._ops_heads()
        return [
            {
                **self._row(
                    department, plans.get(department, month_plans.browse()), reports.get(department), owed.get(department),
                    planned, figures,
                ),
                **facts.get(department.id, {}),
                "head_name": heads[department.id].name or False,
            }
            for department in departments
        ]

    def _row(self, department, plan, report, owed, planned, figures):
        """Return what one line says besides causes; figures of a report that was handed in, otherwise of the tasks so far."""
        company = plan.company_id or department.company_id or self.company_id
        tasks, limit = planned.get(plan.id, _Sums()), company.ops_routine_limit
        sums = figures[report.id] if report else tasks
        result = owed.result if owed else "none"
        if result == "late" and not report:
            result = "overdue"
        share = _percent(tasks.routine, tasks.all)
        row = {
            "analysis_id": self.id, "department_id": department.id, "department_name": department.name,
            "month_plan_id": plan.id, "completion_id": report.id if report else False, "result": result,
            "is_reported": bool(report), "is_final": bool(report) and report.state == "final",
            "task_count": sums.count, "done_count": sums.counts["done"], "running_count": sums.counts["running"],
            "unfinished_count": sums.counts["unfinished"], "weight": sums.all,
            "completion": _percent(sums.weights["done"], sums.due),
            "completion_by_count": _percent(sums.counts["done"], sums.due_count),
            "routine_share": share, "routine_limit": limit, "routine_is_high": share > limit,
        }
        row["light"] = light_of(row["completion"], *company._ops_progress_thresholds()) if report and sums.due else False
        return row

    # -- what is asked, each in one statement ----------------------------------------------------------------------------

    @api.model
    def _planned(self, plans):
        """Return the tasks of month plans as they stand: dict plan id → :class:`_Sums`; what is not done counts as running."""
        found = defaultdict(_Sums)
        for plan, state, is_routine, count, weight in self.env["ops.task"]._read_group(
            [("month_plan_id", "in", plans.ids), ("state", "!=", "cancelled")],
            ["month_plan_id", "state", "is_routine"], ["__count", "weight:sum"],
        ):
            found[plan.id].add(state if state in ("done", "unfinished") else "running", count, weight or 0.0, is_routine)
        return found

    @api.model
    def _figures(self, reports):
        """Return what reports say: dict report id → :class:`_Sums`."""
        found = defaultdict(_Sums)
        for report, result, count, weight in self.env["ops.completion.report.line"]._read_group(
            [("report_id", "in", [report.id for report in reports])], ["report_id", "result"], ["__count", "weight:sum"],
        ):
            found[report.id].add(result, count, weight or 0.0)
        return found

    def _facts(self, reports):
        """Return the causes of what was not finished, and which repeat: dict department id → values of a line."""
        lines = self.env["ops.completion.report.line"].search(
            [("report_id", "in", [report.id for report in reports]), ("result", "=", "unfinished")], order="cause_ruled desc, id"
        )
        before, found = self._causes_before(lines.department_id), defaultdict(list)
        for line in lines:
            found[line.department_id.id].append(line._as_fact(before.get((line.department_id.id, line.cause_kind), ())))
        return {
            department: {
                "facts": facts,
                "objective_count": sum(fact["ruled"] == "objective" for fact in facts),
                "subjective_count": sum(fact["ruled"] == "subjective" for fact in facts),
                "repeat_count": sum(bool(fact["before"]) for fact in facts),
            }
            for department, facts in found.items()
        }

    def _causes_before(self, departments):
        """Return the months of the last three in which departments had a cause: dict (department id, kind) → months."""
        found = defaultdict(list)
        for department, kind, month in self.env["ops.completion.report.line"]._read_group([
            ("department_id", "in", departments.ids), ("result", "=", "unfinished"), ("cause_kind", "!=", False),
            ("report_id.state", "in", HANDED_IN), ("period", ">=", shift_period(self.period, -REPEAT)), ("period", "<", self.period),
        ], ["department_id", "cause_kind", "period"], order="period"):
            found[department.id, kind].append(month)
        return found

    def _heat_map(self):
        """Return the completion of departments in the last twelve months, as JSON can hold it.

        :return: dict ``months`` (list of keys) and ``rows``: dicts ``id``, ``department``, ``cells`` (a dict ``light``,
            ``attainment``, ``report`` for each month, or None)
        """
        if not self._is_month(self.period):
            return False
        months, cells = self._last_months(), {}
        thresholds = self.company_id._ops_progress_thresholds()
        for report, department, month, done, due in self._completion_of(self.line_ids.department_id, months):
            share = _percent(float(done or 0), float(due or 0))
            cells[department, month] = {
                "light": light_of(share, *thresholds) if due else False, "attainment": share if due else 100.0, "report": report,
            }
        return {"months": months, "rows": [
            {
                "id": line.department_id.id, "department": line.department_name,
                "cells": [cells.get((line.department_id.id, month)) for month in months],
            }
            for line in self.line_ids.sorted("department_name")
        ]}

    @api.model
    def _completion_of(self, departments, months):
        """Return what was done of what was due: list of (report id, department id, month, weight done, weight due)."""
        for model in ("ops.completion.report", "ops.completion.report.line"):
            self.env[model].flush_model()
        return self.env.execute_query(SQL(
            """
            SELECT report.id, report.department_id, report.period,
                   sum(line.weight) FILTER (WHERE line.result = 'done'),
                   sum(line.weight) FILTER (WHERE line.result IN ('done', 'unfinished'))
              FROM ops_completion_report report
              JOIN ops_completion_report_line line ON line.report_id = report.id
             WHERE report.department_id = ANY(%s) AND report.period = ANY(%s) AND report.state IN %s
             GROUP BY report.id
            """, departments.ids, months, HANDED_IN,
        ))

    def _latest_reports(self):
        """Return when something last happened to the reports of these months: dict (company id, period) → moment UTC."""
        # sudo: whether there is something newer; the company is the top one
        groups = self.env["ops.completion.report"].sudo()._read_group(
            [("company_id", "child_of", self.company_id.ids), ("period", "in", self.mapped("period"))], ["company_id", "period"],
            ["submitted_on:max", "ruled_on:max", "final_on:max"],
        )
        latest = {}
        for company, period, *moments in groups:
            key = (company.root_id.id, period)
            known = [moment for moment in (*moments, latest.get(key)) if moment]
            latest[key] = max(known) if known else None
        return latest


class _Sums:
    """Numbers and weights of tasks by what became of them."""

    def __init__(self):
        self.counts = dict.fromkeys(("done", "running", "unfinished"), 0)
        self.weights = dict.fromkeys(("done", "running", "unfinished"), 0.0)
        self.routine = 0.0

    def add(self, result, count, weight, is_routine=False):
        self.counts[result] += count
        self.weights[result] += weight
        self.routine += weight if is_routine else 0.0

    @property
    def count(self):
        return sum(self.counts.values())

    @property
    def all(self):
        return sum(self.weights.values())

    @property
    def due(self):
        """Weight of what had to be done: what is still running counts next month."""
        return self.weights["done"] + self.weights["unfinished"]

    @property
    def due_count(self):
        return self.counts["done"] + self.counts["unfinished"]


def _percent(part, whole):
    return float_round(100.0 * part / whole, precision_digits=1) if whole else 0.0
