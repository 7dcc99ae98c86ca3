from odoo import api, fields, models


class OpsMeeting(models.Model):
    """Meetings of a cycle: seminar (A1), plan review (A3), kick-off (A5), quarterly reviews (A7)."""

    _inherit = "ops.meeting"

    cycle_id = fields.Many2one(
        "ops.cycle", string="Annual Cycle", compute="_compute_cycle_id", store=True, index="btree_not_null", ondelete="set null"
    )
    cycle_quarter = fields.Char(readonly=True, copy=False, help="Of which quarter a quarterly review speaks, like 2027-Q1.")

    @api.depends("subject_model", "subject_id")
    def _compute_cycle_id(self):
        about = self.filtered(lambda meeting: meeting.subject_model == "ops.cycle" and meeting.subject_id)
        # sudo: whether it exists; who may read it is asked where it is read
        known = set(self.env["ops.cycle"].sudo().browse(about.mapped("subject_id")).exists().ids)
        for meeting in self:
            meeting.cycle_id = meeting.subject_id if meeting in about and meeting.subject_id in known else False
