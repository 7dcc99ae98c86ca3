from odoo import fields, models


class OpsPlanVersion(models.Model):
    """Which change request made a version; empty for the one that was released."""

    _inherit = "ops.plan.version"

    change_ids = fields.One2many("ops.plan.change", "version_id", string="Change Request", readonly=True)
    change_id = fields.Many2one("ops.plan.change", string="Made by", compute="_compute_change_id")

    def _compute_change_id(self):
        for version in self:
            version.change_id = version.change_ids[:1]
