"""M1, M2, M3: when a month plan meets its standards, and what opens it."""

from odoo.tests import tagged

from .execution import ExecutionCase


@tagged("ops_month_plan")
class TestOpsMonthPlanClock(ExecutionCase):
    def setUp(self):
        super().setUp()
        self.generate()

    def of(self, code, department=None):
        department = department or self.department
        leaves = [("department_id", "=", department.id)] if code != "M3" else []
        return self.owed(code, ("period", "=", "2027-02"), *leaves)

    def test_M1_M2_M3_are_ready(self):
        for code in ("M1", "M2", "M3"):
            self.assertTrue(self.env.ref(f"ops_handbook.ops_standard_{code.lower()}").ready, code)

    def test_M1_M2_are_owed_by_departments_M3_by_operations(self):
        self.assertEqual(self.of("M1").mapped("responsible_id"), self.head)
        self.assertEqual(len(self.of("M3")), 1, "one for the company; its branch is served by it")
        self.assertEqual((self.of("M3").role, self.of("M3").department_id.id), ("operations", False))
        self.assertLess(self.of("M1").date_due, self.of("M2").date_due)
        self.assertLess(self.of("M2").date_due, self.of("M3").date_due)

    def test_M1_is_met_by_the_assignment_M2_by_the_submission(self):
        plan = self._month_plan()
        self.assertEqual((self.of("M1").state, self.of("M2").state), ("open", "open"))
        plan.action_assign()
        self.assertEqual((self.of("M1").state, self.of("M2").state), ("done", "open"))
        self.assertEqual((self.of("M1").form_model, self.of("M1").form_id), ("ops.month.plan", plan.id))
        plan.action_submit()
        self.assertEqual(self.of("M2").state, "done")
        self.assertTrue(self.of("M2").on_time)

    def test_M2_stays_met_when_the_plan_is_returned(self):
        plan = self._reach(self._month_plan(), "submitted")
        plan.with_user(self.operations).action_return("More detail, please")
        self.assertEqual(self.of("M2").state, "done")
        rework = self.owed("R1", ("source_model", "=", "ops.month.plan"), ("source_id", "=", plan.id))
        self.assertEqual((rework.state, rework.responsible_id), ("open", self.head))
        plan.action_submit()
        self.assertEqual(rework.state, "done")

    def test_R1_whoever_leads_the_department_by_then_reworks_the_plan(self):
        plan = self._reach(self._month_plan(), "submitted")
        plan.with_user(self.operations).action_return("More detail, please")
        rework = self.owed("R1", ("source_model", "=", "ops.month.plan"), ("source_id", "=", plan.id))
        rework.sudo().role = "author"  # as it was asked for before the form said who reworks it
        self.department.manager_id = self.employee_of(self.newcomer)
        self.assertEqual((rework.responsible_id, rework.role), (self.newcomer, "head"))
        plan.with_user(self.newcomer).action_submit()
        self.assertEqual(rework.state, "done")

    def test_a_cancelled_plan_gives_M1_and_M2_back(self):
        plan = self._reach(self._month_plan(), "submitted")
        plan.action_cancel("Start again")
        self.assertEqual((self.of("M1").state, self.of("M2").state), ("open", "open"))

    def test_M3_waits_for_all_that_was_submitted(self):
        first = self._reach(self._month_plan(), "submitted")
        second = self._reach(self._month_plan(
            tasks=[self._values("Call", owner_id=self.liaison.id, is_routine=True)], user=self.other_head,
            department=self.other_department,
        ), "issued")
        self.assertEqual(self.of("M3").state, "open", "the workshop's is not issued")
        self._reach(first, "issued")
        self.assertEqual(self.of("M3").state, "open", "others may still submit in time")
        with self.at("2027-01-29 10:00"):  # M2 was due the day before
            self.MonthPlan._cron_issued()
        self.assertEqual((self.of("M3").state, second.state), ("done", "issued"))
        self.assertIn(self.of("M3").form_id, (first | second).ids)
        self.assertTrue(self.of("M3").on_time)

    def test_M3_is_not_met_by_silence(self):
        """Nobody submitted anything: nothing was issued."""
        with self.at("2027-02-10 10:00"):
            self.MonthPlan._cron_issued()
        self.assertEqual(self.of("M3").state, "open")

    def test_M3_does_not_wait_for_a_department_whose_time_has_passed(self):
        with self.at("2027-01-30 10:00"):
            self._reach(self._month_plan(), "issued")
        self.assertEqual(self.of("M3").state, "done")

    def test_an_obligation_opens_a_plan_that_is_filled_in(self):
        action = self.of("M1").with_user(self.head).action_open_form()
        plan = self.MonthPlan.browse(action["res_id"])
        self.assertEqual((plan.period, plan.department_id, plan.author_id), ("2027-02", self.department, self.head))
        self.assertEqual(plan.task_ids.initiative_id, self.annual.initiative_ids[0], "the other begins in April")
        self.assertEqual(self.of("M2").with_user(self.head).action_open_form()["res_id"], plan.id)
        opened = self.of("M3").with_user(self.operations).action_open_form()
        self.assertIn(("period", "=", "2027-02"), opened["domain"])

    def test_one_assigned_before_the_calendar_asks_counts(self):
        """The plan of March is made before its obligations are: they are met when they come."""
        plan = self._reach(self._month_plan(month="2027-03-01"), "submitted")
        self.assertFalse(self.owed("M2", ("period", "=", "2027-03")))
        with self.at("2027-02-15 08:00"):
            self.generate()
        met = self.owed("M2", ("period", "=", "2027-03"), ("department_id", "=", self.department.id))
        self.assertEqual((met.state, met.form_id), ("done", plan.id))
