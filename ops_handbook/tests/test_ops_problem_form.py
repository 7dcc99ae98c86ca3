"""The forms as the web client fills them in."""

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .problems import ProblemCase


@tagged("post_install", "-at_install")
class TestOpsProblemForm(ProblemCase):

    def form(self, model, user, **context):
        return Form(self.env[model].with_user(user).with_company(self.company).with_context(**context))

    def test_report(self):
        for user in (self.employee, self.head, self.operations, self.gm_office):
            with self.form("ops.problem", user) as form:
                form.name = "The gate squeaks"
                form.category = "resource"
            form.record.action_submit()
            self.assertEqual((form.record.state, form.record.author_id), ("new", user))

    def test_plan(self):
        problem = self.handling()
        action = self.obligation("P1", problem).with_user(self.handler).action_open_form()  # P1 opens the plan, filled
        with self.form("ops.problem.plan", self.handler, **action["context"]) as form:
            form.root_cause = "Worn"
            with form.measure_ids.new() as measure:
                measure.name = "Replace"
                measure.owner_id = self.colleague
                measure.date_due = "2030-01-01"
        plan = form.record
        self.assertEqual((plan.problem_id, plan.department_id, plan.round), (problem, self.department, 1))
        self.assertEqual(problem.with_user(self.handler).action_write_plan()["res_id"], plan.id)
        plan.action_submit()
        self.assertFalse(problem.with_user(self.handler).can_write_plan)

    def test_wizards(self):
        problem = self.report()
        other = self.report()
        self.press(problem, self.operations, "action_accept", department_id=self.department, handler_id=self.handler,
                   repeat_of_id=other)
        self.assertEqual((problem.severity, problem.repeat_of_id), ("2", other), "the proposed level is offered")
        self.press(problem, self.operations, "action_regrade", severity="3", reason="Slight")
        self.press(problem, self.head, "action_assign", handler_id=self.colleague)
        self.assertEqual((problem.severity, problem.handler_id), ("3", self.colleague))
        self.press(problem, self.operations, "action_assign", department_id=self.other_department, handler_id=self.handler)
        self.assertEqual((problem.responsible_department_id, problem.handler_id), (self.other_department, self.handler))
        self.press(problem, self.handler, "action_start", immediate_measure="Off")
        self.plan(problem).measure_ids.with_user(self.handler).action_done()
        self.press(problem, self.handler, "action_resolve", note="Runs")
        self.press(problem, self.employee, "action_verify", effective="no", comment="Loud")
        self.assertEqual((problem.state, problem.round), ("handling", 2))

    def press(self, record, user, method, **values):
        """Press a button that opens a dialog, fill it in and confirm."""
        action = getattr(record.with_user(user), method)()
        with self.form(action["res_model"], user, **action["context"]) as form:
            for name, value in values.items():
                setattr(form, name, value)
        form.record.action_confirm()

    def test_a_dialog_tells_nothing_of_a_problem_one_may_not_read(self):
        """What a dialog offers it computes as whoever opened it, also when a program names another report."""
        own, others = self.report(self.newcomer, proposed_severity="3"), self.report(proposed_severity="1")
        self.env.flush_all()
        dialogs = self.env["ops.problem.accept.wizard"].with_user(self.newcomer)
        spec = {"severity": {}, "subject": {}, "description": {}}
        self.assertEqual(dialogs.onchange({"res_ids": own.ids}, [], spec)["value"]["severity"], "3")
        with self.assertRaises(AccessError), self.cr.savepoint():
            dialogs.onchange({"res_ids": others.ids}, [], spec)
        dialog = dialogs.create({"res_ids": own.ids, "severity": "3", "department_id": self.department.id})
        with self.assertRaises(AccessError), self.cr.savepoint():
            dialog.write({"res_ids": others.ids})
            dialog.read(["severity"])

    def test_lesson(self):
        with self.form("ops.lesson", self.operations) as form:
            form.summary = "Quiet"
        form.record.action_compile()
        with self.form("ops.lesson.line", self.operations, default_lesson_id=form.record.id) as case:
            case.problem_id = self.report(name="Squeak")
            self.assertEqual(case.name, "Squeak")
