"""A department is merged while its months run: plans, tasks and what is owed for them are somebody's, nothing is lost or doubled."""

from odoo.tests import tagged

from ..tools import clock
from .completion import CompletionCase


@tagged("post_install", "-at_install")
class TestOpsMonthPlanReorganise(CompletionCase):
    """The workshop, whose February is issued, becomes part of Sales."""

    def hand_over(self):
        """Hand the annual plan of the workshop over to Sales, as the GM office does."""
        self.annual.with_user(self.gm_office).action_hand_over_department(self.other_department.id, "Merged into Sales")

    def merged(self):
        """Hand over to Sales, which have a year, an issued February and a March in the making; return that March."""
        sales = {"user": self.other_head, "department": self.other_department}
        self._submitted(**sales)
        self._issued(tasks=[self._values("Call them", owner_id=self.liaison.id, is_routine=True)], **sales)
        march = self._month_plan(tasks=[], month="2027-03-01", **sales)
        self.hand_over()
        return march

    def making(self):
        """Return the workshop's own March, in the making."""
        return self._month_plan(tasks=[self._values("Sweep", "2027-03", is_routine=True)], month="2027-03-01")

    def of(self, department, code, period):
        return self.owed(code, ("department_id", "=", department.id), ("period", "=", period))

    # -- a month that the other has not planned ---------------------------------------------------------------------------

    def test_an_open_month_moves(self):
        """M6: with its tasks, its report and what is owed for it; what was issued keeps the names of its time."""
        self.generate()
        plan, march, report = self.plan.sudo(), self.making().sudo(), self._report().sudo()
        mine, theirs = (self.of(item, "M6", "2027-02") for item in (self.department, self.other_department))
        self.hand_over()
        for moved in (plan, march, plan.task_ids, report, report.line_ids):
            self.assertEqual(moved.department_id, self.other_department, moved)
        self.assertFalse((plan | march).successor_id)
        self.assertEqual((plan.department_name, plan.head_name, march.department_name), ("Workshop", "Head", False))
        self.assertIn("Handed over from Workshop to Sales: Merged into Sales", self.notes(plan))
        self.assertEqual((mine.state, theirs.state), ("cancelled", "open"), "it is owed once")
        self._said(report.with_user(self.other_head)).action_submit()
        self.assertEqual((report.state, plan.state), ("submitted", "reported"))
        self.assertEqual((theirs.state, theirs.form_id), ("done", report.id))

    def test_what_the_other_owed_for_the_month_is_met_by_the_plan_that_moves(self):
        """M1, M2: from now on, so what was late stays late; M1 of a draft is still owed."""
        self.generate()
        self.making()
        self.hand_over()
        for code in ("M1", "M2"):
            item = self.of(self.other_department, code, "2027-02")
            self.assertEqual((item.state, item.on_time, item.form_id), ("done", False, self.plan.id), code)
        self.assertEqual(self.of(self.other_department, "M1", "2027-03").state, "open")
        self.assertEqual(self.of(self.department, "M1", "2027-03").state, "cancelled")

    def test_what_waits_for_a_decision_goes_along(self):
        """D1, R1: whoever decides stays, whoever reworks is the other head."""
        report = self._submitted_report()
        decision = self.obligation("D1", report)
        self.hand_over()
        self.assertEqual((decision.department_id, decision.role, decision.state), (self.other_department, "operations", "open"))
        self.assertEqual(report.sudo().department_name, "Workshop")
        report.with_user(self.operations).action_return("Say more")
        rework = self.obligation("R1", report)
        self.assertEqual((rework.department_id, rework.responsible_id), (self.other_department, self.other_head))

    def test_whoever_reviews_goes_on_to(self):
        """D1 of a plan that somebody was named to review."""
        self.company.ops_month_plan_reviewer_id = self.liaison
        march = self._reach(self.making(), "submitted")
        decision = self.obligation("D1", march)
        self.hand_over()
        self.assertEqual((decision.responsible_id, decision.department_id), (self.liaison, self.other_department))

    def test_what_moves_asks_nobody_for_their_own_consent(self):
        """K1 of Sales for a task that is theirs by now."""
        march = self._month_plan(month="2027-03-01", tasks=[
            self._values("Sweep", "2027-03", is_routine=True, consent_department_id=self.other_department.id),
        ])
        march.action_assign()
        task = march.task_ids.sudo()
        asked = self.obligation("K1", task)
        self.hand_over()
        self.assertEqual((task.department_id, asked.state), (self.other_department, "cancelled"))
        self.assertFalse(task.consent_department_id or task.consent_state)

    def test_decisions_on_many_months_cost_no_query_each(self):
        """D1: what waits is found together, and its log says why."""
        plans = self.env["ops.month.plan"].sudo().union(*(
            self._reach(self._month_plan(
                tasks=[self._values("Sweep", f"2027-{number:02}", is_routine=True)], month=f"2027-{number:02}-01",
            ), "submitted").sudo()
            for number in range(3, 11)
        ))

        def cost(moving):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            moving._hand_over_decision("Merged into Sales", self.other_department)
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        cost(plans[:1])  # what is remembered is read once
        one, many = cost(plans[1:2]), cost(plans[2:])
        self.assertLess(many, one + 12)
        for plan in plans:
            decision = self.obligation("D1", plan)
            self.assertEqual(decision.department_id, self.other_department)
            self.assertEqual(self.notes(decision).count("Merged into Sales"), 1)

    # -- a month that both have planned -----------------------------------------------------------------------------------

    def test_what_was_issued_stays_and_what_was_not_ends(self):
        """One plan for each department and month; nothing more is asked of the workshop than to report on what it began."""
        self.generate()
        march = self.making()
        march.action_assign()
        self.merged()
        plan, march = self.plan.sudo(), march.sudo()
        self.assertEqual((plan.department_id, plan.state, plan.successor_id), (self.department, "issued", self.other_department))
        self.assertEqual((march.department_id, march.state), (self.department, "cancelled"))
        self.assertIn("Merged into Sales", self.notes(march))
        self.assertEqual(self.of(self.department, "M6", "2027-02").state, "open")
        for code in ("M1", "M2", "M6"):
            self.assertEqual(self.of(self.department, code, "2027-03").state, "cancelled", code)
            self.assertEqual(self.of(self.other_department, code, "2027-03").state, "open", code)

    def test_a_plan_that_was_filed_ends_as_well(self):
        """By a button nobody cancels one that is so far."""
        march = self._reach(self.making(), "filed")
        for user in (self.head, self.operations):
            self.assertFalse(march.with_user(user).can_cancel)
        self.merged()
        self.assertEqual(march.sudo().state, "cancelled")
        self.assertNotIn("open", self.obligations("D1", march).mapped("state"))

    def test_what_is_unfinished_goes_on_with_whoever_took_over(self):
        sales = self.merged()
        self._submitted_report()
        self.assertEqual(set(sales.sudo().task_ids.mapped("name")), {"Late", "Given up"})
        self.assertEqual(sales.sudo().task_ids.carried_from_id, (self.late | self.given_up).sudo())
        with self.at("2027-03-22 10:00"):
            self._reach(sales, "issued")
            following = self._report(sales, user=self.other_head)
        self.assertEqual(self.results(following.sudo())["Long"], "unfinished", "what was running is reported on over there")

    def test_a_later_month_of_the_other_begins_with_what_waits(self):
        self.merged().with_user(self.other_head).action_cancel("Not yet")
        self._submitted_report()
        march = self._month_plan(tasks=[], month="2027-03-01", user=self.other_head, department=self.other_department)
        march.action_prefill()
        self.assertLessEqual({"Late", "Given up"}, set(march.sudo().task_ids.mapped("name")))

    def test_nobody_reports_any_more(self):
        """The workshop has no head any more: operations close its month, and its tasks go on."""
        sales = self.merged()
        self.department.active = False
        with self.at("2027-03-02 10:00"):
            self.plan.with_user(self.operations).action_close("The workshop is part of Sales")
        self.assertEqual(set(sales.sudo().task_ids.mapped("name")), {"Late", "Long", "Given up"})

    def test_what_the_month_before_the_year_leaves_goes_on_as_well(self):
        """The year before is not handed over any more: what its December leaves is not lost."""
        december = self._issued(tasks=[self._values("Old", "2026-12", is_routine=True)], month="2026-12-01").sudo()
        self.merged()
        self.assertEqual((december.department_id, december.successor_id), (self.department, self.other_department))
        december.with_user(self.operations).action_close("Nobody is left to report")
        old = self.Task.search([("carried_from_id", "=", december.task_ids.id)])
        self.assertEqual(old.department_id, self.other_department)

    def test_whoever_carries_it_on_is_merged_as_well(self):
        """What the workshop left is not lost on the way from Sales to Purchasing; what comes back is its own again."""
        self.merged()
        third = self._create_department("Purchasing", self._create_user("third.head"))
        sales = self.env["ops.plan"].search([("department_id", "=", self.other_department.id), ("year", "=", 2027)])
        sales.with_user(self.gm_office).action_hand_over_department(third.id, "Merged again")
        self.assertEqual(self.plan.sudo().successor_id, third)
        sales.with_user(self.gm_office).action_hand_over_department(self.department.id, "The wrong one")
        self.assertFalse(self.plan.sudo().successor_id)

    def test_what_a_month_that_stays_has_begun_is_not_planned_twice(self):
        """The workshop becomes a line of Sales: a resolution whose task runs in its February is nothing new in March."""
        resolution = self._resolution(self.employee, due="2027-01-28")
        resolution.with_user(self.head).action_make_task()
        sales = self.merged()
        self.department.write({"parent_id": self.other_department.id, "ops_keeps_plans": False})
        sales.with_user(self.other_head).action_prefill()
        self.assertFalse(sales.sudo().task_ids.filtered("source_id"))

    def test_whoever_carries_it_on_consents_to_nothing(self):
        """K1: what needed the consent of Sales does not need it among their own tasks."""
        self.late.sudo()._write({"consent_department_id": self.other_department.id, "consent_state": "given"})
        self.late.invalidate_recordset()
        sales = self.merged()
        self._submitted_report()
        task = sales.sudo().task_ids.filtered(lambda task: task.name == "Late")
        self.assertEqual(task.carried_from_id, self.late.sudo())
        self.assertFalse(task.consent_department_id or task.consent_state)

    def test_M7_is_asked_of_whoever_took_over(self):
        self.merged()
        report = self._ruled_report()
        report.action_agree()
        plan = self.env["ops.improvement.plan"].search([("completion_id", "=", report.id)])
        item = self.obligation("M7", plan)
        self.assertEqual((plan.department_id, plan.author_id), (self.other_department, self.other_head))
        self.assertEqual((item.department_id, item.responsible_id), (self.other_department, self.other_head))

    # -- what was and what comes ------------------------------------------------------------------------------------------

    def test_what_was_let_pass_stays_missed(self):
        """M1 of January, never planned: the workshop's, whoever carries its year on. What comes is asked of Sales alone (M5)."""
        self.generate()
        missed = self.of(self.department, "M1", "2027-01")
        coming = self.owed("M5", ("department_id", "=", self.department.id), ("date_due", ">", clock.now()))
        self.assertTrue(missed and coming)
        self.hand_over()
        self.assertEqual((missed.state, missed.department_id), ("open", self.department))
        self.assertEqual(set(coming.mapped("state")), {"cancelled"}, "Sales meet each week themselves")

    def test_what_is_closed_stays_as_it_is(self):
        report = self._ruled_report()
        self.long.with_user(self.employee).action_done()
        report.action_agree()
        plan = self.plan.sudo()
        self.assertEqual(plan.state, "closed")
        self.hand_over()
        self.assertEqual((plan.department_id, plan.department_name, plan.successor_id),
                         (self.department, "Workshop", self.other_department))
        self.assertEqual(report.sudo().department_id, self.department)
