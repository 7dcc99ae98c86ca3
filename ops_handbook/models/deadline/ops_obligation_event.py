from odoo import api, models

from .ops_obligation import OPEN_STATES


class OpsObligation(models.Model):
    """Events lie ahead of some duties and may move: a notice is due before its meeting (C2)."""

    _inherit = "ops.obligation"

    @api.model
    def _move_event(self, code, sources, moments, reason, *, close=None):
        """Reckon the due times of the open obligations of a standard anew: the event before which they are due has moved.

        A granted extension stays.

        :param dict moments: source id → naive UTC moment of the event
        :param dict close: source id → from when on it counts as missed; default: as it was
        :return: the obligations whose due time has moved (sudo)
        """
        # sudo: whoever may move the event has been asked there
        found = self.sudo().search([("code", "=", code), ("state", "in", OPEN_STATES), *self._source_leaves(sources)])
        moved = {}
        for item in found:
            event, closes = moments[item.source_id], (close or {}).get(item.source_id, item.date_close)
            original = item.standard_id._due_of_event(item.revision_id, item.company_id, event, item.variant)
            if (event, closes, original) != (item.date_event, item.date_close, item.date_original):
                item.write({"date_event": event, "date_close": closes, "date_original": original})
                if not item.extended:
                    moved[item] = item._with_holds(original)
        return self._move_due(moved, reason)
