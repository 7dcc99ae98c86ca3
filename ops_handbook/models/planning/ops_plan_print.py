from datetime import date

from odoo import api, models
from odoo.tools.misc import format_date, formatLang


class OpsPlan(models.Model):
    """What the prints of forms 1 and 2 show of the breakdown."""

    _inherit = "ops.plan"

    def _print_breakdown(self):
        """Return the breakdown by month and quarter in words of the language: list of dicts, goals first.

        Each has ``name``, ``unit``, ``cells`` (three months, then their quarter, four times), ``year`` and ``kind``.
        """
        self.ensure_one()
        plan_sudo = self.sudo()  # sudo: whoever reads the plan reads its months
        months = {}
        for target in plan_sudo.target_ids:
            months.setdefault(target.goal_id or target.initiative_id, {})[int(target.month[5:7]) - 1] = target.value
        return [
            self._print_breakdown_row(owner, months[owner], quarters, year)
            for owner, quarters, year in plan_sudo._breakdown_quarters()[self.id]
        ]

    def _print_breakdown_row(self, owner, months, quarters, year):
        is_goal = owner._name == "ops.plan.goal"
        kpi = owner.kpi_id if is_goal else None
        values = [*months.values(), *(value for value in quarters if value is not None)]
        digits = (kpi.digits if kpi else 2) if any(value != int(value) for value in values) else 0
        cells = []
        for quarter in range(4):
            cells += [(self._print_figure(months.get(month), digits), False) for month in range(quarter * 3, quarter * 3 + 3)]
            cells.append((self._print_figure(quarters[quarter], digits), True))
        return {
            "name": owner.name, "kind": "goal" if is_goal else "initiative",
            "unit": ((kpi.currency_id.name or kpi.unit or "") if kpi else "") if is_goal else "%",
            "cells": cells, "year": self._print_figure(year, digits),
        }

    @api.model
    def _print_figure(self, value, digits=2):
        """Return a figure with the separators of the language; '' where there is none."""
        return "" if value is None else formatLang(self.env, value, digits=digits)

    @api.model
    def _print_plain(self, value):
        """Return a figure with as many decimals as it has."""
        text = f"{value or 0:.6f}".rstrip("0")
        return self._print_figure(value or 0.0, len(text) - text.index(".") - 1)

    @api.model
    def _print_months(self):
        """Return the short names of the months in the language."""
        return [format_date(self.env, date(2027, month, 1), date_format="MMM") for month in range(1, 13)]

    @api.model
    def _print_size(self, row):
        """Return how large the figures of a row can be printed so that 17 columns fit on the sheet (px)."""
        longest = max(len(text) for text, _is_quarter in [*row["cells"], (row["year"], True)])
        return 11 if longest <= 7 else 10 if longest <= 9 else 8 if longest <= 11 else 7


class OpsCycle(models.Model):
    _inherit = "ops.cycle"

    def _print_plans(self):
        """Return what the company's plan consists of: list of (plan, its version in force), released plans that the user reads."""
        self.ensure_one()
        plans = self.env["ops.plan"].search([("cycle_id", "=", self.id), ("state", "in", ("released", "closed"))])
        versions = self.env["ops.plan.version"].search([("plan_id", "in", plans.ids)], order="version")
        latest = {version.plan_id.id: version for version in versions}
        printed = [version.id for version in latest.values()]  # of these alone the bodies are read
        return [(plan, latest[plan.id].with_prefetch(printed)) for plan in plans if plan.id in latest]

    def _print_waiting(self):
        """Return the departments of which no plan is released yet, by name."""
        self.ensure_one()
        # sudo: that something is missing is no secret of what it says
        cycle_sudo = self.sudo()
        released = cycle_sudo.plan_ids.filtered(lambda plan: plan.state in ("released", "closed")).department_id
        return (cycle_sudo.department_ids - released).mapped("name")
