import hashlib
import logging
from datetime import timedelta
from typing import NamedTuple

from psycopg2.errors import OperationalError

from odoo import api, models
from odoo.tools import SQL, split_every

from ...tools import clock
from ...tools.roles import ROLE_GROUPS
from .ops_obligation_insert import NEW_ROW, PAGE
from .ops_obligation_scope import Scopes

_logger = logging.getLogger(__name__)
RETRIES = 5
LOOK_BACK = timedelta(days=15)  # further than a changed calendar can move a due day


class Work(NamedTuple):
    """What one standard still has to ask for in one company."""

    standard: object
    company: object
    rows: list
    until: object
    signature: str
    twins: list  # ids of other standards of the same code, the common one or the company's own


class OpsObligation(models.Model):
    """What the calendar asks for, made some weeks ahead."""

    _inherit = "ops.obligation"

    @api.model
    def _cron_generate(self):
        """Make the obligations of all started companies for the days to come.

        Commits after each batch, so that a worker killed at any point has lost and doubled nothing; stops when its time
        is up and calls itself again.
        """
        cron = self.env["ir.cron"]
        if not self._generate(commit=cron._commit_progress):
            self.env.ref("ops_handbook.ops_obligation_cron_generate")._trigger()

    @api.model
    def _generate(self, companies=None, commit=None):
        """Make what is still missing up to the horizon of each company.

        :param companies: default: all in which the engine has been started
        :param commit: called with the number of rows after each batch, returns the seconds left; None: no commit
        :return: whether all was done
        """
        companies = (companies or self.env["res.company"]).sudo()  # sudo: run by the clock
        started = (companies or companies.search([("ops_started", "=", True)])).filtered("ops_started")
        for company in started:
            served = any((company.parent_ids - company).mapped("ops_started"))
            self.sudo()._begin(company, served, commit)
            for work in self.sudo()._outstanding(company, served):
                if not self.sudo()._carry_out(work, commit):
                    return False
        return True

    @api.model
    def _begin(self, company, served_by_parent, commit):
        """Note in a company's first run, before anything is made, from which day on each standard is asked for.

        A worker that is killed in the middle of it would otherwise leave standards without such a note, and the next run
        would take them for forms installed later, which owe nothing of the past.
        """
        progress = self.env["ops.standard.progress"]
        if progress.search_count([("company_id", "=", company.id)], limit=1):
            return
        standards = self._standards_to_generate(company, served_by_parent)
        before = (company.ops_start_date or clock.today(company._ops_tz())) - timedelta(days=1)

        def note(_again):
            self.env.cr.execute_values(
                "INSERT INTO ops_standard_progress (standard_id, company_id, date_until) VALUES %s ON CONFLICT DO NOTHING",
                [(standard.id, company.id, before) for standard in standards],
            )
            progress.invalidate_model()

        if standards:
            self._persist(note, commit, 0)

    @api.model
    def _carry_out(self, work, commit):
        """Insert the rows of one piece of work batch by batch; return whether there was time for all."""
        pages = list(split_every(PAGE, work.rows)) or [()]
        for number, page in enumerate(pages, 1):
            last = number == len(pages)
            left = self._persist(
                lambda again, page=page, last=last: self._insert_page(
                    work, self._missing(work, page) if again or work.twins else page, last
                ),
                commit, len(page),
            )
            if left <= 0 and not last:
                return False
        return left > 0

    @api.model
    def _insert_page(self, work, page, last):
        new = self._insert(page)
        if last:  # together with the last rows: a worker killed before begins this standard again and doubles nothing
            self._mark(work)
        return new

    @api.model
    def _missing(self, work, rows):
        """Return those of ``rows`` that are not there yet, as this transaction sees it.

        A run that was killed has left some; whoever writes one of them at this moment is in the way of inserting it again,
        though nothing would come of it. What another standard of the same code has asked for is not asked for twice.
        """
        names = ("department_id", "employee_id", "source_model", "source_id", "period", "round")
        known = set(self.env.execute_query(SQL(
            "SELECT %s FROM ops_obligation WHERE standard_id IN %s AND company_id = %s AND period IN %s",
            SQL(", ").join(map(SQL.identifier, names)), (work.standard.id, *work.twins), work.company.id,
            tuple({row["period"] for row in rows}) or ("",),
        )))
        return [row for row in rows if tuple(row.get(name, NEW_ROW[name]) for name in names) not in known]

    @api.model
    def _persist(self, action, commit, count):
        """Do ``action`` and commit; when another transaction was in the way, roll back and try again.

        :param action: called with whether it is tried again
        """
        if not commit:
            action(False)
            return float("inf")
        for attempt in range(1, RETRIES + 1):
            try:
                action(attempt > 1)
                return commit(count)
            except OperationalError as error:  # serialization failures and deadlocks; a job has no retry of its own
                self.env.cr.rollback()
                if attempt == RETRIES:
                    raise
                _logger.info("generation of obligations: %s, trying again", error)
        return 0

    # -- what is missing ----------------------------------------------------------------------------------------------

    @api.model
    def _outstanding(self, company, served_by_parent=False):
        """Yield the :class:`Work` of a company; nothing at all when the last run is up to date."""
        today = clock.today(company._ops_tz())
        until = today + timedelta(days=company.ops_horizon_days)
        progress = {line.standard_id.id: line for line in self.env["ops.standard.progress"].search(
            [("company_id", "=", company.id)]
        )}
        scopes, twins = Scopes(self, company), None
        standards = self._standards_to_generate(company, served_by_parent)
        self.env["ops.standard.progress"].union(
            *(line for standard_id, line in progress.items() if standard_id not in standards._ids)
        )._pass_over(today)
        signatures = self._signatures(standards, scopes)
        for standard in standards:
            line, signature = progress.get(standard.id), signatures[standard.id]
            if line and line.date_until >= until and line.signature == signature:
                continue
            first = self._first_day(company, line, signature, today)
            rows = self._rows(standard, company, scopes.units(standard), first, until)
            twins = self._twins(standards, company) if twins is None else twins
            yield Work(standard, company, rows, until, signature, twins.get(standard.code, []))

    @api.model
    def _first_day(self, company, line, signature, today):
        """Return the first due day that is still to be asked for."""
        start = company.ops_start_date or today
        if not line:  # a form that is installed later asks from then on, not for the past; see _begin
            return max(start, today)
        following = line.date_until + timedelta(days=1)
        if line.signature == signature:
            return max(start, following)
        # a changed calendar moves days over the end of what was asked for; whoever is new since owes nothing of the past
        back = LOOK_BACK if not line.signature else timedelta()
        return max(start, min(following - back, today))

    @api.model
    def _standards_to_generate(self, company, served_by_parent):
        """Return the standards that recur in a company; what a company owes as a whole its parent owes for it.

        A company's own rule takes the place of the common one whatever it says: also when it asks for nothing by the calendar.
        """
        found = self.env["ops.standard"].search([("ready", "=", True), ("company_id", "in", [company.id, False])])
        own = set(found.filtered("company_id").mapped("code"))
        return found.filtered(
            lambda standard: (standard.company_id or standard.code not in own)
            and standard.trigger != "event" and standard.keeps_rows
            and not (served_by_parent and standard.scope == "company")
        )

    @api.model
    def _twins(self, standards, company):
        """Return the other standards of the same codes, archived ones too: dict code → ids."""
        found = self.env["ops.standard"].with_context(active_test=False).search_fetch([
            ("code", "in", standards.mapped("code")), ("id", "not in", standards.ids), ("company_id", "in", [company.id, False]),
        ], ["code"])
        return {code: twins.ids for code, twins in found.grouped("code").items()}

    @api.model
    def _signatures(self, standards, scopes):
        """Return for each standard a short text that differs when its rule, or who owes it, has changed."""
        before = {standard: standard.predecessor_id._for(scopes.company) for standard in standards}
        latest = dict(self.env["ops.standard.revision"]._read_group(
            [("standard_id", "in", standards.union(*before.values()).ids)], ["standard_id"], ["id:max"]
        ))
        result = {}
        for standard in standards:
            rules = (latest.get(standard), latest.get(before[standard]))
            text = f"{standard.role}|{rules}|{scopes.signature(standard)}"
            result[standard.id] = hashlib.sha256(text.encode()).hexdigest()[:32]
        return result

    @api.model
    def _rows(self, standard, company, units, first, until):
        """Return the rows of everything that falls due from ``first`` to ``until`` (local days)."""
        found, now, rows = standard._occurrences(company, first, until), clock.now(), []
        closing = standard._closing_days(company, found)
        for item, revision in found:
            due = standard._due_of_day(revision, company, item.due)
            closes = closing.get(item.period)
            common = {
                **NEW_ROW,
                **standard._frozen_columns(revision),
                "company_id": company.id,
                "period": item.period,
                "date_start": min(now, due),
                "date_due": due,
                "date_original": due,
                "date_close": closes and standard._due_of_day(revision, company, closes),
                "due_by_rule": True,
            }
            role = revision.rule["role"]
            rows += [
                {**common, **self._owed_by(role, unit)} for unit in units if not unit.get("since") or unit["since"] <= item.due
            ]
        return rows

    @api.model
    def _owed_by(self, role, unit):
        """Return the columns of who answers; a department without any head above it is operations' to look after."""
        if role in ROLE_GROUPS:
            return {**unit, "role": role, "responsible_id": None}
        return {"role": role, **unit} if unit.get("responsible_id") else {**unit, "role": "operations"}

    @api.model
    def _mark(self, work):
        """Remember how far the standard has been asked for."""
        self.env.cr.execute(SQL(
            """
            INSERT INTO ops_standard_progress (standard_id, company_id, date_until, signature) VALUES (%s, %s, %s, %s)
            ON CONFLICT (standard_id, company_id)
            DO UPDATE SET date_until = EXCLUDED.date_until, signature = EXCLUDED.signature
            """,
            work.standard.id, work.company.id, work.until, work.signature,
        ))
        self.env["ops.standard.progress"].invalidate_model()
