from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..mixins.domains import flag_search

# CASE: see ops_work_log_owed_sql; a plain IS NULL becomes a join of which the planner expects nothing
WITHOUT_LOG = SQL("CASE WHEN log_id IS NULL THEN TRUE ELSE FALSE END")


class OpsWorkLogMissing(models.Model):
    """The logs that are missing (M4): a working day, somebody at work with a task in progress, and no log.

    Computed in one statement whenever it is asked for, never stored. A person sees their own, heads those of their people.
    """

    _name = "ops.work.log.missing"
    _description = "Missing Work Log"
    _inherit = ["ops.work.log.owed.mixin"]
    _auto = False
    _order = "date desc, owner_id, id"
    _rec_name = "date"

    owner_id = fields.Many2one("res.users", string="Person", readonly=True)
    date = fields.Date(string="Day", readonly=True)
    department_id = fields.Many2one("hr.department", readonly=True, help="Where the person worked then.")
    company_id = fields.Many2one("res.company", readonly=True)
    nbr = fields.Integer(string="Missing Logs", readonly=True, aggregator="sum")
    can_write = fields.Boolean(compute="_compute_can_write", help="The current user may still write the log of this day.")
    is_mine = fields.Boolean(string="Mine", compute="_compute_is_mine", search="_search_is_mine")
    in_my_departments = fields.Boolean(compute="_compute_is_mine", search="_search_in_my_departments")

    @property
    def _table_query(self):
        first, last = self._asked_days()
        return SQL(
            """
            SELECT (owed.user_id::bigint << 17) + (owed.day - %s) AS id, owed.user_id AS owner_id, owed.day AS date,
                   owed.department_id, owed.company_id, 1 AS nbr
              FROM (%s) AS owed
             WHERE %s
            """,
            self._days_epoch, self._owed(first, last, self._asked_companies()), WITHOUT_LOG,
        )

    @api.depends("owner_id", "department_id")
    @api.depends_context("uid")
    def _compute_is_mine(self):
        mine = set(self.env.user.sudo().ops_department_ids.ids)  # sudo: one's own departments
        for row in self:
            row.is_mine = row.owner_id == self.env.user
            row.in_my_departments = row.department_id.id in mine

    @api.depends("owner_id", "date", "company_id")
    @api.depends_context("uid")
    def _compute_can_write(self):
        logs = self.env["ops.work.log"]
        first = {company: logs._writable_days(company)[0] for company in self.company_id}
        for row in self:
            row.can_write = row.owner_id == self.env.user and row.date >= first[row.company_id]

    @flag_search
    def _search_is_mine(self):
        return [("owner_id", "in", [self.env.uid])]

    @flag_search
    def _search_in_my_departments(self):
        # sudo: one's own departments
        return [("department_id", "in", self.env.user.sudo().ops_department_ids.ids)]

    @api.depends("owner_id", "date")
    def _compute_display_name(self):
        for row in self:
            row.display_name = f"{row.owner_id.name} · {fields.Date.to_string(row.date)}" if row.date else ""

    @api.model
    def _missing(self, date_from, date_to, users=None, companies=None):
        """Return the missing logs of any number of people with one statement (M4).

        :param date date_from, date_to: first and last local day, both included
        :param users: only these people; default: all
        :param companies: whose people; default: the companies in which the user works now
        :return: list of (user id, date, department id or None, company id), by person and day
        """
        return self.env.execute_query(self._missing_sql(date_from, date_to, users, companies))

    @api.model
    def _missing_sql(self, date_from, date_to, users=None, companies=None):
        """Return the statement of :meth:`_missing`."""
        return SQL(
            "SELECT user_id, day, department_id, company_id FROM (%s) AS owed WHERE %s ORDER BY user_id, day",
            self._owed(date_from, date_to, companies, users), WITHOUT_LOG,
        )

    def action_open_log(self):
        """Open the log of this day in the quick entry, to write it while there is time.

        :raise UserError: it is somebody else's, or the day is closed
        """
        self.ensure_one()
        self.check_access("read")
        if self.owner_id != self.env.user:
            raise UserError(self.env._("Day: %(person)s writes this log.", person=self.owner_id.name))
        logs = self.env["ops.work.log"]
        first, _today = logs._writable_days(self.company_id)
        if self.date < first:
            raise UserError(logs._too_late(self.date, first))
        return {**logs.action_open_today(), "params": {"day": fields.Date.to_string(self.date), "owner_id": self.env.uid}}
