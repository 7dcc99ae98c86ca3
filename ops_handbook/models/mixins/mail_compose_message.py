from odoo import models

from .base import MODULE


class MailComposeMessage(models.TransientModel):
    """E-mails about records of ours, written in the dialog for many: from whoever writes them (see mail_message.py)."""

    _inherit = "mail.compose.message"

    def _prepare_mail_values(self, res_ids):
        values = super()._prepare_mail_values(res_ids)
        if self.model in self.env and self.env[self.model]._original_module == MODULE and not self.env.is_system():
            partner = self.env.user.partner_id
            for mail_values in values.values():
                mail_values.update(author_id=partner.id, email_from=partner.email_formatted)
        return values
