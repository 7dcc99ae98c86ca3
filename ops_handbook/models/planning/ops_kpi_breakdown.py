from odoo import models

from ...tools import apportion


class OpsKpi(models.Model):
    """How an indicator is counted, and what follows when that changes."""

    _inherit = "ops.kpi"

    def _step(self):
        """Return the unit in which the figures of this indicator are counted: that of its currency, or by its decimals."""
        currency = self.currency_id
        return apportion.step_of(self.digits, currency.rounding if currency else None)

    def _figure(self, value):
        """Return ``value`` rounded as this indicator is counted (Decimal)."""
        return apportion.figure(value, self._step())

    def write(self, vals):
        counted = {"digits", "currency_id", "is_additive"} & set(vals)
        if not counted:
            return super().write(vals)
        before = {kpi.id: (kpi._step(), kpi.is_additive) for kpi in self.sudo()}  # sudo: compared only
        result = super().write(vals)
        changed = self.sudo().filtered(lambda kpi: before[kpi.id] != (kpi._step(), kpi.is_additive))
        # sudo: the goals of all departments follow, whoever may change the indicator
        goals_sudo = self.env["ops.plan.goal"].sudo().search([("kpi_id", "in", changed.ids)])
        goals_sudo._follow_count()
        return result

    def action_open_figures(self):
        """Show how these indicators went: targets and actual figures month by month."""
        self.check_access("read")
        measure = "amount" if all(self.mapped("is_additive")) else "level"
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("ops_handbook.ops_kpi_report_action"),
            "name": self.display_name if len(self) == 1 else self.env._("Targets and Actual Figures"),
            "views": [(False, "graph"), (False, "pivot"), (False, "list"), (False, "kanban")],
            "domain": [("kpi_id", "in", self.ids)],
            "context": {"graph_measure": measure, "pivot_measures": [f"target_{measure}", f"actual_{measure}"]},
        }
