from odoo import models
from odoo.exceptions import AccessError, UserError


class OpsProblem(models.Model):
    """Who may take which step on a problem, beyond what all forms share."""

    _inherit = "ops.problem"

    _decision_barred_by = ("handler_id", "plan_ids.author_id", "submitted_by_id", "submitted_for_id")

    def _flow_extra_roles(self, roles, user, principals):
        """``responsible``: leads the responsible department; ``registrar``: wrote it down for somebody else;
        ``reporter``: may verify as whoever reported; ``verifier``: verifies in the reporter's stead."""
        found = set()
        if self.responsible_department_id & user.ops_department_ids:
            found.add("responsible")
        if self.channel == "registered" and "operations" in roles:
            found.add("registrar")
        if self.state == "resolved":
            found |= self._verifying_roles(roles, principals)
        return found

    def _flow_holders(self, roles, users):
        holders = super()._flow_holders(roles, users)
        if "reporter" in roles:
            holders |= self.author_id & users
        if "responsible" in roles:
            holders |= self.responsible_department_id.manager_id.user_id & users
        return holders

    def _verifying_roles(self, roles, principals):
        """Return who verifies: the reporter; after the term operations; never whoever handled it (I4)."""
        solvers = self._solvers()
        if solvers & principals:
            return set()
        if self.author_id & principals:
            return {"reporter"}
        stands_in = "decider" in roles or ("gm_office" in roles and self._flow_is_handled_by_operations())
        nobody_else = not self._reporter_to_ask() and not self.sudo().token_hash
        if stands_in and (nobody_else or self._verification_term_is_over()):
            return {"verifier"}
        return set()

    def _solvers(self):
        """Return who handled the problem: nobody verifies what they did or wrote themselves."""
        return self.handler_id | self.plan_ids.filtered(lambda plan: plan.state != "cancelled").author_id

    def _decision_barred(self):
        """Whoever solved it does not verify it (D1); whoever reported it does, as the reporter."""
        return self._solvers() | (self._flow_barred() - self.author_id)

    def _reporter_to_ask(self):
        """Return the user whom to ask for the verification; empty when nobody is known or they solved it themselves."""
        author = self._reporter_at_work()
        return author if not author & self._solvers() else author.browse()

    def _reporter_at_work(self):
        """Return the user who reported it, as long as they can log in and work for its company."""
        author_sudo = self.author_id.sudo()  # sudo: whether they are there decides, nothing of them is shown
        return self.author_id if author_sudo.active and self.company_id in author_sudo.company_ids else self.author_id.browse()

    def _flow_is_handled_by_operations(self):
        return self.responsible_department_id == self.company_id.ops_operations_department_id

    def _require(self, states, roles):
        """Refuse what is no change of state to whoever is not in one of ``roles``, or in another state."""
        self.check_access("read")
        held = self._flow_roles() if not self.env.su else {}
        for problem in self.sudo():
            if problem.state not in states:
                raise UserError(self.env._(
                    "%(record)s is “%(state)s”: this can be changed between acceptance and resolution only.",
                    record=problem.display_name, state=problem._state_label(problem.state),
                ))
            if not self.env.su and not held[problem.id] & roles:
                raise AccessError(self.env._(
                    "You may not decide on %(record)s; ask the operations department.", record=problem.display_name
                ))
