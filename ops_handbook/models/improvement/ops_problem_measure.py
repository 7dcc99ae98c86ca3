from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools import clock
from ...tools.saying import saying
from ..deadline.ops_obligation import OPEN_STATES

FILED = ("submitted", "returned", "accepted")  # states of a plan that was handed in once


class OpsProblemMeasure(models.Model):
    """What one person does by a date to solve a problem; from the moment that the plan is filed an obligation (I3)."""

    _name = "ops.problem.measure"
    _description = "Measure of a Handling Plan"
    _inherit = ["ops.form.line.mixin", "ops.action.item.mixin"]
    _order = "date_due, kind, id"
    _search_fields = {"name": "A", "acceptance_standard": "C", "evidence": "D"}

    _form_field = "plan_id"
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
    is_late = fields.Boolean(string="Late", compute="_compute_is_late")

    @api.depends("state", "date_due")
    def _compute_is_late(self):
        """The day has passed, in the company's own time zone, and the measure is still open."""
        for measure in self:
            today = clock.today(measure.company_id._ops_tz() or "UTC")
            measure.is_late = bool(measure.state == "open" and measure.date_due and measure.date_due < today)

    @api.constrains("owner_id", "plan_id")
    def _check_owner(self):
        super()._check_owner()
        self._check_owner_company()

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

    def _after_transition(self, previous, reason):
        super()._after_transition(previous, reason)
        for (before, state), measures in self.sudo().grouped(lambda item: (previous[item.id], item.state)).items():
            if before == "done":
                measures._fulfil("D1")
            if state == "done":
                measures._fulfil("I3")
                measures.filtered("needs_acceptance")._ask_acceptance()
            elif state == "cancelled":
                measures._cancel_clock("I3", reason)
            elif state == "open" and before != "open":
                measures._reopen_clock("I3", reason)

    def _ask_acceptance(self):
        """D1: the office that accepts is asked, without a due time."""
        if not self:
            return
        self._start_clock(
            "D1", round=self._next_rounds("D1"), role={measure.id: measure._flow_deciding_office() for measure in self},
        )

    def _clock_filed(self, reason):
        """Start I3 of each open measure; of those that run already, follow owner and date of the plan."""
        measures = self.filtered(lambda measure: measure.state == "open")
        if not measures:
            return
        engine = self.env["ops.obligation"]
        # sudo: the engine's own rows
        obligations = engine.sudo().search([
            ("code", "=", "I3"), ("state", "in", OPEN_STATES), *engine._source_leaves(measures),
        ])
        running = measures.browse(set(obligations.mapped("source_id")))
        new = measures - running
        new._start_clock(
            "I3",
            due={measure.id: measure.date_due for measure in new},
            department={measure.id: measure.department_id for measure in new},
            responsible={measure.id: measure.owner_id for measure in new},
        )
        if not running:
            return
        engine._hand_over(
            "I3", running, reason, role="owner", department={measure.id: measure.department_id for measure in running},
        )
        due_of = {measure.id: engine._moment(measure.date_due, measure.company_id) for measure in running}
        # an extension that was granted stays; only a date that the plan itself changed moves the clock
        engine._move_due(
            {item: due_of[item.source_id] for item in obligations if item.date_original != due_of[item.source_id]}, reason
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_stops_clock(self):
        self._cancel_clock("I3", saying(self.env)._("The measure was taken out of the plan."))
