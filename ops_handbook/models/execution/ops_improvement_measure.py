from odoo import fields, models
from odoo.exceptions import UserError, ValidationError

from ...tools.ids import one_id, some_ids
from .ops_improvement_plan import FILED


class OpsImprovementMeasure(models.Model):
    """What one person does by a date so that it does not happen again; from the submission of the plan an obligation (P2)."""

    _name = "ops.improvement.measure"
    _description = "Measure of an Improvement Plan"
    _inherit = ["ops.link.mixin", "ops.measure.mixin"]
    _order = "date_due, id"
    _search_fields = {"name": "A", "acceptance_standard": "C", "evidence": "D"}

    _form_standards = ("P2",)
    _flow_hand_over = {"decider", "leader"}
    _flow_protected = {"round"}

    plan_id = fields.Many2one("ops.improvement.plan", string="Improvement Plan", required=True, index=True, ondelete="cascade")
    plan_state = fields.Selection(related="plan_id.state", string="State of the Plan")
    period = fields.Char(related="plan_id.period", string="Month")
    because = fields.Text(related="plan_id.because", string="Because of")
    company_id = fields.Many2one(related="plan_id.company_id", store=True, precompute=True, default=None)
    round = fields.Integer(readonly=True, copy=False, default=1, help="Round of the plan in which it was named.")

    def _prepare_create(self, vals_list):
        super()._prepare_create(vals_list)
        self._say_defaults(vals_list, {"plan_id"})
        # sudo: a measure takes its round from the plan; whether it may be added to it is asked by the access of lines
        plans = self.env["ops.improvement.plan"].sudo().browse(some_ids([vals.get("plan_id") for vals in vals_list]))
        rounds = {plan.id: plan.round for plan in plans.exists()}
        for vals in vals_list:
            vals["round"] = rounds.get(one_id(vals.get("plan_id")), 1)

    def write(self, vals):
        if not self.env.su and "plan_id" in vals and any(item.plan_id.id != vals["plan_id"] for item in self):
            raise ValidationError(self.env._("Improvement Plan: a measure stays with its plan. Add a new one to the other plan."))
        return super().write(vals)

    # -- who may do what ------------------------------------------------------------------------------------------------

    def _flow_extra_roles(self, roles, user, principals):
        """``leader``: leads the department whose plan it is, and does not carry the measure out."""
        leads = self.plan_id.department_id in user.ops_department_ids
        return {"leader"} if leads and not self.owner_id & principals else set()

    def _flow_holders(self, roles, users):
        holders = super()._flow_holders(roles, users)
        if "leader" in roles:
            holders |= self.plan_id.department_id.manager_id.user_id & users
        return holders

    def _compute_can(self):
        super()._compute_can()
        for measure in self:
            filed = measure.sudo()._is_filed()  # sudo: the state of the plan decides
            measure.can_done = measure.can_done and filed
            measure.can_accept = measure.can_accept and filed
            measure.can_cancel = measure.can_cancel and filed
            measure.can_reopen = measure.can_reopen and filed

    def _filtered_hand_over(self):
        """Only what was filed is handed over: before, whoever writes the plan names the owners."""
        return super()._filtered_hand_over().filtered(lambda measure: measure.sudo()._is_filed())

    def _filtered_on_duty(self):
        filed = self.filtered(lambda measure: measure.sudo()._is_filed())  # sudo: the state of the plan decides
        return (super()._filtered_on_duty() | self._filtered_form_locked()) & filed

    def _is_filed(self):
        """Tell whether the plan was handed in and is not over: its measures run."""
        return self.plan_id.state in FILED

    def _is_waiting(self):
        """Tell whether the verification must wait for this measure."""
        return self.state == "open" or (self.state == "done" and self.needs_acceptance)

    def _transition_check(self, state, reason):
        super()._transition_check(state, reason)
        for measure in self.sudo():  # sudo: the state of the plan decides, whoever may read it
            if measure.plan_id.state == "cancelled" and state == "cancelled":
                continue
            if not measure._is_filed():
                raise UserError(self.env._(
                    "“%(measure)s” cannot become “%(state)s” now: its plan is “%(plan_state)s”.", measure=measure.name,
                    state=self._state_label(state), plan_state=measure.plan_id._state_label(measure.plan_id.state),
                ))

    def _listed(self):
        return ", ".join(f"“{measure.name}”" for measure in self)
