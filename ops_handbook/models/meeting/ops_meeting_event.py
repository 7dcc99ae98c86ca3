from odoo import api, fields, models
from odoo.fields import Command

from ...tools import clock, token
from ...tools.links import is_link

# of the meeting → of the event; a change of one of these is told to those invited
FOLLOWED = {
    "name": "name", "date_start": "start", "date_stop": "stop", "location": "location", "videocall_url": "videocall_location",
    "organiser_id": "user_id",
}
TIMES = {"start", "stop"}
# nothing of Odoo's own is sent: it is rendered for each attendee in the request
# the calendar takes the record that a client has open for what the event is about
NOT_FROM_A_RECORD = {"active_model": None, "active_id": None, "active_ids": None}
SILENT = {
    "no_mail_to_attendees": True, "skip_attendee_notification": True, "dont_notify": True, "skip_contact_description": True,
    "tracking_disable": True, "mail_create_nolog": True, "mail_create_nosubscribe": True, "mail_notrack": True,
}


class OpsMeeting(models.Model):
    """The event in the calendars of those invited: private, without content, and written from here alone."""

    _inherit = "ops.meeting"

    invite_sequence = fields.Integer(
        readonly=True, copy=False, default=0, help="Grows with each change that those invited are told."
    )

    def _participants(self):
        """Return the contacts who are invited: the attendees and those whom the meeting names (sudo)."""
        meeting_sudo = self.sudo()  # sudo: an attendee may be a contact that the writer may not read
        named = meeting_sudo.organiser_id | meeting_sudo.recorder_id | meeting_sudo.chair_id
        return meeting_sudo.attendee_ids.partner_id | named.partner_id

    def _calendar(self):
        """Return the model of the events, marked as ours (sudo)."""
        # sudo: whoever may write the meeting need not be among those who may write its private event
        events = self.env["calendar.event"].sudo().with_context(**SILENT, **NOT_FROM_A_RECORD, active_test=False)
        return token.CALENDAR.on(events)

    def _event_values(self):
        values = {event: self._fields[name].convert_to_write(self[name], self) for name, event in FOLLOWED.items()}
        if not is_link(values["videocall_location"]):  # the calendar would make an address of its own of it
            values["videocall_location"] = False
        return values

    # -- with the steps ------------------------------------------------------------------------------------------------

    def _became_called(self, previous):
        super()._became_called(previous)
        new = self.filtered(lambda meeting: not meeting.event_id)
        events = self._calendar().create([
            {
                **meeting._event_values(),
                "ops_linked": True,
                "privacy": "private",
                "show_as": "busy",
                "allday": False,
                "description": False,
                "activity_ids": [Command.clear()],  # Odoo would plan an activity on what an event is about
                "res_model_id": self.env["ir.model"]._get_id(self._name),
                "res_id": meeting.id,
                "partner_ids": [Command.set(meeting._participants().ids)],
                "alarm_ids": [Command.set(meeting.type_id.alarm_ids.ids)],
            }
            for meeting in new
        ])
        for meeting, event in zip(new, events, strict=True):
            token.marked(meeting).write({"event_id": event.id})
        new._accept_for_organiser()
        for meeting in new:
            meeting._invite(meeting._participants(), "invitation")

    def _accept_for_organiser(self):
        """Whoever calls the meeting comes."""
        calendar = self._calendar()
        for meeting in self:
            event = calendar.browse(meeting.event_id.id)
            own = event.attendee_ids.filtered(lambda item, user=meeting.organiser_id: item.partner_id == user.partner_id)
            own.write({"state": "accepted"})

    def _became_cancelled(self, previous, reason):
        super()._became_cancelled(previous, reason)
        for meeting in self.filtered("event_id"):
            meeting._raise_sequence()
            meeting._invite(meeting._calendar().browse(meeting.event_id.id).partner_ids, "cancellation")
        events = self._calendar().browse(self.event_id.ids)
        events.write({"active": False})

    def _raise_sequence(self):
        token.marked(self).write({"invite_sequence": self.invite_sequence + 1})

    # -- with changes --------------------------------------------------------------------------------------------------

    def _sync_events(self):
        """Let the events of the meetings that have been called follow them, and tell those whom it concerns."""
        for meeting in self.sudo().filtered(lambda item: item.state == "called" and item.event_id):  # sudo: see _calendar
            meeting._sync_event()

    def _sync_event(self):
        event, wanted = self._calendar().browse(self.event_id.id), self._participants()
        present, values = event.partner_ids, self._event_values()
        changed = {
            name: value for name, value in values.items()
            if event._fields[name].convert_to_write(event[name], event) != value
        }
        added, removed = wanted - present, present - wanted
        moved = changed.keys() & TIMES
        if changed:
            # both times or none: of one alone the calendar keeps the length that the event had
            event.write(changed | {name: values[name] for name in TIMES if moved})
            if moved:  # whoever had accepted has not accepted this
                event.attendee_ids.write({"state": "needsAction"})
                self._accept_for_organiser()
        if added or removed:
            event.write({"partner_ids": [
                *(Command.link(partner.id) for partner in added), *(Command.unlink(partner.id) for partner in removed),
            ]})
        if changed or removed:
            self._raise_sequence()
        self._invite(removed, "cancellation")
        self._invite(wanted - added if changed else added.browse(), "update")
        self._invite(added, "invitation")

    def _invite(self, partners, kind):
        """Queue what ``partners`` are told; nothing of a meeting that is over, nothing to whoever calls it."""
        self.ensure_one()
        told = partners - self.organiser_id.partner_id
        if told and self.date_stop and self.date_stop > clock.now():
            self.env["ops.meeting.invitation"]._enqueue(self, told, kind)

    @api.model
    def _unlink_events(self):
        """Take the events of meetings out of all calendars: the addon is being removed."""
        self._calendar().search([("ops_linked", "=", True)]).unlink()
