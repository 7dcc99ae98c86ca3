from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools import clock
from ...tools.recurrence import period_bounds, period_of
from ...tools.words import month_in_words

REPORTED = ("reported", "closed")  # month plans of which what is done has been said


class OpsActionItemMixin(models.AbstractModel):
    """What was decided becomes a task when the head wishes it: on the month plan of its department, with its link, and once."""

    _inherit = "ops.action.item.mixin"

    task_id = fields.Many2one(
        "ops.task", compute="_compute_task_id", help="The task by which it is carried out; of several months the latest."
    )
    can_make_task = fields.Boolean(
        compute="_compute_can_make_task", help="The current user may put it on the month plan of its department."
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_task_id(self):
        """Whoever may not read the task is not told of it."""
        found = self._origin._standing_tasks()
        tasks = self.env["ops.task"].browse({task.id for task in found.values()})
        readable = tasks._filtered_access("read")
        for item in self:
            task = found.get(item._origin.id)
            item.task_id = readable & tasks.browse(task.id) if task else False

    @api.depends("state", "date_due", "department_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_can_make_task(self):
        offered = self._origin._filtered_task_asked()._filtered_task_planner()
        offered -= offered.browse(offered._standing_tasks(ended=False))
        for item in self:
            item.can_make_task = item._origin in offered

    # -- what the items say -----------------------------------------------------------------------------------------------

    @api.model
    def _task_domain(self):
        """Hook: return what finds, among open items, those that belong on month plans: of what was handed in."""
        return []

    def _task_source(self):
        """Hook: return the item (superuser) that a task of this one names as its source: itself, or what it only repeats."""
        return self

    def _task_period(self):
        """Return the month on whose plan the item (superuser) belongs: that of the day that counts, or the running one where
        that day has passed or nobody named one."""
        today = clock.today(self.company_id._ops_tz())
        return period_of(max(self.date_due_now or today, today), "monthly")

    def _task_places(self):
        """Return where these would stand as tasks: dict id → (``hr.department``, ``ops.month.plan``, period), superuser.

        The plan is empty where none was made yet, the department where the item belongs to none.
        """
        departments = self.env["hr.department"].sudo()  # sudo: as in _places_of
        wanted = {}
        for item in self.sudo():  # sudo: where it belongs is found, whoever may read that plan
            source = item._task_source()
            wanted[item.id] = (source.department_id.id, source._task_period())
        plans = self.env["ops.month.plan"]
        found = plans._places_of({place for place in wanted.values() if place[0]})
        nowhere = departments.browse(), plans.sudo().browse()
        return {item: (*found.get(place, nowhere), place[1]) for item, place in wanted.items()}

    def _standing_tasks(self, ended=True):
        """Return the tasks (superuser) that stand for these, each of its latest month: dict id → ``ops.task``; one search.

        What was withdrawn, and what a cancelled plan planned, stands for nothing.

        :param bool ended: also what was done in a month that is reported; an item that was opened again since needs another one
        """
        # sudo: that there is one is found, whoever may read it
        sources = {item.id: (source._name, source.id) for item in self.sudo() for source in item._task_source()}
        tasks_sudo, by_model = self.env["ops.task"].sudo(), {}  # sudo: see above
        for model, source_id in sources.values():
            by_model.setdefault(model, set()).add(source_id)
        if by_model:
            standing = Domain("state", "!=", "cancelled") & Domain("month_plan_id.state", "!=", "cancelled")
            if not ended:
                standing &= Domain("state", "!=", "done") | Domain("month_plan_id.state", "not in", REPORTED)
            tasks_sudo = tasks_sudo.search(standing & Domain.OR(
                Domain("source_model", "=", model) & Domain("source_id", "in", sorted(ids)) for model, ids in by_model.items()
            ), order="period, id")
        latest = {(task.source_model, task.source_id): task for task in tasks_sudo}
        return {item: latest[source] for item, source in sources.items() if source in latest}

    def _filtered_task_asked(self):
        """Return those that are open and were handed in with what they stand on."""
        def asked(item):
            source = item._task_source()
            return source.state == "open" and bool(source.filtered_domain(source._task_domain()))

        return self.sudo().filtered(asked).with_env(self.env)  # sudo: the states decide, whoever may read the form

    def _filtered_task_planner(self):
        """Return those on whose month plan the current user may put tasks."""
        places = self._task_places()
        found = {department.id for department, _plan, _period in places.values() if department}
        # sudo: as in _places_of
        led = self.env["ops.month.plan"]._filtered_led(self.env["hr.department"].sudo().browse(found))
        return self.filtered(lambda item: places[item.id][0] & led)

    # -- the click ----------------------------------------------------------------------------------------------------------

    def action_make_task(self):
        """Put the item on the month plan of its department, and open the task; the one that is there already, if any.

        :raise AccessError: the current user does not lead the department whose plan it is
        :raise UserError: the item is not open, or no plan takes it now; the message says what to do
        """
        self.ensure_one()
        self.check_access("read")  # first: messages name the record
        self._check_task_planner()
        standing = self._standing_tasks(ended=not self._filtered_task_asked())
        task = (standing.get(self.id) or self._make_task()).with_env(self.env)
        if not task.has_access("read"):
            raise UserError(self.env._(
                "“%(item)s” stands on the month plan of %(department)s already: turn to whoever leads it.",
                item=self.display_name, department=task.sudo().department_id.name,  # sudo: named in the message only
            ))
        return task._obligation_open_action()

    def action_open_task(self):
        """Open the task by which the item is carried out."""
        self.ensure_one()
        self.check_access("read")
        if not self.task_id:
            raise UserError(self.env._("There is no task of it that you may read."))
        return self.task_id._obligation_open_action()

    def _hold_for_task(self):
        """Hold the row by a write that changes nothing: who presses at the same moment begins anew, and finds the task."""
        self.env.cr.execute(SQL(
            "UPDATE %s SET content_version = content_version WHERE id = %s", SQL.identifier(self._table), self.id,
        ))

    def _check_task_planner(self):
        if self._filtered_task_planner():
            return
        department = self._task_places()[self.id][0]
        if not department:
            raise UserError(self.env._(
                "“%(item)s” belongs to no department, and so to no month plan: its owner must work in one.",
                item=self.display_name,
            ))
        head = department._ops_heads()[department.id]
        if head and head != self.env.user:
            raise AccessError(self.env._(
                "Only whoever leads %(department)s puts tasks on its month plan: tell %(head)s.",
                department=department.name, head=head.name,
            ))
        raise AccessError(self.env._(
            "Only whoever leads %(department)s puts tasks on its month plan.", department=department.name
        ))

    def _make_task(self):
        """Create the task by the rules of its plan, and return it."""
        department, plan, period = self._task_places()[self.id]
        source_sudo = self.sudo()._task_source()  # sudo: permission was decided by the caller
        if source_sudo.state != "open":
            raise UserError(self.env._("“%(item)s” is not open any more: no task is needed for it.", item=self.display_name))
        if not self._filtered_task_asked():
            raise UserError(self.env._(
                "“%(item)s” does not run now: first the minutes, the plan or the collaboration on which it stands is handed in.",
                item=self.display_name,
            ))
        if not plan:
            raise UserError(self.env._(
                "%(department)s has no month plan for %(month)s yet. Make it first: “Fill In” takes this along.",
                department=department.name, month=month_in_words(period_bounds(period)[0], self.env.lang or "en_US"),
            ))
        plan._check_takes_tasks()
        source_sudo._hold_for_task()
        task = self.env["ops.task"]._create_prefilled([{**plan._values_made_of(source_sudo), "month_plan_id": plan.id}])
        for item in (self, source_sudo):  # of two models where the item only repeats a resolution
            item.invalidate_recordset(["task_id", "can_make_task"], flush=False)
        return task


class OpsResolution(models.Model):
    _inherit = "ops.resolution"

    @api.model
    def _task_domain(self):
        return [*super()._task_domain(), ("in_force", "=", True)]
