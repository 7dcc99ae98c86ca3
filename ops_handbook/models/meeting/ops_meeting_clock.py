from datetime import timedelta

from odoo import api, models

from ...tools import clock
from ...tools.moments import DAY, local_date
from ...tools.recurrence import period_bounds, period_of
from ...tools.saying import saying


class OpsMeeting(models.Model):
    """Which clocks run: C2 until the notice is out, C3 from the end until the minutes are, M5 of the department's week."""

    _inherit = "ops.meeting"

    def _clock_named(self, role):
        """Where nobody writes the minutes any more, whoever called the meeting answers for them (C3)."""
        recorder = self.recorder_id
        if role == "recorder" and not (recorder.active and not recorder.share):
            return self.organiser_id
        return super()._clock_named(role)

    # -- C2 ----------------------------------------------------------------------------------------------------------

    def _sync_notice_clock(self, reason):
        """Let C2 run for just those of these meetings that are planned and concern several departments."""
        planned = self.sudo().filtered(lambda meeting: meeting.state == "draft")  # sudo: the clocks are the engine's
        if not planned:
            return
        known = {item.source_id: item.state for item in planned._obligations_of("C2")}
        wanted = planned.filtered(lambda meeting: meeting.is_cross_department and meeting.date_start)
        if dropped := (planned - wanted).filtered(lambda meeting: known.get(meeting.id) in ("open", "held")):
            dropped._cancel_clock("C2", reason)
        if again := wanted.filtered(lambda meeting: known.get(meeting.id) == "cancelled"):
            again._reopen_clock("C2", reason)
        if new := wanted.filtered(lambda meeting: meeting.id not in known):
            new._start_notice_clock(new._moments("date_start"))
        if running := wanted.filtered(lambda meeting: meeting.id in known):
            running._move_notice_clock(running._moments("date_start"), reason)

    def _start_notice_clock(self, events):
        """Start C2; what has not gone out when the meeting begins is missed.

        :param dict events: id → start of the meeting, naive UTC
        """
        self._start_clock("C2", event=events, close=events, responsible={
            meeting.id: meeting.organiser_id for meeting in self
        })

    def _move_notice_clock(self, events, reason):
        self._forget_obligations()
        self.env["ops.obligation"]._move_event("C2", self, events, reason, close=events)

    def _obligations_of(self, code):
        # sudo: the process asks about its own clocks
        return self.env["ops.obligation"].sudo().search([
            ("code", "=", code), ("source_model", "=", self._name), ("source_id", "in", self.ids),
        ])

    def _moments(self, name):
        return {meeting.id: meeting[name] for meeting in self}

    def _notice_due(self):
        """Return until when the notice must be out (C2), naive UTC; None where no rule says so."""
        standard = self.env["ops.standard"]._get("C2", self.company_id)
        if not standard or not self.is_cross_department or not self.date_start:
            return None
        revision = standard._revision_at(clock.today(self.company_id._ops_tz()))
        return standard._due_of_event(revision, self.company_id, self.date_start)

    # -- what the steps do to the clocks -----------------------------------------------------------------------------

    def _became_called(self, previous):
        super()._became_called(previous)
        self._fulfil("C2")

    def _became_held(self, previous):
        super()._became_held(previous)
        held = self.filtered(lambda meeting: previous[meeting.id] != "distributed")
        across = held.filtered("is_cross_department")
        across.filtered(lambda meeting: previous[meeting.id] == "draft")._clock_no_notice()
        across._start_minutes_clock()
        held._clock_week()

    def _clock_no_notice(self):
        """A meeting that was held without any notice: C2 was missed, by when it really began."""
        if not self:
            return
        begun = self._moments("actual_start")
        self._start_notice_clock(begun)
        closes = {meeting_id: moment - timedelta(seconds=1) for meeting_id, moment in begun.items()}
        self.env["ops.obligation"]._move_event("C2", self, begun, saying(self.env)._("Held without a notice."), close=closes)
        self._fulfil("C2")

    def _start_minutes_clock(self):
        """C3: 24 hours from the end that was recorded; the recorder answers, without one the organiser."""
        self._start_clock("C3", start=self._moments("actual_stop"), responsible={
            meeting.id: meeting._clock_named("recorder") for meeting in self
        })

    def _clock_week(self):
        """M5: the weekly meeting that was held is the one that its department owed for that week."""
        for meeting in self.filtered(lambda meeting: meeting.kind == "weekly" and meeting._counts_for_week()):
            self.env["ops.obligation"]._fulfil_domain("M5", [
                ("company_id", "=", meeting.company_id.id), ("department_id", "=", meeting.department_id.id),
                ("period", "=", meeting._held_week()),
            ], moment=meeting.actual_stop, form=meeting)

    def _counts_for_week(self):
        """Tell whether the meeting is its department's own: nobody meets for others.

        Whoever called or led it works there, acts for it, or belongs to an office.
        """
        people = self.organiser_id | self.chair_id
        return bool(
            self.department_id & (people.ops_home_department_ids | people.ops_department_ids)
            or self.department_id and any(person._ops_offices() for person in people)
        )

    def _held_week(self):
        return period_of(local_date(self.actual_start, self.company_id._ops_tz()), "weekly")

    @api.model
    def _clock_met_domain(self, code, obligations):
        """The weekly meetings of the weeks asked for, a day on either side for the time zones."""
        if code != "M5":
            return super()._clock_met_domain(code, obligations)
        bounds = [period_bounds(period) for period in set(obligations.mapped("period"))]
        return [
            ("kind", "=", "weekly"), ("actual_start", ">=", min(first for first, _last in bounds) - DAY),
            ("actual_start", "<=", max(last for _first, last in bounds) + 2 * DAY),
        ]

    def _clock_met_key(self, code):
        if code != "M5":
            return super()._clock_met_key(code)
        return self.company_id.id, self._counts_for_week() and self.department_id.id, None, self._held_week()

    def _clock_met_on(self, code):
        return self.actual_stop if code == "M5" else super()._clock_met_on(code)

    def _became_distributed(self, previous):
        super()._became_distributed(previous)
        self._fulfil("C3")

    # -- people change -----------------------------------------------------------------------------------------------

    def _clock_handed_over(self, names):
        """Let whoever has taken over answer for what is open; ``names`` are the fields that changed."""
        if "organiser_id" in names:
            self._hand_over_clock("C2", "organiser")
        if names & {"organiser_id", "recorder_id"}:
            self._hand_over_clock("C3", "recorder")

    def _hand_over_clock(self, code, role):
        self._forget_obligations()
        self.env["ops.obligation"]._hand_over(code, self, saying(self.env)._("The meeting has another person in charge."), role=role)

    def _obligation_defaults(self, obligation):
        """A department's weekly meeting (M5) begins as one of that kind."""
        values = super()._obligation_defaults(obligation)
        if obligation.code == "M5":
            kind = self.env["ops.meeting.type"].search([("kind", "=", "weekly")], limit=1)
            values.update(type_id=kind.id, name=kind.name)
        return values
