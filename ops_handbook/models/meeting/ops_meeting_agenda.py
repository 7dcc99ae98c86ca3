from odoo import api, fields, models
from odoo.exceptions import ValidationError


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
    duration = fields.Integer(string="Duration (min)", default=15)
    attachment_ids = fields.Many2many(
        "ir.attachment", "ops_meeting_agenda_attachment_rel", "agenda_id", "attachment_id", string="Material", copy=False
    )
    notes = fields.Html(string="Minutes of the Item", sanitize_style=True, copy=False)

    _duration_sane = models.Constraint(
        "CHECK(duration >= 0 AND duration <= 4320)", "Minutes: choose a number between 0 and 4320."
    )

    @api.model_create_multi
    def create(self, vals_list):
        items = super().create(vals_list)
        items._bind_material()
        return items

    def write(self, vals):
        result = super().write(vals)
        if "attachment_ids" in vals:
            self._bind_material()
        return result

    def _bind_material(self):
        """Attach the material to its item, so that the rights and the lock of the meeting are its own."""
        for item in self:
            for file in item.sudo().attachment_ids:  # sudo: a file of somebody else must be seen to be refused
                if (file.res_model, file.res_id) == (self._name, item.id):
                    continue
                if file.res_id or (not self.env.su and file.create_uid.id != self.env.uid):
                    raise ValidationError(self.env._(
                        "Material: “%(file)s” belongs to something else. Upload it here again.", file=file.name
                    ))
                file.write({"res_model": self._name, "res_id": item.id})
