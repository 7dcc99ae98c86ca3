from odoo import models
from odoo.exceptions import UserError

from ...tools import clock
from ...tools.saying import saying


class OpsMonthPlan(models.Model):
    """A month on which its department never reports: when it is over operations close it all the same, and say why.

    M6 is not met by that: it stays late, and missed in the end, in all figures. What was not done goes on as after any month.
    """

    _inherit = "ops.month.plan"

    def _filtered_unreported(self):
        """Return the issued plans whose month is over, by the day of their company: no report of them has been handed in."""
        issued_sudo = self.sudo().filtered(lambda plan: plan.state == "issued")  # sudo: state and month decide
        today = {company: clock.today(company._ops_tz() or "UTC") for company in issued_sudo.company_id}
        return issued_sudo.filtered(lambda plan: plan._last_day() < today[plan.company_id]).with_env(self.env)

    def _compute_can(self):
        super()._compute_can()
        for plan in self - self._filtered_unreported():
            plan.can_close = plan.can_close and plan.state != "issued"

    def _transition_check(self, state, reason):
        super()._transition_check(state, reason)
        if state != "closed":
            return
        for plan in (self - self._filtered_unreported()).sudo():  # sudo: named in the message only
            if plan.state == "issued":
                raise UserError(self.env._(
                    "%(plan)s: its month is not over, and its department may still report on it. Close it afterwards, if it does "
                    "not.", plan=plan.display_name,
                ))

    def _after_transition(self, previous, reason):
        super()._after_transition(previous, reason)
        closed = self.sudo()._entered("closed", previous)  # sudo: what follows is the machinery's
        reports = closed.filtered(lambda plan: previous[plan.id] == "issued").completion_ids
        # what was begun or returned, and never handed in, cannot be handed in any more
        reports.filtered(lambda report: report.state in report._flow_open)._transition(
            "cancelled", saying(self.env)._("The month was closed without a report.")
        )
