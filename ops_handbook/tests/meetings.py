"""Meetings in every state, for the tests of process 3."""

from odoo.fields import Command

from .engine import EngineCase


class MeetingCase(EngineCase):
    """Meetings of ``head``, minuted by ``employee``, with the workshop and Sales; Wednesday 25 November 2026, 09:00."""

    START = "2026-11-25 09:00"
    STOP = "2026-11-25 10:30"
    PLANNED = "2026-11-18 10:00"  # Wednesday a week before

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Meeting = cls.env["ops.meeting"]
        cls.contact = cls.env["res.partner"].create({
            "name": "Customer, without a login", "email": "customer@test.example.com", "tz": "Europe/London",
        })

    @classmethod
    def kind(cls, kind):
        return cls.env["ops.meeting.type"].search([("kind", "=", kind)], limit=1)

    def values(self, attendees=(), kind="general", **values):
        return {
            "name": "Paint line", "type_id": self.kind(kind).id, "recorder_id": self.employee.id,
            "date_start": self.utc(self.START), "date_stop": self.utc(self.STOP),
            "agenda_ids": [Command.create({"name": "Where we stand"})],
            "attendee_ids": [
                Command.create({("user_id" if one._name == "res.users" else "partner_id"): one.id})
                for one in attendees or (self.liaison,)
            ],
            **values,
        }

    def plan(self, user=None, at=PLANNED, **values):
        """Return a draft, planned by ``user`` at a local time."""
        with self.at(at):
            return self.Meeting.with_user(user or self.head).create(self.values(**values))

    def call(self, meeting=None, at=PLANNED, **values):
        """Return a meeting whose notice has gone out."""
        meeting = meeting or self.plan(at=at, **values)
        with self.at(at):
            meeting.action_call()
        return meeting

    def hold(self, meeting=None, at=STOP, start=None, stop=None, **values):
        """Return a meeting that was held."""
        meeting = meeting or self.call(**values)
        with self.at(at):
            meeting.action_hold(start and self.utc(start), stop and self.utc(stop))
        return meeting

    def event(self, meeting):
        return meeting.sudo().event_id

    def clock_of(self, meeting, code):
        """Return the one obligation of a standard that the meeting started; empty when there is none."""
        found = self.Obligation.search([
            ("code", "=", code), ("source_model", "=", "ops.meeting"), ("source_id", "=", meeting.id),
        ])
        self.assertLessEqual(len(found), 1)
        return found

    def result(self, meeting, code, at):
        with self.at(at):
            obligation = self.clock_of(meeting, code)
            obligation.invalidate_recordset(["result"])
            return obligation.result

    def queue(self, meeting, **leaves):
        return self.env["ops.meeting.invitation"].sudo().search([
            ("meeting_id", "=", meeting.id), *((name, "=", value) for name, value in leaves.items()),
        ])

    def send(self, meeting, at=PLANNED):
        """Run the job of the invitations; return the mails that it queued."""
        mails = self.env["mail.mail"].sudo()
        last = mails.search([], order="id desc", limit=1).id or 0
        self.env.flush_all()
        self.run_cron("ops_meeting_cron_invitations", at)
        self.env.invalidate_all()
        return mails.search([("id", ">", last)], order="id")

    def mail_to(self, mails, partner):
        return mails.filtered(lambda mail: partner in mail.recipient_ids)
