from odoo import models

from ...tools.cells import Unreadable, folded, words
from ...tools.month_plan_sheet import IN_BRACKETS, LEADING, NUMBERED, name_key, pieces, spellings
from ...tools.workbook import plain
from .ops_month_plan_check import LINKABLE

KINDS = ("login", "number", "email", "name")  # by what people are found, the surest first
MAX_CANDIDATES = 5


class OpsMonthPlanImport(models.AbstractModel):
    """Finds people, posts, initiatives and departments by what stands in a cell: everything of a kind in one search."""

    _inherit = "ops.month.plan.import"

    def _load_names(self, run):
        texts = {key: self._texts(run, key) for key in ("owner_id", "helper_ids", "job_id", "initiative_id")}
        people = texts["owner_id"] | {piece for text in texts["owner_id"] | texts["helper_ids"] for piece in pieces(text)}
        people |= {part for text in people for part in text.split()}
        self._load_people(run, people)
        if texts["job_id"]:
            self._load_jobs(run)
        if texts["initiative_id"]:
            self._load_initiatives(run)

    def _texts(self, run, key):
        """Return what stands in a column, once each."""
        values = (item.cells[key].value for item in run.items if key in item.cells and not item.cells[key].broken)
        return {text for text in (plain(words(value)) for value in values) if text}

    # -- people -----------------------------------------------------------------------------------------------------------

    def _load_people(self, run, texts):
        """Find people by login, employee number, e-mail or name: ``run.people``, kind → compared name → users."""
        run.people = {kind: {} for kind in KINDS}
        spelled = sorted(set().union(*map(spellings, texts)))
        if not spelled:
            return
        users = self.env["res.users"].search_fetch([
            ("share", "=", False), "|", "|", ("login", "in", spelled), ("email", "in", spelled), ("name", "in", spelled),
        ], ["name", "login", "email", "company_ids"])
        for user in users:
            for kind in ("login", "email", "name"):
                self._know_person(run, kind, user[kind], user)
        # sudo: hr keeps the numbers; whoever writes one knows it, and finds only whom they may read
        employees = self.env["hr.employee"].sudo().search_fetch([
            ("company_id", "=", run.plan.company_id.id), ("user_id.active", "=", True),
            "|", ("barcode", "in", spelled), ("name", "in", spelled),
        ], ["barcode", "name", "user_id"])
        known = {user.id: user for user in self.env["res.users"].browse(employees.user_id.ids)._filtered_access("read")}
        for employee in employees:
            if user := known.get(employee.user_id.id):
                self._know_person(run, "number", employee.barcode, user)
                self._know_person(run, "name", employee.name, user)

    def _know_person(self, run, kind, text, user):
        if text:
            found = run.people[kind]
            found[name_key(text)] = found.get(name_key(text), self.env["res.users"]) | user

    def _people(self, run, text):
        """Return whom a text may mean; one of several who works for the company of the plan is preferred."""
        found = next((run.people[kind][name_key(text)] for kind in KINDS if name_key(text) in run.people[kind]), None)
        if not found and (match := IN_BRACKETS.fullmatch(text)):
            named, told = self._people(run, match[1].strip()), self._people(run, match[2].strip())
            found = named & told or (named if not told else None)
        found = found or self.env["res.users"]
        return found.filtered(lambda user: run.plan.company_id in user.company_ids)

    def _person(self, run, text, company):
        found = self._people(run, text)
        if len(found) == 1:
            return found.id
        if not found:
            several = [piece for piece in pieces(text) if piece != text]
            raise Unreadable("owners" if several else "person")
        error = Unreadable("candidates")
        error.options = self._candidates(found, company)
        raise error

    def _candidates(self, users, company):
        """Return how people of one name are told apart: name (login), department; only those whom the user reads."""
        homes = self.env["hr.employee.public"].search([
            ("user_id", "in", users.ids), ("company_id", "=", company.id),
        ])
        department = {home.user_id.id: home.department_id.name for home in homes}
        texts = [
            " – ".join(filter(None, [f"{user.name} ({user.login})", department.get(user.id)])) for user in users[:MAX_CANDIDATES]
        ]
        return [*texts, "…"] if len(users) > MAX_CANDIDATES else texts

    # -- posts and initiatives --------------------------------------------------------------------------------------------

    def _load_jobs(self, run):
        """Find the posts of the company, those of the plan's department first where several bear a name."""
        company, department = run.plan.company_id, run.plan.department_id
        for job in self.env["hr.job"].search([("company_id", "in", (company.id, False))]):
            run.jobs.setdefault(folded(job.name), []).append(job)
        for name, jobs in run.jobs.items():
            own = [job.id for job in jobs if job.department_id == department]
            run.jobs[name] = own or [job.id for job in jobs]
        _posts, run.holders = self.env["ops.task"]._posts((), {job for jobs in run.jobs.values() for job in jobs}, company)

    def _load_initiatives(self, run):
        """Find the initiatives to which a task of the month may link; the department's own come first."""
        found = self.env["ops.plan.initiative"].search_fetch([
            ("company_id", "parent_of", run.plan.company_id.id), ("plan_id.state", "in", LINKABLE),
            ("plan_id.year", "=", run.plan.month.year),
        ], ["name", "department_id", "sequence"], order="sequence, id")
        own = found.filtered(lambda item: item.department_id == run.plan.department_id)
        run.own_initiatives = own.ids
        for item in found - own:
            run.initiatives.setdefault(folded(item.name), []).append(item.id)
        names = {}
        for item in own:
            names.setdefault(folded(item.name), []).append(item.id)
        run.initiatives |= names

    def _initiatives(self, run, text):
        """Return which initiatives a text may mean: ids; by name, by name behind a number, by its place in the plan."""
        key = folded(text)
        found = run.initiatives.get(key) or run.initiatives.get(LEADING.sub("", key))
        if not found and (match := NUMBERED.fullmatch(key)):
            place = int(match[1])
            found = run.own_initiatives[place - 1:place] if place else []
        return found or []

    # -- errors -----------------------------------------------------------------------------------------------------------

    def _cell_message(self, code, options=()):
        """Return what is wrong with one cell; codes of the annual plan's import as there."""
        message = {
            "missing": self.env._("Every row names a task. Write what is to be done, or take the row out."),
            "person": self.env._(
                "There is no active user with this name, employee number, login or e-mail in the company. Correct the spelling."
            ),
            "candidates": self.env._(
                "Several people bear this name. Write the login instead: %(people)s.", people=", ".join(options)
            ),
            "owners": self.env._("A task has one owner. Name one here, and the others as co-workers; set names apart by commas."),
            "job": self.env._("There is no post of this name in the company. Correct the spelling."),
            "jobs": self.env._("Several posts bear this name. Name the owner, and leave the post empty."),
            "initiative": self.env._(
                "There is no initiative of this name or number in an annual plan of this year that was submitted. Correct it, or "
                "write “routine”."
            ),
            "initiatives": self.env._("Several initiatives bear this name. Choose the right one in the form, and leave this empty."),
            "own_department": self.env._("This is the department itself. Name another one, or leave it empty."),
            "other_department": self.env._("This row belongs to another department. Import it into that one's plan."),
            "both": self.env._("A task has an initiative or is routine. Take one of them out."),
            "source": self.env._("The task comes from something decided, which stays its link. Leave initiative and routine empty."),
            "order": self.env._("The end lies before the start. Correct one of them."),
            "outside": self.env._("These dates lie outside the month of the plan. Correct them."),
            "weight": self.env._("Weight: write a figure from 0 to 9999."),
            "date": self.env._("This is no date. Write it like 2027-03-31, 3/31 or 3月31日."),
            "id": self.env._("This plan has no task with this ID. Empty the cell to add a new task."),
            "same": self.env._("Several tasks of the plan bear this name. Name the owner as well, or the Task ID of the export."),
            "twice": self.env._("Another row speaks of the same task. Take one of them out."),
            "doubled": self.env._("Another row has the same task and owner. Take one of them out, or call it something else."),
        }.get(code)
        return message or super()._cell_message(code, options)
