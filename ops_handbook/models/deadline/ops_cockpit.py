from collections import namedtuple
from datetime import date

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_date

from ...tools import clock
from ...tools.ids import one_id

WHOLE = ("ops_handbook.group_operations", "ops_handbook.group_gm_office", "ops_handbook.group_general_manager")
HEAD = "ops_handbook.group_head"
YEARS = 10  # that one may choose from
FIRST = 1970  # earlier years have no deadlines, and time zones no clocks
# what is looked at: ``year``, the chosen department's id or False, ids of the departments that count (None: all), the present
# moment (naive UTC) and day of the chosen company
View = namedtuple("View", ("year", "department", "departments", "now", "today"))


class OpsCockpit(models.AbstractModel):
    """How well a year runs, on one screen: for heads their departments, for the offices the company.

    Each process adds its charts by ``_charts``. A figure opens the list that it counts, by ``_figures``: the list is searched
    by the domain that was counted.
    """

    _name = "ops.cockpit"
    _description = "Cockpit"

    @api.model
    def get_data(self, year=None, department_id=None):
        """Return the whole screen in one call, in a number of statements that does not grow with the records.

        :param int year: default: this year
        :param int department_id: with those below it; default: all that the user may look at
        :return: dict with ``now`` (UTC), ``year``, ``years`` to choose from, ``department``, ``departments`` (dicts ``id``,
            ``name``), ``months`` (twelve dicts ``key``, ``label``), ``started``, and what ``_deadlines`` gives
        :raise AccessError: the cockpit is that of heads, operations, the GM office and the general manager
        """
        view = self._view(year, department_id)
        return {
            "now": fields.Datetime.to_string(view.now),
            "year": view.year,
            "years": self._years(view),
            "department": view.department,
            "departments": self._departments(),
            "months": [self._month(view.year, month) for month in range(1, 13)],
            "started": any(self.env.companies.sudo().mapped("ops_started")),  # sudo: whether the engine runs is no secret
            **self._deadlines(view),
        }

    @api.model
    def action_open_figure(self, figure=None, row=None, column=None, year=None, department_id=None):
        """Open the list behind a figure.

        :param str figure: a key of ``_figures``, as ``get_data`` names it beside the figure
        :param row: which row of a chart or table, as ``get_data`` gives it as ``key``
        :param column: which column
        :param int year: as of ``get_data``
        :param int department_id: as of ``get_data``
        :raise ValidationError: there is no such figure
        """
        view, figures = self._view(year, department_id), self._figures()
        model, name, domain = figures[self._one_of(figure, figures)](view, row, column)
        return {
            "type": "ir.actions.act_window",
            "res_model": model,
            "name": name,
            "views": [(False, "list"), (False, "kanban"), (False, "form")],
            "mobile_view_mode": "kanban",
            "domain": list(domain),
            "context": {"create": False},
        }

    # -- for the processes to extend ------------------------------------------------------------------------------------

    @api.model
    def _charts(self, view):
        """Return the charts beside the deadlines, in their order: list of dicts.

        ``key``: of ``_figures``, ``title``, ``empty`` (what is said when all is nought), ``columns`` and ``rows`` (dicts
        ``key``, ``label``, ``tone``), ``cells``: for each row a list of numbers, one for each column.
        """
        return []

    @api.model
    def _figures(self):
        """Return how lists are found: dict key → function of view, row and column → (model, name of the list, domain)."""
        return {}

    @api.model
    def _one_of(self, value, known):
        """Return a key that a client sent.

        :raise ValidationError: it is none of ``known``
        """
        if not isinstance(value, str) or value not in known:
            raise ValidationError(self.env._("Figure: the cockpit has none of this name. Load the page again."))
        return value

    @api.model
    def _chart(self, key, title, empty, rows, columns, counts):
        """Return a chart of ``_charts``.

        :param rows: tuples of key, label, tone (of the colours of results)
        :param columns: as ``rows``
        :param counts: dict (key of the row, key of the column) → number
        """
        def named(entries):
            return [{"key": entry, "label": label, "tone": tone} for entry, label, tone in entries]

        return {
            "key": key, "title": title, "empty": empty, "rows": named(rows), "columns": named(columns),
            "cells": [[counts.get((row[0], column[0]), 0) for column in columns] for row in rows],
        }

    # -- whose ----------------------------------------------------------------------------------------------------------

    @api.model
    def _view(self, year, department_id):
        """Return what is looked at, as the user may (:class:`View`)."""
        user = self.env.user
        if not self.env.su and not any(user.has_group(group) for group in (*WHOLE, HEAD)):
            raise AccessError(self.env._(
                "The cockpit is for heads of departments, operations, the GM office and the general manager."
            ))
        now, today = clock.now(), clock.today(self.env.company._ops_tz())
        year = year if type(year) is int and FIRST <= year < date.max.year else today.year
        allowed, chosen = self._allowed(), one_id(department_id)
        below = self._below(chosen) if chosen else None
        if below and allowed is not None:
            below = [department for department in below if department in allowed]
        return View(year, chosen if below else False, below or allowed, now, today)

    @api.model
    def _allowed(self):
        """Return the ids of the departments that the user may look at; None: all of the companies chosen."""
        user = self.env.user
        if self.env.su or any(user.has_group(group) for group in WHOLE):
            return None
        return sorted(user.ops_department_ids.ids)

    @api.model
    def _below(self, department_id):
        """Return the ids of a department of the companies chosen and of all below it; empty when there is none."""
        # sudo: which departments there are is no secret of hr; what counts of them is asked with the user's rights
        return self._departments_sudo().search([("id", "child_of", department_id), *self._of_companies()]).ids

    @api.model
    def _departments_sudo(self):
        return self.env["hr.department"].sudo().with_context(active_test=False)  # sudo: see _below

    @api.model
    def _of_companies(self):
        return [("company_id", "in", [*self.env.companies.ids, False])]

    @api.model
    def _departments(self):
        """Return the departments that one may choose: dicts ``id``, ``name`` (with those above it)."""
        allowed, domain = self._allowed(), Domain(self._of_companies()) & Domain("active", "=", True)
        if allowed is not None:
            domain &= Domain("id", "in", allowed)
        found = self._departments_sudo().search_fetch(domain, ["name", "complete_name"])
        return [
            {"id": department.id, "name": department.complete_name} for department in found.sorted("complete_name")
        ]

    @api.model
    def _domain(self, view, name="department_id"):
        """Return the domain of what belongs to the departments looked at; ``name``: the field that says whose it is."""
        return Domain.TRUE if view.departments is None else Domain(name, "in", view.departments)

    # -- when -----------------------------------------------------------------------------------------------------------

    @api.model
    def _years(self, view):
        """Return the years to choose from, the latest first: since the company started, this one, the one shown."""
        # sudo: since when the engine runs is no secret
        starts = [start.year for start in self.env.companies.sudo().mapped("ops_start_date") if start]
        first = max(min([*starts, view.today.year]), view.today.year - YEARS)
        return sorted({*range(first, view.today.year + 1), view.year}, reverse=True)

    @api.model
    def _month(self, year, month):
        first = date(year, month, 1)
        return {"key": fields.Date.to_string(first), "label": format_date(self.env, first, date_format="MMM")}
