from odoo import api, fields, models
from odoo.fields import Command, Domain

OPEN, ENDED = ("todo", "progress"), ("done", "unfinished")
RUNNING = ("issued", "reported")
LIMIT = 200  # tasks that one log shows; nobody works on more in a day


class OpsWorkLog(models.Model):
    """What a log is pre-filled with: the open tasks of its owner, as owner or co-worker."""

    _inherit = "ops.work.log"

    @api.model
    def _tasks_of(self, owner, day):
        """Return the tasks of which a log of that day speaks: those that are open, and those that ended since; the next due first.

        :param owner: ``res.users``
        :param date day: the day of the log
        """
        # somebody may work for several companies, whichever they have chosen in the corner
        tasks = self.env["ops.task"].with_context(allowed_company_ids=self.env.user._get_company_ids())
        found = tasks.search(self._spoken_of(owner, day), order="date_end, priority, id", limit=LIMIT)
        return found.sorted(lambda task: self._is_upcoming(task, day)).with_env(self.env)

    @api.model
    def _spoken_of(self, owner, day):
        """Return the domain of the tasks of which the owner's log of that day speaks."""
        # by the state as the task tells it: a co-worker from another department may not read the plan
        still_open = Domain("state", "in", OPEN) & Domain("plan_state", "in", RUNNING)
        # what was not finished as well: the logs of the days until then are owed because of it
        ended_since = (
            Domain("state", "in", ENDED) & Domain("ended_on", ">=", day) & Domain("plan_state", "in", (*RUNNING, "closed"))
        )
        owned, helped = Domain("owner_id", "=", owner.id), Domain("helper_ids", "in", owner.ids)
        # of the owner's own tasks of all the years two indexes give the few that count
        return self.env["ops.task"]._search_any(owned & still_open, owned & ended_since, helped & (still_open | ended_since))

    @api.model
    def _is_upcoming(self, task, day):
        """Tell whether a task neither has begun nor is to begin by ``day``."""
        begins = task.date_start or fields.Date.to_date(f"{task.period}-01")
        return task.state == "todo" and begins > day

    @api.model
    def _is_in_log(self, task, day):
        """Tell whether a log of ``day`` speaks of a task without being asked: it is being worked on, or was until then."""
        return task.state != "todo" and not self._is_upcoming(task, day)

    @api.onchange("owner_id", "date")
    def _onchange_day(self):
        """A new log lists the tasks; what was typed of those that stay is kept."""
        if self._origin or not (self.owner_id and self.date):
            return
        tasks = self._tasks_of(self.owner_id._origin, self.date)
        shown = tasks.filtered(lambda task: not self._is_upcoming(task, self.date))
        typed = self.line_ids.filtered(lambda line: line.task_id in shown)
        gone = self.line_ids - typed
        self.line_ids = [
            *(Command.delete(line.id) for line in gone),
            *(Command.create({"task_id": task.id, "progress": task.progress, "progress_before": task.progress})
              for task in shown - typed.task_id),
        ]

    @api.model
    def _logged_days(self, owner, first, last):
        """Return the days (dates) from ``first`` to ``last`` of which there is a log."""
        logs = self.search([("owner_id", "=", owner.id), ("date", ">=", first), ("date", "<=", last)])
        return {log.date for log in logs}
