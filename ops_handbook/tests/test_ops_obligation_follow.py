"""What is open follows a changed calendar or ladder: a few at once, many by the job, in slices."""

from unittest.mock import patch

from odoo import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.deadline import ops_obligation_follow
from .engine import EngineCase

CRON = "ops_obligation_cron_upkeep"
NOW = "2026-11-20 20:00"  # a Friday


class Killed(BaseException):
    """Stands for a worker that was killed."""


@tagged("post_install", "-at_install")
class TestFollow(EngineCase):
    """Six things were reported on Friday evening (I1): each is due on Monday the 23rd. The company has an M6 of its own."""

    READY = ("I1", "M6")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        people = (cls.employee, cls.newcomer, cls.head, cls.colleague, cls.liaison, cls.other_head)
        cls.sources = cls.env["hr.employee"].concat(*(cls.employee_of(user) for user in people))
        cls.own = cls.standard("M6").copy({"company_id": cls.company.id})
        cls.env.cr.flush()  # what follows the calendars and the ladder made until here
        with cls.at("2026-11-20 18:30"):
            cls.items = cls.Obligation._start("I1", cls.sources).sorted("id")
        cls.env.flush_all()

    def due(self, day):
        """Return those that are due at the end of a local day."""
        return self.items.filtered(lambda item: item.date_due == self.utc(f"{day} 23:59:59"))

    def day_off(self, day, at=NOW, most=5, kind="off"):
        """Save a day off; more than ``most`` open ones are left to the job."""
        with patch.dict(ops_obligation_follow.AT_ONCE, company_id=most), self.at(at):
            self.env["ops.calendar.day"].create({
                "company_id": self.company.id, "date": day, "kind": kind, "name": "Day off",
            })
            self.env.cr.precommit.run()

    def one_slice(self, size=2):
        """Let the job do one slice before its time is up; return whether all was done."""
        pending = type(self.Obligation)._pending
        with (
            patch.object(type(self.Obligation), "_pending", lambda engine, name, _size: pending(engine, name, size)),
            patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda *args, **kwargs: 0.0),
            self.at(NOW),
        ):
            return self.Obligation._follow_pending()

    def all_slices(self):
        """Let the job do slice after slice; return how many there were."""
        for number in range(9):
            if self.one_slice():
                return number
        return self.fail("the job does not come to an end")

    # -- calendars ------------------------------------------------------------------------------------------------------

    def test_a_few_follow_at_once(self):
        triggers = self.env["ir.cron.trigger"].search([])
        self.day_off("2026-11-23", most=6)
        self.assertEqual(self.due("2026-11-24"), self.items)
        self.assertFalse(self.company.ops_pending_from)
        self.assertFalse((self.env["ir.cron.trigger"].search([]) - triggers).filtered(
            lambda trigger: trigger.cron_id == self.env.ref(f"ops_handbook.{CRON}")
        ))

    def test_whoever_saves_the_calendar_does_not_wait_for_many(self):
        """Nothing of them is written in that transaction, so nobody who hands in collides with it; the job is called."""
        jobs = [("cron_id", "=", self.env.ref(f"ops_handbook.{CRON}").id)]
        called = self.env["ir.cron.trigger"].search_count(jobs)
        with patch.object(type(self.Obligation), "write") as write:
            self.day_off("2026-11-23")
        write.assert_not_called()
        self.assertEqual(self.env["ir.cron.trigger"].search_count(jobs), called + 1)
        self.assertEqual((self.due("2026-11-23"), self.company.ops_pending_from), (self.items, 1))
        self.run_cron(CRON, NOW)
        self.assertEqual((self.due("2026-11-24"), self.company.ops_pending_from), (self.items, 0))
        self.assertEqual(self.items.mapped("date_original"), self.items.mapped("date_due"))
        for item in self.items:
            self.assertEqual(self.notes(item).count("working days have changed"), 1)

    def test_saving_costs_the_same_for_few_and_many(self):
        counts = []
        for round_, most in ((1, 0), (2, 0)):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.day_off(f"2026-12-0{round_}", most=most)
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            with self.at("2026-11-20 18:30"):
                for number in range(20):
                    self.Obligation._start("I1", self.sources, round=round_ * 100 + number)
        self.assertLessEqual(counts[1], counts[0] + 3, counts)

    def test_a_job_that_was_stopped_or_killed_goes_on(self):
        self.day_off("2026-11-23")
        self.assertFalse(self.one_slice())
        self.assertEqual(self.due("2026-11-24"), self.items[:2])
        self.assertEqual(self.company.ops_pending_from, self.items[1].id + 1)
        follow = type(self.Obligation)._follow_now

        def killed(items, name):
            follow(items, name)
            raise Killed

        with patch.object(type(self.Obligation), "_follow_now", killed), self.assertRaises(Killed):
            self.one_slice()
        self.env.invalidate_all()
        self.assertEqual(self.due("2026-11-24"), self.items[:2])
        self.assertEqual(self.all_slices(), 2)
        self.assertEqual(self.due("2026-11-24"), self.items)
        for item in self.items:
            self.assertEqual(self.notes(item).count("working days have changed"), 1)

    def test_changed_again_meanwhile(self):
        """The calendar is saved once more while the job is on its way: all of it is gone through again."""
        self.day_off("2026-11-23")
        self.assertFalse(self.one_slice())
        self.day_off("2026-11-24")
        self.assertEqual(self.company.ops_pending_from, 1)
        self.assertEqual(self.all_slices(), 3)
        self.assertEqual(self.due("2026-11-25"), self.items)
        self.assertEqual(self.company.ops_pending_from, 0)
        notes = [self.notes(item).count("working days have changed") for item in self.items]
        self.assertEqual(notes, [2, 2, 1, 1, 1, 1])

    def test_by_period_slices_say_what_the_whole_says(self):
        """What the calendar asks for moves in slices as it does at once; so does the closing of its period."""
        self.generate("2026-11-02 08:00")
        reports = self.owed("M6")
        self.assertEqual(len(reports), 4)
        self.day_off("2026-11-23", most=0)
        self.assertEqual(self.all_slices(), 6, "ten of the company, and one of the branch")
        self.assertEqual(set(reports.mapped("date_due")), {self.utc("2026-11-20 23:59:59")})
        self.assertEqual(set(reports.mapped("date_close")), {self.utc("2026-12-23 23:59:59")})

    @mute_logger("odoo.addons.ops_handbook.models.deadline.ops_obligation_remind")
    def test_one_that_is_broken_stops_nobody(self):
        self.day_off("2026-11-23")
        broken, follow = self.items[2], type(self.Obligation)._follow_now

        def follow_now(items, name):
            if broken in items:
                raise ValueError
            follow(items, name)

        with patch.object(type(self.Obligation), "_follow_now", follow_now):
            self.run_cron(CRON, NOW)
        self.assertEqual(self.due("2026-11-24"), self.items - broken)
        self.assertEqual(self.company.ops_pending_from, 0)

    def test_what_is_done_before_the_job_comes_is_judged_by_the_new_days(self):
        """On Tuesday somebody notes that Monday was a day off: what is done before the job comes was due today."""
        at = "2026-11-24 09:00"
        self.day_off("2026-11-23", at=at)
        with self.at(at):
            done = self.Obligation._fulfil("I1", self.sources[0])
        self.assertEqual((done.on_time, done.date_due), (True, self.utc("2026-11-24 23:59:59")))
        self.assertEqual(done.date_original, done.date_due)
        self.assertEqual(self.notes(done).count("working days have changed"), 1)
        self.run_cron(CRON, at)
        self.assertEqual(done.state, "done")
        self.assertEqual(self.due("2026-11-24"), self.items)

    def test_nobody_is_reminded_by_the_former_days(self):
        """The 23rd of August is a Sunday: M6 is due before. By a make-up day it is due on that day, and reminded of later."""
        self.company.ops_start_date = "2026-08-01"
        self.generate("2026-08-03 08:00")
        report = self.owed("M6", ("department_id", "=", self.department.id))[0]
        self.assertEqual((report.date_due, report.date_next_step), (self.utc("2026-08-21 23:59:59"), self.utc("2026-08-18 09:00")))
        self.day_off("2026-08-23", at="2026-08-17 10:00", most=0, kind="work")
        with self.at("2026-08-18 09:01"):
            self.Obligation._take_steps(report)
        self.assertEqual((report.date_due, report.date_next_step), (self.utc("2026-08-23 23:59:59"), self.utc("2026-08-19 09:00")))
        self.assertFalse(self.env["ops.obligation.reminder"].sudo().search([("obligation_id", "=", report.id)]))

    # -- ladders --------------------------------------------------------------------------------------------------------

    def ladder(self):
        """Return the steps before the due day of M6, the first one first."""
        return self.own.step_ids.filtered(lambda step: step.anchor == "before_due").sorted("value", reverse=True)

    def test_lines_of_a_ladder_are_followed_once(self):
        """However many of its lines are changed together, and what keeps its next step is not written."""
        self.generate("2026-11-02 08:00")
        report = self.owed("M6", ("department_id", "=", self.department.id))[0]
        self.assertEqual(report.date_next_step, self.utc("2026-11-18 09:00"))
        replanned, planned = [], []
        replan, write = type(self.Obligation)._replan_steps, type(self.Obligation)._write_next_steps

        def replan_steps(items):
            replanned.append(len(items))
            return replan(items)

        def write_next_steps(engine, moments):
            planned.append(len(moments))
            return write(engine, moments)

        with (
            patch.object(type(self.Obligation), "_replan_steps", replan_steps),
            patch.object(type(self.Obligation), "_write_next_steps", write_next_steps),
            self.at("2026-11-03 08:00"),
        ):
            for place, days in enumerate((5, 2)):
                self.ladder()[place].value = days
            self.own.step_ids = [Command.create({"anchor": "before_due", "value": 4})]
            self.env.cr.precommit.run()
            self.assertEqual((replanned, planned), ([4], [4]), "of four departments")
            self.assertEqual(report.date_next_step, self.utc("2026-11-16 09:00"))
            self.ladder()[-1].value = 1
            self.env.cr.precommit.run()
        self.assertEqual((replanned, planned), ([4, 4], [4, 0]))

    def test_many_follow_a_ladder_by_the_job(self):
        self.generate("2026-11-02 08:00")
        report = self.owed("M6", ("department_id", "=", self.department.id))[0]
        with patch.dict(ops_obligation_follow.AT_ONCE, standard_id=3), self.at("2026-11-03 08:00"):
            self.ladder()[0].value = 5
            self.env.cr.precommit.run()
        self.assertEqual(report.date_next_step, self.utc("2026-11-18 09:00"))
        self.assertEqual(self.own.ops_pending_from, 1)
        self.run_cron(CRON, "2026-11-03 08:10")
        self.assertEqual(report.date_next_step, self.utc("2026-11-16 09:00"))
        self.assertEqual(self.own.ops_pending_from, 0)
