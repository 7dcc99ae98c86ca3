from odoo import api, models
from odoo.exceptions import UserError

from ...tools import token


class CalendarAttendee(models.Model):
    """Who is invited to a meeting stands on the meeting; here one replies, for oneself."""

    _inherit = "calendar.attendee"

    @api.model_create_multi
    def create(self, vals_list):
        attendees = super().create(vals_list)
        attendees._ops_refuse_linked()
        return attendees

    def write(self, vals):
        if not token.CALENDAR.of(self.env) and not self._ops_is_reply(vals):
            self._ops_refuse_linked()
        result = super().write(vals)
        if "event_id" in vals:
            self._ops_refuse_linked()
        return result

    def unlink(self):
        self._ops_refuse_linked()
        return super().unlink()

    def _ops_is_reply(self, vals):
        """Tell whether this is a reply in one's own name, or by the link that only the one invited was sent."""
        if set(vals) != {"state"}:
            return False
        return self.env.su or self.partner_id <= self.env.user._ops_principals().partner_id

    def _ops_refuse_linked(self):
        if not token.CALENDAR.of(self.env) and any(self.event_id.mapped("ops_linked")):
            raise UserError(self.env._(
                "This invitation belongs to a meeting of the operations handbook: change the attendees there. "
                "You can accept or decline in your own name only."
            ))
