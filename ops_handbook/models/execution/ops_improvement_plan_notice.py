from odoo import models

from ..deadline.ops_obligation import OPEN_STATES

MAIL = "ops_improvement_plan_mail_"
# (state before, state) → the mail that says so; None before stands for any
NOTICES = {
    ("accepted", "returned"): "not_effective", (None, "returned"): "returned", (None, "accepted"): "accepted",
    (None, "closed"): "closed", (None, "cancelled"): "cancelled",
}


class OpsImprovementPlan(models.Model):
    """Whom a step of an improvement plan is told by mail: whoever leads the department; operations find it in their work."""

    _inherit = "ops.improvement.plan"

    def _after_transition(self, previous, reason):
        super()._after_transition(previous, reason)
        told = {}
        for plan in self.sudo():  # sudo: the notice is the system's
            before = previous[plan.id]
            if name := NOTICES.get((before, plan.state)) or NOTICES.get((None, plan.state)):
                told.setdefault(name, plan.browse())
                told[name] |= plan
        for name, plans in told.items():
            plans._tell_heads(name, reason=reason or "")

    def _tell_asked(self):
        """Tell the heads that an improvement plan is asked for, why, and until when (superuser)."""
        owed = self.env["ops.obligation"].search([
            ("code", "=", "M7"), ("source_model", "=", self._name), ("source_id", "in", self.ids), ("state", "in", OPEN_STATES),
        ])
        self._tell_heads("asked", due={item.source_id: item.date_due for item in owed})

    def _tell_heads(self, name, **names):
        heads = self._in_charge()
        self.env["ops.plan"]._tell_users(MAIL + name, [(plan, heads[plan.id]) for plan in self if heads[plan.id]], **names)
