from odoo import api, models

from .ops_obligation import OPEN_STATES

WHEN = {"standard_id", "variant", "anchor", "value", "unit", "any_hour"}


class OpsStandardStep(models.Model):
    """A ladder that is changed applies at once to what is open; what has been sent is not sent again."""

    _inherit = "ops.standard.step"

    @api.model_create_multi
    def create(self, vals_list):
        steps = super().create(vals_list)
        steps.standard_id._replan_reminders()
        return steps

    def write(self, vals):
        before = self.standard_id
        result = super().write(vals)
        if WHEN & vals.keys():
            (before | self.standard_id)._replan_reminders()
        return result

    def unlink(self):
        standards = self.standard_id
        result = super().unlink()
        standards.exists()._replan_reminders()
        return result


class OpsStandard(models.Model):
    _inherit = "ops.standard"

    def _replan_reminders(self):
        """Find the next reminder of the open obligations of these standards anew."""
        # sudo: whoever keeps the ladders need not see what is owed
        obligations_sudo = self.env["ops.obligation"].sudo()
        obligations_sudo.search([("standard_id", "in", self.ids), ("state", "in", OPEN_STATES)])._refresh_next_steps()
