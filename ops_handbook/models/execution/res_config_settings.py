from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    ops_month_plan_reviewer_id = fields.Many2one(related="company_id.ops_month_plan_reviewer_id", readonly=False)
    ops_routine_limit = fields.Float(related="company_id.ops_routine_limit", readonly=False)
    ops_objection_days = fields.Integer(related="company_id.ops_objection_days", readonly=False)
