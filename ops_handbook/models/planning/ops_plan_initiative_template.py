from odoo import api, models


class OpsPlanInitiative(models.Model):
    """The template for importing initiatives from their list."""

    _inherit = "ops.plan.initiative"

    @api.model
    def get_import_templates(self):
        """Return the template that the import screen of the list offers."""
        return [{"label": self.env._("Template: Initiatives"), "template": "/ops_handbook/template/initiatives.xlsx"}]
