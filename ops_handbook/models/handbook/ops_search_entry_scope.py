from typing import NamedTuple

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import OrderedSet, ormcache

from ...tools.search_question import both, either, scope_part, scope_query
from ..mixins.domains import DomainAnd, DomainCondition, DomainOr


class Scope(NamedTuple):
    """A ``tsquery`` that all entries fulfil which somebody may find: None when any may be, empty when none; ``is_wide``: it
    leaves out hardly any, since it names no person and no department, or says *or* to one that does not.
    """

    query: str | None
    is_wide: bool


ALL, NOBODY = Scope(None, True), Scope("", False)


class OpsSearchEntry(models.Model):
    """Whose entries are looked at: what the record rules of each model demand at least, as far as the index can tell.

    A frequent word stands in many forms of which somebody may read few. What their rules say of users, departments and
    companies is asked of the index together with the words, so that only a handful of records is left; of these each
    model's own rules are asked in full. The first is about speed, the second about rights: were a scope too wide, nothing
    would be seen that may not be.
    """

    _inherit = "ops.search.entry"

    @api.model
    def _scopes(self, kind):
        """Return what of a kind the user may find: dict model → scope of its entries."""
        found = {}
        for name, its_kind in self._searched().items():
            if its_kind == kind and self.env[name].has_access("read"):
                scope = self._scope_of(name)
                if scope != NOBODY:
                    found[name] = scope
        return found

    @api.model
    def _scope_of(self, name):
        if self.env.su:
            return ALL
        rule = self.env["ir.rule"]._compute_domain(name, "read")
        return _demanded(rule, set(self._keys_of(name)))

    @api.model
    @ormcache("self.env.uid", "self.env.su", "kind", "tuple(self.env['ir.rule']._compute_domain_context_values())")
    def _places(self, kind):
        """Return where to look for a kind: tuples of (names of models, ``tsquery`` for their entries, a simpler one
        for these and others); kept like the rules.

        Models of which the index tells who may read them stand apart from those of which it does not, so that what one may
        not read of these takes no place among the candidates of those.
        """
        scopes = self._scopes(kind)
        places = []
        for is_wide in (False, True):
            found = {name: scope.query for name, scope in scopes.items() if scope.is_wide == is_wide}
            if found:
                places.append((tuple(found), scope_query(found), scope_part(dict.fromkeys(found) if is_wide else found)))
        return tuple(places)


def _demanded(domain, keys, prefix=""):
    """Return the scope of all records in ``domain``."""
    if domain.is_true():
        return ALL
    if domain.is_false():
        return NOBODY
    if isinstance(domain, DomainAnd):
        parts = [_demanded(child, keys, prefix) for child in domain.children]
        if NOBODY in parts:
            return NOBODY
        known = list(dict.fromkeys(part for part in parts if part.query))
        # what says hardly more than the company stands on every entry, and costs more than it leaves out
        told = [part for part in known if not part.is_wide] or known
        return Scope(both(f"({part.query})" for part in told), all(part.is_wide for part in told)) if told else ALL
    if isinstance(domain, DomainOr):
        parts = [part for part in dict.fromkeys(_demanded(child, keys, prefix) for child in domain.children) if part != NOBODY]
        if ALL in parts:
            return ALL
        return Scope(either(f"({part.query})" for part in parts), any(part.is_wide for part in parts)) if parts else NOBODY
    return _demanded_by_condition(domain, keys, prefix) if isinstance(domain, DomainCondition) else ALL


def _demanded_by_condition(condition, keys, prefix):
    path, value = prefix + condition.field_expr, condition.value
    if condition.operator in ("any", "any!") and isinstance(value, Domain):
        return _demanded(value, keys, path + ".")
    if path not in keys or condition.operator not in ("in", "="):
        return ALL
    values = [value] if condition.operator == "=" else value
    # of a statement that a domain may hold nothing is known
    if not isinstance(values, (list, tuple, set, frozenset, OrderedSet)):
        return ALL
    if not all(item is False or type(item) is int for item in values):
        return ALL
    return Scope(either(f"'~{path}={item or 0}'" for item in values), path == "company_id")
