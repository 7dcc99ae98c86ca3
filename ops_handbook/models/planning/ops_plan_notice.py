from odoo import api, models
from odoo.tools import format_datetime


class OpsPlan(models.Model):
    """Mails about plans and their review sheets, many at a time."""

    _inherit = "ops.plan"

    @api.model
    def _tell_users(self, template, pairs, due=None):
        """Queue a mail of ``template`` for each of ``pairs`` (record, user) but to whoever acts now; substitutes stand in.

        :param str template: name of a ``mail.template`` of ours
        :param list pairs: (record, ``res.users``), both sudo; a user occurs once per record
        :param dict due: record id → naive UTC moment, told as the receiver's clock shows it
        """
        users = self.env["res.users"].sudo().union(*(user for _record, user in pairs))  # sudo: the notice is the system's
        acting, mails = users._ops_acts_for(), {}
        for record, user in pairs:
            for receiver in acting[user]:
                if receiver.id != self.env.uid:
                    moment = (due or {}).get(record.id)
                    mails[record, receiver] = {
                        "object": record, "user": receiver, "due": self._moment_for(receiver, moment, record.company_id),
                    }
        return self.env["ops.notice"]._queue(f"ops_handbook.{template}", list(mails.values()))

    @api.model
    def _moment_for(self, user, moment, company):
        """Return a moment (naive UTC, or nothing) as the user's clock shows it."""
        if not moment:
            return ""
        return format_datetime(
            self.env, moment, tz=user.tz or company._ops_tz(), dt_format="short", lang_code=user.lang or "en_US"
        )
