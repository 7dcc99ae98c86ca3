"""A month closes when its report is final and nothing of it runs; afterwards nothing changes through any door."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .completion import CompletionCase


@tagged("post_install", "-at_install")
class TestOpsMonthPlanClose(CompletionCase):
    def final(self, *, long_done=True):
        """Return the final report of February; what was running is done, or still runs."""
        report = self._ruled_report()
        if long_done:
            self.long.with_user(self.employee).action_done()
        report.action_agree()
        return report

    def run_job(self, local="2027-03-03 10:00"):
        with self.at(local), self.enter_registry_test_mode():
            self.env.ref("ops_handbook.ops_month_plan_cron_close").method_direct_trigger()

    def test_it_closes_with_the_final_report(self):
        report = self._ruled_report()
        self.long.with_user(self.employee).action_done()
        self.assertEqual(self.plan.state, "reported")
        report.action_agree()
        self.assertEqual(self.plan.state, "closed")
        self.assertIn("done or ruled on", self.notes(self.plan))
        self.assertTrue(self.plan.closed_on)

    def test_it_waits_for_what_runs_and_the_job_closes_it(self):
        self.final(long_done=False)
        self.assertEqual(self.plan.state, "reported")
        self.assertIn("Running: “Long”", self.plan.with_user(self.operations).closing)
        self.run_job()
        self.assertEqual(self.plan.state, "reported")
        self.long.with_user(self.employee).action_done()
        self.assertFalse(self.plan.closing)
        self.run_job()
        self.assertEqual(self.plan.state, "closed")

    def test_a_running_task_that_ends_unfinished_waits_for_the_next_ruling(self):
        """Ruled with the next month: February closes with March's report."""
        self.final(long_done=False)
        with self.at("2027-03-20 10:00"):
            march = self._issued(month="2027-03-01", tasks=[self._values("Own", "2027-03", is_routine=True)])
            march.task_ids.action_done()
            self.long.with_user(self.employee).action_unfinished()
            self.run_job("2027-03-20 11:00")
            self.assertEqual(self.plan.state, "reported")
            self.assertIn("Ruling", self.plan.closing)
            report = self._said(self._report(march))
            report.action_submit()
            report.with_user(self.operations).action_rule_as_proposed()
            report.with_user(self.operations).action_accept()
            report.action_agree()
        self.assertEqual(self.plan.state, "closed")

    def test_what_one_is_told_is_what_the_job_asks(self):
        """``_missing_to_close`` and ``_to_close`` are the same rule."""
        def agree():
            found = {plan for (plan,) in self.MonthPlan._to_close(plans=self.plan)}
            named = self.plan._missing_to_close()[self.plan.id]
            self.assertEqual(self.plan.id in found, self.plan.state == "reported" and not named)

        report = self._submitted_report()
        agree()
        report.with_user(self.operations).action_rule_as_proposed()
        report.with_user(self.operations).action_accept()
        agree()
        report.sudo()._transition("final")
        agree()
        self.long.sudo()._transition("unfinished")
        agree()
        self.long.sudo()._transition("progress")
        self.long.sudo()._transition("done")
        agree()

    # -- by hand -------------------------------------------------------------------------------------------------------

    def test_by_hand_what_is_missing_is_named(self):
        self._submitted_report()
        plan = self.plan.with_user(self.operations)
        self.assertIn("it is not final yet", plan.closing)
        self.assertEqual(plan.action_close()["res_model"], "ops.reason.wizard")
        with self.refused(UserError, "Running: “Long”"):
            plan.action_close("  ")
        plan.action_close("The department is dissolved")
        self.assertEqual((plan.state, self.long.state), ("closed", "unfinished"))
        self.assertIn("The department is dissolved", self.notes(plan))
        self.assertIn("Running: “Long”", self.notes(plan))

    def test_what_still_ran_goes_on(self):
        self._submitted_report()
        april = self._month_plan(tasks=[], month="2027-04-01")
        self.plan.with_user(self.operations).action_close("The month is over")
        self.assertIn("Long", april.task_ids.mapped("name"))

    def test_nobody_else_closes(self):
        self._submitted_report()
        for user in (self.head, self.employee, self.gm_office, self.other_head):
            with self.assertRaises(UserError):
                self.plan.with_user(user).action_close("I say so")
        self.assertEqual(self.plan.state, "reported")

    def test_many_are_closed_with_a_reason_as_one(self):
        """Those of which the log says the same together; a reason that was forgotten is asked for with a look at all of them."""
        plans = self.MonthPlan.union(*(
            self._issued(month=f"2027-{month:02}-01", tasks=[self._values("Own", f"2027-{month:02}", is_routine=True)])
            for month in range(3, 8)
        )).with_user(self.operations)
        counts = []
        with self.at("2027-09-01 10:00"):
            for found in (plans[:1], plans[1:]):
                self.env.flush_all()
                self.env.invalidate_all()
                with self.refused(UserError, "none was handed in"):
                    found.action_close(" ")
                before = self.env.cr.sql_log_count
                found.action_close("Nobody is left to report")
                self.env.flush_all()
                counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 10, counts)
        for plan in plans:
            self.assertEqual(plan.state, "closed")
            self.assertIn("Nobody is left to report\nCompletion report: none was handed in.\nRunning: “Own”", self.notes(plan))

    def test_each_is_closed_with_what_it_lacks_itself(self):
        self._submitted_report()
        march = self._issued(month="2027-03-01", tasks=[self._values("Own", "2027-03", is_routine=True)])
        with self.at("2027-04-01 10:00"):
            self.env.invalidate_all()
            (self.plan | march).with_user(self.operations).action_close("Nobody is left to report")
        self.assertEqual((self.plan.state, march.state), ("closed", "closed"))
        for plan, other in ((self.plan, "“Own”"), (march, "“Long”")):
            self.assertIn("Nobody is left to report", self.notes(plan))
            self.assertNotIn(other, self.notes(plan))

    def test_a_month_closed_late(self):
        """Reported in April: its tasks go on in the month that is not over, not in March, which is."""
        with self.at("2027-04-12 10:00"):
            march = self._month_plan(tasks=[self._values("Own", "2027-03", is_routine=True)], month="2027-03-01")
            april = self._month_plan(tasks=[], month="2027-04-01")
            report = self._said(self._report())
            report.action_submit()
            self.assertEqual(set(april.task_ids.mapped("name")), {"Late", "Given up"})
            self.assertEqual(march.task_ids.mapped("name"), ["Own"])
            report.with_user(self.operations).action_rule_as_proposed()
            report.with_user(self.operations).action_accept()
            report.action_agree()

    def test_a_report_of_a_closed_month_is_ruled_on_not_given_back(self):
        report = self._submitted_report()
        self.assertTrue(report.can_cancel and report.with_user(self.operations).can_return)
        self.plan.with_user(self.operations).action_close("The department is dissolved")
        self.env.invalidate_all()
        self.assertFalse(report.can_cancel or report.with_user(self.operations).can_return)
        for user, step in ((self.operations, "returned"), (self.head, "cancelled"), (self.env.user, "cancelled")):
            with self.refused(UserError, "rule on it instead"), self.env.cr.savepoint():
                report.with_user(user)._transition(step, "Again")
        self.assertEqual((report.state, self.plan.state, self.late.state), ("submitted", "closed", "unfinished"))
        report.with_user(self.operations).action_rule_as_proposed()
        report.with_user(self.operations).action_accept()
        report.action_agree()
        self.assertEqual((report.state, self.plan.state, self.late.state), ("final", "closed", "unfinished"))

    # -- never reported ------------------------------------------------------------------------------------------------

    def test_a_month_on_which_nobody_reports_is_closed_by_operations(self):
        """M6: with a reason that the log keeps; what was begun of a report ends, what was not done goes on."""
        march, report = self._month_plan(tasks=[], month="2027-03-01"), self._report()
        plan = self.plan.with_user(self.operations)
        with self.at("2027-03-02 10:00"):
            self.env.invalidate_all()
            self.assertTrue(plan.can_close)
            self.assertIn("none was handed in", plan.closing)
            self.assertEqual(plan.action_close()["res_model"], "ops.reason.wizard")
            with self.refused(UserError, "none was handed in"):
                plan.action_close("  ")
            plan.action_close("Nobody is left to report")
        self.assertEqual(plan.state, "closed")
        self.assertEqual({task.name: task.state for task in self.plan.task_ids}, {
            "Done": "done", "Late": "unfinished", "Long": "unfinished", "Given up": "unfinished",
        })
        for text in ("Nobody is left to report", "none was handed in"):
            self.assertIn(text, self.notes(plan))
        self.assertEqual(report.state, "cancelled")
        self.assertIn("closed without a report", self.notes(report))
        self.assertEqual(set(march.task_ids.mapped("name")), {"Late", "Long", "Given up"})

    def test_a_month_without_a_report_stays_missed(self):
        """M6: closing is no report; the obligation leads to the plan, whose log says why there is none."""
        self.generate()
        owed = self.owed("M6", ("department_id", "=", self.department.id), ("period", "=", "2027-02"))
        with self.at("2027-03-02 10:00"):
            self.plan.with_user(self.operations).action_close("Nobody is left to report")
        for local, result in (("2027-03-02 11:00", "late"), ("2027-04-12 10:00", "missed")):
            with self.at(local):
                self.env.invalidate_all()
                self.assertEqual((owed.state, owed.result), ("open", result))
        action = owed.with_user(self.head).action_open_form()
        self.assertEqual((action["res_model"], action["res_id"]), ("ops.month.plan", self.plan.id))
        with self.refused(UserError, "closed without a completion report"):
            self.plan.with_user(self.operations).action_open_completion()
        with self.refused(UserError, "tasks are reported on once"):
            self._report()

    def test_what_was_returned_and_never_handed_in_again(self):
        """R1: nobody owes the rework of a report on a month that is closed."""
        report = self._submitted_report()
        report.with_user(self.operations).action_return("Say more")
        rework = self.obligation("R1", report)
        self.assertEqual(self.plan.state, "issued")
        with self.at("2027-03-02 10:00"):
            self.plan.with_user(self.operations).action_close("It never came back")
        self.assertEqual((report.state, rework.state, self.plan.state), ("cancelled", "cancelled", "closed"))

    def test_no_month_is_closed_without_a_report_before_it_is_over(self):
        """By the day of the company; nor by anybody else afterwards."""
        for local in (self.DAY, "2027-02-28 23:00"):
            with self.subTest(local=local), self.at(local):
                self.env.invalidate_all()
                plan = self.plan.with_user(self.operations)
                self.assertFalse(plan.can_close or plan.closing)
                with self.refused(UserError, "its month is not over"):
                    plan.action_close("It will not come")
                with self.refused(UserError, "its month is not over"):
                    self.plan.sudo()._transition("closed", "It will not come")
        with self.at("2027-03-01 00:30"):
            self.env.invalidate_all()
            self.assertTrue(self.plan.with_user(self.operations).can_close)
            for user in (self.head, self.employee, self.gm_office, self.gm, self.other_head, self.admin_ops):
                plan = self.plan.with_user(user)
                with self.subTest(user=user.login), self.assertRaises(UserError):
                    plan.action_close("I say so")
        self.assertEqual(self.plan.state, "issued")

    # -- closed --------------------------------------------------------------------------------------------------------

    def test_nothing_of_it_changes_through_any_door(self):
        report = self.final()
        before = {task: (task.state, task.progress, task.name) for task in self.plan.task_ids}
        people = (self.head, self.employee, self.newcomer, self.operations, self.gm_office, self.admin_ops)
        doors = (
            lambda plan: plan.write({"summary": "New"}),
            lambda plan: plan.unlink(),
            lambda plan: plan.action_cancel("No"),
            lambda plan: plan.action_return("No"),
            lambda plan: plan.action_issue(),
            lambda plan: plan.action_prefill(),
            lambda plan: plan.write({"state": "issued"}),
            lambda plan: plan.write({"task_ids": [(0, 0, self._values("New", is_routine=True))]}),
            lambda plan: plan.env["ops.task"].create({"month_plan_id": plan.id, **self._values("New", is_routine=True)}),
            lambda plan: plan.task_ids[0].write({"progress": 10}),
            lambda plan: plan.task_ids[0].write({"evidence": "Other"}),
            lambda plan: plan.task_ids[0].with_context(default_state="todo", ops_token=True).write({"state": "todo"}),
            lambda plan: plan.task_ids.filtered(lambda task: task.state == "done").action_start(),
            lambda plan: plan.task_ids.filtered(lambda task: task.state == "unfinished").action_done(),
            lambda plan: plan.task_ids[0].action_move("todo"),
            lambda plan: plan.task_ids[0].action_withdraw("No"),
            lambda plan: plan.task_ids[0].action_hand_over(self.newcomer.id, "No"),
            lambda plan: plan.task_ids[0].add_evidence([{"name": "a.txt", "data": "aGVsbG8="}]),
            lambda plan: plan.task_ids[0].unlink(),
            lambda plan: plan.env["ir.attachment"].create({
                "name": "a", "raw": b"a", "res_model": "ops.task", "res_id": plan.task_ids[0].id,
            }),
            lambda plan: report.with_user(plan.env.user).write({"summary": "Other"}),
            lambda plan: report.with_user(plan.env.user).action_return("No"),
            lambda plan: report.with_user(plan.env.user).action_cancel("No"),
        )
        for user in people:
            for number, door in enumerate(doors):
                with self.subTest(user=user.name, door=number), self.assertRaises(UserError), self.env.cr.savepoint():
                    door(self.plan.with_user(user))
        self.env.invalidate_all()
        self.assertEqual({task: (task.state, task.progress, task.name) for task in self.plan.task_ids}, before)
        self.assertEqual(self.plan.state, "closed")

    # -- much routine --------------------------------------------------------------------------------------------------

    def test_operations_are_told_of_much_routine_once_per_plan(self):
        march = self._month_plan(tasks=[self._values("Sweep", "2027-03", is_routine=True)], month="2027-03-01")
        self._reach(march, "submitted")
        told = [subject for subject in self.told(self.operations_colleague) if "Much routine" in subject]
        self.assertEqual(len(told), 1)
        march.with_user(self.operations).action_return("Less routine, please")
        march.action_submit()
        told = [subject for subject in self.told(self.operations_colleague) if "Much routine" in subject]
        self.assertEqual(len(told), 1)
