from odoo import api, models
from odoo.fields import Domain

from ...tools import clock, token
from ...tools.progress import months_to
from .ops_progress_report import HANDED_IN, RUNNING

TOP = 3  # deviations told of each department


class OpsProgressAnalysis(models.Model):
    """Compiling: of each department and month the lights, the largest deviations, the help needed, and who is missing.

    A handful of statements, whatever the number of departments.
    """

    _inherit = "ops.progress.analysis"

    def _compile(self):
        """Replace the lines of these drafts by what the reports say now; remarks of the GM office stay."""
        # sudo: all departments are compiled, whoever may read which; who may compile was asked by the caller
        for analysis in self.sudo().filtered(lambda analysis: analysis.state in analysis._flow_open):
            lines = analysis.line_ids
            remarks = {(line.department_id.id, line.month): line.remark for line in lines if line.remark}
            token.marked(lines).unlink()
            token.marked(lines).create([
                {**row, "remark": remarks.get((row["department_id"], row["month"]), False)} for row in analysis._rows()
            ])
            token.marked(analysis).write({"compiled_on": clock.now(), "heat_map": analysis._heat_map()})

    def _rows(self):
        """Return the values of the lines of this analysis (superuser), as things stand now."""
        months = self._months()
        plans = self.env["ops.plan"].search([("cycle_id", "=", self.cycle_id.id), ("state", "in", RUNNING)])
        reports = {
            (report.plan_id.id, report.period): report
            for report in self.env["ops.progress.report"].search([
                ("plan_id", "in", plans.ids), ("period", "in", months), ("state", "!=", "cancelled"),
            ])
        }
        deviations, owed = self._deviations(reports.values()), self._owed(plans.department_id, months)
        heads = plans.department_id._ops_heads()
        return [
            {
                **self._row(plan, month, reports.get((plan.id, month)), owed.get((plan.department_id.id, month))),
                **deviations.get((plan.id, month), {}),
                "head_name": heads[plan.department_id.id].name or False,
            }
            for plan in plans for month in months
        ]

    def _row(self, plan, month, report, owed):
        """Return what one department's line says besides deviations; figures only of what was handed in."""
        handed_in = bool(report) and report.state in HANDED_IN
        result = owed.result if owed else "none"
        if result == "late" and not handed_in:
            result = "overdue"
        row = {
            "analysis_id": self.id, "plan_id": plan.id, "department_id": plan.department_id.id, "month": month,
            "department_name": plan.department_id.name, "result": result,
            "is_reported": handed_in,
        }
        if handed_in:
            names = ("light", "attainment", "green_count", "amber_count", "red_count", "summary")
            row.update({"report_id": report.id}, **{name: report[name] for name in names})
        return row

    def _heat_map(self):
        """Return departments by the months of the year up to the end of the period, as JSON can hold it.

        :return: dict ``months`` (list of keys) and ``rows``: dicts ``id``, ``department``, ``cells`` (a dict ``light``,
            ``attainment``, ``report`` for each month, or None)
        """
        months = months_to(self._months()[-1])
        cells, names = {}, {}
        for report in self.env["ops.progress.report"].search([
            ("cycle_id", "=", self.cycle_id.id), ("period", "in", months), ("state", "in", HANDED_IN),
        ]):
            cells[report.plan_id.id, report.period] = {
                "light": report.light, "attainment": report.attainment, "report": report.id,
            }
        for line in self.line_ids:
            names[line.plan_id.id] = line.department_name
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
