"""Carrying a rule out: read-only, within a limit of time, and without harm to anybody when it fails."""
from contextlib import contextmanager
from datetime import date, datetime

import psycopg2

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...tools import apportion, clock
from ...tools.moments import DAY, at_hour

SECONDS = 10  # how long a rule may take
SHOWN = 20  # figures shown by "Try It"
FAILURES = (UserError, ValueError, TypeError, KeyError, AttributeError, NotImplementedError, ArithmeticError, RecursionError, psycopg2.Error)


class OpsKpiSource(models.Model):
    _inherit = "ops.kpi.source"

    @api.model
    def _cron_read(self):
        """Read all rules, of this month and the last; commits after each, so that a slow or broken one harms no other."""
        cron, sources = self.env["ir.cron"], self.search([])
        cron._commit_progress(remaining=len(sources))
        for source in sources:
            source._refresh()
            if not cron._commit_progress(1):
                break

    def action_read(self):
        """Read these rules now, as the nightly job does."""
        self.check_access("write")
        for source in self:
            source._refresh()
        return True

    def action_try(self):
        """Show what this rule would read, without writing anything."""
        self.ensure_one()
        self.check_access("read")
        figures = self.get_figures()
        lines = [f"{figure['department']}, {figure['month']}: {figure['text']}" for figure in figures[:SHOWN]]
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "title": self.name, "sticky": True, "type": "info" if lines else "warning",
                "message": "; ".join(lines) or self.env._("No figures: no indicator with this code, or no records in these months."),
            },
        }

    def get_figures(self):
        """Return what this rule reads now of this month and the last: list of dicts with department, month, value, text.

        :raise UserError: when it cannot be carried out, in words
        """
        self.ensure_one()
        self.check_access("read")
        figures, problem = self._try_figures()
        if problem:
            raise UserError(problem)
        return [
            {"department": department.name, "month": month, "value": float(value), "text": apportion.plain(value)}
            for (_kpi, department, month), value in sorted(
                figures.items(), key=lambda item: (item[0][1].name, item[0][2])
            )
        ]

    # -- one rule ---------------------------------------------------------------------------------------------------------

    def _refresh(self):
        """Read this rule and write its figures; what goes wrong is noted on it."""
        figures, problem = self._try_figures()
        count = 0 if problem else self._write_figures(figures)
        # sudo: the machinery's own fields
        self.sudo().write({"last_run": clock.now(), "last_error": problem, "last_count": count})

    def _try_figures(self):
        """Return (figures, None), or ({}, what went wrong in words)."""
        try:
            # sudo: by decision of the administrator who wrote the rule; see the help of its model
            if problem := self.sudo()._problem():
                return {}, problem
            with self._read_only():
                return self.sudo()._figures(), None  # sudo: as above
        except psycopg2.errors.QueryCanceled:
            return {}, self.env._("It takes longer than %(seconds)s seconds. Narrow the domain.", seconds=SECONDS)
        except FAILURES as error:
            return {}, self.env._("The rule cannot be carried out: %(error)s", error=str(error).strip())

    @contextmanager
    def _read_only(self):
        """Let nothing be written and nothing take long within the block: its subtransaction is read-only, and taken back."""
        self.env.flush_all()
        self.env.cr.execute("SAVEPOINT ops_kpi_source")
        try:
            self.env.cr.execute("SET LOCAL transaction_read_only = on")
            self.env.cr.execute("SET LOCAL statement_timeout = %s", [SECONDS * 1000])
            yield
        finally:
            self.env.cr.execute("ROLLBACK TO SAVEPOINT ops_kpi_source")
            self.env.cr.execute("RELEASE SAVEPOINT ops_kpi_source")

    def _figures(self):
        """Return the figures of this month and the last: dict (kpi, department, month) → Decimal."""
        months = self._months_to_read()
        kpis = {kpi.cycle_id.year: kpi for kpi in self.env["ops.kpi"].search([
            ("code", "=", self.code), ("company_id", "=", self.company_id.id), ("cycle_id.state", "!=", "cancelled"),
            ("cycle_id.year", "in", [month.year for month in months]),
        ])}
        if not kpis:
            return {}
        found, result = self._read_months(months), {}
        for month in months:
            if kpi := kpis.get(month.year):
                key = month.strftime("%Y-%m")
                for department in self._departments(kpi) | self._found_departments(found, key):
                    value = found.get((department.id if self.department_path else False, key), self._nothing())
                    if value is not None:
                        result[kpi, department, key] = kpi._figure(value)
        return result

    def _months_to_read(self):
        """Return the first days of the last month and of this one."""
        this = clock.today(self.company_id._ops_tz()).replace(day=1)
        return [(this - DAY).replace(day=1), this]

    def _read_months(self, months):
        """Return what the database says: dict (department id or False, month) → number."""
        records, tz = self.env[self.model].with_context(tz=self.company_id._ops_tz()), self.company_id._ops_tz()
        after = (months[-1].replace(day=28) + 4 * DAY).replace(day=1)
        first, last = months[0], after
        if records._fields[self.date_field].type == "datetime":
            first, last = at_hour(first, 0.0, tz), at_hour(last, 0.0, tz)
        domain = Domain(self._domain_list()) & Domain(self.date_field, ">=", first) & Domain(self.date_field, "<", last)
        if path := self._path_to_company(records):
            companies = self.env["res.company"].search([("id", "child_of", self.company_id.id)])
            domain &= Domain(path, "in", companies.ids)
        measure = "__count" if self.aggregate == "count" else f"{self.measure}:{self.aggregate}"
        by = [f"{self.date_field}:month", *([self.department_path] if self.department_path else [])]
        return {
            (department[0].id if department else False, self._month_key(month)): value
            for month, *department, value in records._read_group(domain, by, [measure])
        }

    @api.model
    def _month_key(self, month):
        return month.strftime("%Y-%m") if isinstance(month, date | datetime) else month

    def _path_to_company(self, records):
        field = records._fields.get("company_id")
        return self.company_path or (field is not None and field.store and field.type == "many2one" and "company_id")

    def _nothing(self):
        """Return what a month without records is: none of them, or nothing that can be said."""
        return 0 if self.aggregate in ("count", "sum") else None

    def _departments(self, kpi):
        """Return who gets a figure even when there are no records: whoever answers for it, or has a goal with it."""
        if not self.department_path:
            return self.department_id or kpi.department_id
        return self.env["ops.plan.goal"].search([("kpi_id", "=", kpi.id)]).department_id

    def _found_departments(self, found, month):
        """Return the departments of the cycle's companies of which there are records."""
        if not self.department_path:
            return self.env["hr.department"]
        ids = [department for department, key in found if key == month and department]
        return self.env["hr.department"].search([
            ("id", "in", ids), "|", ("company_id", "=", False), ("company_id", "child_of", self.company_id.id),
        ])

    # -- writing ----------------------------------------------------------------------------------------------------------

    def _write_figures(self, figures):
        """Write what was read where nobody else has said anything; return how many figures are the rule's now."""
        values_sudo = self.env["ops.kpi.value"].sudo()  # sudo: the machinery writes
        existing = {
            (value.kpi_id.id, value.department_id.id, value.month): value for value in values_sudo.search([
                ("kpi_id", "in", [kpi.id for kpi, _department, _month in figures]),
                ("month", "in", [month for _kpi, _department, month in figures]),
            ])
        }
        settled = values_sudo._settled_of(
            [department.id for _kpi, department, _month in figures], [month for _kpi, _department, month in figures]
        )
        new, count = [], 0
        for (kpi, department, month), figure in figures.items():
            value = existing.get((kpi.id, department.id, month))
            if (department.id, month) in settled or (value and value.origin != "rule" and not self.overwrite):
                continue
            count += 1
            vals = {"value": float(figure), "origin": "rule", "source_id": self.id}
            if not value:
                new.append({**vals, "kpi_id": kpi.id, "department_id": department.id, "month": month})
            elif (value.value, value.origin, value.source_id) != (float(figure), "rule", self):
                value.write(vals)
        values_sudo.create(new)
        return count
