from odoo import api, models
from odoo.exceptions import AccessError, UserError

from ...tools import clock, token
from ...tools.saying import saying
from ...tools.words import typed
from .ops_task import OPEN

# states of the month plan in which another department answers
CONSENTING = ("assigned", "submitted", "returned", "filed", "issued")


class OpsTask(models.Model):
    """The consent of another department: without it the month plan cannot be filed. K1, one working day for its head."""

    _inherit = "ops.task"

    def _is_consent_open(self, plan_state):
        """Tell whether the other department can answer, or answer otherwise, now."""
        return bool(
            self.consent_department_id and plan_state in CONSENTING and self.state in ("todo", "progress")
            and (self.consent_state == "asked" or plan_state != "issued")
        )

    def _ask_consent(self):
        """Ask the heads of the departments that are needed and have not answered: K1, and one mail to each of them."""
        asked = self.filtered(lambda task: task.consent_state == "asked" and task.consent_department_id and task.state in OPEN)
        if not asked:
            return
        asked._start_clock("K1", round=asked._next_rounds("K1"), department={
            task.id: task.consent_department_id for task in asked
        })
        asked._notify_asked()

    def _stop_asking(self, reason):
        """Nobody can answer any more: K1 is not owed. What was answered stays."""
        if asked := self.sudo().filtered(lambda task: task.consent_state == "asked"):  # sudo: the engine's own rows
            asked._cancel_clock("K1", reason)

    def _after_transition(self, previous, reason):
        super()._after_transition(previous, reason)
        asked = self.sudo().filtered(lambda task: task.consent_state == "asked")  # sudo: the engine's own rows
        ended = asked.filtered(lambda task: previous[task.id] in OPEN and task.state not in OPEN)
        ended._stop_asking(reason or saying(self.env)._("The task has ended."))
        asked.filtered(lambda task: previous[task.id] not in OPEN and task.plan_state in CONSENTING)._ask_consent()

    @api.ondelete(at_uninstall=False)
    def _unlink_stops_clock(self):
        token.cleared(self)._stop_asking(saying(self.env)._("The task was taken off the month plan."))

    def _consent_changed(self):
        """Another department is needed, or none any more: what was answered before counts for nothing."""
        tasks = self.sudo()  # sudo: the machinery's own fields
        for needed, changed in tasks.grouped(lambda task: bool(task.consent_department_id)).items():
            token.marked(changed).write({
                "consent_state": "asked" if needed else False, "consent_reason": False, "consent_on": False,
                "consent_by_id": False,
            })
        asked = tasks.filtered(lambda task: task.plan_state in CONSENTING)
        asked._cancel_clock("K1", saying(self.env)._("Another department is asked, or none."))
        asked._ask_consent()

    def action_consent(self):
        """Agree, as the head of the department that is needed (K1)."""
        return self._answer_consent("given")

    def action_decline_consent(self, reason=None):
        """Decline, and say why: the plan cannot be filed with this task (K1)."""
        if reason is None:
            return self._ask_reason("action_decline_consent")
        if not typed(reason):
            raise UserError(self.env._("Reason: please say why, so that the others understand."))
        return self._answer_consent("declined", typed(reason))

    def _answer_consent(self, answer, reason=None):
        self.check_access("read")
        self._transition_lock()
        roles = {} if self.env.su else self._flow_roles()
        for task in self.sudo():  # sudo: the state decides
            if not self.env.su and "consenter" not in roles[task.id]:
                raise AccessError(self.env._(
                    "“%(task)s”: the head of %(department)s answers this.",
                    task=task.name, department=task.consent_department_id.name or self.env._("another department"),
                ))
            if not task._is_consent_open(task.month_plan_id.state):
                raise UserError(self.env._("“%(task)s” does not wait for a consent now.", task=task.name))
        tasks = self.sudo()  # sudo: decided just above
        token.marked(tasks).write({
            "consent_state": answer, "consent_reason": reason or False, "consent_on": clock.now(), "consent_by_id": self.env.uid,
        })
        said = saying(self.env)._("Consent given.") if answer == "given" else saying(self.env)._("Consent declined: %(why)s", why=reason)
        self.env["ops.form.transition"]._log(tasks, {task.id: task.state for task in tasks}, None, said, self._on_behalf_of_head())
        tasks._fulfil("K1")
        tasks._notify_answered()
        return True

    def _on_behalf_of_head(self):
        """Return in whose name a consent is given: dict id → user id, for substitutes only."""
        if self.env.su or not self.env.user.ops_principal_ids:
            return {}
        tasks = self.sudo()  # sudo: names only
        heads = {task.id: task.consent_department_id.manager_id.user_id for task in tasks}
        return {
            key: head.id for key, head in heads.items() if head and head != self.env.user and head in self.env.user.sudo().ops_principal_ids
        }
