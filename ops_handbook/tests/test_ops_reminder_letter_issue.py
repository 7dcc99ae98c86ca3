"""Form 13, from issue to the end: whom it reaches, the reply (L1), closing, and who may do what."""

from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..tools import clock
from .letters import LetterCase


@tagged("post_install", "-at_install")
class TestReminderLetterIssue(LetterCase):

    def test_reaches_head_and_whoever_answers(self):
        """C5: one mail for each of them, with a button; the log says whom it went to."""
        letter = self.drafted()
        mails = self.issue(letter)
        self.assertEqual(self.readers(mails), self.head | self.employee)
        self.assertEqual(len(mails), 2)
        for mail in mails:
            self.assertIn(letter.number, mail.subject)
            self.assertIn(f"/odoo/ops.reminder.letter/{letter.id}", mail.body_html)
            self.assertIn("without delay", mail.body_html)
        self.assertEqual((letter.state, letter.issued_by_id), ("issued", self.operations))
        self.assertEqual(letter.reminder_id.state, "sent")
        self.assertEqual(set(letter.reminder_id.receiver_ids.mapped("state")), {"sent"})
        self.assertEqual(self.owed("D1", letter).state, "done")
        reply = self.owed("L1", letter)
        self.assertEqual((reply.responsible_id, reply.date_due), (self.head, self.utc("2026-11-30 23:59:59")))
        self.assertEqual(letter.date_reply_by, reply.date_due)
        self.assertFalse(self.remind("2026-11-26 10:30"))

    def test_copies_by_level(self):
        """The second letter goes to the GM office too, the third to the general manager."""
        item, readers = self.decided(), {}
        for day in ("2026-11-26", "2026-12-01", "2026-12-04"):
            self.remind(f"{day} 09:00")
            letter = self.letters(item)[-1]
            letter.with_user(self.operations).check_access("write")
            before = self.owed("L1", self.letters(item))
            mails = self.issue(letter, f"{day} 09:30")
            readers[letter.level] = self.readers(mails.filtered(lambda mail, sent=letter: sent.number in mail.subject))
            self.assertEqual(len(self.owed("L1", self.letters(item)) - before), 1)
        both = self.head | self.employee
        self.assertEqual(readers, {1: both, 2: both | self.gm_office, 3: both | self.gm})
        self.assertEqual([each._copies_text() for each in self.letters(item)], ["", "GM Office", "General Manager"])

    def test_levels_are_the_administrators(self):
        level = self.env.ref("ops_handbook.ops_reminder_level_1").with_user(self.admin_ops)
        level.write({"copy_gm_office": True, "body": "<p>Our own words</p>"})
        own = level.create({
            "level": 1, "company_id": self.branch.id, "copy_user_ids": [(4, self.liaison.id)], "body": "<p>The branch</p>",
        })
        letter = self.drafted()
        self.assertIn("Our own words", letter.body)
        self.assertEqual(letter.copy_ids, self.gm_office)
        levels = self.env["ops.reminder.level"]._by_company(self.company | self.branch)
        self.assertEqual(levels[self.branch.id]._of(1), own)
        self.assertEqual(levels[self.company.id]._of(9).level, 3)

    def test_automatic(self):
        """A setting of the company: what the engine drafts is issued at once."""
        self.company.ops_letters_automatic = True
        item = self.decided()
        mails = self.remind("2026-11-26 09:00")
        letter = self.letters(item)
        self.assertEqual(letter.state, "issued")
        self.assertEqual(self.readers(mails), self.head | self.employee)
        self.assertFalse(self.owed("D1", letter))
        self.assertEqual(self.owed("L1", letter).state, "open")

    def test_at_night_it_waits_for_the_morning(self):
        letter = self.drafted()
        self.assertFalse(self.issue(letter, "2026-11-26 22:00"))
        mails = self.remind("2026-11-27 09:00")
        self.assertEqual(len(mails.filtered(lambda mail: letter.number in mail.subject and letter.level_label in mail.subject)), 2)

    def test_substitute_of_the_head(self):
        """The letter reaches the substitute, who replies in the head's name."""
        self.env["ops.substitution"].sudo().create({
            "user_id": self.head.id, "substitute_id": self.colleague.id, "date_from": "2026-11-16", "date_to": "2026-12-12",
        })
        letter = self.drafted()
        mails = self.issue(letter)
        self.assertEqual(self.readers(mails), self.colleague | self.employee)
        with self.at("2026-11-27 10:00"):
            self.env["res.users"]._ops_refresh_rights()
            letter.with_user(self.colleague).action_reply("Two days more")
        line = letter.transition_ids[:1]
        self.assertEqual((line.user_id, line.on_behalf_id), (self.colleague, self.head))
        self.assertEqual(self.owed("L1", letter).state, "done")

    def test_operations_own_item_is_issued_by_the_gm_office(self):
        letter = self.drafted(responsible=self.operations_colleague, department_id=self.ops_department.id)
        self.assertEqual(letter.office, "gm_office")
        self.assertEqual(self.owed("D1", letter).role, "gm_office")
        for user in (self.operations, self.operations_colleague, self.gm):
            with self.assertRaises(AccessError), self.at("2026-11-26 10:00"):
                letter.with_user(user).action_issue()
        self.issue(letter, user=self.gm_office)
        self.assertEqual(letter.state, "issued")

    def test_whoever_owes_it_does_not_issue_it(self):
        letter = self.drafted(responsible=self.operations_colleague)
        with self.assertRaises(AccessError), self.at("2026-11-26 10:00"):
            letter.with_user(self.operations_colleague).action_issue()
        self.issue(letter)

    def test_many_at_once(self):
        items = self.decided() | self.decided() | self.decided()
        self.remind("2026-11-26 09:00")
        mails = self.issue(self.letters(items))
        self.assertEqual(len(mails), 6)
        self.assertEqual(set(self.letters(items).mapped("state")), {"issued"})

    def test_days_are_those_of_the_issue(self):
        letter = self.drafted()
        self.issue(letter, "2026-11-30 10:00")
        self.assertEqual((letter.workdays_overdue, letter.days_overdue), (3, 5))

    def test_text_is_frozen_by_the_issue(self):
        letter = self.drafted()
        letter.with_user(self.operations).write({"body": "<p>Our words</p>"})
        with self.assertRaises(AccessError):
            letter.with_user(self.head).write({"body": "<p>Theirs</p>"})
        self.issue(letter)
        for user in (self.operations, self.head, self.gm_office):
            with self.assertRaises(AccessError):
                letter.with_user(user).write({"body": "<p>Later</p>"})
        with self.assertRaises(UserError):
            letter.with_user(self.operations).write({"level": 2})

    def test_push_where_there_is_a_device(self):
        letter, pushed = self.drafted(), []
        devices = {self.head.partner_id: self.env["mail.push.device"].sudo()}
        with (
            patch.object(type(self.engine), "_push_devices", lambda _model, _users: devices),
            patch.object(type(self.engine), "_letter_push", lambda _model, of: pushed.append(of) or {}),
        ):
            self.issue(letter)
        self.assertFalse(pushed, "a person without a device")
        payload = self.engine._letter_push(letter)
        self.assertEqual((payload["options"]["data"]["model"], payload["options"]["data"]["res_id"]), (letter._name, letter.id))
        self.assertIn(letter.number, payload["title"])

    def test_without_a_mailbox_there_is_an_activity(self):
        self.employee.email = False
        letter = self.drafted()
        self.assertEqual(self.readers(self.issue(letter)), self.head)
        self.assertEqual(letter.obligation_id.activity_ids.user_id, self.employee)

    def test_a_broken_template_does_not_silence_the_letter(self):
        template = self.env.ref("ops_handbook.ops_reminder_letter_mail")
        with patch.object(type(template), "_check_can_be_rendered", lambda *_args, **_options: None):
            template.body_html = '<p t-out="nothing.of.this"/>'
        letter = self.drafted()
        with self.assertLogs("odoo.addons.ops_handbook", "ERROR"):
            mails = self.issue(letter)
        self.assertEqual(len(mails), 2)
        self.assertIn("without delay", mails[0].body_html)

    def test_steps_of_the_version_before_are_drafted(self):
        """What was taken before there were letters, and waits for working hours since, becomes a draft."""
        item = self.decided()
        item.write({"date_next_step": False})
        with self.at("2026-11-26 20:00"), patch.object(type(self.Letter), "_draft", lambda *args: None):
            item._log_steps([(item, self.env.ref("ops_handbook.ops_standard_step_c5_3"), clock.now(), 1, None)])
        reminder = self.log(item).filtered("letter_number")
        self.env["ops.obligation.reminder.receiver"].sudo().create({
            "reminder_id": reminder.id, "user_id": self.employee.id, "date_send": self.utc("2026-11-27 09:00"),
        })
        self.assertFalse(self.remind("2026-11-27 09:00"))
        self.assertEqual((self.letters(item).level, self.letters(item).state), (1, "draft"))


@tagged("post_install", "-at_install")
class TestReminderLetterReply(LetterCase):

    def test_the_head_replies_and_operations_close(self):
        letter = self.issued()
        with self.at("2026-11-27 10:00"):
            with self.assertRaises(UserError):
                letter.with_user(self.head).action_reply()
            letter.with_user(self.head).write({"reply": "The part arrives on Monday"})
            letter.with_user(self.head).action_reply()
        self.assertEqual((letter.state, letter.replied_by_id), ("replied", self.head))
        self.assertEqual(self.owed("L1", letter).result, "met")
        self.assertEqual(self.owed("D1", letter)[-1].state, "open")
        letter.with_user(self.operations).action_close()
        self.assertEqual(letter.state, "closed")
        self.assertEqual(self.owed("D1", letter).mapped("state"), ["done", "done"])
        self.assertEqual((letter.department_name, letter.obligation_id.state), (self.department.name, "open"))

    def test_nobody_else_replies(self):
        """L1: neither whoever answers for the item, nor who receives a copy, nor operations."""
        letter = self.issued()
        for user in (self.employee, self.operations, self.other_head, self.gm_office, self.gm, self.newcomer):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                letter.with_user(user).action_reply("I did")

    def test_without_a_department_the_owner_replies(self):
        letter = self.issued(department_id=None)
        self.assertEqual((letter.receiver_id, letter.department_id.ids, letter.answering_ids.ids), (self.employee, [], []))
        letter.with_user(self.employee).action_reply("On Monday")
        self.assertEqual((letter.state, self.owed("L1", letter).state), ("replied", "done"))

    def test_what_the_gm_office_owes(self):
        """An office without a named person: its head is addressed, operations issue."""
        letter = self.issued(responsible=self.env["res.users"], role="gm_office", department_id=None)
        self.assertEqual((letter.receiver_id, letter.department_id, letter.office), (self.gm_office, self.gm_department, "operations"))
        letter.with_user(self.gm_office).action_reply("On Monday")
        self.assertEqual(letter.state, "replied")

    def test_overdue_reply_is_visible(self):
        letter = self.issued()
        with self.at("2026-11-30 23:00"):
            self.assertFalse(self.Letter.search([("reply_overdue", "=", True), ("id", "=", letter.id)]))
        with self.at("2026-12-01 09:00"):
            letter.invalidate_recordset()
            self.assertTrue(letter.reply_overdue)
            self.assertEqual(letter.reply_text, "Overdue")
            self.assertEqual(self.Letter.search([("reply_overdue", "=", True), ("id", "=", letter.id)]), letter)
            self.assertTrue(self.owed("L1", letter).is_overdue)

    def test_more_time_to_reply(self):
        letter = self.issued()
        reply = self.owed("L1", letter)
        reply._move_due({reply: self.utc("2026-12-04 23:59:59")}, "Granted", extended=True)
        self.assertEqual(letter.date_reply_by, self.utc("2026-12-04 23:59:59"))

    def test_the_term_is_the_standards(self):
        self.env.ref("ops_handbook.ops_standard_l1").offset_value = 5
        with self.at("2026-11-26 08:00"):
            letter = self.issued()
        self.assertEqual(letter.date_reply_by, self.utc("2026-12-03 23:59:59"))

    def test_done_late_the_letter_stays_and_the_item_stays_late(self):
        """C5: what is finished late is yellow and never green again; the letter notes it."""
        letter = self.issued()
        item = letter.obligation_id
        with self.at("2026-11-27 10:00"):
            item._close(clock.now(), lambda _item: None)
            self.assertEqual(item.result, "late")
            self.assertEqual((item.days_late, item.workdays_late, item.letter_count), (2, 2, 1))
        self.assertEqual((letter.state, letter.item_result), ("issued", "late"))
        self.assertIn("done", letter.transition_ids[:1].reason)
        letter.with_user(self.operations).action_close()
        self.assertEqual((letter.state, self.owed("L1", letter).state), ("closed", "cancelled"))
        with self.at("2026-12-24 10:00"):
            item.invalidate_recordset()
            self.assertEqual((item.result, item.days_late), ("late", 2))

    def test_not_closed_without_reply_while_the_item_is_open(self):
        letter = self.issued()
        with self.assertRaises(UserError):
            letter.with_user(self.operations).action_close()
        with self.assertRaises(UserError):
            letter.with_user(self.operations).action_cancel("")
        letter.with_user(self.operations).action_cancel("Sent by mistake")
        self.assertEqual(letter.state, "cancelled")
        self.assertEqual(self.owed("L1", letter).state, "cancelled")
        self.assertEqual(letter.obligation_id.letter_count, 0)

    def test_who_reads(self):
        """The department reads what was issued, the offices their copies; a draft is the business of whoever issues it."""
        letter = self.drafted()
        readers = {
            user: letter.with_user(user).has_access("read")
            for user in (self.head, self.employee, self.operations, self.gm_office, self.gm, self.admin_ops)
        }
        self.assertEqual([user for user, may in readers.items() if may], [self.operations])
        self.issue(letter)
        for user, may in (
            (self.head, True), (self.employee, True), (self.operations, True), (self.gm_office, False), (self.gm, False),
            (self.colleague, False), (self.other_head, False), (self.admin_ops, False), (self.branch_head, False),
        ):
            self.assertEqual(letter.with_user(user).has_access("read"), may, user.login)

    def test_not_created_by_hand(self):
        item = self.decided()
        with self.assertRaises(UserError):
            self.env["ops.reminder.letter"].with_user(self.operations).create({"obligation_id": item.id})

    def test_print(self):
        letter = self.issued()
        html = self.env["ir.actions.report"].with_user(self.head)._render_qweb_html(
            "ops_handbook.ops_reminder_letter_report", letter.ids
        )[0].decode()
        for word in (letter.number, self.head.name, self.department.name, "First letter", "1 working day", "without delay", "Seal",
                     self.company.name, self.operations.name):
            self.assertIn(word, html)

    def test_to_a_head_of_another_company(self):
        """A resolution may be owed by somebody of another company: their head reads the letter and replies; no draft, nobody else."""
        item = self.decided(responsible=self.branch_employee, department_id=self.branch_department.id)
        letter = self.drafted("2026-11-26 17:00", item=item)  # in the working hours of whoever owes it, in Berlin
        self.assertEqual((letter.company_id, letter.receiver_id), (self.company, self.branch_head))
        self.branch_head.group_ids += self.env.ref("ops_handbook.group_operations")  # of the branch, not of the company
        own = self.env["ops.reminder.letter"].with_user(self.branch_head)
        self.assertFalse(own.search([("id", "=", letter.id)]), "a draft is the office's of the company")
        self.issue(letter, "2026-11-26 17:10")
        for user in (self.branch_head, self.branch_employee):
            self.assertTrue(letter.with_user(user).has_access("read"), user.name)
        for user in (self.liaison, self.colleague):
            self.assertFalse(letter.with_user(user).has_access("read"), user.name)
        with self.at("2026-11-27 10:00"):
            letter.with_user(self.branch_head).action_reply("The press was broken.")
        self.assertEqual((letter.state, self.owed("L1", letter).state), ("replied", "done"))
