from odoo import api, fields, models


class OpsMeeting(models.Model):
    """Meetings of a collaboration: the kick-off starts it, and what they resolve become its items."""

    _inherit = "ops.meeting"

    collaboration_id = fields.Many2one(
        "ops.collaboration", compute="_compute_collaboration_id", store=True, index="btree_not_null", ondelete="set null"
    )

    @api.depends("subject_model", "subject_id")
    def _compute_collaboration_id(self):
        about = self._subjects("ops.collaboration")
        for meeting in self:
            meeting.collaboration_id = about.get(meeting, False)

    def _kickoff_contacts(self):
        """Form 10 is the kick-off's alone; what a collaboration meets for later is minuted as any other meeting."""
        request_sudo = self.collaboration_id.sudo()  # sudo: the minutes name all parties, whoever prints them
        if not request_sudo or request_sudo.kickoff_id != self:
            return super()._kickoff_contacts()
        resolutions = self.sudo().resolution_ids  # sudo: as above
        return request_sudo._contact_rows(resolutions.filtered(lambda item: item.state != "cancelled"))

    def _became_held(self, previous):
        super()._became_held(previous)
        # a correction of the minutes does not start anything anew
        kickoffs = self.filtered(lambda meeting: previous[meeting.id] != "distributed")
        self._collaborations_kicked_off(kickoffs, ("filed",))._transition("running")

    def _became_distributed(self, previous):
        super()._became_distributed(previous)
        for meeting in self.filtered(lambda meeting: meeting.collaboration_id.state in ("filed", "running")):
            meeting.collaboration_id._take_resolutions(meeting)

    def _became_cancelled(self, previous, reason):
        super()._became_cancelled(previous, reason)
        self._collaborations_kicked_off(self, ("filed",))._forget_kickoff(reason)

    @api.model
    def _collaborations_kicked_off(self, meetings, states):
        """Return the collaborations whose kick-off is one of ``meetings`` (superuser)."""
        # sudo: what a meeting does to its collaboration follows from the meeting
        return self.env["ops.collaboration"].sudo().search([("kickoff_id", "in", meetings.ids), ("state", "in", states)])
