import psycopg2

from odoo import models
from odoo.exceptions import UserError

from ...tools import token
from ...tools.plan_sheets import BREAKDOWN, OF_CYCLE, SHEETS, Item

MAX_REFUSED = 200  # refusals of the database or the ORM that are looked for one by one


class _UndoneError(Exception):
    """Takes back what was written."""


class OpsPlanImport(models.AbstractModel):
    """Writes the items, many at a time; what the ORM refuses is traced to its rows, and then all of it is taken back."""

    _inherit = "ops.plan.import"

    def _apply(self, run, running, dry):
        """Write everything, or nothing."""
        try:
            with self.env.cr.savepoint():
                self._remember(run)
                self._create_plans(run)
                for sheet in SHEETS:
                    self._write_sheet(run, sheet)
                self._remove(run)
                self._write_breakdown(run)
                if running:
                    self._enter_running(run, running)
                if run.findings or dry:
                    raise _UndoneError
        except _UndoneError:
            return

    def _remember(self, run):
        """Keep the months as they are: a goal whose year changes lets them follow before the sheet of them is written."""
        for kind in ("goals", "initiatives") if run.items.get(BREAKDOWN) else ():
            records = run.existing[kind]
            months = self.env["ops.plan.export"]._breakdown_values(records)
            run.months |= {(records._name, record.id): months.get(record.id, {}) for record in records}

    def _create_plans(self, run):
        """Begin the plans that are missing."""
        missing = [department for department, plan in run.plans.items() if not plan]
        rows = {}
        for items in run.items.values():
            for item in items:
                if item.plan in missing:
                    rows.setdefault(item.plan, item)
        chosen, made = list(rows.values()), {}

        def create(items):
            plans = self.env["ops.plan"].create([{"cycle_id": run.cycle.id, "department_id": item.plan} for item in items])
            made.update({plan.department_id.id: plan for plan in plans})

        self._attempt(run, chosen, create, "ops.plan")
        run.plans |= {department: plan for department, plan in made.items() if plan.exists()}
        run.plans_created = len(chosen)

    def _write_sheet(self, run, sheet):
        items, model = run.items.get(sheet, []), SHEETS[sheet][0]
        new = [item for item in items if not item.record and (sheet in OF_CYCLE or run.plans.get(item.plan))]
        old = [item for item in items if item.record and (item.values or item.refs)]
        run.created += len(new)
        run.updated += len(old)
        self._attempt(run, new, lambda chosen: self._create_lines(run, model, chosen), model)
        self._attempt(run, old, lambda chosen: self._update_lines(model, chosen), model)

    def _create_lines(self, run, model, items):
        owner = "cycle_id" if items[0].sheet in OF_CYCLE else "plan_id"
        records = self.env[model].create([
            {owner: run.cycle.id if owner == "cycle_id" else run.plans[item.plan].id, **self._values(item)} for item in items
        ])
        for item, record in zip(items, records, strict=True):
            item.record, item.is_made = record.id, True

    def _update_lines(self, model, items):
        records = self.env[model].browse([item.record for item in items])  # together: what is asked of one is read of all
        follows, following = getattr(records, "_breakdown_follows", set()), []
        for item, record in zip(items, token.SETTLE.on(records), strict=True):
            values = self._values(item)
            record.write(values)
            following += [record.id] if follows & values.keys() else []
        if following:  # their months, once for all
            records.browse(following)._settle_breakdown()

    def _values(self, item):
        return {**item.values, **{name: self._resolved(target) or False for name, target in item.refs.items()}}

    def _resolved(self, target):
        """Return the id of a line that was there, or that the import has made; None where it could not make it."""
        return target.record if isinstance(target, Item) else target

    def _remove(self, run):
        """Delete the lines that the workbook no longer has, where that was asked for."""
        for sheet in reversed(SHEETS) if run.replace else ():
            if sheet not in run.titles:
                continue
            kept = {item.record for item in run.items.get(sheet, []) if item.record}
            named = {item.plan for item in run.items.get(sheet, [])} | ({run.plan.department_id.id} if run.plan else set())
            gone = run.existing[sheet].filtered(
                lambda line, sheet=sheet, kept=kept, named=named: line.id not in kept
                and (sheet in OF_CYCLE or line.department_id.id in named)
            )
            items = [Item(sheet, None, {}, record=line.id, name=line.name) for line in gone]
            self._attempt(run, items, lambda chosen, sheet=sheet: self._unlink_lines(sheet, chosen), SHEETS[sheet][0])
            run.removed += len(items)

    def _unlink_lines(self, sheet, items):
        self.env[SHEETS[sheet][0]].browse([item.record for item in items]).unlink()

    def _enter_running(self, run, reason):
        """Say of the drafts that they are plans that run already."""
        drafts = [plan for plan in run.plans.values() if plan and plan.state == "draft"]
        items = [Item("", None, {}, plan=plan.department_id.id, name=plan.display_name) for plan in drafts]
        self._attempt(run, items, lambda chosen: self.env["ops.plan"].union(
            *(run.plans[item.plan] for item in chosen)).action_enter_running(reason), "ops.plan")

    # -- what is refused ----------------------------------------------------------------------------------------------------

    def _attempt(self, run, items, action, model):
        """Do ``action`` with all ``items`` at once; when that is refused look for those that are to blame, and tell why."""
        if not items or len(run.findings) >= MAX_REFUSED:
            return
        message = self._refusal(items, action, model)
        if not message:
            return
        if len(items) == 1:
            self._found(run, items[0].sheet, items[0].row, "", items[0].name, message)
            return
        middle = len(items) // 2
        self._attempt(run, items[:middle], action, model)
        self._attempt(run, items[middle:], action, model)

    def _refusal(self, items, action, model):
        """Return why the items are refused, '' when they are not; what was refused is taken back."""
        try:
            with self.env.cr.savepoint():
                action(items)
        except UserError as error:
            message = str(error.args[0] if error.args else error)
        except (psycopg2.IntegrityError, psycopg2.DataError) as error:
            message = self.env[model]._sql_error_to_message(error)
        else:
            return ""
        for item in items:  # what they had made is gone
            item.record = None if item.is_made else item.record
        return message
