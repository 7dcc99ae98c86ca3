from odoo import models

from ...tools.moments import local_date


class OpsCycle(models.Model):
    """Whom the cycle tells what."""

    _inherit = "ops.cycle"

    def _notify_open(self, plans):
        """Tell the head of each of ``plans`` (sudo) that the cycle is open: one pass for all."""
        heads = plans.department_id._ops_heads()
        acting = self.env["res.users"].sudo().union(*heads.values())._ops_acts_for()
        due = self._draft_due(plans)
        self.env["ops.notice"]._queue("ops_handbook.ops_cycle_mail_open", [
            {"object": plan, "user": user, "due": due.get(plan.id, False)}
            for plan in plans
            for user in acting.get(heads[plan.department_id.id], ())
            if user.id != self.env.uid
        ])

    def _draft_due(self, plans):
        """Return the day until which the draft of each plan is due (A2): dict id → date, where it is asked for."""
        # sudo: the notice is the system's
        found = self.env["ops.obligation"].sudo().search([
            ("code", "=", "A2"), ("department_id", "in", plans.department_id.ids),
            ("period", "in", [str(year) for year in set(plans.mapped("year"))]), ("date_due", "!=", False),
        ])
        due = {(item.department_id, item.period): local_date(item.date_due, item.company_id._ops_tz()) for item in found}
        return {plan.id: due.get((plan.department_id, str(plan.year))) for plan in plans}
