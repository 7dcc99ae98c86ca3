from odoo import api, models
from odoo.tools import ormcache


class ResUsers(models.Model):
    """Which offices somebody holds: asked for each form on each screen, and so remembered."""

    _inherit = "res.users"

    @api.model
    @ormcache("role", "company_id")
    def _ops_is_held(self, role, company_id):
        """Tell whether anybody holds an office in a company, in person or as a substitute.

        :param str role: a key of ``ROLE_GROUPS``
        :raise KeyError: no such office
        """
        # without the context: what is remembered is remembered for everybody
        # pylint: disable-next=context-overridden
        return bool(self.with_context({})._ops_of_role(role, self.env["res.company"].browse(company_id)))

    @api.model_create_multi
    def create(self, vals_list):
        users = super().create(vals_list)
        # sudo: which offices somebody new holds, whoever made the account; groups given or taken later clear it anyway
        if any(user._ops_offices() for user in users.sudo()):
            self.env.registry.clear_cache()
        return users
