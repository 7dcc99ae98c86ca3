from odoo import api, fields, models
from odoo.addons.ops_handbook.models.mixins.domains import flag_search
from odoo.addons.ops_handbook.tools import clock
from odoo.fields import Domain
from odoo.tools import SQL

# how the states of a project's task read beside those of a month plan's
PROJECT_STATES = {
    "01_in_progress": "progress", "02_changes_requested": "progress", "03_approved": "progress", "04_waiting_normal": "waiting",
    "1_done": "done", "1_canceled": "cancelled",
}
STATES = [
    ("todo", "To Do"), ("progress", "In Progress"), ("waiting", "Waiting"), ("done", "Done"), ("unfinished", "Unfinished"),
    ("cancelled", "Withdrawn"),
]
OPEN = ("todo", "progress", "waiting")


class OpsMyTask(models.Model):
    """What one person has to do, from month plans and from projects, in one list.

    Nothing is copied: each query asks both models what the current user may read of their own.
    """

    _name = "ops.my.task"
    _description = "My Tasks and Projects"
    _auto = False
    _order = "date_end, origin, id"

    origin = fields.Selection([("month", "Month Plan"), ("project", "Project")], readonly=True)
    task_id = fields.Many2one("ops.task", string="Task of the Month", readonly=True)
    project_task_id = fields.Many2one("project.task", readonly=True)
    project_id = fields.Many2one("project.project", readonly=True)
    period = fields.Char(string="Month", readonly=True)
    name = fields.Char(string="Task", readonly=True)
    date_end = fields.Date(string="Deadline", readonly=True)
    state = fields.Selection(STATES, readonly=True)
    progress = fields.Integer(string="Progress (%)", readonly=True, aggregator=None)
    company_id = fields.Many2one("res.company", readonly=True)
    is_late = fields.Boolean(string="Overdue", compute="_compute_is_late", search="_search_is_late")
    place = fields.Char(string="Where", compute="_compute_place")

    @property
    def _table_query(self):
        return SQL("%s UNION ALL %s", self._select_month(), self._select_project())

    def _select_month(self):
        """Return the statement that finds the person's tasks of month plans: even ids."""
        tasks, me = self.env["ops.task"], self.env.user._ops_principals().ids
        own = tasks._search(
            Domain("owner_id", "in", me) | Domain("helper_ids", "in", me), order="id"
        ) if tasks.has_access("read") else tasks._search(Domain.FALSE)
        tasks.flush_model()
        return SQL(
            """
            SELECT task.id::bigint * 2 AS id, 'month' AS origin, task.id AS task_id, NULL::int AS project_task_id,
                   NULL::int AS project_id, task.period, task.name, task.date_end, task.state, COALESCE(task.progress, 0) AS progress,
                   task.company_id
              FROM ops_task task
             WHERE task.id IN %s
            """,
            own.subselect(),
        )

    def _select_project(self):
        """Return the statement that finds the person's tasks of projects: odd ids. One that carries out an own task of a month
        plan stands there already."""
        tasks, me = self.env["project.task"], self.env.user._ops_principals().ids
        own = tasks._search(
            Domain("user_ids", "in", self.env.uid) & Domain("project_id", "!=", False) & Domain("is_template", "=", False),
            order="id",
        ) if tasks.has_access("read") else tasks._search(Domain.FALSE)
        tasks.flush_model(["name", "state", "date_deadline", "company_id", "project_id"])
        states = SQL(" ").join(SQL("WHEN %s THEN %s", known, ours) for known, ours in PROJECT_STATES.items())
        return SQL(
            """
            SELECT task.id::bigint * 2 + 1 AS id, 'project' AS origin, NULL::int AS task_id, task.id AS project_task_id,
                   task.project_id, NULL AS period, task.name,
                   (task.date_deadline AT TIME ZONE 'UTC' AT TIME ZONE %s)::date AS date_end,
                   CASE task.state %s END AS state, CASE WHEN task.state = '1_done' THEN 100 ELSE 0 END AS progress, task.company_id
              FROM project_task task
             WHERE task.id IN %s
               AND NOT EXISTS (
                   SELECT FROM ops_task linked
                    WHERE linked.project_link_id = task.id AND linked.owner_id = ANY(%s)
                      AND linked.state IN ('todo', 'progress')
               )
            """,
            self.env.user.tz or self.env.company._ops_tz(), states, own.subselect(), me,
        )

    @api.depends("date_end", "state")
    def _compute_is_late(self):
        today = clock.today(self.env.company._ops_tz())
        for row in self:
            row.is_late = bool(row.state in OPEN and row.date_end and row.date_end < today)

    @flag_search
    def _search_is_late(self):
        return Domain("state", "in", OPEN) & Domain("date_end", "<", clock.today(self.env.company._ops_tz()))

    @api.depends("origin", "task_id", "project_id")
    def _compute_place(self):
        """The project, or the department whose month plan it is."""
        for row in self:
            row_sudo = row.sudo()  # sudo: names of what the task belongs to, as the task itself shows them
            row.place = row_sudo.project_id.name if row.origin == "project" else row_sudo.task_id.department_id.name

    def action_open(self):
        """Open the task itself."""
        self.ensure_one()
        self.check_access("read")
        return self.project_task_id._ops_open_form() if self.origin == "project" else self.task_id._obligation_open_action()
