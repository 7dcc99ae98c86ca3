from odoo import models


class OpsProblemMeasure(models.Model):
    """How a measure is cited in a reminder letter and in the ledger."""

    _inherit = "ops.problem.measure"

    def _letter_source(self):
        """I3: which measure of which handling plan for which problem."""
        return {
            measure.id: self.env._(
                "Measure “%(measure)s” of the handling plan %(plan)s for the problem %(problem)s",
                measure=measure.name, plan=measure.plan_id.number, problem=measure.problem_id.display_name,
            )
            for measure in self
        }
