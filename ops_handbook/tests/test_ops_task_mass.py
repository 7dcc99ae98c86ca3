"""Thousands of tasks: imported, issued, begun, logged and closed in batches, with statements that do not grow with them.

With --full it has the size of a large company, 10,000 tasks (some minutes); the normal run takes a few hundred. OPS_TASKS says otherwise.
"""

import os

from odoo.tests import tagged
from odoo.tools import split_every

from .execution import ExecutionCase

SIZE = int(os.environ.get("OPS_TASKS") or ("10000" if os.environ.get("OPS_FULL") else "400"))
BATCH = 200
HEADER = [
    "id", "month_plan_id/.id", "name", "owner_id/.id", "date_start", "date_end", "deliverable", "priority", "weight", "is_routine",
]


@tagged("ops_task", "ops_task_mass")
class TestOpsTaskMass(ExecutionCase):
    PLANS = 4

    def statements(self, action):
        """Return how many statements ``action`` takes."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        action()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def budget(self, what, counts):
        """Every batch costs what the second cost, but for a statement or two: the first warms caches."""
        allowed = counts[min(1, len(counts) - 1)] + 12
        self.assertLessEqual(max(counts[1:] or counts), allowed, f"{what}: {counts}")

    def rows(self, plans, size):
        owners = (self.employee | self.newcomer | self.colleague).ids
        return [
            [
                f"ops_mass.task_{number}", plans[number % len(plans)].id, f"Task {number}", owners[number % len(owners)],
                "2027-02-01", "2027-02-26", "There", "2", 10, "1",
            ]
            for number in range(size)
        ]

    def test_import_issue_begin_and_close(self):
        """Must-show 3: each batch of two hundred takes the same number of statements, the first and the last."""
        head = self.head
        departments = self.department | self.env["hr.department"].create([
            {"name": f"Workshop {number}", "company_id": self.company.id, "manager_id": self.department.manager_id.id,
             "ops_keeps_plans": True}
            for number in range(self.PLANS - 1)
        ])
        self.env["res.users"]._ops_refresh_rights()
        plans = self.MonthPlan.browse([self._month_plan(tasks=[], department=unit).id for unit in departments])
        Task = self.Task.with_user(head).with_context(import_file=True)

        def load(rows):
            result = Task.load(HEADER, rows)
            self.assertFalse(result["messages"], result["messages"][:2])

        rows = self.rows(plans, SIZE)
        self.budget("import", [self.statements(lambda part=part: load(part)) for part in split_every(BATCH, rows, list)])
        tasks = self.Task.search([("month_plan_id", "in", plans.ids)])
        self.assertEqual(len(tasks), SIZE)
        self.assertFalse(tasks.message_ids, "nobody is told of drafts")

        for plan in plans:
            self._reach(plan.with_user(head), "filed")
        counts = [self.statements(plan.with_user(self.operations).action_issue) for plan in plans]
        self.budget("issue", counts)
        self.assertEqual(set(plans.mapped("state")), {"issued"})

        batches = [self.Task.with_user(head).browse(ids) for ids in split_every(BATCH, tasks.ids)]
        self.budget("begin", [self.statements(batch.action_start) for batch in batches])
        self.budget("close", [self.statements(batch.action_done) for batch in batches])
        self.assertEqual(set(tasks.mapped("state")), {"done"})
        self.assertEqual(set(tasks.mapped("progress")), {100})
        self.assertTrue(all(tasks.mapped("started_on")) and all(tasks.mapped("ended_on")))
        self.env.cr.execute("SELECT count(*), count(date_to) FROM ops_task_days WHERE task_id = ANY(%s)", [tasks.ids])
        self.assertEqual(self.env.cr.fetchone(), (SIZE, SIZE))

    def test_a_line_that_is_wrong_stops_the_batch(self):
        """An import says which line is wrong, and takes none of them."""
        plan = self._month_plan(tasks=[])
        rows = self.rows(plan, 5)
        rows[3][5] = "2027-01-01"  # before its start
        result = self.Task.with_user(self.head).load(HEADER, rows)
        self.assertFalse(result["ids"])
        self.assertTrue(result["messages"])
        self.assertFalse(self.Task.search([("month_plan_id", "=", plan.id)]))
