from odoo import models

from ...tools.saying import saying


class ResUsers(models.Model):
    _inherit = "res.users"

    def write(self, vals):
        """What somebody owed passes on when they can no longer log in."""
        result = super().write(vals)
        if vals.get("active") is False:
            self.env["ops.obligation"]._reassign_users(self, {
                user.id: saying(self.env)._("%(user)s has left.", user=user.name) for user in self
            })
        return result
