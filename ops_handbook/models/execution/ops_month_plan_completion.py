from odoo import fields, models
from odoo.exceptions import UserError


class OpsMonthPlan(models.Model):
    """The way from a month plan to the report of what became of its tasks."""

    _inherit = "ops.month.plan"

    completion_ids = fields.One2many("ops.completion.report", "month_plan_id", string="Completion Reports", readonly=True)

    def _completion_report(self):
        """Return the report of this plan that counts; empty when there is none."""
        return self.completion_ids.filtered(lambda report: report.state != "cancelled")

    def action_open_completion(self):
        """Open the completion report; the head's click makes it where there is none."""
        self.ensure_one()
        self.check_access("read")
        reports = self.env["ops.completion.report"]
        if self.state == "closed" and not self._completion_report():
            raise UserError(self.env._("%(plan)s was closed without a completion report.", plan=self.display_name))
        if not self._completion_report() and not self._filtered_addable():
            raise UserError(self.env._("%(plan)s has no completion report yet: its head makes it.", plan=self.display_name))
        return reports._open_reports(self)._obligation_open_action()
