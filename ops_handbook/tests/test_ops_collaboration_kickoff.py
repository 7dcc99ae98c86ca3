"""The kick-off: a time when all are free, in their own calendars, hours and time zones; then a meeting ready to be called."""

from datetime import timedelta

from lxml import etree

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import file_open

from ..tools import clock
from .collaborations import CollaborationCase


@tagged("post_install", "-at_install")
class TestOpsCollaborationKickoff(CollaborationCase):

    def event(self, users, start, stop, **values):
        """Put an event into the calendars of users."""
        return self.env["calendar.event"].create({
            "name": "Secret", "start": self.utc(start), "stop": self.utc(stop), "privacy": "private",
            "partner_ids": [Command.set(users.partner_id.ids)], **values,
        })

    def proposals(self, request, user=None, **options):
        found = request.with_user(user or self.operations)._propose_kickoff(**options)
        return [(self.local(one.start), one.missing, one.late) for one in found]

    def local(self, moment):
        return str(moment + timedelta(hours=8))[:16]

    def test_the_first_times_when_all_are_free(self):
        """Submitted on Monday: C1 ends on Wednesday; with a day for the notice it is Tuesday morning."""
        with self.at("2026-11-23 10:00"):
            request = self.filed()
            self.assertEqual(self.proposals(request)[0], ("2026-11-24 09:00", (), False))
            self.event(self.other_head, "2026-11-24 09:00", "2026-11-24 11:30")
            self.event(self.third_head | self.operations, "2026-11-24 14:00", "2026-11-24 16:00")
            self.assertEqual([one[0] for one in self.proposals(request)], [
                "2026-11-24 13:00", "2026-11-24 16:00", "2026-11-24 16:30", "2026-11-24 17:00",
            ], "not in the lunch break either")

    def test_what_does_not_keep_anybody_busy(self):
        with self.at("2026-11-23 10:00"):
            request = self.filed()
            declined = self.event(self.other_head, "2026-11-24 09:00", "2026-11-24 12:00")
            declined.attendee_ids.state = "declined"
            self.event(self.third_head, "2026-11-24 09:00", "2026-11-24 12:00", show_as="free")
            self.event(self.third_head, "2026-11-24 09:00", "2026-11-24 12:00", active=False)
            self.assertEqual(self.proposals(request)[0][0], "2026-11-24 09:00")

    def test_absences_all_day_events_and_own_hours(self):
        calendar = self.company.resource_calendar_id.copy({"name": "Afternoons"})
        calendar.attendance_ids.filtered(lambda line: line.hour_from < 12).unlink()
        with self.at("2026-11-23 10:00"):
            request = self.filed()
            self.employee_of(self.third_head).resource_calendar_id = calendar
            self.assertEqual(self.proposals(request)[0][0], "2026-11-24 13:00", "they come after lunch only")
            self.env["resource.calendar.leaves"].create({
                "name": "Ill", "resource_id": self.employee_of(self.other_head).resource_id.id, "calendar_id": False,
                "date_from": self.utc("2026-11-24 08:00"), "date_to": self.utc("2026-11-24 15:00"),
            })
            self.assertEqual(self.proposals(request)[0][0], "2026-11-24 15:00")
            self.event(
                self.operations, "2026-11-24 08:00", "2026-11-24 18:00", allday=True,
                start_date="2026-11-24", stop_date="2026-11-24",
            )
            self.assertEqual(self.proposals(request)[0][0], "2026-11-25 13:00")

    def test_two_time_zones(self):
        """Berlin begins at 16:00 in Shanghai: two hours are left."""
        with self.at("2026-11-23 10:00"):
            request = self.filed(departments=self.branch_department | self.third_department)
            self.assertEqual([one[0] for one in self.proposals(request)][:3], [
                "2026-11-24 16:00", "2026-11-24 16:30", "2026-11-24 17:00"])

    def test_named_liaisons_come_in_the_place_of_the_heads(self):
        with self.at("2026-11-23 10:00"):
            request = self.filed()
            self.party(request, self.third_department).with_user(self.third_head).action_name_liaison(self.colleague.id)
            people = request._kickoff_users(self.operations)
            self.assertIn(self.colleague, people)
            self.assertNotIn(self.third_head, people)
            self.party(request, self.third_department).with_user(self.third_head).action_decline("No")
            self.party(request, self.third_department).with_user(self.operations).action_release("Fine")
            self.assertNotIn(self.colleague, request._kickoff_users(self.operations))

    def test_nobody_is_free_the_least_bad(self):
        with self.at("2026-11-23 10:00"):
            request = self.filed()
            self.event(self.other_head, "2026-11-23 08:00", "2026-11-25 19:00")
            self.event(self.third_head, "2026-11-24 08:00", "2026-11-24 19:00")
            found = self.proposals(request)
            self.assertEqual(found[0], ("2026-11-25 09:00", (self.other_head.id,), False))
            self.assertEqual(found[-1], ("2026-11-26 09:00", (), True), "and the first after the term when all are")
            wizard = self.env["ops.collaboration.kickoff.wizard"].with_user(self.operations).create({
                "collaboration_id": request.id})
            self.assertIn("no time within the term", wizard.message)
            self.assertEqual(wizard.slot_ids[0].note, "Cannot come: Other Head")
            self.assertEqual(wizard.slot_ids[-1].note, "All are free, but after the term")
            self.assertNotIn("Secret", str(wizard.slot_ids.read()))

    def test_c1_is_over_already(self):
        with self.at("2026-11-23 10:00"):
            request = self.filed()
        with self.at("2026-11-30 10:00"):
            self.assertEqual(self.proposals(request)[0][0], "2026-12-01 09:00")

    def test_one_click_makes_the_meeting(self):
        with self.at("2026-11-23 10:00"):
            request = self.filed()
            action = request.with_user(self.operations).action_plan_kickoff()
            wizard = self.env[action["res_model"]].with_user(self.operations).with_context(action["context"]).create({})
            self.assertEqual(wizard.message, "Everybody is free at these times.")
            opened = wizard.slot_ids[0].action_choose()
            meeting = self.env["ops.meeting"].browse(opened["res_id"])
            self.assertEqual((meeting.state, meeting.kind, meeting.collaboration_id), ("draft", "collaboration", request))
            self.assertEqual(meeting, request.kickoff_id)
            self.assertEqual(self.local(meeting.date_start), "2026-11-24 09:00")
            self.assertEqual(meeting.attendee_user_ids, self.head | self.other_head | self.third_head | self.operations)
            self.assertEqual((meeting.organiser_id, meeting.chair_id), (self.operations, self.other_head))
            agenda = meeting.agenda_ids.sorted("sequence")
            self.assertIn("Pack twice as fast", agenda[0].name)
            self.assertEqual(agenda.mapped("name")[1:3], ["Sales: Two people of Sales", "Purchasing: Two people of Purchasing"])
            self.assertEqual(agenda[1].presenter_id, self.other_head)
            meeting.with_user(self.operations).action_call()
            self.assertFalse(meeting.notice_late)
            again = request.with_user(self.operations).action_plan_kickoff()
            self.assertEqual(again["res_id"], meeting.id)

    def test_another_time_and_another_length(self):
        with self.at("2026-11-23 10:00"):
            request = self.filed()
            wizard = self.env["ops.collaboration.kickoff.wizard"].with_user(self.operations).create({
                "collaboration_id": request.id, "duration": 4.0})
            self.assertEqual(self.local(wizard.slot_ids[0].start), "2026-11-24 13:00", "four hours fit after lunch only")
            with self.refused(UserError, "choose when"):
                wizard.action_confirm()
            wizard.own_start = self.utc("2026-11-20 09:00")
            with self.refused(UserError, "lies ahead"):
                wizard.action_confirm()
            wizard.own_start = self.utc("2026-11-24 14:00")
            wizard.action_confirm()
            self.assertEqual(self.local(request.kickoff_id.date_stop), "2026-11-24 18:00")

    def test_who_plans_and_when(self):
        with self.at("2026-11-23 10:00"):
            request = self.submitted()
            with self.refused(UserError, "file the request first"):
                request.with_user(self.operations).action_plan_kickoff()
            request.with_user(self.operations).action_file()
            for user in (self.head, self.other_head):
                with self.assertRaises(UserError):
                    request.with_user(user).action_plan_kickoff()
                with self.assertRaises(UserError):
                    self.env["ops.collaboration.kickoff.wizard"].with_user(user).create({"collaboration_id": request.id})
            with self.assertRaises(AccessError):
                self.env["ops.collaboration.kickoff.wizard"].with_user(self.colleague).create({"collaboration_id": request.id})

    def test_liaisons_read_the_meetings_of_their_collaboration_and_no_other(self):
        with self.at("2026-11-23 10:00"):
            request, other = self.running(), self.running(departments=self.third_department, lead_department_id=self.third_department.id)
            self.party(request).with_user(self.other_head).action_name_liaison(self.liaison.id)
            meeting, hidden = request.sudo().kickoff_id, other.sudo().kickoff_id
            self.minutes(request, ("Draw the line", self.employee, 4, {}))
            self.env.flush_all()
            seen = self.env["ops.meeting"].with_user(self.liaison).search([("kind", "=", "collaboration")])
            self.assertEqual(seen, meeting)
            for records in (meeting.agenda_ids, meeting.minutes_ids, meeting.resolution_ids, meeting.attendee_ids):
                self.assertTrue(records)
                self.assertEqual(records.with_user(self.liaison)._filtered_access("read"), records)
            for records in (hidden, hidden.agenda_ids, hidden.attendee_ids):
                self.assertFalse(records.with_user(self.liaison)._filtered_access("read"))
            with self.assertRaises(AccessError):
                meeting.with_user(self.liaison).write({"name": "x"})
            self.assertEqual(self.env["ops.collaboration"].with_user(self.liaison).search([]), request)

    def test_the_rules_of_meetings_are_repeated_as_they_are(self):
        """The way into a collaboration's meetings is added to the meetings' rules by company; what follows it is theirs."""
        theirs = {}
        for name in ("ops_meeting_rules", "ops_meeting_minutes_rules"):
            theirs.update(self.domains(name))
        ours = self.domains("ops_collaboration_meeting_rules")
        repeated = [name for name in ours if name.endswith("_rule_company")]
        self.assertEqual(len(repeated), 5)
        for name in repeated:
            self.assertTrue(ours[name].endswith(theirs[name].lstrip("[")), name)

    def domains(self, name):
        """Return the domains of a file of rules, by the id of the rule."""
        with file_open(f"ops_handbook/security/{name}.xml", "rb") as source:
            records = etree.parse(source).findall(".//record")
        return {record.get("id"): record.findtext("field[@name='domain_force']") for record in records}

    def test_a_meeting_more(self):
        with self.at("2026-11-24 10:00"):
            request = self.running()
            opened = request.with_user(self.other_head).action_plan_meeting()
            meeting = self.env["ops.meeting"].browse(opened["res_id"])
            self.assertEqual((meeting.collaboration_id, meeting.organiser_id), (request, self.other_head))
            with self.refused(UserError, "The lead and operations"):
                request.with_user(self.third_head).action_plan_meeting()

    def test_a_liaison_named_later_is_invited_to_what_is_planned(self):
        """They come as required, find it in their calendar and get an invitation; the head stays, nobody comes twice."""
        with self.at("2026-11-23 10:00"):
            request = self.planned()
            meeting = request.sudo().kickoff_id
            mine, theirs = self.party(request), self.party(request, self.third_department)
            mine.with_user(self.other_head).action_accept(self.liaison.id)
            self.assertTrue(meeting.attendee_ids.filtered(lambda line: line.user_id == self.liaison).is_required)
            self.assertIn(self.other_head, meeting.attendee_user_ids)
            meeting.with_user(self.operations).action_call()
            theirs.with_user(self.third_head).write({"liaison_id": self.colleague.id})
            self.assertIn(self.colleague.partner_id, meeting.event_id.partner_ids)
            told = self.env["ops.meeting.invitation"].sudo().search([
                ("meeting_id", "=", meeting.id), ("partner_id", "=", self.colleague.partner_id.id)])
            self.assertEqual(told.mapped("kind"), ["invitation"])
            people = self.head | self.other_head | self.third_head | self.operations | self.liaison | self.colleague
            for liaison in (0, self.colleague.id):
                theirs.with_user(self.third_head).action_name_liaison(liaison)
                self.assertEqual(meeting.attendee_user_ids, people)
            self.hold(request)
            theirs.with_user(self.third_head).action_name_liaison(self.employee.id)
            self.assertEqual(meeting.attendee_user_ids, people, "it was held without them")

    def test_a_department_that_takes_part_again_is_invited(self):
        with self.at("2026-11-23 10:00"):
            request = self.filed()
            party = self.party(request, self.third_department)
            party.with_user(self.third_head).action_decline("No hands")
            party.with_user(self.third_head).action_name_liaison(self.colleague.id)
            party.with_user(self.operations).action_release("Fine")
            start = clock.now() + timedelta(hours=20)
            meeting = request.with_user(self.operations)._create_kickoff(start, start + timedelta(hours=1)).sudo()
            self.assertNotIn(self.colleague, meeting.attendee_user_ids)
            party.with_user(self.operations).action_require("Needed after all")
            self.assertIn(self.colleague, meeting.attendee_user_ids)

    def test_twenty_calendars_in_as_many_statements_as_five(self):
        with self.at("2026-11-23 10:00"):
            counts = []
            for size in (5, 20):
                users = self.env["res.users"].union(*(self._create_user(f"n{size}.{number}") for number in range(size)))
                department = self._create_department(f"Department {size}")
                self._employ(users, department)
                self.event(users, "2026-11-24 09:00", "2026-11-24 10:00")
                self.env.flush_all()
                self.env.invalidate_all()
                clock.now()
                before = self.env.cr.sql_log_count
                people = users._ops_free_people(clock.now(), clock.now() + timedelta(days=3), self.company)
                counts.append(self.env.cr.sql_log_count - before)
                self.assertEqual(len(people), size)
                self.assertTrue(all(person.busy for person in people))
            self.assertEqual(counts[0], counts[1])
            self.assertLess(counts[1], 25)
