from odoo import fields, models

from ...tools.moments import at_hour
from ...tools.words import month_in_words

RESULTS = ("met", "late", "missed", "pending", "held")


class OpsMonthPlan(models.Model):
    """What the prints of form 5 and the monthly sheet of a department show: nothing but what the reader may read."""

    _inherit = "ops.month.plan"

    def _print_month(self):
        """Return the month in words."""
        return self.month and month_in_words(self.month, self.env.lang or "en_US")

    def _print_tasks(self):
        """Return the tasks that the reader may read, those with an initiative first, routine and withdrawn ones last."""
        self.ensure_one()
        tasks = self.env["ops.task"].search([("month_plan_id", "=", self.id)])
        return tasks.sorted(lambda task: (
            task.state == "cancelled", task.is_routine, task.priority, task.date_end or fields.Date.end_of(self.month, "month"), task.id
        ))

    def _print_completion(self):
        """Return the completion report of the month that counts, if the reader may read it."""
        return self.env["ops.completion.report"].search(
            [("month_plan_id", "=", self.id), ("state", "not in", ("draft", "cancelled"))], limit=1
        )

    def _print_lines(self):
        """Return what was reported of each task: dict task id → line of the completion report."""
        lines = self.env["ops.completion.report.line"].search([("report_id", "in", self._print_completion().ids)])
        return {line.task_id.id: line for line in lines}

    def _print_improvement(self):
        """Return the improvement plan that came of the month, if the reader may read it."""
        return self.env["ops.improvement.plan"].search(
            [("completion_id", "in", self._print_completion().ids), ("state", "!=", "cancelled")], limit=1
        )

    def _print_logs(self):
        """Return how many work logs were owed in the month, and how many were written: (owed, written); None where that is not
        for the reader, or nothing was owed (M4)."""
        rates = self.env["ops.work.log.rate"]
        if not rates.has_access("read"):
            return None
        departments = self.department_id._ops_covered()[self.department_id.id]
        [(owed, written)] = rates._read_group([
            ("date", ">=", self.month), ("date", "<=", self._last_day()), ("department_id", "in", list(departments)),
        ], [], ["owed_nbr:sum", "logged_nbr:sum"])
        return (owed, written or 0) if owed else None

    def _print_deadlines(self):
        """Return how the deadlines of the department went that were to fall into the month: list of dicts, one for each standard.

        The month is that of the original due time, as in ``ops.obligation.report``: what was extended stays where it was.
        Each has ``code``, ``name``, ``count``, ``met``, ``late``, ``missed``, ``pending``, ``held`` and ``open`` (what was not in
        time, in words).
        """
        items = self.env["ops.obligation"].search([
            ("department_id", "=", self.department_id.id), ("state", "not in", ("cancelled", "waived")),
            ("date_original", ">=", self._print_moment(self.month)),
            ("date_original", "<", self._print_moment(fields.Date.add(self.month, months=1))),
        ], order="code, date_original, id")
        return [self._print_standard(standard, found) for standard, found in items.grouped("standard_id").items()]

    def _print_moment(self, day):
        """Return when a day begins in the company, in UTC."""
        return at_hour(day, 0.0, self.company_id.sudo()._ops_tz() or "UTC")  # sudo: the zone of a company is no secret

    def _print_standard(self, standard, items):
        counts = {result: len(items.filtered(lambda item, result=result: item.result == result)) for result in RESULTS}
        wrong = items.filtered(lambda item: item.result in ("late", "missed") or item.is_overdue)
        standard_sudo = standard.sudo()  # sudo: the name of a rule
        return {
            "code": standard_sudo.code, "name": standard_sudo.name, "count": len(items), **counts,
            "open": wrong, "rate": self._percent(counts["met"], counts["met"] + counts["late"] + counts["missed"]),
        }

    def _print_on_time(self, rows):
        """Return (kept, judged, percent kept) of rows of :meth:`_print_deadlines`."""
        kept = sum(row["met"] for row in rows)
        judged = kept + sum(row["late"] + row["missed"] for row in rows)
        return kept, judged, self._percent(kept, judged)
