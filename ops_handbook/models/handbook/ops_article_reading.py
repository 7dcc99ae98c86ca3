from odoo import fields, models


class OpsArticleReading(models.Model):
    """That somebody is to read a version of an article, and that they confirmed it: once for each version and person."""

    _name = "ops.article.reading"
    _description = "Reading"
    _inherit = ["ops.link.mixin", "ops.clock.mixin"]
    _order = "asked_on desc, id desc"
    _rec_name = "article_id"
    _form_standards = ("H2",)

    version_id = fields.Many2one("ops.article.version", required=True, readonly=True, index=True, ondelete="cascade")
    article_id = fields.Many2one(related="version_id.article_id", store=True, index=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="cascade")
    reader_id = fields.Many2one("res.users", required=True, readonly=True, index=True, ondelete="cascade")
    department_id = fields.Many2one("hr.department", readonly=True, index="btree_not_null", ondelete="set null")
    asked_on = fields.Datetime(required=True, readonly=True)
    is_onboarding = fields.Boolean(readonly=True, help="Asked because the person is new.")
    state = fields.Selection(
        [("asked", "To Read"), ("confirmed", "Confirmed"), ("obsolete", "No Longer Asked")],
        required=True, readonly=True, default="asked", index=True,
    )
    confirmed_on = fields.Datetime(readonly=True)

    _once = models.UniqueIndex("(version_id, reader_id)", "This person has been asked to read this version already.")
