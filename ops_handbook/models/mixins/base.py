from odoo import api, models
from odoo.exceptions import MissingError, UserError
from odoo.tools import ormcache

from ...tools.spreadsheet import neutral

MODULE = "ops_handbook"


class Base(models.AbstractModel):
    """Of our models only: a program that calls with no record, or with several where one is meant, is told so in words; what
    follows by itself is not said by clients; and nothing that leaves them for a spreadsheet is a formula there.
    """

    _inherit = "base"

    def check_access(self, operation):
        # no record has it, and the ORM takes it for a new one that anybody may do anything with
        if 0 in self._ids and self._original_module == MODULE:
            raise MissingError(self.env._("There is no record with the number 0."))
        return super().check_access(operation)

    def ensure_one(self):
        try:
            super().ensure_one()
            # an id that no record has, and that the ORM would take for a new one
            if self._ids[0] or self._original_module != MODULE or not isinstance(self._ids[0], int):
                return self
        except ValueError:
            if self._original_module != MODULE:
                raise
        raise UserError(self.env._(
            "%(what)s: this works on one saved record at a time, and %(count)s were chosen.",
            what=self.env["ir.model"].sudo()._get(self._name).name, count=len(self.ids),  # sudo: the name is no secret
        ))

    def write(self, vals):
        if self._original_module == MODULE and not self.env.su and isinstance(vals, dict):
            followed = self._followed_fields()
            vals = {name: value for name, value in vals.items() if name not in followed}
        return super().write(vals)

    @api.model
    @ormcache()
    def _followed_fields(self):
        """Return the names of the stored fields that only follow from others, and that nothing else guards.

        Record rules and decisions go by them: whoever could write them would choose who reads a record and who decides on it.
        """
        guarded = getattr(self, "_flow_protected", ())
        return frozenset(
            name for name, field in self._fields.items()
            if (field.related or field.compute) and field.store and field.readonly and not field.inverse and name not in guarded
        )

    def export_data(self, fields_to_export):
        """Odoo writes texts that begin with ``=`` into spreadsheets as formulas: ours are written by anybody, some by visitors."""
        exported = super().export_data(fields_to_export)
        if self._original_module != MODULE:
            return exported
        return {**exported, "datas": [[neutral(value) for value in row] for row in exported["datas"]]}
