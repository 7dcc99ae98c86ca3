"""What becomes of improvement plans (M7) when people, departments, rulings and due times change."""

from odoo.tests import tagged

from ..tools import token
from .improvement import ImprovementCase


@tagged("post_install", "-at_install", "ops_improvement_plan")
class TestOpsImprovementPlanChange(ImprovementCase):
    # -- another head -----------------------------------------------------------------------------------------------------

    def test_M7_another_head(self):
        plan = self.improvement()
        self.department.manager_id = self.employee_of(self.employee)
        self.assertEqual(self.of("M7", plan).responsible_id, self.employee)
        self.assertFalse(plan.with_user(self.head).has_access("write"))
        mine = self.complete(plan.with_user(self.employee), self.measure_values(owner_id=self.newcomer.id))
        mine.action_submit()
        self.assertEqual(plan.author_id, self.employee, "whoever hands it in signs it")

    def test_R1_another_head_while_it_is_returned(self):
        plan = self.submitted()
        plan.with_user(self.operations).action_return("Which list?")
        self.department.manager_id = self.employee_of(self.newcomer)
        self.assertEqual(self.of("R1", plan).responsible_id, self.newcomer)
        plan.with_user(self.newcomer).action_submit()
        self.assertEqual(self.of("R1", plan).state, "done")

    def test_M7_a_department_without_a_head(self):
        self.department.manager_id = False
        report = self.submitted_report(user=self.env.user)
        lines = report.sudo().line_ids
        token.marked(lines).write({"cause_ruled": "subjective"})
        report.sudo()._transition("ruled")
        report.sudo()._transition("final")
        plan = self.improvement(report)
        self.assertFalse(plan.sudo().author_id)
        self.assertEqual(self.of("M7", plan).role, "operations", "nobody else answers until there is a head")
        self.department.manager_id = self.employee_of(self.head)
        self.assertEqual(self.of("M7", plan).responsible_id, self.head)

    # -- departments ------------------------------------------------------------------------------------------------------

    def released(self, department=None):
        """Take the annual plan of the workshop to its release, as the GM office does."""
        plan = self.annual.sudo()
        for state in ("review", "final", "released"):
            plan._transition(state, "Because")
        return plan.with_user(self.gm_office)

    def test_M7_follows_a_department_that_is_merged(self):
        plan = self.improvement()
        self.released().action_hand_over_department(self.other_department.id, "Merged into Sales")
        self.assertEqual(plan.sudo().department_id, self.other_department)
        self.assertEqual(plan.sudo().department_name, "Workshop")
        item = self.of("M7", plan)
        self.assertEqual((item.department_id, item.responsible_id), (self.other_department, self.other_head))
        self.assertIn("Merged into Sales", self.notes(plan))
        theirs = self.complete(plan.with_user(self.other_head))
        theirs.action_submit()
        self.assertEqual((plan.sudo().state, plan.sudo().author_id), ("submitted", self.other_head))

    def test_P3_follows_a_department_that_is_merged(self):
        """A plan that runs goes along, also where the other department has an annual plan of its own."""
        plan = self.accepted()
        plan.measure_ids.with_user(self.employee).action_done("Ticked")
        self._submitted(user=self.other_head, department=self.other_department)
        self.released().action_hand_over_department(self.other_department.id, "Merged into Sales")
        self.assertEqual(plan.sudo().department_id, self.other_department)
        self.assertEqual((self.of("P3", plan).role, self.of("P3", plan).department_id), ("operations", self.other_department))
        plan.with_user(self.operations).action_return("No effect")
        self.assertEqual(self.of("R1", plan).responsible_id, self.other_head)

    def test_M7_of_an_archived_department(self):
        plan = self.improvement()
        self.department.write({"parent_id": self.other_department.id, "active": False})
        self.assertEqual(self.of("M7", plan).responsible_id, self.other_head, "whoever leads the department above")
        self.complete(plan.with_user(self.other_head)).action_submit()
        self.assertEqual(self.of("M7", plan).state, "done")

    def machinery(self, record):
        """Return a record as the jobs have it: superuser, and nobody who presses a button."""
        return self.env[record._name].sudo().browse(record.id)

    # -- rulings ----------------------------------------------------------------------------------------------------------

    def test_M7_the_report_is_cancelled(self):
        """No state of a report leads back from final; where a ruling falls all the same, its plan is not asked for any more."""
        plan = self.submitted()
        self.machinery(plan.completion_id).improvement_ids._end("Ruled in error")
        self.assertEqual((plan.state, plan.measure_ids.state), ("cancelled", "cancelled"))
        self.assertEqual(self.of("P2", plan.measure_ids).state, "cancelled")
        self.assertEqual(self.of("D1", plan).state, "cancelled")
        self.assertEqual(self.told(self.head)[-1][:23], "Not asked for any more:")
        self.assertEqual(self.of("M7", plan).state, "done", "it was handed in in time")

    def test_M7_a_draft_that_is_not_asked_for_any_more(self):
        plan = self.improvement()
        self.machinery(plan.completion_id).improvement_ids._end("Ruled in error")
        self.assertEqual((plan.state, self.of("M7", plan).state), ("cancelled", "cancelled"))
        self.machinery(plan.completion_id)._after_final()
        again = self.improvement(plan.completion_id) - plan
        self.assertEqual((again.state, self.of("M7", again).state), ("draft", "open"))

    def test_what_was_accepted_is_carried_out_all_the_same(self):
        plan = self.accepted()
        self.machinery(plan.completion_id).improvement_ids._end("Ruled in error")
        self.assertEqual((plan.state, plan.measure_ids.state), ("accepted", "open"))

    def test_M7_counts_from_the_last_final_ruling(self):
        plan = self.improvement()
        report, item = plan.completion_id.sudo(), self.of("M7", plan)
        before = item.date_due
        with self.at("2027-02-24 10:00") as now:
            token.marked(report).write({"final_on": now})
            token.marked(report.line_ids[1]).write({"cause_ruled": "subjective"})
            report._after_final()
        self.assertEqual(len(plan.line_ids), 2)
        self.assertGreater(item.date_due, before)
        self.assertEqual(self.of("M7", plan), item)

    # -- holds, extensions, waivers ---------------------------------------------------------------------------------------

    def asked(self, plan, kind, **values):
        item = self.of("M7", plan)
        change = self.env["ops.obligation.change"].with_user(self.head).create({
            "obligation_id": item.id, "kind": kind, "reason": "The workshop moves", **values,
        })
        change.with_user(self.operations).action_approve()
        return item

    def test_M7_waived(self):
        plan = self.improvement()
        item = self.asked(plan, "waiver")
        self.assertEqual((item.state, plan.state), ("waived", "cancelled"))
        self.assertIn("need not be handed in", self.notes(plan))

    def test_M7_waived_of_a_plan_that_was_handed_in_changes_nothing(self):
        plan = self.submitted()
        self.of("M7", plan)._set_state("waived", "By hand")
        self.assertEqual(plan.state, "submitted")

    def test_M7_extended(self):
        plan = self.improvement()
        item = self.asked(plan, "extension", date_until=self.utc("2027-03-05 18:00"))
        self.assertEqual(plan.date_due, self.utc("2027-03-05 18:00"))
        with self.at("2027-03-04 10:00"):
            self.complete(plan).action_submit()
        self.assertEqual((item.state, item.on_time), ("done", True))

    def test_a_company_without_the_engine(self):
        self.company.sudo().ops_started = False
        plan = self.complete(self.improvement())
        plan.action_submit()
        self.assertEqual(plan.state, "submitted")


@tagged("post_install", "-at_install", "ops_improvement_plan")
class TestOpsImprovementPlanSpeed(ImprovementCase):
    def reports(self, number, month):
        """Return final rulings of ``number`` departments, without what follows from them (superuser)."""
        heads = [self.employee_of(self.head), self.employee_of(self.other_head)]
        departments = self.env["hr.department"].sudo().create([
            {"name": f"{month} {index}", "company_id": self.company.id, "ops_keeps_plans": True,
             "manager_id": heads[index % 2].id} for index in range(number)
        ])
        plans = self.MonthPlan.sudo().create([
            {"department_id": department.id, "company_id": self.company.id, "month": f"{month}-01", "author_id": self.head.id,
             "task_ids": [(0, 0, self._values("Late", month, is_routine=True, date_end=f"{month}-05"))]}
            for department in departments
        ])
        for state in ("assigned", "submitted", "filed", "issued"):
            plans._transition(state)
        reports = self.env["ops.completion.report"].sudo().create([{"month_plan_id": plan.id} for plan in plans])
        token.marked(reports.line_ids).write({"cause_kind": "skill", "cause_ruled": "subjective", "is_final": True})
        token.marked(reports).write({"state": "final", "final_on": self.utc(self.LATER)})
        return reports

    def statements(self, action):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        action()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_two_hundred_plans_at_once(self):
        """M7: drafts, clocks and mails of 200 departments in a number of statements that does not grow with them."""
        few_reports, many_reports = self.reports(5, "2027-03"), self.reports(200, "2027-04")
        plans = self.env["ops.improvement.plan"].sudo()
        few = self.statements(lambda: plans._ask_for(few_reports))
        many = self.statements(lambda: plans._ask_for(many_reports))
        self.assertEqual(len(self.owed("M7")), 205)
        self.assertLessEqual(many, few + 20, (few, many))
        shown = plans.search([], limit=80)
        self.assertLessEqual(self.statements(lambda: shown.with_user(self.operations).web_read({
            "display_name": {}, "because": {}, "date_due": {}, "measure_count": {}, "measure_late_count": {}, "can_accept": {},
        })), 25)

    def test_many_plans_go_to_another_department_together(self):
        """M7, R1, D1, P3: in a number of statements that does not grow with them."""
        plans = self.env["ops.improvement.plan"].sudo()
        few, many = plans._ask_for(self.reports(3, "2027-03")), plans._ask_for(self.reports(15, "2027-04"))
        counts = [self.statements(lambda moved=moved: moved._move_to(self.other_department, "Merged")) for moved in (few, many)]
        self.assertLessEqual(counts[1], counts[0] + 12, counts)
        self.assertEqual(self.of("M7", many).department_id, self.other_department)
        self.assertEqual(len(self.of("M7", many)), 15)
