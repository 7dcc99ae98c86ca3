"""Meetings: planning, people, steps, who sees what."""

from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged, users
from odoo.tools import mute_logger

from .meetings import MeetingCase


@tagged("post_install", "-at_install")
class TestOpsMeeting(MeetingCase):
    # -- planning ------------------------------------------------------------------------------------------------------

    def test_a_new_meeting_begins_as_its_kind(self):
        """The agenda, the duration and the flag come from the kind, unless something else is said."""
        with self.at(self.PLANNED):
            meeting = self.Meeting.with_user(self.head).create({
                "name": "Kick-off", "type_id": self.kind("kick_off").id, "date_start": self.utc(self.START),
            })
        self.assertEqual(len(meeting.agenda_ids), 5)
        self.assertEqual((meeting.date_stop - meeting.date_start).total_seconds(), 1.5 * 3600)
        self.assertTrue(meeting.is_cross_department)
        self.assertEqual(meeting.kind, "kick_off")
        self.assertRegex(meeting.number, r"^MT-\d{4}-\d+$")

    def test_several_departments_make_it_cross_department(self):
        own = self.plan(attendees=[self.employee, self.newcomer])
        self.assertFalse(own.is_cross_department)
        own.write({"attendee_ids": [Command.create({"user_id": self.liaison.id})]})
        self.assertTrue(own.is_cross_department)

    def test_what_lies_below_a_department_belongs_to_it(self):
        own = self.plan(attendees=[self.colleague])
        self.assertEqual(own.attendee_ids.department_id, self.department | self.sub_department)
        self.assertFalse(own.is_cross_department)

    def test_whoever_is_named_attends(self):
        meeting = self.plan(chair_id=self.other_head.id)
        self.assertEqual(
            meeting.attendee_ids.user_id, self.head | self.employee | self.liaison | self.other_head
        )
        self.assertEqual(meeting.attendee_user_ids, meeting.attendee_ids.user_id)

    def test_nobody_calls_in_the_name_of_somebody_else(self):
        """Organiser: refused in create, in write and from a default of the client; offices may."""
        with self.assertRaises(ValidationError):
            self.plan(organiser_id=self.gm.id)
        meeting = self.plan()
        with self.assertRaises(ValidationError):
            meeting.write({"organiser_id": self.gm.id})
        with self.at(self.PLANNED):
            forged = self.Meeting.with_user(self.head).with_context(default_organiser_id=self.gm.id).create(self.values())
        self.assertEqual(forged.organiser_id, self.head)
        self.assertEqual(self.plan(self.operations, organiser_id=self.head.id).organiser_id, self.head)

    def test_the_list_for_the_rules_is_not_the_clients(self):
        """attendee_user_ids decides who reads: neither create, write nor a default says it."""
        for values, context in (({"attendee_user_ids": [Command.set([self.colleague.id])]}, {}),
                                ({}, {"default_attendee_user_ids": [self.colleague.id]})):
            with self.at(self.PLANNED):
                meetings = self.Meeting.with_user(self.head).with_context(**context)
                if values:
                    with self.assertRaises(UserError):
                        meetings.create(self.values(**values))
                else:
                    self.assertNotIn(self.colleague, meetings.create(self.values()).attendee_user_ids)
        meeting = self.plan()
        for name, value in (("attendee_user_ids", [Command.link(self.colleague.id)]), ("event_id", False),
                            ("notice_late", True), ("actual_stop", self.utc(self.STOP)), ("invite_sequence", 7)):
            with self.assertRaises(UserError, msg=name):
                meeting.write({name: value})

    def test_subjects_and_series_are_not_claimed(self):
        for values in ({"subject_model": "res.users", "subject_id": 1}, {"series_period": "2026-W48"}):
            with self.assertRaises(ValidationError):
                self.plan(**values)
            with self.assertRaises(ValidationError):
                self.plan().write(values)
        with self.at(self.PLANNED), self.assertRaises(ValidationError):
            self.Meeting.with_user(self.head).with_context(default_subject_model="x", default_subject_id=1).create(
                self.values()
            )

    def test_people_without_a_login_are_invited_as_contacts(self):
        with self.assertRaises(ValidationError):
            self.plan(attendees=[self.portal])
        with self.assertRaises(ValidationError):
            self.plan(recorder_id=self.portal.id)
        meeting = self.plan(attendees=[self.contact])
        self.assertIn(self.contact, meeting.attendee_ids.partner_id)

    def test_nobody_is_invited_twice(self):
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"):
            self.plan(attendees=[self.liaison, self.liaison.partner_id])

    def test_material_belongs_to_its_item(self):
        meeting = self.plan()
        files = self.env["ir.attachment"].with_user(self.head)
        file = files.create({"name": "figures.txt", "raw": b"1"})
        meeting.agenda_ids[0].attachment_ids = [Command.link(file.id)]
        self.assertEqual((file.res_model, file.res_id), ("ops.meeting.agenda", meeting.agenda_ids[0].id))
        foreign = self.env["ir.attachment"].with_user(self.operations).create({"name": "secret.txt", "raw": b"2"})
        with self.assertRaises(UserError):
            meeting.agenda_ids[0].attachment_ids = [Command.link(foreign.id)]

    # -- steps ---------------------------------------------------------------------------------------------------------

    def test_what_is_missing_is_said_at_once(self):
        """The notice names what it needs: a time, somebody invited, an agenda (C2), material where the kind asks for it."""
        meeting = self.plan(date_start=False, date_stop=False, kind="plan_review", agenda_ids=[])
        with self.at(self.PLANNED), self.assertRaises(UserError) as caught:
            meeting.action_call()
        for word in ("Beginning", "Agenda", "Material"):
            self.assertIn(word, str(caught.exception))
        alone = self.plan(attendees=[self.head], recorder_id=False)
        with self.at(self.PLANNED), self.assertRaisesRegex(UserError, "Attendees"):
            alone.action_call()
        with self.at("2026-12-01 09:00"), self.assertRaisesRegex(UserError, "passed"):
            self.plan().action_call()

    def test_the_way_of_a_meeting(self):
        meeting = self.hold(stop="2026-11-25 10:20")
        self.assertEqual(meeting.state, "held")
        self.assertEqual(meeting.actual_start, self.utc(self.START))
        self.assertEqual(meeting.actual_stop, self.utc("2026-11-25 10:20"))
        self.assertTrue(meeting.with_user(self.employee).can_edit, "the recorder writes until the minutes are out")
        for verb in ("action_return", "action_accept"):
            with self.assertRaises(UserError):
                getattr(meeting, verb)()

    def test_times_that_cannot_be(self):
        meeting = self.call()
        with self.at(self.STOP):
            for start, stop in (("2026-11-25 09:00", "2026-11-25 08:00"), ("2026-11-25 09:00", "2026-11-26 09:00")):
                with self.assertRaises(ValidationError):
                    meeting.action_hold(self.utc(start), self.utc(stop))
            with self.assertRaises(ValidationError):
                meeting.action_hold("yesterday", True)

    def test_moved_it_lasts_as_long(self):
        meeting = self.plan()
        meeting.date_start = self.utc("2026-11-26 14:00")
        self.assertEqual(meeting.date_stop, self.utc("2026-11-26 15:30"))

    def test_only_drafts_are_deleted(self):
        draft = self.plan()
        clock = self.clock_of(draft, "C2")
        with self.at(self.PLANNED):
            draft.unlink()
            self.assertEqual(clock.state, "cancelled")
            with self.assertRaises(UserError):
                self.call().unlink()

    def test_a_copy_is_a_new_draft(self):
        meeting = self.hold()
        copy = meeting.copy()
        self.assertEqual((copy.state, copy.event_id.id, copy.actual_stop, copy.date_start), ("draft", False, False, False))
        self.assertEqual(copy.attendee_ids.user_id, meeting.attendee_ids.user_id)
        self.assertEqual(set(copy.attendee_ids.mapped("presence")), {"expected"})

    # -- who sees what -------------------------------------------------------------------------------------------------

    def test_drafts_are_not_the_attendees(self):
        meeting = self.plan()
        self.assertFalse(meeting.with_user(self.liaison).has_access("read"))
        self.assertTrue(meeting.with_user(self.employee).has_access("read"), "the recorder")
        self.call(meeting)
        self.assertTrue(meeting.with_user(self.liaison).has_access("read"))
        self.assertFalse(meeting.with_user(self.liaison).has_access("write"))

    def test_attendee_of_another_company(self):
        """The one invited sees the meeting, its agenda and material, whatever their company; nobody else there does."""
        meeting = self.plan(attendees=[self.branch_employee])
        file = self.env["ir.attachment"].with_user(self.head).create({"name": "figures.txt", "raw": b"1"})
        meeting.agenda_ids[0].attachment_ids = [Command.link(file.id)]
        self.call(meeting)
        guest = meeting.with_user(self.branch_employee).with_company(self.branch)
        guest = guest.with_context(allowed_company_ids=self.branch.ids)
        self.assertEqual(guest.name, "Paint line")
        self.assertEqual(guest.agenda_ids.attachment_ids.name, "figures.txt")
        self.assertTrue(guest.attendee_ids.department_id)
        self.assertTrue(guest.search([("id", "=", meeting.id)]))
        self.assertFalse(guest.can_edit)
        host = meeting.with_user(self.branch_head).with_context(allowed_company_ids=self.branch.ids)
        self.assertFalse(host.search([("id", "=", meeting.id)]))
        for record in (meeting, meeting.agenda_ids, meeting.attendee_ids, file):
            with self.assertRaises(AccessError):
                record.with_user(self.branch_head).with_context(allowed_company_ids=self.branch.ids).read()

    def test_nobody_creates_in_another_company(self):
        with self.assertRaises(AccessError):
            self.plan(self.branch_employee, company_id=self.company.id)

    @users("newcomer.test")
    def test_outsiders_see_nothing(self):
        meeting = self.call().with_user(self.env.user)
        for record in (meeting, meeting.sudo().agenda_ids, meeting.sudo().attendee_ids):
            record = record.with_user(self.env.user)
            with self.assertRaises(AccessError):
                record.read()
            self.assertFalse(record.search([("id", "in", record.ids)]))
        self.assertFalse(self.env["ops.meeting.agenda"].search([("name", "=", "Where we stand")]))
        self.assertFalse(self.env["ops.meeting.invitation"].has_access("read"))

    def test_availability_in_one_query(self):
        """Who has something else then is said, not what; one's own meeting and what was declined do not count."""
        self.env["calendar.event"].with_user(self.liaison).create({
            "name": "Dentist", "start": self.utc("2026-11-25 10:00"), "stop": self.utc("2026-11-25 11:00"),
            "privacy": "private", "partner_ids": [Command.set(self.liaison.partner_id.ids)],
        })
        meeting = self.plan(attendees=[self.liaison, self.newcomer, self.contact])
        self.assertEqual(meeting.busy_names, self.liaison.name)
        self.call(meeting)
        meeting.invalidate_recordset()
        self.assertEqual(meeting.attendee_ids.filtered("is_busy").user_id, self.liaison)
        self.assertNotIn("Dentist", str(meeting.read(["busy_names"])))
        event = self.env["calendar.event"].search([("name", "=", "Dentist")])
        event.attendee_ids.sudo().write({"state": "declined"})
        meeting.attendee_ids.invalidate_recordset(["is_busy"])
        self.assertFalse(meeting.attendee_ids.filtered("is_busy"))
