"""The kinds of domains, to tell them apart: odoo.fields offers only their common parent, and odoo.orm is Odoo's own; and what
makes a search of a domain.
"""

from functools import wraps

from odoo.fields import Domain

_one, _other = Domain("id", "=", 1), Domain("id", "=", 2)

DomainCondition = type(_one)
DomainAnd = type(_one & _other)
DomainOr = type(_one | _other)


def flag_search(method):
    """Let ``method(records)``, which returns the domain of the records where a flag is true, serve as the search of its field.

    :param method: returns a domain, without asking what is compared
    :return: the method that a field names as its ``search``: the domain, or what is left without it
    """
    @wraps(method)
    def search(records, operator, value):
        if operator not in ("in", "not in") or len(set(value)) != 1:
            return NotImplemented
        domain = Domain(method(records))
        return domain if (operator == "in") == bool(next(iter(value))) else ~domain

    return search
