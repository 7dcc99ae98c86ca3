from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools import token


class OpsMeeting(models.Model):
    """A quarterly review has the compilation of its quarter beside it: it is there as soon as the meeting is planned."""

    _inherit = "ops.meeting"

    progress_analysis_id = fields.Many2one(
        "ops.progress.analysis", string="Analysis of the Quarter", compute="_compute_progress_analysis_id"
    )

    @api.depends("cycle_id", "cycle_quarter")
    @api.depends_context("uid")
    def _compute_progress_analysis_id(self):
        reviews_sudo = self.sudo().filtered("cycle_quarter")  # sudo: which cycle it is; what the user may read is asked below
        found = self.env["ops.progress.analysis"].sudo().search([
            ("cycle_id", "in", reviews_sudo.cycle_id.ids), ("period", "in", reviews_sudo.mapped("cycle_quarter")),
            ("state", "!=", "cancelled"),
        ]) if reviews_sudo else self.env["ops.progress.analysis"]
        readable = found.with_env(self.env)._filtered_access("read") if found else found
        by_quarter = {(analysis.cycle_id.id, analysis.period): analysis for analysis in readable.sudo()}
        for meeting in self:
            key = (meeting.sudo().cycle_id.id, meeting.cycle_quarter)  # sudo: as above
            meeting.progress_analysis_id = by_quarter.get(key)

    @api.model_create_multi
    def create(self, vals_list):
        meetings = super().create(vals_list)
        meetings._ensure_progress_analysis()
        return meetings

    def write(self, vals):
        result = super().write(vals)
        if {"cycle_quarter", "subject_id"} & set(vals):
            self._ensure_progress_analysis()
        return result

    def _ensure_progress_analysis(self):
        # sudo: whoever plans the meeting need not write analyses; the mark of the machinery is for the meeting alone
        for meeting in token.cleared(self).sudo().filtered(lambda meeting: meeting.cycle_quarter and meeting.state != "cancelled"):
            if meeting.cycle_id:
                meeting.env["ops.progress.analysis"]._ensure(meeting.cycle_id, meeting.cycle_quarter)

    def action_open_progress_analysis(self):
        """Open the compilation of the quarter that this meeting reviews."""
        self.ensure_one()
        self.check_access("read")
        if not self.progress_analysis_id:
            raise UserError(self.env._("There is no analysis of the quarter that you may read yet: the GM office publishes it."))
        return self.progress_analysis_id._obligation_open_action()
