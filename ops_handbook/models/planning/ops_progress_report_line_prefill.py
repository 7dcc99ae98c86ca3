from odoo import api, models

from ...tools import token

FIGURE = ("actual", "is_zero")
TYPED = (*FIGURE, "cause")  # what is filled in and may be typed over
HELPERS = {"thresholds", "additive", "better", "name"}  # what a row says besides the columns


class OpsProgressReportLine(models.Model):
    """Lines made, brought up to date and taken out by the prefill; see ``ops_progress_report_prefill.py`` for the rows."""

    _inherit = "ops.progress.report.line"

    @api.model
    def _make(self, rows):
        """Make lines (superuser) from the rows of the prefill; all that is computed is computed here, once."""
        vals_list = []
        for row in rows:
            figures = self._figures_of(row)
            vals_list.append({
                **self._columns(row), **figures, "light": figures["light_proposed"], "prefilled": self._filled_in(row),
                "name": row["name"], "kind": "goal" if row["goal_id"] else "initiative",
            })
        if vals_list:
            token.marked(self).create(vals_list)

    def _fill_in(self, row):
        """Bring a line (superuser) up to date; what differs from what was filled in before was typed and stays."""
        self.ensure_one()
        values, filled = self._columns(row), self.prefilled or {}
        measured_anew = self.kpi_id.id != row["kpi_id"]  # a figure of one indicator says nothing of another
        for name in TYPED:
            if measured_anew and name in FIGURE:
                continue
            if not self._same(self[name], filled.get(name)):
                values.pop(name)
        changed = {
            name: value for name, value in values.items()
            if (self[name].id if self._fields[name].relational else self[name]) != value
        }
        changed["prefilled"] = self._filled_in(row)
        token.marked(self).write(changed)

    @api.model
    def _take_out(self, lines):
        token.marked(self.browse([line.id for line in lines])).unlink()

    @api.model
    def _columns(self, row):
        """Return of a row of the prefill what is stored as it is."""
        return {name: value for name, value in row.items() if name not in HELPERS}

    @api.model
    def _figures_of(self, row):
        return self._figures(
            row["additive"], row["better"], row["thresholds"], actual=row["actual"], before=row["actual_before"],
            target=row["target_to_date"] if row["has_target"] else None,
        )

    @api.model
    def _filled_in(self, row):
        return {name: row[name] for name in TYPED}

    @api.model
    def _same(self, typed, filled):
        if isinstance(typed, float) or isinstance(filled, float):
            return abs((typed or 0.0) - (filled or 0.0)) < 1e-6
        return (typed or False) == (filled or False)

    @api.model
    def _filled_names(self):
        """Return the names of the fields that the prefill compares: they are read together."""
        return ["goal_id", "initiative_id", "kpi_id", "sequence", "has_target", "target", "target_to_date", "actual_before",
                "previous_id", "prefilled", *TYPED]
