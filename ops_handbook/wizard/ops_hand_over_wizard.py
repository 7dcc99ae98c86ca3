from odoo import fields, models
from odoo.exceptions import UserError

from ..tools.ids import some_ids


class OpsHandOverWizard(models.TransientModel):
    """Asks to whom open action items are handed over, and why; the action itself decides whether the user may."""

    _name = "ops.hand.over.wizard"
    _description = "Hand Over"

    res_model = fields.Char(required=True, readonly=True)
    res_ids = fields.Json(required=True, readonly=True)
    company_id = fields.Many2one("res.company", compute="_compute_about")
    subject = fields.Char(string="What", compute="_compute_about")
    owner_id = fields.Many2one(
        "res.users", string="New Owner", required=True,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    reason = fields.Text(required=True)

    def _items(self):
        items = self.env.get(self.res_model)
        if items is None or "_flow_hand_over" not in dir(items):
            raise UserError(self.env._("This dialog belongs to no form. Close it and try again."))
        return items.browse(some_ids(self.res_ids)).exists()  # whatever a program sent

    def _compute_about(self):
        for wizard in self:
            items = wizard._items()
            wizard.company_id = items[:1].company_id
            wizard.subject = ", ".join(items.mapped("display_name"))

    def action_confirm(self):
        """Hand over as chosen."""
        self.ensure_one()
        self._items().action_hand_over(self.owner_id.id, self.reason)
        return {"type": "ir.actions.act_window_close"}
