from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    ops_change_office_owner = fields.Boolean(related="company_id.ops_change_office_owner", readonly=False)
    ops_change_office_dates = fields.Selection(related="company_id.ops_change_office_dates", readonly=False)
    ops_change_office_percent = fields.Float(related="company_id.ops_change_office_percent", readonly=False)
