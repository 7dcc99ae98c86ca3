from odoo import api, models

from ...tools.saying import saying
from ..deadline.ops_obligation import OPEN_STATES


class OpsImprovementMeasure(models.Model):
    """P2: each measure is owed by its owner until its date, from the submission of the plan on."""

    _inherit = "ops.improvement.measure"

    def _running(self):
        """Return the clocks of these measures that run already (sudo)."""
        # sudo: the engine's own rows
        return self.env["ops.obligation"].sudo().search([
            ("code", "=", "P2"), ("source_model", "=", self._name), ("source_id", "in", self.ids), ("state", "in", OPEN_STATES),
        ])

    def _running_ids(self):
        """Return the ids of the measures whose clock runs already."""
        return set(self._running().mapped("source_id"))

    def _owing(self):
        """Return which department owes each measure: that of its owner, otherwise that of the plan; dict id → department."""
        return {measure.id: measure.department_id or measure.plan_id.department_id for measure in self}

    def _clock_filed(self, reason):
        """Start P2 of each open measure (superuser); of those that run already, follow owner and date of the plan."""
        measures = self.filtered(lambda measure: measure.state == "open")
        if not measures:
            return
        obligations = measures._running()
        running = measures.browse(set(obligations.mapped("source_id")))
        new = measures - running
        new._start_clock(
            "P2", due={measure.id: measure.date_due for measure in new}, department=new._owing(),
            responsible={measure.id: measure.owner_id for measure in new},
        )
        if running:
            engine = self.env["ops.obligation"]
            engine._hand_over("P2", running, reason, role="owner", department=running._owing())
            due_of = {measure.id: engine._moment(measure.date_due, measure.company_id) for measure in running}
            # an extension that was granted stays; only a date that the plan itself changed moves the clock
            engine._move_due({
                item: due_of[item.source_id] for item in obligations if item.date_original != due_of[item.source_id]
            }, reason)
        new._tell_owners("asked")

    def _after_transition(self, previous, reason):
        super()._after_transition(previous, reason)
        measures_sudo = self.sudo()  # sudo: see _transition
        for (before, state), measures in measures_sudo.grouped(lambda item: (previous[item.id], item.state)).items():
            measures._clock_moved(before, state, reason)
        measures_sudo.plan_id._sync_verification(reason)

    def _clock_moved(self, before, state, reason):
        """Done fulfils P2; where somebody else accepts it they are asked (D1), and may open it again."""
        if before == "done":
            self._fulfil("D1")
        if state == "done":
            self._fulfil("P2")
            asked = self.filtered("needs_acceptance")
            asked._start_clock(
                "D1", round=asked._next_rounds("D1"), role={item.id: item._flow_deciding_office() for item in asked},
                department=asked._owing(),
            )
        elif state == "cancelled":
            self._cancel_clock("P2", reason)
            self._tell_owners("withdrawn", reason)
        elif state == "open" and before != "open":
            self._reopen_clock("P2", reason)
            self._tell_owners("reopened", reason)

    def _drop(self, reason):
        """The plan is not asked for any more (superuser): what is open is withdrawn, what was done waits for nobody."""
        self.filtered(lambda measure: measure.state == "open")._transition("cancelled", reason)
        self.filtered(lambda measure: measure.state == "done")._cancel_clock("D1", reason)

    @api.ondelete(at_uninstall=False)
    def _unlink_stops_clock(self):
        self._cancel_clock("P2", saying(self.env)._("The measure was taken out of the plan."))

    def _letter_source(self):
        """P2: which measure of which improvement plan."""
        return {
            measure.id: self.env._(
                "Measure “%(measure)s” of the improvement plan %(plan)s", measure=measure.name, plan=measure.plan_id.display_name,
            )
            for measure in self
        }
