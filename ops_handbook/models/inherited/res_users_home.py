from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL


class ResUsers(models.Model):
    """In which departments somebody works: what is issued to them they may read."""

    _inherit = "res.users"

    # stored, because record rules read it literally on every request: no detour over the employee
    ops_home_department_ids = fields.Many2many(
        "hr.department", "ops_user_home_rel", "user_id", "department_id", string="Departments Worked In",
        context={"active_test": False}, readonly=True, copy=False,
        help="Departments in which the user works, and those above them up to the one whose plans they work by.",
    )

    @api.model
    def _ops_refresh_rights(self):
        differs = super()._ops_refresh_rights()
        return self._ops_refresh_homes() or differs

    @api.model
    def _ops_refresh_homes(self, users=None):
        """Bring up to date where people work; return whether anything was different.

        :param users: only these people (``res.users``); default: everybody
        """
        if not self.env["res.groups"]._get_group_definitions().get_id("ops_handbook.group_head_auto"):
            return False  # the addon is being removed
        if users is not None and not users:
            return False
        user_ids = users and users.ids
        wanted = self._ops_homes(user_ids)
        differs = self._ops_sync("ops_user_home_rel", "user_id", "department_id", wanted, within=user_ids)
        if differs:
            self.env["res.users"].invalidate_model(["ops_home_department_ids"], flush=False)
            self.env.registry.clear_cache()
        return differs

    @api.model
    def _ops_homes(self, user_ids=None):
        """Return in which departments people work, and which above keeps the plans for them: dict user id → set of ids."""
        self._ops_table("hr.version", "department_id")
        department = self._ops_table("hr.department", "parent_path", "ops_keeps_plans")
        keepers = {
            item: (path, keeps)
            for item, path, keeps in self.env.execute_query(SQL("SELECT id, parent_path, ops_keeps_plans FROM %s", department))
        }
        only = SQL("AND employee.user_id IN %s", tuple(user_ids)) if user_ids else SQL()
        homes = defaultdict(set)
        for user, item in self.env.execute_query(SQL(
            """
            SELECT employee.user_id, version.department_id
              FROM %s AS employee JOIN hr_version AS version ON version.id = employee.current_version_id
             WHERE employee.active AND employee.user_id IS NOT NULL AND version.department_id IS NOT NULL %s
            """,
            self._ops_table("hr.employee", "user_id", "active", "current_version_id"), only,
        )):
            homes[user].update(self._ops_way_home(item, keepers))
        return homes

    @api.model
    def _ops_way_home(self, department, keepers):
        """Return a department and those above it up to the first that keeps plans; only itself where none does."""
        way = []
        for item in map(int, reversed((keepers[department][0] or str(department)).strip("/").split("/"))):
            way.append(item)
            if keepers[item][1]:
                return way
        return way[:1]
