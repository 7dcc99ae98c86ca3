from psycopg2.extras import execute_values

from odoo import api, fields, models
from odoo.tools import SQL


class OpsTaskDays(models.Model):
    """From when to when somebody had a task in progress: who owed a log on which day (M4), whoever owns the task by now.

    Written by the machinery only, with plain statements for thousands of tasks at once; nobody has access rights to it.
    """

    _name = "ops.task.days"
    _description = "Days of a Task in Progress"
    _order = "date_from desc, id desc"
    _log_access = False

    task_id = fields.Many2one("ops.task", required=True, readonly=True, index=True, ondelete="cascade")
    owner_id = fields.Many2one("res.users", required=True, readonly=True, ondelete="cascade")
    department_id = fields.Many2one(
        "hr.department", readonly=True, index="btree_not_null", ondelete="set null", help="Whose month plan it was.",
    )
    date_from = fields.Date(string="From", required=True, readonly=True)
    date_to = fields.Date(string="Until", readonly=True, help="The last day; empty while it is in progress.")

    _owner_idx = models.Index("(owner_id, date_from, date_to)")
    _open_idx = models.Index("(task_id) WHERE date_to IS NULL")

    @api.model
    def _begin(self, tasks, days):
        """Note that ``tasks`` are in progress, from a day on.

        :param tasks: ``ops.task``, superuser; those without an owner oblige nobody
        :param dict days: task id → local day
        """
        rows = [(task.id, task.owner_id.id, task.department_id.id or None, days[task.id]) for task in tasks if task.owner_id]
        if rows:
            execute_values(
                self.env.cr._obj, "INSERT INTO ops_task_days (task_id, owner_id, department_id, date_from) VALUES %s", rows,
                page_size=1000,
            )

    @api.model
    def _end(self, tasks, days, forget_from=None):
        """Note that ``tasks`` are in progress no longer: dict task id → the last day.

        :param dict forget_from: task id → day; what began on that day or later counts for nothing
        """
        if forget_from:
            self._apply(tasks, forget_from, SQL(
                "DELETE FROM ops_task_days days USING given"
                " WHERE days.task_id = given.task_id AND days.date_to IS NULL AND days.date_from >= given.day"
            ))
        self._apply(tasks, days, SQL(
            "UPDATE ops_task_days days SET date_to = GREATEST(given.day, days.date_from) FROM given"
            " WHERE days.task_id = given.task_id AND days.date_to IS NULL"
        ))

    @api.model
    def _apply(self, tasks, days, statement):
        if tasks:
            self.env.cr.execute(SQL(
                "WITH given AS (SELECT * FROM unnest(%s::int[], %s::date[]) AS given (task_id, day)) %s",
                tasks.ids, [days[task.id] for task in tasks], statement,
            ))
            self.invalidate_model(flush=False)
