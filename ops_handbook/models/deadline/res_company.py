from odoo import models

from ...tools.saying import saying
from .ops_obligation import OPEN_STATES


class ResCompany(models.Model):
    _inherit = "res.company"

    def write(self, vals):
        """What a company that is closed still owed is not owed any more: nobody works there who could answer."""
        result = super().write(vals)
        if vals.get("active") is False:
            for company in self:
                # sudo: whoever closes a company need not see what it owes
                self.env["ops.obligation"].sudo().search(
                    [("company_id", "=", company.id), ("state", "in", OPEN_STATES)]
                )._set_state("cancelled", saying(self.env)._("%(company)s was closed.", company=company.name))
        return result

    def _ops_calendar_changed(self):
        """Open obligations get their due times by the new calendar, and the log says so."""
        super()._ops_calendar_changed()
        started = self.filtered("ops_started")
        if started:
            self.env["ops.standard.progress"]._forget(started)
            self.env["ops.obligation"]._recompute_due(started)
