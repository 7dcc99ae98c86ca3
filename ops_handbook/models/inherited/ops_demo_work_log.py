"""The work logs of the demo company: of each working day since its first month plan, but today's, which are yet to be written."""
from functools import partial

from odoo import Command, models
from odoo.fields import Date

from ...tools.moments import DAY, at_hour
from .ops_demo_month_plan import MONTHS
from .ops_demo_month_stories import NOTES, NOTES_ABROAD, PROBLEMS

TZ = "Asia/Shanghai"
SPEEDS = (1.0, 0.95, 0.85, 0.7)  # of what a task should be by the day; no two people are alike
LINES = 3  # tasks of which somebody writes in a day
FORGETFUL = {"liu.yang": 7}  # every so many days there is no log; of all others every 23rd
YESTERDAY = ("employee",)  # may still write the log of a day before: that of four working days ago


class OpsDemo(models.AbstractModel):
    _inherit = "ops.demo"

    def _month_scenes(self, today):
        """Return also one scene for each day: all logs of it at once."""
        first = Date.add(today.replace(day=1), months=-MONTHS[0])
        days = self.env.ref("ops_handbook.demo_company")._ops_workdays().between(first, today - DAY)
        back = {day: place for place, day in enumerate(reversed(days), 1)}
        return super()._month_scenes(today) + [(at_hour(day, 17.75, TZ), partial(self._log_day, day, back[day])) for day in days]

    def _log_day(self, day, back):
        """Everybody who has tasks in progress writes how far they are; in one batch, since there are a thousand logs."""
        tasks = self.env["ops.task"].search(
            [("state", "=", "progress"), ("owner_id", "!=", False), ("month_plan_id.state", "in", ("issued", "reported"))], order="id",
        )
        self.env["ops.work.log"].create([
            self._log_values(owner, own, day, back) for owner, own in tasks.grouped("owner_id").items()
            if not self._log_forgotten(owner, day, back) and own[:1].company_id._ops_workdays().is_working(day)
        ])

    def _log_forgotten(self, owner, day, back):
        if owner.login in YESTERDAY:
            return back == 4
        return (day.toordinal() + owner.id) % FORGETFUL.get(owner.login, 23) == 0

    def _log_values(self, owner, tasks, day, back):
        """Return the log of one person and day: some of the tasks, each a little further than before."""
        turn, notes = day.toordinal() + owner.id, NOTES_ABROAD if owner.company_id == self.env.ref("ops_handbook.demo_branch") else NOTES
        shown = (tasks[turn % len(tasks):] | tasks)[:LINES]
        problem, measure = PROBLEMS.get((owner.login, back), (False, False))
        lines = [
            {"task_id": task.id, "progress": self._log_progress(task, day), "note": notes[(turn + task.id) % len(notes)]}
            for task in shown
        ]
        lines[0].update(problem=problem, measure_taken=measure)
        return {"owner_id": owner.id, "date": day, "line_ids": [Command.create(line) for line in lines]}

    def _log_progress(self, task, day):
        first, last = max(task.date_start or day, day.replace(day=1)), task.date_end or Date.end_of(day, "month")
        share = ((day - first).days + 1) / max((last - first).days + 1, 1)
        return max(task.progress, min(95, round(20 * min(share, 1) * SPEEDS[task.id % len(SPEEDS)]) * 5))
