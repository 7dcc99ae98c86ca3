"""Dates that bite in process 2: days off and make-up days of 2024–2026, ends of months, late months, a head who changes."""

from datetime import date, timedelta

import chinese_calendar

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..tools.moments import local_date
from .completion import CompletionCase

MONTHS = [f"{year}-{month:02}" for year in (2024, 2025, 2026) for month in range(1, 13)]


def rolled(day):
    """The working day on which something falls that is asked for on ``day``: earlier by up to three days, otherwise later."""
    for back in range(4):
        if chinese_calendar.is_workday(day - timedelta(back)):
            return day - timedelta(back)
    return next(day + timedelta(n) for n in range(1, 30) if chinese_calendar.is_workday(day + timedelta(n)))


def next_workday(day):
    return next(day + timedelta(n) for n in range(1, 30) if chinese_calendar.is_workday(day + timedelta(n)))


def last_day(first):
    return (first + timedelta(31)).replace(day=1) - timedelta(1)


@tagged("ops_completion")
class TestOpsMonthDates(CompletionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for year in (2024, 2025, 2026):
            wizard = cls.env["ops.holiday.wizard"].with_user(cls.admin_ops).with_company(cls.company).create({"year": year})
            wizard.action_load()
        cls.env.flush_all()

    # -- when they are due -----------------------------------------------------------------------------------------------

    def test_M6_M1_M2_M3_on_the_calendars_of_2024_to_2026(self):
        """The 23rd, 25th, 28th and last day of 36 months, against another source of the days off; never two on one day."""
        self.env["ops.standard"].search([("code", "not in", ("M1", "M2", "M3", "M6"))]).active = False
        self.company.write({"ops_start_date": "2024-01-01", "ops_horizon_days": 60})
        for year, month in ((year, month) for year in (2024, 2025, 2026) for month in range(1, 13, 2)):
            with self.at(f"{year}-{month:02}-01 08:00"):
                self.generate()
        found = {}
        for code in ("M6", "M1", "M2", "M3"):
            leaves = [("department_id", "=", self.department.id)] if code != "M3" else []
            for item in self.owed(code, ("company_id", "=", self.company.id), *leaves):
                found[code, item.period] = local_date(item.date_due, "Asia/Shanghai")
        collided = 0
        for month in MONTHS[:-1]:
            first = date.fromisoformat(f"{month}-01")
            following = (first + timedelta(31)).strftime("%Y-%m")
            m6 = rolled(first.replace(day=23))
            m1 = max(rolled(first.replace(day=25)), next_workday(m6))
            m2 = max(rolled(first.replace(day=28)), next_workday(m1))
            m3 = max(rolled(last_day(first)), next_workday(m2))
            self.assertEqual(
                [found["M6", month], *(found[code, following] for code in ("M1", "M2", "M3"))], [m6, m1, m2, m3], month
            )
            collided += len({rolled(first.replace(day=day)) for day in (23, 25, 28)}) < 3
        self.assertEqual(collided, 5, "plain rolling would make them collide")

    def test_M6_a_report_is_due_as_the_obligation_says_and_otherwise_by_the_rule(self):
        """February 2026: the 23rd is the last of nine days off, more than three back: the 24th. November 2024: a Saturday."""
        for month, due in (("2026-02", "2026-02-24"), ("2024-11", "2024-11-22"), ("2025-02", "2025-02-21"), ("2024-02", "2024-02-23")):
            with self.at(f"{month}-05 10:00"):
                self.assertEqual(str(self._report(self._month(month)).due_day), due)

    def test_M6_an_extended_report_is_due_later(self):
        self.generate()
        owed = self.owed("M6", ("department_id", "=", self.department.id), ("period", "=", "2027-02"))
        report = self._report()
        owed._move_due({owed.id: self.utc("2027-02-26 23:59:59")}, "Extended")
        report.action_compile()
        self.assertEqual(str(report.due_day), "2027-02-26")
        self.assertEqual(self.results(report)["Long"], "unfinished", "it ends on that day")

    # -- tasks at the end of a month ---------------------------------------------------------------------------------------

    def _month(self, month, ends=(), **values):
        """Return an issued plan of the workshop whose tasks end on these days of the month."""
        return self._issued(month=f"{month}-01", tasks=[
            self._values(f"Until {end}", month, is_routine=True, date_end=end, **values) for end in ends or (f"{month}-10",)
        ])

    def test_tasks_that_end_from_the_24th_on_are_running(self):
        with self.at("2025-01-06 10:00"):
            ends = [f"2025-01-{day}" for day in range(22, 32)]
            report = self._report(self._month("2025-01", ends))
        self.assertEqual(str(report.due_day), "2025-01-23")
        self.assertEqual(
            {name: result for name, result in self.results(report).items() if result == "unfinished"},
            {"Until 2025-01-22": "unfinished", "Until 2025-01-23": "unfinished"},
        )

    def test_the_day_counts_on_which_the_report_is_really_due(self):
        """February 2026, a short month whose 28th is a make-up Saturday: the report is due on the 24th."""
        with self.at("2026-02-05 10:00"):
            report = self._report(self._month("2026-02", [f"2026-02-{day}" for day in range(23, 29)]))
        self.assertEqual(sorted(name for name, result in self.results(report).items() if result == "running"), [
            f"Until 2026-02-{day}" for day in range(25, 29)
        ])
        with self.at("2024-11-05 10:00"):
            report = self._report(self._month("2024-11", ["2024-11-22", "2024-11-23", "2024-11-25"]))
        self.assertEqual(list(self.results(report).values()), ["unfinished", "running", "running"], "the 22nd, a Friday")

    def test_a_task_without_an_end_ends_with_its_month(self):
        plan = self._issued(month="2027-03-01", tasks=[self._values("Open", "2027-03", is_routine=True, date_end=False)])
        self.assertEqual(self.results(self._report(plan)), {"Open": "running"})

    # -- across months -----------------------------------------------------------------------------------------------------

    def _handed_in(self, plan, local):
        with self.at(local):
            report = self._said(self._report(plan))
            report.action_submit()
        return report

    def test_a_task_across_months_stands_in_each_report_until_it_is_ruled_on(self):
        """Begun in March, ends in May: running in March and April, ruled with May; it is one task all the time."""
        march, april, may, june = (self._month(f"2027-0{n}", ["2027-05-10"] if n == 3 else ()) for n in (3, 4, 5, 6))
        task = march.task_ids
        self.assertEqual(self.results(self._handed_in(march, "2027-03-22 10:00")), {"Until 2027-05-10": "running"})
        second = self._handed_in(april, "2027-04-22 10:00")
        self.assertEqual(self.results(second), {"Until 2027-05-10": "running", "Until 2027-04-10": "unfinished"})
        task.with_user(self.employee).write({"progress": 60})
        third = self._handed_in(may, "2027-05-21 10:00")
        self.assertEqual(self.results(third)["Until 2027-05-10"], "unfinished")
        self.assertEqual((task.state, march.state), ("unfinished", "reported"))
        self.assertNotIn("Until 2027-05-10", self.results(self._handed_in(june, "2027-06-22 10:00")), "it has been ruled on")

    def test_a_task_is_not_lost_when_a_month_is_left_out_and_not_reported_twice(self):
        march, april, may = (self._month(f"2027-0{n}", ["2027-05-31"] if n == 3 else ()) for n in (3, 4, 5))
        self._handed_in(march, "2027-03-22 10:00")
        with self.at("2027-05-20 10:00"):
            left_out = self._report(april)
            self.assertIn("Until 2027-05-31", self.results(left_out))
        self.assertIn("Until 2027-05-31", self.results(self._handed_in(may, "2027-05-21 10:00")))
        with self.at("2027-05-22 10:00"):
            self._said(left_out).action_submit()
        self.assertNotIn("Until 2027-05-31", self.results(left_out), "May has it already")

    def test_a_withdrawn_task_is_reported_no_more(self):
        march, april = self._month("2027-03", ["2027-05-31"]), self._month("2027-04")
        self._handed_in(march, "2027-03-22 10:00")
        march.task_ids.with_user(self.head).action_withdraw("The customer left")
        self.assertEqual(list(self.results(self._report(april))), ["Until 2027-04-10"])

    def test_a_month_reported_late(self):
        """M6 of March in the middle of April: late, and what ended in between is running and stands in April's report."""
        march, april = self._month("2027-03", ["2027-03-30", "2027-03-10"]), self._month("2027-04")
        with self.at("2027-03-01 08:00"):
            self.generate()
        with self.at("2027-04-09 10:00"):
            early = self._report(april)
            self.assertNotIn("Until 2027-03-30", self.results(early))
        report = self._handed_in(march, "2027-04-14 10:00")
        self.assertEqual(self.results(report), {"Until 2027-03-10": "unfinished", "Until 2027-03-30": "running"})
        owed = self.owed("M6", ("department_id", "=", self.department.id), ("period", "=", "2027-03"))
        with self.at("2027-04-14 10:05"):
            self.assertEqual((owed.state, owed.on_time, owed.result), ("done", False, "late"))
        with self.at("2027-04-15 10:00"):
            early.action_compile()
        self.assertEqual(self.results(early)["Until 2027-03-30"], "unfinished")

    def test_M6_after_the_close_of_its_period_is_missed(self):
        march = self._month("2027-03")
        with self.at("2027-03-01 08:00"):
            self.generate()
        self._handed_in(march, "2027-04-26 10:00")
        owed = self.owed("M6", ("department_id", "=", self.department.id), ("period", "=", "2027-03"))
        with self.at("2027-04-26 10:05"):
            self.assertEqual((owed.state, owed.result), ("done", "missed"))

    def test_M6_handed_in_before_the_calendar_asks(self):
        """The report of July is in before the engine has made its obligation: met as soon as it is made."""
        report = self._handed_in(self._month("2027-07", ["2027-07-02"]), "2027-03-02 10:00")
        with self.at("2027-07-01 08:00"):
            self.generate()
        owed = self.owed("M6", ("department_id", "=", self.department.id), ("period", "=", "2027-07"))
        self.assertEqual((owed.state, owed.on_time, owed.form_id), ("done", True, report.id))

    # -- a head who changes on the 24th --------------------------------------------------------------------------------------

    def _new_head(self):
        with self.at("2027-02-24 09:00"):
            self.department.manager_id = self.employee_of(self.newcomer)
            self.env.flush_all()

    def test_a_head_who_changes_on_the_24th_owes_what_is_open(self):
        self.generate()
        draft = self._said(self._report())
        self._new_head()
        for code, month in (("M6", "2027-02"), ("M1", "2027-03"), ("M2", "2027-03")):
            owed = self.owed(code, ("department_id", "=", self.department.id), ("period", "=", month))
            self.assertEqual((owed.state, owed.responsible_id), ("open", self.newcomer), code)
        self.assertEqual(draft.author_id, self.head, "whoever began it")
        with self.at("2027-02-24 10:00"):
            with self.assertRaises(AccessError):
                draft.with_user(self.head).action_submit()
            draft.with_user(self.newcomer).action_submit()
            tasks = [self._values("Sweep", "2027-03", is_routine=True)]
            plan = self._reach(self._month_plan(tasks, user=self.newcomer, month="2027-03-01"), "assigned")
        owed = self.owed("M6", ("department_id", "=", self.department.id), ("period", "=", "2027-02"))
        self.assertEqual((owed.done_by_id, owed.on_time), (self.newcomer, False))
        met = self.owed("M1", ("department_id", "=", self.department.id), ("period", "=", "2027-03"))
        self.assertEqual((met.state, met.done_by_id, plan.author_id), ("done", self.newcomer, self.newcomer))

    def test_a_new_head_objects_to_what_the_old_one_handed_in(self):
        report = self._ruled_report()
        self._new_head()
        line = self.line(report.sudo(), self.late)
        with self.at("2027-02-24 10:00"):
            with self.assertRaises(AccessError):
                report.with_user(self.head).action_object({line.id: "No"})
            report.with_user(self.newcomer).action_object({line.id: "The machine was down."})
        self.assertEqual((report.sudo().state, line.objection), ("objected", "The machine was down."))

    def test_a_substitute_hands_it_in(self):
        self.env["ops.substitution"].sudo().create({
            "user_id": self.head.id, "substitute_id": self.colleague.id, "date_from": "2027-02-20", "date_to": "2027-02-28",
        })
        self.env["res.users"]._ops_refresh_rights()
        report = self._said(self._report())
        report.with_user(self.colleague).action_submit()
        last = report.sudo().transition_ids.sorted("id")[-1:]
        self.assertEqual((report.state, last.user_id, last.on_behalf_id), ("submitted", self.colleague, self.head))
