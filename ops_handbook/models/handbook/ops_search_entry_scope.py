import re

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import OrderedSet, ormcache

from ...tools.search_words import both, either, scope_query
from ..mixins.domains import DomainAnd, DomainCondition, DomainOr

PERSONAL = re.compile(r"'~(?!company_id=)")
NOBODY = ""  # a scope in which nothing can be found; None: everything may be


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
        """Return what of a kind the user may find: dict model → query on the keys of its entries, None for all of them."""
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
            return None
        rule = self.env["ir.rule"]._compute_domain(name, "read")
        return _demanded(rule, set(self._keys_of(name)))

    @api.model
    @ormcache("self.env.uid", "self.env.su", "kind", "tuple(self.env['ir.rule']._compute_domain_context_values())")
    def _places(self, kind):
        """Return where to look for a kind: tuples of (names of models, ``tsquery`` for their entries); kept like the rules.

        Models of which the index tells who may read them stand apart from those of which it does not, so that what one may
        not read of these takes no place among the candidates of those.
        """
        scopes = self._scopes(kind)
        places = []
        for wide in (False, True):
            found = {name: scope for name, scope in scopes.items() if _is_wide(scope) == wide}
            if found:
                places.append((tuple(found), scope_query(found)))
        return tuple(places)


def _is_wide(scope):
    """Tell whether a scope names no person and no department."""
    return scope is None or not PERSONAL.search(scope)


def _demanded(domain, keys, prefix=""):
    """Return a query that all records in ``domain`` fulfil: None when there is none, ``NOBODY`` when no record is in it."""
    if domain.is_true():
        return None
    if domain.is_false():
        return NOBODY
    if isinstance(domain, DomainAnd):
        parts = [_demanded(child, keys, prefix) for child in domain.children]
        if NOBODY in parts:
            return NOBODY
        known = list(dict.fromkeys(part for part in parts if part))
        # what says no more than the company stands on every entry, and costs more than it leaves out
        told = [part for part in known if not _is_wide(part)] or known
        return both(f"({part})" for part in told) or None
    if isinstance(domain, DomainOr):
        parts = [_demanded(child, keys, prefix) for child in domain.children]
        return None if None in parts else either(f"({part})" for part in dict.fromkeys(parts) if part)
    return _demanded_by_condition(domain, keys, prefix) if isinstance(domain, DomainCondition) else None


def _demanded_by_condition(condition, keys, prefix):
    path, value = prefix + condition.field_expr, condition.value
    if condition.operator in ("any", "any!") and isinstance(value, Domain):
        return _demanded(value, keys, path + ".")
    if path not in keys or condition.operator not in ("in", "="):
        return None
    values = [value] if condition.operator == "=" else value
    # of a statement that a domain may hold nothing is known
    if not isinstance(values, (list, tuple, set, frozenset, OrderedSet)):
        return None
    if not all(item is False or type(item) is int for item in values):
        return None
    return either(f"'~{path}={item or 0}'" for item in values)
