"""A task of a month plan and a task of a project, linked: each with its own readers, rights and states."""

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .projects import ProjectCase


@tagged("post_install", "-at_install", "ops_handbook_project")
class TestOpsTaskProject(ProjectCase):
    def link(self, task=None, project_task=None, user=None):
        task = (task or self.task).with_user(user or self.employee)
        task.project_task_id = project_task or self.drill
        return task

    # -- the link -----------------------------------------------------------------------------------------------------------

    def test_whoever_carries_it_out_links_it(self):
        task = self.link()
        self.assertEqual(self.task.sudo().project_link_id, self.drill)
        self.assertEqual(task.action_open_project_task()["res_id"], self.drill.id)
        self.link(user=self.head, project_task=self._project_task("Another"))
        with self.assertRaises(AccessError):
            self.link(user=self.newcomer)
        task.project_task_id = False
        self.assertFalse(self.task.sudo().project_link_id)
        with self.refused(UserError, "no project task"):
            task.action_open_project_task()

    def test_only_what_one_may_read(self):
        """Neither does the link reveal the task of a project to those who read the month plan only."""
        hidden = self._project_task("Hidden", self.secret, self.newcomer)
        with self.refused(ValidationError, "may read"):
            self.link(project_task=hidden)
        self.paint.sudo().project_link_id = hidden
        self.env.invalidate_all()
        mine = self.paint.with_user(self.employee)
        self.assertFalse(mine.project_task_id)
        self.assertEqual(mine.project_progress, 0)
        with self.assertRaises(AccessError):
            mine.read(["project_link_id"])
        with self.assertRaises(AccessError):
            self.paint.with_user(self.head).write({"project_link_id": self.drill.id})

    def test_of_the_same_company(self):
        foreign = self.env["project.project"].create({"name": "Berlin", "company_id": self.branch.id})
        with self.refused(ValidationError, "belongs to"):
            self.paint.sudo().project_task_id = self._project_task("There", foreign, self.branch_employee)
            self.env.flush_all()

    def test_what_is_done_keeps_its_link(self):
        task = self.link()
        task.action_done()
        with self.assertRaises(AccessError):
            task.project_task_id = False

    def test_a_project_task_that_is_deleted_leaves_the_task(self):
        task = self.link()
        self.drill.unlink()
        self.env.invalidate_all()
        self.assertTrue(task.exists())
        self.assertFalse(task.project_task_id)

    # -- progress -----------------------------------------------------------------------------------------------------------

    def test_the_project_proposes_progress(self):
        task = self.link()
        self.assertFalse(task.can_take_progress)
        with self.refused(UserError, "no progress"):
            task.action_take_project_progress()
        parts = self._project_task("Part", parent_id=self.drill.id) | self._project_task("Part", parent_id=self.drill.id)
        parts[0].state = "1_done"
        self.env.invalidate_all()
        self.assertEqual((task.project_progress, task.can_take_progress), (50, True))
        task.action_take_project_progress()
        self.assertEqual((self.task.progress, self.task.state), (50, "progress"))
        parts[1].state = "1_done"
        self.drill.state = "1_done"
        self.env.invalidate_all()
        self.assertEqual(self.task.progress, 50, "proposed, not written")
        self.assertFalse(task.with_user(self.newcomer).can_take_progress)
        with self.assertRaises(AccessError):
            task.with_user(self.newcomer).action_take_project_progress()
        task.action_take_project_progress()
        self.assertEqual(self.task.progress, 100)

    # -- from the project -----------------------------------------------------------------------------------------------

    def test_a_head_adds_it_to_the_month_plan(self):
        self.drill.date_deadline = "2027-01-25 09:00:00"
        drill = self.drill.with_user(self.head)
        self.assertTrue(drill.can_add_to_month_plan)
        action = drill.action_add_to_month_plan()
        task = Form(self.env["ops.task"].with_user(self.head).with_context(**action["context"]))
        self.assertEqual(task.name, "Drill the holes")
        task.is_routine = True
        task = task.save()
        self.assertEqual((task.month_plan_id, task.owner_id), (self.plan, self.employee))
        self.assertEqual((str(task.date_end), task.project_task_id), ("2027-01-25", self.drill))
        self.assertTrue(task.added_on, "operations are told as of any addition")
        self.env.invalidate_all()
        self.assertEqual(drill.ops_task_count, 1)
        self.assertEqual(drill.action_add_to_month_plan()["res_id"], task.id, "nothing twice")
        self.assertEqual(drill.action_open_ops_tasks()["res_id"], task.id)
        self.link(self.paint)
        self.env.invalidate_all()
        self.assertEqual(drill.action_open_ops_tasks()["domain"], [("id", "in", drill.ops_task_ids.ids)])

    def test_the_deadline_is_the_local_day(self):
        """As My Tasks and Projects shows it: of the user's time zone, else the company's."""
        self.drill.date_deadline = "2027-01-19 17:00:00"  # the 20th in Shanghai
        for tz in ("Asia/Shanghai", False):
            self.head.tz = tz
            action = self.drill.with_user(self.head).with_company(self.company).action_add_to_month_plan()
            self.assertEqual(action["context"]["default_date_end"], "2027-01-20", tz)

    def test_the_plan_of_the_next_month(self):
        """While this month's plan takes nothing, the next one's does; it is made when there is none yet."""
        self.plan.sudo()._transition("reported")
        action = self.drill.with_user(self.head).action_add_to_month_plan()
        plan = self.env["ops.month.plan"].browse(action["context"]["default_month_plan_id"])
        self.assertEqual((plan.period, plan.department_id, plan.author_id), ("2027-02", self.department, self.head))
        plan.sudo().task_ids.unlink()
        plan.with_user(self.head).write({"task_ids": [Command.create(self._values("Sweep", is_routine=True))]})
        self._reach(plan.with_user(self.head), "submitted")
        with self.refused(UserError, "takes no tasks"):
            self.drill.with_user(self.head).action_add_to_month_plan()

    def test_only_heads_add(self):
        self.assertFalse(self.drill.with_user(self.employee).can_add_to_month_plan)
        with self.refused(UserError, "tell yours"):
            self.drill.with_user(self.employee).action_add_to_month_plan()
        hidden = self._project_task("Hidden", self.secret, self.newcomer)
        with self.assertRaises(AccessError):
            hidden.with_user(self.other_head).action_add_to_month_plan()

    def test_counts_are_of_what_one_may_read(self):
        """Sales reads the project, and nothing of the workshop's month plan."""
        self.link()
        self.env.invalidate_all()
        self.assertEqual(self.drill.with_user(self.employee).ops_task_count, 1)
        self.assertEqual(self.drill.with_user(self.liaison).ops_task_count, 0)
        self.assertEqual(self.drill.with_user(self.liaison).action_open_ops_tasks()["domain"], [("id", "in", [])])
