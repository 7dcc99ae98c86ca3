from odoo import fields, models


class MailMail(models.Model):
    """What tells a mail of ours from those of others."""

    _inherit = "mail.mail"

    ops_notice = fields.Boolean(string="Reminder of the Operations Handbook", readonly=True)

    _ops_notice_idx = models.Index("(state, id) WHERE ops_notice IS TRUE")
