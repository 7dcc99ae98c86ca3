from odoo import api, models
from odoo.exceptions import UserError


class OpsKpiValue(models.Model):
    """Figures of a month whose progress report was accepted are settled: nobody changes them any more."""

    _inherit = "ops.kpi.value"

    @api.model_create_multi
    def create(self, vals_list):
        values = super().create(vals_list)
        values._refuse_settled()
        return values

    def write(self, vals):
        before = self._settled_keys()
        result = super().write(vals)
        if {"value", "kpi_id", "department_id", "month"} & set(vals):
            self._refuse_settled(before)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_open_only(self):
        self._refuse_settled()

    def _settled_keys(self):
        """Return the departments and months of these figures: set of (department id, month)."""
        return {(value.department_id.id, value.month) for value in self.sudo()}  # sudo: the lock holds for all

    def _refuse_settled(self, before=frozenset()):
        """Refuse what touches a settled month; ``before``: departments and months that the figures had until now."""
        keys = self._settled_keys() | before
        settled = keys & self._settled_of([department for department, _month in keys], [month for _department, month in keys])
        if settled:
            department, month = min(settled, key=lambda key: key[1])
            raise UserError(self.env._(
                "Month: the progress report of %(department)s for %(month)s was accepted, so its figures are settled.",
                department=self.env["hr.department"].sudo().browse(department).name, month=month,  # sudo: named only
            ))
