import email
import email.policy
import logging

import psycopg2

from odoo import api, models
from odoo.exceptions import AccessError, ConcurrencyError
from odoo.tools import email_split

_logger = logging.getLogger(__name__)

RECIPIENTS = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To")


class MailThread(models.AbstractModel):
    """The mail gateway, made sure against e-mails that nobody can read."""

    _inherit = "mail.thread"

    @api.model
    def message_process(self, model, message, custom_values=None, save_original=False, strip_attachments=False,
                        thread_id=None):
        """Process an e-mail as Odoo does; one for the address of problem reports that breaks the parser is filed raw.

        E-mails for everything else fail as they do without us.
        """
        arguments = (custom_values, save_original, strip_attachments, thread_id)
        # only those who collect problem reports by e-mail pay for it
        if not self.env["mail.alias"].sudo().search_count([("alias_model_id.model", "=", "ops.problem")], limit=1):
            return super().message_process(model, message, *arguments)
        try:
            with self.env.cr.savepoint():
                return super().message_process(model, message, *arguments)
        except (AccessError, ConcurrencyError, psycopg2.OperationalError):
            raise
        except Exception as error:  # parsers raise whatever they like on garbage
            raw = _bytes(message)
            alias = self._ops_problem_alias(raw, model)
            if not alias:
                raise
            _logger.warning("An e-mail for problem reports could not be read and was filed as it is: %r", error)
            return self.env["ops.problem"]._mail_unreadable(raw, alias)

    @api.model
    def message_parse(self, message, save_original=False):
        """Take out the one character that no database can hold, and that some programs put into e-mails."""
        found = super().message_parse(message, save_original=save_original)
        return {key: value.replace("\0", "") if isinstance(value, str) and "\0" in value else value
                for key, value in found.items()}

    @api.model
    def _ops_problem_alias(self, raw, model):
        """Return the alias of problem reports to which the bytes ``raw`` went; one, when they name no address at all."""
        aliases_sudo = self.env["mail.alias"].sudo().search([("alias_model_id.model", "=", "ops.problem")], order="id")
        try:
            headers = email.message_from_bytes(raw, policy=email.policy.compat32)
            addresses = " ".join(str(headers[name]) for name in RECIPIENTS if headers[name])
            recipients = {address.lower() for address in email_split(addresses)}
        except Exception:  # as above: garbage
            recipients = set()
        if not recipients and model in (None, False, "", "ops.problem"):
            return aliases_sudo[:1]
        names = {recipient.split("@")[0] for recipient in recipients}
        return aliases_sudo.filtered(
            lambda alias: alias.alias_full_name in recipients or (alias.alias_incoming_local and alias.alias_name in names)
        )[:1]


def _bytes(message):
    if hasattr(message, "data"):  # what XML-RPC wraps bytes into
        return bytes(message.data)
    return message.encode("utf-8", "surrogateescape") if isinstance(message, str) else bytes(message)
