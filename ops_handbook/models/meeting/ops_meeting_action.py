from odoo import models
from odoo.exceptions import UserError, ValidationError

from ...tools import clock


class OpsMeeting(models.Model):
    """The steps of a meeting: each a verb that people press and programs call."""

    _inherit = "ops.meeting"

    def _after_transition(self, previous, reason):
        super()._after_transition(previous, reason)
        for state, meetings in self.sudo().grouped("state").items():  # sudo: see _transition
            before = {meeting.id: previous[meeting.id] for meeting in meetings}
            if state == "called":
                meetings._became_called(before)
            elif state == "held":
                meetings._became_held(before)
            elif state == "distributed":
                meetings._became_distributed(before)
            elif state == "cancelled":
                meetings._became_cancelled(before, reason)

    # hooks of the layers above: superuser, ``previous`` is a dict id → state before

    def _became_called(self, previous):
        """The notice goes out."""

    def _became_held(self, previous):
        """The meeting has taken place; coming from ``distributed`` its minutes are taken back for a correction."""

    def _became_distributed(self, previous):
        """The minutes have gone out."""

    def _became_cancelled(self, previous, reason):
        """The meeting does not take place."""

    def _transition(self, state, reason=None, values=None):
        """Refuse to count a meeting as held without its times: clocks run from them (C3)."""
        if state == "held" and "actual_stop" not in (values or {}):
            self.check_access("read")  # first: the message names the meeting
            for meeting in self.sudo().filtered(lambda item: item.state in ("draft", "called")):  # sudo: the state decides
                raise UserError(self.env._(
                    "%(meeting)s has no minutes to correct yet: say first that it was held.", meeting=meeting.display_name
                ))
        return super()._transition(state, reason, values)

    # -- verbs -------------------------------------------------------------------------------------------------------

    def action_submit(self):
        """Hand the meeting in: the same as calling it."""
        return self.action_call()

    def action_call(self):
        """Send the notice with agenda and material (C2): those invited find the meeting in their calendars.

        :raise UserError: something is missing that a notice must say
        """
        self.check_access("read")  # first: the message names the meeting
        for meeting in self.sudo():  # sudo: whether it is complete, not what it says
            meeting._check_complete()
        for late, meetings in self.sudo().grouped(lambda meeting: meeting._is_notice_late()).items():
            meetings.with_env(self.env)._transition("called", values={"called_on": clock.now(), "notice_late": late})
        return True

    def _is_notice_late(self):
        due = self._notice_due()
        return bool(due and due < clock.now())

    def _check_complete(self):
        """Refuse a notice that says too little."""
        missing = self._missing_for_notice()
        if missing:
            raise UserError(self.env._(
                "%(meeting)s: the notice cannot go out yet. %(missing)s",
                meeting=self.display_name, missing=" ".join(missing),
            ))

    def _missing_for_notice(self):
        """Return in sentences what is missing before the notice may go out."""
        found = []
        if not self.date_start:
            found.append(self.env._("Beginning: say when the meeting takes place."))
        elif self.date_stop and self.date_stop <= clock.now():
            found.append(self.env._("Beginning: this time has passed; choose a later one, or say that the meeting was held."))
        if not self._participants() - self.organiser_id.partner_id:
            found.append(self.env._("Attendees: invite at least one person besides the organiser."))
        if self.is_cross_department and not self.agenda_ids:
            found.append(self.env._("Agenda: write at least one item, so that the others can prepare."))
        if self.type_id.needs_material and not self.agenda_ids.attachment_ids:
            found.append(self.env._(
                "Material: a meeting of the kind “%(kind)s” needs some; attach it to an item of the agenda.",
                kind=self.type_id.name,
            ))
        return found

    def action_hold(self, start=None, stop=None):
        """Say that the meetings took place (C3 starts at the end).

        :param start: when it began, naive UTC; default: as planned
        :param stop: when it ended, naive UTC; default: as planned, but not later than now
        :raise ValidationError: it cannot have taken place in the future, or have ended before it began
        """
        now = clock.now()
        start, stop = self._moment_of("actual_start", start), self._moment_of("actual_stop", stop)
        for meeting in self:
            begun = start or min(meeting.date_start or now, now)
            ended = stop or max(min(meeting.date_stop or now, now), begun)
            meeting._check_times(begun, ended)
            meeting._transition("held", values={"actual_start": begun, "actual_stop": ended})
        return True

    def _moment_of(self, name, value):
        """Return what a program sent as a moment, checked; None when it sent none."""
        if not value:
            return None
        try:
            return self._fields[name].convert_to_cache(value, self)
        except (TypeError, ValueError, AttributeError) as error:
            raise ValidationError(self.env._(
                "%(field)s: “%(value)s” is no date and time; write it like 2026-11-25 09:00:00.",
                field=self._fields[name]._description_string(self.env), value=value,
            )) from error

    def _check_times(self, begun, ended):
        now = clock.now()
        if begun > now or ended > now:
            raise ValidationError(self.env._("Actual end: the meeting cannot have taken place in the future."))
        if ended < begun:
            raise ValidationError(self.env._("Actual end: choose a time after the actual start."))

    def action_return(self, reason=None):
        """A meeting is not returned."""
        raise UserError(self.env._("A meeting is not returned: correct its minutes, or cancel it."))

    def action_accept(self, *decision):
        """A meeting is not accepted."""
        raise UserError(self.env._("A meeting is not accepted: its attendees confirm the minutes."))
