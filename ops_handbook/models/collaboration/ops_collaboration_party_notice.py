from odoo import models
from odoo.tools import format_datetime


class OpsCollaborationParty(models.Model):
    """Whom an answer, or the want of one, is told by mail."""

    _inherit = "ops.collaboration.party"

    def _notify_asked(self):
        """Ask the heads for their consent, with a button that opens their line of the request (K1)."""
        due = {item.source_id: item.date_due for item in self.env["ops.obligation"].sudo().search([  # sudo: our own clock
            ("code", "=", "K1"), ("source_model", "=", self._name), ("source_id", "in", self.ids), ("state", "=", "open"),
        ])}
        self._tell("ops_collaboration_mail_asked", {
            party.id: party.head_id or self.env["res.users"]._ops_of_role("operations", party.company_id) for party in self
        }, due=due)

    def _notify_liaison(self):
        """Tell whoever was named; not before the request has been submitted."""
        named = self.filtered(lambda party: party.liaison_id.active and party.collaboration_id.state not in ("draft", "returned"))
        named._tell("ops_collaboration_mail_liaison", {party.id: party.liaison_id for party in named})

    def _notify_answer(self, previous):
        """Tell the requester that somebody declined, and both sides what operations decided."""
        declined = self.filtered(lambda party: party.state == "declined")
        declined._tell("ops_collaboration_mail_declined", {
            party.id: party.collaboration_id._requester_in_charge() for party in declined
        })
        decided = self.filtered(lambda party: party.state in ("required", "released"))
        decided._tell("ops_collaboration_mail_decided", {
            party.id: party.collaboration_id._requester_in_charge() | party.head_id for party in decided
        })

    def _tell(self, template, receivers, due=None):
        """Queue a mail of ``template`` to each of the ``receivers`` (dict id → users) but whoever acts now."""
        acting = receivers and self.env["res.users"].union(*receivers.values())._ops_acts_for()
        self.env["ops.notice"]._queue(f"ops_handbook.{template}", [
            {"object": party, "user": user, "due": self._moment_for(user, (due or {}).get(party.id), party.company_id)}
            for party in self.sudo()  # sudo: the notice is the system's
            for user in self.env["res.users"].union(*(acting[person] for person in receivers[party.id]))
            if user.id != self.env.uid
        ])

    def _moment_for(self, user, moment, company):
        """Return a moment (naive UTC, or nothing) as the user's clock shows it."""
        if not moment:
            return ""
        return format_datetime(
            self.env, moment, tz=user.tz or company._ops_tz(), dt_format="short", lang_code=user.lang or "en_US"
        )
