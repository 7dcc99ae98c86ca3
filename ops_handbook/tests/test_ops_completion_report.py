"""Form 7: what is compiled, what must be said, what follows from handing it in, and from giving it back (M6)."""

import runpy

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import SQL, file_path, mute_logger

from .completion import CompletionCase


@tagged("ops_completion")
class TestOpsCompletionReport(CompletionCase):
    def test_M6_a_report_is_compiled_from_the_tasks(self):
        report = self._report()
        self.assertEqual(self.results(report), {
            "Done": "done", "Late": "unfinished", "Long": "running", "Given up": "unfinished",
        })
        self.assertEqual((report.period, report.department_id, report.company_id), ("2027-02", self.department, self.company))
        self.assertEqual(str(report.due_day), "2027-02-23")
        self.assertEqual((self.line(report, self.long).progress, self.line(report, self.late).weight), (40, 30))
        self.assertEqual((report.done_count, report.running_count, report.unfinished_count, report.completion), (1, 1, 2, 50.0))
        self.assertEqual(report.line_ids.mapped("result"), ["unfinished", "unfinished", "running", "done"], "what asks for words first")

    def test_M6_compiling_again_keeps_what_people_typed(self):
        report = self._said(self._report())
        self.late.with_user(self.employee).action_done()
        self.long.with_user(self.head).action_withdraw("Not needed")
        added = self.Task.with_user(self.head).create(
            self._values("Added", month_plan_id=self.plan.id, is_routine=True, date_end="2027-02-20")
        )
        report.action_compile()
        self.assertEqual(self.results(report), {
            "Done": "done", "Late": "done", "Given up": "unfinished", "Added": "unfinished",
        })
        self.assertEqual(self.line(report, self.given_up).explanation, "The part came late.")
        self.assertFalse(self.line(report, added).explanation)

    def test_M6_the_obligation_opens_the_compiled_report(self):
        self.generate()
        owed = self.owed("M6", ("department_id", "=", self.department.id), ("period", "=", "2027-02"))
        opened = self.Report.browse(owed.with_user(self.head).action_open_form()["res_id"])
        self.assertEqual((len(opened.line_ids), opened.author_id), (4, self.head))
        self.late.with_user(self.employee).action_done()
        self.assertEqual(owed.with_user(self.head).action_open_form()["res_id"], opened.id)
        self.assertEqual(self.results(opened)["Late"], "done", "compiled anew")

    def test_M6_all_that_is_missing_is_said_at_once(self):
        report = self._report()
        with self.assertRaises(UserError) as caught:
            report.action_submit()
        for words in ("Cause: choose", "Proposed: choose", "Explanation: say", "“Late”", "“Given up”"):
            self.assertIn(words, str(caught.exception))
        self.assertNotIn("“Long”", str(caught.exception), "it is running")

    def test_M6_submission_meets_the_standard_and_reports_the_plan(self):
        self.generate()
        owed = self.owed("M6", ("department_id", "=", self.department.id), ("period", "=", "2027-02"))
        report = self._submitted_report()
        self.assertEqual((owed.state, owed.form_id, owed.on_time), ("done", report.id, True))
        self.assertEqual((self.plan.state, self.late.state, self.long.state), ("reported", "unfinished", "progress"))
        decision = self.owed("D1", ("source_model", "=", "ops.completion.report"), ("source_id", "=", report.id))
        self.assertEqual((decision.state, decision.role), ("open", "operations"))

    def test_tasks_that_were_reported_as_running_go_on_others_do_not(self):
        self._submitted_report()
        self.long.with_user(self.employee).write({"progress": 80})
        self.assertTrue(self.long.with_user(self.employee).can_done)
        self.long.with_user(self.employee).action_done()
        self.long.with_user(self.employee).action_start()
        for task in (self.late, self.done):
            self.assertFalse(task.with_user(self.employee).can_start)
            with self.refused(UserError, "reported as running"):
                task.with_user(self.employee).action_start()
        self.assertFalse(self.plan.with_user(self.head).can_add)
        with self.assertRaises(AccessError):
            self.Task.with_user(self.head).create(self._values("Too late", month_plan_id=self.plan.id, is_routine=True))

    def test_a_running_task_can_be_handed_over_and_withdrawn(self):
        self._submitted_report()
        self.long.with_user(self.head).action_hand_over(self.newcomer.id, "On leave")
        self.assertEqual(self.long.owner_id, self.newcomer)
        with self.refused(UserError, "cannot be handed over"):
            self.late.with_user(self.head).action_hand_over(self.newcomer.id, "On leave")
        self.long.with_user(self.head).action_withdraw("Not needed any more")
        self.assertTrue(self.changes_told(self.operations))

    def test_a_returned_report_gives_plan_and_tasks_back(self):
        self.generate()
        issued_on = self.plan.issued_on
        report = self._submitted_report()
        self.line(report, self.late).with_user(self.operations).action_rule("subjective")
        report.with_user(self.operations).action_return("More detail")
        self.assertEqual((self.plan.state, self.plan.issued_on), ("issued", issued_on))
        self.assertEqual((self.late.state, self.given_up.state), ("todo", "unfinished"), "as they were before")
        self.assertFalse(self.line(report, self.late).cause_ruled)
        self.assertEqual(len(self.told(self.employee)), 0, "the tasks are not issued a second time")
        self.assertTrue(any("Returned" in subject for subject in self.told(self.head)))
        owed = self.owed("M6", ("department_id", "=", self.department.id), ("period", "=", "2027-02"))
        self.assertEqual(owed.state, "done", "it was handed in in time")
        rework = self.owed("R1", ("source_id", "=", report.id), ("source_model", "=", report._name))
        self.assertEqual((rework.state, rework.responsible_id), ("open", self.head))
        report.action_submit()
        self.assertEqual((self.plan.state, self.late.state), ("reported", "unfinished"))

    def test_R1_whoever_leads_the_department_by_then_reworks_the_report(self):
        report = self._submitted_report()
        self.department.manager_id = self.employee_of(self.newcomer)
        report.with_user(self.operations).action_return("More detail")
        rework = self.owed("R1", ("source_id", "=", report.id), ("source_model", "=", report._name))
        self.assertEqual(rework.responsible_id, self.newcomer)
        report.with_user(self.newcomer).action_submit()
        self.assertEqual(rework.state, "done")

    def test_a_returned_report_comes_back_though_an_owner_has_left(self):
        """What an issued plan must hold is asked at the issue, not when its report is given back."""
        report = self._submitted_report()
        self.done.owner_id.sudo().active = False
        report.with_user(self.operations).action_return("More detail")
        self.assertEqual(self.plan.state, "issued")

    def test_a_cancelled_report_is_owed_again(self):
        self.generate()
        owed = self.owed("M6", ("department_id", "=", self.department.id), ("period", "=", "2027-02"))
        report = self._submitted_report()
        report.action_cancel("Start again")
        self.assertEqual((owed.state, self.plan.state, self.late.state), ("open", "issued", "todo"))
        again = self._submitted_report()
        self.assertEqual((owed.state, owed.form_id), ("done", again.id))

    def test_one_report_per_plan(self):
        self._report()
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self._report()

    def test_only_issued_plans_are_reported_on(self):
        draft = self._month_plan(month="2027-03-01")
        with self.refused(UserError, "once operations have issued them"):
            self._report(draft)

    def test_lines_are_the_machinerys(self):
        report = self._report()
        with self.refused(UserError, "made from the tasks"):
            self.Line.with_user(self.head).create({"report_id": report.id, "task_id": self.done.id})
        for vals in ({"result": "done"}, {"cause_ruled": "objective"}, {"is_final": True}, {"task_id": self.done.id}):
            with self.refused(UserError, "cannot be typed"):
                self.line(report, self.late).write(vals)
        with self.assertRaises(UserError):
            self.line(report, self.late).unlink()
        with self.refused(ValidationError, "stay what they are"):
            report.write({"month_plan_id": self._month_plan(month="2027-03-01").id})
        self._said(report).action_submit()
        with self.assertRaises(AccessError):
            self.line(report, self.late).write({"explanation": "Otherwise"})

    def test_lines_of_the_newest_month_come_first_and_those_of_a_report_together(self):
        plans = self.plan | self._issued(tasks=self._four("2027-03"), month="2027-03-01")
        february, march = reports = self.Report.sudo().create([{"month_plan_id": plan.id} for plan in plans])
        lines = self.Line.search([("report_id", "in", reports.ids)])
        self.assertEqual(lines.ids, march.line_ids.ids + february.line_ids.ids)
        self.assertEqual(lines.mapped("period"), ["2027-03"] * 4 + ["2027-02"] * 4)

    def test_a_page_of_lines_is_read_in_the_order_of_an_index(self):
        """Lines of reports and logs are many: no join orders them, and none is read beside those of the page."""
        self.env.flush_all()
        self.env.cr.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off; SET LOCAL enable_incremental_sort = off")
        for name, index in (
            ("ops.completion.report.line", "ops_completion_report_line_period_idx"),
            ("ops.progress.report.line", "ops_progress_report_line_period_idx"),
            ("ops.work.log.line", ""),  # its list is of one task, and has an order of its own
        ):
            with self.subTest(name):
                model = self.env[name].sudo()
                query = model._search([], limit=80, order=model._order)
                self.assertNotIn("JOIN", query.select().code)
                self.env.cr.execute(SQL("EXPLAIN %s", query.select()))
                self.assertIn(index, str(self.env.cr.fetchall()))

    def test_an_upgrade_drops_the_index_on_the_month_alone(self):
        """19.0.1.7.0: the index in the order of the lines begins with the month."""
        for table in ("ops_completion_report_line", "ops_progress_report_line"):
            self.env.cr.execute(f"CREATE INDEX IF NOT EXISTS {table}__period_index ON {table} (period)")
        script = file_path("ops_handbook/migrations/19.0.1.7.0/post-orders.py")
        runpy.run_path(script)["migrate"](self.env.cr, "19.0.1.6.0")
        self.env.cr.execute("SELECT indexname FROM pg_indexes WHERE indexname LIKE 'ops%report_line__period_index'")
        self.assertFalse(self.env.cr.fetchall())

    def test_many_reports_are_compiled_with_as_many_statements_as_one(self):
        plans = [
            self._issued(tasks=self._four(f"2027-{month:02}"), month=f"2027-{month:02}-01") for month in (3, 4, 5, 6)
        ]
        self.env.flush_all()
        counts = []
        for found in (plans[:1], plans[1:]):
            reports = self.Report.sudo().create([{"month_plan_id": plan.id} for plan in found])
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            reports._compile()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 2)
