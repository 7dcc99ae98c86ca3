from odoo import api, fields, models
from odoo.exceptions import ValidationError

KINDS = [
    ("strategy_seminar", "Strategy Seminar"),
    ("plan_review", "Plan Review"),
    ("kick_off", "Kick-Off"),
    ("quarterly_review", "Quarterly Review"),
    ("weekly", "Weekly Department Meeting"),
    ("collaboration", "Collaboration"),
    ("lessons", "Lessons"),
    ("general", "General"),
]


class OpsMeetingType(models.Model):
    """A kind of meeting: what a new one begins with. Administrators own these records."""

    _name = "ops.meeting.type"
    _description = "Kind of Meeting"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    kind = fields.Selection(
        KINDS, required=True, default="general", help="What the processes of the handbook know the meeting as."
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    duration = fields.Float(string="Duration (Hours)", default=1.0, required=True)
    is_cross_department = fields.Boolean(
        string="Cross-Department", help="Notice and minutes have due times (C2, C3), whoever attends."
    )
    needs_material = fields.Boolean(
        string="Material Required", help="The notice does not go out before there is material for the agenda."
    )
    alarm_ids = fields.Many2many(
        "calendar.alarm", "ops_meeting_type_alarm_rel", "type_id", "alarm_id", string="Reminders",
        help="What the calendars of those invited remind them with.",
    )
    line_ids = fields.One2many("ops.meeting.type.line", "type_id", string="Agenda Template", copy=True)

    _duration_sane = models.Constraint(
        "CHECK(duration > 0 AND duration <= 72)", "Duration: choose more than 0 and at most 72 hours."
    )

    @api.constrains("name")
    def _check_name(self):
        for kind in self:
            if not (kind.name or "").strip():
                raise ValidationError(self.env._("Name: say what kind of meeting this is."))

    def _agenda_values(self):
        """Return the items of the template as values of ``ops.meeting.agenda``."""
        return [
            {"sequence": line.sequence, "name": line.name, "duration": line.duration} for line in self.line_ids
        ]
