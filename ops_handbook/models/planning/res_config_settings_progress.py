from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    ops_progress_green = fields.Float(related="company_id.ops_progress_green", readonly=False)
    ops_progress_amber = fields.Float(related="company_id.ops_progress_amber", readonly=False)
    ops_progress_lead_days = fields.Integer(related="company_id.ops_progress_lead_days", readonly=False)
