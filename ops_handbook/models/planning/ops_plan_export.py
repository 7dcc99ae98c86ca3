import io

import xlsxwriter

from odoo import api, models

from ...tools.cells import folded
from ...tools.plan_sheets import (
    BREAKDOWN,
    CHOICES,
    OF_CYCLE,
    OF_PLAN,
    REQUIRED,
    SHEET_WORDS,
    SHEETS,
    chinese,
    heading_keys,
)
from ...tools.workbook import shown, write_cell

WIDTHS = {"char": 30, "text": 45, "many2one": 22, "selection": 14, "date": 12, "float": 12, "monetary": 14, "integer": 9,
          "boolean": 9}
# choices are shown below each other in this many rows under the last line
ROOM = 500


class OpsPlanExport(models.AbstractModel):
    """The workbook of annual plans: one sheet for each part, in the reader's language; what it holds can be imported again."""

    _name = "ops.plan.export"
    _description = "Workbook of Annual Plans"

    # -- headings -------------------------------------------------------------------------------------------------------

    @api.model
    def _titles(self):
        """Return the titles of the sheets in the current language: dict by key."""
        return {
            "directions": self.env._("Directions"),
            "kpis": self.env._("KPIs"),
            "goals": self.env._("Goals"),
            "initiatives": self.env._("Initiatives"),
            "milestones": self.env._("Milestones"),
            "resources": self.env._("Resources"),
            "risks": self.env._("Risks"),
            BREAKDOWN: self.env._("Breakdown"),
            "notes": self.env._("Notes"),
        }

    @api.model
    def _labels(self, sheet, year=None):
        """Return the labels of a sheet's columns, the one to show first: dict key → texts."""
        own = {"plan": [self.env._("Department"), "Department"]} if sheet not in OF_CYCLE else {}
        own["id"] = ["ID"]
        if sheet == BREAKDOWN:
            return {
                **own,
                "kind": [self.env._("Kind"), "Kind"],
                "name": [self.env._("Goal or Initiative"), "Goal or Initiative", "Name"],
                "year": [self.env._("Year (for information)"), "Year"],
                **{f"{year}-{number:02}": [f"{year}-{number:02}"] for number in range(1, 13) if year},
            }
        model, names = SHEETS[sheet]
        columns = self.env[model]._fields
        labels = {name: [columns[name]._description_string(self.env), columns[name].string] for name in names}
        labels["name"] += [self.env[model]._description, "Name"]
        return {**own, **labels}

    @api.model
    def _heading_keys(self, sheet, year):
        """Return what may stand over the columns of a sheet, in any language that is installed: folded heading → key."""
        labels = self._labels(sheet, year)
        for other in self._in_languages():
            for key, texts in other._labels(sheet, year).items():
                labels[key] = [*labels[key], *texts]
        return heading_keys(labels, sheet)

    @api.model
    def _in_languages(self):
        """Return this model once for each installed language: a colleague's workbook may be in another one."""
        return [self.with_context(lang=code) for code, _name in self.env["res.lang"].get_installed()]

    @api.model
    def _sheet_keys(self):
        """Return what a sheet may be called: folded title → key."""
        result = {}
        for titles in (self._titles(), *(other._titles() for other in self._in_languages())):
            for key, title in titles.items():
                for text in (title, key, *SHEET_WORDS.get(key, "").split()):
                    result.setdefault(folded(text), key)
        return result

    @api.model
    def _choices(self, sheet, name):
        """Return what may be written for a choice: folded word → key."""
        result = chinese(CHOICES.get((sheet, name)) or CHOICES.get((SHEETS.get(sheet, [sheet])[0], name)) or {})
        for other in self._in_languages():
            if sheet == BREAKDOWN:
                labels = other._kinds().items()
            else:
                labels = self.env[SHEETS[sheet][0]]._fields[name]._description_selection(other.env)
            for key, label in labels:
                result[folded(label)] = key
                result.setdefault(folded(key), key)
        return result

    @api.model
    def _kinds(self):
        return {"goal": self.env._("Goal"), "initiative": self.env._("Initiative")}

    # -- cells ----------------------------------------------------------------------------------------------------------

    @api.model
    def _cells(self, sheet, records):
        """Return how records stand in a sheet: dict record id → dict of values by column.

        :param str sheet: key of the sheet
        :param records: of the sheet's model
        """
        names = SHEETS[sheet][1]
        people = self._person_labels(records.mapped("owner_id")) if "owner_id" in names else {}
        choices = {
            name: dict(records._fields[name]._description_selection(self.env))
            for name in names if records._fields[name].type == "selection"
        }
        return {
            record.id: {name: self._cell(record, name, people, choices) for name in names} for record in records
        }

    def _cell(self, record, name, people, choices):
        value, kind = record[name], record._fields[name].type
        if name == "owner_id":
            return people.get(value.id, "")
        if kind == "many2one":
            # sudo: whoever reads the line reads what it names
            return shown(value.sudo()["complete_name" if value._name == "hr.department" else "name"] or "")
        if kind == "selection":
            return choices[name].get(value, "")
        if kind == "boolean":
            return self.env._("Yes") if value else self.env._("No")
        return shown(value or "") if kind in ("char", "text") else value or (None if kind == "date" else 0)

    def _person_labels(self, users):
        """Return by what each of ``users`` is found again: the name, or the login where two bear the name."""
        users_sudo = users.sudo()  # sudo: names of those who are named in what one reads
        found = users_sudo.with_context(active_test=False).search_fetch(
            [("name", "in", list(set(users_sudo.mapped("name"))))], ["name", "login"]
        )
        count = {}
        for user in found:
            count[user.name] = count.get(user.name, 0) + 1
        return {user.id: shown(user.name if count.get(user.name, 0) < 2 else user.login) for user in users_sudo}

    @api.model
    def _lines(self, sheet, cycle, plans):
        """Return the lines of a sheet that the current user reads, plan by plan, in their order."""
        model, names = SHEETS[sheet]
        if sheet in OF_CYCLE:
            return self.env[model].search_fetch([("cycle_id", "=", cycle.id)], [*names, "cycle_id"])
        lines = self.env[model].search_fetch([("plan_id", "in", plans.ids)], [*names, "plan_id", "department_id"])
        place = {plan_id: index for index, plan_id in enumerate(plans.ids)}
        return lines.sorted(lambda line: place[line.plan_id.id])

    @api.model
    def _breakdown_values(self, records):
        """Return the months of goals or initiatives: dict record id → dict month → value."""
        owner = "goal_id" if records._name == "ops.plan.goal" else "initiative_id"
        result = {}
        for target in self.env["ops.plan.target"].search_fetch([(owner, "in", records.ids)], [owner, "month", "value"]):
            result.setdefault(target[owner].id, {})[target.month] = target.value
        return result

    # -- the file -------------------------------------------------------------------------------------------------------

    @api.model
    def _workbook(self, cycle, plans, whole=False):
        """Return the workbook of these plans as bytes.

        :param whole: the cycle's: directions and indicators as well, and a column that names the department
        """
        target = io.BytesIO()
        book = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
        titles = self._titles()
        for sheet in (*(OF_CYCLE if whole else ()), *OF_PLAN):
            self._write_sheet(book, sheet, titles[sheet], self._rows(sheet, cycle, plans, whole), whole)
        self._write_sheet(book, BREAKDOWN, titles[BREAKDOWN], self._breakdown_rows(cycle, plans), whole, cycle.year)
        self._write_notes(book, titles["notes"], cycle, whole)
        book.close()
        return target.getvalue()

    def _rows(self, sheet, cycle, plans, whole):
        lines = self._lines(sheet, cycle, plans)
        cells = self._cells(sheet, lines)
        return [
            {"id": line.id, **({} if sheet in OF_CYCLE else {"plan": self._department_label(line)}), **cells[line.id]}
            for line in lines
        ]

    def _department_label(self, line):
        return shown(line.department_id.sudo().complete_name)  # sudo: the department of what one reads

    def _breakdown_rows(self, cycle, plans):
        kinds, rows = self._kinds(), []
        for kind, sheet in (("goal", "goals"), ("initiative", "initiatives")):
            lines = self._lines(sheet, cycle, plans)
            values = self._breakdown_values(lines)
            rows += [
                {
                    "id": line.id, "plan": self._department_label(line), "kind": kinds[kind], "name": shown(line.name),
                    "year": line.target if kind == "goal" else 100, **values.get(line.id, {}),
                }
                for line in lines if kind == "initiative" or line.kpi_id or line.target
            ]
        place = {plan: index for index, plan in enumerate(dict.fromkeys(row["plan"] for row in rows))}
        return sorted(rows, key=lambda row: place[row["plan"]])

    def _write_sheet(self, book, sheet, title, rows, whole, year=None):
        """Write a sheet: headings that stay in view, one row a line, lists to choose from."""
        labels = {key: texts[0] for key, texts in self._labels(sheet, year).items() if whole or key != "plan"}
        page = book.add_worksheet(title[:31])
        head = book.add_format({"bold": True, "bg_color": "#E9ECEF", "border": 1, "text_wrap": True, "valign": "top"})
        quiet, text = book.add_format({"font_color": "#6C757D"}), book.add_format({"text_wrap": True, "valign": "top"})
        date = book.add_format({"num_format": "yyyy-mm-dd", "align": "left", "valign": "top"})
        columns = self.env[SHEETS[sheet][0]]._fields if sheet in SHEETS else {}
        for index, (key, label) in enumerate(labels.items()):
            kind = columns[key].type if key in columns and key != "id" else "char" if key in ("plan", "name") else "float"
            page.set_column(index, index, 8 if key == "id" else WIDTHS[kind], date if kind == "date" else None)
            page.write_string(0, index, f"{label} *" if key in REQUIRED | {"plan"} else label, head)
            self._write_choices(page, index, sheet, key, kind, len(rows))
            for line, row in enumerate(rows, 1):
                write_cell(page, line, index, row.get(key), {"date": date, "id": quiet}.get("id" if key == "id" else kind, text))
        page.freeze_panes(1, 0)
        page.autofilter(0, 0, max(len(rows), 1), len(labels) - 1)

    def _write_choices(self, page, index, sheet, key, kind, count):
        words = None
        if sheet == BREAKDOWN and key == "kind":
            words = list(self._kinds().values())
        elif kind == "selection":
            words = [label for _key, label in self.env[SHEETS[sheet][0]]._fields[key]._description_selection(self.env)]
        elif kind == "boolean":
            words = [self.env._("Yes"), self.env._("No")]
        if words:
            page.data_validation(1, index, count + ROOM, index, {"validate": "list", "source": words})

    def _write_notes(self, book, title, cycle, whole):
        page = book.add_worksheet(title[:31])
        page.set_column(0, 0, 110, book.add_format({"text_wrap": True, "valign": "top"}))
        for line, text in enumerate(self._notes(cycle, whole)):
            page.write_string(line, 0, shown(text))

    def _notes(self, cycle, whole):
        """Return what whoever fills in the workbook has to know."""
        notes = [
            cycle.name or "",
            self.env._("Fill in the sheets and import the file again: from the plan, or from the cycle for all departments."),
            self.env._("A row with an ID changes that line. A row without one changes the line of that name, or adds one."),
            self.env._("Columns with * must be filled in. An empty cell empties the field; a column that you take out stays as it is."),
            self.env._("Nothing is deleted unless you tick that. When one row is wrong nothing is imported."),
            self.env._("Dates as dates, or like 2027-03-31. Figures may have separators and %."),
            self.env._("People by name, login or e-mail; departments, directions, indicators, goals and initiatives by name."),
            self.env._("Breakdown: the months of a goal add up to its year where the indicator is additive; those of an "
                       "initiative to 100 percent."),
        ]
        return [*notes, self.env._("In this workbook the column Department says whose plan a row belongs to.")] if whole else notes

    @api.model
    def _import_action(self, context):
        """Return the action that opens the import."""
        return {
            "type": "ir.actions.act_window", "name": self.env._("Import Annual Plans"), "res_model": "ops.plan.import.wizard",
            "views": [(False, "form")], "target": "new", "context": {**context, "dialog_size": "extra-large"},
        }

    @api.model
    def _template(self, sheet):
        """Return an empty workbook with one sheet for Odoo's own import, as bytes: headings that it recognises."""
        model, names = SHEETS[sheet]
        columns, owner = self.env[model]._fields, "cycle_id" if sheet in OF_CYCLE else "plan_id"
        target = io.BytesIO()
        book = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False})
        page = book.add_worksheet(self._titles()[sheet][:31])
        head = book.add_format({"bold": True, "bg_color": "#E9ECEF", "border": 1})
        for index, name in enumerate((owner, *names)):
            page.set_column(index, index, WIDTHS[columns[name].type])
            page.write_string(0, index, columns[name]._description_string(self.env), head)
        page.freeze_panes(1, 0)
        book.close()
        return target.getvalue()

