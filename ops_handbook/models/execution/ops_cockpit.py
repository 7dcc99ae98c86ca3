from odoo import api, models
from odoo.fields import Domain

# in the order of their life; what is cancelled counts nowhere
TONES = {"todo": "none", "progress": "pending", "done": "met", "unfinished": "missed"}


class OpsCockpit(models.AbstractModel):
    """The tasks of the year by state, and those that run past their end."""

    _inherit = "ops.cockpit"

    @api.model
    def _charts(self, view):
        tasks, counts = self.env["ops.task"], {}
        for column, domain in self._columns(view).items():
            groups = tasks._read_group(self._tasks(view) & domain, ["state"], ["__count"], order="state")
            counts.update({(state, column): number for state, number in groups})
        labels = dict(tasks._fields["state"]._description_selection(self.env))
        return [*super()._charts(view), self._chart(
            "tasks", self.env._("Tasks of the Year"), self.env._("No tasks in this year."),
            [(state, labels[state], tone) for state, tone in TONES.items()],
            [("time", self.env._("In time"), ""), ("late", self.env._("Past their end"), "late")], counts,
        )]

    @api.model
    def _figures(self):
        return super()._figures() | {"tasks": self._list_of_tasks}

    @api.model
    def _tasks(self, view):
        return (
            self._domain(view) & Domain("period", ">=", f"{view.year}-01") & Domain("period", "<=", f"{view.year}-12")
            & Domain("state", "in", list(TONES))
        )

    @api.model
    def _columns(self, view):
        """Return the domains of what is in time, and of what is open past its end."""
        return {
            "time": Domain("state", "not in", ("todo", "progress")) | Domain("date_end", "=", False)
            | Domain("date_end", ">=", view.today),
            "late": Domain("state", "in", ("todo", "progress")) & Domain("date_end", "<", view.today),
        }

    @api.model
    def _list_of_tasks(self, view, row, column):
        domain = self._tasks(view)
        if row:
            domain &= Domain("state", "=", self._one_of(row, TONES))
        if column:
            columns = self._columns(view)
            domain &= columns[self._one_of(column, columns)]
        return "ops.task", self.env._("Tasks"), domain
