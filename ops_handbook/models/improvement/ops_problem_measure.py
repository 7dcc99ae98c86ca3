from odoo import fields, models
from odoo.exceptions import UserError

FILED = ("submitted", "returned", "accepted")  # states of a plan that was handed in once


class OpsProblemMeasure(models.Model):
    """What one person does by a date to solve a problem; from the moment that the plan is filed an obligation (I3)."""

    _name = "ops.problem.measure"
    _description = "Measure of a Handling Plan"
    _inherit = ["ops.measure.mixin"]
    _order = "date_due, kind, id"
    _search_fields = {"name": "A", "acceptance_standard": "C", "evidence": "D"}

    _form_standards = ("I3",)
    _flow_hand_over = {"decider"}

    plan_id = fields.Many2one("ops.problem.plan", required=True, index=True, ondelete="cascade")
    problem_id = fields.Many2one("ops.problem", related="plan_id.problem_id", store=True, index=True)
    plan_state = fields.Selection(related="plan_id.state", string="State of the Plan")
    company_id = fields.Many2one(related="plan_id.company_id", store=True, precompute=True, default=None)
    kind = fields.Selection(
        [("immediate", "Immediate"), ("corrective", "Corrective"), ("preventive", "Preventive")],
        required=True, default="corrective",
    )

    # -- who may do what ------------------------------------------------------------------------------------------------

    def _compute_can(self):
        super()._compute_can()
        for measure in self.filtered("can_reopen"):
            measure.can_reopen = measure.sudo()._may_open_again()  # sudo: the state of the problem decides

    def _may_open_again(self):
        """Tell whether a measure that is opened again could still be carried out (I3)."""
        return self.problem_id.state == "handling" and self.plan_id.state not in self.plan_id._flow_closed

    def _is_waiting(self):
        """Tell whether the problem must wait for this measure (I3)."""
        if self.plan_id.state == "cancelled":
            return False
        return self.state == "open" or (self.state == "done" and self.needs_acceptance)

    def _filtered_hand_over(self):
        """Only what was filed is handed over: before, whoever writes the plan names the owners."""
        return super()._filtered_hand_over().filtered(lambda measure: measure.sudo().plan_state in FILED)

    def _filtered_on_duty(self):
        return super()._filtered_on_duty() | self._filtered_form_locked()

    def _transition_check(self, state, reason):
        super()._transition_check(state, reason)
        for measure in self.sudo():
            if state in ("done", "accepted") and measure.plan_id.state not in FILED:
                raise UserError(self.env._(
                    "“%(measure)s” cannot be carried out yet: its plan has not been filed.", measure=measure.name
                ))
            if state == "open" and not measure._may_open_again():
                raise UserError(measure._said_why_not_again())

    def _said_why_not_again(self):
        problem = self.problem_id
        if problem.state == "resolved":
            return self.env._(
                "%(record)s is resolved: first it is verified as not effective, then its measures can be opened again.",
                record=problem.display_name,
            )
        return self.env._(
            "“%(measure)s” belongs to a plan that is closed: report the problem again, or put a new measure into the "
            "plan of this round.", measure=self.name,
        )
