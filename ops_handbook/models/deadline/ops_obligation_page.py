from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

PAGE_LIMIT = 500
# the orders that an index gives: the latest first, and, where people look for what is late, the earliest first
PAGE_ORDERS = {"date_due desc, id desc", "date_due, id"}
# the kinds of domains have no public names
DomainAnd, DomainOr = type(Domain("id", "=", 1) & Domain("id", ">", 0)), type(Domain("id", "=", 1) | Domain("id", ">", 0))


class OpsObligation(models.Model):
    """The first page of a list at the speed of an index, also for those who see only part of the company.

    "Mine or my departments'" is a choice that no index gives in order: PostgreSQL reads all of a department's years and
    sorts them. Each half alone is given in order; so the page is put together from the first rows of both.
    """

    _inherit = "ops.obligation"

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, **options):
        if self._is_page_order(order) and limit and offset + limit <= PAGE_LIMIT:
            branches = () if self.env.su or options.get("bypass_access") else self._rule_branches()
            if len(branches) > 1:
                self.browse().check_access("read")
                # each half is the whole rule for its rows, so it is not added once more: the planner would take the same
                # condition said twice for a rare one, and sort instead of reading the index in its order
                options["bypass_access"] = True
                search = super()._search
                halves = [search(Domain(domain) & branch, 0, offset + limit, order, **options) for branch in branches]
                rows = SQL("(%s)", SQL(" UNION ").join(half.subselect() for half in halves))
                domain = Domain("id", "in", rows)
        return super()._search(domain, offset, limit, order, **options)

    @api.model
    def _is_page_order(self, order):
        return (order or "").lower().replace(" asc", "") in PAGE_ORDERS

    @api.model
    def _rule_branches(self):
        """Return the alternatives of the record rules of the current user, each a whole domain; empty when there is but one."""
        rule = self.env["ir.rule"]._compute_domain(self._name, "read")
        parts = rule.children if isinstance(rule, DomainAnd) else (rule,)
        # the rules of the groups stand after those for everybody
        choice = next((part for part in reversed(parts) if isinstance(part, DomainOr)), None)
        rest = Domain.AND(part for part in parts if part is not choice)
        return [rest & branch for branch in choice.children] if choice is not None else []
