from odoo import models
from odoo.fields import Domain

from ...tools import clock
from ..deadline.ops_obligation import OPEN_STATES


class OpsObligation(models.Model):
    """What an obligation to issue month plans (M3) is about: those of a company with its branches, or of one department."""

    _inherit = "ops.obligation"

    def _issue_scope(self):
        """Return the leaves that find what one obligation to issue (M3) is about: a department, or a company with branches."""
        if self.department_id:
            return [("department_id", "=", self.department_id.id)]
        return [("company_id", "child_of", self.company_id.id)]

    def _awaits_submission(self):
        """Tell whether somebody may still submit in time what this obligation (M3) is to issue."""
        domain = Domain("code", "=", "M2") & Domain("period", "=", self.period) & Domain("state", "in", OPEN_STATES)
        domain &= Domain(self._issue_scope()) & Domain("date_due", ">=", clock.now())
        return bool(self.sudo().search_count(domain, limit=1))  # sudo: the rule counts what all owe
