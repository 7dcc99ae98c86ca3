"""The job that reminds: which steps it takes, whom it reaches, once."""

from datetime import timedelta
from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ..models.deadline import ops_obligation_remind
from ..models.deadline.ops_obligation_insert import NEW_ROW
from ..tools import clock
from .common import OpsCommon


class ReminderCommon(OpsCommon):
    """Obligations of the submission ladder (M6) that the head of the workshop owes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cron = cls.env.ref("ops_handbook.ops_reminder_cron")
        cls.engine = cls.env["ops.obligation"].sudo()
        cls.engine.search([]).write({"date_next_step": False})  # the demo company has its own

    @classmethod
    def owe(cls, code="M6", due="2026-11-25 23:59:59", start="2026-11-01 10:00", responsible=None, **values):
        """Make an obligation of the workshop, answered for by its head; local times of Shanghai."""
        standard = cls.env["ops.standard"]._get(code, cls.company)
        cls.number = getattr(cls, "number", 0) + 1
        row = {
            **NEW_ROW,
            **standard._frozen_columns(standard.revision_id),
            "company_id": cls.company.id,
            "department_id": cls.department.id,
            "role": "head",
            "responsible_id": (cls.head if responsible is None else responsible).id or None,
            "name": f"test {cls.number}",
            "round": cls.number,
            "date_start": cls.utc(start),
            "date_due": due and cls.utc(due),
            **values,
        }
        return cls.engine._insert([row])

    def remind(self, local, tz="Asia/Shanghai"):
        """Run the job at a local time; return the mails that it wrote."""
        before = self.mails()
        with self.enter_registry_test_mode(), self.at(local, tz):
            self.cron.with_user(self.env.ref("base.user_root")).method_direct_trigger()
        self.env.invalidate_all()
        return self.mails() - before

    def mails(self):
        return self.env["mail.mail"].sudo().search([("ops_notice", "=", True)])

    def log(self, item):
        return self.env["ops.obligation.reminder"].sudo().search([("obligation_id", "=", item.id)], order="moment, id")

    def readers(self, mails):
        return mails.recipient_ids.user_ids


@tagged("post_install", "-at_install")
class TestReminderSteps(ReminderCommon):
    def test_next_step_is_the_first_of_the_ladder(self):
        item = self.owe()
        self.assertEqual(item.date_next_step, self.utc("2026-11-20 09:00"))

    def test_step_is_sent_logged_and_passed_on(self):
        item = self.owe()
        self.assertFalse(self.remind("2026-11-20 08:59"))
        mail = self.remind("2026-11-20 09:00")
        self.assertEqual(len(mail), 1)
        self.assertEqual(self.readers(mail), self.head)
        self.assertEqual(mail.state, "outgoing")
        self.assertFalse(mail.auto_delete)
        self.assertEqual(self.log(item).mapped("state"), ["sent"])
        self.assertEqual(self.log(item).receiver_text, self.head.name)
        self.assertEqual(item.date_next_step, self.utc("2026-11-24 09:00"))

    def test_twice_sends_once(self):
        self.owe()
        self.assertTrue(self.remind("2026-11-20 09:00"))
        self.assertFalse(self.remind("2026-11-20 09:00"))
        self.assertFalse(self.remind("2026-11-20 09:05"))

    def test_the_key_is_guaranteed_by_the_database(self):
        item = self.owe()
        self.remind("2026-11-20 09:00")
        item.write({"date_next_step": self.utc("2026-11-20 09:00")})
        self.assertFalse(self.remind("2026-11-20 10:00"))
        step = self.log(item).step_id
        with self.at("2026-11-20 10:00"):
            item._log_steps([(item, step, clock.now(), 0, None)])
        self.assertEqual(len(self.log(item)), 1)

    def test_missed_days_give_one_message(self):
        for days, skipped in ((3, 0), (10, 5), (40, 5)):
            item = self.owe()
            late = self.utc("2026-11-20 09:00") + timedelta(days=days)
            mails = self.remind(f"{late + timedelta(hours=8)}")
            log = self.log(item)
            with self.subTest(days=days):
                self.assertEqual(len(mails.filtered(lambda mail: self.head.partner_id in mail.recipient_ids)), 1)
                self.assertEqual(len(log.filtered(lambda line: line.state == "skipped")), skipped)
                self.assertTrue(all(line.reason == "missed" for line in log if line.state == "skipped"))
                self.assertFalse(self.remind(f"{late + timedelta(hours=9)}"))

    def test_missed_days_give_one_digest_for_all(self):
        items = self.owe() | self.owe() | self.owe(due="2026-11-30 23:59:59")
        mails = self.remind("2026-12-31 10:00")
        self.assertEqual(len(mails.filtered(lambda mail: self.head.partner_id in mail.recipient_ids)), 1)
        for item in items:
            self.assertIn(item.name, mails[:1].body_html)

    def test_moved_due_time_allows_its_steps_again(self):
        item = self.owe()
        self.assertTrue(self.remind("2026-11-20 09:00"))
        with self.at("2026-11-20 12:00"):
            item._move_due({item: self.utc("2026-12-09 23:59:59")}, "extended")
        self.assertEqual(item.date_next_step, self.utc("2026-12-04 09:00"))
        self.assertTrue(self.remind("2026-12-04 09:00"))
        log = self.log(item)
        self.assertEqual(len(log), 2)
        self.assertEqual(len(log.step_id), 1)

    def test_moved_due_time_does_not_repeat_what_would_have_passed(self):
        item = self.owe()
        self.assertTrue(self.remind("2026-11-24 09:00"))
        with self.at("2026-11-24 10:00"):
            item._move_due({item: self.utc("2026-11-26 23:59:59")}, "the working days have changed")
        self.assertEqual(item.date_next_step, self.utc("2026-11-25 09:00"))
        self.assertFalse(self.remind("2026-11-24 10:05"))

    def test_hold_is_silent_and_its_end_moves_the_steps(self):
        item = self.owe()
        with self.at("2026-11-18 10:00"):
            item._hold(clock.now(), self.utc("2026-11-25 10:00"), "the line is being moved")
        self.assertFalse(item.date_next_step)
        self.assertFalse(self.remind("2026-11-20 09:00"))
        with self.at("2026-11-25 10:00"):
            item._holds_over()._end_hold()
        self.assertGreater(item.date_next_step, self.utc("2026-11-25 10:00"))
        self.assertFalse(self.remind("2026-11-25 10:05"))
        self.assertTrue(self.remind("2026-12-31 10:05"))

    def test_a_step_since_the_end_of_a_hold_is_not_lost(self):
        """The job comes by later than the hold ends: what is due by then goes out, once."""
        item = self.owe()
        with self.at("2026-11-18 10:00"):
            item._hold(clock.now(), self.utc("2026-11-19 09:00"), "the line is being moved")
        self.assertEqual(item.date_due, self.utc("2026-11-26 23:59:59"))
        step = self.utc("2026-11-23 09:00")
        item.hold_until = step
        with self.at("2026-11-23 09:37"):
            item._holds_over()._end_hold()
        self.assertEqual(item.date_next_step, step)
        self.assertEqual(len(self.remind("2026-11-23 09:40")), 1)
        self.assertFalse(self.remind("2026-11-23 09:45"))

    def test_the_end_of_a_hold_wakes_the_job(self):
        item = self.owe()
        triggers = self.env["ir.cron.trigger"].sudo()
        leaves = [("cron_id", "=", self.env.ref("ops_handbook.ops_obligation_cron_upkeep").id)]
        before = triggers.search(leaves)
        with self.at("2026-11-18 10:00"):
            item._hold(clock.now(), self.utc("2026-11-18 11:30"), "the line is being moved")
        self.assertEqual((triggers.search(leaves) - before).mapped("call_at"), [self.utc("2026-11-18 11:30")])

    def test_fulfilled_between_the_step_and_the_mail(self):
        item = self.owe()
        with self.at("2026-11-20 09:00"):
            self.engine._take_steps(item)
            item._close(clock.now(), lambda _item: None)
        self.assertFalse(self.remind("2026-11-20 09:01"))
        self.assertEqual(self.log(item).mapped(lambda line: (line.state, line.reason)), [("skipped", "settled")])

    def test_archived_between_the_step_and_the_mail(self):
        item = self.owe(responsible=self.other_head)
        with self.at("2026-11-20 09:00"):
            self.engine._take_steps(item)
            self.other_head.active = False
        mails = self.remind("2026-11-20 09:01")
        self.assertTrue(mails)
        self.assertNotIn(self.other_head.partner_id, mails.recipient_ids)
        self.assertEqual(self.readers(mails), item.answering_ids)

    def test_changed_ladder_applies_to_what_is_open(self):
        item = self.owe()
        step = item.standard_id.step_ids.filtered(lambda step: (step.anchor, step.value) == ("before_due", 3))
        with self.at("2026-11-02 09:00"):
            step.value = 5
            self.env.cr.precommit.run()
        self.assertEqual(item.date_next_step, self.utc("2026-11-18 09:00"))
        with self.at("2026-11-02 09:00"):
            step.unlink()
            self.env.cr.precommit.run()
        self.assertEqual(item.date_next_step, self.utc("2026-11-24 09:00"))

    def test_channel_that_does_not_exist_is_skipped(self):
        item = self.owe()
        item.standard_id.step_ids.filtered(lambda step: step.anchor == "before_due" and step.value == 3).channel = "bot"
        self.startPatcher(patch.object(type(self.engine), "_is_channel_ready", lambda _model, channel: channel != "bot"))
        self.assertFalse(self.remind("2026-11-20 09:00"))
        self.assertEqual(self.log(item).mapped(lambda line: (line.state, line.reason)), [("skipped", "channel")])
        self.assertTrue(self.remind("2026-11-24 09:00"))


@tagged("post_install", "-at_install")
class TestReminderHours(ReminderCommon):
    def test_late_job_waits_for_the_morning(self):
        item = self.owe()
        self.assertFalse(self.remind("2026-11-20 23:00"))
        self.assertEqual(self.log(item).state, "waiting")
        self.assertFalse(self.remind("2026-11-22 10:00"), "a Sunday")
        self.assertEqual(len(self.remind("2026-11-23 09:00")), 1)

    def test_what_waited_too_long_waits_for_the_next_morning(self):
        """The server was down all Monday, then Tuesday became a day off: neither at night nor on a holiday."""
        self.owe()
        self.assertFalse(self.remind("2026-11-20 23:00"))
        self.assertFalse(self.remind("2026-11-23 22:00"))
        self.holiday("2026-11-24")
        self.assertFalse(self.remind("2026-11-24 09:00"))
        self.assertEqual(len(self.remind("2026-11-25 09:00")), 1)

    def holiday(self, day):
        self.env["resource.calendar.leaves"].create({
            "name": "holiday", "calendar_id": self.company.resource_calendar_id.id, "company_id": self.company.id,
            "date_from": self.utc(f"{day} 00:00"), "date_to": self.utc(f"{day} 23:59:59"),
        })
        self.env.cr.precommit.run()

    def test_holiday_waits(self):
        self.holiday("2026-11-20")
        self.owe(due="2026-11-26 23:59:59")
        self.assertFalse(self.remind("2026-11-20 10:00"))
        self.assertTrue(self.remind("2026-11-23 09:00"))

    def test_a_holiday_before_the_due_day_moves_the_steps_forward(self):
        """Three working days before are three, also where the due time itself stays, or is no rule's."""
        due = "2026-11-23 23:59:59"  # as the rule of M6 says
        by_rule = {"due_by_rule": True, "period": "2026-11", "date_original": self.utc(due)}
        for code, responsible, values in (("M6", self.head, by_rule), ("C5", self.employee, {})):
            item = self.owe(code, due=due, responsible=responsible, **values)
            self.assertEqual(item.date_next_step, self.utc("2026-11-18 09:00"), code)
        with self.at("2026-11-16 10:00"):
            self.holiday("2026-11-20")
        items = self.engine.search([("responsible_id", "in", (self.head | self.employee).ids), ("date_next_step", "!=", False)])
        self.assertEqual(set(items.mapped("date_due")), {self.utc(due)})
        self.assertEqual(set(items.mapped("date_next_step")), {self.utc("2026-11-17 09:00")})
        self.assertEqual(self.readers(self.remind("2026-11-17 09:00")), self.head | self.employee)

    def test_own_time_zone(self):
        self.head.tz = "Europe/Berlin"
        item = self.owe()
        self.assertEqual(item.date_next_step, self.utc("2026-11-20 09:00", "Europe/Berlin"))
        self.assertFalse(self.remind("2026-11-20 09:00"))
        self.assertTrue(self.remind("2026-11-20 09:00", "Europe/Berlin"))

    def test_own_working_hours(self):
        calendar = self.company.resource_calendar_id.copy({"name": "afternoons, not on Fridays"})
        calendar.attendance_ids.filtered(lambda line: line.hour_from < 12 or line.dayofweek == "4").unlink()
        self.employee_of(self.head).resource_calendar_id = calendar
        self.owe()
        self.assertFalse(self.remind("2026-11-20 15:00"), "a Friday")
        self.assertFalse(self.remind("2026-11-23 10:00"), "a morning")
        self.assertTrue(self.remind("2026-11-23 13:00"))

    def test_receivers_of_one_step_wait_each_for_their_own_hours(self):
        self.operations_colleague.tz = "Europe/Berlin"
        self.owe(responsible=self.env["res.users"], role="operations", department_id=None)
        first = self.remind("2026-11-20 09:00")
        self.assertIn(self.operations, self.readers(first))
        self.assertNotIn(self.operations_colleague, self.readers(first))
        self.assertEqual(self.readers(self.remind("2026-11-20 09:00", "Europe/Berlin")), self.operations_colleague)


@tagged("post_install", "-at_install")
class TestReminderReceivers(ReminderCommon):
    def test_next_level_and_gm_office(self):
        self.owe(responsible=self.colleague, department_id=self.sub_department.id, role="author")
        self.remind("2026-11-25 10:00")
        self.assertEqual(self.readers(self.remind("2026-11-26 09:00")), self.colleague | self.head)
        self.assertEqual(self.readers(self.remind("2026-11-30 09:00")), self.colleague | self.gm_office)

    def test_head_without_anybody_above_goes_to_operations(self):
        self.owe()
        self.remind("2026-11-25 10:00")
        readers = self.readers(self.remind("2026-11-26 09:00"))
        self.assertEqual(readers, self.head | self.env["res.users"]._ops_of_role("operations", self.company))

    def test_operations_are_looked_for_once_for_all_that_reaches_nobody(self):
        self.gm.active = False
        items, substitutions = [self.owe() for _number in range(5)], type(self.env["ops.substitution"])
        with patch.object(substitutions, "_running", autospec=True, side_effect=substitutions._running) as asked:
            found = self.engine._receivers([(item, "general_manager") for item in items])
        self.assertEqual(asked.call_count, 2, "who stands in for whoever is named, and for operations")
        operations = self.env["res.users"]._ops_of_role("operations", self.company)
        self.assertEqual(found, [dict.fromkeys(operations.ids)] * 5)

    def test_substitute_and_log_shows_both(self):
        self.env["ops.substitution"].sudo().create({
            "user_id": self.head.id, "substitute_id": self.colleague.id,
            "date_from": "2026-11-16", "date_to": "2026-11-29",
        })
        item = self.owe()
        mail = self.remind("2026-11-20 09:00")
        self.assertEqual(self.readers(mail), self.colleague)
        self.assertEqual(self.log(item).receiver_text, f"{self.colleague.name} for {self.head.name}")
        self.assertIn(self.head.name, mail.body_html)

    def test_next_level_is_never_below_whoever_answers(self):
        """A head who answers for a department below theirs: their own superior is told, not the one below."""
        self.sub_department.manager_id = self.employee_of(self.colleague)
        self.owe(responsible=self.head, department_id=self.sub_department.id, role="handler")
        self.remind("2026-11-25 10:00")
        readers = self.readers(self.remind("2026-11-26 09:00"))
        self.assertEqual(readers, self.head | self.env["res.users"]._ops_of_role("operations", self.company))

    def test_who_stands_in_when_it_goes_out(self):
        """What waits for the morning reaches whoever is there by then: the substitute, or whoever is back."""
        self.owe()
        self.owe(responsible=self.other_head, department_id=self.other_department.id)
        self.env["ops.substitution"].sudo().create([
            {"user_id": self.head.id, "substitute_id": self.colleague.id, "date_from": "2026-11-23", "date_to": "2026-11-29"},
            {"user_id": self.other_head.id, "substitute_id": self.liaison.id, "date_from": "2026-11-16", "date_to": "2026-11-22"},
        ])
        self.assertFalse(self.remind("2026-11-20 23:00"))
        mails = self.remind("2026-11-23 09:00")
        self.assertEqual((self.readers(mails), len(mails)), (self.colleague | self.other_head, 2))
        self.assertFalse(self.remind("2026-11-23 09:05"))

    def test_whoever_is_back_before_it_goes_out(self):
        """Handed on to the substitute and back again: it still goes out, once."""
        item = self.owe()
        self.assertFalse(self.remind("2026-11-20 23:00"))
        away = self.env["ops.substitution"].sudo().create({
            "user_id": self.head.id, "substitute_id": self.colleague.id, "date_from": "2026-11-21", "date_to": "2026-11-29",
        })
        self.colleague.tz = "Europe/Berlin"
        self.assertFalse(self.remind("2026-11-23 09:00"), "the substitute's morning has not come")
        away.unlink()
        self.assertEqual(self.readers(self.remind("2026-11-23 16:30")), self.head)
        self.assertEqual(self.log(item).state, "sent")

    def test_office_is_everybody_of_the_role(self):
        self.owe(responsible=self.env["res.users"], role="operations", department_id=None)
        readers = self.readers(self.remind("2026-11-20 09:00"))
        self.assertEqual(readers, self.env["res.users"]._ops_of_role("operations", self.company))
        self.assertLessEqual(self.operations | self.operations_colleague, readers)


@tagged("post_install", "-at_install")
class TestReminderUrgent(ReminderCommon):
    """I1: a problem of level 1 has hours, not days."""

    def urgent(self, **values):
        with self.at("2026-11-21 23:00"):
            return self.owe(
                "I1", variant="level1", urgent=True, start="2026-11-21 23:00", due="2026-11-22 01:00", **values
            )

    def test_start_runs_the_job_at_once(self):
        triggers = self.env["ir.cron.trigger"].sudo().search([("cron_id", "=", self.cron.id)])
        self.urgent()
        new = self.env["ir.cron.trigger"].sudo().search([("cron_id", "=", self.cron.id)]) - triggers
        self.assertIn(self.utc("2026-11-21 23:00"), new.mapped("call_at"))

    def test_at_night_to_the_duty_officer_apart_from_the_digest(self):
        self.company.ops_duty_officer_id = self.operations_colleague
        item = self.urgent()
        mails = self.remind("2026-11-21 23:00")
        self.assertEqual(self.readers(mails), self.head | self.operations_colleague)
        self.assertTrue(all("Urgent" in mail.subject for mail in mails))
        self.assertEqual(item.date_next_step, self.utc("2026-11-22 00:00"))
        self.assertEqual(len(self.remind("2026-11-22 00:00")), 2)
        self.assertEqual(len(self.remind("2026-11-22 00:36")), 2)
        self.assertFalse(item.date_next_step)

    def test_without_duty_officer_all_of_operations(self):
        self.company.ops_duty_officer_id = False
        self.urgent()
        readers = self.readers(self.remind("2026-11-21 23:00"))
        self.assertEqual(readers, self.head | self.env["res.users"]._ops_of_role("operations", self.company))

    def test_digest_stays_apart(self):
        self.owe(due="2026-11-25 23:59:59")
        self.urgent()
        night = self.remind("2026-11-21 23:00")
        self.assertFalse(night.filtered(lambda mail: "Urgent" not in mail.subject))
        morning = self.remind("2026-11-23 09:00")
        calm = morning.filtered(lambda mail: "Urgent" not in mail.subject)
        self.assertEqual((len(calm), self.readers(calm)), (1, self.head))

    def test_next_urgent_step_wakes_the_job(self):
        self.urgent()
        self.remind("2026-11-21 23:00")
        moments = self.env["ir.cron.trigger"].sudo().search([("cron_id", "=", self.cron.id)]).mapped("call_at")
        self.assertIn(self.utc("2026-11-22 00:00"), moments)


@tagged("post_install", "-at_install")
class TestReminderByHand(ReminderCommon):
    def test_one_click(self):
        item = self.owe(due="2026-12-25 23:59:59")
        with self.at("2026-11-20 10:00"):
            action = item.with_user(self.operations).action_remind()
            self.assertEqual(action["params"]["type"], "success")
            self.assertEqual(item.with_user(self.operations).action_remind()["params"]["type"], "warning")
        self.assertEqual(self.readers(self.remind("2026-11-20 10:01")), self.head)
        self.assertEqual(self.log(item).author_id, self.operations)
        self.assertEqual(item.date_next_step, self.utc("2026-12-22 09:00"))

    def test_what_is_urgent_goes_out_at_any_hour(self):
        with self.at("2026-11-21 23:00"):
            item = self.owe("I1", variant="level1", urgent=True, start="2026-11-21 08:00", due="2026-11-21 10:00")
            item.date_next_step = False
            self.assertTrue(item._remind_now())
        self.assertEqual(self.readers(self.remind("2026-11-21 23:01")), self.head)
        with self.at("2026-11-21 23:02"):
            self.assertTrue(self.owe(due="2026-12-25 23:59:59")._remind_now())
        self.assertFalse(self.remind("2026-11-21 23:03"))

    def test_settled_is_not_reminded_of(self):
        item = self.owe()
        item._close(clock.now(), lambda _item: None)
        self.assertFalse(item._remind_now())

    def test_not_by_everybody(self):
        item = self.owe()
        for user in self.head | self.employee | self.admin_ops:
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                item.with_user(user).action_remind()


@tagged("post_install", "-at_install")
class TestReminderJob(ReminderCommon):
    def test_one_digest_for_each_person_over_all_slices(self):
        people = self.head | self.other_head | self.operations | self.gm_office
        for number in range(40):
            self.owe(responsible=people[number % 4])
        lock = type(self.engine)._lock_due
        with patch.object(type(self.engine), "_lock_due", lambda engine, size: lock(engine, 3)):
            mails = self.remind("2026-11-20 09:00")
        self.assertEqual(len(mails), 4)
        self.assertEqual(self.readers(mails), people)
        self.assertTrue(all(mail.subject == "10 due" for mail in mails))

    def test_serialization_failure_is_rolled_back_and_repeated(self):
        item = self.owe()
        take, failures = type(self.engine)._take_steps, [True, True]

        def take_steps(engine, items):
            take(engine, items)
            if failures:
                failures.pop()
                raise SerializationFailure("somebody else was faster")

        with patch.object(type(self.engine), "_take_steps", take_steps):
            self.assertEqual(len(self.remind("2026-11-20 09:00")), 1)
        self.assertEqual(len(self.log(item)), 1)

    @mute_logger("odoo.addons.ops_handbook.models.deadline.ops_obligation_remind")
    def test_what_cannot_be_worked_on_holds_up_nobody(self):
        bad, good = self.owe(), self.owe(responsible=self.other_head)
        take = type(self.engine)._take_steps

        def take_steps(engine, items):
            if bad in items:
                raise ValueError("broken")
            take(engine, items)

        with patch.object(type(self.engine), "_take_steps", take_steps):
            self.assertEqual(self.readers(self.remind("2026-11-20 09:00")), self.other_head)
        self.assertEqual(bad.date_next_step, self.utc("2026-11-20 10:00"))
        self.assertEqual(self.log(good).state, "sent")
        self.assertEqual(self.readers(self.remind("2026-11-20 10:00")), self.head)

    def test_stops_when_the_time_is_up_and_calls_itself(self):
        for _number in range(6):
            self.owe()
        lock = type(self.engine)._lock_due
        with (
            patch.object(type(self.engine), "_lock_due", lambda engine, size: lock(engine, 2)),
            patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda *args, **kwargs: 0.0),
            patch.object(type(self.engine), "_wake") as wake,
            self.at("2026-11-20 09:00"),
        ):
            self.engine._cron_remind()
        wake.assert_called_once_with(None)
        self.assertEqual(len(self.env["ops.obligation.reminder"].sudo().search([("moment", "=", self.utc("2026-11-20 09:00"))])), 2)

    def test_killed_between_step_and_mail_loses_and_repeats_nothing(self):
        items = [self.owe() for _number in range(3)]
        with self.at("2026-11-20 09:00"):
            self.engine._take_steps(self.engine.union(*items[:2]))  # the worker dies here, after its commit
        mails = self.remind("2026-11-20 09:10")
        self.assertEqual(len(mails), 1)
        for item in items:
            self.assertEqual(mails.body_html.count(item.name), 1)
        self.assertFalse(self.remind("2026-11-20 09:15"))

    def test_number_of_statements_does_not_grow_with_the_steps(self):
        def statements(count):
            for number in range(count):
                self.owe(responsible=(self.head, self.other_head, self.gm_office)[number % 3])
            self.env.flush_all()
            self.env.invalidate_all()
            with self.at("2026-11-20 09:00"):
                start = self.env.cr.sql_log_count
                self.engine._take_steps(self.engine.search(self.engine._domain_due()))
                people = self.engine._lock_people(100)
                self.engine._deliver(people)
                self.env.flush_all()
                return self.env.cr.sql_log_count - start

        few = statements(6)
        many = statements(60)
        self.assertLessEqual(many, few + 6, f"{few} statements for 6 steps, {many} for 60")
        self.assertLess(many, 120)

    def test_a_second_worker_is_called_when_there_is_much_to_do(self):
        helper = self.env.ref("ops_handbook.ops_reminder_cron_helper")
        triggers = self.env["ir.cron.trigger"].sudo()
        self.owe()
        self.owe()
        for many, called in ((3, False), (2, True)):
            before = triggers.search_count([("cron_id", "=", helper.id)])
            with (
                patch.object(ops_obligation_remind, "MANY", many),
                patch.object(type(self.env["ir.cron"]), "_commit_progress"),
                self.at("2026-11-20 09:00"),
            ):
                self.engine.with_context(cron_id=self.cron.id)._call_help()
            self.assertEqual(triggers.search_count([("cron_id", "=", helper.id)]) > before, called)

    def test_two_workers_never_serve_the_same_person(self):
        self.owe()
        with self.at("2026-11-20 09:00"):
            self.engine._take_steps(self.engine.search(self.engine._domain_due()))
            self.assertEqual(self.engine._lock_people(10), self.head.ids)
            rows = self.engine.env.execute_query(SQL(
                "SELECT classid, objid FROM pg_locks WHERE locktype = 'advisory' AND objid = %s", self.head.id
            ))
        self.assertEqual(rows, [(ops_obligation_remind.ADVISORY, self.head.id)])
