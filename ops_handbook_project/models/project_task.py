from odoo import api, fields, models
from odoo.addons.ops_handbook.tools import clock
from odoo.addons.ops_handbook.tools.moments import local_date
from odoo.exceptions import UserError
from odoo.fields import Command

EMPLOYEE = "ops_handbook.group_employee"


class ProjectTask(models.Model):
    """A task of a project may stand on the month plan of a department; the project itself knows nothing of it."""

    _inherit = "project.task"

    ops_task_ids = fields.Many2many(
        "ops.task", string="Month Plans", compute="_compute_ops_task_ids", groups=EMPLOYEE,
        help="The tasks of month plans that are carried out by this one, as far as the user may read them.",
    )
    ops_task_count = fields.Integer(string="Tasks of Month Plans", compute="_compute_ops_task_ids", groups=EMPLOYEE)
    can_add_to_month_plan = fields.Boolean(
        compute="_compute_can_add_to_month_plan", groups=EMPLOYEE, help="The current user leads a department that makes a month plan."
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_ops_task_ids(self):
        # sudo: which are linked; the next line asks who may read them
        linked_sudo = self.env["ops.task"].sudo().search([("project_link_id", "in", self.ids), ("state", "!=", "cancelled")])
        readable = linked_sudo.with_env(self.env)._filtered_access("read")
        by_project = {}
        for task in linked_sudo:
            by_project.setdefault(task.project_link_id.id, []).append(task.id)
        for task in self:
            task.ops_task_ids = readable & readable.browse(by_project.get(task._origin.id, ()))
            task.ops_task_count = len(task.ops_task_ids)

    @api.depends_context("uid")
    def _compute_can_add_to_month_plan(self):
        leads = bool(self._ops_planning_departments())
        for task in self:
            task.can_add_to_month_plan = leads and bool(task.id) and not task.is_template and not task.is_closed

    def _ops_planning_departments(self):
        """Return the departments whose month plans the current user writes."""
        return self.env.user.sudo().ops_department_ids.filtered("ops_keeps_plans")  # sudo: one's own departments

    def _ops_progress(self):
        """Return how far the task is, in percent: done is 100, otherwise the share of its sub-tasks that are closed."""
        self.ensure_one()
        if self.state == "1_done":
            return 100
        return round(100 * self.closed_subtask_count / self.subtask_count) if self.subtask_count else 0

    def _ops_open_form(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window", "res_model": self._name, "res_id": self.id, "views": [(False, "form")],
            "name": self.display_name,
        }

    def action_open_ops_tasks(self):
        """Open the tasks of month plans that are carried out by these tasks."""
        self.check_access("read")
        tasks = self.ops_task_ids
        action = {
            "type": "ir.actions.act_window", "res_model": "ops.task", "name": self.env._("Month Plans"),
            "views": [(False, "list"), (False, "kanban"), (False, "form")], "mobile_view_mode": "kanban",
            "domain": [("id", "in", tasks.ids)], "context": {"create": False},
        }
        return {**action, "views": [(False, "form")], "res_id": tasks.id} if len(tasks) == 1 else action

    # -- onto a month plan --------------------------------------------------------------------------------------------------

    def action_add_to_month_plan(self):
        """Open the new task of a month plan, filled from this one; an open one that is there already is opened instead.

        :raise UserError: the current user writes no month plan, or none takes tasks at the moment
        """
        self.ensure_one()
        self.check_access("read")
        if known := self.ops_task_ids.filtered(lambda task: task.state in ("todo", "progress"))[:1]:
            return known._obligation_open_action()
        department = self._ops_department()
        if not department:
            raise UserError(self.env._("Only the head of a department adds tasks to its month plan: tell yours."))
        plan = self._ops_month_plan(department)
        return {
            "type": "ir.actions.act_window", "res_model": "ops.task", "views": [(False, "form")],
            "name": self.env._("Add to %(plan)s", plan=plan.display_name),
            "context": {f"default_{name}": value for name, value in self._ops_task_values(plan).items() if value},
        }

    def _ops_department(self):
        """Return on whose month plan the task belongs: where those assigned work, else the first that the user writes."""
        led = self._ops_planning_departments()
        if self.company_id:
            led = led.filtered(lambda department: department.company_id in (self.company_id, department.company_id.browse()))
        found = self.env["hr.employee"]._ops_departments(self.sudo().user_ids)  # sudo: where those assigned work
        for department in found.values():
            if own := [item for item in department._ops_path() if item in led.ids]:
                return led.browse(own[0])
        return led.sorted("id")[:1]

    def _ops_month_plan(self, department):
        """Return the plan that takes the task: that of this month while it is open or running, else that of the next."""
        plans = self.env["ops.month.plan"]
        today = clock.today((department.company_id or self.env.company)._ops_tz())
        months = [fields.Date.start_of(today, "month")]
        months.append(fields.Date.add(months[0], months=1))
        for month in months:
            period = month.strftime("%Y-%m")
            plan = plans.search([
                ("department_id", "=", department.id), ("period", "=", period), ("state", "!=", "cancelled"),
            ], limit=1)
            if plan and (plan.state in plan._flow_open or plan._filtered_addable()):
                return plan
        if not plan:
            return plans._open_month(department.with_env(self.env), period)
        raise UserError(self.env._(
            "%(plan)s is “%(state)s” and takes no tasks at the moment: have it returned, or wait until it is issued.",
            plan=plan.display_name, state=plan._state_label(plan.state),
        ))

    def _ops_task_values(self, plan):
        """Return what the task of a month plan begins with."""
        people = self.sudo().user_ids.filtered(  # sudo: who carries it out
            lambda user: user.active and not user.share and plan.company_id in user.company_ids
        )
        last = fields.Date.end_of(plan.month, "month")
        tz = self.env.user.tz or self.env.company._ops_tz()  # as My Tasks and Projects shows it
        deadline = self.date_deadline and local_date(self.date_deadline, tz)
        return {
            "month_plan_id": plan.id, "project_task_id": self.id, "name": self.name, "owner_id": people[:1].id,
            "helper_ids": [Command.set(people[1:].ids)] if people[1:] else False,
            "date_start": fields.Date.to_string(plan.month),
            "date_end": fields.Date.to_string(deadline if deadline and deadline >= plan.month else last),
        }
