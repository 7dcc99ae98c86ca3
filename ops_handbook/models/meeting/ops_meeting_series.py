from odoo import fields, models


class OpsMeetingSeries(models.Model):
    """Meetings that come back in a rhythm; a job creates the next one."""

    _name = "ops.meeting.series"
    _description = "Series of Meetings"
    _order = "name, id"

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)
    department_id = fields.Many2one("hr.department", index=True, ondelete="restrict")
    type_id = fields.Many2one("ops.meeting.type", required=True, ondelete="restrict", index=True)
    organiser_id = fields.Many2one(
        "res.users", required=True, index=True, default=lambda self: self.env.user, ondelete="restrict"
    )
    recorder_id = fields.Many2one("res.users", index="btree_not_null", ondelete="restrict")
    chair_id = fields.Many2one("res.users", index="btree_not_null", ondelete="restrict")
    location = fields.Char()
    videocall_url = fields.Char(string="Video Call")
    meeting_ids = fields.One2many("ops.meeting", "series_id", string="Meetings", readonly=True)
