from odoo import fields, models


class OpsMeetingAgenda(models.Model):
    """An item of the agenda: topic, presenter, material, and what was said on it."""

    _name = "ops.meeting.agenda"
    _description = "Agenda Item"
    _inherit = ["ops.form.line.mixin"]
    _order = "meeting_id, sequence, id"

    _form_field = "meeting_id"

    meeting_id = fields.Many2one("ops.meeting", required=True, index=True, ondelete="cascade")
    sequence = fields.Integer(default=10)
    name = fields.Char(string="Topic", required=True)
    presenter_id = fields.Many2one("res.users", index="btree_not_null", ondelete="restrict")
    duration = fields.Integer(string="Minutes", default=15)
    attachment_ids = fields.Many2many(
        "ir.attachment", "ops_meeting_agenda_attachment_rel", "agenda_id", "attachment_id", string="Material", copy=False
    )
    notes = fields.Html(string="Minutes of the Item", sanitize_style=True, copy=False)

    _duration_sane = models.Constraint(
        "CHECK(duration >= 0 AND duration <= 4320)", "Minutes: choose a number between 0 and 4320."
    )
