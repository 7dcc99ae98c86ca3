from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL


class OpsArticle(models.Model):
    """For whom an article is: departments with those below them, roles, and the company with its branches."""

    _inherit = "ops.article"

    # Stored, because record rules read them on every request; empty: everybody. Kept by _refresh_scopes.
    scope_department_ids = fields.Many2many(
        "hr.department", "ops_article_scope_department_rel", "article_id", "department_id", string="For Departments",
        context={"active_test": False}, readonly=True, copy=False, help="With those below them; empty: all.",
    )
    scope_group_ids = fields.Many2many(
        "res.groups", "ops_article_scope_group_rel", "article_id", "group_id", string="For Roles", readonly=True, copy=False,
        help="Empty: every employee.",
    )

    # -- the two directions --------------------------------------------------------------------------------------------

    def _effective_scope(self):
        """Return for whom each of these articles is: dict article id → dict with ``departments`` (those below included),
        ``groups`` and ``company`` (it and its branches); each empty where nothing is narrowed. All sudo.
        """
        # sudo: for whom an article is does not depend on what the current user may read of it
        return {
            article.id: {
                "departments": article.scope_department_ids, "groups": article.scope_group_ids, "company": article.company_id,
            }
            for article in self.sudo()
        }

    def _in_scope_of(self, user):
        """Return those of these articles that are written for ``user``, published or not; a constant number of statements."""
        user_sudo = user.sudo()  # sudo: where somebody works and what they hold decides
        if user_sudo.share or not user_sudo.active:
            return self.browse()
        companies, groups = user_sudo.company_ids.parent_ids, user_sudo.all_group_ids
        departments = user_sudo.ops_home_department_ids
        scopes = self._effective_scope()

        def concerns(article):
            scope = scopes[article.id]
            return (
                (not scope["company"] or scope["company"] in companies)
                and (not scope["departments"] or bool(scope["departments"] & departments))
                and (not scope["groups"] or bool(scope["groups"] & groups))
            )

        return self.filtered(concerns)

    def _users_in_scope(self):
        """Return for whom each of these articles is written: dict article id → active internal users (sudo).

        A constant number of statements, whatever the number of articles and users.
        """
        keys = {
            article_id: (scope["company"].id, frozenset(scope["departments"].ids), frozenset(scope["groups"].ids))
            for article_id, scope in self._effective_scope().items()
        }
        people = self._people_of_scopes(set(keys.values())) if keys else {}
        users_sudo = self.env["res.users"].sudo()  # sudo: whom to reach does not depend on whom the current user may see
        found = {key: users_sudo.browse(sorted(ids)) for key, ids in people.items()}
        return {article_id: found[key] for article_id, key in keys.items()}

    @api.model
    def _people_of_scopes(self, keys):
        """Return who is in each scope: dict (company id or False, department ids, group ids) → set of user ids."""
        users, homes = self._people_companies(), self._people_homes()
        below = self.env["res.company"].sudo()._ops_article_companies({key[0] for key in keys})  # sudo: the tree only
        groups = self._people_groups(set().union(*(key[2] for key in keys)))
        result = {}
        for key in keys:
            company, departments, roles = key
            result[key] = {
                user for user, companies in users.items()
                if (not company or companies & below[company])
                and (not departments or homes[user] & departments)
                and (not roles or any(user in groups[role] for role in roles))
            }
        return result

    @api.model
    def _people_companies(self):
        """Return the companies of all active internal users: dict user id → set of company ids."""
        self.env["res.users"].flush_model(["active", "share", "company_ids"])
        return {user: set(companies) for user, companies in self.env.execute_query(SQL(
            """
            SELECT person.id, array_agg(works.cid)
              FROM res_users AS person JOIN res_company_users_rel AS works ON works.user_id = person.id
             WHERE person.active AND NOT person.share
          GROUP BY person.id
            """
        ))}

    @api.model
    def _people_homes(self):
        """Return in which departments people work: dict user id → set of department ids."""
        field, homes = self.env["res.users"]._fields["ops_home_department_ids"], defaultdict(set)
        for user, department in self.env.execute_query(SQL(
            "SELECT %s, %s FROM %s",
            SQL.identifier(field.column1), SQL.identifier(field.column2), SQL.identifier(field.relation),
        )):
            homes[user].add(department)
        return homes

    @api.model
    def _people_groups(self, group_ids):
        """Return who holds each group, also by one that implies it: dict group id → set of user ids."""
        if not group_ids:
            return {}
        definitions = self.env["res.groups"]._get_group_definitions()
        givers = {group: {group, *definitions.get_subset_ids([group])} for group in group_ids}
        self.env["res.users"].flush_model(["group_ids"])
        members = defaultdict(set)
        for group, user in self.env.execute_query(SQL(
            "SELECT gid, uid FROM res_groups_users_rel WHERE gid IN %s", tuple(set().union(*givers.values()))
        )):
            members[group].add(user)
        return {group: set().union(*(members[giver] for giver in found)) for group, found in givers.items()}

    # -- what is stored ------------------------------------------------------------------------------------------------

    def _refresh_scopes(self):
        """Bring the stored scope of these articles and of all below them up to date; only what differs is written."""
        # sudo: who may move an article or a department need not read all that follows from it
        articles = self.sudo().with_context(active_test=False)
        articles = articles.search([("id", "child_of", self.ids)], order="parent_path") if self.ids else articles
        if not articles:
            return
        below = self.env["hr.department"]._ops_below()
        departments, groups = {}, {}
        for article in articles:
            parent = article.parent_id
            above = (
                (departments[parent.id], groups[parent.id]) if parent.id in departments
                else (set(parent.scope_department_ids.ids), set(parent.scope_group_ids.ids)) if parent
                else (_all_below(article.handbook_id.department_ids, below), set(article.handbook_id.group_ids.ids))
            )
            departments[article.id] = _all_below(article.department_ids, below) or above[0]
            groups[article.id] = set(article.group_ids.ids) or above[1]
        users = self.env["res.users"]
        users._ops_sync("ops_article_scope_department_rel", "article_id", "department_id", departments, within=articles.ids)
        users._ops_sync("ops_article_scope_group_rel", "article_id", "group_id", groups, within=articles.ids)
        self.env["ops.article"].invalidate_model(["scope_department_ids", "scope_group_ids"], flush=False)

    def _published_scopes(self):
        """Return for whom what is published of these articles and below them is: dict id → something to compare."""
        if self.env.su or self.env.user.has_group("ops_handbook.group_administrator"):
            return {}  # they may change it
        # sudo: as in _refresh_scopes
        found = self.sudo().with_context(active_test=False).search([("id", "child_of", self.ids), ("is_published", "=", True)])
        return {article.id: (article.scope_department_ids, article.scope_group_ids) for article in found}

    def _check_scope_kept(self, before):
        """Whoever writes a published article does not decide for whom it is; ``before`` as of ``_published_scopes``."""
        for article in self.sudo().browse(before):  # sudo: as above
            if (article.scope_department_ids, article.scope_group_ids) != before[article.id]:
                raise AccessError(self.env._(
                    "“%(article)s” is published: who reads it is decided by the administrators of the handbook. Ask one of them.",
                    article=self[:1].name,
                ))


def _all_below(departments, below):
    return set().union(*(below[department] for department in departments.ids))
