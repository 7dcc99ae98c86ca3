from odoo import api, models
from odoo.exceptions import UserError

from ...tools import token
from .ops_plan_change_line import CHANGEABLE

RELEASED = ("released", "closed")


class OpsPlanReleasedMixin(models.AbstractModel):
    """A line that belongs to a plan and is guarded once that is released."""

    _name = "ops.plan.released.mixin"
    _description = "Guarded in Released Plans"

    _guarded_fields = {"plan_id", "active"}

    def _refuse_released(self, plans):
        if token.PLAN.of(self.env):
            return
        for plan in plans.sudo():  # sudo: the state decides
            if plan.state in RELEASED:
                raise UserError(self.env._(
                    "%(plan)s is “%(state)s”: only an approved change request changes what it says. Ask for the change there.",
                    plan=plan.display_name, state=plan._state_label(plan.state),
                ))

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records._refuse_released(records.sudo()["plan_id"])  # sudo: as above
        return records

    def write(self, vals):
        guarded = self._guarded_fields | {*CHANGEABLE.get(self._name, ())}
        if not guarded & set(vals):
            return super().write(vals)
        self.check_access("write")  # first: the refusal names the plan
        self._refuse_released(self.sudo()["plan_id"])  # sudo: as above
        result = super().write(vals)
        if "plan_id" in vals:
            self._refuse_released(self.sudo()["plan_id"])  # sudo: as above
        return result

    def unlink(self):
        self.check_access("unlink")  # as in write
        self._refuse_released(self.sudo()["plan_id"])  # sudo: as above
        return super().unlink()
