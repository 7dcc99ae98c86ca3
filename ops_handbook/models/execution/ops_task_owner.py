from odoo import models
from odoo.exceptions import AccessError, UserError, ValidationError

from ...tools import token
from ...tools.saying import saying
from ...tools.words import typed


class OpsTask(models.Model):
    """Who carries a task out once it is issued: whoever holds its post, or somebody else by name."""

    _inherit = "ops.task"

    _flow_hand_over = {"head", "operations"}

    def _posts_followed(self):
        """Return to whom open tasks would go if they followed their post: dict task id → user id; only where that differs."""
        tasks = self.sudo().filtered(  # sudo: whoever holds a post is no secret of hr
            lambda task: task.job_id and task.state in ("todo", "progress") and task.plan_state == "issued"
        )
        if not tasks:
            return {}
        _posts, holders = self._posts((), set(tasks.job_id.ids), tasks.company_id)
        found = {task.id: holders.get((task.job_id.id, task.company_id.id)) for task in tasks}
        return {task.id: found[task.id] for task in tasks if found[task.id] and found[task.id] != task.owner_id.id}

    def action_follow_post(self, reason=None):
        """Give open tasks to whoever holds their post now; both are told.

        :param str reason: goes into the log; default: that somebody else holds the post
        :raise AccessError: only the head of the department or operations may
        """
        self._check_giving()
        following = self._posts_followed()
        if not following:
            raise UserError(self.env._("Post: nobody else holds it now, or several people do. Name the owner yourself."))
        self._give_to(following, reason or saying(self.env)._("Somebody else holds the post now."))
        return True

    def action_hand_over(self, owner_id=None, reason=None):
        """Give open tasks to another owner, whatever their post; both are told.

        :param int owner_id: the user who carries them out from now on; none: a dialog asks
        :param str reason: why; goes into the log
        """
        self._check_giving()
        if owner_id is None:
            return self._ask_hand_over()
        if not typed(reason):
            raise UserError(self.env._("Reason: please say why, so that both of them understand."))
        # sudo: the choice is checked, not shown
        owner = self.env["res.users"].sudo().browse(owner_id if isinstance(owner_id, int) else ()).exists()
        if not owner.active or owner.share:
            raise ValidationError(self.env._("Owner: choose an employee who can log in."))
        given = {task.id: owner.id for task in self.sudo() if task.owner_id != owner}  # sudo: whoever owns it now
        if not given:
            raise UserError(self.env._("Owner: %(owner)s carries this out already; choose somebody else.", owner=owner.name))
        return self._give_to(given, typed(reason))

    def _check_giving(self):
        """Open tasks are given to somebody else by the head of the department or by operations, once they are issued."""
        self.check_access("read")
        roles = {} if self.env.su else self._flow_roles()
        for task in self.sudo():  # sudo: the states decide, whoever may read the plan
            if not self.env.su and not roles[task.id] & self._flow_hand_over:
                raise AccessError(self.env._(
                    "“%(task)s”: its owner is changed by the head of the department, or by operations.", task=task.name
                ))
            if task.state not in ("todo", "progress") or task.month_plan_id.state != "issued":
                raise UserError(self.env._(
                    "“%(task)s” cannot be handed over now: it must be open, and its month plan issued.", task=task.name
                ))

    def _ask_hand_over(self):
        return {
            "type": "ir.actions.act_window", "res_model": "ops.hand.over.wizard", "view_mode": "form", "target": "new",
            "name": self.env._("Hand Over"),
            "context": {"default_res_model": self._name, "default_res_ids": self.ids},
        }

    def _give_to(self, owners, reason):
        """Change the owners of locked tasks, with the log and one mail per person: dict task id → user id."""
        tasks = self.browse(owners).sudo()  # sudo: permission was decided by the caller, the content is locked
        before = {task.id: task.owner_id for task in tasks}
        for user_id, given in tasks.grouped(lambda task: owners[task.id]).items():
            token.marked(given).write({"owner_id": user_id})
        tasks._grow_version()
        self.env["ops.form.transition"]._log(tasks, {task.id: task.state for task in tasks}, None, {
            task.id: saying(self.env)._(
                "%(reason)s Carried out by %(before)s before, by %(after)s now.",
                reason=reason, before=before[task.id].name or "–", after=task.owner_id.name,
            )
            for task in tasks
        })
        tasks._notify_owners()
        return True
