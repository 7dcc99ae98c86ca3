from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL

from ...tools import clock, token
from ...tools.progress import months_to, planned_share
from ...tools.recurrence import period_bounds
from .ops_progress_report import HANDED_IN

FIELDS_OF = {
    "ops.plan.goal": ["plan_id", "sequence", "name", "kpi_id"],
    "ops.plan.initiative": ["plan_id", "sequence", "name", "date_start", "date_end", "progress", "progress_period"],
}


class OpsProgressReport(models.Model):
    """Filling reports in: from the breakdown, the actual figures, the month before and what is known of the tasks.

    Many at once in the same few statements. What somebody has typed stays: it differs from what was filled in before.
    """

    _inherit = "ops.progress.report"

    def _prefill(self):
        """Bring the lines of these reports (superuser) up to date with plan and figures; what was typed stays.

        Reports that were handed in are left alone.
        """
        reports = self.filtered(lambda report: report.state in report._flow_open)
        if not reports:
            return
        lines = self.env["ops.progress.report.line"]
        known = {
            (line.report_id.id, line.kind, (line.goal_id or line.initiative_id).id): line
            for line in lines.search_fetch([("report_id", "in", reports.ids)], ["report_id", "kind", *lines._filled_names()])
        }
        wanted = reports._prefill_rows()
        # what a returned report said of a goal by its former indicator is said no more
        unsaid = {
            (line.kpi_id.id, line.department_id.id, line.period) for key, line in known.items()
            if key in wanted and line.kpi_id and line.kpi_id.id != wanted[key]["kpi_id"]
        }
        lines._take_out([line for key, line in known.items() if key not in wanted])
        for key, line in known.items():
            if key in wanted:
                line._fill_in(wanted[key])
        lines._make([row for key, row in wanted.items() if key not in known])
        reports._take_back(unsaid)
        token.marked(reports).write({"prefilled_on": clock.now()})

    def _prefill_rows(self):
        """Return the values of all lines that these reports should have: dict (report id, kind, id) → values."""
        planned, before, facts = self._planned(), self._before(), self._prefill_facts(self)
        goals, initiatives = self._by_plan("ops.plan.goal"), self._by_plan("ops.plan.initiative")
        actuals = self._actuals_to_date([goal for group in goals.values() for goal in group]), self._reported_before()
        rows = {}
        for report in self:
            shared = {"report_id": report.id, "thresholds": report.company_id._ops_progress_thresholds()}
            for goal in goals.get(report.plan_id.id, ()):
                key = (report.id, "goal", goal.id)
                rows[key] = self._goal_row(report, goal, planned.get(key), before.get(key), actuals) | shared
            for initiative in initiatives.get(report.plan_id.id, ()):
                key = (report.id, "initiative", initiative.id)
                if report._runs(initiative):
                    known = facts.get((report.id, initiative.id), {})
                    rows[key] = self._initiative_row(report, initiative, planned.get(key), before.get(key), known) | shared
        return rows

    @api.model
    def _prefill_facts(self, reports):
        """Return what is known of the initiatives besides the plan: dict (report id, initiative id) → dict.

        Hook for the layers above, called once for many reports. Keys of the dict: ``progress`` (percent done of the whole),
        ``cause`` (text).
        """
        return {}

    # -- what is asked, each in one statement ----------------------------------------------------------------------------

    def _by_plan(self, model):
        """Return the goals that have an indicator, or the initiatives, of the plans: dict plan id → list."""
        leaves = [("plan_id", "in", self.plan_id.ids)]
        if model == "ops.plan.goal":
            leaves.append(("kpi_id", "!=", False))
        found = defaultdict(list)
        for part in self.env[model].search_fetch(leaves, FIELDS_OF[model], order="plan_id, sequence, id"):
            found[part.plan_id.id].append(part)
        return found

    def _planned(self):
        """Return what the breakdown says: dict (report id, kind, id) → (of the month, sum to date, level to date)."""
        self.env["ops.plan.target"].flush_model()
        self.flush_recordset(["plan_id", "period"])
        found = self.env.execute_query(SQL(
            """
            SELECT report.id, target.goal_id, target.initiative_id,
                   COALESCE(sum(target.value) FILTER (WHERE target.month = report.period), 0),
                   COALESCE(sum(target.value) FILTER (WHERE target.month <= report.period), 0),
                   (array_agg(target.value ORDER BY target.month DESC) FILTER (WHERE target.month <= report.period))[1]
              FROM ops_progress_report report
              JOIN ops_plan_target target ON target.plan_id = report.plan_id
             WHERE report.id IN %s
             GROUP BY report.id, target.goal_id, target.initiative_id
            """, tuple(self.ids),
        ))
        return {
            (report, "goal" if goal else "initiative", goal or initiative): tuple(map(_number, values))
            for report, goal, initiative, *values in found
        }

    def _before(self):
        """Return the lines of the last report before: dict (report id, kind, id) → dict ``id``, ``progress``."""
        self.env["ops.progress.report.line"].flush_model()
        self.flush_model()
        found = self.env.execute_query_dict(SQL(
            """
            SELECT report.id AS report, line.kind, COALESCE(line.goal_id, line.initiative_id) AS part,
                   line.id, line.progress
              FROM ops_progress_report report
              JOIN LATERAL (
                   SELECT id FROM ops_progress_report older
                    WHERE older.plan_id = report.plan_id AND older.period < report.period AND older.state IN %s
                    ORDER BY older.period DESC LIMIT 1
                   ) older ON TRUE
              JOIN ops_progress_report_line line ON line.report_id = older.id
             WHERE report.id IN %s
            """, HANDED_IN, tuple(self.ids),
        ))
        return {(row["report"], row["kind"], row["part"]): row for row in found}

    def _actuals_to_date(self, goals):
        """Return the actual figures of the year so far: dict (kpi id, department id, month) → value."""
        kpis = self.env["ops.kpi"].browse({goal.kpi_id.id for goal in goals})
        months = {month for report in self for month in months_to(report.period)}
        if not kpis:
            return {}
        return self.env["ops.kpi.value"]._actuals(kpis, self.department_id, sorted(months))

    def _reported_before(self):
        """Return what earlier reports said of the goals: dict (goal id, kpi id, month) → value.

        It counts where no actual figure is known: the plan was another department's then.
        """
        return {
            (goal, kpi, month): _number(actual)
            for goal, kpi, month, actual in self.env.execute_query(SQL(
                """
                SELECT line.goal_id, line.kpi_id, line.period, line.actual
                  FROM ops_progress_report_line line
                  JOIN ops_progress_report report ON report.id = line.report_id
                 WHERE report.plan_id IN %s AND report.period < %s AND report.state IN %s AND line.goal_id IS NOT NULL
                """, tuple(self.plan_id.ids), max(self.mapped("period")), HANDED_IN,
            ))
        }

    # -- a line ----------------------------------------------------------------------------------------------------------

    @api.model
    def _goal_row(self, report, goal, planned, before, actuals):
        """Return the values of a goal's line, as far as they are filled in."""
        kpi, (*earlier, month), (figures, told) = goal.kpi_id, months_to(report.period), actuals
        whose = (kpi.id, report.department_id.id)
        known = figures.get((*whose, month))
        sums = [
            _number(figures.get((*whose, item), told.get((goal.id, kpi.id, item)))) for item in earlier if kpi.is_additive
        ]
        of_month, total, level = planned or (0.0, 0.0, 0.0)
        return {
            "goal_id": goal.id,
            "initiative_id": False,
            "kpi_id": kpi.id,
            "sequence": goal.sequence,
            "name": goal.name,
            "additive": kpi.is_additive,
            "better": kpi.better,
            "has_target": bool(planned),
            "target": of_month,
            "target_to_date": total if kpi.is_additive else level,
            "actual_before": sum(sums),
            "actual": _number(known),
            "is_zero": known == 0,
            "cause": False,
            "previous_id": before["id"] if before else False,
        }

    @api.model
    def _initiative_row(self, report, initiative, planned, before, facts):
        """Return the values of an initiative's line, as far as they are filled in."""
        total = planned[1] if planned else planned_share(
            initiative.date_start, initiative.date_end, period_bounds(report.period)[1]
        )
        progress = facts.get("progress", before["progress"] if before else 0.0)
        return {
            "goal_id": False,
            "initiative_id": initiative.id,
            "kpi_id": False,
            "sequence": 1000 + initiative.sequence,
            "name": initiative.name,
            "additive": None,
            "better": "higher",
            "has_target": total is not None,
            "target": planned[0] if planned else 0.0,
            "target_to_date": min(total or 0.0, 100.0),
            "actual_before": 0.0,
            "actual": min(max(progress or 0.0, 0.0), 100.0),
            "is_zero": False,
            "cause": facts.get("cause") or False,
            "previous_id": before["id"] if before else False,
        }

    def _runs(self, initiative):
        """Tell whether an initiative runs in the month of this report: it has begun, and was not finished before."""
        _first, last = period_bounds(self.period)
        if initiative.date_start and initiative.date_start > last:
            return False
        finished = initiative.progress >= 100 and (initiative.progress_period or self.period) < self.period
        return not finished


def _number(value):
    return float(value or 0)
