from odoo import api, models


class OpsKpi(models.Model):
    """The template for importing indicators from their list."""

    _inherit = "ops.kpi"

    @api.model
    def get_import_templates(self):
        """Return the template that the import screen of the list offers."""
        return [{"label": self.env._("Template: Key Indicators"), "template": "/ops_handbook/template/kpis.xlsx"}]
