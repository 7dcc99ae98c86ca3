from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.roles import ROLE_GROUPS
from ...tools.saying import saying
from .ops_obligation import OPEN_STATES

DECISION = "D1"


class OpsObligation(models.Model):
    """Decisions (D1): always asked of whoever decides by now, and never of those whom the record keeps out of them."""

    _inherit = "ops.obligation"

    def _decisions(self):
        """Return what of these waits for a decision, each with the record (superuser) on which is decided: list of pairs."""
        pairs = []
        for name, items in self.filtered(lambda item: item.code == DECISION).grouped("source_model").items():
            if name in self.env and hasattr(self.env[name], "_decided_by"):
                # sudo: who decides does not depend on who asks
                records = self.env[name].sudo().browse(set(items.mapped("source_id"))).exists()
                by_id = {record.id: record for record in records}
                pairs += [(item, by_id[item.source_id]) for item in items if item.source_id in by_id]
        return pairs

    # -- who decides by now -----------------------------------------------------------------------------------------------

    def _answers_anew(self):
        """Who decides on a record that record says, not the rule."""
        found = {}
        for item, source in self._decisions():
            role, user = source._decided_by()
            found[item.id] = self._answers(role, item.department_id, None, user)
        return super(OpsObligation, self.filtered(lambda item: item.id not in found))._answers_anew() | found

    @api.model
    def _reassign_decisions(self, sources, reason, department=None):
        """Let whoever decides on ``sources`` by now answer for what waits; the log says why.

        :param department: asked for about this department from now on; default: as it is
        """
        leaves = [("code", "=", DECISION), ("state", "in", OPEN_STATES), *self._source_leaves(sources)]
        waiting = self.sudo().search(leaves)  # sudo: as in _reassign_departments
        moving = waiting.filtered(lambda item: item.department_id != department) if department else self.browse()
        if moving:
            moving.write({"department_id": department.id})
        same_people = moving - waiting._reassign(reason)
        same_people._refresh_next_steps()
        same_people._log(reason)

    @api.model
    def _look_after_decisions(self):
        """Hourly: ask whoever decides by now, where people have come, gone or got another office; the log says why."""
        asking = [name for name, model in self.env.registry.items() if not model._abstract and hasattr(model, "_decided_by")]
        # sudo: run by the clock
        waiting = self.sudo().search([
            ("code", "=", DECISION), ("state", "in", OPEN_STATES), ("source_model", "in", asking),
        ])
        vacant = waiting.filtered(lambda item: item._is_vacant())
        vacant._reassign(saying(self.env)._("Nobody holds the office any more that was asked."))
        (waiting - vacant)._reassign(saying(self.env)._("Somebody else decides on it by now."))

    def _is_vacant(self):
        """Tell whether an office answers that nobody holds."""
        by_office = not self.responsible_id and self.role in ROLE_GROUPS
        return by_office and not self.env["res.users"]._ops_is_held(self.role, self.company_id.id)

    # -- who is kept out --------------------------------------------------------------------------------------------------

    @api.model
    def _domain_of_mine(self):
        """What one may not decide on is not one's own, whatever office asks for it."""
        mine = super()._domain_of_mine()
        # sudo: whether it is theirs, before anything of it is shown
        waiting_sudo = self.sudo().search_fetch(
            Domain("code", "=", DECISION) & Domain("state", "in", OPEN_STATES) & mine, ["source_model", "source_id"]
        )
        barred = self._barred_sources({(item.source_model, item.source_id) for item in waiting_sudo})
        kept_out = waiting_sudo.filtered(lambda item: (item.source_model, item.source_id) in barred)
        return mine & Domain("id", "not in", kept_out.ids) if kept_out else mine

    @api.model
    def _barred_sources(self, sources):
        """Return from the decision on which of ``sources`` the current user is kept out: as themselves, or as a substitute.

        One statement finds what names them at all, however many there are; only these few are asked themselves.

        :param set sources: pairs (model, record id)
        """
        principals, found = self.env.user._ops_principals(), {}
        for name, record_id in self._sources_naming(principals, sources):
            found.setdefault(name, set()).add(record_id)
        return {
            (name, record.id)
            for name, ids in found.items()
            for record in self.env[name].sudo().browse(ids)  # sudo: the names on it decide, nothing of it is shown
            if record._decision_barred() & principals
        }

    @api.model
    def _sources_naming(self, users, sources):
        """Return those of ``sources`` that name one of ``users`` as somebody whom they may keep out: rows (model, id)."""
        ids_of, queries = {}, []
        for name, record_id in sources:
            ids_of.setdefault(name, []).append(record_id)
        for name, ids in ids_of.items():
            if paths := name in self.env and getattr(self.env[name], "_decision_barred_by", ()):
                naming = Domain.OR(Domain(path, "in", users.ids) for path in paths)
                # sudo: as in _barred_sources; archived lines name people as others do
                query = self.env[name].sudo().with_context(active_test=False)._search(Domain("id", "in", ids) & naming)
                queries.append(query.select(SQL("%s", name), SQL.identifier(query.table, "id")))
        return self.env.execute_query(SQL(" UNION ALL ").join(queries)) if queries else []
