from typing import NamedTuple

from odoo import api, models

from ...tools.moments import DAY, at_hour, local_date
from ...tools.working_hours import merge_hours, shift_into_hours


class Clock(NamedTuple):
    """By which time of day somebody is reminded."""

    key: tuple
    """the same for all who share the clock"""
    tz: str
    hours: dict
    """working hours by weekday"""
    company_hours: dict

    def shift(self, moment, workdays):
        """Return the first moment not before ``moment`` (naive UTC) in the person's working hours.

        On a weekday that the company works and the person does not they are left in peace; a make-up day is worked by
        everybody.
        """
        moment = shift_into_hours(moment, workdays, self.hours, self.tz)
        for _day in range(7):
            day = local_date(moment, self.tz)
            if self.hours.get(day.weekday()) or not self.company_hours.get(day.weekday()):
                break
            moment = shift_into_hours(at_hour(day + DAY, 0.0, self.tz), workdays, self.hours, self.tz)
        return moment


class ResUsers(models.Model):
    """Working hours of people, for the windows in which they are reminded."""

    _inherit = "res.users"

    @api.model
    def _ops_clocks(self, pairs):
        """Return the :class:`Clock` of each person in a company: their own time zone and hours, else the company's.

        A fixed number of queries.

        :param pairs: set of (user id or None, company id); without a user the company's clock
        :return: dict pair → Clock
        """
        # sudo: when to write to somebody does not depend on whose data the current user may see
        users_sudo = self.sudo().browse({user for user, _company in pairs if user}).with_context(active_test=False)
        companies = {item.id: item for item in self.env["res.company"].sudo().browse({pair[1] for pair in pairs})}
        tz_of = {user.id: user.tz for user in users_sudo}
        calendars = self._ops_calendars_of(users_sudo)
        clocks = {}
        for user, company_id in pairs:
            company = companies[company_id]
            calendar = calendars.get((user, company_id), company.resource_calendar_id)
            tz = tz_of.get(user) or company._ops_tz()
            clocks[user, company_id] = self._ops_clock(tz, calendar, company)
        return clocks

    @api.model
    def _ops_clock(self, tz, calendar, company):
        common = company._ops_working_hours()
        own = {} if calendar == company.resource_calendar_id else self._ops_hours_of(calendar)
        return Clock((tz, calendar.id if own else None), tz, own or common, common)

    @api.model
    def _ops_calendars_of(self, users_sudo):
        """Return the working schedules of people: dict (user id, company id) → calendar."""
        if not users_sudo:
            return {}
        resources_sudo = self.env["resource.resource"].sudo().search_fetch(  # sudo: see _ops_clocks
            [("user_id", "in", users_sudo.ids)], ["user_id", "company_id", "calendar_id"]
        )
        return {(item.user_id.id, item.company_id.id): item.calendar_id for item in resources_sudo if item.calendar_id}

    @api.model
    def _ops_hours_of(self, calendar):
        """Return working hours by weekday; none of a schedule that is flexible."""
        hours = {}
        for line in calendar.attendance_ids.filtered(lambda line: line._is_work_period()):
            hours.setdefault(int(line.dayofweek), []).append((line.hour_from, line.hour_to))
        if calendar.flexible_hours:
            return {}
        return {weekday: merge_hours(intervals) for weekday, intervals in hours.items()}
