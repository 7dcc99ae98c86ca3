"""What a month plan begins with: the annual plan's breakdown, what was not finished, what was decided; nothing twice."""

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .execution import ExecutionCase


@tagged("ops_month_plan")
class TestOpsMonthPlanPrefill(ExecutionCase):
    def test_initiatives_that_run_in_the_month(self):
        plan = self._month_plan(tasks=[])
        plan.action_prefill()
        task = plan.task_ids
        self.assertEqual((task.name, task.initiative_id), ("New packaging line", self.annual.initiative_ids[0]))
        self.assertEqual((str(task.date_start), str(task.date_end)), ("2027-02-01", "2027-02-28"))
        self.assertEqual((task.owner_id, task.deliverable), (self.head, "1,000 boxes an hour"))

    def test_the_breakdown_decides_where_there_is_one(self):
        second = self.annual.initiative_ids[1]
        self.env["ops.plan.target"].search([("initiative_id", "in", self.annual.initiative_ids.ids)]).unlink()
        self.env["ops.plan.target"].sudo().create([
            {"plan_id": self.annual.id, "initiative_id": second.id, "month": "2027-02", "value": 100.0},
        ])
        plan = self._month_plan(tasks=[])
        plan._prefill()
        shares = {task.initiative_id: task.initiative_share for task in plan.task_ids}
        self.assertEqual(shares.get(second), 100.0)

    def test_nothing_twice(self):
        resolution = self._resolution(self.employee)
        plan = self._month_plan(tasks=[])
        first = plan._prefill()
        self.assertEqual(len(first), 2)
        self.assertFalse(plan._prefill())
        task = first.filtered("source_id")
        self.assertEqual((task.source_model, task.source_id), ("ops.resolution", resolution.id))
        self.assertEqual((task.owner_id, task.deliverable, str(task.date_end)), (self.employee, "A drawing", "2027-02-10"))
        self._reach(plan, "issued")
        self.assertFalse(
            self._month_plan(tasks=[], month="2027-03-01")._prefill().filtered("source_id"),
            "it is on a task that is still open",
        )

    def test_resolutions_of_the_lines_below_but_of_nobody_else(self):
        self._resolution(self.colleague, "Of the line below")
        self._resolution(self.liaison, "Of sales")
        self._resolution(self.employee, "Later", due="2027-03-10")
        plan = self._month_plan(tasks=[])
        plan._prefill()
        self.assertEqual(plan.task_ids.filtered("source_id").mapped("name"), ["Of the line below"])

    def test_what_falls_due_before_the_month_is_not_of_it(self):
        """What is due in January is no task of February, unless it is overdue when February is planned."""
        self._resolution(self.employee, "Still due in January", "2027-01-28")
        self._resolution(self.employee, "Overdue", "2027-01-19")
        plan = self._month_plan(tasks=[])
        plan._prefill()
        self.assertEqual(plan.task_ids.filtered("source_id").mapped("name"), ["Overdue"])

    def test_what_was_not_finished_is_carried_over_once(self):
        plan = self._issued()
        unfinished, done = plan.task_ids
        unfinished.action_unfinished()
        done.action_done()
        march = self._month_plan(tasks=[], month="2027-03-01")
        march._prefill()
        carried = march.task_ids.filtered("carried_from_id")
        self.assertEqual((carried.carried_from_id, carried.initiative_id), (unfinished, unfinished.initiative_id))
        self.assertEqual((carried.state, carried.progress, carried.owner_id), ("todo", 0, self.employee))
        self.assertEqual(unfinished.carried_to_ids, carried)
        self.assertEqual(len(march.task_ids), 1, "its initiative is on the plan with it")
        self.assertFalse(self._month_plan(tasks=[], month="2027-04-01")._prefill().filtered("carried_from_id"))

    def test_owners_who_left_the_company_stop_nobody(self):
        """The initiative's owner and the resolution's: their tasks wait for an owner."""
        resolution = self._resolution(self.employee)
        self.annual.sudo().initiative_ids[0].owner_id = self.newcomer
        (self.employee | self.newcomer).sudo().write({"company_ids": [Command.set(self.branch.ids)], "company_id": self.branch.id})
        resolution.sudo()._write({"department_id": self.department.id})
        resolution.invalidate_recordset()
        plan = self._month_plan(tasks=[])
        plan.action_prefill()
        self.assertEqual(set(plan.task_ids.mapped("name")), {"New packaging line", "Measure the hall"})
        self.assertFalse(plan.task_ids.owner_id)

    def test_many_departments_in_one_go(self):
        """Every department's plan of a month: the number of statements does not grow with them."""
        departments = self.department | self.other_department
        counts = {}
        for size, month in ((1, "2027-03"), (2, "2027-04")):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            plans = self.MonthPlan.sudo()._open_month(departments[:size], month)
            self.env.flush_all()
            counts[size] = self.env.cr.sql_log_count - before
            self.assertEqual(plans.mapped("author_id"), (self.head | self.other_head)[:size])
        self.assertLessEqual(counts[2], counts[1] + 12, counts)
        self.assertEqual(self.MonthPlan.sudo()._open_month(departments, "2027-04"), plans)

    def test_only_while_it_is_made(self):
        plan = self._issued()
        with self.assertRaises(AccessError):
            plan.action_prefill()
        self.assertFalse(plan.sudo()._prefill())

    def test_strategy_map_and_progress_report(self):
        """What the layer below asks: the tasks of an initiative, and how far it is by their weight."""
        plan = self._issued(tasks=[
            self._values("Order", initiative_id=self.annual.initiative_ids[0].id, weight=30),
            self._values("Build", initiative_id=self.annual.initiative_ids[0].id, weight=10),
        ])
        first = self.annual.initiative_ids[0]
        plan.task_ids[0].action_done()
        tasks = first.with_user(self.head)._map_tasks()[first.id]
        said = {"Order": "2027-02 · Done", "Build": "2027-02 · To Do"}
        self.assertEqual({task["name"]: task["state"] for task in tasks}, said)
        self.assertEqual({task["model"] for task in tasks}, {"ops.task"}, "opened by a click on the map")
        self.assertEqual(first._progress_by_month("2027-02")[first.id], {"2027-02": 75.0})
        # what reports said before month plans were made is where they begin, not nothing
        share = first._share_of("2027-02")
        self.assertEqual(first._done_until("2027-03", {"2027-02": 75.0}), round(share * 0.75, 2))
        reported = {"2026-12": 5.0, "2027-01": 40.0, "2027-02": 90.0}
        self.assertEqual(first._done_until("2027-03", {"2027-02": 75.0}, reported), round(40 + share * 0.75, 2))
        report = self.env["ops.progress.report"].new({"plan_id": self.annual.id, "period": "2027-02"})
        self.assertEqual(report.period, "2027-02")
