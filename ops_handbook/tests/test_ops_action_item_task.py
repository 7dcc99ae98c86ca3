"""A resolution or a measure that stands on a month plan as well: what is said of the one holds for the other."""

from odoo.tests import tagged

from .execution import ExecutionCase


@tagged("post_install", "-at_install")
class TestOpsActionItemTask(ExecutionCase):
    def planned(self, *names):
        """Return a plan in the making with a task for each of some resolutions of the employee, and these resolutions."""
        resolutions = self.env["ops.resolution"].union(*(self._resolution(self.employee, name) for name in names))
        plan = self._month_plan(tasks=[])
        plan._prefill()
        return plan, resolutions

    def task(self, plan, resolution):
        return plan.task_ids.filtered(lambda task: task.source_id == resolution.id)

    def test_C5_done_ends_the_task(self):
        plan, resolutions = self.planned("Measure the hall")
        self._reach(plan, "issued")
        resolutions.with_user(self.employee).action_done("Measured, see the drawing")
        task = self.task(plan, resolutions)
        self.assertEqual((task.state, task.progress), ("done", 100))
        self.assertEqual(task.transition_ids.sorted("id")[-1:].user_id, self.employee)

    def test_C5_reopened_the_task_goes_on(self):
        plan, resolutions = self.planned("Measure the hall")
        self._reach(plan, "issued")
        resolutions.with_user(self.employee).action_done("Measured")
        resolutions.with_user(self.operations).action_reopen("The drawing is of another hall")
        self.assertEqual(self.task(plan, resolutions).state, "progress")

    def test_C5_cancelled_the_task_is_withdrawn(self):
        plan, resolutions = self.planned("Measure the hall")
        self._reach(plan, "issued")
        resolutions.with_user(self.operations).action_cancel("The hall is sold")
        task = self.task(plan, resolutions)
        self.assertEqual((task.state, bool(task.transition_ids.sorted("id")[-1:].reason)), ("cancelled", True))

    def test_C5_done_before_the_month_is_planned(self):
        plan, resolutions = self.planned("Measure the hall", "Paint it")
        first, second = resolutions
        first.with_user(self.employee).action_done("Measured")
        self.assertFalse(self.task(plan, first), "nothing is left to plan")
        self.assertEqual(self.task(plan, second).state, "todo")

    def test_done_costs_no_query_per_item(self):
        plan, resolutions = self.planned(*(f"Resolution {number}" for number in range(12)))
        self._reach(plan, "issued")
        few, many = resolutions[:2], resolutions[2:]
        few.sudo().action_done("Done")
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        many.sudo().action_done("Done")
        self.env.flush_all()
        self.assertLess(self.env.cr.sql_log_count - before, 150)
        self.assertEqual(set(plan.task_ids.filtered("source_id").mapped("state")), {"done"})
