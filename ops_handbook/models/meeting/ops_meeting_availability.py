from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools import token

REPLIES = [
    ("needsAction", "No Reply"), ("accepted", "Comes"), ("declined", "Cannot Come"), ("tentative", "Perhaps"),
]


class OpsMeetingAttendee(models.Model):
    """Whether those invited have time, and what they replied."""

    _inherit = "ops.meeting.attendee"

    is_busy = fields.Boolean(
        string="Busy", compute="_compute_is_busy", help="Something else stands in their calendar at that time."
    )
    reply = fields.Selection(REPLIES, compute="_compute_reply", help="Reply to the invitation, from the calendar.")
    has_email = fields.Boolean(compute="_compute_has_email", help="An invitation can be sent to them.")

    @api.depends("partner_id", "meeting_id.date_start", "meeting_id.date_stop")
    def _compute_is_busy(self):
        """One query for each meeting, whatever the number of those invited."""
        for meeting, attendees in self.grouped("meeting_id").items():
            busy = meeting._busy_partners(attendees.partner_id) if meeting else set()
            for attendee in attendees:
                attendee.is_busy = attendee.partner_id._origin.id in busy

    @api.depends("meeting_id.event_id")
    def _compute_reply(self):
        replies = self.meeting_id._replies()
        for attendee in self:
            attendee.reply = replies.get((attendee.meeting_id._origin.id, attendee.partner_id._origin.id), False)

    @api.depends("partner_id")
    def _compute_has_email(self):
        for attendee in self:
            attendee.has_email = bool(attendee.sudo().partner_id.email)  # sudo: whether there is one, not which


class OpsMeeting(models.Model):
    """Free time and replies, read from the calendar without showing anything else of it."""

    _inherit = "ops.meeting"

    busy_names = fields.Char(string="Busy Then", compute="_compute_busy_names")
    no_email_names = fields.Char(string="Without an Address", compute="_compute_busy_names")
    my_reply = fields.Selection(REPLIES, compute="_compute_my_reply")
    can_reply = fields.Boolean(compute="_compute_my_reply", help="The current user is invited and may reply.")

    @api.depends("attendee_ids.partner_id", "date_start", "date_stop")
    def _compute_busy_names(self):
        for meeting in self:
            lines = meeting.attendee_ids
            meeting.busy_names = ", ".join(line.sudo().partner_id.name or "" for line in lines if line.is_busy)  # sudo: names
            meeting.no_email_names = ", ".join(
                line.sudo().partner_id.name or "" for line in lines if line.partner_id and not line.has_email
            )

    def _busy_partners(self, partners):
        """Return the ids of those of ``partners`` who have something else in their calendar while the meeting lasts."""
        if not self.date_start or not self.date_stop or not partners:
            return set()
        # sudo: whether somebody is busy, nothing of what keeps them
        groups = self.env["calendar.attendee"].sudo()._read_group([
            ("partner_id", "in", partners.ids), ("state", "!=", "declined"),
            ("event_id.active", "=", True), ("event_id.show_as", "=", "busy"),
            ("event_id.start", "<", self.date_stop), ("event_id.stop", ">", self.date_start),
            ("event_id", "not in", self.event_id.ids),
        ], ["partner_id"])
        return {partner.id for (partner,) in groups}

    def _replies(self, partners=None):
        """Return the replies in the calendar: dict (meeting id, partner id) → reply.

        :param partners: whose; default: of everybody who is invited
        """
        events = {meeting.sudo().event_id.id: meeting._origin.id for meeting in self if meeting.sudo().event_id}
        domain = [("event_id", "in", list(events)), *([("partner_id", "in", partners.ids)] if partners else [])]
        # sudo: what those invited replied is for all who may read the meeting
        rows = self.env["calendar.attendee"].sudo().search_fetch(domain, ["event_id", "partner_id", "state"]) if events else ()
        return {(events[row.event_id.id], row.partner_id.id): row.state for row in rows}

    @api.depends("event_id", "state")
    @api.depends_context("uid")
    def _compute_my_reply(self):
        partner = self.env.user.partner_id
        replies = self._replies(partner)
        for meeting in self:
            meeting.my_reply = replies.get((meeting._origin.id, partner.id), False)
            meeting.can_reply = bool(
                meeting.my_reply and meeting.state == "called" and meeting.organiser_id != self.env.user
            )

    def action_accept_invitation(self):
        """Reply that one comes; in one's own name."""
        return self._reply("accepted")

    def action_decline_invitation(self):
        """Reply that one cannot come; in one's own name."""
        return self._reply("declined")

    def _reply(self, state):
        self.check_access("read")
        partner = self.env.user.partner_id
        for meeting in self:
            # sudo: the row of whoever replies, and nothing else of the event
            row_sudo = meeting.sudo().event_id.attendee_ids.filtered(lambda item: item.partner_id == partner)
            if not row_sudo or meeting.state != "called":
                raise UserError(self.env._(
                    "You cannot reply to %(meeting)s: you are not invited, or it is over.", meeting=meeting.display_name
                ))
            token.CALENDAR.on(row_sudo).write({"state": state})
        self.invalidate_recordset(["my_reply", "can_reply"], flush=False)
        return True
