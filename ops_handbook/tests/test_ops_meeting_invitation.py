"""The mails of meetings: valid calendar files, in the receiver's language and time zone, never rendered in the request."""

import datetime
from email import message_from_bytes, policy
from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import tagged

from ..tools.icalendar import unfolded
from .meetings import MeetingCase

MANY = 200


@tagged("post_install", "-at_install")
class TestOpsMeetingInvitation(MeetingCase):
    def calendar(self, mail):
        """Return the calendar file of a mail as a list of lines."""
        self.assertEqual(mail.attachment_ids.mapped("mimetype"), ["text/calendar"])
        return unfolded(mail.attachment_ids.raw.decode())

    def line(self, lines, name):
        return next((line.split(":", 1)[1] for line in lines if line.startswith((f"{name}:", f"{name};"))), None)

    # -- what a mail says ----------------------------------------------------------------------------------------------

    def test_nothing_is_rendered_in_the_request(self):
        with self.at(self.PLANNED), patch.object(
            type(self.env["ops.notice"]), "_queue", side_effect=AssertionError("rendered in the request")
        ):
            meeting = self.call()
            meeting.date_start = self.utc("2026-11-26 14:00")
        self.assertEqual(self.queue(meeting, state="pending").partner_id, (self.employee | self.liaison).partner_id)

    def test_an_invitation(self):
        """UID, SEQUENCE, method, organiser and attendees; agenda and material; a button for those who can log in."""
        meeting = self.plan(attendees=[self.liaison, self.contact], location="Room 1, floor 2")
        file = self.env["ir.attachment"].with_user(self.head).create({"name": "figures.txt", "raw": b"1"})
        meeting.agenda_ids[0].write({"attachment_ids": [Command.link(file.id)], "presenter_id": self.liaison.id})
        mails = self.send(self.call(meeting))
        self.assertEqual(len(mails), 3, "everybody but the organiser")
        mail = self.mail_to(mails, self.liaison.partner_id)
        lines = self.calendar(mail)
        for name, value in (("METHOD", "REQUEST"), ("SEQUENCE", "0"), ("DTSTART", "20261125T010000Z"),
                            ("DTEND", "20261125T023000Z"), ("SUMMARY", "Paint line"), ("LOCATION", r"Room 1\, floor 2"),
                            ("ORGANIZER", f"mailto:{self.head.email}"), ("STATUS", "CONFIRMED")):
            self.assertEqual(self.line(lines, name), value)
        attendees = {line.rsplit("mailto:", 1)[1] for line in lines if line.startswith("ATTENDEE")}
        self.assertEqual(attendees, {user.email for user in (self.head, self.employee, self.liaison)} | {self.contact.email})
        self.assertTrue(mail.ops_notice)
        self.assertIn("Where we stand", mail.body_html)
        self.assertIn(f"/odoo/ops.meeting/{meeting.id}", mail.body_html)
        self.assertIn(f"/web/content/{file.id}", mail.body_html)
        self.assertIn("9:00", mail.body_html)
        self.assertEqual(mail.reply_to, self.head.email_formatted)
        self.assertFalse(mail.model or mail.res_id, "on no document")

    def test_without_a_login(self):
        """A contact gets their own time zone and links to reply, no link that asks for a login."""
        meeting = self.plan(attendees=[self.contact])
        file = self.env["ir.attachment"].with_user(self.head).create({"name": "figures.txt", "raw": b"1"})
        meeting.agenda_ids[0].attachment_ids = [Command.link(file.id)]
        mail = self.mail_to(self.send(self.call(meeting)), self.contact)
        row = self.event(meeting).attendee_ids.filtered(lambda item: item.partner_id == self.contact)
        self.assertIn(f"/calendar/meeting/accept?token={row.access_token}", mail.body_html)
        self.assertIn("1:00", mail.body_html)
        self.assertIn("Europe/London", mail.body_html)
        self.assertNotIn("/web/content", mail.body_html)
        self.assertNotIn("/odoo/ops.meeting", mail.body_html)
        self.assertIn("ask the organiser", mail.body_html)

    def test_in_the_receivers_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.liaison.lang = "zh_CN"
        template = self.env.ref("ops_handbook.ops_meeting_mail_invitation")
        template.with_context(lang="zh_CN").subject = "会议邀请:{{ object.name }}"
        mails = self.send(self.call())
        self.assertEqual(self.mail_to(mails, self.liaison.partner_id).subject, "会议邀请:Paint line")
        self.assertTrue(self.mail_to(mails, self.employee.partner_id).subject.startswith("Invitation: Paint line"))

    def test_mail_clients_see_an_invitation(self):
        """The calendar file is one of the alternatives of the text, with its method in the header, and a file besides."""
        mail = self.mail_to(self.send(self.call()), self.liaison.partner_id)
        with patch.object(type(self.env["ir.mail_server"]), "_disable_send", lambda servers: False):
            [(_server, message)] = mail._ops_prepare({})
        message = message_from_bytes(message.as_bytes(), policy=policy.default)
        parts = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
        self.assertEqual(len(parts), 2)
        self.assertEqual(parts[0]["content-type"].params.get("method"), "REQUEST")
        self.assertFalse(parts[0].get_filename())
        self.assertEqual(parts[1].get_filename(), "invite.ics")
        alternative = next(part for part in message.walk() if part.get_content_type() == "multipart/alternative")
        self.assertEqual(
            [part.get_content_type() for part in alternative.iter_parts()], ["text/plain", "text/html", "text/calendar"]
        )
        self.assertEqual(parts[0].get_content().replace("\r\n", "\n"), mail.attachment_ids.raw.decode().replace("\r\n", "\n"))

    def test_other_mails_stay_as_they_are(self):
        message = self.env["ir.mail_server"]._build_email__(
            email_from="a@example.com", email_to=["b@example.com"], subject="x", body="<p>x</p>", subtype="html",
            attachments=[("invite.ics", b"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\n", "text/calendar")],
        )
        self.assertEqual([part.get_content_type() for part in message.walk()].count("text/calendar"), 1)

    # -- changes -------------------------------------------------------------------------------------------------------

    def test_an_update_and_a_cancellation(self):
        """Moved: the same UID, SEQUENCE + 1; cancelled: METHOD CANCEL and one more; whoever cannot tell is told in words."""
        meeting = self.call()
        first = self.calendar(self.send(meeting)[0])
        with self.at(self.PLANNED):
            meeting.write({"date_start": self.utc("2026-11-26 14:00"), "location": "Room 2"})
        mails = self.send(meeting)
        self.assertEqual(len(mails), 2)
        second = self.calendar(mails[0])
        self.assertEqual((self.line(second, "SEQUENCE"), self.line(second, "METHOD")), ("1", "REQUEST"))
        self.assertEqual(self.line(second, "DTSTART"), "20261126T060000Z")
        self.assertIn("has changed", mails[0].body_html)
        with self.at(self.PLANNED):
            meeting.action_cancel("Postponed")
        mails = self.send(meeting)
        third = self.calendar(mails[0])
        self.assertEqual(
            (self.line(third, "SEQUENCE"), self.line(third, "METHOD"), self.line(third, "STATUS")),
            ("2", "CANCEL", "CANCELLED"),
        )
        self.assertEqual(len({self.line(lines, "UID") for lines in (first, second, third)}), 1)
        self.assertEqual(len(mails), 2)

    def test_taken_out_and_added(self):
        """Only those whom it concerns are told: the one taken out a cancellation that names nobody else."""
        meeting = self.call(attendees=[self.liaison, self.newcomer])
        self.send(meeting)
        line = meeting.attendee_ids.filtered(lambda item: item.user_id == self.liaison)
        with self.at(self.PLANNED):
            meeting.write({"attendee_ids": [Command.delete(line.id), Command.create({"user_id": self.colleague.id})]})
        mails = self.send(meeting)
        self.assertEqual(mails.recipient_ids, (self.liaison | self.colleague).partner_id)
        gone = self.calendar(self.mail_to(mails, self.liaison.partner_id))
        self.assertEqual(self.line(gone, "METHOD"), "CANCEL")
        self.assertEqual([line for line in gone if "mailto" in line and line.startswith("ATTENDEE")].__len__(), 1)
        new = self.calendar(self.mail_to(mails, self.colleague.partner_id))
        self.assertEqual(self.line(new, "METHOD"), "REQUEST")

    def test_what_was_not_sent_yet_is_sent_once(self):
        """Moved before the job came by: one invitation, with the latest time; taken out before: nothing at all."""
        meeting = self.call(attendees=[self.liaison, self.newcomer])
        line = meeting.attendee_ids.filtered(lambda item: item.user_id == self.newcomer)
        with self.at(self.PLANNED):
            meeting.date_start = self.utc("2026-11-26 14:00")
            meeting.location = "Room 3"
            meeting.write({"attendee_ids": [Command.delete(line.id)]})
        mails = self.send(meeting)
        self.assertEqual(mails.recipient_ids, (self.employee | self.liaison).partner_id)
        self.assertEqual(len(mails), 2)
        self.assertIn("you are invited", mails[0].body_html)
        self.assertEqual(self.line(self.calendar(mails[0]), "LOCATION"), "Room 3")
        self.assertFalse(self.send(meeting), "nothing is sent twice")

    def test_small_changes_disturb_nobody(self):
        meeting = self.call()
        self.send(meeting)
        with self.at(self.PLANNED):
            meeting.write({"note": "<p>Bring samples</p>", "agenda_ids": [Command.create({"name": "More"})]})
        self.assertFalse(self.send(meeting))

    def test_nothing_is_sent_of_the_past(self):
        meeting = self.call()
        self.send(meeting)
        with self.at("2026-11-25 12:00"):
            meeting.write({"attendee_ids": [Command.create({"user_id": self.colleague.id})]})
        self.assertFalse(self.queue(meeting, state="pending"))
        self.assertIn(self.colleague.partner_id, self.event(meeting).partner_ids)

    def test_broken_template_and_missing_address(self):
        """A text that an administrator has broken goes out in a plain one; whoever has no address is named on the form."""
        self.env.ref("ops_handbook.ops_meeting_mail_invitation").body_html = '<p t-out="object.nothing_of_the_kind"/>'
        self.contact.email = False
        meeting = self.call(attendees=[self.liaison, self.contact])
        with self.assertLogs("odoo.addons.ops_handbook", "ERROR"):
            mails = self.send(meeting)
        self.assertEqual(mails.recipient_ids, (self.employee | self.liaison).partner_id)
        self.assertTrue(mails[0].attachment_ids)
        self.assertEqual(meeting.no_email_names, self.contact.name)
        self.assertFalse(self.queue(meeting, state="pending"))

    def test_one_that_fails_does_not_hold_up_the_others(self):
        meeting, other = self.call(), self.call()
        original = type(self.env["ops.meeting.invitation"])._send

        def send(items, one):
            if one == meeting:
                raise ValueError("something")
            return original(items, one)

        with patch.object(type(self.env["ops.meeting.invitation"]), "_send", send), self.assertLogs(
            "odoo.addons.ops_handbook", "ERROR"
        ):
            mails = self.send(other)
        self.assertEqual(len(mails), 2)
        self.assertEqual(set(self.queue(meeting).mapped("state")), {"pending"}, "it is tried again later")
        self.assertFalse(self.send(meeting), "not at once")

    def test_what_fails_is_tried_again_and_given_up_in_the_end(self):
        meeting, day = self.call(), datetime.datetime(2026, 11, 20, 10)
        queue = self.env["ops.meeting.invitation"]
        with patch.object(type(queue), "_send", side_effect=ValueError("something")), self.assertLogs("odoo.addons.ops_handbook", "ERROR"):
            for number in range(5):
                self.run_cron("ops_meeting_cron_invitations", f"{day + number * datetime.timedelta(hours=9):%Y-%m-%d %H:%M}")
                self.assertEqual(set(self.queue(meeting).mapped("attempts")), {min(number + 1, 4)})
        self.assertEqual(set(self.queue(meeting).mapped("state")), {"failed"})

    # -- many ----------------------------------------------------------------------------------------------------------

    def test_two_hundred_attendees(self):
        """Calling a meeting costs the same for 200 attendees as for 20, and no mail is rendered in the request."""
        counts = {}
        for number in (20, MANY):
            partners = self.env["res.partner"].create([
                {"name": f"Guest {number} {index}", "email": f"guest{number}.{index}@test.example.com"}
                for index in range(number)
            ])
            meeting = self.plan(attendees=partners)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            with self.at(self.PLANNED):
                meeting.action_call()
                self.env.flush_all()
            counts[number] = self.cr.sql_log_count - before
            self.assertEqual(len(self.queue(meeting, state="pending")), number + 1)
        self.assertLessEqual(counts[MANY], counts[20] + 5, counts)
        self.assertLessEqual(counts[MANY], 60, counts)
        before = self.cr.sql_log_count
        mails = self.send(meeting)
        self.assertEqual(len(mails), MANY + 1 + 21, "both meetings")
        self.assertLessEqual(self.cr.sql_log_count - before, 150, "rendered in batches")
        self.assertLessEqual(len(mails.attachment_ids.ids), 3, "one calendar file for each meeting of a batch")
