from odoo import api, models
from odoo.exceptions import UserError

from ...tools import token


class ResPartner(models.Model):
    """The list of events on a contact is a way into their attendees: not into those of a meeting."""

    _inherit = "res.partner"

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        named = "meeting_ids" in self._said_by_default() or any(vals.get("meeting_ids") for vals in vals_list)
        if named and any(partners._ops_linked_events().values()):
            partners._ops_refuse_meetings()
        return partners

    def write(self, vals):
        if "meeting_ids" not in vals or token.CALENDAR.of(self.env):
            return super().write(vals)
        before = self._ops_linked_events()
        result = super().write(vals)
        if self._ops_linked_events() != before:
            self._ops_refuse_meetings()
        return result

    def _ops_linked_events(self):
        """Return the events of meetings to which each contact is invited: dict id → set of ids."""
        # sudo: also those that the user may not see
        groups = self.env["calendar.event"].sudo().with_context(active_test=False)._read_group(
            [("ops_linked", "=", True), ("partner_ids", "in", self.ids)], ["partner_ids"], ["id:array_agg"]
        )
        return {partner.id: set(events) for partner, events in groups if partner in self}

    def _ops_refuse_meetings(self):
        raise UserError(self.env._(
            "Meetings: an event that belongs to a meeting of the operations handbook is not changed here; "
            "change the attendees of the meeting."
        ))
