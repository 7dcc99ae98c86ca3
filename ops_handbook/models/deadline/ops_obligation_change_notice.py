from odoo import models

from .ops_obligation_words import Words

# what was decided → the mail that says so
MAILS = {"approved": "ops_obligation_change_mail_approved", "refused": "ops_obligation_change_mail_refused"}


class OpsObligationChange(models.Model):
    """Whoever asked for a hold, an extension or a waiver is told by mail what was decided."""

    _inherit = "ops.obligation.change"

    def _tell_decision(self, reason):
        """Queue one mail for each of these decided requests (superuser): to who asked, or their substitute, but to whoever acts now.

        :param str reason: why it was refused
        """
        acting, words = self.author_id._ops_acts_for(), Words(self.env)
        for state, changes in self.grouped("state").items():
            self.env["ops.notice"]._queue(f"ops_handbook.{MAILS[state]}", [
                {"object": change, "user": user, "reason": reason or "", **change._moments_for(user, words)}
                for change in changes
                for user in acting[change.author_id]
                if user.id != self.env.uid and user.active
            ])

    def _moments_for(self, user, words):
        """Return the due time by now and the end of the hold as the clock of ``user`` shows them: what the mail names."""
        tz = user.tz or self.company_id._ops_tz()
        return {name: words.moment(self[field], tz, user.lang) for name, field in (("due", "date_after"), ("until", "date_until"))}
