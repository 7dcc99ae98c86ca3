"""Prints of process 2: month plan (form 5), work log (6), completion report (7), improvement plan (8), the month of a department."""

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .improvement import ImprovementCase


@tagged("post_install", "-at_install")
class TestMonthPlanPrint(ImprovementCase):
    def log(self, user=None, day="2027-02-22", **values):
        task = self.month_plan.task_ids.filtered(lambda task: task.owner_id == (user or self.employee))
        return self.env["ops.work.log"].with_user(user or self.employee).create({
            "date": day, "note": "Helped in the store",
            "line_ids": [Command.create({"task_id": task.id, "progress": 40, "problem": "The supplier does not answer"})], **values,
        })

    def test_form_5(self):
        html = self.render("ops_month_plan_report", self.month_plan)
        self.assertSays(html, "Month Plan", "Form 5", self.month_plan.number, "February 2027", "Order the line", "Fitter", "Routine",
                        "Signatures", "Department Head", "Version", "Log")
        self.assertNotIn("Not Issued Yet", html)
        draft = self._month_plan(month="2027-03-01")
        self.assertSays(self.render("ops_month_plan_report", draft), "Not Issued Yet", "New packaging line")
        self.assertSays(self.render("ops_month_plan_report", draft, lang="zh_CN"), "2027年3月")
        empty = self._month_plan(month="2027-04-01", tasks=[])
        self.assertSays(self.render("ops_month_plan_report", empty), "None.")

    def test_form_6_a_day_and_a_month(self):
        log = self.log()
        self.log(day="2027-02-21", note="Swept the yard")
        self.assertSays(self.render("ops_work_log_report", log, self.employee), "Work Log", "Form 6", "Employee", "Order the line",
                        "40 %", "The supplier does not answer", "Helped in the store", "Written by", log.number)
        html = self.render("ops_work_log_month_report", log, self.employee)
        self.assertSays(html, "February 2027", "Swept the yard", "Helped in the store", "The supplier does not answer",
                        f"WL-202702-{self.employee.id:04}")
        self.assertEqual(self.render("ops_work_log_month_report", log, self.head).count("Swept the yard"), 1, "the head reads it")

    def test_a_colleagues_log_is_in_no_print(self):
        """M4: a log is its owner's, and the heads'; neither a colleague nor operations print it."""
        log, own = self.log(), self.log(self.newcomer, note="My own day")
        for user in (self.newcomer, self.colleague, self.operations, self.other_head):
            for name in ("ops_work_log_report", "ops_work_log_month_report"):
                with self.assertRaises(AccessError):
                    self.render(name, log, user)
        html = self.render("ops_work_log_month_report", own, self.newcomer)
        self.assertSays(html, "My own day")
        self.assertNotIn("Helped in the store", html)
        self.assertEqual(self.render("ops_work_log_month_report", log | own, self.head).count("Signatures"), 2)

    def test_form_7_and_form_8(self):
        report = self.final_report()
        html = self.render("ops_completion_report_report", report)
        self.assertSays(html, "Completion Report", "Form 7", "Order the line: forgotten", "Subjective", "Objective", "As everybody knows",
                        "(final)", "Final since", "Version")
        plan = self.complete(self.improvement(report))
        html = self.render("ops_improvement_plan_report", plan)
        self.assertSays(html, "Improvement Plan", "Form 8", "Draft", "Order the line", "Nobody looks at the list",
                        "Look at the list each morning", "A tick", report.number)
        self.assertNotIn("Clean the hall", html, "objective delays ask for nothing")
        plan.action_submit()
        self.assertNotIn("ops_stamp\"", self.render("ops_improvement_plan_report", plan))

    def test_the_monthly_sheet(self):
        self.log()
        self.generate()
        empty = self.render("ops_month_plan_sheet_report", self.month_plan)
        self.assertSays(empty, "Monthly Sheet of the Department", "February 2027", "Order the line", "Deadlines of the Month")
        self.assertNotIn("Causes and Rulings", empty)
        plan = self.complete(self.improvement())
        html = self.render("ops_month_plan_sheet_report", self.month_plan)
        self.assertSays(html, "Causes and Rulings", "Order the line: forgotten", "As everybody knows", plan.number,
                        "Look at the list each morning", "M6", "Deadlines Kept")
        row = next(row for row in self.month_plan._print_deadlines() if row["code"] == "M6")
        self.assertEqual((row["count"], row["met"], row["rate"]), (1, 1, 100), "due on the 23rd, handed in on the 22nd")
        self.assertNotIn("Helped in the store", html, "no log stands in it, only how many were written")
        html = self.render("ops_month_plan_sheet_report", self.month_plan, self.operations, lang="zh_CN")
        self.assertSays(html, "2027年2月", "Order the line: forgotten")

    def test_the_sheet_counts_as_the_figures_do(self):
        """What was extended across the end of the month stays in the month in which it was originally due."""
        self.generate()
        [report] = self.Obligation.search([
            ("code", "=", "M6"), ("department_id", "=", self.department.id),
            ("date_due", ">=", self.utc("2027-02-01 00:00")), ("date_due", "<", self.utc("2027-03-01 00:00")),
        ])
        self.Obligation._move_due({report: self.utc("2027-03-02 23:59:59")}, "The books are closed later.", extended=True)
        plans = self.month_plan | self._month_plan(month="2027-03-01")
        with self.at("2027-03-01 10:00"):
            self.Obligation._fulfil_domain("M6", [("id", "=", report.id)])
        with self.at("2027-03-10 10:00"):
            self.env.invalidate_all()
            for plan in plans.with_user(self.head):
                with self.subTest(month=plan.month):
                    rows = plan._print_deadlines()
                    self.assertEqual(self._kept(plan), plan._print_on_time(rows))
                    found = {row["code"]: row for row in rows}.get("M6", {"met": 0})
                    self.assertEqual(found["met"], int(plan == self.month_plan), "in February, where it belongs, and there alone")

    def _kept(self, plan):
        """Return (kept, judged, percent kept) of a plan's department and month as the figures say it."""
        [(met, due, rate)] = self.env["ops.obligation.report"].with_user(self.head)._read_group(
            [("department_id", "=", plan.department_id.id), ("period_month", "=", plan.month)], [],
            ["met_nbr:sum", "due_nbr:sum", "on_time_rate:avg"],
        )
        return met or 0, due or 0, round(float(rate or 0), 1)

    def test_the_sheet_says_how_many_logs_were_written(self):
        """M4: two people had a task in progress on the 22nd, one of them wrote a log; nobody is named."""
        self.month_plan.task_ids.with_user(self.head).action_start()
        self.log()
        with self.at("2027-02-23 02:00"):
            self.assertEqual(self.month_plan.with_user(self.head)._print_logs(), (2, 1))
            self.assertSays(self.render("ops_month_plan_sheet_report", self.month_plan), "50 %")
            self.assertIsNone(self.month_plan.with_user(self.employee)._print_logs(), "figures are not for everybody")

    def test_nobody_prints_what_they_may_not_read(self):
        report = self.final_report()
        plan = self.improvement(report)
        for name, record in (
            ("ops_month_plan_report", self.month_plan), ("ops_month_plan_sheet_report", self.month_plan),
            ("ops_completion_report_report", report), ("ops_improvement_plan_report", plan),
        ):
            with self.assertRaises(AccessError):
                self.render(name, record, self.other_head)

    def test_an_employees_sheet_has_what_employees_read(self):
        """Where completion report and improvement plan are not for the reader the sheet goes without them."""
        report = self.submitted_report()
        html = self.render("ops_month_plan_sheet_report", self.month_plan, self.employee)
        self.assertSays(html, "Order the line")
        if not report.with_user(self.employee).has_access("read"):
            self.assertNotIn("forgotten", html)

    def test_the_sheet_costs_the_same_for_more_tasks(self):
        def cost(plan):
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            self.render("ops_month_plan_sheet_report", plan)
            self.render("ops_month_plan_report", plan)
            return self.env.cr.sql_log_count - start

        few = self._month_plan(month="2027-03-01")
        many = self._month_plan(month="2027-04-01", tasks=[
            self._values(f"Task {number}", "2027-04", initiative_id=self.annual.initiative_ids[number % 2].id) for number in range(60)
        ])
        cost(few)
        self.assertLessEqual(cost(many), cost(few) + 3)
