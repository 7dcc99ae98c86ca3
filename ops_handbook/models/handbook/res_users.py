from odoo import models


class ResUsers(models.Model):
    """Whoever leaves is asked to read nothing any more; their head does not inherit it."""

    _inherit = "res.users"

    def write(self, vals):
        if vals.get("active") is False:
            # sudo: whoever archives a login need not see what that person was to read
            readings_sudo = self.env["ops.article.reading"].sudo()
            opened = readings_sudo.search([("reader_id", "in", self.ids), ("state", "=", "asked")])
            readings_sudo._retire([(reading.id, "left") for reading in opened])
        return super().write(vals)
