from datetime import date, timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ...tools import clock
from ...tools.moments import local_date
from ...tools.workdays import week_type
from ..mixins.domains import DomainAnd, DomainCondition, DomainOr
from . import ops_work_log_owed_sql as statement

DAY = timedelta(days=1)
LONGEST = 366  # days: nobody asks for more at once
# what the days are computed from: flushed before they are asked for
READ = {
    "ops.work.log": ["owner_id", "date"],
    "ops.task.days": None,
    "ops.substitution": ["user_id", "date_from", "date_to"],
    "res.users": ["active", "company_id"],
    "res.company": ["ops_started", "ops_start_date", "ops_day_close_hour", "resource_calendar_id"],
    "hr.employee": ["user_id", "company_id", "active", "resource_id", "current_version_id"],
    "hr.version": ["employee_id", "department_id", "resource_calendar_id", "date_version", "departure_date", "active"],
    "resource.resource": ["tz"],
    "resource.calendar": ["tz", "flexible_hours", "two_weeks_calendar", "hours_per_day"],
    "resource.calendar.attendance": None,
    "resource.calendar.leaves": None,
}


class OpsWorkLogOwedMixin(models.AbstractModel):
    """The working days on which somebody had a task in progress (M4): what figures and missing logs are computed from.

    Nothing of it is stored. A descendant is a query over :meth:`_owed`, bound to the days that its domain speaks of.
    """

    _name = "ops.work.log.owed.mixin"
    _description = "Days on Which a Log Is Owed"

    _days_epoch = date(2000, 1, 1)

    # -- the one statement ----------------------------------------------------------------------------------------------

    @api.model
    def _owed(self, date_from, date_to, companies=None, users=None):
        """Return the statement of the days on which a log was owed, whether it was written or not.

        Its columns: ``user_id``, ``day``, ``company_id`` and ``department_id`` (where the person worked then), ``log_id``.
        Today counts when the company's day has closed.

        :param date date_from, date_to: first and last local day
        :param companies: whose people; default: the companies in which the user works now
        :param users: only these people; default: all
        """
        for model, names in READ.items():
            self.env[model].flush_model(names)
        companies = self.env.companies if companies is None else companies
        places, days = self._owed_days(companies, date_from, date_to)
        return statement.owed(places, days, date_from, date_to, None if users is None else users.ids)

    @api.model
    def _owed_days(self, companies, date_from, date_to):
        """Return the companies whose people owe logs, and their working days, as rows for the statement.

        :return: list of (company id, local time now, time zone), list of (company id, day, weekday, week of two,
            whether it is a make-up day, bits of the weekdays that the company works)
        """
        places, days, now = [], [], clock.now()
        for company in companies:
            if not self.env["ops.standard"]._get_id("M4", company.id):
                continue
            workdays = company._ops_workdays()
            mask = sum(1 << weekday for weekday, hours in company._ops_working_hours().items() if hours)
            today = local_date(now, workdays.tz)
            places.append((company.id, now, workdays.tz))
            if date_from <= today:
                days += [
                    (company.id, day, day.weekday(), week_type(day), not mask >> day.weekday() & 1, mask)
                    for day in workdays.between(date_from, min(date_to, today))
                ]
        return places, days

    # -- the days that are asked for ------------------------------------------------------------------------------------

    @api.model
    def _search(self, domain, *args, **kwargs):
        """Compute only the days that the domain speaks of."""
        domain = Domain(domain).optimize_full(self)
        first, last = self._days_of(domain)
        return super(OpsWorkLogOwedMixin, self.with_context(ops_days=(first, last)))._search(domain, *args, **kwargs)

    def _asked_companies(self):
        """Return whose people to compute: of the companies in which the user works now; of all, whether records exist.

        What exists and may not be read is refused in words; what does not exist is silently left out.
        """
        if self._ids and not isinstance(self.env.context.get("ops_days"), tuple):
            return self.env["res.company"].sudo().search([])  # sudo: only whether there is such a record
        return self.env.companies

    def _asked_days(self):
        """Return the first and the last day to compute: of the search, of these records, or from last month on."""
        asked = self.env.context.get("ops_days")
        if isinstance(asked, tuple):  # a client can send lists only
            first, last = asked
        else:
            first, last = self._days_of(Domain("id", "in", self._ids)) if self._ids else (None, None)
        today = clock.today(self.env.company._ops_workdays().tz)
        last = min(last or today + DAY, today + DAY)  # somewhere it may be tomorrow already
        if first is None:
            first = fields.Date.start_of(fields.Date.start_of(last, "month") - DAY, "month")
        return max(first, last - LONGEST * DAY), last

    @api.model
    def _days_of(self, domain):
        """Return the first and last day that can satisfy ``domain``; None where it says nothing.

        >>> # [("date", ">=", "2027-02-01"), ("date", "<", "2027-03-01")] → 1 and 28 February
        """
        if isinstance(domain, DomainCondition):
            return self._days_of_condition(domain)
        if isinstance(domain, (DomainAnd, DomainOr)):
            bounds = [self._days_of(child) for child in domain.children]
            firsts, lasts = ([bound[side] for bound in bounds] for side in (0, 1))
            if isinstance(domain, DomainAnd):
                return (
                    max((first for first in firsts if first), default=None), min((last for last in lasts if last), default=None)
                )
            return None if None in firsts else min(firsts), None if None in lasts else max(lasts)
        return None, None

    @api.model
    def _days_of_condition(self, condition):
        value, operator = condition.value, condition.operator
        if condition.field_expr == "id" and operator == "in" and value:
            days = [self._day_of(key) for key in value if isinstance(key, int)]
            return (min(days), max(days)) if days else (None, None)
        if condition.field_expr != "date":
            return None, None
        if operator == "in" and value and all(isinstance(day, date) for day in value):
            return min(value), max(value)
        if not isinstance(value, date):
            return None, None
        return {
            ">=": (value, None), ">": (value + DAY, None), "<=": (None, value), "<": (None, value - DAY),
        }.get(operator, (None, None))

    @api.model
    def _day_of(self, key):
        """Return the day of a record: ids are made of whom it is about, and of the day."""
        return self._days_epoch + (key % (1 << 17)) * DAY
