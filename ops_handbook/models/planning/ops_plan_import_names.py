from odoo import models

from ...tools.cells import Unreadable, folded, words
from ...tools.plan_sheets import SHEETS
from ...tools.workbook import plain


class OpsPlanImport(models.AbstractModel):
    """Finds people, departments and lines by what stands in a cell: everything of a kind in one search."""

    _inherit = "ops.plan.import"

    def _departments(self, run):
        """Return the departments that the user reads: folded name or complete name → list of ids."""
        if run.departments is None:
            run.departments = {}
            for department in self.env["hr.department"].search([]):
                for text in {folded(department.complete_name), folded(department.name)}:
                    run.departments.setdefault(text, []).append(department.id)
                # the complete name says it exactly, whatever departments bear it as their own
                run.departments[folded(department.complete_name)] = [department.id]
        return run.departments

    def _department(self, run, text):
        found = self._departments(run).get(folded(text), [])
        if len(found) != 1:
            raise Unreadable("departments" if found else "department")
        return found[0]

    def _currency(self, run, text):
        if run.currencies is None:
            run.currencies = {}
            for currency in self.env["res.currency"].search([], order="id desc"):
                run.currencies |= {folded(currency.symbol): currency.id}
            run.currencies |= {folded(currency.name): currency.id for currency in self.env["res.currency"].search([])}
        found = run.currencies.get(folded(text))
        if not found:
            raise Unreadable("currency")
        return found

    def _load_people(self, run, texts):
        """Find people by login, e-mail or name: ``run.people``, folded text → list of users; one search."""
        texts = {text for text in map(words, texts) if text}
        spelled = list(texts | {text.lower() for text in texts} | {" ".join(text.split()) for text in texts})
        users = self.env["res.users"].search_fetch([
            ("share", "=", False), "|", "|", ("login", "in", spelled), ("email", "in", spelled), ("name", "in", spelled),
        ], ["name", "login", "email", "company_ids"]) if spelled else self.env["res.users"]
        run.people = {}
        for text in texts:
            for name in ("login", "email", "name"):
                if found := users.filtered(lambda user, name=name, text=text: folded(user[name]) == folded(text)):
                    run.people[folded(text)] = found
                    break

    def _person(self, run, text, company):
        found = run.people.get(folded(text), self.env["res.users"])
        if len(found) > 1:  # one of them may be the only one of this company
            found = found.filtered(lambda user: company in user.company_ids) or found
        if len(found) != 1:
            raise Unreadable("people" if found else "person")
        return found.id

    # -- lines by their names --------------------------------------------------------------------------------------------

    def _index(self, run):
        """Make the index of names: ``run.ids``, (sheet, department or None, folded name) → records' ids and new items.

        A line that the file gives another name goes by the new one.
        """
        renamed = {
            (sheet, item.record): item.name for sheet, items in run.items.items() for item in items if item.record and item.name
        }
        for sheet in SHEETS:
            records = run.existing[sheet]
            for record in records:
                texts = [renamed.get((sheet, record.id)) or record.name]
                texts += [record.code] if sheet == "kpis" and record.code else []
                for text in {folded(text) for text in texts}:
                    self._file(run, sheet, record, text, record.id)
            for item in run.items.get(sheet, []):
                texts = {folded(item.name), *([folded(item.cells["code"].value)] if "code" in item.cells else [])}
                for text in texts - {""} if not item.record else ():
                    run.ids.setdefault((sheet, item.plan, text), []).append(item)

    def _file(self, run, sheet, record, text, entry):
        plan = record.department_id.id if "plan_id" in record._fields else None
        run.ids.setdefault((sheet, plan, text), []).append(entry)

    def _line(self, run, sheet, plan, text):
        """Return which line is meant: its id, or the item that will make it."""
        found = run.ids.get((sheet, plan, folded(plain(text))), []) or run.ids.get((sheet, plan, folded(text)), [])
        if not found and sheet in run.unusable:
            return None  # it may stand there; that the sheet cannot be read has been told
        if len(found) != 1:
            raise Unreadable("names" if found else "name")
        return found[0]
