from odoo import api, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import SQL

from ...tools import token
from ...tools.ids import one_id, some_ids
from ...tools.saying import saying
from ...tools.words import typed


class OpsTask(models.Model):
    """Who carries a task out: whoever holds its post, also when that changes, or somebody else by name."""

    _inherit = "ops.task"

    _flow_hand_over = {"head", "operations"}

    @api.model
    def _prepare_owners(self, vals_list, plans):
        """Complete owner from post and post from owner: one search for all."""
        def known(name, unless):
            # what is no id is refused by the field itself
            ids = (vals.get(name) for vals in vals_list if not unless(vals))
            return set(some_ids(list(ids)))

        owners, jobs = known("owner_id", lambda vals: "job_id" in vals), known("job_id", lambda vals: vals.get("owner_id"))
        if not owners and not jobs:
            return
        company_of = {plan.id: plan.company_id.id for plan in plans}
        post_of, holder_of = self._posts(owners, jobs, plans.company_id)
        for vals in vals_list:
            company = company_of.get(self._plan_id(vals))
            if isinstance(vals.get("owner_id"), int) and vals["owner_id"] in owners and "job_id" not in vals:
                vals["job_id"] = post_of.get((vals["owner_id"], company), False)
            elif isinstance(vals.get("job_id"), int) and vals["job_id"] in jobs and not vals.get("owner_id"):
                vals["owner_id"] = holder_of.get((vals["job_id"], company), False)

    @api.model
    def _posts(self, user_ids, job_ids, companies):
        """Return who holds which post: dict (user id, company id) → job id, and (job id, company id) → user id.

        A post that several people hold is given to none of them: the head chooses. Whoever cannot log in, or not for the
        company, holds none.
        """
        self.env["hr.employee"].flush_model(["user_id", "company_id", "active", "current_version_id"])
        self.env["hr.version"].flush_model(["job_id"])
        self.env["res.users"].flush_model(["active"])
        rows = self.env.execute_query(SQL(
            """
            SELECT employee.user_id, employee.company_id, version.job_id
              FROM hr_employee AS employee
              JOIN hr_version AS version ON version.id = employee.current_version_id
              JOIN res_users AS holder ON holder.id = employee.user_id AND holder.active
              JOIN res_company_users_rel AS allowed ON allowed.user_id = holder.id AND allowed.cid = employee.company_id
             WHERE employee.active AND employee.user_id IS NOT NULL AND employee.company_id = ANY(%s)
               AND version.job_id IS NOT NULL AND (employee.user_id = ANY(%s) OR version.job_id = ANY(%s))
             ORDER BY employee.id
            """,
            companies.ids, list(user_ids), list(job_ids),
        ))
        holders = {}
        for user, company, job in rows:
            holders.setdefault((job, company), set()).add(user)
        return (
            {(user, company): job for user, company, job in rows},
            {key: next(iter(users)) for key, users in holders.items() if len(users) == 1},
        )

    # -- once it is issued ----------------------------------------------------------------------------------------------

    def _posts_followed(self):
        """Return to whom open tasks would go if they followed their post: dict task id → user id; only where that differs."""
        tasks = self.sudo().filtered(  # sudo: whoever holds a post is no secret of hr
            lambda task: task.job_id and task.state in ("todo", "progress")
        )._filtered_running()
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
        owner = self.env["res.users"].sudo().browse(one_id(owner_id)).exists()
        if not owner.active or owner.share:
            raise ValidationError(self.env._("Owner: choose an employee who can log in."))
        given = {task.id: owner.id for task in self.sudo() if task.owner_id != owner}  # sudo: whoever owns it now
        if not given:
            raise UserError(self.env._("Owner: %(owner)s carries this out already; choose somebody else.", owner=owner.name))
        return self._give_to(given, typed(reason))

    def _check_giving(self):
        """Open tasks are given to somebody else by the head of the department or by operations, once they are issued."""
        self.check_access("read")
        roles, running = {} if self.env.su else self._flow_roles(), self._filtered_running()
        for task in self.sudo():  # sudo: the states decide, whoever may read the plan
            if not self.env.su and not roles[task.id] & self._flow_hand_over:
                raise AccessError(self.env._(
                    "“%(task)s”: its owner is changed by the head of the department, or by operations.", task=task.name
                ))
            if task.state not in ("todo", "progress") or task not in running:
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
