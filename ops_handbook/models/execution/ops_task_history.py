from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..mixins.domains import flag_search

LONGEST = 120  # months that a chain is followed: ten years


class OpsTask(models.Model):
    """A task over several months: in which it was planned, since when, how often it was carried over."""

    _inherit = "ops.task"

    carry_count = fields.Integer(string="Times Carried Over", compute="_compute_history", help="How often it was not finished in its month.")
    carry_label = fields.Char(string="Carried Over", compute="_compute_history")
    history = fields.Char(string="Months", compute="_compute_history", help="In which months it was planned.")
    first_period = fields.Char(string="First Month", compute="_compute_history")
    original_end = fields.Date(compute="_compute_history", help="When it was to end in its first month.")
    is_repeated = fields.Boolean(
        string="Carried Over Repeatedly", compute="_compute_history", search="_search_is_repeated", help="Carried over twice or more."
    )

    @api.depends("carried_from_id", "period", "date_end")
    @api.depends_context("lang")
    def _compute_history(self):
        """Follow the chains of all tasks back to their first months, in one statement."""
        carried = self._origin.filtered("carried_from_id")
        chains = carried._chains() if carried else {}
        for task in self:
            chain = chains.get(task._origin.id) or [(task.id, task.period, task.date_end)]
            task.carry_count = len(chain) - 1
            task.is_repeated = len(chain) > 2
            task.first_period, task.original_end = chain[0][1:]
            task.history = " → ".join(filter(None, (period for _id, period, _end in chain)))
            task.carry_label = task._carry_in_words(len(chain) - 1)

    def _carry_in_words(self, count):
        if not count:
            return False
        return self.env._("Once") if count == 1 else self.env._("%(count)s times", count=count)

    def _chains(self):
        """Return the months before each task, oldest first, itself last: dict id → list of (task id, month, end)."""
        self.env["ops.task"].flush_model(["carried_from_id", "period", "date_end"])
        rows = self.env.execute_query(SQL(
            """
            WITH RECURSIVE chain AS (
                SELECT id AS task, id, carried_from_id, period, date_end, 0 AS depth FROM ops_task WHERE id IN %(ids)s
                UNION ALL
                SELECT chain.task, earlier.id, earlier.carried_from_id, earlier.period, earlier.date_end, chain.depth + 1
                  FROM chain
                  JOIN ops_task earlier ON earlier.id = chain.carried_from_id
                 WHERE chain.depth < %(longest)s
            )
            SELECT task, id, period, date_end FROM chain ORDER BY task, depth DESC
            """, ids=tuple(self.ids), longest=LONGEST,
        ))
        chains = {}
        for task, *item in rows:
            chains.setdefault(task, []).append(tuple(item))
        return chains

    @flag_search
    def _search_is_repeated(self):
        # sudo: whether the one before was carried over itself, also where the reader may not read that month
        before = self.sudo()._search([("carried_from_id", "!=", False)])
        return Domain("carried_from_id", "in", before)

    def action_open_history(self):
        """Open the months of these tasks: those before, and those in which they go on."""
        self.check_access("read")
        chains = self._chains() if self.ids else {}
        found = self.browse({item[0] for chain in chains.values() for item in chain})
        later = found
        for _step in range(LONGEST):
            if not (later := later._carried_on().with_env(self.env) - found):
                break
            found |= later
        return {
            **self._open_list(self.env._("Months of the Task"), [("id", "in", found.ids)], {"create": False}),
        }
