from odoo import models
from odoo.exceptions import UserError

from ...tools import token


class OpsTask(models.Model):
    """Who writes a task: whoever writes the plan while it is made; afterwards its people say how far it is, nothing else."""

    _inherit = "ops.task"

    def _flow_extra_roles(self, roles, user, principals):
        """``helper``: a co-worker; ``consenter``: leads the department whose consent is needed."""
        found = set()
        if self.helper_ids & principals:
            found.add("helper")
        if self.consent_department_id & user.ops_department_ids:
            found.add("consenter")
        return found

    def _filtered_addable_lines(self):
        """In the month the head adds tasks to the issued plan; they are marked, and operations are told."""
        # sudo: the plan decides, also where the user may not read it
        plans = self.sudo().month_plan_id.with_env(self.env)
        addable = set(plans._filtered_addable().ids)
        return self.filtered(lambda task: task.sudo().month_plan_id.id in addable)

    def _filtered_on_duty(self):
        return (super()._filtered_on_duty() | self._filtered_form_locked()) & self._filtered_running()

    def _filtered_running(self):
        """Return the tasks that run: while their plan is issued; once it is reported those that the last report calls running."""
        tasks_sudo = self.sudo()  # sudo: the states of plan and report decide
        running = tasks_sudo.filtered(lambda task: task.month_plan_id.state == "issued")
        if reported := tasks_sudo.filtered(lambda task: task.month_plan_id.state == "reported"):
            running |= reported & self.env["ops.completion.report.line"]._running_tasks(reported)
        return running.with_env(self.env)

    def _compute_can(self):
        super()._compute_can()
        roles = self._flow_roles()
        following, running_tasks = self._posts_followed(), self._filtered_running()
        for task in self:
            # sudo: the state of the plan decides
            held, plan_state = roles[task.id], task.sudo().month_plan_id.state
            running = task in running_tasks
            for name in ("can_start", "can_done", "can_unfinished", "can_withdraw"):
                task[name] = task[name] and running
            task.can_report = running and task.state in ("todo", "progress") and bool(held & {"owner", "helper", "head"})
            task.can_consent = task._is_consent_open(plan_state) and "consenter" in held
            task.can_hand_over = running and task.state in ("todo", "progress") and bool(held & self._flow_hand_over)
            task.can_follow_post = task.can_hand_over and task.id in following

    def _transition_check(self, state, reason):
        super()._transition_check(state, reason)
        if self.env.su:
            return
        for task in (self - self._filtered_running()).sudo():  # sudo: named in the message only
            raise UserError(self.env._(
                "“%(task)s” cannot become “%(state)s” now: its month plan is “%(plan_state)s”. Tasks run while it is issued, and on "
                "when they were reported as running.",
                task=task.name, state=task._state_label(state), plan_state=task.month_plan_id._state_label(task.month_plan_id.state),
            ))

    def write(self, vals):
        if token.holds(self.env):
            return super().write(vals)
        begun = self.browse()
        if vals.get("progress"):
            begun = self.filtered(lambda task: task.sudo().state == "todo")  # sudo: the state decides
        result = super().write(vals)
        tasks = token.cleared(self)
        if "consent_department_id" in vals:
            tasks._consent_changed()
        # sudo: whoever may say how far it is has begun it
        token.cleared(begun).sudo()._filtered_running()._transition("progress")
        return result
