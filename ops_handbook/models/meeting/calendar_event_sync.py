import logging

from odoo import models

_logger = logging.getLogger(__name__)

UPDATE = 1  # the command of the ORM that changes a line


class CalendarEvent(models.Model):
    """Programs that copy changes back from Google or Microsoft: a meeting keeps its own, and the run goes on.

    The methods are those of the two modules, where they are installed; what they call in the end is refused for meetings.
    """

    _inherit = "calendar.event"

    def _write_from_google(self, gevent, vals):
        if kept := self._ops_kept_from_sync():
            kept._ops_take_reply(vals)
            return None
        return super()._write_from_google(gevent, vals)

    def _cancel(self):
        return super(CalendarEvent, self - self._ops_kept_from_sync())._cancel()

    def _write_from_microsoft(self, microsoft_event, vals):
        if kept := self._ops_kept_from_sync():
            kept._ops_take_reply(vals)
            return None
        return super()._write_from_microsoft(microsoft_event, vals)

    def _cancel_microsoft(self):
        return super(CalendarEvent, self - self._ops_kept_from_sync())._cancel_microsoft()

    def _ops_kept_from_sync(self):
        """Return those that belong to a meeting; the log says that they stay as they are."""
        kept = self.filtered("ops_linked")
        if kept:
            _logger.info("meetings: what an external calendar says of the events %s is not taken over", kept.ids)
        return kept

    def _ops_take_reply(self, vals):
        """Take over one thing: what the user whose calendar is read replied to the invitation."""
        mine = self.attendee_ids.filtered(lambda row: row.partner_id == self.env.user.partner_id)
        for command in vals.get("attendee_ids") or ():
            if command[0] == UPDATE and command[1] in mine.ids and set(command[2]) == {"state"}:
                mine.browse(command[1]).write({"state": command[2]["state"]})
