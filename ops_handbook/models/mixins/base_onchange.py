from odoo import api, models
from odoo.exceptions import MissingError, ValidationError

from ...tools.ids import one_id, some_ids
from .base import MODULE

CREATE, UPDATE, LINK, SET = 0, 1, 4, 6  # commands of x2many fields that name records, or values of them


class Base(models.AbstractModel):
    """Of our models only: a form that looks ahead tells no more than saving it would.

    What a form computes of a link it computes with all rights, so a link is said only to what its user may read.
    """

    _inherit = "base"

    def onchange(self, values, field_names, fields_spec):
        if self._original_module != MODULE or self.env.su or not isinstance(values, dict):
            return super().onchange(values, field_names, fields_spec)
        if self:
            self.ensure_one()
        self.check_access("write" if self else "create")  # first: what follows compares with what the record says
        values = {name: _copied(value) for name, value in values.items()}
        self._check_links_said(list(self._links_said(values)))
        if not self:
            # Odoo asks for them again: nothing can be taken out of them here
            self._check_links_said(list(self._links_said(self._said_by_default())), forget=False)
        asked = [name for name in field_names or () if name in values or name not in self._fields]
        # without a name Odoo takes all that is said as changed
        return super().onchange(values, asked, fields_spec) if asked or not field_names else {}

    @api.model
    def _said_by_default(self):
        """Return the values that a client, or a user's own default, has new records begin with: name → value."""
        defaults = self.env["ir.default"]._get_model_defaults(self._name)
        asked = {name[8:]: value for name, value in self.env.context.items() if name.startswith("default_")}
        return {name: _copied(value) for name, value in {**defaults, **asked}.items()}

    def _links_said(self, vals):
        """Yield the links to records of ours that ``vals`` say, those of lines included: (record, vals, name, ids)."""
        for name, value in vals.items():
            field = self._fields.get(name)
            if field is None or not field.relational:
                continue
            comodel, ids, lines = self.env[field.comodel_name], [], []
            if isinstance(value, dict):  # the form around a line
                ids, lines = [value.get("id")], [(value.get("id"), value)]
            elif field.type == "many2one":
                ids = [value]
            elif isinstance(value, list):
                ids, lines = _named(value)
            if comodel._original_module == MODULE and some_ids(ids):
                yield self, vals, name, set(some_ids(ids))
            for line, line_vals in lines:
                yield from comodel.browse(one_id(line))._links_said(line_vals)

    @api.model
    def _check_links_said(self, said, forget=True):
        """Refuse links to what the user may not read, unless the record says so already; forget them where they only follow.

        :param said: of ``_links_said``
        :param bool forget: take them out of ``said`` where they only follow; otherwise they are refused as well
        """
        asked = {}
        for record, _vals, name, ids in said:
            asked.setdefault(record._fields[name].comodel_name, set()).update(ids)
        readable = {model: readable_ids(self.env, model, ids) for model, ids in asked.items()}
        for record, vals, name, ids in said:
            field = record._fields[name]
            unread = ids - readable[field.comodel_name]
            if not unread or unread <= set(record.sudo()[name].ids):  # sudo: compared, not told
                continue
            if forget and field.readonly and (field.compute or field.related):
                vals.pop(name)
            else:
                raise ValidationError(self.env._(
                    "%(field)s: choose one that exists and that you may read.", field=field._description_string(self.env),
                ))


def _named(commands):
    """Return the ids that commands of an x2many field name, and the values that they say of lines: (ids, [(id, values)])."""
    ids, lines = [], []
    for command in commands:
        if not isinstance(command, (list, tuple)) or not command:
            continue
        kind, *rest = command
        if kind in (UPDATE, LINK):
            ids += rest[:1]
        if kind == SET:
            ids += some_ids(rest[1] if len(rest) > 1 else None)
        if kind in (CREATE, UPDATE) and len(rest) > 1 and isinstance(rest[1], dict):
            lines.append((rest[0] if kind == UPDATE else None, rest[1]))
    return ids, lines


def _copied(value):
    """Return a value as a client says it, so that nothing said is taken out of what belongs to the caller."""
    if isinstance(value, dict):
        return {name: _copied(item) for name, item in value.items()}
    return [_copied(item) for item in value] if isinstance(value, (list, tuple)) else value


def readable_ids(env, model, ids):
    """Return those of ``ids`` that exist and that the current user may read."""
    records = env[model].browse(ids)
    try:
        return set(records._filtered_access("read").ids)
    except MissingError:
        return set(records.exists()._filtered_access("read").ids)
