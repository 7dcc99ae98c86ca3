import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from ...tools import clock
from ...tools.links import is_link
from ...tools.moments import close_of_day
from ...tools.recurrence import Rule, occurrences, period_bounds

_logger = logging.getLogger(__name__)

CRON = "ops_handbook.ops_meeting_cron_series"
BATCH = 20  # series with a meeting to plan in one transaction
FAR = 7  # a meeting is never further from its day than a long holiday


class OpsMeeting(models.Model):
    _inherit = "ops.meeting"

    series_period = fields.Char(readonly=True, copy=False, help="Of the series: for which week, month or quarter.")

    _series_once = models.UniqueIndex(
        "(series_id, series_period) WHERE series_id IS NOT NULL", "This meeting of the series has been planned already."
    )

    def _carry_over(self):
        """Hook: put on the agenda what the meeting before left open. Superuser; for meetings of a series."""


class OpsMeetingSeries(models.Model):
    """When the meetings of a series take place, and how the next one comes about."""

    _inherit = "ops.meeting.series"

    @api.model
    def _cron_create_next(self):
        """Plan what is due to be planned, each period once. Run every day.

        In batches with a commit after each; one series that cannot be planned does not hold up the others.
        """
        series_sudo = self.sudo()  # sudo: a job
        for series in series_sudo.search([]).filtered(lambda one: not one._organiser_now()):
            _logger.warning("meetings: nobody calls the meetings of series %s any more", series.id)
        self.env["ir.cron"]._ops_work_off(CRON, BATCH, series_sudo._to_plan, series_sudo._plan_found)

    @api.model
    def _to_plan(self, limit, without):
        """Return the series with a meeting to plan that somebody calls (superuser): list of (id,)."""
        due = self.search([("id", "not in", list(without))])._due_to_plan()
        return [(series.id,) for series, coming in due.items() if coming and series._organiser_now()][:limit]

    @api.model
    def _plan_found(self, found):
        """Plan the meetings of the series found (superuser)."""
        self.browse([series for (series,) in found])._create_due()

    def action_create_next(self):
        """Plan the next meeting of each series now, however far ahead it lies."""
        self.check_access("write")
        meetings = self.env["ops.meeting"]
        # each once, however often it was named. sudo: whoever may write the series plans its meetings; see _plan_meetings
        for series, coming in self.sudo().union()._due_to_plan(horizon=400).items():
            if not coming:
                raise UserError(self.env._("Until: %(series)s has ended; nothing is left to plan.", series=series.name))
            meetings |= series._plan_meetings(coming[:1])
        return meetings.with_env(self.env)._obligation_open_action()

    def _create_due(self):
        meetings = self.env["ops.meeting"]
        for series, due in self._due_to_plan().items():
            meetings |= series._plan_meetings(due)
        return meetings

    # -- when ----------------------------------------------------------------------------------------------------------

    def _due_to_plan(self, horizon=None):
        """Return what has no meeting yet: dict series → list of :class:`Occurrence`, one statement for all.

        :param int horizon: how many days ahead; default: of each series its own
        """
        coming = {series: series._coming(series.days_ahead if horizon is None else horizon) for series in self}
        planned = self._planned_periods({item.period for found in coming.values() for item in found})
        return {
            series: [item for item in found if item.period not in planned.get(series.id, ())]
            for series, found in coming.items()
        }

    def _planned_periods(self, among=None):
        """Return for which periods meetings exist, cancelled ones too: dict series id → set of keys.

        :param among: look for these only, not at the meetings of many years; default: all
        """
        domain = Domain("series_id", "in", self.ids)
        if among is not None:
            domain &= Domain("series_period", "in", list(among))
        # sudo: what is planned is planned, whoever may see it
        groups = self.env["ops.meeting"].sudo()._read_group(domain, ["series_id"], ["series_period:array_agg"])
        return {series.id: set(periods) for series, periods in groups}

    def _coming(self, horizon):
        """Return the :class:`Occurrence` of the series from now to ``horizon`` days ahead, in order."""
        company = self.company_id
        first = max(clock.today(company._ops_tz()), self.date_from)
        last = clock.today(company._ops_tz()) + timedelta(days=horizon)
        last = min(last, self.date_to) if self.date_to else last
        if first > last:
            return []
        found = occurrences(self._rule(), first, last, company._ops_workdays())
        return [item for item in found if self._is_turn(item.period) and self._start_of(item) > clock.now()]

    def _start_of(self, item):
        """Return when the meeting of an occurrence begins (UTC)."""
        return close_of_day(item.due, self.company_id._ops_tz(), self.hour)

    def _rule(self):
        return Rule(
            self.rhythm, month=int(self.month or 1), day=self.day, weekday=int(self.weekday) if self.weekday else None,
            day_off=self.day_off_rule, max_shift=FAR,
        )

    def _is_turn(self, period):
        """Tell whether a week is one of every n weeks, counted from the week in which the series begins."""
        if self.rhythm != "weekly" or self.interval == 1:
            return True
        begins = self.date_from - timedelta(days=self.date_from.weekday())
        return (period_bounds(period)[0] - begins).days // 7 % self.interval == 0

    # -- the meeting ---------------------------------------------------------------------------------------------------

    def _plan_meetings(self, coming):
        """Create a meeting for each of ``coming``; in the name of the organiser, or of the head when they have left."""
        organiser = self._organiser_now()
        # a job has no language: what comes from the kind and goes to the log is in the organiser's
        meetings = self.env["ops.meeting"].with_context(lang=organiser.lang or self.env.lang)
        if coming and not organiser:
            _logger.warning("meetings: nobody calls the meetings of series %s any more", self.id)
        if not coming or not organiser:
            return meetings
        for item in coming:  # one after the other: each follows the one before
            meeting = meetings.create(self._meeting_values(item, organiser))
            meeting._carry_over()
            if self.call_at_once and not meeting._missing_for_notice():
                meeting.action_call()
            meetings |= meeting
        return meetings

    def _organiser_now(self):
        user = self.organiser_id
        return user if user.active else self.department_id._ops_heads().get(self.department_id.id, user.browse())

    def _meeting_values(self, item, organiser):
        start = self._start_of(item)
        last = self.env["ops.meeting"].search(
            [("series_id", "=", self.id), ("state", "!=", "cancelled")], order="date_start desc, id desc", limit=1
        )
        return {
            "name": self.name, "type_id": self.type_id.id, "series_id": self.id, "series_period": item.period,
            "previous_id": last.id, "company_id": self.company_id.id, "department_id": self.department_id.id,
            "author_id": organiser.id, "organiser_id": organiser.id,
            "recorder_id": self.recorder_id.filtered("active").id, "chair_id": self.chair_id.filtered("active").id,
            "date_start": start, "date_stop": start + timedelta(hours=self.duration),
            "location": self.location, "videocall_url": is_link(self.videocall_url) and self.videocall_url,
            "attendee_ids": self._attendee_commands(organiser),
        }

    def _attendee_commands(self, organiser):
        users = (self.user_ids | self.recorder_id | self.chair_id).filtered("active") | organiser
        if self.whole_department:
            employees = self.env["hr.employee"].search([("department_id", "=", self.department_id.id)])
            users |= employees.user_id.filtered(lambda user: user.active and not user.share)
        contacts = self.partner_ids - users.partner_id
        return [
            *(Command.create({"user_id": user.id}) for user in users),
            *(Command.create({"partner_id": partner.id}) for partner in contacts),
        ]
