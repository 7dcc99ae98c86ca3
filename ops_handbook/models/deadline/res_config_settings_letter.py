from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    ops_letters_automatic = fields.Boolean(related="company_id.ops_letters_automatic", readonly=False)
