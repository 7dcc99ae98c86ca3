from odoo import api, models

from ...tools import clock
from .base import MODULE

SIGNATURE = {"author_id", "author_guest_id", "email_from", "date"}


class MailMessage(models.Model):
    """What stands beside a record of ours says truly who wrote it and when; only superusers and system administrators say
    otherwise.

    Odoo lets every employee post in the name of others, at any time, and notify of records that they may not read.
    """

    _inherit = "mail.message"

    @api.model_create_multi
    def create(self, vals_list):
        about = [self._ops_is_about_ours(vals) for vals in vals_list]
        if not any(about) or self.env.is_system():
            return super().create(vals_list)
        messages = super().create([
            self._ops_signed(vals) if ours else vals for ours, vals in zip(about, vals_list, strict=True)
        ])
        messages._ops_check_notified()
        return messages

    def write(self, vals):
        if isinstance(vals, dict) and SIGNATURE & set(vals) and not self.env.is_system():
            # sudo: which model it is about is looked at, whoever may read it
            if any(message._ops_is_about_ours({"model": message.model}) for message in self.sudo()):
                vals = {name: value for name, value in vals.items() if name not in SIGNATURE}
        return super().write(vals)

    @api.model
    def _ops_is_about_ours(self, vals):
        """Tell whether a message with these values stands beside a record of ours."""
        model = vals.get("model", self.env.context.get("default_model")) if isinstance(vals, dict) else None
        return isinstance(model, str) and model in self.env and self.env[model]._original_module == MODULE

    @api.model
    def _ops_signed(self, vals):
        """Return the values of a message as its author and its moment have to be."""
        partner = self.env.user.partner_id
        return {
            **vals, "author_id": partner.id, "author_guest_id": False, "email_from": partner.email_formatted,
            "date": clock.now(),
        }

    def _ops_check_notified(self):
        """Refuse notifications about records of ours that their sender may not read: they would say what those are called."""
        for message in self:
            if message.message_type == "user_notification" and message.res_id and self._ops_is_about_ours({"model": message.model}):
                self.env[message.model].browse(message.res_id).check_access("read")
