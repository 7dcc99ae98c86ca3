from odoo import models


class HrEmployee(models.Model):
    _inherit = "hr.employee"

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {"user_id", "active"}:
            self.env["res.users"]._ops_refresh_rights()
        return result

    def unlink(self):
        result = super().unlink()
        self.env["res.users"]._ops_refresh_rights()
        return result
