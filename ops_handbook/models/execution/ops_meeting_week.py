from datetime import timedelta

from odoo import api, models
from odoo.fields import Command, Domain

from ...tools import clock
from ...tools.moments import DAY, at_hour, local_date, local_time
from ...tools.recurrence import period_bounds

OPENING = 9.0  # when nobody says when a company opens
HALF_HOUR = 30  # minutes


class OpsMeeting(models.Model):
    """A department's meeting of a week (M5) in one click: the one that is planned, or a new one, ready to be held."""

    _inherit = "ops.meeting"

    def _obligation_open_action(self, obligation=None):
        """Open what fulfils M5: the department's meeting of that week, planned now when there is none."""
        if self or not obligation or obligation.code != "M5":
            return super()._obligation_open_action(obligation)
        meeting = self._weekly_planned(obligation)
        if not meeting and obligation.department_id and obligation.department_id in self.env.user.ops_department_ids:
            meeting = self._weekly_by_series(obligation) or self.create(self._weekly_values(obligation))
        return meeting._obligation_open_action() if meeting else super()._obligation_open_action(obligation)

    @api.model
    def _weekly_planned(self, obligation):
        """Return the department's weekly meeting of the week of an obligation that the user may read, one to be held first."""
        first, last = period_bounds(obligation.period)
        tz = obligation.company_id._ops_tz()
        begins, ends = at_hour(first, 0, tz), at_hour(last + DAY, 0, tz)
        meetings = self.search(
            Domain("kind", "=", "weekly") & Domain("department_id", "=", obligation.department_id.id)
            & Domain("company_id", "=", obligation.company_id.id) & Domain("state", "!=", "cancelled")
            & Domain("date_start", ">=", begins) & Domain("date_start", "<", ends), order="date_start, id",
        )
        return meetings.filtered(lambda meeting: meeting.state in ("draft", "called"))[:1] or meetings[:1]

    @api.model
    def _weekly_by_series(self, obligation):
        """Return the meeting that the department's own series has for that week, planned before its time; empty without one."""
        # sudo: whoever answers for the week has its meeting planned, whoever wrote the series
        series = self.env["ops.meeting.series"].sudo().search([
            ("department_id", "=", obligation.department_id.id), ("type_id.kind", "=", "weekly"), ("rhythm", "=", "weekly"),
            ("company_id", "=", obligation.company_id.id),
        ])
        planned = series._planned_periods()
        for one in series:
            found = [
                item for item in one._coming(horizon=60)
                if item.period == obligation.period and item.period not in planned.get(one.id, ())
            ]
            if meeting := one._plan_meetings(found):
                return meeting.with_env(self.env)
        return self.browse()

    @api.model
    def _weekly_values(self, obligation):
        """Return the values of a meeting of everybody in the department; its agenda comes from its kind."""
        values = self._obligation_defaults(obligation)
        departments = obligation.department_id._ops_covered()[obligation.department_id.id]
        # sudo: who works there is known in the department
        people = self.env["hr.employee"].sudo().search([("department_id", "in", list(departments))]).user_id
        people = people.filtered(lambda user: user.active and not user.share) | self.env.user
        names = {name: value for name, value in values.items() if name in self._fields}
        return {
            **names, "date_start": self._weekly_moment(obligation),
            "attendee_ids": [Command.create({"user_id": user.id}) for user in people],
        }

    @api.model
    def _weekly_moment(self, obligation):
        """Return when to propose the meeting of a week: soon when it is this week, otherwise on its last working day (UTC)."""
        company = obligation.company_id
        tz, workdays, hours = company._ops_tz(), company._ops_workdays(), company._ops_working_hours()
        first, last = period_bounds(obligation.period)
        soon = clock.now() + timedelta(minutes=HALF_HOUR - clock.now().minute % HALF_HOUR)
        soon = soon.replace(second=0, microsecond=0)
        today = local_date(soon, tz)
        if today > last:
            return soon
        if today < first:
            day = obligation.date_due and local_date(obligation.date_due - timedelta(seconds=1), tz) or last
            return self._weekly_opening(day, tz, hours)
        hour = local_time(soon, tz).hour + local_time(soon, tz).minute / 60
        if workdays.is_working(today) and any(begin <= hour < end for begin, end in hours.get(today.weekday(), ())):
            return soon
        later = [day for day in workdays.between(today, last) if self._weekly_opening(day, tz, hours) > soon]
        return self._weekly_opening(later[0], tz, hours) if later else soon

    @api.model
    def _weekly_opening(self, day, tz, hours):
        return at_hour(day, min((begin for begin, _end in hours.get(day.weekday(), ())), default=OPENING), tz)
