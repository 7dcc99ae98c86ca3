from datetime import date

from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.tools.misc import format_date

from ...tools import apportion
from .ops_plan_breakdown import PARTS
from .ops_plan_target import OWNERS


class OpsPlan(models.Model):
    """The breakdown as a grid: one call to load, one to save (``static/src/breakdown``)."""

    _inherit = "ops.plan"

    def get_breakdown(self):
        """Return the whole breakdown for the grid: one plain dict, in constant queries.

        ``rows``: goals with an indicator and initiatives, each with twelve ``cells`` (None where there is none yet), the
        ``year`` that they come to, the ``step`` in which it is counted, and ``additive``; ``weights`` for splitting.
        """
        self.ensure_one()
        self.check_access("read")
        plan_sudo = self.sudo()  # sudo: whoever reads the plan reads its lines
        actuals = self._actual_weights()
        return {
            "id": self.id, "year": plan_sudo.year, "can_edit": self.can_break_down, "version": plan_sudo.breakdown_version,
            "state": plan_sudo.state, "state_label": self._state_label(plan_sudo.state),
            "months": [
                {"key": f"{plan_sudo.year}-{month:02}", "label": format_date(
                    self.env, date(plan_sudo.year, month, 1), date_format="LLL"
                )} for month in range(1, apportion.MONTHS + 1)
            ],
            "workdays": plan_sudo._workday_weights(),
            "rows": [
                row for name in PARTS for row in self._breakdown_lines(plan_sudo[name], actuals if name == "goal_ids" else {})
            ],
        }

    @api.model
    def _breakdown_lines(self, records, actuals):
        rows, lines = records._breakdown_rows(), []
        for record in records.filtered(lambda record: record._is_broken_down()):
            cells = {row.month: row.value for row in rows[record.id]}
            is_goal = record._breakdown_field == "goal_id"
            lines.append({
                "key": f"{record._breakdown_field}:{record.id}", "id": record.id, "field": record._breakdown_field,
                "name": record.name, "kpi": record.kpi_id.display_name if is_goal else "",
                "unit": (record.kpi_id.currency_id.name or record.kpi_id.unit or "") if is_goal else "%",
                "additive": record._breakdown_is_additive(), "step": f"{record._breakdown_step():f}",
                "year": float(record._breakdown_year()), "open": list(record._breakdown_open()),
                "cells": [cells.get(month) for month in record._months()], "last_year": actuals.get(record.id),
            })
        return lines

    def save_breakdown(self, cells, version=None):
        """Save what was typed into the grid: all of it, or nothing when one line does not come to its year.

        :param cells: list of dicts ``goal_id`` or ``initiative_id``, ``month`` (2027-03), ``value``
        :param version: the ``version`` that the grid was loaded with; a stale one is refused
        :return: what :meth:`get_breakdown` returns now
        """
        self.ensure_one()
        self._check_breakdown_open()
        self._refuse_stale_breakdown(version)
        for name, values in self._read_cells(cells).items():
            records = self.sudo()[name]  # sudo: allowed just above
            if values:
                records.browse(values)._put_breakdowns(values)
        return self.get_breakdown()

    def _read_cells(self, cells):
        """Return the cells of a grid by part: dict ``goal_ids`` … → dict id → dict month → figure."""
        found = {name: {} for name in PARTS}
        known = {field: set(self.sudo()[name].ids) for field, name in zip(OWNERS, PARTS, strict=True)}  # sudo: as above
        wrong = ValidationError(self.env._(
            "Breakdown: give a list of cells, each with a goal or an initiative of this plan, a month and a figure."
        ))
        if not isinstance(cells, list | tuple):
            raise wrong
        year = self.sudo().year
        months = {f"{year}-{month:02}" for month in range(1, apportion.MONTHS + 1)}
        for cell in cells:
            if not isinstance(cell, dict) or set(cell) - {*OWNERS, "month", "value"}:
                raise wrong
            if not isinstance(cell.get("month"), str) or cell["month"] not in months:
                raise wrong
            owners = [(field, name) for field, name in zip(OWNERS, PARTS, strict=True) if cell.get(field)]
            value = cell.get("value")
            if len(owners) != 1 or isinstance(value, bool) or not isinstance(value, int | float):
                raise wrong
            field, name = owners[0]
            if not isinstance(cell[field], int) or cell[field] not in known[field]:
                raise wrong
            found[name].setdefault(cell[field], {})[cell["month"]] = value
        return found

    def _refuse_stale_breakdown(self, version):
        """Refuse to save over a change of the breakdown that the writer has not seen."""
        self._transition_lock()
        self.invalidate_recordset(["breakdown_version"], flush=False)
        if version is not None and version != self.sudo().breakdown_version:  # sudo: a counter
            raise ValidationError(self.env._(
                "%(plan)s: the breakdown was changed while you were editing. Load it again, then make your changes anew.",
                plan=self.display_name,
            ))
