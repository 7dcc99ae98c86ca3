from odoo import models
from odoo.exceptions import UserError

from ...tools import token
from ...tools.saying import saying
from .ops_task import OPEN


class OpsCompletionReport(models.Model):
    """Handing reports in: what is missing is said, M6 is met, the plan is reported, its unfinished tasks end."""

    _inherit = "ops.completion.report"

    def _transition_check(self, state, reason):
        super()._transition_check(state, reason)
        reports = self.sudo()  # sudo: the content decides, whoever hands it in
        if state in ("returned", "cancelled"):
            reports._check_taken_back()
        if state != "submitted":
            return
        reports._compile()
        for report in reports:
            self._check_plan(report.month_plan_id)
            if missing := report._missing_causes():
                raise UserError("\n".join([
                    self.env._("%(report)s cannot be submitted yet:", report=report.display_name),
                    *(f"• {sentence}" for sentence in missing),
                ]))

    def _is_past(self):
        """Tell whether the report is ruled on and nothing else: its month was closed by hand while it was submitted."""
        return self.state == "submitted" and self.month_plan_id.state == "closed"

    def _check_taken_back(self):
        """The tasks of a closed month do not run again."""
        for report in self:
            if report._is_past():
                raise UserError(self.env._(
                    "%(report)s cannot be given back or cancelled, since its month is closed: rule on it instead.",
                    report=report.display_name,
                ))

    def _missing_causes(self):
        """Return what has to be said of unfinished tasks before the report can be handed in: list of sentences."""
        lines = self.line_ids.filtered(lambda line: line.result == "unfinished")
        sentences = []
        if silent := lines.filtered(lambda line: not line.cause_kind):
            sentences.append(self.env._("Cause: choose one for %(tasks)s.", tasks=silent._listed()))
        if silent := lines.filtered(lambda line: not line.cause_proposed):
            sentences.append(self.env._("Proposed: choose objective or subjective for %(tasks)s.", tasks=silent._listed()))
        if silent := lines.filtered(lambda line: not (line.explanation or "").strip()):
            sentences.append(self.env._("Explanation: say what happened with %(tasks)s.", tasks=silent._listed()))
        return sentences

    def _after_transition(self, previous, reason):
        super()._after_transition(previous, reason)
        reports = self.sudo()  # sudo: what follows from a step that was allowed is the machinery's
        if submitted := reports._entered("submitted", previous):
            submitted._fulfil_of_period("M6")
            submitted.month_plan_id.filtered(lambda plan: plan.state == "issued")._transition("reported")
            submitted._end_tasks()
        given_back = reports._left("submitted", previous).filtered(lambda report: report.state in ("returned", "cancelled"))
        if given_back:
            given_back._give_back()

    def _end_tasks(self):
        """Tasks that are reported as unfinished end here; those that are running go on."""
        lines = self.line_ids.filtered(lambda line: line.result == "unfinished" and line.task_id.state in OPEN)
        for state, ended in lines.grouped(lambda line: line.task_id.state).items():
            token.marked(ended).write({"task_state": state})
        lines.task_id._transition("unfinished", saying(self.env)._("Reported as unfinished."))

    def _give_back(self):
        """The plan is issued again, and the tasks that ended with the report run as before; rulings given so far are forgotten."""
        self.month_plan_id.filtered(lambda plan: plan.state == "reported")._transition("issued")
        lines = self.line_ids
        ended = lines.filtered(lambda line: line.task_state and line.task_id.state == "unfinished")
        for state, again in ended.grouped("task_state").items():
            again.task_id._transition(state, saying(self.env)._("The completion report was given back."))
        token.marked(lines.filtered(lambda line: line.task_state or line.cause_ruled)).write({
            "task_state": False, "cause_ruled": False, "cause_first": False, "ruling_reason": False,
        })
