"""A resolution or a measure that stands on a month plan as well: what is said of the one holds for the other, and how it gets
there in the month, by the button."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..tools import token
from .collaborations import CollaborationCase
from .execution import ExecutionCase
from .improvement import ImprovementCase
from .problems import ProblemCase

MODELS = ("ops.resolution", "ops.improvement.measure", "ops.collaboration.item", "ops.problem.measure")


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


@tagged("post_install", "-at_install")
class TestOpsActionItemMakeTask(ExecutionCase):
    """“Make a Task of It”: whoever adds tasks to the month plan puts there what was decided, by the rules of the plan, once."""

    def make(self, item, user=None):
        """Press the button, as the head by default, and return the task that opens."""
        action = item.with_user(user or self.head).action_make_task()
        self.assertEqual((action["res_model"], action["views"]), ("ops.task", [(False, "form")]))
        return self.Task.browse(action["res_id"])

    def tasks_of(self, item):
        return self.Task.search([("source_model", "=", item._name), ("source_id", "=", item.id)])

    def test_the_forms_offer_it(self):
        for model in MODELS:
            arch = self.env[model].get_view(view_type="form")["arch"]
            for button in ("action_make_task", "action_open_task"):
                self.assertIn(f'name="{button}"', arch, model)

    def test_M1_on_a_plan_in_the_making(self):
        plan, resolution = self._month_plan(), self._resolution(self.employee)
        mine = resolution.with_user(self.head)
        self.assertEqual((mine.can_make_task, bool(mine.task_id)), (True, False))
        task = self.make(resolution)
        self.assertEqual((task.month_plan_id, task.source_model, task.source_id), (plan, "ops.resolution", resolution.id))
        self.assertEqual((task.name, task.owner_id, task.deliverable), ("Measure the hall", self.employee, "A drawing"))
        self.assertEqual((str(task.date_start), str(task.date_end), task.added_on), ("2027-02-01", "2027-02-10", False))
        self.assertEqual((mine.can_make_task, mine.task_id), (False, task))

    def test_added_in_the_month(self):
        """It is marked, its owner and operations are told, and it keeps the link to its source."""
        plan, resolution = self._issued(), self._resolution(self.employee)
        self.env["mail.mail"].sudo().search([]).unlink()
        with self.at("2027-02-05 10:00"):
            task = self.make(resolution)
        self.assertEqual((task.month_plan_id, task.change_label, task.job_id), (plan, "added", self.fitter))
        self.assertEqual((str(task.date_start), str(task.date_end)), ("2027-02-05", "2027-02-10"))
        self.assertTrue(self.told(self.employee))
        self.assertTrue(self.changes_told(self.operations))
        self.assertEqual(task.with_user(self.head).action_open_source()["res_id"], resolution.id)
        owner = resolution.with_user(self.employee)
        self.assertEqual((owner.task_id, owner.action_open_task()["res_id"]), (task, task.id))

    def test_opened_again_after_its_month_it_is_made_again(self):
        """C5: the acceptance is refused when February is reported; its task stays done, March takes a new one."""
        february, resolution = self._issued(), self._resolution(self.employee)
        with self.at("2027-02-05 10:00"):
            first = self.make(resolution)
            resolution.with_user(self.employee).action_done("Measured")
        self.assertEqual(self.make(resolution), first, "of what is done its task opens")
        february.sudo()._transition("reported")
        march = self._month_plan(tasks=[], month="2027-03-01")
        with self.at("2027-03-02 10:00"):
            resolution.with_user(self.operations).action_reopen("The drawing is of another hall")
            self.env.invalidate_all()
            mine = resolution.with_user(self.head)
            self.assertEqual((first.state, mine.can_make_task, mine.task_id), ("done", True, first))
            task = self.make(resolution)
            self.assertEqual(self.make(resolution), task, "once")
            self.env.invalidate_all()
            self.assertEqual((mine.can_make_task, mine.task_id), (False, task))
        self.assertEqual((task.month_plan_id, task.state), (march, "todo"))

    def test_pressed_twice_there_is_one(self):
        plan, resolution = self._month_plan(), self._resolution(self.employee)
        task = self.make(resolution)
        self.assertEqual(self.make(resolution), task)
        plan._prefill()
        self.assertEqual(self.tasks_of(resolution), task)

    def test_what_was_filled_in_is_opened(self):
        plan, resolution = self._month_plan(tasks=[]), self._resolution(self.employee)
        plan._prefill()
        self.assertFalse(resolution.with_user(self.head).can_make_task)
        self.assertEqual(self.make(resolution), plan.task_ids.filtered("source_id"))
        self.assertFalse(resolution.with_user(self.employee).task_id, "a draft is read by nobody but its writers")
        with self.refused(UserError, "no task of it that you may read"):
            resolution.with_user(self.employee).action_open_task()

    def test_nobody_but_the_head(self):
        self._month_plan()
        resolution = self._resolution(self.employee)
        for user in (self.employee, self.operations, self.gm):
            self.assertFalse(resolution.with_user(user).can_make_task)
        for user in (self.employee, self.other_head, self.operations, self.gm):
            with self.assertRaises(AccessError):
                self.make(resolution, user)
        with self.refused(AccessError, "puts tasks on its month plan: tell Head"):
            self.make(resolution, self.employee)
        self.assertFalse(self.tasks_of(resolution))

    def test_a_line_works_by_the_plan_of_its_department(self):
        """Whoever leads only the line adds nothing to the plan of the department above it."""
        self.sub_department.manager_id = self.employee_of(self.colleague)
        plan, resolution = self._month_plan(), self._resolution(self.colleague)
        self.assertEqual(resolution.department_id, self.sub_department)
        self.assertFalse(resolution.with_user(self.colleague).can_make_task)
        with self.assertRaises(AccessError):
            self.make(resolution, self.colleague)
        self.assertEqual(self.make(resolution).month_plan_id, plan)

    def test_only_what_runs(self):
        self._month_plan()
        noted, done = self._resolution(self.employee, "Noted"), self._resolution(self.employee, "Done")
        token.marked(noted).write({"in_force": False})
        done.with_user(self.employee).action_done("Measured")
        for item, words in ((noted, "does not run now"), (done, "not open any more")):
            self.assertFalse(item.with_user(self.head).can_make_task)
            with self.refused(UserError, words):
                self.make(item)

    def test_plans_that_take_nothing(self):
        """The button stays: pressed it says what is to be done first."""
        resolution = self._resolution(self.employee)
        self.assertTrue(resolution.with_user(self.head).can_make_task)
        with self.refused(UserError, "Workshop has no month plan for February 2027 yet"):
            self.make(resolution)
        plan = self._reach(self._month_plan(), "submitted")
        with self.refused(UserError, "have it returned first"):
            self.make(resolution)
        self._reach(plan, "issued").sudo()._transition("reported")
        with self.refused(UserError, "takes no more tasks"):
            self.make(resolution)
        self.assertFalse(self.tasks_of(resolution))

    def test_the_month_is_that_of_the_day_that_counts(self):
        """What was extended belongs where it is due now; what is overdue belongs to the month that runs."""
        february, march = self._issued(), self._month_plan(tasks=[], month="2027-03-01")
        overdue, later = self._resolution(self.employee, "Overdue", "2027-01-28"), self._resolution(self.employee, "Later", "2027-03-10")
        extended = self._resolution(self.employee, "Extended")
        token.marked(extended).write({"in_force": False})
        self.env.flush_all()
        extended._clock_decided("The minutes went out.")
        self.grant("C5", extended, "extension", "2027-03-04 18:00")
        self.env.invalidate_all()
        with self.at("2027-02-03 10:00"):
            tasks = [self.make(item) for item in (overdue, later, extended)]
        self.assertEqual([(task.month_plan_id, str(task.date_start), str(task.date_end)) for task in tasks], [
            (february, "2027-02-03", "2027-02-28"), (march, "2027-03-01", "2027-03-10"), (march, "2027-03-01", "2027-03-04"),
        ])

    def test_withdrawn_it_may_be_made_again(self):
        self._issued()
        resolution = self._resolution(self.employee)
        with self.at("2027-02-05 10:00"):
            task = self.make(resolution)
            task.with_user(self.head).action_withdraw("The hall is locked")
            self.env.invalidate_all()
            self.assertEqual((resolution.state, resolution.with_user(self.head).can_make_task), ("open", True))
            self.assertNotEqual(self.make(resolution), task)

    def test_many_cost_no_query_each(self):
        self._month_plan()
        resolutions = self.env["ops.resolution"].union(*(self._resolution(self.employee, f"Resolution {n}") for n in range(12)))

        def cost(items):
            items = items.with_user(self.head).browse(items.ids)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertTrue(all(items.mapped("can_make_task")))
            self.assertFalse(items.mapped("task_id"))
            return self.env.cr.sql_log_count - before

        cost(resolutions)
        self.assertLessEqual(cost(resolutions), cost(resolutions[:2]))


@tagged("post_install", "-at_install")
class TestOpsImprovementMeasureMakeTask(ImprovementCase):
    def test_P2_once_its_plan_was_submitted(self):
        plan = self.complete(self.improvement())
        march, measure = self._month_plan(tasks=[], month="2027-03-01"), plan.measure_ids
        with self.refused(UserError, "does not run now"):
            measure.action_make_task()
        plan.action_submit()
        self.env.invalidate_all()
        self.assertTrue(measure.can_make_task)
        task = self.Task.browse(measure.action_make_task()["res_id"])
        self.assertEqual((task.month_plan_id, task.source_model, task.source_id), (march, measure._name, measure.id))
        self.assertEqual((task.owner_id, task.deliverable, str(task.date_end)), (self.employee, "A tick", "2027-03-05"))
        self.assertFalse(march._prefill().filtered(lambda line: line.source_model == measure._name))


@tagged("post_install", "-at_install")
class TestOpsProblemMeasureMakeTask(ProblemCase):
    def test_I3_the_head_of_whoever_carries_it_out(self):
        measure = self.plan(self.handling(), owners=[self.colleague]).measure_ids.with_user(self.head)
        plan = self.env["ops.month.plan"].with_user(self.head).create({
            "department_id": self.department.id, "company_id": self.company.id, "month": measure.date_due,
        })
        self.assertTrue(measure.can_make_task)
        with self.assertRaises(AccessError):
            measure.with_user(self.colleague).action_make_task()
        task = self.env["ops.task"].browse(measure.action_make_task()["res_id"])
        self.assertEqual((task.month_plan_id, task.source_model, task.source_id), (plan, measure._name, measure.id))
        self.assertEqual((task.owner_id, task.date_end, measure.task_id), (self.colleague, measure.date_due, task))


@tagged("post_install", "-at_install")
class TestOpsCollaborationItemMakeTask(CollaborationCase):
    def test_C5_an_item_and_one_that_a_resolution_says(self):
        """What the kick-off resolved is one thing: the task names the resolution, and the item shows it too."""
        with self.at("2026-11-23 10:00"):
            request = self.running()
            own = self.item(request)
        with self.at("2026-11-23 12:00"):
            self.minutes(request, ("Buy it", self.liaison, 5, {}))
            self.env.invalidate_all()
            resolved = request.item_ids.with_user(self.other_head) - own
            resolution = resolved.sudo().resolution_id
            plan = self.env["ops.month.plan"].with_user(self.other_head).create({
                "department_id": self.other_department.id, "company_id": self.company.id, "month": "2026-11-01",
            })
            for item, source in ((own, own), (resolved, resolution)):
                self.assertTrue(item.can_make_task)
                task = self.env["ops.task"].browse(item.action_make_task()["res_id"])
                self.assertEqual((task.month_plan_id, task.source_model, task.source_id), (plan, source._name, source.id))
                self.assertEqual((item.task_id, item.can_make_task), (task, False))
            self.assertEqual(resolution.with_user(self.other_head).task_id, task)
            self.assertFalse(plan._prefill(), "both stand there already")
            with self.assertRaises(AccessError):
                own.with_user(self.liaison).action_make_task()
