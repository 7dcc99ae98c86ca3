"""Minutes that are written while people talk: one call for each line."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .minutes import MinutesCase


@tagged("post_install", "-at_install")
class TestMeetingLive(MinutesCase):
    def setUp(self):
        super().setUp()
        self.held = self.meeting().with_user(self.recorder)

    def test_one_line_is_a_resolution(self):
        row = self.held.save_minutes_resolution("Buy a seal @emp fri", self.held.agenda_ids.id, "key-1")
        self.assertEqual((row["name"], row["owner_id"], row["due"]), ("Buy a seal", self.employee.id, "2026-11-27"))
        self.assertEqual(row["agenda_id"], self.held.agenda_ids.id)
        again = self.held.save_minutes_resolution("Buy a seal @emp fri", self.held.agenda_ids.id, "key-1")
        self.assertEqual(again["id"], row["id"], "sent twice, written once")

    def test_chinese_and_working_days(self):
        self.employee.name = "李雷"
        row = self.held.save_minutes_resolution("更换密封圈 @李雷 下周五")
        self.assertEqual((row["name"], row["owner_id"], row["due"]), ("更换密封圈", self.employee.id, "2026-12-04"))
        self.assertEqual(self.held.save_minutes_resolution("Call +3wd")["due"], "2026-11-27")

    def test_owner_and_date_may_come_later(self):
        row = self.held.save_minutes_resolution("Somebody should look at it")
        self.assertFalse(row["owner_id"] or row["due"])
        row = self.held.save_minutes_resolution(
            "Look at it @liaison 30/11", resolution_id=row["id"], content_version=row["content_version"]
        )
        self.assertEqual((row["name"], row["owner_id"], row["due"]), ("Look at it", self.liaison.id, "2026-11-30"))

    def test_names_that_are_unclear_are_refused_in_words(self):
        for line, words in (
            ("Call @nobodyatall", "nobodyatall"), ("@emp fri", "Resolution"), ("  ", "Resolution"),
        ):
            with self.assertRaisesRegex(UserError, words):
                self.held.save_minutes_resolution(line)
        self.employee.name, self.liaison.name = "Li Lei", "Li Ming"
        with self.assertRaisesRegex(UserError, "Li Lei, Li Ming"):
            self.held.save_minutes_resolution("Call @li")
        self.assertEqual(self.held.save_minutes_resolution("Call @colleague")["owner_id"], self.colleague.id)

    def test_stale_saves_are_refused(self):
        row = self.held.save_minutes_resolution("Buy a seal")
        self.held.save_minutes_resolution("Buy two seals", resolution_id=row["id"], content_version=row["content_version"])
        with self.assertRaises(UserError) as caught:
            self.held.save_minutes_resolution("Buy three", resolution_id=row["id"], content_version=row["content_version"])
        self.assertTrue(caught.exception.context["ops_stale"])
        item = self.held.get_minutes()["agenda"][0]
        saved = self.held.save_minutes_notes(item["id"], "One\nTwo", item["content_version"])
        self.assertEqual(saved["notes"], "One\nTwo")
        with self.assertRaises(UserError) as caught:
            self.held.save_minutes_notes(item["id"], "Other", item["content_version"])
        self.assertTrue(caught.exception.context["ops_stale"])

    def test_presence(self):
        line = self.held.attendee_ids[:1]
        self.assertEqual(self.held.save_minutes_presence(line.id, "absent")["presence"], "absent")
        with self.assertRaises(UserError):
            self.held.save_minutes_presence(line.id, "drunk")
        with self.assertRaises(UserError):
            self.held.save_minutes_presence(0, "absent")

    def test_all_others_are_present(self):
        """Those who had to come and of whom nothing is noted; the answer says what is known of everybody."""
        lines = self.held.attendee_ids
        guest = lines.filtered(lambda line: line.partner_id == self.guest)
        may_come = lines.filtered(lambda line: line.user_id == self.liaison)
        (lines - guest).presence = "expected"
        may_come.is_required = False
        for _press in range(2):
            rows = self.held.save_minutes_all_present()
            self.assertEqual({row["id"]: row["presence"] for row in rows}, {
                **dict.fromkeys(lines.ids, "present"), guest.id: "absent", may_come.id: "expected",
            })

    def test_all_others_are_present_in_a_constant_number_of_statements(self):
        """Query budget: 200 attendees in at most 50 statements."""
        few, many = self.meeting(), self.meeting(self.env["res.users"].create([
            {"name": f"Attendee {number}", "login": f"attendee{number}.test", "email": f"a{number}@test.example.com",
             "company_id": self.company.id, "company_ids": [(6, 0, self.company.ids)]}
            for number in range(200)
        ]))
        (few | many).attendee_ids.presence = "expected"
        counts = []
        for meeting in (few, many):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            rows = meeting.with_user(self.recorder).save_minutes_all_present()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual({row["presence"] for row in rows}, {"present"})
        self.assertGreater(len(rows), 200)
        self.assertLessEqual(counts[1], 50, counts)
        self.assertLessEqual(counts[1] - counts[0], 10, counts)

    def test_who_writes(self):
        for user in (self.employee, self.colleague, self.branch_head):
            meeting = self.held.with_user(user)
            for call in (
                lambda meeting=meeting: meeting.save_minutes_resolution("Mine"),
                lambda meeting=meeting: meeting.save_minutes_notes(self.held.agenda_ids.id, "x"),
                lambda meeting=meeting: meeting.save_minutes_presence(self.held.attendee_ids[:1].id, "absent"),
                lambda meeting=meeting: meeting.save_minutes_all_present(),
            ):
                with self.assertRaises(UserError):
                    call()
        with self.assertRaises(AccessError):
            self.held.with_user(self.colleague).get_minutes()
        with self.assertRaises(AccessError):
            self.held.with_user(self.colleague).find_minutes_people("e")
        self.held.action_distribute()
        with self.assertRaises(AccessError):
            self.held.save_minutes_resolution("Too late")
        with self.assertRaises(AccessError):
            self.held.save_minutes_all_present()

    def test_screen_in_a_constant_number_of_statements(self):
        self.held.save_minutes_resolution("Buy a seal @emp fri")
        def statements():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.held.get_minutes()
            return self.env.cr.sql_log_count - before
        statements()
        few = statements()
        for number in range(15):
            self.held.save_minutes_resolution(f"Step {number} @liaison +{number + 1}d")
        self.assertLessEqual(statements(), few + 2)

    def test_people_are_offered(self):
        names = [person["name"] for person in self.held.find_minutes_people("emp")]
        self.assertEqual(names[0], "Employee")
        self.assertLessEqual(len(self.held.find_minutes_people("e")), 8)
