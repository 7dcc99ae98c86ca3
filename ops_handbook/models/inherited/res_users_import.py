from odoo import api, models

from ...tools import token


class ResUsers(models.Model):
    """While people or departments are imported nobody's rights are brought up to date row by row (ops.rights.import.mixin)."""

    _name = "res.users"
    _inherit = ["res.users", "ops.rights.import.mixin"]

    @api.model
    def _ops_refresh_rights(self):
        return False if self._ops_put_off_rights() else super()._ops_refresh_rights()

    @api.model
    def _ops_refresh_homes(self, users=None):
        return False if self._ops_put_off_rights() else super()._ops_refresh_homes(users)

    @api.model
    def _ops_put_off_rights(self):
        """Tell whether an import goes on, which brings all rights up to date at its end; it knows from now on that it has to."""
        if rights := token.RIGHTS.of(self.env):
            rights.put_off(self._name)
        return bool(rights)
