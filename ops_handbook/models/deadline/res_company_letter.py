from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    ops_letters_automatic = fields.Boolean(
        string="Issue Reminder Letters at Once",
        help="Off: the engine drafts them and operations issue them, one or many at a time.",
    )
