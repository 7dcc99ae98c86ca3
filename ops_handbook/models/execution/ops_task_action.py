from odoo import api, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ...tools import clock, token


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
            "views": [(False, view) for view in ("list", "kanban", "form", "calendar")], "mobile_view_mode": "kanban",
            "context": context or {},
        }
