from collections import defaultdict
from itertools import chain

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ...tools import substitutes
from ...tools.roles import ROLE_GROUPS

# the group that a user gets while they stand in for somebody who holds the group named by the key
ACTING_GROUPS = {
    "ops_handbook.group_operations": "ops_handbook.group_operations_acting",
    "ops_handbook.group_gm_office": "ops_handbook.group_gm_office_acting",
    "ops_handbook.group_general_manager": "ops_handbook.group_general_manager_acting",
}
HEAD_BY_OFFICE = "ops_handbook.group_head_auto"
BY_OFFICE = {"ops_department_ids", "ops_principal_ids", "ops_home_department_ids"}  # written by the refresh alone


class ResUsers(models.Model):
    _inherit = "res.users"

    # Stored, because record rules read them literally on every request: no child_of, no detour over the employee.
    ops_department_ids = fields.Many2many(
        "hr.department",
        "ops_user_department_rel",
        "user_id",
        "department_id",
        string="Departments Acted For",
        context={"active_test": False},
        readonly=True,
        copy=False,
        help="Departments that the user, or somebody whom they substitute now, leads, and all below them.",
    )
    ops_principal_ids = fields.Many2many(
        "res.users",
        "ops_user_principal_rel",
        "user_id",
        "principal_id",
        string="Acts in the Name of",
        context={"active_test": False},
        readonly=True,
        copy=False,
        help="People who are away and whose substitute the user is now.",
    )

    # -- questions --------------------------------------------------------------------------------------------------

    def _ops_principals(self):
        """Return the user and everybody in whose name they may act now (a sudo recordset)."""
        user_sudo = self.sudo()  # sudo: whose substitute one is must be known before any access can be decided
        return user_sudo | user_sudo.ops_principal_ids

    def _ops_acts_for(self):
        """Return whom to reach instead of each of these users now: their substitute when away, otherwise themself.

        :return: dict user → user; one query whatever the number of users
        """
        present = substitutes.resolve(self.env["ops.substitution"]._running())
        return {user: self.browse(present.get(user.id, user.id)) for user in self}

    def _ops_offices(self):
        """Return the external ids of the groups of the offices that the user holds, in person or as a substitute."""
        return {office for office in ACTING_GROUPS if self.has_group(office)}

    @api.model
    def _ops_of_role(self, role, company):
        """Return the active internal users who hold an office in ``company``, in person or as a substitute.

        :param str role: a key of ``ROLE_GROUPS``
        :raise KeyError: no such office
        """
        group = self.env.ref(ROLE_GROUPS[role])
        # sudo: whom to reach does not depend on whom the current user may see
        return self.sudo().search(
            [("all_group_ids", "in", group.ids), ("share", "=", False), ("company_ids", "in", company.ids)]
        )

    # -- refresh ----------------------------------------------------------------------------------------------------

    @api.model
    def _ops_refresh_rights(self):
        """Bring departments, principals and groups by office up to date for all users; write only what differs.

        A fixed number of statements, whatever the number of users. Called by the hooks on departments, employees,
        users and substitutions, and every hour, because substitutions begin and end by the clock.

        :return: whether anything was different
        """
        if not self.env["res.groups"]._get_group_definitions().get_id(HEAD_BY_OFFICE):
            return False  # the addon is being removed
        acts_for = substitutes.principals(self.env["ops.substitution"]._running())
        led = self._ops_led_departments()
        departments = defaultdict(set, {user: set(ids) for user, ids in led.items()})
        for user, away in acts_for.items():
            departments[user].update(*(led.get(principal, ()) for principal in away))
        differs = [
            self._ops_sync("ops_user_department_rel", "user_id", "department_id", departments),
            self._ops_sync("ops_user_principal_rel", "user_id", "principal_id", acts_for),
            self._ops_sync_groups(acts_for, {user for user, ids in departments.items() if ids}),
        ]
        if any(differs):
            self._ops_rights_changed()
        return any(differs)

    def _ops_led_departments(self):
        """Return for each user the departments that they lead in person and all below: dict user id → set of ids.

        Archived departments give no right to whoever led them, but stay with whoever leads a department above.
        """
        rows = self.env.execute_query(SQL(
            """
            SELECT department.id, department.parent_path, department.active, head.id
              FROM %(department)s AS department
         LEFT JOIN %(employee)s AS employee ON employee.id = department.manager_id AND employee.active
         LEFT JOIN %(user)s AS head ON head.id = employee.user_id AND head.active AND NOT head.share
            """,
            department=self._ops_table("hr.department", "manager_id", "active"),
            employee=self._ops_table("hr.employee", "user_id", "active"),
            user=self._ops_table("res.users", "active", "share"),
        ))
        head_of = {department: head for department, _path, active, head in rows if active and head}
        led = defaultdict(set)
        for department, path, _active, _head in rows:
            for above in map(int, (path or "").split("/")[:-1]):
                if above in head_of:
                    led[head_of[above]].add(department)
        return led

    def _ops_table(self, model, *names):
        """Return the table of ``model`` for SQL, with the fields ``names`` flushed into it."""
        self.env[model].flush_model(names)
        return SQL.identifier(self.env[model]._table)

    def _ops_sync_groups(self, acts_for, heads):
        """Give and take the groups by office; ``heads`` are the ids of the users who act for any department."""
        group_id = self.env["res.groups"]._get_group_definitions().get_id
        holders, lending = self._ops_holders(), self._ops_lending(acts_for)
        wanted = {group_id(HEAD_BY_OFFICE): heads}
        for office, acting in ACTING_GROUPS.items():
            wanted[group_id(acting)] = {user for user, away in lending.items() if away & holders[office]}
        return self._ops_sync("res_groups_users_rel", "gid", "uid", wanted, within=list(wanted))

    def _ops_lending(self, acts_for):
        """Return of ``acts_for`` those who can lend an office: dict substitute id → ids of people who are away.

        Groups know no company: a substitute who works for a company in which the person does not would hold it there too.
        """
        if not acts_for:
            return {}
        companies = defaultdict(set)
        for user, company in self.env.execute_query(SQL(
            "SELECT user_id, cid FROM res_company_users_rel WHERE user_id IN %s", tuple({*acts_for, *chain(*acts_for.values())}),
        )):
            companies[user].add(company)
        return {user: {person for person in away if companies[user] <= companies[person]} for user, away in acts_for.items()}

    def _ops_holders(self):
        """Return who holds an office in their own right, not by standing in for somebody: dict group → user ids."""
        groups = self.env["res.groups"]._get_group_definitions()
        offices = defaultdict(set)  # group id → the offices that it gives
        for office, acting in ACTING_GROUPS.items():
            office_id = groups.get_id(office)
            for group in {office_id, *groups.get_subset_ids([office_id])} - {groups.get_id(acting)}:
                offices[group].add(office)
        holders = defaultdict(set)
        for group, user in self.env.execute_query(SQL(  # whoever has left lends nothing any more
            "SELECT held.gid, held.uid FROM res_groups_users_rel AS held"
            " JOIN %s AS person ON person.id = held.uid AND person.active WHERE held.gid IN %s",
            self._ops_table("res.users", "group_ids", "active"), tuple(offices),
        )):
            for office in offices[group]:
                holders[office].add(user)
        return holders

    def _ops_sync(self, table, key, value, wanted, within=None):
        """Make the pairs (key, value) of a relation table those of ``wanted``; return whether any differed.

        By SQL, since neither a department's hundred users nor their group touch any other field: all of them are
        internal users already, and stay so.

        :param dict wanted: key id → value ids
        :param list within: compare the rows of these keys only
        """
        names = {"table": SQL.identifier(table), "key": SQL.identifier(key), "value": SQL.identifier(value)}
        condition = SQL("WHERE %s IN %s", names["key"], tuple(within)) if within else SQL()
        found = set(self.env.execute_query(SQL(
            "SELECT %(key)s, %(value)s FROM %(table)s %(condition)s", condition=condition, **names
        )))
        pairs = {(left, right) for left, rights in wanted.items() for right in rights}
        if extra := found - pairs:
            self.env.execute_query(SQL(
                "DELETE FROM %(table)s WHERE (%(key)s, %(value)s) IN %(pairs)s", pairs=tuple(extra), **names
            ))
        if missing := pairs - found:
            lefts, rights = zip(*sorted(missing), strict=True)
            self.env.execute_query(SQL(
                "INSERT INTO %(table)s (%(key)s, %(value)s) SELECT * FROM unnest(%(lefts)s, %(rights)s) "
                "ON CONFLICT DO NOTHING",
                lefts=list(lefts), rights=list(rights), **names,
            ))
        return bool(extra or missing)

    def _ops_rights_changed(self):
        """Forget whatever was remembered about rights, in this transaction and in every worker."""
        self.env["res.users"].invalidate_model([*BY_OFFICE, "group_ids", "all_group_ids"], flush=False)
        self.env["res.groups"].invalidate_model(["user_ids", "all_user_ids"], flush=False)
        self.env.registry.clear_cache()

    @api.model
    def _ops_cron_rights(self):
        """Hourly, and at the minute when a substitution begins or ends: refresh, and tell new substitutes."""
        self._ops_refresh_rights()
        self.env["ops.substitution"]._announce()

    # -- hooks ------------------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._ops_refuse_by_office(vals)
        return super().create(vals_list)  # nobody leads or substitutes before they exist: nothing to refresh

    def write(self, vals):
        self._ops_refuse_by_office(vals)
        result = super().write(vals)
        if vals.keys() & {"active", "group_ids", "company_ids"}:
            self._ops_refresh_rights()
        return result

    def unlink(self):
        result = super().unlink()
        self._ops_refresh_rights()
        return result

    def _ops_refuse_by_office(self, vals):
        if BY_OFFICE & vals.keys():
            raise AccessError(self.env._(
                "Departments and principals of a user follow from the departments' managers and from substitutions: "
                "change those instead."
            ))
