"""M7: a final ruling “subjective” asks for an improvement plan; who writes, decides on and verifies it."""

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .improvement import ImprovementCase


@tagged("post_install", "-at_install", "ops_improvement_plan")
class TestOpsImprovementPlan(ImprovementCase):
    # -- how it comes about -----------------------------------------------------------------------------------------------

    def test_M7_begins_with_a_final_subjective_ruling(self):
        report = self.submitted_report()
        for line in report.with_user(self.operations).line_ids:
            line.action_rule("subjective")
        report.with_user(self.operations).action_accept()
        self.assertFalse(self.improvement(report), "the department may still object")
        report.action_agree()
        plan = self.improvement(report)
        self.assertEqual((plan.state, plan.author_id, plan.department_id, plan.period), (
            "draft", self.head, self.department, "2027-02",
        ))
        self.assertEqual(plan.line_ids.task_id.mapped("name"), ["Order the line", "Clean the hall"])
        item = self.of("M7", plan)
        self.assertEqual((item.state, item.responsible_id, item.role), ("open", self.head, "head"))
        self.assertEqual(item.date_due, self.utc("2027-02-25 23:59:59") if item.date_due.second else self.utc("2027-02-26 00:00"))
        self.assertEqual(plan.date_due, item.date_due)

    def test_M7_only_of_subjective_rulings(self):
        plan = self.improvement(self.final_report("subjective", "objective"))
        self.assertEqual(plan.line_ids.task_id.name, "Order the line")
        self.assertIn("Order the line (Not Carried Out)", plan.because)

    def test_M7_not_without_a_subjective_ruling(self):
        report = self.final_report("objective", "objective")
        self.assertFalse(self.improvement(report))
        self.assertFalse(self.owed("M7"))
        with self.refused(UserError, "no final ruling"):
            self.env["ops.improvement.plan"].create({"completion_id": report.id})

    def test_M7_when_nobody_objects_in_time(self):
        report = self.submitted_report()
        deciding = report.with_user(self.operations)
        deciding.action_rule_as_proposed()
        deciding.action_accept()
        with self.at("2027-02-25 09:00"), self.enter_registry_test_mode():
            self.env.ref("ops_handbook.ops_completion_report_cron_final").method_direct_trigger()
        self.assertEqual(report.state, "final")
        item = self.of("M7", self.improvement(report))
        self.assertEqual(item.date_due.date().isoformat()[:8], "2027-03-", "three working days after the 25th, a Thursday")

    def test_the_head_is_told_once_with_tasks_and_date(self):
        self.final_report()
        mails = self.env["mail.mail"].sudo().search([("subject", "like", "Improvement plan asked for")])
        self.assertEqual((len(mails), mails.recipient_ids), (1, self.head.partner_id))
        self.assertIn("Order the line", mails.body_html)
        self.assertIn("Please submit the plan by", mails.body_html)

    def test_mail_in_the_language_of_the_receiver(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.head.sudo().lang = "zh_CN"
        plan = self.improvement()
        mail = self.env["mail.mail"].sudo().search([("body_html", "like", "ops-improvement-plans")])
        self.assertIn("2027年2月", mail.subject)
        self.assertIn("Order the line", mail.body_html)
        self.assertIn(f"/odoo/ops-improvement-plans/{plan.id}", mail.body_html)

    def test_one_plan_per_report(self):
        plan = self.improvement()
        self.env["ops.completion.report"].browse(plan.completion_id.id).sudo()._after_final()
        self.assertEqual(self.env["ops.improvement.plan"].search_count([("completion_id", "=", plan.completion_id.id)]), 1)
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.env["ops.improvement.plan"].create({"completion_id": plan.completion_id.id})

    def test_nobody_makes_or_deletes_one_by_hand(self):
        plan = self.improvement()
        for user in (self.head, self.operations, self.gm_office):
            with self.assertRaises(AccessError):
                plan.with_user(user).create({"completion_id": plan.completion_id.id})
            with self.assertRaises(AccessError):
                plan.with_user(user).unlink()
        with self.refused(ValidationError, "stays as it is"):
            plan.write({"department_id": self.sub_department.id})
        with self.refused(UserError, "cannot be written directly"):
            plan.write({"line_ids": [(5,)]})

    # -- handing in -------------------------------------------------------------------------------------------------------

    def test_M7_says_all_that_is_missing(self):
        plan = self.improvement()
        with self.refused(UserError, "Root Cause") as caught:  # noqa: F841
            plan.action_submit()
        self.complete(plan, self.measure_values(date_due="2027-02-01"))
        with self.refused(UserError, "choose a day from today on"):
            plan.action_submit()
        self.newcomer.active = False
        plan.measure_ids.write({"date_due": "2027-03-01", "owner_id": self.newcomer.id})
        with self.refused(UserError, "somebody who can log in"):
            plan.action_submit()
        plan.measure_ids.owner_id = self.employee
        plan.action_submit()
        self.assertEqual(plan.state, "submitted")

    def test_M7_is_met_by_the_submission(self):
        plan = self.submitted()
        item = self.of("M7", plan)
        self.assertEqual((item.state, item.on_time, item.form_id), ("done", True, plan.id))
        self.assertEqual((self.of("D1", plan).state, self.of("D1", plan).role), ("open", "operations"))

    def test_locked_once_handed_in(self):
        plan = self.submitted()
        with self.assertRaises(AccessError):
            plan.root_cause = "Somebody else"
        with self.assertRaises(AccessError):
            plan.measure_ids.date_due = "2027-12-01"
        with self.assertRaises(AccessError):
            plan.write({"measure_ids": [(0, 0, self.measure_values())]})

    def test_returned_and_handed_in_again(self):
        plan = self.submitted()
        plan.with_user(self.operations).action_return("Which list?")
        rework = self.of("R1", plan)
        self.assertEqual((rework.state, rework.responsible_id), ("open", self.head))
        self.assertEqual(self.of("M7", plan).state, "done")
        self.assertEqual(self.told(self.head)[-1][:9], "Returned:")
        self.assertEqual(plan.round, 1, "nobody has tried these measures yet")
        plan.root_cause = "Nobody looks at the list of orders"
        plan.action_submit()
        self.assertEqual((rework.state, plan.state), ("done", "submitted"))

    def test_rework_goes_to_the_next_head(self):
        """Whoever leads the department by then reworks it, also when nobody led it for a while."""
        plan = self.submitted()
        plan.with_user(self.operations).action_return("Which list?")
        rework = self.of("R1", plan)
        self.department.manager_id = self.employee_of(self.newcomer)
        self.assertEqual((rework.responsible_id, rework.role), (self.newcomer, "head"))
        self.department.manager_id = False
        self.assertEqual((rework.responsible_id, rework.role), (self.env["res.users"], "operations"))
        self.department.manager_id = self.employee_of(self.employee)
        self.assertEqual((rework.responsible_id, rework.role), (self.employee, "head"))

    def test_the_head_does_not_decide(self):
        plan = self.submitted()
        for user in (self.head, self.other_head, self.employee, self.gm_office, self.gm):
            with self.assertRaises(AccessError):
                plan.with_user(user).action_accept()

    def test_whoever_hands_it_in_does_not_decide(self):
        """A head above hands it in, the head of the department signs it: a colleague in operations decides."""
        boss = self._create_boss("operations")
        plan = self.complete(self.improvement())
        plan.with_user(boss).action_submit()
        self.assertEqual((plan.author_id, self.of("D1", plan).role), (self.head, "operations"))
        for step in (plan.with_user(boss).action_accept, lambda: plan.with_user(boss).action_return("Which list?")):
            with self.assertRaises(AccessError):
                step()
        plan.with_user(self.operations).action_accept()
        self.assertEqual(plan.state, "accepted")

    def test_own_department_of_operations_is_decided_by_the_gm_office(self):
        month_plan = self._reach(self._month_plan(
            tasks=[self._values("File", date_end="2027-02-12", is_routine=True, owner_id=self.operations_colleague.id)],
            user=self.operations, department=self.ops_department,
        ), "submitted")
        month_plan.with_user(self.gm_office).action_file()
        month_plan.with_user(self.gm_office).action_issue()
        report = self.submitted_report(month_plan, self.operations)
        report = self.final_report("subjective", report=report, decider=self.gm_office)
        plan = self.complete(self.improvement(report).with_user(self.operations))
        plan.action_submit()
        self.assertEqual(self.of("D1", plan).role, "gm_office")
        for user in (self.operations, self.operations_colleague):
            with self.assertRaises(AccessError):
                plan.with_user(user).action_accept()
        plan.with_user(self.gm_office).action_accept()
        plan.measure_ids.with_user(self.employee).action_done("Ticked")
        self.assertEqual(self.of("P3", plan).role, "gm_office")
        with self.assertRaises(AccessError):
            plan.with_user(self.operations_colleague).action_close("It works")
        plan.with_user(self.gm_office).action_close("It works")
        self.assertEqual(plan.state, "closed")

    # -- the verification -------------------------------------------------------------------------------------------------

    def test_P3_when_all_measures_are_carried_out(self):
        plan = self.accepted(self.measure_values(), self.measure_values("Hang up the list", owner_id=self.newcomer.id))
        first, second = plan.measure_ids
        self.assertEqual(self.told(self.head)[-1][:9], "Accepted:")
        first.with_user(first.owner_id).action_done("Ticked")
        self.assertFalse(self.of("P3", plan))
        second.with_user(second.owner_id).action_done("It hangs")
        item = self.of("P3", plan)
        self.assertEqual((item.state, item.role, item.date_due.date().isoformat()), ("open", "operations", "2027-02-25"))
        second.with_user(self.operations).action_reopen("I see no list")
        self.assertEqual(item.state, "cancelled")
        second.with_user(second.owner_id).action_done("Now it hangs")
        self.assertEqual(self.of("P3", plan).mapped("state"), ["cancelled", "open"])

    def test_P3_when_it_is_accepted_after_all_was_done(self):
        plan = self.submitted()
        plan.measure_ids.with_user(self.employee).action_done("Ticked")
        self.assertFalse(self.of("P3", plan))
        plan.with_user(self.operations).action_accept()
        self.assertEqual(self.of("P3", plan).state, "open")

    def test_effective(self):
        plan = self.accepted()
        deciding = plan.with_user(self.operations)
        with self.refused(UserError, "not carried out"):
            deciding.action_close("It works")
        plan.measure_ids.with_user(self.employee).action_done("Ticked")
        self.assertEqual(deciding.action_close()["name"], "What Did You Find?")
        with self.assertRaises(UserError):
            deciding.action_close(" ")
        with self.assertRaises(AccessError):
            plan.action_close("It works")
        deciding.action_close("No order was late in March")
        self.assertEqual((plan.state, plan.verification), ("closed", "No order was late in March"))
        self.assertEqual(self.of("P3", plan).state, "done")
        self.assertEqual(self.told(self.head)[-1][:9], "Verified:")
        with self.refused(UserError, "its plan is"):
            plan.measure_ids.with_user(self.operations).action_reopen("Late")

    def test_not_effective_asks_for_new_measures(self):
        plan = self.accepted()
        plan.measure_ids.with_user(self.employee).action_done("Ticked")
        plan.with_user(self.operations).action_return("Three orders were late")
        self.assertEqual((plan.state, plan.round, self.of("P3", plan).state), ("returned", 2, "done"))
        self.assertEqual(self.of("R1", plan).state, "open")
        self.assertEqual(self.told(self.head)[-1][:13], "Not effective")
        with self.refused(UserError, "had no effect"):
            plan.action_submit()
        self.complete(plan, self.measure_values("Order by a program"))
        self.assertEqual(plan.measure_ids.mapped("round"), [1, 2])
        plan.action_submit()
        self.assertEqual(self.of("R1", plan).state, "done")
        plan.with_user(self.operations).action_accept()
        plan.measure_ids[-1].with_user(self.employee).action_done("It runs")
        plan.with_user(self.operations).action_close("All in time")
        self.assertEqual(plan.state, "closed")
        self.assertEqual(self.of("P3", plan).mapped("state"), ["done", "done"])

    # -- screens ----------------------------------------------------------------------------------------------------------

    def test_from_the_report_to_the_plan_and_back(self):
        plan = self.improvement()
        report = plan.completion_id
        self.assertEqual(report.with_user(self.head).improvement_count, 1)
        self.assertEqual(report.with_user(self.head).action_open_improvement()["res_id"], plan.id)
        self.assertEqual(plan.action_open_completion()["res_id"], report.id)
        opened = self.of("M7", plan).with_user(self.head).action_open_form()
        self.assertEqual((opened["res_model"], opened["res_id"]), (plan._name, plan.id))

    def test_my_work_shows_what_is_due(self):
        plan = self.improvement()
        rows = lambda user: str(self.env["ops.my.work"].with_user(user).get_data())  # noqa: E731
        self.assertIn(plan.number, rows(self.head))
        self.complete(plan).action_submit()
        self.assertIn(plan.number, rows(self.operations))
        self.assertIn("Look at the list each morning", rows(self.employee))
        plan.with_user(self.operations).action_accept()
        plan.measure_ids.with_user(self.employee).action_done("Ticked")
        self.assertIn("Verify whether the measures work", rows(self.operations))

    def test_an_owner_reads_the_plan_and_not_the_report(self):
        """Being named gives what the duty needs: why the measure is there."""
        plan = self.submitted()
        mine = plan.with_user(self.employee)
        self.assertIn("Order the line", mine.because)
        self.assertEqual(mine.web_read({"reported_ids": {"fields": {"task_id": {}}}})[0]["reported_ids"], [])
        self.assertEqual(plan.reported_ids, plan.line_ids)
        self.assertFalse(self.env["ops.improvement.plan"].with_user(self.newcomer).search([("id", "=", plan.id)]))
        with self.assertRaises(AccessError):
            mine.completion_id.read(["summary"])

    def test_a_draft_is_read_by_its_head_and_the_offices_only(self):
        plan = self.complete(self.improvement())
        found = lambda user: plan.with_user(user).search([("id", "=", plan.id)])  # noqa: E731
        for user in (self.head, self.operations, self.gm_office, self.gm):
            self.assertTrue(found(user), user.name)
        for user in (self.employee, self.other_head, self.admin_ops, self.branch_head):
            self.assertFalse(found(user), user.name)
