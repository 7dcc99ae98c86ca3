from odoo import models
from odoo.tools import format_datetime

# state reached → the mail that tells the requester so
TO_REQUESTER = {
    "filed": "ops_collaboration_mail_filed",
    "returned": "ops_collaboration_mail_returned",
    "done": "ops_collaboration_mail_done",
}
# state reached → the mail that tells all who take part
TO_ALL = {"closed": "ops_collaboration_mail_closed", "cancelled": "ops_collaboration_mail_cancelled"}


class OpsCollaboration(models.Model):
    """Whom a step is told by mail: the requester, the lead, or all who take part. One pass for many requests."""

    _inherit = "ops.collaboration"

    def _after_transition(self, previous, reason):
        super()._after_transition(previous, reason)
        for state, requests in self.sudo().grouped("state").items():  # sudo: the notice is the system's
            if state in TO_REQUESTER:
                requests._tell(TO_REQUESTER[state], {
                    request.id: request._requester_in_charge() for request in requests
                }, reason=reason)
            elif state in TO_ALL:
                submitted = requests.filtered("submitted_on")  # nobody else has heard of the others
                submitted._tell(TO_ALL[state], {
                    request.id: request._everybody() for request in submitted
                }, reason=reason)
            elif state == "running":
                requests.filtered(lambda request: previous[request.id] == "filed")._notify_lead()

    def _everybody(self):
        """Return who takes part (sudo): requester, lead, liaisons, heads of the parties."""
        parties = self.party_ids.filtered(lambda party: party.state != "released")
        return self._requester_in_charge() | self._lead_in_charge() | parties.acting_liaison_id | parties.head_id

    def _notify_lead(self):
        self.sudo()._tell("ops_collaboration_mail_lead", {  # sudo: the notice is the system's
            request.id: request._lead_in_charge() for request in self.sudo()
        })

    def _notify_kickoff(self):
        """Tell the requester when the kick-off is; the invitation goes out with the meeting's notice."""
        for request in self.sudo():  # sudo: the notice is the system's
            user, start = request._requester_in_charge(), request.kickoff_id.date_start
            tz = user.tz or request.company_id._ops_tz()
            request._tell("ops_collaboration_mail_kickoff", {request.id: user}, begin=format_datetime(
                self.env, start, tz=tz, dt_format="short", lang_code=user.lang or "en_US"
            ))

    def _tell(self, template, receivers, **names):
        """Queue a mail of ``template`` to each of the ``receivers`` (dict id → users) but whoever acts now."""
        acting = receivers and self.env["res.users"].union(*receivers.values())._ops_acts_for()
        self.env["ops.notice"]._queue(f"ops_handbook.{template}", [
            {"object": request, "user": user, **names}
            for request in self
            for user in self.env["res.users"].union(*(acting[person] for person in receivers[request.id]))
            if user.id != self.env.uid
        ])
