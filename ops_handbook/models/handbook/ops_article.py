from odoo import fields, models


class OpsArticle(models.Model):
    """A place in the tree of a handbook: chapter, process or step. What it says stands in its versions, one per language."""

    _name = "ops.article"
    _description = "Article"
    _inherit = ["ops.link.mixin", "ops.clock.mixin"]
    _order = "handbook_id, sequence, id"
    _parent_store = True

    name = fields.Char(
        required=True, translate=True, help="Its title; publishing a version sets it in the language of the version."
    )
    handbook_id = fields.Many2one("ops.handbook", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="handbook_id.company_id", store=True, index=True)
    parent_id = fields.Many2one("ops.article", string="Part of", index=True, ondelete="restrict")
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many("ops.article", "parent_id", string="Parts")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    owner_id = fields.Many2one(
        "res.users", index="btree_not_null", ondelete="restrict", help="Who keeps it up to date; empty: operations."
    )
    # for whom: what is empty is taken from the article above it, in the end from the handbook
    department_ids = fields.Many2many("hr.department", string="Departments", help="Empty: as the article above it.")
    group_ids = fields.Many2many("res.groups", string="Roles", help="Empty: as the article above it.")
    to_confirm = fields.Boolean(
        string="To Be Confirmed", default=True, help="Whoever is in its scope confirms that they have read it; newcomers as well."
    )
    date_review = fields.Date(string="Next Review", copy=False, help="Whoever owns it is reminded to look it through.")
    standard_ids = fields.Many2many("ops.standard", string="Standards", help="The rules that it states.")
    version_ids = fields.One2many("ops.article.version", "article_id", string="Versions")
    proposal_ids = fields.One2many("ops.article.proposal", "article_id", string="Proposals")
    is_published = fields.Boolean(readonly=True, copy=False, index=True, help="At least one language has a published version.")
