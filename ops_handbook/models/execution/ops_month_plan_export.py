import io

import xlsxwriter

from odoo import api, models

from ...tools.cells import folded
from ...tools.month_plan_sheet import COLUMNS, ID, choices, heading_keys
from ...tools.workbook import shown, write_cell

WIDTHS = {
    "name": 34, "deliverable": 34, "owner_id": 16, "job_id": 16, "helper_ids": 20, "initiative_id": 26, "description": 34,
    "consent_department_id": 18, "date_start": 12, "date_end": 12,
}
ROOM = 500  # rows below the last task in which choices are offered


class OpsMonthPlanExport(models.AbstractModel):
    """The breakdown of a month as a workbook, in the reader's language; what it holds can be imported again."""

    _name = "ops.month.plan.export"
    _description = "Workbook of Month Plans"

    # -- headings and choices -------------------------------------------------------------------------------------------

    @api.model
    def _labels(self):
        """Return the labels of the columns in the current language and in English: dict key → texts."""
        columns = self.env["ops.task"]._fields
        return {
            **{name: [columns[name]._description_string(self.env), columns[name].string] for name in COLUMNS},
            ID: [self.env._("Task ID"), "Task ID"],
        }

    @api.model
    def _in_languages(self):
        return [self.with_context(lang=code) for code, _name in self.env["res.lang"].get_installed()]

    @api.model
    def _heading_keys(self):
        """Return what may stand over the columns, in any language that is installed: folded heading → key."""
        labels = self._labels()
        for other in self._in_languages():
            for key, texts in other._labels().items():
                labels[key] = [*labels[key], *texts]
        return heading_keys(labels)

    @api.model
    def _choices(self, name):
        """Return what may be written for a choice: folded word → key."""
        result = choices(name)
        for other in self._in_languages():
            for key, label in other._options(name).items():
                result[folded(label)] = key
        return result

    @api.model
    def _options(self, name):
        """Return the choices of a column by their labels: dict key → text."""
        if name == "priority":
            return dict(self.env["ops.task"]._fields["priority"]._description_selection(self.env))
        return {"yes": self.env._("Yes"), "no": self.env._("No")}

    @api.model
    def _left_alone(self):
        """Return the titles of sheets that are ours, and that an import leaves alone: folded."""
        return {folded(title) for other in (self, *self._in_languages()) for title in other._titles().values()} - {
            folded(other._titles()["tasks"]) for other in (self, *self._in_languages())
        }

    @api.model
    def _titles(self):
        return {"tasks": self.env._("Tasks"), "examples": self.env._("Examples"), "notes": self.env._("Notes")}

    # -- cells ----------------------------------------------------------------------------------------------------------

    @api.model
    def _shown(self, tasks):
        """Return how tasks stand in the workbook: dict task id → dict of values by column."""
        people = self.env["ops.plan.export"]._person_labels(tasks.owner_id | tasks.sudo().helper_ids)  # sudo: named in what one reads
        priorities = self._options("priority")
        return {task.id: self._shown_task(task, people, priorities) for task in tasks}

    def _shown_task(self, task, people, priorities):
        task_sudo = task.sudo()  # sudo: whoever reads the task reads what it names
        yes_no = self._options("is_routine")
        return {
            ID: task.id,
            **{name: shown(task_sudo[name] or "") for name in ("name", "deliverable", "description")},
            "owner_id": people.get(task_sudo.owner_id.id, ""),
            "job_id": shown(task_sudo.job_id.name or ""),
            "helper_ids": ", ".join(people[user.id] for user in task_sudo.helper_ids),
            "date_start": task.date_start or None,
            "date_end": task.date_end or None,
            "priority": priorities.get(task.priority, ""),
            "weight": task.weight,
            "initiative_id": shown(task_sudo.initiative_id.name or ""),
            "consent_department_id": shown(task_sudo.consent_department_id.complete_name or ""),
            **{name: yes_no["yes" if task[name] else "no"] for name in ("is_routine", "asks_evidence")},
        }

    # -- the files ------------------------------------------------------------------------------------------------------

    @api.model
    def _workbook(self, plan):
        """Return the tasks of a month plan that the current user reads, as a workbook (bytes); withdrawn ones are left out."""
        tasks = self.env["ops.task"].search([("month_plan_id", "=", plan.id), ("state", "!=", "cancelled")])
        cells = self._shown(tasks)
        return self._file(shown(plan.display_name), [cells[task.id] for task in tasks])

    @api.model
    def _template(self):
        """Return an empty workbook with examples (bytes)."""
        return self._file("", [], self._examples())

    def _file(self, title, rows, examples=()):
        target = io.BytesIO()
        book = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
        styles = {
            "head": book.add_format({"bold": True, "bg_color": "#E9ECEF", "border": 1, "text_wrap": True, "valign": "top"}),
            "text": book.add_format({"text_wrap": True, "valign": "top"}),
            "date": book.add_format({"num_format": "yyyy-mm-dd", "align": "left", "valign": "top"}),
            "id": book.add_format({"font_color": "#6C757D", "valign": "top"}),
        }
        titles = self._titles()
        self._write_sheet(book, titles["tasks"], rows, styles)
        if examples:
            self._write_sheet(book, titles["examples"], examples, styles)
        page = book.add_worksheet(titles["notes"][:31])
        page.set_column(0, 0, 110, styles["text"])
        for line, text in enumerate([*filter(None, [title]), *self._notes()]):
            page.write_string(line, 0, text)
        book.close()
        return target.getvalue()

    def _write_sheet(self, book, title, rows, styles):
        """Write a sheet: headings that stay in view, a row for each task, lists to choose from."""
        page = book.add_worksheet(title[:31])
        for index, key in enumerate(keys := [*COLUMNS, ID]):
            label = self._labels()[key][0]
            page.set_column(index, index, WIDTHS.get(key, 10), styles["date"] if key.startswith("date_") else None)
            page.write_string(0, index, f"{label} *" if key == "name" else label, styles["head"])
            if key in ("priority", "is_routine", "asks_evidence"):
                words = list(self._options(key).values())
                page.data_validation(1, index, len(rows) + ROOM, index, {"validate": "list", "source": words})
            for line, row in enumerate(rows, 1):
                write_cell(page, line, index, row.get(key), styles["date" if key.startswith("date_") else "id" if key == ID else "text"])
        page.freeze_panes(1, 1)
        page.autofilter(0, 0, max(len(rows), 1), len(keys) - 1)

    def _examples(self):
        """Return rows as somebody might fill them in."""
        yes_no, priorities = self._options("is_routine"), self._options("priority")
        return [
            {
                "name": self.env._("Order the packaging line"), "deliverable": self.env._("The contract is signed"),
                "owner_id": self.env._("Anna Example"), "helper_ids": self.env._("Ben Example, Cleo Example"),
                "date_start": "3/5", "date_end": "3/20", "priority": priorities["1"], "weight": 30,
                "initiative_id": self.env._("New packaging line"), "is_routine": yes_no["no"],
                "consent_department_id": self.env._("Purchasing"), "asks_evidence": yes_no["yes"],
            },
            {
                "name": self.env._("Weekly inspection of the hall"), "deliverable": self.env._("A signed sheet for each week"),
                "job_id": self.env._("Shift supervisor"), "date_end": "3/31", "priority": priorities["2"], "weight": 10,
                "is_routine": yes_no["yes"], "asks_evidence": yes_no["no"],
                "description": self.env._("A post instead of an owner: whoever holds it"),
            },
        ]

    def _notes(self):
        """Return what whoever fills in the workbook has to know."""
        return [
            self.env._("Any workbook will do: columns in any order, title rows above the headings, merged cells and columns that "
                       "are not ours. Hidden sheets and the sheet with the examples are not read."),
            self.env._("A task is recognised by its Task ID, otherwise by its name and owner. What the plan has already is "
                       "changed or left, as you choose; a preview shows what would happen, row by row."),
            self.env._("When one row is wrong nothing is imported; all errors are listed with row and column."),
            self.env._("Owner and co-workers: name, employee number, login or e-mail. Several co-workers are set apart by commas."),
            self.env._("Dates: as dates, or like 2027-03-05, 3/5 or 3月5日. The year is the plan's."),
            self.env._("Weight: a figure or percent. Routine: Yes or No. Priority: High, Medium or Low."),
            self.env._("Initiative: its name, or its number in the department's annual plan."),
            self.env._("An empty cell leaves what is there; in a row with a Task ID it empties the field."),
        ]
