from odoo import api, models
from odoo.fields import Domain

from .ops_article_reading import CODE


class OpsMyWork(models.AbstractModel):
    """What others are to read is not the work of whoever stands in for them."""

    _inherit = "ops.my.work"

    @api.model
    def _domain(self):
        personal = Domain("code", "!=", CODE) | Domain("responsible_id", "=", self.env.uid)
        return super()._domain() & personal
