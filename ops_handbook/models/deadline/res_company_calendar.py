from datetime import date

from odoo import api, fields, models, tools

from ...tools.clock import today
from ...tools.moments import DAY, local_date
from ...tools.workdays import MONDAY_TO_FRIDAY, build_workdays, week_type
from ...tools.working_hours import is_covered, merge_hours

YEARS_AROUND = 3  # years before and after today that the cached days cover; beyond, they are laid out when asked
LEAVE_YEARS = 20  # a leave that begins or ends further away is cut there
OFFICE_HOURS = ((9.0, 18.0),)


class ResCompany(models.Model):
    """The working days of a company, from its working schedule, its public holidays and its calendar exceptions.

    A branch has a schedule of its own. Public holidays and exceptions come from the branch itself and from the companies
    above it, as far up as the country stays the same; of several exceptions on a day the nearest company's counts.
    """

    _inherit = "res.company"

    ops_calendar_day_ids = fields.One2many("ops.calendar.day", "company_id", string="Calendar Exceptions")

    # ------------------------------------------------------------------
    # Answers
    # ------------------------------------------------------------------

    def _ops_tz(self):
        """Name of the time zone in which the company's days begin and end: its calendar's, else its partner's, else UTC."""
        company_sudo = self.sudo()  # whoever asks, the company's days are the same
        return company_sudo.resource_calendar_id.tz or company_sudo.partner_id.tz or "UTC"

    @tools.ormcache("self.id")
    def _ops_workdays(self):
        """The working days of the company: a :class:`~..tools.workdays.Workdays` in its time zone, cached."""
        self.ensure_one()
        tz, weeks = self._ops_tz(), self._ops_attendances()
        year = today(tz).year
        return build_workdays(
            tuple(map(frozenset, weeks)),
            self._ops_days_off(weeks, tz),
            self._ops_exceptions(),
            first=date(year - YEARS_AROUND, 1, 1),
            last=date(year + YEARS_AROUND, 12, 31),
            tz=tz,
        )

    @tools.ormcache("self.id")
    def _ops_working_hours(self):
        """The working hours, for the windows in which people are reminded.

        :return: dict weekday (0 = Monday) → sorted tuple of (from, to), local hours as floats; of a calendar of two weeks
            both together. Make-up days: see :func:`~..tools.workdays.hours_of`
        """
        self.ensure_one()
        hours = {}
        for weeks in self._ops_attendances():
            for weekday, intervals in weeks.items():
                hours.setdefault(weekday, []).extend(intervals)
        return {weekday: merge_hours(intervals) for weekday, intervals in hours.items()}

    # ------------------------------------------------------------------
    # Changes
    # ------------------------------------------------------------------

    def _ops_calendar_changed(self):
        """Called once, at the end of a transaction that changed the working days of these companies.

        Runs as superuser, branches included. Empty here; the engine recomputes its open obligations.
        """

    def _ops_calendar_touch(self):
        """Forget the cached days of these companies and their branches, and announce the change before the commit."""
        if not self:
            return
        self.env.registry.clear_cache()
        precommit = self.env.cr.precommit
        if "ops_calendar" not in precommit.data:
            precommit.data["ops_calendar"] = set()
            precommit.add(self.env["res.company"].sudo()._ops_calendar_announce)
        precommit.data["ops_calendar"].update(self.ids)

    @api.model
    def _ops_calendar_announce(self):
        """Call :meth:`_ops_calendar_changed` for all that was touched in this transaction."""
        touched = self.env.cr.precommit.data.pop("ops_calendar", set())
        companies = self.with_context(active_test=False).search([("id", "child_of", list(touched))])
        companies._ops_calendar_changed()

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        companies._ops_calendar_touch()
        return companies

    def write(self, vals):
        done = super().write(vals)
        if not vals.keys().isdisjoint(("resource_calendar_id", "country_id", "parent_id")):
            self._ops_calendar_touch()
        if "resource_calendar_id" in vals:
            self.env["ops.obligation.stat"]._rebuild_soon()  # it may be one of another time zone
        return done

    @api.model
    @tools.ormcache()
    def _ops_companies_by_calendar(self):
        """Which companies work by which calendar: dict of ids. Cached, so that hooks on calendars cost no query."""
        groups = self.sudo().with_context(active_test=False)._read_group(
            [("resource_calendar_id", "!=", False)], ["resource_calendar_id"], ["id:array_agg"]
        )
        return {calendar.id: tuple(ids) for calendar, ids in groups}

    @api.model
    def _ops_of_calendars(self, calendars):
        """The companies that work by these calendars."""
        companies = self._ops_companies_by_calendar() if calendars else {}
        return self.browse({company for calendar in calendars.ids for company in companies.get(calendar, ())})

    # ------------------------------------------------------------------
    # What the days are made of
    # ------------------------------------------------------------------

    def _ops_calendar_chain(self):
        """The company and those above it whose holidays are also its own, the nearest first."""
        company_sudo = self.sudo()  # a user of a branch need not have access to the company above
        chain = company_sudo
        while parent := company_sudo.parent_id:
            if company_sudo.country_id and company_sudo.country_id != parent.country_id:
                break
            chain += parent
            company_sudo = parent
        return chain

    def _ops_attendances(self):
        """Working hours of the two weeks that Odoo's calendars know: two dicts weekday → list of (from, to).

        Without a calendar, or with one that names no hours (flexible), Monday to Friday are worked.
        """
        calendar_sudo = self.sudo().resource_calendar_id  # see _ops_tz
        attendances = calendar_sudo.attendance_ids.search_fetch(
            [("calendar_id", "in", calendar_sudo.ids)],
            ["dayofweek", "week_type", "hour_from", "hour_to", "day_period", "display_type"],
        ).filtered(lambda line: line._is_work_period())
        if not calendar_sudo or calendar_sudo.flexible_hours or not attendances:
            half = (calendar_sudo.hours_per_day or 0.0) / 2
            hours = [(12.0 - half, 12.0 + half)] if 0.0 < half <= 12.0 else list(OFFICE_HOURS)
            return (dict.fromkeys(MONDAY_TO_FRIDAY, hours),) * 2
        weeks = {}, {}
        for line in attendances:
            own_week = calendar_sudo.two_weeks_calendar and line.week_type
            for week_hours in (weeks[int(own_week)],) if own_week else weeks:
                week_hours.setdefault(int(line.dayofweek), []).append((line.hour_from, line.hour_to))
        return weeks

    def _ops_exceptions(self):
        """Dated exceptions of the company: dict date → whether it is worked."""
        chain = self._ops_calendar_chain()
        days = self.env["ops.calendar.day"].sudo().search_fetch(  # sudo: see _ops_calendar_chain
            [("company_id", "in", chain.ids)], ["company_id", "date", "kind"]
        )
        furthest_first = days.sorted(lambda day: -chain.ids.index(day.company_id.id))
        return {day.date: day.kind == "work" for day in furthest_first}

    def _ops_days_off(self, weeks, tz):
        """Local days whose working hours, of the two ``weeks``, are all taken by public holidays: set of dates."""
        taken = {}
        for begin, end in self._ops_global_leaves():
            day = max(local_date(begin, tz), today(tz) - LEAVE_YEARS * 366 * DAY)
            last = min(local_date(end, tz), today(tz) + LEAVE_YEARS * 366 * DAY)
            while day <= last:
                taken.setdefault(day, []).append((begin, end))
                day += DAY
        return {
            day for day, leaves in taken.items()
            if is_covered(day, weeks[week_type(day)].get(day.weekday(), ()), leaves, tz)
        }

    def _ops_global_leaves(self):
        """Public holidays of the company as sorted (begin, end) in naive UTC."""
        chain = self._ops_calendar_chain()
        leaves = self.env["resource.calendar.leaves"].sudo().search_fetch(  # sudo: see _ops_calendar_chain
            [
                ("resource_id", "=", False),
                ("time_type", "=", "leave"),
                ("company_id", "in", [False, *chain.ids]),
                ("calendar_id", "in", [False, *chain.resource_calendar_id.ids]),
            ],
            ["date_from", "date_to"],
        )
        return sorted((leave.date_from, leave.date_to) for leave in leaves)

