"""The clocks of a plan: A2 met by the submission, A4 by the final plan, whatever the order in which things happen."""

from odoo.tests import tagged

from .planning import PlanningCase


@tagged("post_install", "-at_install")
class TestOpsPlanClock(PlanningCase):

    def _item(self, code, department=None):
        return self._owed(code, ("department_id", "=", (department or self.department).id))

    def test_a2_is_met_by_the_submission(self):
        self._generate()
        item = self._item("A2")
        self.assertEqual((item.period, item.responsible_id, item.state), ("2027", self.head, "open"))
        plan = self._submitted()
        self.assertEqual((item.result, item.form_model, item.form_id), ("met", "ops.plan", plan.id))
        self.assertEqual(item.done_by_id, self.head)
        self.assertEqual(self._item("A2", self.other_department).state, "open")

    def test_a2_late(self):
        self._generate()
        plan = self._plan()
        with self.at("2026-12-22 10:00"):
            plan.action_submit()
            self.assertEqual(self._item("A2").result, "late")

    def test_a4_is_met_by_the_final_plan_and_stays_met_when_it_is_returned(self):
        self._generate()
        plan = self._in_review()
        self.assertEqual(self._item("A4").state, "open")
        plan = self._final(plan)
        self.assertEqual((self._item("A4").result, plan.final_on), ("met", self.utc(self.NOW)))
        plan.with_user(self.gm_office).action_return("One figure is wrong")
        self.assertEqual(self._item("A4").result, "met")

    def test_of_many_plans_in_one_go(self):
        self._generate()
        plans = self._plan() | self._plan(self.other_department)
        plans.sudo()._transition("submitted")
        self.assertEqual(self._item("A2").form_id, plans[0].id)
        self.assertEqual(self._item("A2", self.other_department).form_id, plans[1].id)

    def test_a_plan_that_was_there_before_the_engine_asked(self):
        with self.at("2026-11-03 09:00"):
            plan = self._final()
        self.assertFalse(self._item("A2"))
        self._generate("2026-12-01 08:00")
        self.assertEqual((self._item("A2").form_id, self._item("A2").result), (plan.id, "met"))
        self.assertEqual(self._item("A2").date_done, self.utc("2026-11-03 09:00"))
        self.assertEqual(self._item("A4").result, "met")
        self.assertEqual(self._item("A2", self.other_department).state, "open")

    def test_cancelling_opens_what_was_met_and_the_next_plan_meets_it(self):
        self._generate()
        plan = self._submitted()
        plan.with_user(self.gm_office).action_cancel("Two departments are merged")
        self.assertEqual(self._item("A2").state, "open")
        self.assertFalse(self._item("A2").form_id)
        again = self._submitted(self._plan())
        self.assertNotEqual(again, plan)
        self.assertEqual(self._item("A2").form_id, again.id)

    def test_the_obligation_opens_a_new_plan_of_its_cycle(self):
        self._generate()
        item = self._item("A2").with_user(self.head)
        action = item.action_open_form()
        self.assertEqual((action["res_model"], action["res_id"]), ("ops.plan", False))
        self.assertEqual(action["context"]["default_cycle_id"], self.cycle.id)
        self.assertEqual(action["context"]["default_department_id"], self.department.id)
        plan = self.env["ops.plan"].with_user(self.head).with_context(action["context"]).create({})
        self.assertEqual((plan.cycle_id, plan.department_id), (self.cycle, self.department))

    def test_the_obligation_opens_the_plan_that_is_there(self):
        self._generate()
        plan = self._plan()
        for code in ("A2", "A4"):
            self.assertEqual(self._item(code).with_user(self.head).action_open_form()["res_id"], plan.id)
        branch = self._plan(self.branch_department)
        action = self._item("A2", self.branch_department).with_user(self.branch_head).action_open_form()
        self.assertEqual(action["res_id"], branch.id)

    def test_what_is_due_next(self):
        self._generate()
        plan = self._plan()
        self.assertEqual(plan.date_next, self._item("A2").date_due)
        plan.action_submit()
        self.assertEqual(plan.date_next, self._item("A4").date_due)
        plan.with_user(self.gm_office).action_return("Too long")
        self.assertEqual(plan.date_next, self._owed("R1", ("source_id", "=", plan.id)).date_due)
        cancelled = self._plan(self.other_department)
        cancelled.action_cancel("Not this year")
        self.assertFalse(cancelled.date_next)
