from odoo import fields, models


class OpsProblem(models.Model):
    """What one opens from a problem report."""

    _inherit = "ops.problem"

    can_write_plan = fields.Boolean(
        compute="_compute_can_write_plan", help="The current user owes the handling plan of this round."
    )

    def _compute_can_write_plan(self):
        roles = self._flow_roles()
        for problem in self:
            problem_sudo = problem.sudo()  # whether a plan is filed decides, not who may read it
            filed = any(plan._is_filed_for(problem_sudo) for plan in problem_sudo.plan_ids)
            owes = bool(roles[problem.id] & {"handler", "responsible"})
            problem.can_write_plan = problem.state == "handling" and owes and not filed

    def _obligation_open_action(self, obligation=None):
        """Open what fulfils the obligation: of P1 that is the handling plan, filled with its problem."""
        if obligation and obligation.code == "P1" and len(self) == 1 and self.can_write_plan:
            return self.action_write_plan()
        return super()._obligation_open_action(obligation)

    def action_write_plan(self):
        """Open the handling plan of this round: the one in work, or a new one."""
        self.ensure_one()
        begun = self.plan_ids.filtered(lambda plan: plan.round == self.round and plan.state != "cancelled")
        if begun:
            return begun[:1]._obligation_open_action()
        return {
            "type": "ir.actions.act_window",
            "res_model": "ops.problem.plan",
            "views": [(False, "form")],
            "name": self.env._("Handling Plan"),
            "context": {"default_problem_id": self.id},
        }

    def _open_related(self, name, model, domain):
        """Return the action that opens records that belong to these problems."""
        action = {
            "type": "ir.actions.act_window", "res_model": model, "name": name, "domain": domain,
            "views": [(False, "list"), (False, "kanban"), (False, "form")], "mobile_view_mode": "kanban",
        }
        found = self.env[model].search(domain, limit=2)
        if len(found) == 1:
            action.update(views=[(False, "form")], res_id=found.id)
        return action

    def action_open_plans(self):
        """Open the handling plans of all rounds."""
        return self._open_related(
            self.env._("Handling Plans"), "ops.problem.plan", [("problem_id", "in", self.ids)]
        )

    def action_open_measures(self):
        """Open the measures of all plans."""
        return self._open_related(self.env._("Measures"), "ops.problem.measure", [("problem_id", "in", self.ids)])

    def action_open_verifications(self):
        """Open the verification sheets of all rounds."""
        return self._open_related(
            self.env._("Verification Sheets"), "ops.problem.verification", [("problem_id", "in", self.ids)]
        )

    def action_open_repeats(self):
        """Open the later problems that repeat these."""
        return self._open_related(self.env._("Repeats"), "ops.problem", [("repeat_of_id", "in", self.ids)])
