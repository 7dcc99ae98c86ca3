from odoo import models


class OpsActionItemMixin(models.AbstractModel):
    """The engine's verbs on action items; their process says which standard they are, and when it is met."""

    _name = "ops.action.item.mixin"
    _inherit = ["ops.action.item.mixin", "ops.clock.mixin"]
