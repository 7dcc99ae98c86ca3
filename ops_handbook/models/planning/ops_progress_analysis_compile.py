from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools import clock, token
from ...tools.progress import months_to
from .ops_progress_report import HANDED_IN, RUNNING

TOP = 3  # deviations told of each department
SETTLED = timedelta(minutes=5)  # what was handed in while the job compiled may be saved after it: the next run looks again


class OpsProgressAnalysis(models.Model):
    """Compiling: of each department and month the lights, the largest deviations, the help needed, and who is missing.

    A handful of statements, whatever the number of departments and of analyses.
    """

    _inherit = "ops.progress.analysis"

    @api.model
    def _recompile(self):
        """Compile the drafts anew of which reports or due times say something newer; what people wrote stays (the job)."""
        # sudo: the job serves everybody
        stale = self.sudo().search([("state", "in", list(self._flow_open))])._filtered_stale(SETTLED)
        stale.try_lock_for_update(allow_referencing=True)._compile()  # what somebody publishes just now is left to them

    def _compile(self):
        """Bring the lines of these drafts up to what the reports say now; remarks of the GM office stay."""
        # sudo: all departments are compiled, whoever may read which; who may compile was asked by the caller
        drafts = self.sudo().filtered(lambda analysis: analysis.state in analysis._flow_open)
        if not drafts:
            return
        drafts._put_lines(drafts._rows())
        cells = drafts._heat_cells()
        for analysis in drafts.with_context(tracking_disable=True):  # nothing is tracked here, and followers cost queries
            token.marked(analysis).write({"compiled_on": clock.now(), "heat_map": analysis._heat_map(cells)})

    def _put_lines(self, rows):
        """Write ``rows`` into the lines of these drafts (superuser), add what is new, take out what is there no longer.

        A line stays the same record with its remark, also for somebody who has it open. Where another department took a plan
        over, its line is made anew, and the remark goes with the plan.
        """
        lines, kept, added = self.line_ids, [], []
        known = {(line.analysis_id.id, line.plan_id.id, line.month): line for line in lines}
        for row in rows:
            line = known.get((row["analysis_id"], row["plan_id"], row["month"]), lines.browse())
            if line.department_id.id == row["department_id"]:
                token.marked(line).write({name: value for name, value in row.items() if name != "analysis_id"})
                kept.append(line.id)
            else:
                added.append({**row, "remark": line.remark})
        token.marked(lines - lines.browse(kept)).unlink()
        token.marked(lines).create(added)

    def _rows(self):
        """Return the values of the lines of these analyses (superuser), as things stand now."""
        months = sorted({month for analysis in self for month in analysis._months()})
        plans = self.env["ops.plan"].search([("cycle_id", "in", self.cycle_id.ids), ("state", "in", RUNNING)])
        reports = {
            (report.plan_id.id, report.period): report
            for report in self.env["ops.progress.report"].search([
                ("plan_id", "in", plans.ids), ("period", "in", months), ("state", "!=", "cancelled"),
            ])
        }
        deviations, owed = self._deviations(reports.values()), self._owed(plans.department_id, months)
        heads, of_cycle = plans.department_id._ops_heads(), plans.grouped("cycle_id")
        return [
            {
                **analysis._row(plan, month, reports.get((plan.id, month)), owed.get((plan.department_id.id, month))),
                "deviations": False, "help_needed": False, **deviations.get((plan.id, month), {}),
                "head_name": heads[plan.department_id.id].name or False,
            }
            for analysis in self for plan in of_cycle.get(analysis.cycle_id, ()) for month in analysis._months()
        ]

    def _row(self, plan, month, report, owed):
        """Return what one department's line says besides deviations; figures only of what was handed in."""
        handed_in = bool(report) and report.state in HANDED_IN
        result = owed.result if owed else "none"
        if result == "late" and not handed_in:
            result = "overdue"
        names = ("light", "attainment", "green_count", "amber_count", "red_count", "summary")
        return {
            "analysis_id": self.id, "plan_id": plan.id, "department_id": plan.department_id.id, "month": month,
            "department_name": plan.department_id.name, "result": result,
            "is_reported": handed_in, "report_id": handed_in and report.id,
            **{name: handed_in and report[name] for name in names},
        }

    def _heat_cells(self):
        """Return what was reported in the years of these analyses: dict (plan id, month) → cell of a heat map."""
        months = {month for analysis in self for month in months_to(analysis._months()[-1])}
        return {
            (report.plan_id.id, report.period): {
                "light": report.light, "attainment": report.attainment, "report": report.id,
            }
            for report in self.env["ops.progress.report"].search([
                ("cycle_id", "in", self.cycle_id.ids), ("period", "in", sorted(months)), ("state", "in", HANDED_IN),
            ])
        }

    def _heat_map(self, cells):
        """Return departments by the months of the year up to the end of the period, as JSON can hold it.

        :param dict cells: what ``_heat_cells`` found
        :return: dict ``months`` (list of keys) and ``rows``: dicts ``id``, ``department``, ``cells`` (a dict ``light``,
            ``attainment``, ``report`` for each month, or None)
        """
        months = months_to(self._months()[-1])
        names = {line.plan_id.id: line.department_name for line in self.line_ids}
        return {"months": months, "rows": [
            {"id": plan, "department": name, "cells": [cells.get((plan, month)) for month in months]}
            for plan, name in sorted(names.items(), key=lambda item: item[1])
        ]}

    @api.model
    def _owed(self, departments, months):
        """Return what became of A6: dict (department id, month) → obligation."""
        found = self.env["ops.obligation"].search(
            Domain("code", "=", "A6") & Domain("department_id", "in", departments.ids) & Domain("period", "in", months)
        )
        return {(item.department_id.id, item.period): item for item in found}

    @api.model
    def _deviations(self, reports):
        """Return the largest deviations and the help needed: dict (plan id, month) → values of a line."""
        wanted = [report.id for report in reports if report.state in HANDED_IN]
        found, told = {}, self.env["ops.progress.report.line"].search(
            Domain("report_id", "in", wanted) & (Domain("light", "in", ("amber", "red")) | Domain("help_needed", "!=", False)),
            order="attainment, sequence, id",
        )
        for line in told:
            found.setdefault((line.plan_id.id, line.period), []).append(line)
        return {
            key: {
                "deviations": "\n".join(
                    self._deviation_in_words(line) for line in [line for line in lines if line.light != "green"][:TOP]
                ),
                "help_needed": "\n".join(f"• {line.name}: {line.help_needed}" for line in lines if line.help_needed),
            }
            for key, lines in found.items()
        }

    @api.model
    def _deviation_in_words(self, line):
        """Return a deviation as it stands in the analysis: in the words of the department, so of any language."""
        said = " → ".join(filter(None, [(line.cause or "").strip(), (line.action or "").strip()]))
        return f"• {line.name} ({line.attainment:.0f} %): {said}" if said else f"• {line.name} ({line.attainment:.0f} %)"

    # -- newer than what was compiled --------------------------------------------------------------------------------

    def _filtered_stale(self, margin=timedelta()):
        """Return the drafts of which a report or a due time says something newer than was compiled: one statement for all.

        :param margin: look at what happened so long before they were compiled as well
        """
        drafts = self.filtered(lambda analysis: analysis.id and analysis.compiled_on and analysis.state in self._flow_open)
        asked = [
            (analysis.id, month, analysis.compiled_on - margin)
            for analysis in drafts if self._kind_of(analysis.period) for month in analysis._months()
        ]
        if not asked:
            return self.browse()
        for model in ("ops.plan", "ops.progress.analysis", "ops.progress.report", "ops.obligation"):
            self.env[model].flush_model()
        ids, months, moments = map(list, zip(*asked, strict=True))
        stale = {row[0] for row in self.env.execute_query(SQL(
            """
            SELECT asked.id
              FROM unnest(%(ids)s::int[], %(months)s::text[], %(moments)s::timestamp[]) AS asked(id, month, moment)
              JOIN ops_progress_analysis analysis ON analysis.id = asked.id
             WHERE EXISTS (
                    SELECT 1 FROM ops_progress_report report
                      JOIN ops_form_transition step ON step.res_model = 'ops.progress.report' AND step.res_id = report.id
                     WHERE report.cycle_id = analysis.cycle_id AND report.period = asked.month AND step.date > asked.moment
                   )
                OR EXISTS (
                    SELECT 1 FROM ops_obligation item
                      JOIN ops_plan plan ON plan.department_id = item.department_id AND plan.cycle_id = analysis.cycle_id
                     WHERE item.code = 'A6' AND item.period = asked.month AND item.state IN ('open', 'held')
                       AND plan.state IN %(running)s AND item.date_due >= asked.moment AND item.date_due < %(now)s
                   )
            """, ids=ids, months=months, moments=moments, running=RUNNING, now=clock.now(),
        ))}
        return drafts.filtered(lambda analysis: analysis.id in stale)
