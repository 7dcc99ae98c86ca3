from odoo import models

from ...tools import token
from ...tools.saying import saying
from ..deadline.ops_obligation import OPEN_STATES


class OpsImprovementPlan(models.Model):
    """M7 until it is handed in, P2 for each measure, P3 when all are carried out; what follows from each step."""

    _inherit = "ops.improvement.plan"

    def _after_transition(self, previous, reason):
        plans = self.sudo()  # sudo: see _transition
        plans._entered("submitted", previous)._sign()
        plans._entered("closed", previous)._note_finding(reason)
        failed = plans._entered("returned", previous).filtered(lambda plan: previous[plan.id] == "accepted")
        failed._next_round()
        super()._after_transition(previous, reason)
        if filed := plans._entered("submitted", previous):
            filed._fulfil("M7")
            filed.measure_ids._clock_filed(reason or saying(self.env)._("The plan was handed in."))
        if dropped := plans._entered("cancelled", previous):
            dropped.measure_ids._drop(reason)
        if decided := plans._left("accepted", previous):
            decided._fulfil("P3")
        plans._entered("accepted", previous)._sync_verification(reason)

    def _sign(self):
        """Whoever leads the department when the plan is handed in signs it: the author of the draft may have left."""
        heads = self._in_charge()
        for head, plans in self.grouped(lambda plan: heads[plan.id]).items():
            if signed := plans.filtered(lambda plan, head=head: head and plan.author_id != head):
                token.marked(signed).write({"author_id": head.id})

    def _note_finding(self, finding):
        if self:
            token.marked(self).write({"verification": str(finding)})

    def _next_round(self):
        """The measures had no effect: what is added from now on belongs to the next round."""
        for number, plans in self.grouped("round").items():
            token.marked(plans).write({"round": number + 1})

    def _sync_verification(self, reason=None):
        """Ask for the verification (P3) of accepted plans that wait for no measure any more; of others it can wait."""
        plans = self.filtered(lambda plan: plan.state == "accepted")
        if not plans:
            return
        waiting = plans.filtered(lambda plan: any(measure._is_waiting() for measure in plan.measure_ids))
        waiting._cancel_clock("P3", reason or saying(self.env)._("A measure is open again."))
        # sudo: the engine's own rows
        asked = self.env["ops.obligation"].sudo().search([
            ("code", "=", "P3"), ("source_model", "=", self._name), ("source_id", "in", (plans - waiting).ids),
            ("state", "in", OPEN_STATES),
        ])
        ready = (plans - waiting).filtered(lambda plan: plan.id not in set(asked.mapped("source_id")))
        ready._start_clock(
            "P3", round=ready._next_rounds("P3"), role={plan.id: plan._flow_deciding_office() for plan in ready},
            name=ready._names(),
        )

    def _names(self):
        """Return how the plans are called in obligations, whatever the language: dict id → text."""
        return {plan.id: " · ".join(filter(None, [plan.number, plan.department_id.name, plan.period])) for plan in self}
