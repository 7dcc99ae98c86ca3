from odoo import models


class OpsCycle(models.Model):
    """All plans of a cycle as one workbook: out, and in again."""

    _inherit = "ops.cycle"

    def action_export_workbook(self):
        """Download all plans that one may read as a workbook, with directions and indicators: also the template."""
        self.ensure_one()
        self.check_access("read")
        return {"type": "ir.actions.act_url", "url": f"/ops_handbook/cycle/{self.id}/workbook", "target": "download"}

    def action_import_workbook(self):
        """Open the import of a workbook with all departments; for the GM office."""
        self.ensure_one()
        self.check_access("read")
        return self.env["ops.plan.export"]._import_action({"default_cycle_id": self.id})

    def _plans_to_export(self):
        """Return the plans that stand in the workbook, in the order of their departments; those that the user reads."""
        return self.env["ops.plan"].search([("cycle_id", "in", self.ids), ("state", "!=", "cancelled")])
