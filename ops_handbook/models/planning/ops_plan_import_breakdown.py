from odoo import models

from ...tools import cells
from ...tools.cells import Unreadable, words
from ...tools.plan_sheets import BREAKDOWN
from ...tools.workbook import Row


class OpsPlanImport(models.AbstractModel):
    """The sheet of the breakdown: a row for a goal or an initiative, a column for each month."""

    _inherit = "ops.plan.import"

    def _convert_breakdown(self, run, sheet, item):
        """Find whose months a row has, and read them; a row without any is left alone, as is one that says what is there."""
        row, key = Row(item.row, item.cells), "kind"
        try:
            if words(item.cells["kind"].value if "kind" in item.cells else None) is None:
                raise Unreadable("missing")
            kind = cells.choice(item.cells["kind"].value, self._choices(run, BREAKDOWN, "kind"))
            key = "name"
            item.refs["owner"] = self._breakdown_owner(run, item, "goals" if kind == "goal" else "initiatives")
            item.values["owner"] = "ops.plan.goal" if kind == "goal" else "ops.plan.initiative"
        except Unreadable as error:
            self._found_in(run, sheet, row, key, self._cell_message(error.code, self._options(BREAKDOWN, "kind")))
            return
        months = {}
        for key in (key for key in item.cells if key not in ("plan", "id", "kind", "name", "year")):
            try:
                if not key.startswith(str(run.cycle.year)):
                    raise Unreadable("year")
                if item.cells[key].broken:
                    raise Unreadable("broken")
                months[key] = self._month_figure(item.cells[key].value)
            except Unreadable as error:
                message = self.env._("This month lies outside %(year)s, the year of the plan. Take the column out.",
                                     year=run.cycle.year) if error.code == "year" else self._cell_message(error.code)
                self._found_in(run, sheet, row, key, message)
        item.values["months"] = {key: value for key, value in months.items() if value is not None}

    def _month_figure(self, value):
        return cells.number(value, self._decimal_comma())

    def _breakdown_owner(self, run, item, sheet):
        """Return whose months these are: by the ID of the export where it is there, otherwise by the name."""
        given = item.cells.get("id")
        if given and words(given.value):
            number = cells.number(given.value)
            if number != int(number) or run.places.get((sheet, int(number)), 0) != item.plan:
                raise Unreadable("id")
            return int(number)
        if not item.name:
            raise Unreadable("missing")
        return self._line(run, sheet, item.plan, item.name)

    def _write_breakdown(self, run):
        """Write the months of all rows that say something else than what is there."""
        items = [item for item in run.items.get(BREAKDOWN, []) if item.values.get("months")]
        for model in ("ops.plan.goal", "ops.plan.initiative"):
            rows = [item for item in items if item.values["owner"] == model and self._resolved(item.refs["owner"])]
            changed = [
                item for item in rows
                if self._differs(run.months.get((model, self._resolved(item.refs["owner"])), {}), item.values["months"])
            ]
            allowed = self._filtered_breakdown(run, changed)
            self._attempt(run, allowed, lambda chosen, model=model: self._put_months(model, chosen), model)
            run.updated += len(allowed)

    def _differs(self, before, months):
        """Tell whether a row says something else than the months did when the import began."""
        return any(month not in before or abs(before[month] - value) > 1e-9 for month, value in months.items())

    def _filtered_breakdown(self, run, items):
        """Return the rows whose plan is open to the current user for its breakdown; the others are told."""
        plans = self.env["ops.plan"].union(*(run.plans[item.plan] for item in items))
        is_open = set(plans._filtered_breakdown_open().ids)
        for item in items:
            if run.plans[item.plan].id not in is_open:
                self._found(run, BREAKDOWN, item.row, "", item.name, self.env._(
                    "The breakdown of %(plan)s is not open to you now. After the release only a change request changes it.",
                    plan=run.plans[item.plan].display_name,
                ))
        return [item for item in items if run.plans[item.plan].id in is_open]

    def _put_months(self, model, items):
        owners = {self._resolved(item.refs["owner"]): item.values["months"] for item in items}
        self.env[model].browse(owners)._put_breakdowns(owners)
