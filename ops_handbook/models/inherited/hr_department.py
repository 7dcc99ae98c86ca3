from odoo import api, models


class HrDepartment(models.Model):
    _name = "hr.department"
    _inherit = ["hr.department", "ops.rights.import.mixin"]

    @api.model_create_multi
    def create(self, vals_list):
        departments = super().create(vals_list)
        if any(vals.get("manager_id") or vals.get("parent_id") for vals in vals_list):
            self.env["res.users"]._ops_refresh_rights()
        return departments

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {"manager_id", "parent_id", "active", "ops_keeps_plans"}:
            self.env["res.users"]._ops_refresh_rights()
        return result

    def unlink(self):
        result = super().unlink()
        self.env["res.users"]._ops_refresh_rights()
        return result
