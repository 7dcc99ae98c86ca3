from odoo import api, fields, models
from odoo.exceptions import UserError


class OpsReasonWizard(models.TransientModel):
    """Asks why, then calls the action that wanted to know."""

    _name = "ops.reason.wizard"
    _description = "Reason"

    res_model = fields.Char(required=True, readonly=True)
    res_ids = fields.Json(required=True, readonly=True)
    method = fields.Char(required=True, readonly=True)
    reason = fields.Text(required=True)

    @api.model
    def _ask(self, records, method):
        """Return the dialog that asks for a reason and then calls ``method`` on ``records``."""
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "view_mode": "form",
            "target": "new",
            "name": self.env._("Reason"),
            "context": {"default_res_model": records._name, "default_res_ids": records.ids, "default_method": method},
        }

    def action_confirm(self):
        """Call the action with the reason; the action itself decides whether the user may."""
        self.ensure_one()
        records = self.env.get(self.res_model)
        if records is None or "_ask_reason" not in dir(records) or not self.method.startswith("action_"):
            raise UserError(self.env._("This reason belongs to no form. Close the dialog and try again."))
        result = getattr(records.browse(self.res_ids), self.method)(self.reason)
        return result if isinstance(result, dict) else {"type": "ir.actions.act_window_close"}
