from odoo import models


class OpsPlan(models.Model):
    """What the step of a plan means for its cycle: the first review begins the review, a plan taken back may end the wait."""

    _inherit = "ops.plan"

    def _after_transition(self, previous, reason):
        super()._after_transition(previous, reason)
        plans_sudo = self.sudo()  # sudo: the cycle follows from the plans, whoever acted
        if reviewed := plans_sudo._entered("review", previous):
            reviewed.cycle_id.filtered(lambda cycle: cycle.state == "drafting")._transition("review")
        if returned := plans_sudo._left("final", previous) - plans_sudo._entered("released", previous):
            returned.cycle_id._sync_release()
