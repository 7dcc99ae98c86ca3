from odoo import models
from odoo.tools.misc import format_date

from ...tools import token
from ...tools.cells import words
from ...tools.month_plan_sheet import DATES


class _UndoneError(Exception):
    """Takes back what was written."""


class OpsMonthPlanImport(models.AbstractModel):
    """What a row changes, and writing it: all tasks together, or none."""

    _inherit = "ops.month.plan.import"

    def _settle_link(self, run, item, task, said):
        """A task has an initiative, a source or is routine: what the row says takes the place of what the plan had."""
        linked, routine = said.get("initiative_id"), said.get("is_routine")
        if linked and routine:
            self._found_cell(run, item, "is_routine" if "is_routine" in item.cells else "initiative_id", "both")
        elif (linked or routine) and task.source_id:
            self._found_cell(run, item, "initiative_id" if linked else "is_routine", "source")
        elif linked and task.is_routine:
            said["is_routine"] = False
        elif routine and task.initiative_id:
            said["initiative_id"] = False

    def _check_days(self, run, item, task, said):
        """The end lies after the start, and both touch the month."""
        if not {"date_start", "date_end"} & set(said):
            return
        key = next((name for name in ("date_end", DATES, "date_start") if name in item.cells), "date_end")
        start, end = said.get("date_start", task.date_start), said.get("date_end", task.date_end)
        if start and end and end < start:
            self._found_cell(run, item, key, "order")
        elif (start and start > run.plan._last_day()) or (end and end < run.plan.month):
            self._found_cell(run, item, key, "outside")

    def _keep_changes(self, run, item, task, said):
        """Keep what differs from the task, and say what becomes of the row."""
        item.values = {name: value for name, value in said.items() if not task or self._differs_from(task, name, value)}
        if not task:
            item.what = "new"
        elif run.leave:
            item.what, item.values = "left", {}
        else:
            item.what = "changed" if item.values else "same"
            item.before = {name: run.shown[task.id].get(name) for name in item.values}

    def _differs_from(self, task, name, value):
        if name == "helper_ids":
            return set(value[0][2]) != set(task.sudo().helper_ids.ids)  # sudo: compared, not shown
        return value != task._fields[name].convert_to_write(task[name], task)

    # -- in words -------------------------------------------------------------------------------------------------------

    def _item_in_words(self, item):
        """Return what becomes of a row beside its name and owner: one text."""
        if item.what == "new" and item.namesake:
            return self.env._(
                "%(owner)s has a task of this name on the plan already. This adds another one.", owner=item.namesake
            )
        labels = {key: texts[0] for key, texts in self.env["ops.month.plan.export"]._labels().items()}
        return "; ".join(
            self.env._(
                "%(field)s: %(before)s → %(after)s", field=labels.get(name, name), before=self._said(item.before.get(name)),
                after=self._said(self._after(item, name)),
            )
            for name in item.values if name in item.before
        )

    def _after(self, item, name):
        value = item.values[name]
        if name in ("date_start", "date_end", "weight", "name") or not value:
            return value
        if name == "owner_id":
            return item.owner_name
        return item.cells[name].value if name in item.cells else self.env._("Yes")

    def _said(self, value):
        if hasattr(value, "isoformat"):
            return format_date(self.env, value)
        return (words(value) if value is not False else None) or "–"

    # -- writing --------------------------------------------------------------------------------------------------------

    def _write_items(self, run, dry):
        """Write everything, or nothing; what the ORM refuses is traced to its rows."""
        new = [item for item in run.items if item.what == "new"]
        changed = [item for item in run.items if item.what == "changed"]
        try:
            with self.env.cr.savepoint():
                self._attempt(run, new, lambda chosen: self._create_tasks(run, chosen), "ops.task")
                self._attempt(run, changed, self._update_tasks, "ops.task")
                if run.findings or dry:
                    raise _UndoneError
        except _UndoneError:
            return

    def _create_tasks(self, run, items):
        records = self.env["ops.task"].create([{"month_plan_id": run.plan.id, **item.values} for item in items])
        for item, record in zip(items, records, strict=True):
            item.record, item.is_made = record.id, True

    def _update_tasks(self, items):
        """Write the tasks with the rights of the user; their versions grow together, not in a statement for each."""
        tasks = self.env["ops.task"].browse([item.record for item in items])
        tasks._check_links([item.values for item in items])  # of all rows together: what a row asks for below is read by then
        for item, task in zip(items, token.marked(tasks), strict=True):  # the token saves the version and what follows from
            task.write(item.values)  # consent for below; access is asked as ever, and no protected field is among the columns
        tasks._grow_version()
        asking = [item.record for item in items if "consent_department_id" in item.values]
        tasks.browse(asking)._consent_changed()
