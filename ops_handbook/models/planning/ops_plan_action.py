from odoo import models
from odoo.exceptions import UserError

from ...tools.words import typed

PARTS = ("goal_ids", "initiative_ids", "resource_ids", "milestone_ids", "risk_ids")


class OpsPlan(models.Model):
    """The steps of a plan that its department and the GM office take: each a verb that people press and programs call."""

    _inherit = "ops.plan"

    # -- what is missing ---------------------------------------------------------------------------------------------

    def _missing_parts(self):
        """Return which of the five parts each plan lacks: dict id → list of their names, in the reader's language."""
        missing = {plan.id: [] for plan in self}
        for name in PARTS:
            field = self._fields[name]
            # sudo: whether there is a line at all is asked for the plan as a whole
            groups = self.env[field.comodel_name].sudo()._read_group([("plan_id", "in", self.ids)], ["plan_id"])
            filled = {plan.id for (plan,) in groups}
            for plan in self:
                if plan.id not in filled:
                    missing[plan.id].append(field._description_string(self.env))
        return missing

    def _missing_content(self):
        """Return what is not said yet in the parts that are there: dict id → list of sentences."""
        return {
            plan.id: [
                *plan.goal_ids._missing_in_words(),
                *plan.initiative_ids._missing_in_words(),
                *plan.resource_ids._missing_in_words(),
                *plan.risk_ids._missing_in_words(),
            ]
            for plan in self.sudo()  # sudo: as in _missing_parts
        }

    def _missing_for_final(self):
        """Hook of the review: what keeps a plan from becoming final: dict id → list of sentences."""
        return {plan.id: [] for plan in self}

    def _transition_check(self, state, reason):
        super()._transition_check(state, reason)
        if state == "submitted":
            self._check_complete()
        elif state == "final":
            self._check_sentences(self._missing_for_final())

    def _check_complete(self):
        """Refuse to hand in a plan that lacks one of the five parts, or what these must say."""
        parts = self._missing_parts()
        for plan in self:
            if parts[plan.id]:
                raise UserError(self.env._(
                    "%(plan)s lacks: %(parts)s. Add at least one line to each part, then submit the plan.",
                    plan=plan.display_name, parts=", ".join(parts[plan.id]),
                ))
        self._check_sentences(self._missing_content())

    def _check_sentences(self, sentences):
        for plan in self:
            if found := sentences.get(plan.id):
                raise UserError("\n".join([self.env._("%(plan)s is not ready:", plan=plan.display_name), *found]))

    # -- the steps ---------------------------------------------------------------------------------------------------

    def action_accept(self, *decision):
        """A plan is accepted when it becomes final; that is said by its own department."""
        if decision:
            raise UserError(self.env._("Accepting this form takes no further values: leave them out."))
        return self.action_finalise()

    def action_finalise(self):
        """Say that all comments of the review are worked in: the plan is final (A4)."""
        return self._transition("final")

    def action_enter_running(self, reason=None):
        """Enter plans that are running already, as released: for a company that starts in the middle of a year.

        :param str reason: where it comes from and who had approved it; asked for on screen when it is missing
        """
        self.check_access("read")
        for plan in self.sudo():  # sudo: the state decides
            if plan.state != "draft":
                raise UserError(self.env._(
                    "%(plan)s is “%(state)s”: only a draft can be entered as a plan that is running already.",
                    plan=plan.display_name, state=self._state_label(plan.state),
                ))
        if reason is None:
            return self._ask_reason("action_enter_running")
        reason = typed(reason)
        if not reason:
            raise UserError(self.env._("Reason: say where the plan comes from and who had approved it."))
        self._check_enterable()
        return self._enter_running(reason)

    def _check_enterable(self):
        """A running plan says at least what shall be reached or done."""
        goals, initiatives = (self._fields[name]._description_string(self.env) for name in PARTS[:2])
        missing = self._missing_parts()
        for plan in self:
            if {goals, initiatives} <= set(missing[plan.id]):
                raise UserError(self.env._(
                    "%(plan)s says nothing yet. Add goals or initiatives, then enter it as running.", plan=plan.display_name
                ))

    def _enter_running(self, reason):
        """Release drafts as they are; the release makes their first version and asks for the acknowledgement."""
        return self._transition("released", reason, {"entered_running": True})
