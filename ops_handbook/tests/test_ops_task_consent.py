"""A task that needs another department cannot be filed without that department's consent (K1)."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..tools import token
from .execution import ExecutionCase


@tagged("ops_task")
class TestOpsTaskConsent(ExecutionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls._month_plan(tasks=[
            cls._values("Lend a van", is_routine=True, consent_department_id=cls.other_department.id),
        ])
        cls.task = cls.plan.task_ids
        cls.theirs = cls.task.with_user(cls.other_head)

    def clock(self):
        return self.owed("K1", ("source_model", "=", "ops.task"), ("source_id", "=", self.task.id))

    def test_asked_with_the_assignment(self):
        self.assertEqual(self.task.consent_state, "asked")
        self.assertFalse(self.theirs.has_access("read"), "a draft is its head's")
        self.assertFalse(self.clock())
        self.plan.action_assign()
        self.assertTrue(self.theirs.has_access("read"))
        self.assertEqual((self.clock().state, self.clock().responsible_id), ("open", self.other_head))
        self.assertTrue(self.told(self.other_head))

    def test_asked_whoever_says_so(self):
        """K1: also where a client's default names the department."""
        tasks = self.env["ops.task"].with_user(self.head).with_context(default_consent_department_id=self.other_department.id)
        task = tasks.create({**self._values("Lend a lorry", is_routine=True), "month_plan_id": self.plan.id})
        self.assertEqual((task.consent_department_id, task.consent_state), (self.other_department, "asked"))

    def test_K1_given(self):
        self._reach(self.plan, "submitted")
        with self.refused(UserError, "has not answered yet"):
            self.plan.with_user(self.operations).action_file()
        for user in (self.head, self.operations, self.employee):
            with self.assertRaises(AccessError):
                self.task.with_user(user).action_consent()
        self.theirs.action_consent()
        self.assertEqual((self.task.consent_state, self.task.consent_by_id, self.clock().state), (
            "given", self.other_head, "done",
        ))
        self._reach(self.plan, "issued")

    def test_K1_declined(self):
        self._reach(self.plan, "submitted")
        self.assertEqual(self.theirs.action_decline_consent()["res_model"], "ops.reason.wizard")
        with self.refused(UserError, "Reason"):
            self.theirs.action_decline_consent("  ")
        self.theirs.action_decline_consent("No van free")
        self.assertTrue(self.told(self.head))
        with self.refused(UserError, "“Lend a van” (Sales)"):
            self.plan.with_user(self.operations).action_file()
        self.plan.with_user(self.operations).action_return("Ask somebody else")
        self.task.with_user(self.head).consent_department_id = False
        self.assertEqual((self.task.consent_state, self.task.consent_reason), (False, False))
        self._reach(self.plan, "issued")

    def test_asked_anew_when_another_is_needed(self):
        self.plan.action_assign()
        self.theirs.action_consent()
        self.task.with_user(self.head).consent_department_id = self.gm_department
        self.assertEqual(self.task.consent_state, "asked")
        self.assertEqual(self.clock().mapped("state"), ["done", "open"])
        self.assertEqual(self.clock()[-1].responsible_id, self.gm_office)
        with self.assertRaises(AccessError):
            self.theirs.action_consent()

    def test_consent_is_nobodys_to_write(self):
        self.plan.action_assign()
        for values in ({"consent_state": "given"}, {"consent_by_id": self.other_head.id}):
            with self.assertRaises(UserError):
                self.task.with_user(self.head).write(values)
            with self.assertRaises(UserError):
                self.theirs.write(values)

    def test_a_substitute_agrees_in_the_heads_name(self):
        self.env["ops.substitution"].create({
            "user_id": self.other_head.id, "substitute_id": self.liaison.id, "date_from": "2027-01-19", "date_to": "2027-01-25",
        })
        self.env["res.users"]._ops_refresh_rights()
        self.plan.action_assign()
        self.task.with_user(self.liaison).action_consent()
        self.assertEqual(self.task.sudo().transition_ids[:1].on_behalf_id, self.other_head)

    # -- K1 ends with the task --------------------------------------------------------------------------------------------

    def test_K1_a_cancelled_plan_asks_for_nothing(self):
        self.plan.action_assign()
        self.plan.action_cancel("The van is not needed")
        self.assertEqual(self.clock().state, "cancelled")

    def test_K1_a_deleted_task_asks_for_nothing(self):
        self._reach(self.plan, "submitted")
        self.plan.with_user(self.operations).action_return("Which van?")
        clock = self.clock()
        self.assertEqual(clock.state, "open")
        self.task.with_user(self.head).unlink()
        self.assertEqual(clock.state, "cancelled")

    def test_K1_a_carried_task_that_is_taken_out_asks_for_nothing(self):
        token.marked(self.task.sudo()).write({"carried_from_id": self._past().id})
        self.plan.action_assign()
        self.task.with_user(self.head).action_withdraw("The customer has cancelled")
        self.assertEqual(self.clock().state, "cancelled")

    def test_K1_a_carried_task_that_was_taken_out_is_not_asked_about(self):
        token.marked(self.task.sudo()).write({"carried_from_id": self._past().id})
        self.task.with_user(self.head).action_withdraw("The customer has cancelled")
        self.Task.with_user(self.head).create({**self._values("Sweep", is_routine=True), "month_plan_id": self.plan.id})
        self.plan.action_assign()
        self.assertFalse(self.clock())

    def test_K1_ends_with_what_the_task_comes_from(self):
        resolution = self._resolution(self.employee)
        token.marked(self.task.sudo()).write({"source_model": resolution._name, "source_id": resolution.id, "is_routine": False})
        self.plan.action_assign()
        clock = self.clock()
        resolution.with_user(self.employee).action_done("Measured")
        self.assertFalse(self.task.exists())
        self.assertEqual(clock.state, "cancelled")

    def test_K1_of_an_added_task_ends_with_it_and_is_asked_again_with_it(self):
        added = self._added()
        self.assertEqual(self.clock().state, "open")
        added.with_user(self.employee).action_done()
        self.assertEqual(self.clock().state, "cancelled", "it was done without them")
        added.with_user(self.employee).action_start()
        self.assertEqual(self.clock().mapped("state"), ["cancelled", "open"], "it goes on")
        added.with_user(self.other_head).action_consent()
        self.assertEqual(self.clock().mapped("state"), ["cancelled", "done"])

    def test_K1_of_a_reported_plan_is_not_owed(self):
        self._added()
        self.plan.sudo()._transition("reported")
        self.assertEqual(self.clock().state, "cancelled", "nobody can answer any more")
        self.plan.sudo()._transition("issued")
        self.assertEqual(self.clock().mapped("state"), ["cancelled", "open"], "its report was given back: it is asked again")

    def test_K1_that_was_answered_stays_answered(self):
        self.plan.action_assign()
        self.theirs.action_consent()
        self.plan.action_cancel("The van is not needed")
        self.assertEqual(self.clock().state, "done")

    def _past(self):
        """Return an unfinished task of January."""
        past = self._month_plan(tasks=[self._values("Lend a van", "2027-01", is_routine=True)], month="2027-01-01").task_ids
        token.marked(past.sudo()).write({"state": "unfinished"})
        return past

    def _added(self):
        """Issue the plan and add a task to it that waits for the consent."""
        self.task.with_user(self.head).consent_department_id = False
        self._reach(self.plan, "issued")
        self.task = self.Task.with_user(self.head).create({
            **self._values("Lend a lorry", is_routine=True, consent_department_id=self.other_department.id),
            "month_plan_id": self.plan.id,
        })
        return self.task
