from odoo import api, fields, models

from ...tools import token
from .ops_task import REPORTING


class OpsTask(models.Model):
    """What work logs say of a task, and what they do to it."""

    _inherit = "ops.task"

    log_line_ids = fields.One2many("ops.work.log.line", "task_id", string="Work Logs", readonly=True)
    log_line_count = fields.Integer(string="Days Logged", compute="_compute_log_line_count", help="As far as the reader may read them.")

    @api.depends("log_line_ids")
    @api.depends_context("uid")
    def _compute_log_line_count(self):
        groups = self.env["ops.work.log.line"]._read_group([("task_id", "in", self.ids)], ["task_id"], ["__count"])
        counts = {task.id: count for task, count in groups}
        for task in self:
            task.log_line_count = counts.get(task.id, 0)

    def _report_progress(self, values):
        """Say how far many tasks are, by the same rules as a write of each, in a number of statements that does not grow.

        Whoever says how far a task is has begun it. What does not run any more stays as it is: the log is a record of the day.

        :param dict values: task id → dict of ``progress`` (percent) and ``progress_note``; what is there already is not written
        """
        changes = {
            task.id: changed for task in self.sudo()  # sudo: compared; who may report is asked below
            if (changed := {name: value for name, value in values.get(task.id, {}).items() if task[name] != value})
        }
        tasks = self.browse(changes)._filtered_reportable()
        if not tasks:
            return
        tasks._transition_lock()
        for task in token.marked(tasks.sudo()):  # sudo: their duty, asked just above; their content is locked
            task.write(changes[task.id])
        tasks._grow_version()
        begun = tasks.filtered(lambda task: changes[task.id].get("progress") and task.sudo().state == "todo")  # sudo: the state decides
        begun._transition("progress")

    def _filtered_reportable(self):
        """Return those of which the current user may say how far they are, now."""
        running = self._filtered_running()
        roles = {} if self.env.su else running._flow_roles()
        return running.filtered(
            # sudo: the state decides
            lambda task: task.sudo().state in ("todo", "progress") and (self.env.su or roles[task.id] & REPORTING.keys())
        )

    def action_open_logs(self):
        """Open what work logs say of these tasks, day by day, as far as the reader may read them."""
        return {
            "type": "ir.actions.act_window", "res_model": "ops.work.log.line", "name": self.env._("Work Logs"),
            "domain": [("task_id", "in", self.ids)], "views": [(False, "list"), (False, "form")], "context": {"create": False},
        }
