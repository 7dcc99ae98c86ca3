from odoo import models

from ...tools.saying import saying


class OpsObligation(models.Model):
    """Who need not hand in an improvement plan (M7 waived) need not keep its draft either."""

    _inherit = "ops.obligation"

    def _set_state(self, state, reason, **values):
        result = super()._set_state(state, reason, **values)
        if state == "waived" and (waived := self.filtered(lambda item: item.code == "M7")):
            plans = self.env["ops.improvement.plan"].sudo().browse(waived.mapped("source_id")).exists()  # sudo: the engine's
            note = saying(self.env)._("The plan need not be handed in: %(reason)s", reason=reason)
            plans.filtered(lambda plan: plan.state == "draft")._end(note)
        return result
