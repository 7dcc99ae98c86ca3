from odoo import models


class OpsImprovementMeasure(models.Model):
    """P2: each measure is owed by its owner until its date, from the submission of the plan on."""

    _inherit = "ops.improvement.measure"

    def _owing(self):
        """That of the owner, otherwise that of the plan."""
        return {measure.id: measure.department_id or measure.plan_id.department_id for measure in self}

    def _clock_filed(self, reason):
        new = super()._clock_filed(reason)
        new._tell_asked()
        return new

    def _after_transition(self, previous, reason):
        super()._after_transition(previous, reason)
        self.sudo().plan_id._sync_verification(reason)  # sudo: see _transition

    def _drop(self, reason):
        """The plan is not asked for any more (superuser): what is open is withdrawn, what was done waits for nobody."""
        self.filtered(lambda measure: measure.state == "open")._transition("cancelled", reason)
        self.filtered(lambda measure: measure.state == "done")._cancel_clock("D1", reason)

    def _letter_source(self):
        """P2: which measure of which improvement plan."""
        return {
            measure.id: self.env._(
                "Measure “%(measure)s” of the improvement plan %(plan)s", measure=measure.name, plan=measure.plan_id.display_name,
            )
            for measure in self
        }
