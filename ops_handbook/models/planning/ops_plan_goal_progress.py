from odoo import models


class OpsPlanGoal(models.Model):
    _name = "ops.plan.goal"
    _inherit = ["ops.plan.goal", "ops.plan.progress.mixin"]
