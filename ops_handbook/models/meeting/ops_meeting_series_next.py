import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ...tools import clock
from ...tools.links import is_link
from ...tools.moments import close_of_day
from ...tools.recurrence import Rule, occurrences, period_bounds

_logger = logging.getLogger(__name__)

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
        """Plan what is due to be planned, each period once. Run every day."""
        cron = self.env["ir.cron"]
        for series in self.sudo().search([]):  # sudo: a job
            try:
                with self.env.cr.savepoint():
                    series._create_due()
            except Exception:  # one series does not hold up the others
                _logger.exception("meetings: the next meeting of series %s cannot be planned", series.id)
                self.env.invalidate_all(flush=False)
            cron._commit_progress(1)

    def action_create_next(self):
        """Plan the next meeting of each series now, however far ahead it lies."""
        self.check_access("write")
        planned, meetings = self._planned_periods(), self.env["ops.meeting"]
        # each once, however often it was named. sudo: whoever may write the series plans its meetings; see _plan_meetings
        for series in self.sudo().union():
            coming = [item for item in series._coming(horizon=400) if item.period not in planned.get(series.id, ())]
            if not coming:
                raise UserError(self.env._("Until: %(series)s has ended; nothing is left to plan.", series=series.name))
            meetings |= series._plan_meetings(coming[:1])
        return meetings.with_env(self.env)._obligation_open_action()

    def _create_due(self):
        planned = self._planned_periods()
        meetings = self.env["ops.meeting"]
        for series in self:
            due = [
                item for item in series._coming(series.days_ahead) if item.period not in planned.get(series.id, ())
            ]
            meetings |= series._plan_meetings(due)
        return meetings

    # -- when ----------------------------------------------------------------------------------------------------------

    def _planned_periods(self):
        """Return for which periods meetings exist, cancelled ones too: dict series id → set of keys."""
        # sudo: what is planned is planned, whoever may see it
        groups = self.env["ops.meeting"].sudo()._read_group(
            [("series_id", "in", self.ids)], ["series_id"], ["series_period:array_agg"]
        )
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
