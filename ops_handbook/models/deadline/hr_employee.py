from odoo import models

from ...tools.saying import saying


class HrEmployee(models.Model):
    _inherit = "hr.employee"

    def write(self, vals):
        """What somebody owed as a head passes on when they leave or get another login."""
        result = super().write(vals)
        if {"user_id", "active"} & vals.keys():
            # sudo: whoever keeps the staff need not see what the departments owe
            led_sudo = self.env["hr.department"].sudo().with_context(active_test=False).search(
                [("manager_id", "in", self.ids)]
            )
            if led_sudo:
                self.env["ops.obligation"]._reassign_departments(
                    led_sudo,
                    saying(self.env)._("The head of %(department)s has changed.", department=", ".join(led_sudo.mapped("name"))),
                )
        return result
