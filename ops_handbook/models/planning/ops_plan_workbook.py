from odoo import models


class OpsPlan(models.Model):
    """The plan as a workbook: out, and in again."""

    _inherit = "ops.plan"

    def action_export_workbook(self):
        """Download the plan as a workbook: also the template to import from."""
        self.ensure_one()
        self.check_access("read")
        return {"type": "ir.actions.act_url", "url": f"/ops_handbook/plan/{self.id}/workbook", "target": "download"}

    def action_import_workbook(self):
        """Open the import of this plan's workbook."""
        self.ensure_one()
        self.check_access("read")
        return self.env["ops.plan.export"]._import_action({"default_plan_id": self.id})
