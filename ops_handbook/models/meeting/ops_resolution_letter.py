from odoo import models
from odoo.tools.misc import format_date

from ...tools.moments import local_date


class OpsResolution(models.Model):
    """How a resolution is cited in a reminder letter and in the ledger."""

    _inherit = "ops.resolution"

    def _letter_source(self):
        """C5: which resolution of which meeting, and when that took place."""
        return {
            resolution.id: self.env._(
                "Resolution “%(resolution)s” of the meeting %(meeting)s of %(date)s",
                resolution=resolution.name,
                meeting=resolution.meeting_id.display_name,
                date=resolution._meeting_day(),
            )
            for resolution in self
        }

    def _meeting_day(self):
        """Return the local day of the meeting in the language of the context."""
        meeting = self.meeting_id
        return format_date(self.env, local_date(meeting.actual_start or meeting.date_start, self.company_id._ops_tz()))
