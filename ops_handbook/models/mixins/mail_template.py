from odoo import models


class MailTemplate(models.Model):
    """E-mails made of a template about records of ours come from whoever sends them, and stand where the template says (see
    mail_message.py).
    """

    _inherit = "mail.template"

    def send_mail_batch(self, res_ids, force_send=False, raise_exception=False, email_values=None, email_layout_xmlid=False):
        values, messages = email_values or {}, self.env["mail.message"]
        models_said = [*self.mapped("model"), values.get("model")]
        if not self.env.is_system() and any(messages._ops_is_about_ours({"model": model}) for model in models_said):
            values = messages._ops_signed({
                name: value for name, value in values.items() if name not in ("model", "res_id", "mail_message_id")
            })
        return super().send_mail_batch(
            res_ids, force_send=force_send, raise_exception=raise_exception, email_values=values,
            email_layout_xmlid=email_layout_xmlid,
        )
