from odoo import api, models

from ...tools.roles import ROLE_GROUPS


class OpsMeasureMixin(models.AbstractModel):
    """An action item that stands on a plan and is decided on like that plan: measures of handling and improvement plans.

    A model adds ``plan_id``, required, the form that its lines stand on.
    """

    _name = "ops.measure.mixin"
    _description = "Measure of a Plan"
    _inherit = ["ops.form.line.mixin", "ops.action.item.mixin"]

    _form_field = "plan_id"
    _decision_barred_by = ("owner_id", "plan_id.author_id", "plan_id.submitted_by_id", "plan_id.submitted_for_id")

    @api.constrains("owner_id", "plan_id")
    def _check_owner(self):
        super()._check_owner()
        self._check_owner_company()

    def _flow_is_own_of(self, office):
        """Measures of a plan are decided on by nobody lower than the plan itself."""
        return super()._flow_is_own_of(office) or self.plan_id._flow_is_own_of(office)

    def _flow_deciding_office(self):
        """Whoever decides on the plan, when that is an office further up: who handed it in is kept out of both."""
        return max(super()._flow_deciding_office(), self.plan_id._flow_deciding_office(), key=list(ROLE_GROUPS).index)

    def _flow_barred(self):
        """Nor does who wrote the plan, or handed it in, accept anything of it."""
        return super()._flow_barred() | self.plan_id._flow_barred()
