"""The kinds of domains, to tell them apart: odoo.fields offers only their common parent, and odoo.orm is Odoo's own."""

from odoo.fields import Domain

_one, _other = Domain("id", "=", 1), Domain("id", "=", 2)

DomainCondition = type(_one)
DomainAnd = type(_one & _other)
DomainOr = type(_one | _other)
