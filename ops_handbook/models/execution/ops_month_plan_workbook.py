from odoo import models
from odoo.exceptions import UserError


class OpsMonthPlan(models.Model):
    """The breakdown of a month as a workbook: out, and in again."""

    _inherit = "ops.month.plan"

    def action_export_workbook(self):
        """Download the tasks as a workbook, which can be imported again."""
        self.ensure_one()
        self.check_access("read")
        return {"type": "ir.actions.act_url", "url": f"/ops_handbook/month_plan/{self.id}/workbook", "target": "download"}

    def action_import_workbook(self):
        """Open the import of a breakdown."""
        self.ensure_one()
        self._check_importable()
        return {
            "type": "ir.actions.act_window", "name": self.env._("Import a Month's Breakdown"),
            "res_model": "ops.month.plan.import.wizard", "views": [(False, "form")], "target": "new",
            "context": {"default_plan_id": self.id, "dialog_size": "extra-large"},
        }

    def _check_importable(self):
        """A breakdown is imported while the plan is open, by whoever writes it."""
        self.check_access("read")
        if self.state not in self._flow_open:
            raise UserError(self.env._(
                "%(plan)s is “%(state)s”: a breakdown is imported while the plan is made. Have it returned, or add single tasks.",
                plan=self.display_name, state=self._state_label(self.state),
            ))
        self.check_access("write")
