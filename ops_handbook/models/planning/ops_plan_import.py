from functools import partial

from odoo import api, models

from ...tools import workbook
from ...tools.cells import folded
from ...tools.plan_sheets import BREAKDOWN, OF_CYCLE, OF_PLAN, SHEETS, Run, column_of


class OpsPlanImport(models.AbstractModel):
    """Takes in the workbook of annual plans: all rows are checked, all errors told at once, and nothing is written when one is bad.

    It works with the rights of the current user throughout: what the screen refuses is refused here, row by row.
    """

    _name = "ops.plan.import"
    _description = "Import of Annual Plans"

    @api.model
    def _run(self, content, cycle, plan=None, replace=False, running=None, dry=False):
        """Import a workbook.

        :param bytes content: the file
        :param cycle: ``ops.cycle``, in which the plans are
        :param plan: ``ops.plan`` of one department; None: all departments (a column names them), directions and indicators
        :param bool replace: whether lines that the workbook's sheets do not have are deleted
        :param str running: the reason, where the drafts are plans that run already (released at once)
        :param bool dry: only check: everything is done, then undone
        :return: :class:`~odoo.addons.ops_handbook.tools.plan_sheets.Run` with ``findings`` (what is wrong; then nothing has
            been written) and the counts ``created``, ``updated``, ``removed``, ``plans_created``
        """
        run, exporter = Run(cycle, plan, replace), self.env["ops.plan.export"]
        keys = {sheet: exporter._heading_keys(sheet, cycle.year) for sheet in (*SHEETS, BREAKDOWN)}
        known = {title: key for title, key in exporter._sheet_keys().items() if key in self._sheets_of(plan)}
        heading = partial(self._column_of, keys, cycle.year)
        try:
            run.book = workbook.read(content, known, heading)
        except workbook.BadWorkbook as error:
            self._found(run, None, None, "", "", self._file_message(error))
            return run
        self._read(run)
        if not run.findings:
            self._apply(run, running, dry)
        return run

    @api.model
    def _sheets_of(self, plan):
        return {*OF_PLAN, BREAKDOWN, *(() if plan else OF_CYCLE)}

    @api.model
    def _column_of(self, keys, year, sheet, heading):
        return column_of(keys[sheet], heading, year if sheet == BREAKDOWN else None)

    # -- what was read --------------------------------------------------------------------------------------------------

    def _read(self, run):
        """Check the sheets and make items of their rows; what is wrong goes to ``run.findings``."""
        run.titles = {sheet.key: sheet.title for sheet in run.book.sheets}
        if not run.book.sheets:
            self._found(run, None, None, "", ", ".join(run.book.ignored), self.env._(
                "None of the sheets is known. Name them as in the template: %(names)s.",
                names=", ".join(title for key, title in self.env["ops.plan.export"]._titles().items()
                                if key in self._sheets_of(run.plan)),
            ))
            return
        # a sheet without the columns by which its rows are known cannot be read; the others are, so that all errors are told
        usable = [sheet for sheet in run.book.sheets if self._check_columns(run, sheet)]
        run.unusable = {sheet.key for sheet in run.book.sheets} - {sheet.key for sheet in usable}
        run.book = run.book._replace(sheets=usable)
        self._find_plans(run)
        self._load_existing(run)
        for sheet in run.book.sheets:
            self._match_rows(run, sheet)
        self._index(run)
        self._convert_rows(run)

    def _check_columns(self, run, sheet):
        """Tell which columns are wrong; return whether the rows can be read all the same."""
        labels = self.env["ops.plan.export"]._labels(sheet.key, run.cycle.year)
        shown = [texts[0] for key, texts in labels.items() if key != "plan" or not run.plan]
        for letter, title in sheet.unknown:
            self._found(run, sheet.key, None, letter, title, self.env._(
                "This column is not known. Name it like one of these, or take it out: %(names)s.", names=", ".join(shown)
            ))
        for letter, title in sheet.doubled:
            self._found(run, sheet.key, None, letter, title, self.env._("This column is there twice. Take one out."))
        needed = {"name"} | ({"plan"} if not run.plan and sheet.key not in OF_CYCLE else set())
        needed |= {"kind"} if sheet.key == BREAKDOWN else set()
        missing = sorted(needed - set(sheet.headings)) if sheet.rows else []
        for key in missing:
            self._found(run, sheet.key, None, labels[key][0], "", self.env._("This column is missing. Add it."))
        if sheet.too_long:
            self._found(run, sheet.key, None, "", "", self.env._(
                "There are more than %(count)s rows. Import the departments in several files.", count=workbook.MAX_ROWS
            ))
        return not missing

    def _find_plans(self, run):
        """Find whose plan each row belongs to: ``run.plans`` by department; those that are missing are None."""
        if run.plan:
            run.plans = {run.plan.department_id.id: run.plan}
            return
        departments = self._departments(run)
        found = {}
        for sheet in run.book.sheets:
            for row in sheet.rows if sheet.key not in OF_CYCLE else ():
                text = folded(row.cells["plan"].value) if "plan" in row.cells else ""
                if text not in found:
                    found[text] = departments.get(text, [])
                run.of_row[sheet.key, row.number] = found[text]
        ids = {found_ids[0] for found_ids in found.values() if len(found_ids) == 1}
        plans = self.env["ops.plan"].search([
            ("cycle_id", "=", run.cycle.id), ("department_id", "in", list(ids)), ("state", "!=", "cancelled"),
        ])
        run.plans = dict.fromkeys(ids) | {plan.department_id.id: plan for plan in plans}

    def _department_of(self, run, sheet, row):
        """Return the department whose plan a row belongs to (id); None when that is wrong, which is told."""
        if run.plan:
            return self._department_of_plan(run, sheet, row)
        found, cell = run.of_row[sheet.key, row.number], row.cells.get("plan")
        if not cell:
            message = self.env._("Say whose plan this row belongs to.")
        elif not found:
            message = self.env._("There is no department of this name. Write it as in the list of departments.")
        elif len(found) > 1:
            message = self.env._("There are several departments of this name. Write it with those above it: “Head Office / Sales”.")
        elif not run.plans.get(found[0]) and found[0] not in run.cycle.department_ids.ids:
            message = self.env._("This department does not take part in the cycle. Add it to the departments of the cycle first.")
        else:
            return found[0]
        self._found_in(run, sheet, row, "plan", message)
        return None

    def _department_of_plan(self, run, sheet, row):
        department = run.plan.department_id
        names = {folded(department.sudo().name), folded(department.sudo().complete_name)}  # sudo: that of one's own plan
        if "plan" in row.cells and folded(row.cells["plan"].value) not in names:
            self._found_in(run, sheet, row, "plan", self.env._(
                "This row belongs to another department. Import it from the cycle, or take it out."
            ))
            return None
        return department.id

    def _load_existing(self, run):
        """Read the lines that the workbook may change or name: ``run.existing``, one search for each kind."""
        plans = self.env["ops.plan"].union(*(plan for plan in run.plans.values() if plan))
        for sheet in SHEETS:
            lines = run.existing[sheet] = self.env["ops.plan.export"]._lines(sheet, run.cycle, plans)
            run.places |= {(sheet, line.id): None if sheet in OF_CYCLE else line.department_id.id for line in lines}
