from odoo import api, models


class Base(models.AbstractModel):
    """What new records begin with by a client's context, or by a default of the user's own, is checked like what is typed."""

    _inherit = "base"

    @api.model
    def _say_defaults(self, vals_list, names):
        """Complete values of new records, in place, with what defaults would say of the fields ``names``; for checks of values."""
        said = {name: value for name, value in self._said_by_default().items() if name in names}
        for vals in vals_list if said else ():
            vals.update({name: value for name, value in said.items() if name not in vals})
