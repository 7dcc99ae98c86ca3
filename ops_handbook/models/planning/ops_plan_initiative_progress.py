from odoo import models


class OpsPlanInitiative(models.Model):
    _name = "ops.plan.initiative"
    _inherit = ["ops.plan.initiative", "ops.plan.progress.mixin"]
