from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain

from .ops_problem import LEVELS

AGES = (7, 30)  # days since a problem was reported at which another group begins
TONES = ("pending", "late", "missed")  # of these groups


class OpsCockpit(models.AbstractModel):
    """The problems that are open, by their level and by how long ago they were reported."""

    _inherit = "ops.cockpit"

    @api.model
    def _charts(self, view):
        problems, counts = self.env["ops.problem"], {}
        for number, age in enumerate(self._ages(view)):
            for level, count in problems._read_group(self._problems(view) & age, ["level"], ["__count"], order="level"):
                counts[level, str(number)] = count
        labels = dict(problems._fields["level"]._description_selection(self.env))
        return [*super()._charts(view), self._chart(
            "problems", self.env._("Open Problems"), self.env._("No problem is open."),
            [(level, labels[level], "") for level, _label in LEVELS],
            [
                (str(number), self._age_label(first, following), TONES[number])
                for number, (first, following) in enumerate(zip((0, *AGES), (*AGES, None), strict=True))
            ],
            counts,
        )]

    @api.model
    def _figures(self):
        return super()._figures() | {"problems": self._list_of_problems}

    @api.model
    def _problems(self, view):
        """Return the domain of what is open now: the responsible department's, until there is one the reporter's."""
        mine = self._domain(view, "responsible_department_id")
        if view.departments is not None:
            mine |= Domain("responsible_department_id", "=", False) & self._domain(view)
        closed = self.env["ops.problem"]._flow_closed
        return mine & Domain("state", "not in", ["draft", *closed])

    @api.model
    def _ages(self, view):
        """Return the domains of the groups of ages, the youngest first."""
        edges = [view.now - timedelta(days=days) for days in AGES]
        return [
            Domain.AND([
                Domain("submitted_on", ">", later) if later else Domain.TRUE,
                Domain("submitted_on", "<=", earlier) if earlier else Domain.TRUE,
            ])
            for earlier, later in zip((None, *edges), (*edges, None), strict=True)
        ]

    @api.model
    def _list_of_problems(self, view, row, column):
        domain = self._problems(view)
        if row:
            domain &= Domain("level", "=", self._one_of(row, dict(LEVELS)))
        if column:
            domain &= self._ages(view)[int(self._one_of(column, [str(number) for number in range(len(AGES) + 1)]))]
        return "ops.problem", self.env._("Open Problems"), domain
