from functools import partial

from odoo import api, models

from ...tools import cells, table, workbook
from ...tools.cells import Unreadable, folded, words
from ...tools.month_plan_sheet import ID, Item, Run, column_of
from ...tools.workbook import plain


class OpsMonthPlanImport(models.AbstractModel):
    """Takes in the breakdown of a month as people have it in a workbook: all rows are checked, all errors told at once, and
    nothing is written when one is bad.

    It works with the rights of the current user throughout, and by the machinery of the annual plan's import.
    """

    _name = "ops.month.plan.import"
    _description = "Import of Month Plans"
    _inherit = ["ops.plan.import"]

    @api.model
    def _import_tasks(self, content, plan, leave=False, dry=False):
        """Import a workbook into a month plan.

        :param bytes content: the file
        :param plan: ``ops.month.plan``, open to the current user (the caller has asked)
        :param bool leave: whether tasks that are on the plan already stay as they are
        :param bool dry: only check: everything is done, then undone
        :return: :class:`~odoo.addons.ops_handbook.tools.month_plan_sheet.Run` with ``findings`` (what is wrong; then nothing has
            been written) and ``items`` (what becomes of each row)
        """
        run, exporter = Run(plan, leave, month_first=self._month_first()), self.env["ops.month.plan.export"]
        alone = exporter._left_alone()
        try:
            found = table.tables(
                content, partial(column_of, exporter._heading_keys()), "name", lambda title: folded(title) in alone
            )
        except workbook.BadWorkbook as error:
            self._found(run, None, None, "", "", self._file_message(error))
            return run
        self._choose_tables(run, found)
        self._read_tables(run)
        if not run.findings:
            self._write_items(run, dry)
        return run

    def _choose_tables(self, run, found):
        """Keep the tables of the plan's month: a workbook often has a sheet for each."""
        months = {one.title: cells.month(one.title, run.plan.month.year) for one in found.tables}
        ours = [one for one in found.tables if months[one.title] == run.plan.period]
        run.tables = ours or [one for one in found.tables if not months[one.title]]
        kept = {one.title for one in run.tables}
        run.ignored = found.ignored + [one.title for one in found.tables if one.title not in kept]
        run.titles = {title: title for title in kept}
        if not run.tables:
            self._found(run, None, None, "", ", ".join(run.ignored), self.env._(
                "No sheet has a table of this month's tasks. Write “%(task)s” (or 任务, 工作内容) over the column of the tasks, on a "
                "sheet that is not hidden.", task=self.env["ops.month.plan.export"]._labels()["name"][0],
            ))
        elif not any(one.rows for one in run.tables):
            self._found(run, run.tables[0].title, None, "", "", self.env._("There is no task below the headings."))

    def _read_tables(self, run):
        """Make items of the rows; what is wrong goes to ``run.findings``."""
        self._load_existing_tasks(run)
        for one in run.tables:
            for letter, title in one.doubled:
                self._found(run, one.title, None, letter, title, self.env._(
                    "Two columns say the same. Take one out, or give it another heading."
                ))
            if one.too_long:
                self._found(run, one.title, None, "", "", self.env._(
                    "There are more than %(count)s rows. Import them in several files.", count=table.MAX_LINES
                ))
            run.items += [Item(one, row.number, row.cells, one.title) for row in one.rows]
        self._load_names(run)
        for item in run.items:
            self._identify(run, item)
        self._match_items(run)
        self._scale_weights(run)
        for item in run.items:
            self._convert_item(run, item)

    def _load_existing_tasks(self, run):
        # as the current user: what they do not read is not recognised
        tasks = self.env["ops.task"].search([("month_plan_id", "=", run.plan.id), ("state", "!=", "cancelled")])
        run.existing = {task.id: task for task in tasks}
        run.shown = self.env["ops.month.plan.export"]._shown(tasks)

    # -- which task a row speaks of -------------------------------------------------------------------------------------

    def _identify(self, run, item):
        """Find out what the row is called, which task it names by its ID, and whose it is."""
        item.name = self._one_line(item.cells.get("name"))
        if not item.name:
            self._found_cell(run, item, "name", "missing")
        if (given := item.cells.get(ID)) and words(given.value):
            try:
                number = cells.number(given.value)
                item.record = int(number) if number == int(number) and int(number) in run.existing else None
            except Unreadable:
                item.record = None
            if not item.record:
                self._found_cell(run, item, ID, "id")
            item.exact = True
        self._identify_owner(run, item)

    def _identify_owner(self, run, item):
        cell, shown = item.cells.get("owner_id"), run.shown.get(item.record, {})
        if cell and words(cell.value):
            if shown and words(cell.value) == words(shown["owner_id"]):
                item.owner = run.existing[item.record].owner_id.id
            else:
                item.owner = self._taken(run, item, "owner_id", lambda: self._owner(run, cell))
        elif (cell := item.cells.get("job_id")) and words(cell.value) and not item.record:
            # the post's holder, as the task itself would find; that the post is unknown is told when it is read
            jobs = run.jobs.get(folded(cell.value), [])
            item.owner = run.holders.get((jobs[0], run.plan.company_id.id)) if len(jobs) == 1 else None
        item.owner_name = self.env["res.users"].browse(item.owner or ()).name or ""

    def _owner(self, run, cell):
        if cell.broken:
            raise Unreadable("broken")
        return self._person(run, plain(words(cell.value)), run.plan.company_id)

    def _match_items(self, run):
        """Recognise the tasks that are on the plan: by ID, otherwise by name and owner; nobody's by its name."""
        by_owner, by_name, taken = {}, {}, set()
        for task in run.existing.values():
            by_owner.setdefault((folded(task.name), task.owner_id.id), []).append(task.id)
            by_name.setdefault(folded(task.name), []).append(task.id)
        claimed = {item.record for item in run.items if item.record}
        for item in run.items:
            if not item.name:
                continue
            key = folded(item.name)
            if not item.exact:
                found = by_owner.get((key, item.owner)) or by_owner.get((key, False), []) if item.owner else by_name.get(key, [])
                if len(found) > 1:
                    self._found_cell(run, item, "name", "same")
                    continue
                item.record = found[0] if found else None
            self._note_match(run, item, taken, by_name.get(key, []), claimed)

    def _note_match(self, run, item, taken, namesakes, claimed):
        key = item.record or (folded(item.name), item.owner)
        if key in taken or (item.record in claimed and not item.exact):
            self._found_cell(run, item, "name", "twice" if item.record else "doubled")
        taken.add(key)
        if item.record:
            item.owner_name = item.owner_name or run.existing[item.record].owner_id.name or ""
        elif namesakes:
            item.namesake = run.existing[namesakes[0]].owner_id.name or ""

    # -- errors ---------------------------------------------------------------------------------------------------------

    def _taken(self, run, item, key, read):
        """Return what ``read`` says of a cell; what is wrong with it is told, and None returned."""
        try:
            return read()
        except Unreadable as error:
            self._found_cell(run, item, key, error.code, getattr(error, "options", ()))
        return None

    def _found_cell(self, run, item, key, code, options=()):
        cell, place = item.cells.get(key), item.table
        column = " ".join(filter(None, [place.letters.get(key, ""), place.headings.get(key, "")]))
        self._found(run, item.sheet, item.row, column, cell.value if cell else "", self._cell_message(code, options))

    def _one_line(self, cell):
        text = plain(words(cell.value)) if cell and not cell.broken else None
        return " ".join((text or "").split())

    def _inside_names(self, run):
        """Return what the department of the plan is called, and those below it: folded."""
        if run.inside is None:
            # sudo: how a company is built is no secret of hr
            below = self.env["hr.department"].sudo().search([("id", "child_of", run.plan.department_id.id)])
            run.inside = {folded(text) for department in below for text in (department.name, department.complete_name)}
        return run.inside

    def _read_department(self, run, _item, value):
        """A row of another department is refused: it was meant for that one's plan."""
        if folded(plain(words(value))) not in self._inside_names(run):
            raise Unreadable("other_department")
        return {}
