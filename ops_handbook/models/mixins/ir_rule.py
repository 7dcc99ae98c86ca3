from odoo import models
from odoo.exceptions import AccessError

from .base import MODULE


class IrRule(models.Model):
    """A refusal names no record of ours: with ``?debug=1``, which anybody may say, Odoo tells what the record is called."""

    _inherit = "ir.rule"

    def _make_access_error(self, operation, records):
        error = super()._make_access_error(operation, records)
        user = self.env.user
        if records._original_module != MODULE or not user.has_group("base.group_no_one") or user.has_group("base.group_system"):
            return error
        told = AccessError(self.env._(
            "%(kind)s: your rights do not reach the records with these numbers: %(numbers)s. Ask your administrator if you need them.",
            kind=self.env["ir.model"]._get(records._name).name, numbers=", ".join(map(str, records.ids[:6])),
        ))
        if context := getattr(error, "context", None):
            told.context = context
        return told
