from odoo import SUPERUSER_ID, models
from odoo.exceptions import UserError, ValidationError

from ...tools import clock
from ...tools.ids import one_id
from ...tools.saying import saying
from ...tools.words import typed
from .ops_problem import LEVELS


class OpsProblem(models.Model):
    """The steps of a problem report: each a verb that people press and programs call."""

    _inherit = "ops.problem"

    def _transition_values(self, state):
        values = super()._transition_values(state)
        moments = {"new": "submitted_on", "accepted": "accepted_on", "resolved": "resolved_on", "closed": "verified_on"}
        if state in moments:
            values[moments[state]] = clock.now()
        return values

    def _ask(self, wizard, name):
        """Return the dialog ``wizard`` that asks for what is missing and then calls the action on these records."""
        return {
            "type": "ir.actions.act_window",
            "res_model": wizard,
            "view_mode": "form",
            "target": "new",
            "name": name,
            "context": {"default_res_ids": self.ids},
        }

    # -- the reporter ------------------------------------------------------------------------------------------------

    def action_submit(self):
        """Hand the reports in to operations (starts I1; of a proposed level 1 also I2)."""
        return self._transition("new")

    def action_close(self):
        """Close by a verification; there is no other way to close a problem."""
        return self.action_verify()

    def action_verify(self, effective=None, comment=None):
        """Say whether the solution works (I4); files the verification sheet, form 16.

        :param bool effective: closes the problem, or sends it back to handling in the next round
        :param str comment: what was seen; needed when not effective
        """
        if effective is None:
            return self._ask("ops.problem.verify.wizard", self.env._("Verify"))
        if effective not in (True, False):
            raise UserError(self.env._("Result: choose whether the solution is effective or not."))
        comment = str(comment or "").strip()
        if not effective and not comment:
            raise UserError(self.env._("Comment: please say what is still wrong, so that it can be put right."))
        self._transition_check_verify(effective)
        sheets = self.env["ops.problem.verification"]._file(self, effective, comment)
        if effective:
            self._transition("closed", comment)
        else:
            for round_before, problems in self.sudo().grouped("round").items():
                problems.with_env(self.env)._transition("handling", comment, {"round": round_before + 1})
        return bool(sheets)

    def _transition_check_verify(self, effective):
        """Refuse before a sheet is written, so that the message is the flow's own."""
        self.check_access("read")
        self._transition_lock()
        self._transition_check("closed" if effective else "handling", "")
        if any(problem.state != "resolved" for problem in self.sudo()):
            raise UserError(self.env._("Only what was resolved can be verified. Reload the page to see what changed."))

    def _verifier(self):
        """Return the user who verifies now; nobody when it is done through a door without a login."""
        return self.env["res.users"] if self.env.uid == SUPERUSER_ID else self.env.user

    # -- operations --------------------------------------------------------------------------------------------------

    def action_accept(self, severity=None, department_id=None, handler_id=None):
        """Accept and grade reports (fulfils I1, starts I2).

        :param str severity: '1', '2' or '3'
        :param int department_id: the responsible department
        :param int handler_id: the user who handles it; none: the head of the department sees to it
        """
        if severity is None or department_id is None:
            return self._ask("ops.problem.accept.wizard", self.env._("Accept"))
        self._check_level(severity)
        self._check_assignment(department_id, handler_id)
        return self._transition("accepted", values={
            "severity": severity, "responsible_department_id": department_id, "handler_id": handler_id or False,
        })

    def action_reject(self, reason=None):
        """Refuse reports; the reporter reads the reason (fulfils I1)."""
        if reason is None:
            return self._ask_reason("action_reject")
        return self._transition("rejected", reason, {"reject_reason": typed(reason)})

    def action_regrade(self, severity=None, reason=None):
        """Change the level after acceptance: the new level's own start counts; the clocks before stay in the log (I2).

        :param str severity: '1', '2' or '3'
        :param str reason: why; goes into the log
        """
        if severity is None:
            return self._ask("ops.problem.regrade.wizard", self.env._("Change the Level"))
        self._check_level(severity)
        self._check_reason(reason)
        self._require({"accepted", "handling"}, {"decider"})
        self._note_change({"severity": severity}, reason)
        self._clock_regraded(reason)
        return True

    def action_assign(self, handler_id=None, department_id=None, reason=None):
        """Give problems to another handler, or to another department.

        :param int handler_id: the user who handles it; none: the head of the department sees to it
        :param int department_id: the responsible department; default: as it is
        """
        if handler_id is None and department_id is None:
            return self._ask("ops.problem.assign.wizard", self.env._("Assign"))
        self._require({"accepted", "handling"}, {"decider"} if department_id else {"decider", "responsible"})
        values = {"handler_id": handler_id or False}
        if department_id:
            values["responsible_department_id"] = department_id
        for department, problems in self.sudo().grouped("responsible_department_id").items():
            problems.with_env(self.env)._check_assignment(department_id or department.id, handler_id)
        reason = reason or saying(self.env)._("Assigned.")
        self._note_change(values, reason)
        self._clock_assigned(reason)
        self._notify("ops_problem_mail_assigned")
        return True

    # -- whoever handles it ------------------------------------------------------------------------------------------

    def action_start(self, immediate_measure=None):
        """Start handling, with one line on what is done at once (fulfils I2, starts the clock of the handling plan)."""
        if immediate_measure is None:
            return self._ask("ops.problem.start.wizard", self.env._("Start Handling"))
        immediate_measure = str(immediate_measure or "").strip()
        if not immediate_measure:
            raise UserError(self.env._("Immediate Measure: say in one line what is done at once."))
        self.check_access("read")
        if any(problem.state == "resolved" for problem in self.sudo()):
            raise UserError(self.env._("What was resolved goes back to handling by a verification only."))
        return self._transition("handling", immediate_measure, {
            "immediate_measure": immediate_measure, "started_on": clock.now(),
        })

    def action_resolve(self, note=None):
        """Say that the problem is solved (starts I4): its plan is filed and all measures are carried out.

        :param str note: what was achieved
        """
        self._check_solved()
        if note is None:
            return self._ask("ops.problem.resolve.wizard", self.env._("Resolve"))
        note = str(note or "").strip()
        if not note:
            raise UserError(self.env._("Note: say what was achieved, so that the reporter can verify it."))
        return self._transition("resolved", note, {"resolution": note})

    # -- checks ------------------------------------------------------------------------------------------------------

    def _check_solved(self):
        """Refuse to resolve without a filed plan of this round, or while a measure is open."""
        self.check_access("read")
        for problem in self.sudo():  # sudo: the rule counts all measures, also those that the user does not own
            if not any(plan._is_filed_for(problem) for plan in problem.plan_ids):
                raise UserError(self.env._(
                    "%(record)s: file the handling plan of round %(round)s first.",
                    record=problem.display_name, round=problem.round,
                ))
            if waiting := problem.measure_ids.filtered(lambda measure: measure._is_waiting()):
                raise UserError(self.env._(
                    "%(record)s: these measures are not done yet: %(measures)s. Carry them out, or have them cancelled.",
                    record=problem.display_name, measures=", ".join(waiting.mapped("name")),
                ))

    def _check_level(self, severity):
        if severity not in [key for key, _label in LEVELS]:
            raise ValidationError(self.env._("Level: choose urgent (1), important (2) or general (3)."))

    def _check_reason(self, reason):
        if not str(reason or "").strip():
            raise UserError(self.env._("Reason: please say why, so that the others understand."))

    def _check_assignment(self, department_id, handler_id):
        """Refuse a department of another company, or a handler who cannot log in there."""
        self.check_access("read")  # first: the messages name the record
        # sudo: the choice is checked, not shown
        department = self.env["hr.department"].sudo().browse(one_id(department_id)).exists()
        handler = self.env["res.users"].sudo().browse(one_id(handler_id)).exists()
        if not department:
            raise ValidationError(self.env._("Responsible: choose the department that is to handle the problem."))
        if handler_id and (not handler or not handler.active or handler.share):
            raise ValidationError(self.env._("Handler: choose an employee who can log in."))
        for problem in self.sudo():
            if department.company_id and department.company_id != problem.company_id:
                raise ValidationError(self.env._(
                    "Responsible: %(department)s belongs to another company than %(record)s.",
                    department=department.display_name, record=problem.display_name,
                ))
            if handler and problem.company_id not in handler.company_ids:
                raise ValidationError(self.env._(
                    "Handler: %(handler)s does not work for %(company)s. Choose somebody who does.",
                    handler=handler.display_name, company=problem.company_id.display_name,
                ))
