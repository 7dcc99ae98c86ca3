"""Thousands of tasks at once: a number of statements that does not grow with them, and one's own found among all others."""

from datetime import date

from odoo import Command
from odoo.fields import Domain
from odoo.tests import tagged
from odoo.tools import SQL

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
        """One digest per owner, however many tasks; operations are told by a job."""
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

    # -- one's own among many -------------------------------------------------------------------------------------------

    def fill(self, task, number):
        """Let there be so many tasks more like this one, all of somebody else, each tenth with a co-worker; by SQL."""
        self.env.flush_all()
        names = [
            name for name, field in task._fields.items() if field.store and field.column_type and name not in ("id", "owner_id")
        ]
        self.env.cr.execute(SQL(
            "INSERT INTO ops_task (owner_id, %(columns)s)"
            " SELECT %(owner)s, %(columns)s FROM ops_task, generate_series(1, %(number)s) WHERE ops_task.id = %(task)s",
            columns=SQL(", ").join(map(SQL.identifier, names)), owner=self.newcomer.id, number=number, task=task.id,
        ))
        self.env.cr.execute(SQL(
            "INSERT INTO ops_task_helper_rel (task_id, user_id) SELECT id, %s FROM ops_task WHERE owner_id = %s AND id %% 10 = 0",
            self.colleague.id, self.newcomer.id,
        ))
        self.env.cr.execute("ANALYZE ops_task; ANALYZE ops_task_helper_rel")
        self.env.invalidate_all()

    def rows_read(self, query):
        """Return how many rows the scans of a query touch, those thrown away included."""
        def touched(node):
            own = node["Actual Rows"] + node.get("Rows Removed by Filter", 0) if "Scan" in node["Node Type"] else 0
            return own * node["Actual Loops"] + sum(map(touched, node.get("Plans", ())))

        self.env.cr.execute(SQL("EXPLAIN (ANALYZE, FORMAT JSON) %s", query.select()))
        return touched(self.env.cr.fetchone()[0][0]["Plan"])

    def test_my_tasks_and_those_of_my_log(self):
        """M4: however many tasks there are, an index gives those that somebody owns, and another those at which they help."""
        mine = self._issued(tasks=[
            self._values("Mine", is_routine=True),
            self._values("Ours", is_routine=True, owner_id=self.head.id, helper_ids=[Command.set(self.employee.ids)]),
        ]).task_ids
        self.fill(mine[0], 20_000)
        tasks, logs = self.Task.with_user(self.employee), self.env["ops.work.log"].with_user(self.employee)
        running = Domain("plan_state", "=", "issued") | Domain("plan_state", "=", "reported") & Domain("state", "in", ["todo", "progress"])
        for name, domain in (
            ("My Tasks", Domain("is_mine", "=", True) & running),
            ("all of mine", Domain("is_mine", "=", True)),
            ("offered in the log", Domain("worker_ids", "in", self.employee.ids) & Domain("plan_state", "in", ["issued", "reported"])),
            ("log", logs._spoken_of(self.employee, date(2027, 2, 16))),
        ):
            with self.subTest(name):
                self.assertLess(self.rows_read(tasks._search(domain, limit=80, order=tasks._order)), 1_000)
                self.assertEqual(tasks.search(domain, limit=80), mine)
        self.assertEqual(logs._tasks_of(self.employee, date(2027, 2, 16)), mine)
