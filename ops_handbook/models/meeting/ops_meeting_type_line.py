from odoo import fields, models


class OpsMeetingTypeLine(models.Model):
    """What new meetings of a kind have on their agenda."""

    _name = "ops.meeting.type.line"
    _description = "Item of an Agenda Template"
    _order = "sequence, id"

    type_id = fields.Many2one("ops.meeting.type", required=True, index=True, ondelete="cascade")
    sequence = fields.Integer(default=10)
    name = fields.Char(string="Topic", required=True, translate=True)
    duration = fields.Integer(string="Duration (min)", default=15)

    _duration_sane = models.Constraint(
        "CHECK(duration >= 0 AND duration <= 4320)", "Minutes: choose a number between 0 and 4320."
    )
