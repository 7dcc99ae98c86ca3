from odoo import api, fields, models
from odoo.tools import SQL

from ...tools import clock, token

CRON = "ops_handbook.ops_task_cron_changes"
CHANGES = "ops_handbook.ops_month_plan_mail_changes"
BATCH = 10_000  # tasks of which one mail speaks at most
NAMED = 20  # tasks of a plan that a mail names, of each kind: one that nobody can read to its end helps nobody


class OpsTask(models.Model):
    """What was added to issued plans and withdrawn goes to operations: every hour, one mail for each of them.

    A task of which they do not know yet carries a mark, written with the step itself and taken off with the mail: nothing is told
    twice, and a worker that dies loses nothing.
    """

    _inherit = "ops.task"

    untold_since = fields.Datetime(
        string="Untold since", readonly=True, copy=False, index="btree_not_null",
        help="Operations are told with their next mail that it was added to an issued plan, or withdrawn.",
    )

    def _mark_untold(self):
        """Have operations told of these tasks (superuser) with their next mail."""
        token.marked(self).write({"untold_since": clock.now()})

    @api.model
    def _cron_tell_changes(self):
        """Hourly: tell operations what was added and withdrawn since they were told last; again, it tells nothing."""
        tasks_sudo = self.sudo()  # sudo: run by the clock
        self.env["ir.cron"]._ops_work_off(CRON, BATCH, tasks_sudo._untold, tasks_sudo._tell_changes)

    @api.model
    def _untold(self, limit=None, without=(0,)):
        """Return the tasks of which operations do not know yet, but for those that somebody works on right now: list of (id,).

        They are locked: whoever withdraws one meanwhile waits until the mail is queued, and the next one says so.
        """
        self.flush_model(["untold_since"])
        return self.env.execute_query(SQL(
            "SELECT id FROM ops_task WHERE untold_since IS NOT NULL AND id NOT IN %s ORDER BY id %s FOR NO KEY UPDATE SKIP LOCKED",
            tuple(without), SQL("LIMIT %s", limit) if limit else SQL(),
        ))

    @api.model
    def _tell_changes(self, found):
        """Queue one mail for each person of operations, with all plans that changed.

        What was added and is withdrawn by now is told as withdrawn. A plan that was cancelled meanwhile says so itself.

        :param found: what ``_untold`` returned
        """
        told = self._take_untold(found).filtered(lambda task: task.month_plan_id.state != "cancelled")
        steps = told._withdrawals()
        self.env["ops.notice"]._queue(CHANGES, [
            theirs._changes_digest(user, steps) for user, theirs in told._told_to(steps).items()
        ])

    @api.model
    def _take_untold(self, found):
        """Take the marks off what ``_untold`` returned, and return the tasks (superuser).

        By a statement of its own: neither a new version nor another last writer, since nobody has changed the task.
        """
        tasks = self.sudo().browse([task for (task,) in found])  # sudo: the notice is the system's
        if tasks:
            self.env.cr.execute(SQL("UPDATE ops_task SET untold_since = NULL WHERE id IN %s", tuple(tasks.ids)))
            tasks.invalidate_recordset(["untold_since"], flush=False)
        return tasks

    def _withdrawals(self):
        """Return the lines of the log by which tasks (superuser) were withdrawn: dict task id → line."""
        withdrawn = self.filtered(lambda task: task.state == "cancelled")
        lines = self.env["ops.form.transition"].search([
            ("res_model", "=", self._name), ("res_id", "in", withdrawn.ids), ("to_state", "=", "cancelled"),
            ("from_state", "!=", "cancelled"),
        ])
        return {line.res_id: line for line in lines}

    def _told_to(self, steps):
        """Return who is told of which of these tasks: dict ``res.users`` → tasks; nobody of what they did themselves."""
        actors = {task.id: steps[task.id].user_id.id if task.id in steps else task.create_uid.id for task in self}
        told = {}
        for company, tasks in self.grouped("company_id").items():
            for user in self.env["res.users"]._ops_of_role("operations", company):
                theirs = tasks.filtered(lambda task, user=user: actors[task.id] != user.id)
                told[user] = told.get(user, self.browse()) | theirs
        return {user: tasks for user, tasks in told.items() if tasks}

    def _changes_digest(self, user, steps):
        """Return what one person is told of these tasks, as a dict of :meth:`ops.notice._queue`."""
        tasks = self.with_context(lang=user.lang)
        items = [theirs._changes_of(plan, steps) for plan, theirs in tasks.grouped("month_plan_id").items()]
        withdrawn = [(item, task) for item in items for task in item["withdrawn"]]

        def in_words(item, name):
            return f"{item['name']} · {name}" if len(items) > 1 else name

        return {
            "object": self[:1].month_plan_id, "user": user, "company": self[:1].company_id, "items": items,
            "summary": (
                tasks.env._("Changed in the month: %(plan)s", plan=items[0]["name"]) if len(items) == 1
                else tasks.env._("Changed in the month: %(count)s month plans", count=len(items))
            ),
            # the names of the text until 19.0.1.6.0, which said one plan: an administrator may have made their own of it
            "added": [in_words(item, name) for item in items for name in item["added"]],
            "withdrawn": [in_words(item, task["name"]) for item, task in withdrawn],
            "reason": "\n".join(dict.fromkeys(task["reason"] for _item, task in withdrawn if task["reason"])),
        }

    def _changes_of(self, plan, steps):
        """Return what a mail says of these tasks, all of ``plan``, in the language of the context."""
        withdrawn = self.filtered(lambda task: task.state == "cancelled")
        added = self - withdrawn
        reasons = {
            task.id: steps[task.id].with_context(lang=self.env.context.get("lang")).reason for task in withdrawn if task.id in steps
        }
        return {
            "name": plan.display_name, "url": f"{plan.get_base_url()}/odoo/ops-month-plans/{plan.id}",
            "added": added[:NAMED].mapped("name"),
            "withdrawn": [{"name": task.name, "reason": reasons.get(task.id) or ""} for task in withdrawn[:NAMED]],
            "more": len(added[NAMED:]) + len(withdrawn[NAMED:]),
        }
