from odoo import api, fields, models

from ..meeting.ops_meeting import OpsMeeting as Meeting


class OpsMeeting(models.Model):
    """Meetings of a cycle: seminar (A1), plan review (A3), kick-off (A5), quarterly reviews (A7)."""

    _inherit = "ops.meeting"

    # by these the meeting fulfils what the GM office owes: said by the cycle, never by a client
    _flow_protected = Meeting._flow_protected | {"cycle_id", "cycle_quarter"}

    cycle_id = fields.Many2one(
        "ops.cycle", string="Annual Cycle", compute="_compute_cycle_id", store=True, index="btree_not_null", ondelete="set null",
        copy=False,
    )
    cycle_quarter = fields.Char(
        string="Quarter", readonly=True, copy=False, help="Of which quarter a quarterly review speaks, like 2027-Q1."
    )

    @api.depends("subject_model", "subject_id")
    def _compute_cycle_id(self):
        about = self._subjects("ops.cycle")
        for meeting in self:
            meeting.cycle_id = about.get(meeting, False)

    def _became_called(self, previous):
        super()._became_called(previous)
        reviews = self.filtered(lambda meeting: meeting.cycle_id.state == "drafting" and meeting.kind == "plan_review")
        reviews.cycle_id._transition("review")

    def _became_held(self, previous):
        super()._became_held(previous)
        # a correction of the minutes does not fulfil anything anew
        for meeting in self.filtered(lambda meeting: meeting.cycle_id and previous[meeting.id] != "distributed"):
            meeting.cycle_id._meeting_held(meeting)
