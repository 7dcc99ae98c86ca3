from datetime import timedelta

from odoo import api, models

from ...tools import clock

BATCH = 1_000
KEEP = timedelta(days=30)  # how long sent reminders stay in the list of outgoing mails
PATIENCE = timedelta(days=7)  # how long a mail is tried again
PERMANENT = ("mail_email_invalid", "mail_email_missing", "mail_from_invalid", "mail_from_missing", "mail_bl", "mail_optout")


class MailMail(models.Model):
    """Upkeep of the mails that we queue; those of others are left alone."""

    _inherit = "mail.mail"

    @api.model
    def _ops_cron_upkeep(self):
        """Hourly: queue again what the mail server did not take, clear away what was sent long ago."""
        mails_sudo = self.sudo()  # sudo: a job
        mails_sudo._ops_requeue()
        cron = self.env["ir.cron"]
        while old := mails_sudo.search(mails_sudo._ops_domain_old(), limit=BATCH, order="id"):
            old.unlink()
            if not cron._commit_progress(len(old)):
                self.env.ref("ops_handbook.ops_reminder_cron_mail").sudo()._trigger()
                return

    @api.model
    def _ops_requeue(self):
        """A server that was down for a day costs nothing but the day: Odoo itself gives up at the first failure."""
        failed = self.search([
            ("ops_notice", "=", True), ("state", "=", "exception"), ("create_date", ">", clock.now() - PATIENCE),
            ("failure_type", "not in", PERMANENT),
        ])
        if failed:
            failed.write({"state": "outgoing", "failure_type": False, "failure_reason": False})
            self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()
        return failed

    @api.model
    def _ops_domain_old(self):
        return [("ops_notice", "=", True), ("state", "in", ("sent", "cancel")), ("create_date", "<", clock.now() - KEEP)]
