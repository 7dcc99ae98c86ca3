"""Thousands of tasks at once: a number of statements that does not grow with them."""

from odoo.tests import tagged

from .execution import ExecutionCase


@tagged("ops_task")
class TestOpsTaskSpeed(ExecutionCase):
    def rows(self, plan, number, prefix="Task"):
        return [
            {**self._values(f"{prefix} {index}", is_routine=True), "month_plan_id": plan.id,
             "owner_id": (self.employee | self.newcomer)[index % 2].id}
            for index in range(number)
        ]

    def statements(self, action):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        action()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_create(self):
        """A hundred more tasks cost but a statement for each page of rows."""
        plan = self._month_plan(tasks=[])
        tasks = self.Task.with_user(self.head)
        self.statements(lambda: tasks.create(self.rows(plan, 2)))
        few = self.statements(lambda: tasks.create(self.rows(plan, 5)))
        many = self.statements(lambda: tasks.create(self.rows(plan, 205)))
        self.assertLessEqual(many, few + 4, (few, many))
        self.assertLessEqual(few, 30)

    def test_create_follows_nobody_and_posts_nothing(self):
        plan = self._month_plan(tasks=[])
        task = self.Task.with_user(self.head).create(self.rows(plan, 1))
        self.assertFalse(task.message_follower_ids | task.message_follower_ids.browse())
        self.assertFalse(task.sudo().message_ids)

    def test_add_to_an_issued_plan(self):
        """One digest per owner, one mail per person of operations, however many tasks."""
        plan = self._issued(tasks=self.rows(self.MonthPlan, 1))
        tasks = self.Task.with_user(self.head)
        self.statements(lambda: tasks.create(self.rows(plan, 2)))
        few = self.statements(lambda: tasks.create(self.rows(plan, 4)))
        many = self.statements(lambda: tasks.create(self.rows(plan, 104)))
        self.assertLessEqual(many, few + 8, (few, many))

    def test_issue(self):
        counts = {}
        for number, month in ((4, "2027-03-01"), (104, "2027-04-01")):
            plan = self._month_plan(tasks=[], month=month)
            self.Task.with_user(self.head).create([
                {**row, "date_start": month, "date_end": month} for row in self.rows(plan, number)
            ])
            self._reach(plan, "filed")
            counts[number] = self.statements(plan.with_user(self.operations).action_issue)
        self.assertLessEqual(counts[104], counts[4] + 8, counts)

    def test_done(self):
        plan = self._issued(tasks=[{k: v for k, v in row.items() if k != "month_plan_id"} for row in self.rows(self.MonthPlan, 120)])
        tasks = plan.task_ids.with_user(self.head)
        few = self.statements(tasks[:5].action_done)
        many = self.statements(tasks[5:].action_done)
        self.assertLessEqual(many, few + 8, (few, many))

    def test_lists(self):
        """A page of a list: the same few statements whatever its size."""
        plan = self._issued(tasks=[{k: v for k, v in row.items() if k != "month_plan_id"} for row in self.rows(self.MonthPlan, 60)])
        names = ("name", "source_label", "is_late", "can_done", "can_consent", "state", "change_label", "progress")
        tasks = self.Task.with_user(self.employee)
        domain = [("month_plan_id", "=", plan.id)]
        tasks.search_read(domain, names, limit=2)
        few = self.statements(lambda: tasks.search_read(domain, names, limit=5))
        many = self.statements(lambda: tasks.search_read(domain, names, limit=60))
        self.assertLessEqual(many, few + 3, (few, many))
        self.assertLessEqual(few, 30)
