from odoo import fields, models

from ...tools import clock, token


class OpsMonthPlan(models.Model):
    """Operations are told of too much routine once per plan, however often it is returned and handed in again."""

    _inherit = "ops.month.plan"

    routine_told_on = fields.Datetime(
        string="Routine Told on", readonly=True, copy=False, help="When operations were told that routine is above the limit."
    )

    def _warn_routine(self):
        above = self.filtered(lambda plan: plan.routine_is_high and not plan.routine_told_on)
        super(OpsMonthPlan, above)._warn_routine()
        token.marked(above).write({"routine_told_on": clock.now()})
