from odoo import models

from ...tools import cells
from ...tools.cells import Unreadable, folded, words
from ...tools.plan_sheets import BREAKDOWN, KEPT, OF_CYCLE, REQUIRED, SHEETS, Item
from ...tools.workbook import Row, plain

# what a many2one of a line names: the sheet, or the way to find it
LINES = {"direction_id": "directions", "kpi_id": "kpis", "goal_id": "goals", "initiative_id": "initiatives"}


class OpsPlanImport(models.AbstractModel):
    """Rows become items: matched with the lines that exist, cell by cell made into values. A cell that says what is there already
    is not looked at, so that an export that nobody changed changes nothing.
    """

    _inherit = "ops.plan.import"

    # -- which line a row speaks of ---------------------------------------------------------------------------------------

    def _match_rows(self, run, sheet):
        items, taken, new = run.items.setdefault(sheet.key, []), {}, {}
        records = self._records(run, sheet.key)
        for row in sheet.rows:
            plan = None if sheet.key in OF_CYCLE else self._department_of(run, sheet, row)
            if plan is None and sheet.key not in OF_CYCLE:
                continue
            item = Item(sheet.key, row.number, row.cells, plan, name=self._name_of(row))
            items.append(item)
            if sheet.key == BREAKDOWN:
                continue
            problem = self._match(item, *records)
            key = item.record or (plan, folded(item.name))
            if not problem and (item.record or item.name):
                problem = None if key not in taken | new else "twice" if item.record else "doubled"
                (taken if item.record else new)[key] = row.number
            if problem:
                self._found_in(run, sheet, row, "id" if problem in ("id",) else "name", self._cell_message(problem))

    def _name_of(self, row):
        text = words(row.cells["name"].value) if "name" in row.cells and not row.cells["name"].broken else None
        return " ".join((plain(text) or "").split())

    def _records(self, run, sheet):
        """Return the existing lines of a sheet by id, and by (department, name)."""
        by_id, by_name = {}, {}
        for record in run.existing.get(sheet, ()):
            plan = None if sheet in OF_CYCLE else record.department_id.id
            by_id[record.id] = (plan, record)
            by_name.setdefault((plan, folded(record.name)), []).append(record.id)
            if sheet == "kpis" and record.code:
                by_name.setdefault((plan, "code", folded(record.code)), []).append(record.id)
        return by_id, by_name

    def _match(self, item, by_id, by_name):
        """Find the record of a row; return the code of what is wrong with it, None when nothing is."""
        given = item.cells.get("id")
        if given and words(given.value):
            try:
                number = cells.number(given.value)
            except Unreadable:
                return "id"
            plan, record = by_id.get(int(number) if number == int(number) else None, (None, None))
            if record is None or plan != item.plan:
                return "id"
            item.record = record.id
            return None
        code = item.cells.get("code")
        found = by_name.get((item.plan, "code", folded(code.value)), []) if code else []
        found = found or by_name.get((item.plan, folded(item.name)), [])
        if len(found) > 1:
            return "same"
        item.record = found[0] if found else None
        return None

    # -- what the cells say -----------------------------------------------------------------------------------------------

    def _convert_rows(self, run):
        """Make values of the cells of all items; what cannot be read is told."""
        exporter = self.env["ops.plan.export"]
        shown = {
            sheet: exporter._cells(sheet, self.env[SHEETS[sheet][0]].browse([item.record for item in items if item.record]))
            for sheet, items in run.items.items() if sheet in SHEETS
        }
        self._load_people(run, {
            plain(words(item.cells["owner_id"].value))
            for sheet, items in run.items.items() for item in items
            if "owner_id" in item.cells and not self._same(item.cells["owner_id"].value, shown[sheet].get(item.record, {}).get("owner_id"))
        })
        for sheet in run.book.sheets:
            for item in run.items[sheet.key]:
                if sheet.key == BREAKDOWN:
                    self._convert_breakdown(run, sheet, item)
                else:
                    self._convert(run, sheet, item, shown[sheet.key].get(item.record))

    def _convert(self, run, sheet, item, shown):
        record = self.env[SHEETS[sheet.key][0]].browse(item.record or ())
        for name in SHEETS[sheet.key][1]:
            if name not in sheet.headings:
                if name in REQUIRED and not record:
                    self._found(run, sheet.key, item.row, record._fields[name]._description_string(self.env), "",
                                self._cell_message("missing"))
                continue
            cell = item.cells.get(name)
            value = cell.value if cell else None
            if shown is not None and self._same(value, shown[name]):
                continue
            try:
                if cell and cell.broken:
                    raise Unreadable("broken")
                self._take(run, item, record, name, value)
            except Unreadable as error:
                options = self._options(sheet.key, name) if error.code == "choice" else ()
                self._found_in(run, sheet, Row(item.row, item.cells), name, self._cell_message(error.code, options))

    def _same(self, value, shown):
        """Tell whether a cell says what an export of the line would say."""
        if isinstance(shown, str) or shown is None:
            if shown and hasattr(value, "isoformat"):
                return False
            return (words(value) or "") == (words(shown) or "")
        if hasattr(shown, "isoformat"):
            return hasattr(value, "isoformat") and words(value) == shown.isoformat()
        if value in (None, ""):
            return not shown
        return isinstance(value, int | float) and abs(value - shown) <= 1e-9 * max(1.0, abs(shown))

    def _take(self, run, item, record, name, value):
        """Put what a cell says into the item's values, unless the line says so already."""
        column = record._fields[name]
        if (words(value) is None) and (name in KEPT or name in REQUIRED):
            if name in REQUIRED:
                raise Unreadable("missing")
            return
        company = (run.plans.get(item.plan) or run.cycle).company_id
        if name in LINES:
            target = self._line(run, LINES[name], self._scope(name, item), value) if words(value) else None
            if target is None or isinstance(target, int):
                item.values[name] = target or False
            else:
                item.refs[name] = target
        else:
            item.values[name] = self._typed(run, item.sheet, column, value, company)
        if record and name in item.values and item.values[name] == column.convert_to_write(record[name], record):
            del item.values[name]

    def _scope(self, name, item):
        return None if LINES[name] in OF_CYCLE else item.plan

    def _typed(self, run, sheet, column, value, company):
        """Return a value of a field from a cell."""
        if column.type == "many2one":
            text = plain(words(value))
            if not text:
                return False
            if column.comodel_name == "res.users":
                return self._person(run, text, company)
            return self._department(run, text) if column.comodel_name == "hr.department" else self._currency(run, text)
        if column.type in ("float", "monetary", "integer"):
            return self._figure(column, value)
        if column.type == "date":
            return cells.day(value, self._month_first()) or False
        if column.type == "selection":
            return cells.choice(value, self._choices(run, sheet, column.name))
        if column.type == "boolean":
            return cells.flag(value)
        text = plain(words(value)) or False
        return " ".join(text.split()) if text and column.type == "char" else text

    def _choices(self, run, sheet, name):
        if (sheet, name) not in run.choices:
            run.choices[sheet, name] = self.env["ops.plan.export"]._choices(sheet, name)
        return run.choices[sheet, name]

    def _figure(self, column, value):
        figure = cells.number(value, self._decimal_comma())
        if figure is None:
            return 0
        if column.type == "integer":
            if figure != int(figure) or abs(figure) > 1_000_000:
                raise Unreadable("whole")
            return int(figure)
        digits = column.get_digits(self.env) if column.type == "float" else None
        if digits and abs(figure) >= 10 ** (digits[0] - digits[1]):
            raise Unreadable("large")
        return round(figure, digits[1]) if digits else figure

    def _month_first(self):
        """Tell how the reader's language writes 3/5/2027; None where that cannot be said."""
        style = self.env["res.lang"]._get_data(code=self.env.lang or "en_US").date_format or ""
        return style.find("%m") < style.find("%d") if "%Y" in style and not style.startswith("%Y") else None

    def _decimal_comma(self):
        return self.env["res.lang"]._get_data(code=self.env.lang or "en_US").decimal_point == ","

    def _options(self, sheet, name):
        if sheet == BREAKDOWN:
            return list(self.env["ops.plan.export"]._kinds().values())
        return [label for _key, label in self.env[SHEETS[sheet][0]]._fields[name]._description_selection(self.env)]
