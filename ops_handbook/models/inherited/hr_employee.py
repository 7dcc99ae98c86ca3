from odoo import api, models


class HrEmployee(models.Model):
    _name = "hr.employee"
    _inherit = ["hr.employee", "ops.rights.import.mixin"]

    @api.model_create_multi
    def create(self, vals_list):
        employees = super().create(vals_list)
        if any(vals.get("user_id") for vals in vals_list):
            self.env["res.users"]._ops_refresh_homes(employees.sudo().user_id)  # sudo: as in hr.version
        return employees

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {"user_id", "active"}:
            self.env["res.users"]._ops_refresh_rights()
        return result

    def unlink(self):
        result = super().unlink()
        self.env["res.users"]._ops_refresh_rights()
        return result
