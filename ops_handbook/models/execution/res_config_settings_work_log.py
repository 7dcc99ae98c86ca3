from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    ops_log_days_back = fields.Integer(related="company_id.ops_log_days_back", readonly=False)
