"""Minutes: checked, frozen, sent, corrected (C3, C5, R1)."""

import base64

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..tools import token
from .minutes import MinutesCase

PNG = base64.b64encode(base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
))


@tagged("post_install", "-at_install")
class TestMeetingMinutes(MinutesCase):
    def test_distribution_names_all_that_is_missing(self):
        """C3: what is not complete does not go out; one message says everything."""
        meeting = self.meeting()
        meeting.attendee_ids.filtered(lambda line: line.user_id == self.employee).presence = "expected"
        self.resolve(meeting, "Nobody does it", owner=self.env["res.users"], day=False)
        self.resolve(meeting, "Long ago", day="2026-11-20")
        with self.assertRaises(UserError) as caught:
            meeting.with_user(self.recorder).action_distribute()
        for words in ("Presence", "Employee", "Nobody does it", "Owner", "Due", "Long ago", "before the meeting"):
            self.assertIn(words, str(caught.exception))
        self.assertEqual(meeting.state, "held")
        self.assertFalse(meeting.minutes_ids)

    def test_of_those_who_need_not_come_nobody_has_to_note_whether_they_did(self):
        meeting = self.meeting()
        line = meeting.attendee_ids.filtered(lambda line: line.user_id == self.employee)
        line.write({"presence": "expected", "is_required": False})
        meeting.with_user(self.recorder).action_distribute()
        self.assertEqual(meeting.state, "distributed")

    def test_who_distributes(self):
        meeting = self.meeting()
        for user in (self.employee, self.liaison, self.colleague):
            with self.assertRaises(AccessError):
                meeting.with_user(user).action_distribute()
        meeting.with_user(self.recorder).action_distribute()
        self.assertEqual(meeting.state, "distributed")

    def test_c3_is_met_by_the_distribution(self):
        meeting = self.meeting()
        self.assertTrue(meeting.is_cross_department)
        self.assertEqual(self.obligations("C3", meeting).mapped("state"), ["open"])
        self.assertEqual(self.obligations("C3", meeting).responsible_id, self.recorder)
        meeting.with_user(self.recorder).action_distribute()
        self.assertEqual(self.obligations("C3", meeting).mapped("state"), ["done"])
        meeting.with_user(self.recorder).action_correct("A wrong date")
        self.assertEqual(self.obligations("C3", meeting).mapped("state"), ["done"], "met stays met")

    def test_a_version_holds_what_was_said(self):
        meeting = self.meeting(resolutions=[("Buy a seal", self.employee, "2026-11-30")])
        material = self.env["ir.attachment"].create({
            "name": "leak.png", "datas": PNG, "res_model": "ops.meeting", "res_id": meeting.id,
        })
        meeting.with_user(self.recorder).action_distribute()
        version = meeting.minutes_ids
        self.assertEqual((version.version, version.published_by_id), (1, self.recorder))
        for words in ("It drips.", "Buy a seal", "Employee", "Guest"):
            self.assertIn(words, version.body)
        self.assertEqual(version.attachment_ids.mapped("name"), ["leak.png"])
        self.assertNotEqual(version.attachment_ids, material)
        material.unlink()
        self.assertEqual(version.attachment_ids.datas, PNG)

    def test_one_mail_for_each_attendee_in_their_language(self):
        self.liaison.lang = "zh_CN" if self.env["res.lang"]._get_data(code="zh_CN") else "en_US"
        meeting = self.distributed()
        links = set()
        for partner in (self.employee.partner_id, self.liaison.partner_id, self.guest):
            mail = self.mails_to(partner)
            self.assertEqual(len(mail), 1)
            self.assertTrue(mail.auto_delete, "a private link is not kept once it is sent")
            self.assertIn("It drips.", mail.body_html)
            self.assertIn("?answer=confirmed", mail.body_html)
            links.add(mail.body_html.split("/ops/minutes/")[1].split("?")[0])
        self.assertEqual(len(links), 3)
        self.assertFalse(links & set(self.env["ops.meeting.link"].sudo().search([]).mapped("token_hash")), "only hashes")
        self.assertFalse(meeting.message_partner_ids & self.guest)

    def test_correction_is_a_new_version(self):
        """C5, R1: dates move, owners change, what was dropped is cancelled with its reason; everybody is asked anew."""
        meeting = self.distributed(resolutions=[
            ("Buy a seal", self.employee, "2026-11-30"), ("Call the maker", self.liaison, "2026-12-01"),
            ("Paint", self.employee, "2026-12-02"),
        ])
        seal, call, paint = meeting.resolution_ids.sorted("id")
        meeting.with_user(self.employee).action_confirm()
        with self.assertRaises(UserError):
            meeting.with_user(self.recorder).action_correct("")
        with self.assertRaises(UserError):
            meeting.with_user(self.recorder).action_hold()
        meeting.with_user(self.recorder).action_correct("Wrong dates")
        rework = self.obligations("R1", meeting)
        self.assertEqual((rework.state, rework.responsible_id), ("open", self.recorder))
        meeting.recorder_id = self.employee
        self.assertEqual(rework.responsible_id, self.employee, "whoever minutes it by then")
        meeting.recorder_id = self.recorder
        self.assertEqual(rework.responsible_id, self.recorder)
        seal.with_user(self.recorder).date_due = "2026-12-07"
        call.with_user(self.recorder).owner_id = self.colleague
        with self.assertRaises(UserError):
            paint.with_user(self.recorder).unlink()
        paint.with_user(self.recorder).action_cancel("Not needed")
        meeting.with_user(self.recorder).action_distribute()
        self.assertEqual(rework.state, "done")
        self.assertEqual(meeting.minutes_ids.sorted("version").mapped("version"), [1, 2])
        newest = meeting.minutes_ids.filtered("is_latest")
        self.assertEqual((newest.version, newest.reason), (2, "Wrong dates"))
        clocks = {item.source_id: item for item in self.obligations("C5", seal | call | paint)}
        self.assertEqual(len(clocks), 3, "nothing starts twice")
        self.assertEqual(clocks[seal.id].date_due, self.utc("2026-12-07 23:59").replace(second=59))
        self.assertEqual(clocks[call.id].responsible_id, self.colleague)
        self.assertEqual(clocks[call.id].department_id, self.sub_department)
        self.assertEqual(clocks[paint.id].state, "cancelled")
        self.assertEqual(paint.transition_ids[:1].reason, "Not needed")
        self.assertEqual(set(meeting.attendee_ids.mapped("answer")), {"none"})
        changes = {line["field"]: (line["before"], line["after"]) for line in newest._diff(meeting.minutes_ids - newest)}
        self.assertEqual(changes["Resolutions › Buy a seal › Due"], ("11/30/2026", "12/07/2026"))
        self.assertIn("Resolutions › Call the maker › Owner", changes)
        self.assertIn("12/07/2026", newest.changes)
        self.assertIn("12/07/2026", self.mails_to(self.guest)[-1].body_html)
        self.assertIn("Wrong dates", self.mails_to(self.guest)[-1].body_html)

    def test_extension_survives_a_correction_of_something_else(self):
        """C5: only a date that the minutes changed moves the clock."""
        meeting = self.distributed(resolutions=[("Buy a seal", self.employee, "2026-11-30")])
        clock = self.obligations("C5", meeting.resolution_ids)
        self.env["ops.obligation"]._move_due({clock: self.utc("2026-12-20 12:00")}, "Extended")
        meeting.with_user(self.recorder).action_correct("A typo")
        meeting.with_user(self.recorder).action_distribute()
        self.assertEqual(clock.date_due, self.utc("2026-12-20 12:00"))

    def test_close_waits_for_objections(self):
        meeting = self.distributed()
        meeting.with_user(self.employee).action_object("It was not oil")
        with self.assertRaises(UserError):
            meeting.with_user(self.recorder).action_close()
        meeting.answer_ids.with_user(self.recorder).action_answer_objection("It was")
        meeting.with_user(self.recorder).action_close()
        self.assertEqual(meeting.state, "closed")

    # -- versions are nobody's to write (ops.version.mixin) ---------------------------------------------------------------

    @mute_logger("odoo.models.unlink")
    def test_versions_are_append_only(self):
        meeting = self.meeting()
        self.env["ir.attachment"].create({"name": "a.png", "datas": PNG, "res_model": "ops.meeting", "res_id": meeting.id})
        meeting.with_user(self.recorder).action_distribute()
        version = meeting.minutes_ids
        everybody = (
            self.employee, self.head, self.recorder, self.operations, self.gm_office, self.gm, self.admin_ops,
            self.env.ref("base.user_admin"),
        )
        forged = {token.TRANSITION.key: True, "default_body": "x", "tracking_disable": True}
        for user in everybody:
            mine = version.with_user(user).with_context(**forged)
            for call in (
                lambda mine=mine: mine.write({"body": "Forged"}),
                lambda mine=mine: mine.unlink(),
                lambda mine=mine: mine.copy(),
                lambda mine=mine: mine.create({"meeting_id": meeting.id, "version": 9}),
                lambda mine=mine: mine.attachment_ids.write({"name": "forged"}),
                lambda mine=mine: mine.attachment_ids.unlink(),
                lambda mine=mine: mine.env["ir.attachment"].create({
                    "name": "late", "raw": b"x", "res_model": mine._name, "res_id": mine.id}),
            ):
                with self.assertRaises(UserError):
                    call()
            messages = mine.load(["meeting_id/.id", "version"], [[str(meeting.id), "7"]])["messages"]
            self.assertTrue(messages)
        for call in (lambda: version.sudo().write({"body": "x"}), lambda: version.sudo().unlink(),
                     lambda: version.sudo().create({"meeting_id": meeting.id, "version": 8})):
            with self.assertRaises(UserError):
                call()
        self.assertFalse(hasattr(version, "message_post"))
        self.assertEqual(version.attachment_ids.mapped("name"), ["a.png"])

    # -- scale ------------------------------------------------------------------------------------------------------------

    def test_two_hundred_attendees_cost_as_much_as_two(self):
        """Query budget: the minutes to 200 attendees in at most 80 statements."""
        people = self.env["res.users"].create([
            {"name": f"Attendee {number}", "login": f"attendee{number}.test", "email": f"a{number}@test.example.com",
             "company_id": self.company.id, "company_ids": [(6, 0, self.company.ids)], "lang": "en_US"}
            for number in range(200)
        ])
        few, many = self.meeting(), self.meeting(people)
        self.resolve(few), self.resolve(many)
        counts = []
        for meeting in (few, many):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            meeting.with_user(self.recorder).action_distribute()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], 80, counts)
        self.assertLessEqual(counts[1] - counts[0], 10, counts)
        self.assertEqual(len(self.mails_to(people.partner_id)), 200)

    # -- who reads --------------------------------------------------------------------------------------------------------

    def test_nobody_outside_reads(self):
        meeting = self.meeting()
        self.env["ir.attachment"].create({"name": "a.png", "datas": PNG, "res_model": "ops.meeting", "res_id": meeting.id})
        self.resolve(meeting)
        meeting.with_user(self.recorder).action_distribute()
        meeting.with_user(self.employee).action_confirm()
        inside = (self.employee, self.liaison, self.recorder, self.head, self.operations, self.gm_office, self.gm)
        outside = (self.colleague, self.other_head, self.branch_employee, self.admin_ops)
        for records in (meeting.minutes_ids, meeting.answer_ids, meeting.minutes_ids.attachment_ids):
            for user in inside:
                self.assertTrue(records.with_user(user).has_access("read"), (records, user.name))
            for user in outside:
                self.assertFalse(records.with_user(user).has_access("read"), (records, user.name))
                if records._name != "ir.attachment":
                    self.assertFalse(records.with_user(user).search([("id", "in", records.ids)]))
        for user in inside + outside:
            self.assertFalse(self.env["ops.meeting.link"].with_user(user).has_access("read"))

    def test_an_attendee_of_another_company_reads(self):
        meeting = self.distributed(people=self.employee | self.branch_employee)
        self.assertTrue(meeting.minutes_ids.with_user(self.branch_employee).body)
        meeting.with_user(self.branch_employee).action_confirm()
        self.assertEqual(meeting.confirmed_count, 1)
