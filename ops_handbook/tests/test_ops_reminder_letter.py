"""Form 13, drafting: by the ladder of C5 and I3, by hand, once for each level; what a draft says and when it goes."""

from datetime import timedelta

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..tools import clock, token
from .letters import LetterCase
from .problems import ProblemCase


@tagged("post_install", "-at_install")
class TestReminderLetterDraft(LetterCase):

    def test_levels_at_one_four_and_seven_working_days(self):
        """C5 and I3: letters on the 1st, 4th and 7th working day after the due time, holidays and make-up days counted."""
        self.days_off("2026-11-27", "2026-11-30")
        self.days_off("2026-11-28", kind="work")
        items = self.decided("C5") | self.decided("I3")
        for before, day, level, workdays, days in (
            ("2026-11-25 18:00", "2026-11-26", 1, 1, 1),
            ("2026-12-01 18:00", "2026-12-02", 2, 4, 7),
            ("2026-12-04 18:00", "2026-12-07", 3, 7, 12),
        ):
            self.remind(before)
            self.assertEqual(len(self.letters(items)), (level - 1) * 2, before)
            self.remind(f"{day} 09:00")
            for item in items:
                letter = self.letters(item)[-1]
                self.assertEqual((letter.level, letter.workdays_overdue, letter.days_overdue), (level, workdays, days))
                self.assertEqual(letter.state, "draft")

    def test_the_first_letter_falls_on_a_make_up_saturday(self):
        self.days_off("2026-11-27")
        self.days_off("2026-11-28", kind="work")
        item = self.decided(due="2026-11-26 23:59:59")
        self.remind("2026-11-27 18:00")
        self.assertFalse(self.letters(item))
        self.remind("2026-11-28 18:00")
        self.assertEqual((self.letters(item).workdays_overdue, self.letters(item).days_overdue), (1, 2))

    def test_a_draft_reaches_nobody(self):
        """Whoever owes the item hears of the letter when it is issued; operations find it in My work."""
        mails_before = self.mails()
        letter = self.drafted()
        self.assertFalse(self.mails() - mails_before)
        self.assertEqual(self.log(letter.obligation_id).filtered("letter_number").mapped("state"), ["waiting"])
        self.assertFalse(letter.reminder_id.receiver_ids)
        decision = self.owed("D1", letter)
        self.assertEqual((decision.role, decision.state, bool(decision.responsible_id)), ("operations", "open", False))
        mine = self.env["ops.my.work"].with_user(self.operations).get_data()["lists"]["decision"]
        self.assertIn(decision.id, [row["id"] for row in mine])
        action = decision.with_user(self.operations).action_open_form()
        self.assertEqual((action["res_model"], action["res_id"]), ("ops.reminder.letter", letter.id))

    def test_what_it_says(self):
        letter = self.drafted()
        self.assertRegex(letter.number, r"^RL-2026-\d{4}$")
        self.assertEqual((letter.department_id, letter.receiver_id), (self.department, self.head))
        self.assertEqual(letter.answering_ids, self.employee)
        self.assertEqual(letter.date_original, self.utc("2026-11-25 23:59:59"))
        self.assertEqual(letter.date_reply_by, self.utc("2026-11-30 23:59:59"))
        self.assertIn("C5", letter.rule_text)
        self.assertIn(letter.obligation_id.name, letter.source_text)
        self.assertIn("without delay", letter.body)
        self.assertFalse(letter.author_id)
        facts = dict(letter._facts())
        self.assertEqual(facts["Overdue by"], "1 working day (1 calendar day)")
        self.assertEqual(facts["Which letter"], "First letter")

    def test_in_the_language_of_the_receiver(self):
        self.head.lang = "zh_CN"
        level = self.env.ref("ops_handbook.ops_reminder_level_1")
        level.with_context(lang="zh_CN").body = "<p>请尽快完成</p>"
        letter = self.drafted()
        self.assertEqual(letter.lang, "zh_CN")
        self.assertIn("请尽快完成", letter.body)
        self.assertIn("决议", letter.name)  # the verb of C5

    def test_missed_days_of_the_job_give_one_letter(self):
        """Catching up: the letter of the day, not one for each that was missed."""
        item = self.decided()
        self.remind("2026-12-10 09:00")
        self.assertEqual(self.letters(item).mapped("level"), [3])
        skipped = self.log(item).filtered(lambda line: line.letter_number in (1, 2))
        self.assertEqual(set(skipped.mapped("reason")), {"missed"})

    def test_the_job_twice_gives_one_letter(self):
        item = self.decided()
        self.remind("2026-11-26 09:00")
        item.write({"date_next_step": self.utc("2026-11-26 09:00")})
        self.remind("2026-11-26 09:05")
        self.assertEqual(len(self.letters(item)), 1)

    def test_two_workers_cannot_draft_the_same_letter(self):
        """The database refuses the second one, whoever drafts it."""
        letter = self.drafted()
        values = {
            "obligation_id": letter.obligation_id.id, "number": "RL-2", "level": 1, "date_due": letter.date_due,
            "company_id": self.company.id,
        }
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.cr.savepoint():
            token.marked(self.Letter).create(values)
            self.env.flush_all()
        with self.at("2026-11-26 09:10"):
            again = self.Letter._draft([(letter.reminder_id.id, letter.obligation_id, letter.reminder_id.step_id, 1)])
        self.assertFalse(again)

    def test_two_steps_of_one_level_are_one_letter_with_a_copy(self):
        step = self.env.ref("ops_handbook.ops_standard_step_c5_3")
        step.copy({"receiver": "gm_office"})
        letter = self.drafted()
        self.assertEqual(len(self.letters(letter.obligation_id)), 1)
        self.assertIn(self.gm_office, letter.copy_ids)
        self.assertIn("letter", self.log(letter.obligation_id).mapped("reason"))

    def test_the_next_letter_takes_the_place_of_a_draft(self):
        item = self.decided()
        self.remind("2026-11-26 09:00")
        self.remind("2026-12-01 09:00")
        self.assertEqual(self.letters(item).mapped("state"), ["cancelled", "draft"])
        self.assertEqual(self.letters(item).mapped("level"), [1, 2])

    def test_number_of_statements_does_not_grow_with_the_letters(self):
        def statements(count):
            for _number in range(count):
                self.decided()
            self.env.flush_all()
            self.env.invalidate_all()
            with self.at("2026-11-26 09:00"):
                start = self.env.cr.sql_log_count
                self.engine._take_steps(self.engine.search(self.engine._domain_due()))
                self.env.flush_all()
                return self.env.cr.sql_log_count - start

        statements(2)
        few, many = statements(4), statements(40)
        self.assertLessEqual(many, few + 6, f"{few} statements for 4 letters, {many} for 40")

    # -- what the letter is about changes before it is issued ------------------------------------------------------------

    def test_fulfilled_before_issue(self):
        letter = self.drafted()
        with self.at("2026-11-26 11:00"):
            letter.obligation_id._close(clock.now(), lambda _item: None)
        self.assertEqual(letter.state, "cancelled")
        self.assertIn("done", letter.transition_ids[:1].reason)
        self.assertEqual((letter.reminder_id.state, letter.reminder_id.reason), ("skipped", "settled"))
        self.assertEqual(self.owed("D1", letter).state, "cancelled")

    def test_extension_granted_between_draft_and_issue(self):
        """Asked for in time and granted late: the draft goes, and the new due time has its own letters."""
        item = self.decided()
        with self.at("2026-11-25 10:00"):
            change = self.env["ops.obligation.change"].with_user(self.employee).create({
                "obligation_id": item.id, "kind": "extension", "reason": "Ill", "date_until": self.utc("2026-12-02 23:59:59"),
            })
        letter = self.drafted(item=item)
        with self.at("2026-11-26 11:00"):
            change.with_user(self.operations).action_approve()
        self.assertEqual(letter.state, "cancelled")
        self.remind("2026-12-03 09:00")
        second = self.letters(item) - letter
        self.assertEqual((second.level, second.state), (1, "draft"))
        self.assertEqual(dict(second._facts())["Overdue by"], "1 working day (1 calendar day)")
        self.assertIn("Due after extension", dict(second._facts()))

    def test_waived_and_cancelled_and_held(self):
        for state in ("waived", "cancelled", "held"):
            letter = self.drafted()
            with self.subTest(state=state), self.at("2026-11-26 11:00"):
                if state == "held":
                    letter.obligation_id._hold(clock.now(), clock.now() + timedelta(days=7), "Asked for in time")
                else:
                    letter.obligation_id._set_state(state, "Not needed")
                self.assertEqual(letter.state, "cancelled")

    def test_a_draft_of_something_settled_is_not_issued(self):
        letter = self.drafted()
        self.env.cr.execute("UPDATE ops_obligation SET state = 'done' WHERE id = %s", letter.obligation_id.ids)
        letter.obligation_id.invalidate_recordset()
        with self.assertRaises(UserError), self.at("2026-11-26 11:00"):
            letter.with_user(self.operations).action_issue()

    # -- by hand ----------------------------------------------------------------------------------------------------------

    def test_by_hand_from_a_selection(self):
        late, early = self.decided() | self.decided(), self.decided(due="2026-12-25 23:59:59")
        with self.at("2026-11-26 08:00"):
            action = (late | early).with_user(self.operations).action_draft_letter()
        letters = self.letters(late | early)
        self.assertEqual(letters.obligation_id, late)
        self.assertEqual(self.Letter.search(action["domain"], order="id"), letters)
        self.assertEqual(letters.author_id, self.operations)
        self.assertEqual(set(letters.mapped("state")), {"draft"})
        self.assertEqual(set(letters.reminder_id.mapped("channel")), {"letter"})
        self.remind("2026-11-26 09:00")  # the ladder finds the first letter there
        self.assertEqual(self.letters(late), letters)

    def test_by_hand_twice_opens_the_draft(self):
        item = self.decided()
        with self.at("2026-11-26 08:00"):
            item.with_user(self.operations).action_draft_letter()
            action = item.with_user(self.operations).action_draft_letter()
        self.assertEqual(action["res_id"], self.letters(item).id)

    def test_by_hand_is_the_next_level(self):
        letter = self.issued()
        with self.at("2026-11-27 08:00"):
            letter.obligation_id.with_user(self.operations).action_draft_letter()
        self.assertEqual(self.letters(letter.obligation_id).mapped("level"), [1, 2])

    def test_by_hand_by_whoever_issues_and_nobody_else(self):
        item, own = self.decided(), self.decided(role="operations", responsible=self.env["res.users"], department_id=None)
        with self.at("2026-11-26 08:00"):
            for user in (self.head, self.employee, self.gm_office, self.gm, self.admin_ops):
                self.assertFalse(item.with_user(user).can_draft_letter)
                with self.assertRaises(AccessError):
                    item.with_user(user).action_draft_letter()
            with self.assertRaises(AccessError):
                own.with_user(self.operations).action_draft_letter()
            self.assertTrue(item.with_user(self.operations).can_draft_letter)
            own.with_user(self.gm_office).action_draft_letter()
            with self.assertRaises(UserError):
                self.decided(due="2026-12-25 23:59:59").with_user(self.operations).action_draft_letter()
        self.assertEqual(self.letters(own).office, "gm_office")


@tagged("post_install", "-at_install")
class TestReminderLetterSource(ProblemCase):
    """I3: the letter says which measure of which plan."""

    def test_measure_of_a_plan(self):
        with self.at("2026-11-20 10:00"):
            problem = self.handling(name="The press leaks")
            plan = self.plan(problem, [self.handler], days=2)
        item = self.obligation("I3", plan.measure_ids)
        self.assertTrue(item.in_ledger)
        with self.at("2026-11-24 10:00"):
            item.with_user(self.operations).action_draft_letter()
            letter = self.env["ops.reminder.letter"].search([("obligation_id", "=", item.id)])
            self.assertEqual(item.source_label, letter.source_text)
        for word in ("Measure 0", plan.number, problem.number, "The press leaks"):
            self.assertIn(word, letter.source_text)
        self.assertIn("I3", letter.rule_text)
        action = item.with_user(self.operations).action_open_source()
        self.assertEqual((action["res_model"], action["res_id"]), ("ops.problem.measure", plan.measure_ids.id))
