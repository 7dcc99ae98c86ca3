from odoo import models
from odoo.exceptions import MissingError, UserError

from ...tools.spreadsheet import neutral

MODULE = "ops_handbook"


class Base(models.AbstractModel):
    """Of our models only: a program that calls with no record, or with several where one is meant, is told so in words; and
    nothing that leaves them for a spreadsheet is a formula there.
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

    def export_data(self, fields_to_export):
        """Odoo writes texts that begin with ``=`` into spreadsheets as formulas: ours are written by anybody, some by visitors."""
        exported = super().export_data(fields_to_export)
        if self._original_module != MODULE:
            return exported
        return {**exported, "datas": [[neutral(value) for value in row] for row in exported["datas"]]}
