from odoo import api, fields, models

from ..tools import clock


class OpsMeetingHoldWizard(models.TransientModel):
    """Asks when a meeting really began and ended: the minutes are due a day after its end (C3)."""

    _name = "ops.meeting.hold.wizard"
    _description = "Meeting Held"

    meeting_id = fields.Many2one("ops.meeting", required=True, readonly=True)
    # as the user: the times of a meeting that they may not read are not shown
    actual_start = fields.Datetime(
        string="Began", required=True, compute="_compute_times", store=True, readonly=False, precompute=True, compute_sudo=False
    )
    actual_stop = fields.Datetime(
        string="Ended", required=True, compute="_compute_times", store=True, readonly=False, precompute=True, compute_sudo=False
    )
    recorder_id = fields.Many2one(related="meeting_id.recorder_id", string="Minutes by", related_sudo=False)

    @api.depends("meeting_id")
    def _compute_times(self):
        now = clock.now()
        for wizard in self:
            meeting = wizard.meeting_id
            wizard.actual_start = min(meeting.date_start or now, now)
            wizard.actual_stop = max(min(meeting.date_stop or now, now), wizard.actual_start)

    @api.model_create_multi
    def create(self, vals_list):
        wizards = super().create(vals_list)
        wizards.meeting_id.check_access("read")  # the dialog shows its topic
        return wizards

    def write(self, vals):
        result = super().write(vals)
        self.meeting_id.check_access("read")
        return result

    def action_confirm(self):
        """Say that the meeting took place at these times."""
        self.ensure_one()
        return self.meeting_id.action_hold(self.actual_start, self.actual_stop)
