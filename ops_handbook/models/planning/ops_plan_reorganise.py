from odoo import api, models
from odoo.exceptions import UserError, ValidationError

from ...tools import token
from ...tools.ids import one_id
from ...tools.saying import saying
from ...tools.words import typed

# what a department owes by the calendar for its plan; whoever carries the plan on owes it from then on
OWED_BY_DEPARTMENT = ("A2", "A4", "A6")
# what the plan itself has asked for
OWED_FOR_PLAN = ("R1", "D1", "V2")


class OpsPlan(models.Model):
    """Reorganisations: a department is merged, split or closed while its plan runs; the plan finds somebody to carry it on."""

    _inherit = "ops.plan"

    def action_hand_over_department(self, department_id=None, reason=None):
        """Hand plans over to the department that takes over (GM office).

        The plan moves with all that belongs to it, and the new head answers for it. Where that department has a plan of
        that cycle already, or belongs to another company, the plan is closed (or cancelled, when it was not released yet)
        and says who carries on.

        :param int department_id: the department that takes over
        :param str reason: what has happened
        """
        self.check_access("read")
        if department_id is None:
            return self._open_hand_over()
        department = self._typed_department(department_id)
        reason = typed(reason)
        if not reason:
            raise UserError(self.env._("Reason: say what has happened to the department."))
        self._check_hand_over(department)
        self._transition_lock()
        taken = {year for _department, year in self._plans_of(department, set(self.sudo().mapped("year")))}
        moving = self.sudo().filtered(  # sudo: decided by _check_hand_over
            lambda plan: plan.year not in taken and plan.company_id == (department.company_id or plan.company_id)
        ).with_env(self.env)
        moving._move_to(department, reason)
        (self - moving)._end_for(department, reason)
        return True

    def _open_hand_over(self):
        """Return the dialog that asks for the department and the reason."""
        return {
            "type": "ir.actions.act_window", "res_model": "ops.plan.hand.over.wizard", "view_mode": "form", "target": "new",
            "name": self.env._("Hand Over to Another Department"),
            "context": {"default_plan_ids": self.ids},
        }

    def _typed_department(self, department_id):
        """Return the department that somebody chose (sudo)."""
        department = self.env["hr.department"].browse(one_id(department_id)).exists()
        department_sudo = department.sudo()  # sudo: what it is called and whose it is; read access is asked next
        if not department_sudo or not department.has_access("read") or not department_sudo.active:
            raise ValidationError(self.env._("Department: choose one that exists and is not archived."))
        return department_sudo

    def _check_hand_over(self, department):
        roles = self._flow_roles()
        for plan in self.sudo():  # sudo: the state decides, the names are shown to whoever may read the plan
            if "gm_office" not in roles[plan.id] and not self.env.su:
                raise UserError(self.env._("%(plan)s is handed over by the GM office. Ask them.", plan=plan.display_name))
            if plan.state in self._flow_closed:
                raise UserError(self.env._(
                    "%(plan)s is “%(state)s”: there is nothing to hand over.",
                    plan=plan.display_name, state=self._state_label(plan.state),
                ))
            if plan.department_id == department:
                raise ValidationError(self.env._(
                    "Department: %(plan)s is that of %(department)s already.",
                    plan=plan.display_name, department=department.name,
                ))
            path = (department.company_id.parent_path or "").split("/")
            if department.company_id and str(plan.cycle_id.company_id.id) not in path:
                raise ValidationError(self.env._(
                    "Department: %(department)s does not take part in %(cycle)s.",
                    department=department.name, cycle=plan.cycle_id.display_name,
                ))

    # -- moved -------------------------------------------------------------------------------------------------------

    def _move_to(self, department, reason):
        """Give these plans and what hangs on them to ``department``; what was said by then keeps the names of then."""
        for plan in self.sudo():  # sudo: decided by _check_hand_over; the content stays locked
            before = plan.department_id
            note = saying(self.env)._(
                "Handed over from %(before)s to %(after)s: %(reason)s",
                before=before.name, after=department.name, reason=reason,
            )
            hanging = [plan[name] for name in self._handed_over_with()]
            said = [plan if plan.state == "released" else plan.browse(), *(
                forms.filtered(lambda form: form.state not in form._flow_open) for forms in hanging
            )]
            for forms in said:
                forms.filtered(lambda form: not form.department_name)._freeze_names_now()
            for forms in (plan, *hanging):
                token.marked(forms).write({"department_id": department.id})
            plan._log_note(note)
            plan._hand_over_obligations(before, department, note)

    def _handed_over_with(self):
        """Return the names of the one2many fields whose forms go along with a plan."""
        return ("report_ids", "change_ids")

    def _log_note(self, note):
        self.env["ops.form.transition"]._log(self, {plan.id: plan.state for plan in self}, None, note)

    def _hand_over_obligations(self, before, department, reason):
        """What was owed for the plan is owed by ``department`` now; what it owes already itself is not owed twice."""
        engine = self.env["ops.obligation"]
        for code in OWED_FOR_PLAN:
            role = {"R1": "author", "D1": self._flow_deciding_office()}.get(code, "head")
            engine._hand_over(code, self, reason, role=role, department={plan.id: department for plan in self})
        for name in self._handed_over_with():
            engine._hand_over("R1", self[name], reason, role="head", department=dict.fromkeys(self[name].ids, department))
        self._hand_over_calendar(before, department, reason)

    def _hand_over_calendar(self, before, department, reason):
        self._give_owed(self._still_owed(before, OWED_BY_DEPARTMENT), department, reason)

    def _still_owed(self, department, codes):
        """Return what the calendar asks of a department for the year of this plan, and is not settled yet (sudo)."""
        # sudo: the engine's own records; whoever hands over was asked
        return self.env["ops.obligation"].sudo().search([
            ("code", "in", codes), ("period", "=like", f"{self.year}%"), ("department_id", "=", department.id),
            ("state", "in", ("open", "held")),
        ])

    @api.model
    def _give_owed(self, found, department, reason):
        """Let ``department`` owe what the calendar asked of another one (sudo); what it owes itself is not owed twice."""
        known = {
            (item.code, item.period) for item in found.search([
                ("code", "in", found.mapped("code")), ("period", "in", found.mapped("period")),
                ("department_id", "=", department.id), ("source_id", "=", False),
            ])
        }
        twice = found.filtered(lambda item: (item.code, item.period) in known)
        twice._set_state("cancelled", reason)
        moved = found - twice
        if moved:
            moved.write({"department_id": department.id})
            moved._reassign(reason)
            moved._log(reason)

    # -- ended -------------------------------------------------------------------------------------------------------

    def _end_for(self, department, reason):
        """End these plans in favour of ``department``; released ones are closed, the others cancelled."""
        if not self:
            return
        note = saying(self.env)._("Carried on by %(after)s: %(reason)s", after=department.name, reason=reason)
        for state, end in (("released", "closed"), (None, "cancelled")):
            plans = self.sudo().filtered(  # sudo: decided by _check_hand_over; the flow's own check is of its usual deciders
                lambda plan, state=state: (plan.state == "released") == (state == "released")
                and plan.state not in self._flow_closed
            )
            for before, ended in plans.grouped("department_id").items():
                ended._transition(end, note, {"successor_id": department.id})
                for plan in ended:
                    plan._cancel_owed(before, note)

    def _cancel_owed(self, before, reason):
        """What a plan that ended still owed is not owed any more."""
        for code in OWED_FOR_PLAN:
            self._cancel_clock(code, reason)
        self._still_owed(before, OWED_BY_DEPARTMENT)._set_state("cancelled", reason)
