from odoo import api, models


class CalendarRecurrence(models.Model):
    """Meetings come back by a series of the handbook, never by a recurrence of the calendar."""

    _inherit = "calendar.recurrence"

    @api.model_create_multi
    def create(self, vals_list):
        recurrences = super().create(vals_list)
        recurrences._ops_refuse_linked()
        return recurrences

    def write(self, vals):
        result = super().write(vals)
        if "base_event_id" in vals:
            self._ops_refuse_linked()
        return result

    def _ops_refuse_linked(self):
        # sudo: also where the user may not read the event
        self.sudo().base_event_id._ops_refuse_linked()
