from odoo import models

from ...tools.saying import saying
from .ops_month_plan_carry import WRITABLE
from .ops_task import OPEN


class OpsActionItemMixin(models.AbstractModel):
    """What was decided and stands on a month plan as well is done once: nobody says it in two places."""

    _inherit = "ops.action.item.mixin"

    def _after_transition(self, previous, reason):
        super()._after_transition(previous, reason)
        items_sudo = self.sudo()  # sudo: permission was decided before; the tasks only follow
        now_open = items_sudo.filtered(lambda item: item.state == "open" and previous[item.id] == "done")
        was_open = items_sudo.filtered(lambda item: item.state != "open" and previous[item.id] == "open")
        now_open._tasks_of({"done"})._filtered_running()._transition("progress")
        was_open.filtered(lambda item: item.state == "done")._end_tasks("done")
        was_open.filtered(lambda item: item.state == "cancelled")._end_tasks("cancelled")

    def _tasks_of(self, states):
        """Return the tasks (superuser) that stand for these items and are in one of ``states``: one search."""
        if not self:
            return self.env["ops.task"].sudo()  # sudo: see _after_transition
        return self.env["ops.task"].sudo().search([  # sudo: see _after_transition
            ("source_model", "=", self._name), ("source_id", "in", self.ids), ("state", "in", sorted(states)),
        ])

    def _end_tasks(self, state):
        """End the tasks of items that are done or cancelled; on a plan in the making nothing is left to plan."""
        tasks = self._tasks_of(set(OPEN))
        planned = tasks.filtered(lambda task: task.month_plan_id.state in WRITABLE and not task.progress)
        planned._delete_planned()
        said = saying(self.env)._("What it comes from is not asked for any more.") if state == "cancelled" else None
        (tasks - planned)._filtered_running()._transition(state, said)


class OpsTask(models.Model):
    """Whoever was told that an item is cancelled is not told of the task that stands for it as well."""

    _inherit = "ops.task"

    def _notify_owners(self, withdrawn=False, reason=None):
        told = self - self._filtered_item_told() if withdrawn else self
        super(OpsTask, told)._notify_owners(withdrawn=withdrawn, reason=reason)

    def _filtered_item_told(self):
        """Return those (superuser) that stand for a cancelled item which was asked of the same person."""
        items_of, told = self.env.registry.descendants(["ops.action.item.mixin"], "_inherit"), self.browse()
        for name, tasks in self.grouped("source_model").items():
            if name in items_of:
                # sudo: as in _after_transition of the items
                items = self.env[name].sudo().browse(tasks.mapped("source_id")).exists()
                asked = items.filtered(lambda item: item.state == "cancelled")._filtered_asked()
                owners = {item.id: item.owner_id for item in asked}
                told |= tasks.filtered(lambda task, owners=owners: task.owner_id and task.owner_id == owners.get(task.source_id))
        return told
