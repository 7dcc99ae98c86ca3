"""Prints of forms 14 to 16."""

from odoo.tests import tagged

from .problems import ProblemCase
from .test_ops_problem import PNG


@tagged("post_install", "-at_install")
class TestOpsProblemPrint(ProblemCase):

    def render(self, name, record, user=None):
        reports = self.env["ir.actions.report"].with_user(user or self.operations)
        return reports._render_qweb_html(f"ops_handbook.{name}", record.ids)[0].decode()

    def test_prints_say_what_counts(self):
        problem = self.handling(name="2号装配线气压不足", description="<script>alert(1)</script>")
        plan = self.solve(problem)
        problem.with_user(self.employee).action_verify(True, "好了")
        report = self.render("ops_problem_report", problem, self.employee)
        for word in (problem.number, "2号装配线气压不足", "Signatures", self.employee.name, self.handler.name, "Important",
                     self.company.name, "&lt;script&gt;"):
            self.assertIn(word, report)
        self.assertNotIn("<script>alert", report)
        sheet = self.render("ops_problem_plan_report", plan, self.handler)
        for word in (plan.number, problem.number, "Worn", "Measure 0", "Corrective"):
            self.assertIn(word, sheet)
        verification = self.render("ops_problem_verification_report", problem.verification_ids, self.employee)
        for word in (problem.verification_ids.number, "Effective", "好了", "It runs again"):
            self.assertIn(word, verification)

    def test_an_anonymous_print_names_nobody(self):
        door = self.env["ops.problem"].sudo().with_user(1)
        problem = door._report([{
            "name": "x", "is_anonymous": True, "author_id": False, "company_id": self.company.id}], photos=[[("a.png", PNG)]])
        html = self.render("ops_problem_report", problem)
        self.assertIn("Anonymous", html)
        self.assertNotIn(self.env.ref("base.user_root").name, html)
        self.assertIn("data:image/png;base64", html)

    def test_whoever_left_a_contact_is_named_to_those_who_may_know_it(self):
        """Form 14: a reporter without an account; operations and the GM office reach them, nobody else learns how."""
        door = self.env["ops.problem"].sudo().with_user(1)
        problem = door._report([{
            "name": "Oil on the floor", "author_id": False, "contact": "Li Gate, 138 0000 0000", "channel": "qr",
            "company_id": self.company.id,
        }])
        self.accept(problem)
        for user in (self.operations, self.gm_office):
            self.assertIn("Li Gate, 138 0000 0000", self.render("ops_problem_report", problem, user))
        for user in (self.handler, self.head, self.gm):
            html = self.render("ops_problem_report", problem, user)
            self.assertIn("Somebody without an account", html)
            self.assertNotIn("Li Gate", html)
            self.assertEqual(problem.with_user(user)._print_contact(), "")

    def test_a_report_without_name_and_contact_says_so(self):
        problem = self.env["ops.problem"].with_user(self.operations).create({
            "name": "On paper", "author_id": False, "company_id": self.company.id,
        })
        problem.action_submit()
        html = self.render("ops_problem_report", problem)
        self.assertIn("Somebody without an account", html)
        self.assertNotIn("Anonymous", html)

    def test_an_anonymous_print_asks_for_no_contact(self):
        """Form 14: whatever stood there would not be printed; the database holds nothing either."""
        door = self.env["ops.problem"].sudo().with_user(1)
        problem = door._report([{"name": "x", "is_anonymous": True, "author_id": False, "company_id": self.company.id}])
        self.assertEqual(problem.with_user(self.operations)._print_contact(), "")
        html = self.render("ops_problem_report", problem)
        self.assertIn("Anonymous", html)
        self.assertNotIn("Somebody without an account", html)

    def test_several_at_once(self):
        html = self.render("ops_problem_report", self.report_many(3))
        self.assertEqual(html.count("ops_form_sheet\""), 3)
