from odoo import fields, models

from ...tools.progress import planned_share
from ...tools.recurrence import period_bounds, previous_period
from ..planning.ops_progress_report import HANDED_IN


class OpsPlanInitiative(models.Model):
    """The tasks by which an initiative is carried out."""

    _inherit = "ops.plan.initiative"

    task_ids = fields.One2many("ops.task", "initiative_id", string="Tasks", readonly=True)

    def _map_tasks(self):
        """Return the tasks of these initiatives for the strategy map: dict id → list of dicts, as far as one may read them."""
        result = {initiative.id: [] for initiative in self}
        for task in self.env["ops.task"].search([("initiative_id", "in", self.ids), ("state", "!=", "cancelled")]):
            result[task.initiative_id.id].append({
                "model": task._name, "id": task.id, "name": task.name, "progress": task.progress,
                "state": " · ".join(filter(None, [task.period, task._state_label(task.state)])),
            })
        return result

    def _progress_by_month(self, until):
        """Return how far the tasks of each month are, by weight: dict initiative id → dict month → percent."""
        tasks = self.env["ops.task"].search_fetch(
            [("initiative_id", "in", self.ids), ("period", "<=", until), ("state", "!=", "cancelled"),
             ("month_plan_id.state", "in", ("issued", "reported", "closed"))],
            ["initiative_id", "period", "progress", "weight", "carried_from_id"], order="period, id",
        )
        now, known = {}, set(tasks.ids)
        for task in tasks:  # those of later months come last: what was carried over says how far the first one is by now
            first, seen = task, set()
            while first.carried_from_id.id in known and first.id not in seen:
                seen.add(first.id)
                first = first.carried_from_id
            now[first.id] = task.progress
        sums = {}
        for task in tasks.browse(now):
            total = sums.setdefault(task.initiative_id.id, {}).setdefault(task.period, [0.0, 0.0])
            total[0] += (task.weight or 1.0) * now[task.id]
            total[1] += task.weight or 1.0
        return {
            initiative: {month: done / whole for month, (done, whole) in months.items()} for initiative, months in sums.items()
        }

    def _reported_by_month(self, before):
        """Return what reports of earlier months said: dict initiative id → dict month → percent done of the whole."""
        # sudo: as much as the report that is filled in would say
        lines_sudo = self.env["ops.progress.report.line"].sudo().search_fetch([
            ("initiative_id", "in", self.ids), ("period", "<", before), ("report_id.state", "in", HANDED_IN),
        ], ["initiative_id", "period", "progress"])
        found = {}
        for line in lines_sudo:
            found.setdefault(line.initiative_id.id, {})[line.period] = line.progress
        return found

    def _done_until(self, period, progress, reported=None):
        """Return the percent of the whole that is done by the end of a month; None when no task says anything.

        :param progress: dict month → percent, of the tasks of each month
        :param reported: dict month → percent, what reports said: what counts from before the first month with tasks
        """
        known = {month: done for month, done in progress.items() if month <= period}
        if not known:
            return None
        before = max((month for month in reported or () if month < min(known)), default=None)
        base = reported[before] if before else 0.0
        shares = {month: self._share_of(month) for month in known}
        if None in shares.values():
            return None
        return round(min(100.0, base + sum(shares[month] * known[month] / 100.0 for month in known)), 2)

    def _share_of(self, month):
        """Return which part of the initiative a month is, in percent; None when neither breakdown nor dates say."""
        if self.target_ids:
            return sum(target.value for target in self.target_ids if target.month == month)
        before, after = (
            planned_share(self.date_start, self.date_end, period_bounds(key)[1]) for key in (previous_period(month), month)
        )
        return None if after is None else after - (before or 0.0)
