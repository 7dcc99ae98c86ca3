from odoo import api, fields, models
from odoo.addons.ops_handbook.models.execution.ops_task import OpsTask as Task
from odoo.exceptions import UserError, ValidationError

RUNNING = ("todo", "progress")  # states in which whoever carries a task out may link it
LINKED = {"project_task_id"}
DONE, CANCELLED = "1_done", "1_canceled"


class OpsTask(models.Model):
    """A task of a month plan may be carried out as a task of a project; each keeps its own rules and readers."""

    _inherit = "ops.task"

    # the link belongs to what is said about a task while it runs
    _flow_duties = {
        state: {role: names | LINKED for role, names in roles.items()} if state in RUNNING else roles
        for state, roles in Task._flow_duties.items()
    }

    # whoever reads the task of the month need not read the project's, not even its name: that is what project_task_id is for
    project_link_id = fields.Many2one(
        "project.task", string="Linked Project Task", readonly=True, copy=False, index="btree_not_null", ondelete="set null",
        groups="base.group_system",  # the fields of a client's view are read and written with the client's rights
    )
    project_task_id = fields.Many2one(
        "project.task", compute="_compute_project_task_id", inverse="_inverse_project_task_id", copy=False,
        domain="[('project_id', '!=', False), ('company_id', 'in', [company_id, False])]",
        help="The task of a project by which this is carried out.",
    )
    project_progress = fields.Integer(
        string="Progress in the Project (%)", compute="_compute_project_task_id", aggregator=None,
        help="What the task of the project proposes: done is 100 %, otherwise the share of its sub-tasks that are closed.",
    )
    can_take_progress = fields.Boolean(
        compute="_compute_can_take_progress", help="The project is further than the task, and the current user may say so."
    )

    @api.depends("project_link_id.state", "project_link_id.child_ids.state")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_project_task_id(self):
        """The task of the project and how far it is, for those who may read it."""
        # sudo: which it is; the next line asks who may read it
        linked = {task.id: task.sudo().project_link_id.id for task in self}
        readable = self.env["project.task"].browse(filter(None, linked.values())).exists()._filtered_access("read")
        known = set(readable.ids)
        for task in self:
            found = readable.browse(linked[task.id]) if linked[task.id] in known else readable.browse()
            task.project_task_id = found
            task.project_progress = found._ops_progress() if found else 0

    def _inverse_project_task_id(self):
        for task in self:
            # sudo: what one may link to was asked by the link mixin, who may link by the state of the task
            task.sudo().project_link_id = task.project_task_id.id

    @api.depends("project_progress", "progress", "state")
    def _compute_can_take_progress(self):
        for task in self:
            task.can_take_progress = task.can_report and task.project_progress > task.progress

    @api.constrains("project_link_id", "month_plan_id")
    def _check_project_company(self):
        for task in self.sudo():  # sudo: the choice is checked, not shown
            owner = task.project_link_id.company_id
            if owner and owner != task.company_id:
                raise ValidationError(self.env._(
                    "Project task: it belongs to %(owner)s, the month plan to %(company)s. Choose one of the same company.",
                    owner=owner.name, company=task.company_id.name,
                ))

    def action_take_project_progress(self):
        """Take over how far the tasks are in their projects; what has come further by itself stays.

        :raise UserError: a project proposes nothing
        """
        self.check_access("read")
        for task in self:
            if not task.project_progress or task.project_progress <= task.progress:
                raise UserError(self.env._("“%(task)s”: the project proposes no progress that goes further.", task=task.name))
            task.write({"progress": task.project_progress})
        return True

    def action_open_project_task(self):
        """Open the task of the project."""
        self.ensure_one()
        self.check_access("read")
        if not self.project_task_id:
            raise UserError(self.env._("There is no project task linked that you may read."))
        return self.project_task_id._ops_open_form()
