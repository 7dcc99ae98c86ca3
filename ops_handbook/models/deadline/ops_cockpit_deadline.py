from collections import Counter, defaultdict
from datetime import date, timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.ids import one_id
from ...tools.moments import DAY, at_hour
from .ops_obligation import OPEN_STATES

DUE = ("met", "late", "missed")  # results that are in the rates
SETTLED = (*DUE, "waived")
RESULTS = (*DUE, "pending", "held", "waived")
AGES = (3, 7, 14, 30)  # days late at which another group begins
ALL = "all"  # departments, or months
NOBODY = "none"  # key of what is no department's


class OpsCockpit(models.AbstractModel):
    """The deadlines of a year: the ring of its months, the rates of the departments, what is late and for how long.

    The definitions are those of ``ops.obligation.report``. What is settled is read as sums (``ops.obligation.stat``), what is
    open is counted by the clock, from the indexes of what is open.
    """

    _inherit = "ops.cockpit"

    @api.model
    def _deadlines(self, view):
        """Return ``total`` (the year) and ``ring`` (its months), as ``_summary``; ``heat``: by department the year and its
        months, as ``_rates``; ``overdue``: how many are, of any year.
        """
        open_, ages = self._open(view)
        sums = self._sums(self._settled(view), open_)
        months = [f"{view.year}-{month:02}-01" for month in range(1, 13)]
        return {
            "total": self._summary(sums[ALL, ALL]),
            "ring": [self._summary(sums[ALL, month]) for month in months],
            "heat": [
                {
                    "key": department or NOBODY, "name": name, "year": self._rates(sums[department, ALL]),
                    "months": [self._rates(sums[department, month]) for month in months],
                }
                for department, name in self._names({department for department, _month in sums} - {ALL})
            ],
            "overdue": sum(ages.values()),
            "charts": [self._overdue_chart(ages), *self._charts(view)],
        }

    @api.model
    def _figures(self):
        return super()._figures() | {
            "due": self._list_of_due, "coming": self._list_of_coming, "result": self._list_of_result,
            "overdue": self._list_of_overdue,
        }

    # -- counting -------------------------------------------------------------------------------------------------------

    @api.model
    def _settled(self, view):
        """Return what is settled of the year: rows of department id or False, month (``YYYY-MM-01``), result, number."""
        self.env["ops.obligation"].flush_model()
        domain = (
            self._domain(view) & Domain("period_month", ">=", date(view.year, 1, 1))
            & Domain("period_month", "<=", date(view.year, 12, 31))
        )
        groups = self.env["ops.obligation.stat"]._read_group(
            domain, ["department_id", "period_month:day"], [f"{result}_nbr:sum" for result in SETTLED],
            order="department_id, period_month:day",
        )
        for department, month, *numbers in groups:
            for result, number in zip(SETTLED, numbers, strict=True):
                if number:
                    yield department.id, fields.Date.to_string(month), result, number

    @api.model
    def _open(self, view):
        """Return what is open of the year, as ``_settled``, and what is overdue of any year: Counter group of age → number."""
        self.env["ops.obligation"].flush_model()
        rule = Domain.TRUE if self.env.su else self.env["ir.rule"]._compute_domain("ops.obligation.stat", "read")
        # sudo: by the rules of the figures, as what is settled; no name is among them
        obligations_sudo = self.env["ops.obligation"].sudo()
        query = obligations_sudo._search(Domain("state", "in", OPEN_STATES) & self._domain(view) & rule)
        columns = [SQL.identifier(query.table, name) for name in ("department_id", "company_id", "date_original", "date_due")]
        rows = self.env.execute_query(SQL(
            """
            SELECT item.department_id,
                   date_trunc('month', item.date_original AT TIME ZONE 'UTC' AT TIME ZONE company.zone)::date,
                   item.result,
                   width_bucket(EXTRACT(epoch FROM %(now)s - item.date_due)::float / 86400, %(ages)s),
                   count(*)
              FROM (%(items)s) AS item
              JOIN (%(zones)s) AS company ON company.id = item.company_id
          GROUP BY 1, 2, 3, 4
          ORDER BY 1, 2, 3, 4
            """,
            now=view.now, ages=[float(days) for days in AGES], zones=self.env["ops.obligation.stat"]._sql_zones(),
            items=query.select(*columns, SQL("%s AS result", self.env["ops.obligation.report"]._sql_result(query.table))),
        ))
        open_ = [
            (department or False, fields.Date.to_string(month), result, number)
            for department, month, result, _age, number in rows if month and month.year == view.year
        ]
        ages = Counter()
        for _department, _month, result, age, number in rows:
            if result in DUE:
                ages[age] += number
        return open_, ages

    @api.model
    def _sums(self, settled, open_):
        """Return the figures of a year: dict (department or ``ALL``, month or ``ALL``) → Counter of results and ``closed``."""
        sums = defaultdict(Counter)
        for rows, is_closed in ((settled, True), (open_, False)):
            for department, month, result, number in rows:
                for key in ((department, month), (department, ALL), (ALL, month), (ALL, ALL)):
                    sums[key][result] += number
                    if is_closed and result in DUE:
                        sums[key]["closed"] += number
        return sums

    @api.model
    def _rates(self, found):
        """Return ``due`` (number), ``on_time`` and ``closing`` (percent, False: nothing was due), ``coming`` (number)."""
        due = sum(found[result] for result in DUE)
        return {
            "due": due,
            "on_time": round(100 * found["met"] / due, 1) if due else False,
            "closing": round(100 * found["closed"] / due, 1) if due else False,
            "coming": found["pending"] + found["held"],
        }

    @api.model
    def _summary(self, found):
        """Return the rates, and the number of each of ``RESULTS``."""
        return {**self._rates(found), **{result: found[result] for result in RESULTS}}

    # -- words ----------------------------------------------------------------------------------------------------------

    @api.model
    def _names(self, departments):
        """Return departments with their names, in the order of the company: pairs; what is nobody's comes first."""
        known = self._departments_sudo().browse(departments - {False})
        named = sorted(((department.id, department.complete_name) for department in known), key=lambda item: item[1])
        return [*([(False, self.env._("Whole Company"))] if False in departments else []), *named]

    @api.model
    def _age_label(self, first, following):
        """Return a group of ages in words; both in days, ``following`` begins the next group."""
        if not first:
            return self.env._("Less than %s days", following)
        if not following:
            return self.env._("%s days and more", first)
        return self.env._("%(first)s to %(last)s days", first=first, last=following - 1)

    @api.model
    def _overdue_chart(self, ages):
        rows = [
            (str(group), self._age_label(first, following), "late" if group < 2 else "missed")
            for group, (first, following) in enumerate(zip((0, *AGES), (*AGES, None), strict=True))
        ]
        return self._chart(
            "overdue", self.env._("Overdue by Age"), self.env._("Nothing is overdue."), rows, [("", "", "")],
            {(str(group), ""): number for group, number in ages.items()},
        )

    # -- the lists behind the figures --------------------------------------------------------------------------------------

    @api.model
    def _list(self, view, name, domain):
        return "ops.obligation.report", name, self._domain(view) & domain

    @api.model
    def _when(self, view, month):
        """Return the domain of a month (``YYYY-MM-01``), or of the whole year.

        Months are those of each company's own time. The bounds, with a day for the time zones, leave out the other years before
        a month is worked out for each row, and an index can find what lies within.
        """
        if month:
            first = fields.Date.to_date(self._one_of(month, [f"{view.year}-{number:02}-01" for number in range(1, 13)]))
            after, months = fields.Date.add(first, months=1), Domain("period_month", "=", first)
        else:
            first, after = date(view.year, 1, 1), date(view.year + 1, 1, 1)
            months = Domain("period_month", ">=", first) & Domain("period_month", "<=", date(view.year, 12, 31))
        return (
            months & Domain("date_original", ">=", at_hour(first - DAY, 0.0, "UTC"))
            & Domain("date_original", "<", at_hour(after + DAY, 0.0, "UTC"))
        )

    @api.model
    def _whose(self, row):
        """Return the domain of a row of the heat map: a department's id, ``NOBODY`` for what is no department's, nothing for all."""
        if not row:
            return Domain.TRUE
        department = one_id(row)
        if not department:
            self._one_of(row, [NOBODY])
        return Domain("department_id", "=", department or False)

    @api.model
    def _list_of_due(self, view, row, column):
        return self._list(
            view, self.env._("Due by Now"), self._whose(row) & self._when(view, column) & Domain("result", "in", DUE)
        )

    @api.model
    def _list_of_coming(self, view, row, column):
        return self._list(
            view, self.env._("Still to Come"), self._whose(row) & self._when(view, column) & Domain("result", "in", ("pending", "held"))
        )

    @api.model
    def _list_of_result(self, view, row, column):
        result = self._one_of(row, RESULTS)
        name = dict(self.env["ops.obligation"]._fields["result"]._description_selection(self.env))[result]
        return self._list(view, name, self._when(view, column) & Domain("result", "=", result))

    @api.model
    def _list_of_overdue(self, view, row, column):
        domain = Domain("result", "in", ("late", "missed")) & Domain("date_done", "=", False)
        if row:
            group = int(self._one_of(row, [str(group) for group in range(len(AGES) + 1)]))
            if group:
                domain &= Domain("date_due", "<=", view.now - timedelta(days=AGES[group - 1]))
            if group < len(AGES):
                domain &= Domain("date_due", ">", view.now - timedelta(days=AGES[group]))
        return self._list(view, self.env._("Overdue"), domain)
