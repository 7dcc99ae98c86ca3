from odoo import fields, models


class OpsHandbook(models.Model):
    """A handbook: a tree of articles, with those who approve what is published in it and those for whom it is written."""

    _name = "ops.handbook"
    _description = "Handbook"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    description = fields.Text(translate=True, help="For whom the handbook is and what it is about, in a sentence or two.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index="btree_not_null", ondelete="cascade", help="Empty: the handbook of all companies."
    )
    department_ids = fields.Many2many("hr.department", string="Departments", help="Empty: all. Those below them are included.")
    group_ids = fields.Many2many("res.groups", string="Roles", help="Empty: every employee.")
    approver_ids = fields.Many2many(
        "res.users", "ops_handbook_approver_rel", string="Approvers", help="Empty: the GM office and the general manager."
    )
    lang_id = fields.Many2one(
        "res.lang", string="Main Language", context={"active_test": False}, ondelete="restrict", required=True,
        default=lambda self: self.env["res.lang"]._get_data(code=self.env.lang or "en_US").id or self.env.ref("base.lang_en").id,
        help="What people read in whose language there is no text yet.",
    )
    review_months = fields.Integer(
        string="Review Every", default=12, help="Months after which an article is looked through again; 0: never."
    )
    article_ids = fields.One2many("ops.article", "handbook_id", string="Articles")

    _review_positive = models.Constraint("CHECK(review_months >= 0)", "Review every: choose a number of months, or 0 for never.")
