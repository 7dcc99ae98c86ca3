from odoo import api, models
from odoo.tools import format_datetime


class OpsPlan(models.Model):
    """Mails about plans and their review sheets, many at a time."""

    _inherit = "ops.plan"

    def _after_transition(self, previous, reason):
        super()._after_transition(previous, reason)
        if returned := self.sudo()._entered("returned", previous):  # sudo: the notice is the system's
            answering = returned._answering_users()
            returned._tell_users(
                "ops_plan_mail_returned", [(plan, user) for plan in returned for user in answering[plan.id]], reason=reason
            )

    @api.model
    def _tell_users(self, template, pairs, due=None, **names):
        """Queue a mail of ``template`` for each of ``pairs`` (record, user) but to whoever acts now; substitutes stand in.

        :param str template: name of a ``mail.template`` of ours
        :param list pairs: (record, ``res.users``), both sudo; a user occurs once per record
        :param dict due: record id → naive UTC moment, told as the receiver's clock shows it
        :param names: what else the template says
        """
        users = self.env["res.users"].sudo().union(*(user for _record, user in pairs))  # sudo: the notice is the system's
        acting, mails = users._ops_acts_for(), {}
        for record, user in pairs:
            for receiver in acting[user]:
                if receiver.id != self.env.uid:
                    moment = (due or {}).get(record.id)
                    mails[record, receiver] = {
                        "object": record, "user": receiver, "due": self._moment_for(receiver, moment, record.company_id),
                        **names,
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
