from odoo import api, models
from odoo.exceptions import ValidationError

from ...tools.ids import some_ids
from .base_onchange import readable_ids


class OpsLinkMixin(models.AbstractModel):
    """What a client may say in links: only records that it may read, so that no message and no name tells of another.

    What a record takes from another by itself (stored related fields) is not said by clients at all: rules go by it.
    """

    _name = "ops.link.mixin"
    _description = "Links to What One May Read"

    @api.model_create_multi
    def create(self, vals_list):
        if self.env.su:
            return super().create(vals_list)
        self.browse().check_access("create")  # whoever may not at all is told that
        followed = self._followed_fields()
        vals_list = [{name: value for name, value in vals.items() if name not in followed} for vals in vals_list]
        defaults = self._said_by_default()
        self._check_links([{**defaults, **vals} for vals in vals_list])
        model = self
        if followed & set(defaults):
            forged = {f"default_{name}" for name in followed}
            kept = {name: value for name, value in self.env.context.items() if name not in forged}
            model = self.with_context(kept)  # pylint: disable=context-overridden
        return super(OpsLinkMixin, model).create(vals_list).with_env(self.env)

    def write(self, vals):
        if self.env.su:
            return super().write(vals)
        followed = self._followed_fields()
        vals = {name: value for name, value in vals.items() if name not in followed}
        self._check_links([vals])
        return super().write(vals)

    @api.model
    def _check_links(self, vals_list):
        """Refuse links to what the current user may not read: one question for each model, however many records."""
        asked = {}
        for name, field in self._fields.items():
            if field.type == "many2one" and not field.related:
                # what is no id is refused by the field itself
                if ids := set(some_ids([vals.get(name) for vals in vals_list])):
                    asked.setdefault(field.comodel_name, {})[name] = ids
        for model, fields_asked in asked.items():
            readable = readable_ids(self.env, model, set().union(*fields_asked.values()))
            for name, ids in fields_asked.items():
                if ids - readable:
                    raise ValidationError(self.env._(
                        "%(field)s: choose one that exists and that you may read.",
                        field=self._fields[name]._description_string(self.env),
                    ))
