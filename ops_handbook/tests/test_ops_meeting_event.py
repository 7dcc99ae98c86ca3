"""The events of meetings: private, written by the meeting alone, whatever somebody tries in the calendar."""

import logging

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from ..models.meeting import calendar_event_sync
from .meetings import MeetingCase

FORGED = [
    {"ops_calendar_token": True}, {"ops_calendar_token": "<ops token>"}, {"ops_token": {}}, {"dont_notify": True},
    {"is_calendar_event_new": True}, {"install_mode": True}, {"import_file": True}, {"active_test": False},
    {"default_ops_linked": False}, {"skip_attendee_notification": True}, {"archive_on_error": True},
]


@tagged("post_install", "-at_install")
class TestOpsMeetingEvent(MeetingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._create_user("contacts", "base.group_partner_manager")
        cls.system = cls._create_user("system", "base.group_system")

    def snapshot(self, event):
        self.env.flush_all()
        self.env.invalidate_all()
        event = event.sudo()
        names = ("name", "start", "stop", "location", "active", "privacy", "recurrency", "ops_linked", "res_id", "show_as")
        return [event[name] for name in names] + [
            sorted(event.partner_ids.ids), sorted(event.attendee_ids.mapped(lambda row: (row.partner_id.id, row.state))),
            event.recurrence_id.id, event.user_id.id,
        ]

    def refuse(self, event, attempt, *args, **kwargs):
        before = self.snapshot(event)
        with self.assertRaises(UserError), self.cr.savepoint():
            attempt(*args, **kwargs)
            self.env.flush_all()
        self.assertEqual(self.snapshot(event), before)

    # -- what it is ----------------------------------------------------------------------------------------------------

    def test_the_event_of_a_meeting(self):
        meeting = self.call(attendees=[self.liaison, self.contact], location="Room 1")
        event = self.event(meeting)
        self.assertEqual((event.name, event.location, event.user_id), ("Paint line", "Room 1", self.head))
        self.assertEqual((event.start, event.stop), (self.utc(self.START), self.utc(self.STOP)))
        self.assertEqual((event.privacy, event.show_as, event.ops_linked), ("private", "busy", True))
        self.assertEqual(
            event.partner_ids,
            (self.head | self.employee | self.liaison).partner_id | self.contact,
        )
        self.assertFalse(event.description or event.message_ids or event.activity_ids or meeting.activity_ids)
        self.assertEqual((event.res_model, event.res_id), ("ops.meeting", meeting.id))
        own = event.attendee_ids.filtered(lambda row: row.partner_id == self.head.partner_id)
        self.assertEqual(own.state, "accepted")
        self.assertTrue(event.alarm_ids)

    def test_whatever_record_a_client_has_open(self):
        """Odoo's calendar invites the contact whose form is open, and links the record; a meeting does neither."""
        for context in ({"active_model": "res.partner", "active_id": self.colleague.partner_id.id}, {"active_model": 5}):
            meeting = self.plan()
            self.call(meeting.with_context(**context))
            event = self.event(meeting)
            self.assertEqual((event.res_model, event.res_id), ("ops.meeting", meeting.id))
            self.assertNotIn(self.colleague.partner_id, event.partner_ids)

    def test_it_follows_the_meeting(self):
        """Moved: the same event at another time, and replies are asked for anew; the others taken in and out; cancelled: gone."""
        meeting = self.call()
        event = self.event(meeting)
        with self.at(self.PLANNED):
            meeting.with_user(self.liaison).action_accept_invitation()
            meeting.write({"date_start": self.utc("2026-11-26 14:00"), "location": "Room 2"})
            self.assertEqual((event.start, event.location), (self.utc("2026-11-26 14:00"), "Room 2"))
            self.assertEqual(meeting.with_user(self.liaison).my_reply, "needsAction")
            self.assertEqual(self.event(meeting), event)
            line = meeting.attendee_ids.filtered(lambda item: item.user_id == self.liaison)
            meeting.write({"attendee_ids": [Command.delete(line.id), Command.create({"user_id": self.colleague.id})]})
            self.assertEqual(event.partner_ids, (self.head | self.employee | self.colleague).partner_id)
            self.assertEqual(event.attendee_ids.partner_id, event.partner_ids)
            meeting.action_cancel("Postponed")
        self.assertFalse(event.active)

    def test_only_its_beginning_is_moved(self):
        """Longer by an hour: the event lasts as long as the meeting, and a change of something else disturbs nobody."""
        meeting = self.call()
        event = self.event(meeting)
        with self.at(self.PLANNED):
            meeting.write({"date_start": self.utc("2026-11-25 08:00"), "date_stop": self.utc(self.STOP)})
            self.assertEqual((event.start, event.stop), (self.utc("2026-11-25 08:00"), self.utc(self.STOP)))
            meeting.with_user(self.liaison).action_accept_invitation()
            sequence = meeting.invite_sequence
            meeting.write({"attendee_ids": [Command.create({"user_id": self.colleague.id})]})
            self.assertEqual((meeting.with_user(self.liaison).my_reply, meeting.invite_sequence), ("accepted", sequence))

    def test_a_video_call_is_a_link(self):
        """What a calendar cannot open is refused, and what was entered before goes into no calendar."""
        meeting = self.call(videocall_url="https://meeting.example.com/1")
        self.assertEqual(self.event(meeting).videocall_location, "https://meeting.example.com/1")
        for text in ("meeting.example.com/1", "腾讯会议 123-456-789", "javascript:alert(1)"):
            with self.refused(ValidationError, "Video call"):
                meeting.videocall_url = text
        self.env.cr.execute("UPDATE ops_meeting SET videocall_url = '123-456-789' WHERE id = %s", [meeting.id])
        meeting.invalidate_recordset()
        with self.at(self.PLANNED):
            meeting.location = "Room 2"
            self.assertFalse(self.event(meeting).videocall_location)
            sequence = meeting.invite_sequence
            meeting.write({"attendee_ids": [Command.create({"user_id": self.colleague.id})]})
            self.assertEqual(meeting.invite_sequence, sequence, "nothing changed for the others")

    # -- guards --------------------------------------------------------------------------------------------------------

    def test_nobody_edits_it_in_the_calendar(self):
        meeting = self.call()
        event = self.event(meeting)
        changes = (
            {"name": "Forged"}, {"start": self.utc("2026-12-01 09:00"), "stop": self.utc("2026-12-01 10:00")},
            {"privacy": "public"}, {"active": False}, {"description": "<p>Forged</p>"}, {"location": "Elsewhere"},
            {"partner_ids": [Command.link(self.colleague.partner_id.id)]}, {"user_id": self.liaison.id},
            {"recurrency": True, "rrule_type_ui": "weekly", "count": 3}, {"show_as": "free"}, {"ops_linked": False},
            {"res_id": 0}, {"alarm_ids": [Command.clear()]}, {"access_token": "guess"},
            {"attendee_ids": [Command.create({"partner_id": self.colleague.partner_id.id})]},
            {"attendee_ids": [Command.clear()]}, {"start": self.utc("2026-12-01 09:00"), "current_status": "accepted"},
        )
        for user in (self.head, self.liaison, self.operations, self.system):
            for values in changes:
                with self.subTest(user=user.login, values=values):
                    self.refuse(event, event.with_user(user).write, dict(values))
            self.refuse(event, event.with_user(user).unlink)
        self.refuse(event, event.sudo().write, {"name": "Forged"})

    def test_forged_contexts_open_nothing(self):
        event = self.event(self.call())
        for context in FORGED:
            forged = event.with_user(self.liaison).with_context(**context)
            self.refuse(event, forged.write, {"location": "Forged"})
            self.refuse(event, forged.unlink)

    def test_side_doors_of_the_calendar(self):
        meeting = self.call()
        event = self.event(meeting)
        own = event.with_user(self.liaison)
        for attempt in (
            own.copy, own.action_archive, own.action_sendmail, own.action_open_composer,
            lambda: own.action_join_meeting(self.colleague.partner_id.id),
            lambda: own.action_mass_archive("self_only"),
            lambda: own.env["calendar.recurrence"].create({"base_event_id": event.id, "rrule_type": "weekly"}),
            lambda: own.env["calendar.recurrence"].create({"calendar_event_ids": [Command.link(event.id)]}),
            lambda: own.web_save({"name": "Forged"}, {"name": {}}),
        ):
            if callable(attempt):
                self.refuse(event, attempt)
        error = own.load(["id", ".id", "name"], [["", str(event.id), "Forged"]])
        self.assertTrue(error["messages"])
        self.assertEqual(event.sudo().name, "Paint line")

    def test_attendees_cannot_be_tricked(self):
        """Nobody invites, takes out or replies for somebody else in the calendar, nor through the list of a contact."""
        event = self.event(self.call(attendees=[self.liaison, self.newcomer]))
        rows = {row.partner_id: row for row in event.attendee_ids}
        own, other = rows[self.liaison.partner_id], rows[self.newcomer.partner_id]
        attendees = self.env["calendar.attendee"]
        stranger = self.colleague
        for user in (self.liaison, self.head, stranger, self.system):
            self.refuse(event, attendees.with_user(user).create, {
                "event_id": event.id, "partner_id": stranger.partner_id.id,
            })
            self.refuse(event, other.with_user(user).write, {"state": "declined"})
            self.refuse(event, other.with_user(user).do_decline)
            self.refuse(event, other.with_user(user).unlink)
        self.refuse(event, own.with_user(self.liaison).write, {"event_id": False})
        self.refuse(event, own.with_user(self.liaison).write, {"state": "accepted", "access_token": "guess"})
        mine = self.env["calendar.event"].with_user(stranger).create({
            "name": "Mine", "start": self.utc(self.START), "stop": self.utc(self.STOP),
        })
        self.refuse(event, mine.attendee_ids.write, {"event_id": event.id})
        for partner in (stranger.partner_id, self.newcomer.partner_id):
            for command in (Command.link(event.id), Command.unlink(event.id), Command.clear(), Command.set([])):
                if command == Command.link(event.id) and partner == self.newcomer.partner_id:
                    continue
                if command != Command.link(event.id) and partner == stranger.partner_id:
                    continue
                self.refuse(event, partner.with_user(self.manager).write, {"meeting_ids": [command]})
        self.refuse(event, self.env["res.partner"].with_user(self.manager).create, {
            "name": "Spy", "meeting_ids": [Command.link(event.id)],
        })

    def test_replying_stays_possible(self):
        """Accept and decline: in the calendar, on the meeting, by the link of the mail; one at a time, in one's own name."""
        meeting = self.call(attendees=[self.liaison, self.contact])
        event = self.event(meeting)
        own = event.with_user(self.liaison)
        own.change_attendee_status("accepted", False)
        self.assertEqual(meeting.with_user(self.liaison).my_reply, "accepted")
        own.write({"current_status": "declined"})
        line = meeting.attendee_ids.filtered(lambda item: item.user_id == self.liaison)
        line.invalidate_recordset(["reply"])
        self.assertEqual(line.with_user(self.head).reply, "declined")
        meeting.with_user(self.liaison).action_accept_invitation()
        self.assertEqual(own.current_status, "accepted")
        guest = event.attendee_ids.filtered(lambda row: row.partner_id == self.contact)
        guest.sudo().do_accept()  # as the page behind the link does
        self.assertEqual(guest.state, "accepted")
        with self.assertRaises(UserError):
            meeting.with_user(self.operations).action_accept_invitation()

    def test_other_events_are_nobodys_business(self):
        event = self.env["calendar.event"].with_user(self.liaison).with_context(default_ops_linked=True).create({
            "name": "Mine", "start": self.utc(self.START), "stop": self.utc(self.STOP), "ops_linked": True,
            "partner_ids": [Command.set((self.liaison | self.employee).partner_id.ids)],
        })
        self.assertFalse(event.ops_linked)
        event.with_user(self.employee).write({"location": "Here"})
        event.write({"recurrency": True, "rrule_type_ui": "weekly", "rrule_type": "weekly", "wed": True, "count": 2})
        event.recurrence_id.calendar_event_ids.unlink()

    # -- who sees what -------------------------------------------------------------------------------------------------

    def test_colleagues_see_busy_only(self):
        meeting = self.call(location="Room 1", attendees=[self.liaison, self.branch_employee])
        event = self.event(meeting)
        self.env.flush_all()
        self.env.invalidate_all()
        for user in (self.colleague, self.operations, self.system):
            seen = event.with_user(user)
            values = seen.read(["name", "display_name", "location", "description", "res_id", "videocall_location"])[0]
            self.assertEqual((values["name"], values["display_name"]), ("Busy", "Busy"))
            self.assertFalse(values["location"] or values["res_id"])
            self.env.invalidate_all()
            events = self.env["calendar.event"].with_user(user)
            self.assertIn(event, events.search([("partner_ids", "in", self.liaison.partner_id.ids)]), "Busy is seen")
            for leaf in (("name", "ilike", "Paint"), ("location", "=", "Room 1"), ("display_name", "ilike", "Paint"),
                         ("res_model", "=", "ops.meeting"), ("attendee_ids.state", "=", "needsAction"), ("res_id", "=", meeting.id)):
                self.assertNotIn(event, events.search([leaf]), leaf)
                self.assertNotIn(event, events.search(["!", leaf]), leaf)
            rows = self.env["calendar.attendee"].with_user(user)
            self.assertFalse(rows.search([("event_id", "=", event.id)]))
            with self.assertRaises(AccessError):
                event.sudo().attendee_ids.with_user(user).read(["access_token"])
            self.assertFalse(self.liaison.partner_id.with_user(user).get_attendee_detail(event.ids))
        mine = self.env["calendar.event"].with_user(self.liaison)
        self.assertIn(event, mine.search([("name", "ilike", "Paint")]))
        self.assertEqual(
            self.env["calendar.attendee"].with_user(self.liaison).search([("event_id", "=", event.id)]).partner_id,
            self.liaison.partner_id, "the links by which others reply are theirs",
        )

    def test_removing_the_addon_takes_them_out(self):
        """Uninstall: no event of ours stays in anybody's calendar, not even that of a cancelled meeting."""
        event, cancelled = self.event(self.call()), self.call()
        with self.at(self.PLANNED):
            cancelled.action_cancel("Postponed")
        events = event | self.event(cancelled)
        self.Meeting._unlink_events()
        self.assertFalse(events.exists())

    # -- external calendars --------------------------------------------------------------------------------------------

    def test_an_external_calendar_does_not_break_on_a_meeting(self):
        """What Google or Microsoft say of a meeting is not taken over, and the run goes on; one's own reply is taken."""
        meeting = self.call()
        event = self.event(meeting).with_user(self.liaison)
        before = self.snapshot(event)[:10]
        mine, others = (event.sudo().attendee_ids.filtered(lambda row, user=user: row.partner_id == user.partner_id)
                        for user in (self.liaison, self.employee))
        values = {
            "name": "Moved in Google", "start": "2026-12-01 09:00:00", "need_sync": False, "partner_ids": [(3, self.head.partner_id.id)],
            "attendee_ids": [(1, mine.id, {"state": "accepted"}), (1, others.id, {"state": "declined"}), (2, others.id)],
        }
        with self.assertLogs(calendar_event_sync._logger, logging.INFO) as log:
            event._write_from_google(None, values)
            event._write_from_microsoft(None, {**values, "attendee_ids": []})
        self.assertEqual(len(log.output), 2)
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(self.snapshot(event)[:10], before)
        self.assertEqual((mine.state, others.state), ("accepted", "needsAction"))
        self.assertEqual(len(event.sudo().partner_ids), 3)
        self.assertEqual(event._ops_kept_from_sync(), event)
        free = self.env["calendar.event"].with_user(self.liaison).create({
            "name": "Own", "start": "2026-12-01 09:00:00", "stop": "2026-12-01 10:00:00",
        })
        self.assertFalse(free._ops_kept_from_sync())
