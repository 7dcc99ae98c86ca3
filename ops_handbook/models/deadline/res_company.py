from odoo import models


class ResCompany(models.Model):
    _inherit = "res.company"

    def _ops_calendar_changed(self):
        """Open obligations get their due times by the new calendar, and the log says so."""
        super()._ops_calendar_changed()
        started = self.filtered("ops_started")
        if started:
            self.env["ops.standard.progress"]._forget(started)
            self.env["ops.obligation"]._recompute_due(started)
