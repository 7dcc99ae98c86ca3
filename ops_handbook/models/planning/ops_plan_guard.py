"""What a released plan says is written by approved change requests only, not even by our own code as superuser.

Users are refused before by the lock of the form; this holds for jobs, server actions and whatever is written later.
"""
from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools import token
from .ops_plan_released_mixin import RELEASED

# fields of the strategy that released plans say, or by which their figures are reckoned
STRATEGY = {"name", "cycle_id", "direction_id", "baseline", "target", "weight", "better", "unit", "currency_id", "digits", "is_additive"}


class OpsPlanPartMixin(models.AbstractModel):
    """The five parts. What a change takes out is archived: reports and tasks speak of it."""

    _name = "ops.plan.part.mixin"
    _inherit = ["ops.plan.part.mixin", "ops.plan.released.mixin"]

    active = fields.Boolean(default=True, readonly=True, copy=False, help="Not taken out of the plan by a change.")


class OpsPlanTarget(models.Model):
    _name = "ops.plan.target"
    _inherit = ["ops.plan.target", "ops.plan.released.mixin"]

    _guarded_fields = {"plan_id", "goal_id", "initiative_id", "month", "value"}


class OpsPlan(models.Model):
    _inherit = "ops.plan"

    def write(self, vals):
        if {"summary", "cycle_id"} & set(vals) and not token.PLAN.of(self.env):
            self.check_access("write")  # first: the refusal names the plan
            for plan in self.sudo():  # sudo: the state decides
                if plan.state in RELEASED:
                    raise UserError(self.env._(
                        "%(plan)s is “%(state)s”: only an approved change request changes what it says. Ask for the change there.",
                        plan=plan.display_name, state=plan._state_label(plan.state),
                    ))
        return super().write(vals)


class OpsKpi(models.Model):
    """An indicator that a released plan names is changed by a request of the department that answers for it."""

    _inherit = "ops.kpi"

    def write(self, vals):
        if STRATEGY & set(vals):
            self.check_access("write")  # first: the refusal names a plan
            self.env["ops.plan.goal"]._refuse_released_with(self, "kpi_id")
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_released(self):
        self.env["ops.plan.goal"]._refuse_released_with(self, "kpi_id")


class OpsDirection(models.Model):
    """A direction that a released plan serves stays what it is."""

    _inherit = "ops.direction"

    def write(self, vals):
        if {"name", "cycle_id"} & set(vals):
            self.check_access("write")  # as above
            self.env["ops.plan.goal"]._refuse_released_with(self, "direction_id")
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_released(self):
        self.env["ops.plan.goal"]._refuse_released_with(self, "direction_id")


class OpsPlanGoal(models.Model):
    _inherit = "ops.plan.goal"

    @api.model
    def _refuse_released_with(self, named, name):
        """Refuse to change what goals of released plans name: records ``named`` in their field ``name``."""
        if token.PLAN.of(self.env) or not named.ids:
            return
        # sudo: whether a released plan names it is asked for all plans
        goal = self.sudo().search([(name, "in", named.ids), ("plan_id.state", "in", RELEASED)], limit=1)
        if goal:
            raise UserError(self.env._(
                "“%(name)s” stands in the released plan %(plan)s: it is changed by a change request of the department that "
                "answers for it.", name=goal[name].display_name, plan=goal.plan_id.display_name,
            ))
