from odoo import models

from ...tools import clock


class OpsCollaborationParty(models.Model):
    """Whoever speaks for a party comes to the meetings of the collaboration, also when they were named after those were planned."""

    _inherit = "ops.collaboration.party"

    def _after_transition(self, previous, reason):
        super()._after_transition(previous, reason)
        # meetings that were planned while a department was let off know nobody of it
        self.filtered(lambda party: previous[party.id] == "released")._invite_speakers()

    def _invite_speakers(self):
        """Invite whoever speaks for these parties now to what lies ahead; the head, and whoever spoke before, stay invited.

        The attendees themselves bring the event up to date and queue the invitation.
        """
        parties = self.sudo().filtered(lambda party: party.state != "released")  # sudo: who takes part follows from the party
        meetings = parties.env["ops.meeting"].search([
            ("collaboration_id", "in", parties.collaboration_id.ids), ("state", "in", ("draft", "called")),
            "|", ("date_stop", "=", False), ("date_stop", ">", clock.now()),
        ])
        by_request = parties.grouped("collaboration_id")
        parties.env["ops.meeting.attendee"].create([
            {"meeting_id": meeting.id, "user_id": user.id, "is_required": True}
            for meeting in meetings
            for user in by_request[meeting.collaboration_id].acting_liaison_id
            if user.active and not user.share and user.partner_id not in meeting.attendee_ids.partner_id
        ])
