from odoo import fields, models


class OpsArticleRule(models.Model):
    """A change of a standard that comes into force with the version of the article that states it."""

    _name = "ops.article.rule"
    _description = "Change of a Standard"
    _inherit = ["ops.link.mixin", "ops.form.line.mixin"]
    _order = "version_id, id"
    _form_field = "version_id"

    version_id = fields.Many2one("ops.article.version", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="version_id.company_id", store=True, index=True)
    standard_id = fields.Many2one("ops.standard", required=True, index=True, ondelete="restrict")
    date_effective = fields.Date(
        string="In Force from", help="First due day to which it applies; empty: from the day of publication."
    )
    values = fields.Json(readonly=True, help="The rule's new values: fields of the standard that change.")
