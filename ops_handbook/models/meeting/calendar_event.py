from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...tools import token

# what whoever is invited may write: their reply, and what is no content
FREE = {"current_status", "message_follower_ids", "message_main_attachment_id", "message_ids"}
# marks of programs that copy events to other calendars
SYNC = ("google_", "microsoft_", "ms_", "need_sync")
# what a domain may name without betraying anything of a private event: the times in which somebody is busy
PUBLIC = {
    "id", "active", "allday", "start", "stop", "start_date", "stop_date", "duration", "user_id", "partner_id", "show_as",
    "privacy", "partner_ids", "recurrence_id", "recurrency", "follow_recurrence", "ops_linked",
}


class CalendarEvent(models.Model):
    """Events that belong to a meeting: written by the meeting alone, read by those who take part.

    Odoo lets every employee write an event to which they are invited, and whoever is clever find out by searching what
    the screen does not show of a private one.
    """

    _inherit = "calendar.event"

    ops_linked = fields.Boolean(
        string="Belongs to a Meeting", readonly=True, copy=False,
        help="A meeting of the operations handbook: it is moved and cancelled there.",
    )

    @api.model
    def _get_public_fields(self):
        return super()._get_public_fields() | {"ops_linked"}

    @api.model_create_multi
    def create(self, vals_list):
        if not token.CALENDAR.of(self.env):
            vals_list = [{**vals, "ops_linked": False} for vals in vals_list]
        return super().create(vals_list)

    def write(self, vals):
        if not token.CALENDAR.of(self.env):
            names = {name for name in vals if name not in FREE and not name.startswith(SYNC)}
            if "ops_linked" in names:
                raise UserError(self.env._("Belongs to a Meeting: only a meeting says so."))
            if names:
                self._ops_refuse_linked()
        return super().write(vals)

    def unlink(self):
        if not token.CALENDAR.of(self.env):
            self._ops_refuse_linked()
        return super().unlink()

    def copy(self, default=None):
        self._ops_refuse_linked()
        return super().copy(default)

    def action_sendmail(self):
        """Send the invitation again; that of a meeting is sent by the meeting."""
        self._ops_refuse_linked()
        return super().action_sendmail()

    def action_open_composer(self):
        """Write to the attendees; to those of a meeting, from the meeting."""
        self._ops_refuse_linked()
        return super().action_open_composer()

    def _ops_refuse_linked(self):
        """Refuse what only a meeting does to its event."""
        if any(self.mapped("ops_linked")):
            raise UserError(self.env._(
                "This event belongs to a meeting of the operations handbook. Move, change or cancel the meeting; the "
                "calendar follows. Accepting or declining the invitation is always possible."
            ))

    @api.model
    def _search(self, domain, *args, **kwargs):
        """Where a search names what a private event hides, leave out the meetings that the user is no part of."""
        domain = Domain(domain)
        if not self.env.su and self._ops_domain_pries(domain):
            mine = Domain("partner_ids", "in", self.env.user.partner_id.ids)
            domain &= Domain("ops_linked", "=", False) | mine
        return super()._search(domain, *args, **kwargs)

    @api.model
    def _ops_domain_pries(self, domain):
        return any(condition.field_expr.split(".")[0] not in PUBLIC for condition in domain.iter_conditions())
