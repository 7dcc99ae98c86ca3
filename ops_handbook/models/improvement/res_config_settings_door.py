from odoo import api, fields, models


class ResConfigSettings(models.TransientModel):
    """The doors through which problem reports come in; for Odoo's own system administrator, as all settings."""

    _inherit = "res.config.settings"

    ops_problem_alias_name = fields.Char(string="Problem Report Address")
    ops_problem_alias_domain = fields.Char(related="company_id.alias_domain_id.name", string="Problem Report Domain")

    @api.model
    def get_values(self):
        alias = self.env.company.ops_problem_alias_id
        return {**super().get_values(), "ops_problem_alias_name": alias.alias_name or False}

    def set_values(self):
        result = super().set_values()
        for settings in self:
            name = (settings.ops_problem_alias_name or "").strip()
            if name != (settings.company_id.ops_problem_alias_id.alias_name or ""):
                self.env["ops.problem"]._ops_setup_alias(settings.company_id, name)
        return result
