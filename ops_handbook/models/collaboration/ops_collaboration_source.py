from odoo import api, models

from ..mixins.ops_source_mixin import ONCE


class OpsCollaboration(models.Model):
    """From which task, item of an agenda or resolution a request has come."""

    _inherit = "ops.collaboration"

    _source_once = models.UniqueIndex(
        ONCE, "Other departments have been asked for help with this already: reload the page and open the request."
    )

    @api.model
    def _source_names(self, records):
        """As whoever needs the help cites it."""
        return {record.id: record._need_label() for record in records}

    def _source_action(self, record):
        """Of a line of the minutes, open the meeting."""
        return (record["meeting_id"] if "meeting_id" in record._fields else record)._obligation_open_action()
