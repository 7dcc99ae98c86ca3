from odoo import api, models


class HrVersion(models.Model):
    _name = "hr.version"
    _inherit = ["hr.version", "ops.rights.import.mixin"]

    @api.model_create_multi
    def create(self, vals_list):
        """Whoever is employed, or gets another place from some day on, may read what their department does."""
        versions = super().create(vals_list)
        versions._ops_place_people(any(vals.get("department_id") for vals in vals_list))
        return versions

    def write(self, vals):
        result = super().write(vals)
        self._ops_place_people("department_id" in vals)
        return result

    def _ops_place_people(self, concerned):
        if concerned:
            # sudo: whoever keeps the staff need not see the logins
            users = self.sudo().employee_id.user_id
            self.env["res.users"]._ops_refresh_homes(users)
