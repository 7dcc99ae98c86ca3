import ast
import logging

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools import clean_context, email_normalize, email_split

from .base import MODULE

_logger = logging.getLogger(__name__)

# whom our rights go by, beside all that carries fields of ours
PEOPLE = {"hr.department", "hr.employee", "hr.version", "res.partner", "res.users"}


class MailThread(models.AbstractModel):
    """Whoever hands in e-mails over RPC without being the mail gateway gets no further with them than by hand.

    ``message_process`` is open to every account: it takes the sender of an e-mail at its word, and makes a record of any
    model, as superuser, of what its caller says. That is for the gateway: the superuser (Odoo fetches the mail) and system
    administrators (the script of a mail server logs in). What anybody posts on a record of ours they post as themselves.
    """

    _inherit = "mail.thread"

    # -- e-mails that come in -------------------------------------------------------------------------------------------

    @api.model
    def message_process(self, model, message, custom_values=None, save_original=False, strip_attachments=False,
                        thread_id=None):
        """Process an e-mail as Odoo does; new records begin with nothing that a caller's context says."""
        thread = self if self.env.is_system() else self.with_context(clean_context(self.env.context))
        return super(MailThread, thread).message_process(
            model, message, custom_values, save_original, strip_attachments, thread_id
        )

    @api.private
    @api.model
    def message_route(self, message, message_dict, model=None, thread_id=None, custom_values=None):
        """Find the routes of an e-mail as Odoo does; refuse those that its caller may not send it."""
        routes = super().message_route(message, message_dict, model, thread_id, custom_values)
        if not self.env.is_system():
            for route in routes or ():
                if self._ops_goes_too_far(message_dict, route, model):
                    _logger.info("E-mail for %s refused: user %s is not the mail gateway", route[0], self.env.uid)
                    raise AccessError(self.env._(
                        "This e-mail was not taken in. Only the mail gateway hands in e-mails for others: let its script log in "
                        "as a system administrator (group “Settings”), or let Odoo fetch the mail (Incoming Mail Servers)."
                    ))
        return routes

    @api.model
    def _ops_goes_too_far(self, message_dict, route, fallback):
        """Tell whether a route is only for the gateway.

        What goes to an address of ours is welcome from everybody, as on the public page, but in nobody else's name. Replies to
        records of ours, and whatever ``fallback`` (the model that the caller names) makes of ours or of people, are not. Records
        of other models are made by those who may make them anyway, with nothing in them that reaches for others.
        """
        model, thread_id, values, user_id, _alias = route
        by_alias = _goes_by_alias(route)
        if self.env[model]._original_module == MODULE:
            return not by_alias or self._ops_in_anothers_name(message_dict, user_id)
        if by_alias:
            return False
        if self._ops_rests_on(model):
            return not thread_id or model == fallback
        return not thread_id and not (_is_plain(values) and self.env[model].has_access("create"))

    @api.model
    def _ops_in_anothers_name(self, message_dict, user_id):
        """Tell whether the sender has an account and is not the one who hands the e-mail in."""
        address = email_normalize((email_split(message_dict.get("email_from") or "") or [""])[0])
        if user_id != self.env.uid or not address:
            return user_id != self.env.uid
        # sudo: an account is looked for, nobody is read; those who left have a name too
        return bool(self.env["res.users"].sudo().with_context(active_test=False).search_count([
            ("email_normalized", "=", address), ("id", "!=", self.env.uid),
        ], limit=1))

    @api.model
    def _ops_rests_on(self, model):
        """Tell whether records of a model of others say something that our rights and rules go by."""
        return model in PEOPLE or any(MODULE in field._modules for field in self.env[model]._fields.values())

    # -- messages on records of ours --------------------------------------------------------------------------------------

    def _message_compute_author(self, author_id=None, email_from=None):
        if self._original_module == MODULE and not self.env.is_system():
            author_id, email_from = None, None  # whoever posts is the author, see mail_message.py
        return super()._message_compute_author(author_id, email_from)

    def _notify_thread_with_out_of_office(self, message, recipients_data, msg_vals=False, **kwargs):
        # sudo: the answer of somebody who is away is theirs, though whoever wrote to them sets it off
        thread = self.sudo() if self._original_module == MODULE else self
        return super(MailThread, thread)._notify_thread_with_out_of_office(message, recipients_data, msg_vals=msg_vals, **kwargs)


def _goes_by_alias(route):
    """Tell whether an alias alone says where an e-mail goes: a reply may name one too, but goes elsewhere."""
    _model, thread_id, values, _user_id, alias = route
    if not alias:
        return False
    alias_sudo = alias.sudo()  # sudo: what it says is compared, not shown
    return thread_id in (None, False, 0, alias_sudo.alias_force_thread_id) and (
        not values or values == ast.literal_eval(alias_sudo.alias_defaults)
    )


def _is_plain(values):
    """Tell whether the values of a new record are nothing but values: commands would write other records."""
    if not isinstance(values, dict):
        return not values
    return not any(isinstance(value, (list, tuple, set, dict)) for value in values.values())
