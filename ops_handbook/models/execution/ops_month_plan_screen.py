from odoo import api, fields, models
from odoo.tools import float_round


class OpsMonthPlan(models.Model):
    """What one sees of a month plan beside its fields: figures, what is missing, what one opens from it."""

    _inherit = "ops.month.plan"

    task_count = fields.Integer(compute="_compute_figures")
    done_count = fields.Integer(compute="_compute_figures")
    completion = fields.Float(string="Completion (%)", compute="_compute_figures", digits=(6, 1), help="By weight.")
    routine_share = fields.Float(string="Routine (%)", compute="_compute_figures", digits=(6, 1), help="By weight.")
    routine_is_high = fields.Boolean(string="Much Routine", compute="_compute_figures")
    missing = fields.Text(string="What Is Missing", compute="_compute_missing")
    plan_id = fields.Many2one("ops.plan", string="Annual Plan", compute="_compute_plan_id")

    @api.depends("task_ids.weight", "task_ids.is_routine", "task_ids.state", "task_ids.progress")
    def _compute_figures(self):
        """Figures of the tasks; never stored: whoever writes a task would wait for everybody else on the plan."""
        figures = {plan.id: [] for plan in self if plan.id}  # what is being edited has no id, only one of its origin
        if figures:
            # sudo: figures betray nothing; the tasks are read with the user's own rights
            groups = self.env["ops.task"].sudo()._read_group(
                [("month_plan_id", "in", list(figures)), ("state", "!=", "cancelled")],
                ["month_plan_id", "state", "is_routine"], ["__count", "weight:sum"],
            )
            for plan, state, is_routine, count, weight in groups:
                figures[plan.id].append((state, is_routine, count, weight or 0.0))
        for plan in self:
            rows = figures.get(plan.id, []) if plan.id else [
                (task.state, task.is_routine, 1, task.weight) for task in plan.task_ids if task.state != "cancelled"
            ]
            plan._set_figures(rows)

    def _set_figures(self, rows):
        total = sum(weight for _state, _routine, _count, weight in rows)
        self.task_count = sum(count for _state, _routine, count, _weight in rows)
        self.done_count = sum(count for state, _routine, count, _weight in rows if state == "done")
        self.completion = self._percent(sum(weight for state, _routine, _count, weight in rows if state == "done"), total)
        self.routine_share = self._percent(sum(weight for _state, routine, _count, weight in rows if routine), total)
        self.routine_is_high = self.routine_share > self.company_id.sudo().ops_routine_limit  # sudo: a setting that all know

    @api.model
    def _percent(self, part, whole):
        return float_round(100.0 * part / whole, precision_digits=1) if whole else 0.0

    @api.depends("state", "task_ids")
    @api.depends_context("lang")
    def _compute_missing(self):
        for plan in self:
            step = plan._next_to_reach() if plan.id else None
            # what the reader reads already is said for the whole way to the issue
            goal = "filed" if step in ("assigned", "submitted", "filed") else step
            plan.missing = "\n".join(plan._missing_for(goal)[plan.id]) if goal else False

    @api.depends("department_id", "month")
    def _compute_plan_id(self):
        found = {}
        if self.department_id:
            for plan in self.env["ops.plan"].search([
                ("department_id", "in", self.department_id.ids), ("state", "!=", "cancelled"),
                ("year", "in", list({plan.month.year for plan in self if plan.month})),
            ]):
                found[plan.department_id.id, plan.year] = plan.id
        for plan in self:
            plan.plan_id = found.get((plan.department_id.id, plan.month and plan.month.year))

    def action_open_tasks(self):
        """Open the tasks."""
        return {
            **self.env["ops.task"]._open_list(self.env._("Tasks"), [("month_plan_id", "in", self.ids)], {
                "default_month_plan_id": self.id, "create": self.can_add or self.can_edit,
            } if len(self) == 1 else {"create": False}),
        }

    def action_open_plan(self):
        """Open the annual plan of the department."""
        self.ensure_one()
        return self.plan_id._obligation_open_action()

    def action_add_task(self):
        """Open a new task of this plan."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window", "res_model": "ops.task", "views": [(False, "form")], "target": "current",
            "name": self.env._("Add a Task"), "context": {"default_month_plan_id": self.id},
        }
