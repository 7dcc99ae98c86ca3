"""From a log to a problem report with one click."""

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_ops_work_log import WorkLogCase


@tagged("ops_work_log")
class TestOpsWorkLogProblem(WorkLogCase):
    def test_a_line_becomes_a_report(self):
        """M4 → form 14: the report is filled with what the log says; once."""
        log = self._log(line_ids=[Command.create({
            "task_id": self.order.id, "progress": 10, "problem": "No lorry came", "measure_taken": "Called another",
        })])
        line = log.line_ids
        action = line.action_report_problem()
        problem = self.env["ops.problem"].browse(action["res_id"])
        self.assertEqual((problem.name, problem.state, problem.author_id, problem.company_id, problem.department_id),
                         ("No lorry came", "draft", self.employee, self.company, self.department))
        for text in ("Order the line", "Called another"):
            self.assertIn(text, problem.description)
        self.assertEqual(line.action_report_problem()["res_id"], problem.id)
        self.assertEqual(self.Log.with_user(self.employee).quick_form()["tasks"][0]["reported"], problem.number)
        problem.with_user(self.employee).action_submit()
        self.assertEqual(problem.state, "new")

    def test_the_log_itself(self):
        log = self._log(problem="It is cold\nin the hall")
        problem = self.env["ops.problem"].browse(log.action_report_problem()["res_id"])
        self.assertEqual(problem.name, "It is cold")
        with self.refused(UserError, "what stood in the way"):
            self._log(date="2027-02-15").action_report_problem()

    def test_a_closed_log_still_tells(self):
        log = self._log(date="2027-02-09", problem="It is cold")
        with self.at("2027-02-20 09:00"):
            self.assertTrue(log.action_report_problem()["res_id"])

    def test_nobody_reports_in_anothers_name(self):
        log = self._log(problem="It is cold")
        for user in (self.head, self.newcomer, self.operations):
            with self.assertRaises(AccessError):
                log.with_user(user).action_report_problem()
        problem = self.env["ops.problem"].create({"name": "Another"})
        log.write({"problem_id": problem.id})
        self.assertFalse(log.problem_id)
