from odoo import api, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ...tools import clock, token
from ...tools.saying import saying


class OpsTask(models.Model):
    """The steps of a task: pressed, dragged or called, all the same."""

    _inherit = "ops.task"

    def _transition_values(self, state):
        values = super()._transition_values(state)
        if state == "done":
            values.update(done_on=clock.now(), progress=100)
        elif state in ("todo", "progress", "unfinished"):
            values["done_on"] = False
        if state == "todo":
            values["progress"] = 0
        return values

    def _after_transition(self, previous, reason):
        super()._after_transition(previous, reason)
        again = self.sudo().filtered(  # sudo: the machinery's own write
            lambda task: previous[task.id] == "done" and task.state == "progress" and task.progress == 100
        )
        token.marked(again).write({"progress": 90})

    def action_start(self):
        """Begin: the task is in progress."""
        return self._transition("progress")

    def action_done(self, evidence=None):
        """Say that the tasks are done.

        :param str evidence: what was done; kept when nothing new is said
        :raise UserError: where a task asks for evidence and there is none
        """
        self._check_evidence(evidence)
        return self._transition("done", values={"evidence": evidence} if evidence else None)

    def action_unfinished(self):
        """Say that the tasks will not be done in their month."""
        return self._transition("unfinished")

    def action_withdraw(self, reason=None):
        """Take tasks out of an issued plan, and say why; they stay, marked as withdrawn, and operations are told."""
        if reason is None:
            return self._ask_reason("action_withdraw")
        return self._transition("cancelled", reason)

    def action_move(self, state):
        """Move tasks to a column of the board; the same as its button, with the same rules.

        :param str state: key of the column
        :return: True, or the dialog that asks for what is missing
        """
        steps = {
            "progress": self.action_start, "done": self.action_done, "unfinished": self.action_unfinished,
            "cancelled": self.action_withdraw, "todo": lambda: self._transition("todo"),
        }
        if not isinstance(state, str) or state not in steps:
            raise UserError(self.env._("State: there is no such column."))
        return steps[state]()

    def _check_evidence(self, evidence):
        self.check_access("read")
        if evidence is not None and not isinstance(evidence, str):
            raise ValidationError(self.env._("Evidence: say it in words."))
        if evidence and evidence.strip():
            return
        attached = self._attached()
        for task in self.sudo():  # sudo: the rule decides on what is there
            if task.asks_evidence and not (task.evidence or "").strip() and task.id not in attached:
                raise UserError(self.env._(
                    "Evidence: “%(task)s” is done when one can see it. Say what was done, or add a photo, then press Done.",
                    task=task.name,
                ))

    def add_evidence(self, files):
        """Attach photos or other files as evidence, while the task runs.

        :param list files: dicts of ``name`` and ``data`` (base64)
        :raise UserError: the task does not run, or a file is empty
        """
        self.ensure_one()
        self.check_access("read")
        if not self.env.su and not self.can_report:
            raise AccessError(self.env._("“%(task)s”: files are added by whoever carries it out, while it runs.", task=self.name))
        values = []
        for file in files if isinstance(files, list) else [None]:
            name, data = (file.get("name"), file.get("data")) if isinstance(file, dict) else (None, None)
            if not isinstance(name, str) or not isinstance(data, str) or not name.strip() or not data:
                raise UserError(self.env._("Evidence: choose a file that is not empty."))
            values.append({"name": name.strip()[:200], "datas": data, "res_model": self._name, "res_id": self.id})
        self.env["ir.attachment"].sudo().create(values)  # sudo: the task is locked, its people were asked just above
        return True

    def _attached(self):
        """Return the ids of those to which a file is attached."""
        groups = self.env["ir.attachment"].sudo()._read_group(  # sudo: whether there is one
            [("res_model", "=", self._name), ("res_id", "in", self.ids), ("res_field", "=", False)], ["res_id"]
        )
        return {res_id for (res_id,) in groups}

    # -- following the post ---------------------------------------------------------------------------------------------

    def _posts_followed(self):
        """Return to whom open tasks would go if they followed their post: dict task id → user id; only where that differs."""
        tasks = self.sudo().filtered(  # sudo: whoever holds a post is no secret of hr
            lambda task: task.job_id and task.state in ("todo", "progress") and task.plan_state not in ("closed", "cancelled")
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
        self.check_access("read")
        roles = {} if self.env.su else self._flow_roles()
        for task in self.sudo():  # sudo: named in the message only
            if not self.env.su and not roles[task.id] & {"head", "operations"}:
                raise AccessError(self.env._(
                    "“%(task)s”: its owner is changed by the head of the department, or by operations.", task=task.name
                ))
        following = self._posts_followed()
        if not following:
            raise UserError(self.env._("Post: nobody else holds it now, or several people do. Name the owner yourself."))
        self._give_to(following, reason or saying(self.env)._("Somebody else holds the post now."))
        return True

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

    # -- for boards and screens -------------------------------------------------------------------------------------------

    def action_open_source(self):
        """Open what the task comes from."""
        self.ensure_one()
        self.check_access("read")
        model = self.source_model if self.source_model in self.env else None
        record = self.env[model].browse(self.source_id).exists() if model and self.source_id else None
        if not record:
            raise UserError(self.env._("Source: there is none, or it is gone."))
        record.check_access("read")
        return {
            "type": "ir.actions.act_window", "res_model": model, "res_id": record.id, "views": [(False, "form")],
            "name": record.display_name,
        }

    def action_open_month_plan(self):
        """Open the month plan on which the task stands."""
        self.ensure_one()
        return self.month_plan_id._obligation_open_action()

    @api.model
    def _open_list(self, name, domain, context=None):
        """Return the action that opens some tasks."""
        return {
            "type": "ir.actions.act_window", "res_model": self._name, "name": name, "domain": domain,
            "views": [(False, view) for view in ("list", "kanban", "form", "calendar")], "context": context or {},
        }
