from odoo import fields, models


class OpsStandard(models.Model):
    """A standard knows the article of the handbook that states it."""

    _inherit = "ops.standard"

    event = fields.Selection(selection_add=[("publication", "Publication of an Article")])

    article_id = fields.Many2one(
        "ops.article", index="btree_not_null", ondelete="set null", help="The article of the handbook that states the rule."
    )
    article_ids = fields.Many2many("ops.article", string="Articles that Show It", readonly=True)
