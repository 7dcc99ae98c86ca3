from odoo import Command, models

from ...tools import cells
from ...tools.cells import Unreadable, folded, words
from ...tools.month_days import near, span
from ...tools.month_plan_sheet import COLUMNS, DATES, DEPARTMENT, KEPT, KIND, pieces
from ...tools.workbook import plain

LARGEST_WEIGHT = 10_000  # what the column can hold
READ = (*(key for key in COLUMNS if key not in ("name", "owner_id")), DATES, KIND, DEPARTMENT)


class OpsMonthPlanImport(models.AbstractModel):
    """The cells of a row as values of a task. A cell that says what an export would say is not looked at."""

    _inherit = "ops.month.plan.import"

    def _convert_item(self, run, item):
        """Put what the row says, and the task does not say yet, into ``item.values``."""
        task = self.env["ops.task"].browse(item.record or ())
        said, shown = {}, run.shown.get(item.record, {})
        if item.name and not (task and item.name == self._plain_line(shown["name"])):
            said["name"] = item.name
        if item.owner and item.owner != task.owner_id.id:
            said["owner_id"] = item.owner
        for key in (key for key in READ if key in item.table.headings):
            cell = item.cells.get(key)
            if shown and key in shown and self._same(cell.value if cell else None, shown[key]):
                continue
            if not cell or (not cell.broken and words(cell.value) is None):
                said |= self._emptied(item, key)
            else:
                said |= self._taken(run, item, key, lambda key=key, cell=cell: self._read_cell(run, item, key, cell)) or {}
        if "owner_id" in item.table.headings and "owner_id" not in item.cells:
            said |= self._emptied(item, "owner_id")
        self._settle_link(run, item, task, said)
        self._check_days(run, item, task, said)
        self._keep_changes(run, item, task, said)

    def _plain_line(self, text):
        return " ".join((plain(words(text)) or "").split())

    def _emptied(self, item, key):
        """An empty cell leaves what is there; where the row names the task by its ID it empties the field."""
        if not item.exact or key in KEPT or key not in COLUMNS:
            return {}
        return {key: [Command.set([])] if key == "helper_ids" else False}

    def _read_cell(self, run, item, key, cell):
        """Return the values that a cell stands for: dict.

        :raise Unreadable: with a code that :meth:`_cell_message` puts into words
        """
        if cell.broken:
            raise Unreadable("broken")
        if key in ("deliverable", "description"):
            text = plain(words(cell.value))
            return {key: " ".join(text.split()) if key == "deliverable" else text}
        if key in ("date_start", "date_end", DATES):
            return self._read_days(run, key, cell)
        if key == "weight":
            return {key: self._read_weight(run, cell)}
        return getattr(self, f"_read_{key}")(run, item, cell.value)

    # -- days, figures, choices -----------------------------------------------------------------------------------------

    def _read_days(self, run, key, cell):
        month = run.plan.month
        if key != DATES:
            return {key: near(cell.value, month, run.month_first, cell.yearless, last=key == "date_end")}
        start, end = span(cell.value, month, run.month_first, cell.yearless)
        return {name: day for name, day in (("date_start", start), ("date_end", end)) if day}

    def _scale_weights(self, run):
        """Weights that are parts of one (0.3) are meant as percent."""
        figures = []
        for item in run.items:
            cell = item.cells.get("weight")
            if cell and words(cell.value) is not None:
                if not isinstance(cell.value, int | float) or isinstance(cell.value, bool):
                    return
                figures.append(cell.value / cell.span)
        if len(figures) > 1 and all(0 <= figure < 1 for figure in figures) and 0.99 <= sum(figures) <= 1.01:
            run.weight_scale = 100.0

    def _read_weight(self, run, cell):
        """A weight that is merged over several tasks is theirs together."""
        figure = cells.number(cell.value, self._decimal_comma())
        if figure < 0 or figure * run.weight_scale >= LARGEST_WEIGHT:
            raise Unreadable("weight")
        return round(figure * run.weight_scale / cell.span, 2)

    def _read_choice(self, run, key, value):
        if key not in run.choices:
            run.choices[key] = self.env["ops.month.plan.export"]._choices(key)
        try:
            return cells.choice(value, run.choices[key])
        except Unreadable as error:
            error.options = list(self.env["ops.month.plan.export"]._options(key).values())
            raise

    def _read_priority(self, run, _item, value):
        return {"priority": self._read_choice(run, "priority", value)}

    def _read_is_routine(self, run, _item, value):
        return {"is_routine": self._read_choice(run, "is_routine", value) == "yes"}

    def _read_asks_evidence(self, run, _item, value):
        return {"asks_evidence": self._read_choice(run, "asks_evidence", value) == "yes"}

    def _read_kind(self, run, _item, value):
        """A column of kinds: what is called routine is; every other kind is the department's own word for it."""
        try:
            return {"is_routine": True} if self._read_choice(run, "is_routine", value) == "yes" else {}
        except Unreadable:
            return {}

    # -- names ------------------------------------------------------------------------------------------------------------

    def _read_job_id(self, run, _item, value):
        found = run.jobs.get(folded(plain(words(value))), [])
        if len(found) != 1:
            raise Unreadable("jobs" if found else "job")
        return {"job_id": found[0]}

    def _read_helper_ids(self, run, item, value):
        people = [self._person(run, text, run.plan.company_id) for text in self._split_names(run, plain(words(value)))]
        return {"helper_ids": [Command.set([person for person in dict.fromkeys(people) if person != item.owner])]}

    def _split_names(self, run, text):
        """Return the names in a cell; blanks set names apart only where the whole is nobody's name."""
        for piece in pieces(text):
            parts = piece.split()
            if len(parts) > 1 and not self._people(run, piece) and all(self._people(run, part) for part in parts):
                yield from parts
            else:
                yield piece

    def _read_initiative_id(self, run, item, value):
        """An initiative by name or number; what is called routine there is no initiative."""
        text = plain(words(value))
        found = self._initiatives(run, text)
        if not found and "is_routine" not in item.cells:
            routine = self._read_kind(run, item, text)
            if routine:
                return routine
        if len(found) != 1:
            raise Unreadable("initiatives" if found else "initiative")
        return {"initiative_id": found[0]}

    def _read_consent_department_id(self, run, _item, value):
        department = self._department(run, plain(words(value)))
        if department == run.plan.department_id.id:
            raise Unreadable("own_department")
        return {"consent_department_id": department}
