from odoo import api, fields, models
from odoo.tools import SQL

from ..mixins.domains import flag_search


class OpsWorkLogRate(models.Model):
    """How many of the logs that were owed have been written (M4): by department and day, without people.

    The figures of M4: no obligation is ever made for it (``keeps_rows`` off), so it stands in no other figure.
    """

    _name = "ops.work.log.rate"
    _description = "Rate of Work Logs"
    _inherit = ["ops.work.log.owed.mixin"]
    _auto = False
    _order = "date desc, department_id, id"
    _rec_name = "department_id"

    department_id = fields.Many2one("hr.department", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    date = fields.Date(string="Day", readonly=True)
    owed_nbr = fields.Integer(string="Logs Owed", readonly=True, aggregator="sum")
    logged_nbr = fields.Integer(string="Logs Written", readonly=True, aggregator="sum")
    missing_nbr = fields.Integer(string="Missing Logs", readonly=True, aggregator="sum")
    rate = fields.Float(
        string="Logs Written (%)", readonly=True, aggregator="avg", help="Of the days on which somebody had a task in progress."
    )
    in_my_departments = fields.Boolean(compute="_compute_in_my_departments", search="_search_in_my_departments")

    @property
    def _table_query(self):
        first, last = self._asked_days()
        return SQL(
            """
            SELECT (COALESCE(department_id, 0)::bigint << 29) + ((company_id & 4095) << 17) + (day - %s) AS id,
                   department_id, company_id, day AS date, owed_nbr, logged_nbr, owed_nbr - logged_nbr AS missing_nbr,
                   100.0 * logged_nbr / owed_nbr AS rate
              FROM (%s) AS figures
            """,
            self._days_epoch, self._figures_sql(self._owed(first, last, self._asked_companies()), ", day"),
        )

    @api.model
    def _figures_sql(self, owed, by=""):
        return SQL(
            """
            SELECT department_id, company_id %(by)s, COUNT(*)::int AS owed_nbr, COUNT(log_id)::int AS logged_nbr
              FROM (%(owed)s) AS owed
             GROUP BY department_id, company_id %(by)s
            """,
            by=SQL(by), owed=owed,
        )

    @api.model
    def _figures(self, date_from, date_to, companies=None):
        """Return the figures of M4 with one statement: dict department id (None where nobody knows) → (owed, written).

        :param date date_from, date_to: first and last local day, both included
        :param companies: whose people; default: the companies in which the user works now
        """
        figures = {}
        for department, _company, owed, logged in self.env.execute_query(
            self._figures_sql(self._owed(date_from, date_to, companies))
        ):
            before = figures.get(department, (0, 0))
            figures[department] = (before[0] + owed, before[1] + logged)
        return figures

    def _read_group_select(self, aggregate_spec, query):
        """The rate of a group is that of its logs, not the mean of its days."""
        if aggregate_spec == "rate:avg":
            return SQL(
                "100.0 * SUM(%(logged)s) / NULLIF(SUM(%(owed)s), 0)",
                logged=self._field_to_sql(self._table, "logged_nbr", query),
                owed=self._field_to_sql(self._table, "owed_nbr", query),
            )
        return super()._read_group_select(aggregate_spec, query)

    @api.depends("department_id")
    @api.depends_context("uid")
    def _compute_in_my_departments(self):
        mine = set(self.env.user.sudo().ops_department_ids.ids)  # sudo: one's own departments
        for row in self:
            row.in_my_departments = row.department_id.id in mine

    @flag_search
    def _search_in_my_departments(self):
        # sudo: one's own departments
        return [("department_id", "in", self.env.user.sudo().ops_department_ids.ids)]
