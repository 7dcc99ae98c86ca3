from datetime import date

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.tools import SQL

from ...tools import apportion, token
from ...tools.moments import DAY

PARTS = ("goal_ids", "initiative_ids")
# who may break a plan down in which state; nobody once it is released
BREAKS_DOWN = {
    "draft": {"head", "writer"}, "returned": {"head", "writer"}, "submitted": {"gm_office"}, "review": {"gm_office"},
    "final": {"head", "writer", "gm_office"},
}


class OpsPlan(models.Model):
    """The breakdown of a plan to months: who may write it, how it is split, and whether it may be released (A5)."""

    _inherit = "ops.plan"

    breakdown_version = fields.Integer(
        readonly=True, copy=False, default=0, aggregator=None,
        help="Grows with each change of the breakdown; a save of an older one is refused.",
    )
    can_break_down = fields.Boolean(compute="_compute_can_break_down", help="The current user may write the months now.")

    @api.depends("state")
    @api.depends_context("uid")
    def _compute_can_break_down(self):
        open_ids = set(self._filtered_breakdown_open().ids)
        for plan in self:
            plan.can_break_down = plan.id in open_ids

    def _filtered_breakdown_open(self):
        """Return the plans whose months the current user may write now."""
        if self.env.su:
            return self.filtered(lambda plan: plan.state in BREAKS_DOWN)
        # sudo: state and roles decide, also where the user may not read the plan
        states = {plan.id: plan.state for plan in self.sudo()}
        roles = self._flow_roles()
        return self.filtered(lambda plan: roles[plan.id] & BREAKS_DOWN.get(states[plan.id], set()))

    def _check_breakdown_open(self):
        self.check_access("read")
        for plan in self - self._filtered_breakdown_open():
            raise AccessError(self.env._(
                "%(plan)s is “%(state)s”: its breakdown cannot be changed now, or not by you. What is released changes by a "
                "change request.",
                plan=plan.display_name, state=self._state_label(plan.state),
            ))

    # -- the rule, whatever is written through the plan ---------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        plans = super(OpsPlan, token.BREAKDOWN.on(self)).create(vals_list).with_env(self.env)
        if any(self._touches_breakdown(vals) for vals in vals_list):
            plans._check_breakdowns()
        return plans

    def write(self, vals):
        if not self._touches_breakdown(vals):
            return super().write(vals)
        result = super(OpsPlan, token.BREAKDOWN.on(self)).write(vals)
        self._check_breakdowns()
        self._grow_breakdown()
        return result

    @api.model
    def _touches_breakdown(self, vals):
        return bool({"target_ids", *PARTS} & set(vals))

    def _check_breakdowns(self):
        for name in PARTS:
            self.sudo()[name]._check_breakdown()  # sudo: the sum is of all months

    def _grow_breakdown(self):
        """Count a change of the breakdown, so that nobody saves over it unseen."""
        if not self:
            return
        self.flush_recordset(["breakdown_version"])
        self.env.cr.execute(SQL(
            "UPDATE ops_plan SET breakdown_version = COALESCE(breakdown_version, 0) + 1 WHERE id IN %s", tuple(self.ids)
        ))
        self.invalidate_recordset(["breakdown_version"], flush=False)

    def _missing_for_release(self):
        """Return what of the breakdown is missing or does not add up: dict id → list of sentences; constant queries."""
        plans_sudo, missing = self.sudo(), {plan.id: [] for plan in self}  # sudo: whether it is complete is no secret
        for name in PARTS:
            records = plans_sudo[name]
            rows, complaints = records._breakdown_rows(), records._breakdown_complaints()
            for record in records:
                if record.id in complaints:
                    missing[record.plan_id.id].append(complaints[record.id])
                elif record._is_broken_down() and not rows[record.id]:
                    missing[record.plan_id.id].append(self.env._(
                        "“%(name)s” is not broken down to months. Open the breakdown and split it.", name=record.name
                    ))
        return missing

    # -- splitting ----------------------------------------------------------------------------------------------------

    def action_split(self, weights=None, replace=False):
        """Break down all goals that have an indicator, and all initiatives over the months from their start to their end.

        :param weights: None: evenly; ``workdays``: by the working days of the months; ``actuals``: as last year's figures
            were (evenly where there are none); or a list of twelve numbers
        :param bool replace: also what is broken down already; otherwise that is left as it is
        """
        self._check_breakdown_open()
        shares = self._weights(weights)
        for name in PARTS:
            records = self.sudo()[name].filtered(lambda record: record._is_broken_down())  # sudo: allowed just above
            rows = records._breakdown_rows()
            values = {}
            for record in records:
                if rows[record.id] and not replace:
                    continue
                share = shares.get((name, record.id), shares.get(record.plan_id.id))
                if weights == "workdays" and not record._breakdown_is_additive():
                    share = None  # a level does not follow the days that are worked
                split = record._split(share)[record.id]
                values[record.id] = {**dict.fromkeys(rows[record.id].mapped("month"), 0), **split}
            if values:
                records._put_breakdowns(values)
        return True

    def _weights(self, weights):
        """Return weights by plan id, or by (``goal_ids``, goal id) where each goal has its own."""
        if weights is None or weights is False:
            return {}
        if weights == "workdays":
            return {plan.id: plan._workday_weights() for plan in self}
        if weights == "actuals":
            return {("goal_ids", goal_id): found for goal_id, found in self._actual_weights().items()}
        if not isinstance(weights, list | tuple) or len(weights) != apportion.MONTHS or not all(
            isinstance(weight, int | float) and not isinstance(weight, bool) and 0 <= weight <= apportion.MAX_STEPS
            for weight in weights
        ):
            raise ValidationError(self.env._("Weights: give twelve numbers that are not negative, one for each month."))
        return {plan.id: list(weights) for plan in self}

    def _workday_weights(self):
        """Return the working days of the company in each month of the year."""
        plan_sudo = self.sudo()  # sudo: the calendar of the company
        workdays, year = plan_sudo.company_id._ops_workdays(), plan_sudo.year
        starts = [date(year, month, 1) for month in range(1, apportion.MONTHS + 1)] + [date(year + 1, 1, 1)]
        return [
            workdays.count(start - DAY, end - DAY) for start, end in zip(starts, starts[1:], strict=False)
        ]

    def _actual_weights(self):
        """Return last year's actual figures of the goals' indicators (found by their code): dict goal id → twelve numbers.

        Goals without any, or with a negative one, are not in it.
        """
        goals_sudo = self.sudo().goal_ids.filtered("kpi_id.code")  # sudo: figures of the same department's year before
        earlier = self.env["ops.kpi"].sudo().search([  # sudo: as above
            ("code", "in", goals_sudo.mapped("kpi_id.code")), ("company_id", "in", goals_sudo.cycle_id.company_id.ids),
            ("cycle_id.year", "in", [year - 1 for year in goals_sudo.plan_id.mapped("year")]),
            ("cycle_id.state", "!=", "cancelled"),
        ])
        by_key = {(kpi.company_id.id, kpi.cycle_id.year, kpi.code): kpi for kpi in earlier}
        months = [f"{year}-{month:02}" for year in set(earlier.mapped("cycle_id.year")) for month in range(1, 13)]
        actuals = self.env["ops.kpi.value"]._actuals(earlier, goals_sudo.department_id, months)
        result = {}
        for goal in goals_sudo:
            year = goal.plan_id.year - 1
            kpi = by_key.get((goal.cycle_id.company_id.id, year, goal.kpi_id.code))
            found = kpi and [actuals.get((kpi.id, goal.department_id.id, f"{year}-{month:02}"), 0.0) for month in range(1, 13)]
            if found and any(found) and min(found) >= 0:
                result[goal.id] = found
        return result
