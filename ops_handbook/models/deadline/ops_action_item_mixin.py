from odoo import models


class OpsActionItemMixin(models.AbstractModel):
    """The engine's verbs on action items; their process says which standard they are, and when it is met."""

    _name = "ops.action.item.mixin"
    _inherit = ["ops.action.item.mixin", "ops.clock.mixin"]

    def _after_hand_over(self, previous, reason):
        """The new owner answers for what the items started, and their department owes it."""
        super()._after_hand_over(previous, reason)
        self._forget_obligations()
        items_sudo = self.sudo()  # sudo: permission was decided before; the engine's rows are nobody's
        departments = {item.id: item.department_id for item in items_sudo}
        for code in self._form_standards:
            self.env["ops.obligation"]._hand_over(code, items_sudo, reason, role="owner", department=departments)
