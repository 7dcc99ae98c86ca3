import calendar

from odoo import api, fields, models
from odoo.fields import Domain

from ...tools.recurrence import period_bounds

COMPARED = ("<", "<=", ">", ">=")


class OpsTask(models.Model):
    """From when to when a task stands in the calendar, which shows nothing that lacks a day: most tasks have an end only."""

    _inherit = "ops.task"

    calendar_start = fields.Date(
        string="In the Calendar from", compute="_compute_calendar", search="_search_calendar_start",
        help="Its start, otherwise its end, otherwise the first day of the month.",
    )
    calendar_end = fields.Date(
        string="In the Calendar until", compute="_compute_calendar", search="_search_calendar_end",
        help="Its end, otherwise the last day of the month, or its start where that is later.",
    )

    @api.depends("date_start", "date_end", "period")
    def _compute_calendar(self):
        for task in self:
            first, last = period_bounds(task.period) if task.period else (False, False)
            task.calendar_start = task.date_start or task.date_end or first
            task.calendar_end = task.date_end or (max(last, task.date_start or last) if last else task.date_start)

    # -- found by these days: the month is that of the task itself, since its readers need not read its plan ---------------

    def _search_calendar_start(self, operator, value):
        return self._search_calendar(self._starts, operator, value)

    def _search_calendar_end(self, operator, value):
        return self._search_calendar(self._ends, operator, value)

    @api.model
    def _search_calendar(self, compared, operator, value):
        """Return the domain for ``operator``, from what ``compared(operator, day)`` says of inequalities."""
        if operator == "in":  # no task is without these days
            return Domain.OR(compared("<=", day) & compared(">=", day) for day in value if day)
        return compared(operator, value) if operator in COMPARED and value else NotImplemented

    @api.model
    def _starts(self, operator, day):
        without_end = Domain("date_end", operator, day) | Domain("date_end", "=", False) & self._month_begins(operator, day)
        return Domain("date_start", operator, day) | Domain("date_start", "=", False) & without_end

    @api.model
    def _ends(self, operator, day):
        start, month = Domain("date_start", operator, day), self._month_ends(operator, day)
        # the later of the two lies before a day when both do, and after it when one does
        later = month | start if operator in (">", ">=") else month & (start | Domain("date_start", "=", False))
        return Domain("date_end", operator, day) | Domain("date_end", "=", False) & later

    @api.model
    def _month_begins(self, operator, day):
        """Return the domain of tasks whose month begins before or after a day."""
        if day.day > 1:  # the month in which the day lies has begun before it
            operator = {"<": "<=", ">=": ">"}.get(operator, operator)
        return Domain("period", operator, day.isoformat()[:7])

    @api.model
    def _month_ends(self, operator, day):
        """Return the domain of tasks whose month ends before or after a day."""
        if day.day < calendar.monthrange(day.year, day.month)[1]:  # the month in which the day lies ends after it
            operator = {"<=": "<", ">": ">="}.get(operator, operator)
        return Domain("period", operator, day.isoformat()[:7])
