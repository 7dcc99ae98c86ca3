from datetime import timedelta

from odoo import models

from ...tools import freetime


class ResUsers(models.Model):
    """When people are free: their calendars, their absences and their own working hours."""

    _inherit = "res.users"

    def _ops_free_people(self, begin, end, company):
        """Return these users as :class:`~..tools.freetime.Person`, whatever their number in the same few statements.

        Whether somebody is busy is all that is read of their calendar, and nothing of it is shown.

        :param begin: naive UTC
        :param end: naive UTC
        :param company: whose working days count for those who do not work in a company of their own
        """
        users_sudo = self.sudo()  # sudo: see above
        homes = {user.id: company if company in user.company_ids else user.company_id for user in users_sudo}
        clocks = self._ops_clocks({(user, home.id) for user, home in homes.items()})
        busy = users_sudo._ops_busy(begin, end, {key[0]: value.tz for key, value in clocks.items()})
        people = []
        for user in users_sudo:
            home, own = homes[user.id], clocks[user.id, homes[user.id].id]
            working = freetime.working_spans(begin, end, home._ops_workdays(), own.hours, own.tz, own.company_hours)
            people.append(freetime.Person(user.id, working, busy.get(user.id, [])))
        return people

    def _ops_busy(self, begin, end, tz_of):
        """Return what is planned for these users (sudo): dict user id → spans."""
        by_partner = {user.partner_id.id: user.id for user in self}
        busy, day = {}, timedelta(days=1)
        attendees = self.env["calendar.attendee"].search([
            ("partner_id", "in", list(by_partner)), ("state", "!=", "declined"), ("event_id.active", "=", True),
            ("event_id.show_as", "=", "busy"), ("event_id.start", "<", end + day), ("event_id.stop", ">", begin - day),
        ])
        for attendee in attendees:
            event, user = attendee.event_id, by_partner[attendee.partner_id.id]
            span = event.start, event.stop
            if event.allday:  # of such an event the days count, wherever somebody lives
                span = freetime.whole_days(event.start_date or event.start.date(), event.stop_date or event.stop.date(), tz_of[user])
            busy.setdefault(user, []).append(span)
        leaves = self.env["resource.calendar.leaves"].search([
            ("resource_id.user_id", "in", self.ids), ("date_from", "<", end), ("date_to", ">", begin),
        ])
        for leave in leaves:
            busy.setdefault(leave.resource_id.user_id.id, []).append((leave.date_from, leave.date_to))
        return busy
