from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...tools import token
from ...tools.ids import one_id, some_ids
from ...tools.saying import saying

FILED = ("submitted", "accepted", "closed")


class OpsProblemPlan(models.Model):
    """Form 15: why the problem arose, and what is done about it; filed with operations when it is handed in."""

    _name = "ops.problem.plan"
    _description = "Handling Plan"
    _inherit = ["ops.form.mixin"]
    _order = "id desc"  # not by the problem: its own order, turned round, would show the oldest first
    _search_fields = {"name": "A", "root_cause": "C"}

    _flow = {
        "draft": {"submitted": {"author", "head", "handler"}, "cancelled": {"author", "head", "handler"}},
        "returned": {"submitted": {"author", "head", "handler"}, "cancelled": {"author", "head", "handler"}},
        # a problem that is closed or cancelled takes its plan with it, so no role is named for these steps
        "submitted": {"returned": {"decider"}, "accepted": {"decider"}, "closed": set(), "cancelled": set()},
        "accepted": {"closed": set(), "cancelled": set()},
        "closed": {},
        "cancelled": {},
    }
    _form_standards = ("P1",)
    _form_rework_role = "handler"  # whoever owes the plan: its author may handle the problem no longer

    problem_id = fields.Many2one(
        "ops.problem", required=True, index=True, ondelete="restrict", domain="[('state', '=', 'handling')]"
    )
    round = fields.Integer(readonly=True, copy=False)
    name = fields.Char(string="Subject", related="problem_id.name")
    level = fields.Selection(related="problem_id.level")
    root_cause = fields.Text()
    measure_ids = fields.One2many("ops.problem.measure", "plan_id", string="Measures", copy=True)
    measure_count = fields.Integer(compute="_compute_measure_count")
    measure_done_count = fields.Integer(compute="_compute_measure_count")

    _one_per_round = models.UniqueIndex(
        "(problem_id, round) WHERE state != 'cancelled'", "This round of the problem has a handling plan already."
    )

    @api.depends("measure_ids.state")
    def _compute_measure_count(self):
        for plan in self:
            measures = plan.sudo().measure_ids.filtered(lambda measure: measure.state != "cancelled")  # sudo: a count only
            plan.measure_count = len(measures)
            plan.measure_done_count = len(measures.filtered(lambda measure: measure.state != "open"))

    def _clock_named(self, role):
        """The handler is the problem's."""
        return self.problem_id.handler_id if role == "handler" else super()._clock_named(role)

    def _flow_extra_roles(self, roles, user, principals):
        return {"handler"} if self.problem_id.handler_id & principals else set()

    def _is_filed_for(self, problem):
        """Tell whether this is the plan that holds in the present round of ``problem``."""
        return self.round == problem.round and self.state in FILED

    # -- content -----------------------------------------------------------------------------------------------------

    def _prepare_create(self, vals_list):
        for vals in vals_list:
            vals.setdefault("problem_id", self.env.context.get("default_problem_id"))
        problems = self.env["ops.problem"].browse(some_ids([vals.get("problem_id") for vals in vals_list])).exists()
        problems.check_access("read")  # first: the messages name the problem
        # sudo: the plan takes company, department and round from its problem; whoever may create is checked by the rules
        known = {problem.id: problem for problem in problems.sudo()}
        for vals in vals_list:
            problem = known.get(one_id(vals.get("problem_id")))
            if not problem:
                raise ValidationError(self.env._("Problem: choose the problem that the plan is to solve."))
            if problem.state != "handling":
                raise UserError(self.env._(
                    "%(record)s is “%(state)s”: start handling first, then write the plan.",
                    record=problem.display_name, state=problem._state_label(problem.state),
                ))
            vals["company_id"] = problem.company_id.id
            vals["department_id"] = problem.responsible_department_id.id
        super()._prepare_create(vals_list)
        for vals in vals_list:
            vals["round"] = known[vals["problem_id"]].round

    def write(self, vals):
        if not self.env.su and "problem_id" in vals and any(plan.problem_id.id != vals["problem_id"] for plan in self):
            raise ValidationError(self.env._("Problem: a plan stays with its problem. Write a new plan for the other one."))
        return super().write(vals)

    # -- transitions -------------------------------------------------------------------------------------------------

    def _compute_can(self):
        super()._compute_can()
        for plan in self:
            plan.can_return = plan.can_return and plan.sudo()._is_in_work()  # sudo: the state of the problem decides

    def _is_in_work(self):
        """Tell whether the round of this plan is being handled now: only then can what is returned be handed in again."""
        return self.problem_id.state == "handling" and self.round == self.problem_id.round

    def _transition_check(self, state, reason):
        super()._transition_check(state, reason)
        for plan in self.sudo():  # sudo: the state of the problem decides, whoever may read it
            if state == "submitted":
                plan._check_complete()
            elif state == "returned" and not plan._is_in_work():
                raise UserError(self.env._(
                    "%(plan)s cannot be returned any more: its round is not being handled. If the solution is found not "
                    "effective, the next round has a plan of its own.", plan=plan.display_name,
                ))

    def _check_complete(self):
        """Refuse a plan that lacks its root cause or its measures; the message says which."""
        if not (self.root_cause or "").strip():
            raise UserError(self.env._("Root Cause: say why the problem arose before you submit the plan."))
        if not self.measure_ids.filtered(lambda measure: measure.state != "cancelled"):
            raise UserError(self.env._("Measures: name at least one measure with its owner and date."))
        if self.problem_id.state != "handling":
            raise UserError(self.env._("%(record)s is not being handled any more.", record=self.problem_id.display_name))
        if not self._is_in_work():
            raise UserError(self.env._(
                "%(plan)s belongs to round %(round)s, which is over: write a plan for this round.",
                plan=self.display_name, round=self.round,
            ))

    def _after_transition(self, previous, reason):
        super()._after_transition(previous, reason)
        entered = self.sudo().grouped("state")  # sudo: see _transition
        if filed := entered.get("submitted"):
            filed.problem_id._fulfil("P1", form={plan.problem_id.id: plan for plan in filed})
            filed.measure_ids._clock_filed(reason or saying(self.env)._("The plan was handed in."))
        if cancelled := entered.get("cancelled"):
            open_measures = cancelled.measure_ids.filtered(lambda measure: measure.state == "open")
            reason = reason or saying(self.env)._("The plan was cancelled.")
            open_measures._transition("cancelled", reason)
            (cancelled.measure_ids - open_measures)._cancel_clock("D1", reason)

    def _clock_assigned(self, reason):
        """Follow the problem to another department or handler (superuser): they rework the plan, and its office decides."""
        for department, plans in self.grouped(lambda plan: plan.problem_id.responsible_department_id).items():
            if moved := plans.filtered(lambda plan, department=department: plan.department_id != department):
                token.marked(moved).write({"department_id": department.id})
        engine, departments = self.env["ops.obligation"], {plan.id: plan.department_id for plan in self}
        engine._hand_over("R1", self, reason, role="handler", department=departments)
        for office, plans in self.grouped(lambda plan: plan._flow_deciding_office()).items():
            engine._hand_over("D1", plans, reason, role=office, department=departments)

    def action_open_problem(self):
        """Open the problem that the plan is to solve."""
        self.ensure_one()
        return self.problem_id._obligation_open_action()
