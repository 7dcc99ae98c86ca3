from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...tools import token
from ...tools.saying import saying
from ...tools.words import month_in_words
from .ops_month_plan_carry import WRITABLE

# where a task comes from: a user who could say so would read the name of any record there is
MACHINERY = (
    "source_model", "source_id", "carried_from_id", "added_on", "consent_department_id", "consent_state", "consent_on", "consent_by_id",
)
PREFILLED = object()  # compared by identity: what follows from new tasks waits until the machinery has written its fields
ENDED = ("done", "unfinished")


class OpsTask(models.Model):
    """Tasks that the machinery makes: from what is known of a month, and from what an earlier month did not finish.

    A task lives once: where it is done after all, the one that carries it on is taken back.
    """

    _inherit = "ops.task"

    @api.model
    def _create_prefilled(self, vals_list):
        """Create tasks with what only the machinery writes: source, share, the task that is carried on.

        :param vals_list: values as of ``create``, each with its ``month_plan_id``
        """
        tasks = self.with_context(ops_prefilled=PREFILLED).create([
            {name: value for name, value in vals.items() if name not in MACHINERY} for vals in vals_list
        ]).with_env(self.env)
        for task, vals in zip(tasks.sudo(), vals_list, strict=True):  # sudo: the machinery's own fields
            if own := {name: vals[name] for name in MACHINERY if vals.get(name)}:
                token.marked(task).write(own)
        if tasks:
            tasks._created()
        return tasks

    def _created(self):
        if self.env.context.get("ops_prefilled") is not PREFILLED:
            super()._created()

    def _check_added(self):
        """What is carried over was linked and checked in its first month."""
        super(OpsTask, self.filtered(lambda task: not task.carried_from_id))._check_added()

    def _notify_owners(self, withdrawn=False, reason=None):
        """What is added to a plan before its issue is told with the issue."""
        told = self.filtered(lambda task: task.month_plan_id.state not in ("submitted", "filed"))
        super(OpsTask, told)._notify_owners(withdrawn=withdrawn, reason=reason)

    def _carried_values(self):
        """Return with what values this task goes on in a later month, whoever does it; its history stays where it is."""
        return {
            "name": self.name, "description": self.description, "deliverable": self.deliverable, "priority": self.priority,
            "weight": self.weight, "job_id": self.job_id.id, "initiative_id": self.initiative_id.id,
            "source_model": self.source_model, "source_id": self.source_id, "is_routine": self.is_routine,
            "asks_evidence": self.asks_evidence, "carried_from_id": self.id, **self._carried_consent(),
        }

    def _carried_consent(self):
        """Return whose consent is needed in a later month, too: what was given stays given, else it is asked for anew (K1)."""
        department = self.consent_department_id - self.department_id  # merged since, it is the same one
        if not department:
            return {}
        if self.consent_state != "given":
            return {"consent_department_id": department.id, "consent_state": "asked"}
        return {
            "consent_department_id": department.id, "consent_state": "given", "consent_on": self.consent_on,
            "consent_by_id": self.consent_by_id.id,
        }

    def _filtered_carried(self):
        """Return those that go on in a later month, or of which the head decided that they do not."""
        # sudo: once is once, whoever may read the later month
        later_sudo = self.sudo().search([
            ("carried_from_id", "in", self.ids), "|", ("state", "!=", "cancelled"), ("month_plan_id.state", "!=", "cancelled"),
        ])
        return later_sudo.carried_from_id.with_env(self.env)

    @api.model
    def _settled_sql(self):
        """Return the condition on ``task`` that what it comes from is not asked for any more: an action item that is not open."""
        settled = [SQL("FALSE")]
        for name in sorted(self.env.registry.descendants(["ops.action.item.mixin"], "_inherit")):
            model = self.env[name]
            if not model._abstract:
                model.flush_model(["state"])
                settled.append(SQL(
                    "task.source_model = %s AND EXISTS (SELECT 1 FROM %s item WHERE item.id = task.source_id AND item.state != 'open')",
                    name, SQL.identifier(model._table),
                ))
        return SQL("(%s)", SQL(" OR ").join(settled))

    def _filtered_settled(self):
        """Return those of which what they come from is not asked for any more."""
        if not self:
            return self
        self.flush_model(["source_model", "source_id"])
        rows = self.env.execute_query(SQL(
            "SELECT task.id FROM ops_task task WHERE task.id IN %s AND %s", tuple(self.ids), self._settled_sql(),
        ))
        return self.browse(task for (task,) in rows)

    # -- done after all: it lives once -------------------------------------------------------------------------------------

    def _carried_on(self):
        """Return the tasks that carry these on (superuser)."""
        return self.sudo().search([("carried_from_id", "in", self.ids), ("state", "!=", "cancelled")])  # sudo: see above

    def _filtered_reviving(self, state):
        """Return those that would live again, or be done, with this step."""
        if state not in ("todo", "progress", "done"):
            return self.browse()
        # sudo: the states decide
        return self.filtered(lambda task: state == "done" or task.sudo().state == "unfinished")

    def _transition_check(self, state, reason):
        super()._transition_check(state, reason)
        if self.env.su:
            return
        for later in self._filtered_reviving(state)._carried_on():
            if later.state != "todo" or later.progress:
                raise UserError(self.env._(
                    "“%(task)s” goes on in %(month)s, where it has begun: say there how far it is.",
                    task=later.name, month=month_in_words(later.month_plan_id.month, self.env.lang or "en_US"),
                ))

    def _after_transition(self, previous, reason):
        super()._after_transition(previous, reason)
        revived = self.filtered(
            lambda task: task.state == "done" or previous[task.id] == "unfinished" and task.state in ("todo", "progress")
        )
        if revived:
            revived._carried_on()._take_back()

    def _take_back(self):
        """Take out tasks (superuser) that carry on what is done, or goes on where it was; what was done on them goes back."""
        begun = self.filtered(lambda task: task.progress and task.carried_from_id.state in ("todo", "progress"))
        for task in begun:
            token.marked(task.carried_from_id).write({
                "progress": max(task.progress, task.carried_from_id.progress),
                "progress_note": task.progress_note or task.carried_from_id.progress_note,
                "evidence": "\n".join(filter(None, [task.carried_from_id.evidence, task.evidence])) or False,
            })
        made = self.filtered(lambda task: task.state == "todo" and task.month_plan_id.state in WRITABLE)
        told = (self - made).filtered(lambda task: task.state not in ENDED)
        told._transition("cancelled", saying(self.env)._("It goes on, or is done, in the month in which it began."))
        # cancelled like this it is no decision of the head: it may be carried over again
        token.marked(told).write({"carried_from_id": False})
        made._delete_planned()

    def _delete_planned(self):
        """Take tasks (superuser) off plans in the making: what they stand for needs no planning any more."""
        token.marked(self).unlink()

    # -- not carried over: the head decides, and says why -------------------------------------------------------------------

    @api.ondelete(at_uninstall=False)
    def _unlink_not_carried(self):
        """What was not finished is not lost by a click; withdrawn, it says why and stays."""
        if token.holds(self.env):
            return
        for task in self:
            if task.carried_from_id:
                raise UserError(self.env._(
                    "“%(task)s” was not finished in an earlier month and cannot be deleted. If it does not go on, withdraw it and "
                    "say why.", task=task.name,
                ))

    def _filtered_droppable(self):
        """Return the carried tasks on a plan in the making that the current user, its head, may take out with a reason."""
        # sudo: the states decide, whoever may read the plan
        carried = self.filtered(
            lambda task: task.sudo().carried_from_id and task.sudo().state == "todo" and task.sudo().month_plan_id.state in WRITABLE
        )
        if not carried or self.env.su:
            return carried
        roles = carried._flow_roles()
        return carried.filtered(lambda task: "head" in roles[task.id])

    def _compute_can(self):
        super()._compute_can()
        for task in self._filtered_droppable():
            task.can_withdraw = True

    def action_withdraw(self, reason=None):
        if reason is None:
            return super().action_withdraw()
        self.check_access("read")
        dropped = self._filtered_droppable()
        # sudo: whoever may was found just above; tasks run only once their plan is issued
        dropped.sudo()._transition("cancelled", reason)
        return super(OpsTask, self - dropped).action_withdraw(reason) if self - dropped else True
