from datetime import date

from odoo import api, models
from odoo.fields import Domain

from ...tools.moments import at_hour


class OpsCockpit(models.AbstractModel):
    """Reminder letters issued in the year, by the number of the letter."""

    _inherit = "ops.cockpit"

    @api.model
    def _charts(self, view):
        groups = self.env["ops.reminder.letter"]._read_group(
            self._letters(view), ["level"], ["__count"], order="level"
        )
        label = self.env["ops.reminder.level"]._label
        return [*super()._charts(view), self._chart(
            "letters", self.env._("Letters Issued"), self.env._("No reminder letter of this year is yours to read."),
            [(str(level), label(level), "late" if level == 1 else "missed") for level, _number in groups], [("", "", "")],
            {(str(level), ""): number for level, number in groups},
        )]

    @api.model
    def _figures(self):
        return super()._figures() | {"letters": self._list_of_letters}

    @api.model
    def _letters(self, view):
        """Return the domain of the letters issued in the year, by the clock of the chosen company."""
        tz = self.env.company._ops_tz()
        return (
            self._domain(view) & Domain(self.env["ops.obligation"]._letters_issued())
            & Domain("issued_on", ">=", at_hour(date(view.year, 1, 1), 0.0, tz))
            & Domain("issued_on", "<", at_hour(date(view.year + 1, 1, 1), 0.0, tz))
        )

    @api.model
    def _list_of_letters(self, view, row, column):
        domain = self._letters(view)
        if row:
            domain &= Domain("level", "=", int(self._one_of(row, [str(level) for level in range(1, 100)])))
        return "ops.reminder.letter", self.env._("Letters Issued"), domain
