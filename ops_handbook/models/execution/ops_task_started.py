from datetime import timedelta

from odoo import fields, models

from ...tools import clock, token

DAY = timedelta(days=1)


class OpsTask(models.Model):
    """From when to when a task was in progress, in local days: on these its owner owes a log (M4)."""

    _inherit = "ops.task"

    started_on = fields.Date(
        string="Begun on", readonly=True, copy=False, help="The day on which it came to be in progress for the first time."
    )
    ended_on = fields.Date(
        readonly=True, copy=False, help="The day on which it was done, given up or withdrawn; empty while it runs.",
    )

    _ended_idx = models.Index("(owner_id, ended_on) WHERE state IN ('done', 'unfinished')")

    def _after_transition(self, previous, reason):
        super()._after_transition(previous, reason)
        moved = self.sudo().filtered(lambda task: task.state != previous[task.id])  # sudo: the machinery's own fields
        days = moved._local_days()
        begun = moved.filtered(lambda task: task.state == "progress")
        left = moved.filtered(lambda task: previous[task.id] == "progress")
        moved._write_days(days)
        self.env["ops.task.days"]._begin(begun, days)
        back = left.filtered(lambda task: task.state == "todo")
        # begun by mistake, put back the same day: that day asks for nothing
        self.env["ops.task.days"]._end(back, days, forget_from=days)
        self.env["ops.task.days"]._end(left - back, days)

    def _write_days(self, days):
        """Write the days on the tasks: a statement for each pair of values, not for each task."""
        values = {}
        for task in self:
            ended = False if task.state in ("todo", "progress") else days[task.id]
            # what was never begun is given up or withdrawn without a day; what is done was begun that day at the latest
            begun = task.started_on or (days[task.id] if task.state in ("progress", "done") else False)
            started, ended = (False, False) if task.state == "todo" or not begun else (begun, ended)
            if (started, ended) != (task.started_on, task.ended_on):
                values.setdefault((started, ended), []).append(task.id)
        for (started, ended), ids in values.items():
            token.marked(self.browse(ids)).write({"started_on": started, "ended_on": ended})

    def _local_days(self):
        """Return the day that it is now where each task is carried out: dict task id → date."""
        today = {company: clock.today(company._ops_tz()) for company in self.company_id}
        return {task.id: today[task.company_id] for task in self}

    def write(self, vals):
        if "owner_id" not in vals:
            return super().write(vals)
        # sudo: who had it in progress so far
        running = self.sudo().filtered(lambda task: task.state == "progress")
        before = {task.id: task.owner_id for task in running}
        result = super().write(vals)
        # the tasks as the super user sees them, without the token: what follows is no content
        given = token.cleared(running).filtered(lambda task: task.state == "progress" and task.owner_id != before[task.id])
        if given:
            given._days_handed_over()
        return result

    def _days_handed_over(self):
        """A day is owed by whoever has the task in progress at its close: the one before owes up to the day before (M4)."""
        days = self._local_days()
        self.env["ops.task.days"]._end(self, {key: day - DAY for key, day in days.items()}, forget_from=days)
        self.env["ops.task.days"]._begin(self, days)
