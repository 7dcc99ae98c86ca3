import logging
import smtplib

from psycopg2 import OperationalError

from odoo import models
from odoo.tools import SQL, split_every
from odoo.tools.mail import email_split_and_format_normalize

_logger = logging.getLogger(__name__)

CHUNK = 50  # mails that are read together and reported to the job together


class MailMail(models.Model):
    """Sending the reminders from Odoo's queue: as Odoo sends, read in batches.

    Odoo reads and writes each mail anew after each commit, some fifteen statements a mail. Of our own mails it is known
    that they have one receiver, no attachment and no notification: they are prepared in batches, and only the change of
    state and its commit remain for each. Whatever goes wrong with one of them is left to Odoo's own code.
    """

    _inherit = "mail.mail"

    def _send(
        self, auto_commit=False, raise_exception=False, smtp_session=None, alias_domain_id=False, mail_server=False,
        post_send_callback=None,
    ):
        options = {
            "raise_exception": raise_exception, "smtp_session": smtp_session, "alias_domain_id": alias_domain_id,
            "mail_server": mail_server, "post_send_callback": post_send_callback,
        }
        if not auto_commit or (mail_server and mail_server.owner_user_id) or self.env["ir.mail_server"]._disable_send():
            return super()._send(auto_commit=auto_commit, **options)
        ours = self.filtered("ops_notice")
        if others := self - ours:
            super(MailMail, others)._send(auto_commit=auto_commit, **options)
        for chunk in split_every(CHUNK, ours.ids, self.browse):
            refused = chunk._ops_send(options)
            if post_send_callback:
                post_send_callback((chunk - refused).ids)
            (chunk - refused)._ops_forget_sent()
            self.env.cr.commit()  # pylint: disable=invalid-commit
            if refused:
                super(MailMail, refused)._send(auto_commit=auto_commit, **options)
        return True

    def _ops_send(self, options):
        """Send these mails, with a commit after each; return those that could not be sent or prepared."""
        refused, prepared = self.browse(), []
        for mail in self.filtered(lambda mail: mail.state == "outgoing"):
            try:
                prepared.append((mail.id, mail._ops_prepare(options)))
            except Exception:  # Odoo's own code says what is wrong with it
                _logger.info("reminders: mail %s cannot be prepared", mail.id, exc_info=True)
                refused += mail
        for mail_id, messages in prepared:
            mail = self.browse(mail_id)
            if not mail._ops_send_messages(messages, options.get("smtp_session")):
                refused += mail
        return refused

    def _ops_forget_sent(self):
        """Delete what was sent and is not to be kept, such as a mail with a private link."""
        self.search([("id", "in", self.ids), ("auto_delete", "=", True), ("state", "=", "sent")]).unlink()

    def _ops_prepare(self, options):
        """Return what is to be sent as pairs (mail server with its context, message), without any later query."""
        servers = self.env["ir.mail_server"]
        sender = (email_split_and_format_normalize(self.email_from) or [self.email_from])[0]
        domain = self.env["mail.alias.domain"].sudo().browse(options.get("alias_domain_id") or ())  # sudo: as Odoo does
        messages = []
        for email in self._prepare_outgoing_list(mail_server=options.get("mail_server") or self.mail_server_id):
            bounce = email["headers"].get("Return-Path") or domain.bounce_email or servers._get_default_bounce_address()
            server = servers.with_context(
                domain_notifications_email=domain.default_from_email or servers._get_default_from_address() or sender,
                domain_bounce_address=bounce or sender,
                send_validated_to=email["email_to_normalized"],
            )
            parts = ("email_to", "subject", "body", "body_alternative", "email_cc", "reply_to", "attachments",
                     "message_id", "references", "object_id", "headers")
            messages.append((server, server._build_email__(
                email_from=sender, subtype="html", subtype_alternative="plain", **{name: email[name] for name in parts},
            )))
        return messages

    def _ops_send_messages(self, messages, smtp_session):
        """Send the messages of one mail and commit; return False where Odoo's own code has to look at it.

        As in Odoo's own code the row is written, and so locked, before the mail leaves: two jobs never send the same.
        """
        try:
            if self._ops_set_state("outgoing", "exception"):
                for server, message in messages:
                    server.send_email(message, smtp_session=smtp_session)
                self._ops_set_state("exception", "sent")
            # what has left cannot be taken back: as in Odoo's own code each mail is a transaction
            self.env.cr.commit()  # pylint: disable=invalid-commit
        except smtplib.SMTPServerDisconnected:
            self.env.cr.rollback()  # it stays in the queue, and all after it
            raise
        except OperationalError:
            self.env.cr.rollback()  # another job is sending it
        except Exception:
            self.env.cr.rollback()
            _logger.info("reminders: mail %s was refused", self.id, exc_info=True)
            return False
        return True

    def _ops_set_state(self, before, after):
        """Write the state of one mail; return whether it was in the state ``before``."""
        self.env.cr.execute(SQL(
            """UPDATE mail_mail SET state = %s, failure_type = NULL, failure_reason = NULL, write_uid = %s,
                                    write_date = now() AT TIME ZONE 'UTC'
                WHERE id = %s AND state = %s""",
            after, self.env.uid, self.id, before,
        ))
        return bool(self.env.cr.rowcount)
