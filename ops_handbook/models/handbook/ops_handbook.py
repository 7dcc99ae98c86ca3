from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...tools.saying import saying


class OpsHandbook(models.Model):
    """A handbook: a tree of articles, with those who approve what is published in it and those for whom it is written."""

    _name = "ops.handbook"
    _description = "Handbook"
    _inherit = ["ops.link.mixin"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    description = fields.Text(translate=True, help="For whom the handbook is and what it is about, in a sentence or two.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index="btree_not_null", ondelete="cascade",
        help="Its branches read it too. Empty: the handbook of all companies.",
    )
    # ondelete: a scope that loses its last department or role would be a scope of everybody
    department_ids = fields.Many2many(
        "hr.department", string="Departments", ondelete="restrict", help="Empty: all. Those below them are included."
    )
    group_ids = fields.Many2many("res.groups", string="Roles", ondelete="restrict", help="Empty: every employee.")
    approver_ids = fields.Many2many(
        "res.users", "ops_handbook_approver_rel", string="Approvers", help="Empty: the GM office and the general manager."
    )
    lang_id = fields.Many2one(
        "res.lang", string="Main Language", context={"active_test": False}, ondelete="restrict", required=True,
        default=lambda self: self._default_lang_id(),
        help="What people read in whose language there is no text yet.",
    )
    review_months = fields.Integer(
        string="Review Every", default=12, help="Months after which an article is looked through again; 0: never."
    )
    article_ids = fields.One2many("ops.article", "handbook_id", string="Articles")
    article_count = fields.Integer(compute="_compute_article_count")

    _review_positive = models.Constraint("CHECK(review_months >= 0)", "Review every: choose a number of months, or 0 for never.")

    @api.model
    def _default_lang_id(self):
        return self.env["res.lang"]._get_data(code=self.env.lang or "en_US").id or self.env.ref("base.lang_en").id

    def _compute_article_count(self):
        """As far as the user may read them."""
        found = dict(self.env["ops.article"]._read_group([("handbook_id", "in", self.ids)], ["handbook_id"], ["__count"]))
        for handbook in self:
            handbook.article_count = found.get(handbook._origin, 0)

    @api.model_create_multi
    def create(self, vals_list):
        handbooks = super().create(vals_list)
        handbooks._check_approvers({})
        return handbooks

    def _check_approvers(self, before):
        """Who configures does not approve: nobody names themself, nor whom they stand in for; ``before``: those named already."""
        user = self.env.user
        if self.env.su or user.has_group("base.group_system"):
            return
        for handbook in self.sudo():  # sudo: whom they name is checked, not shown
            if (handbook.approver_ids - before.get(handbook.id, handbook.approver_ids.browse())) & user._ops_principals():
                raise AccessError(self.env._(
                    "Approvers: you cannot name yourself, nor somebody whom you stand in for. Ask another administrator of the "
                    "handbook, or the system administrator."
                ))

    def write(self, vals):
        named = {handbook.id: handbook.approver_ids for handbook in self.sudo()} if "approver_ids" in vals else {}  # sudo: as above
        if "company_id" in vals and any(handbook.company_id.id != vals["company_id"] for handbook in self):
            self._refuse_with_texts(self.env._("Company"))
        switched = self.filtered(lambda handbook: handbook.active != bool(vals["active"])) if "active" in vals else self.browse()
        result = super().write(vals)
        if vals.keys() & {"department_ids", "group_ids"}:
            # sudo: who may change a handbook may change its scope, and that is all of its articles'
            self.sudo().with_context(active_test=False).article_ids._refresh_scopes()
        if switched:
            # sudo: the clocks are the machinery's; those of articles that are archived themselves do not run
            switched.sudo().article_ids._restart_review(saying(self.env)._("The handbook was archived."))
        if "approver_ids" in vals:
            self._check_approvers(named)
            # sudo: who decides follows the handbook, whoever may read the versions
            waiting_sudo = self.env["ops.article.version"].sudo().search([
                ("handbook_id", "in", self.ids), ("state", "=", "submitted"),
            ])
            waiting_sudo._hand_over_decision(saying(self.env)._("The handbook names other approvers."))
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_empty_only(self):
        self._refuse_with_texts(self.env._("Handbook"))

    def _refuse_with_texts(self, what):
        # sudo: that there are texts decides, also where the user may not read them
        version_sudo = self.env["ops.article.version"].sudo().search([("handbook_id", "in", self.ids)], limit=1)
        if version_sudo:
            raise UserError(self.env._(
                "%(what)s: “%(handbook)s” holds texts already. Archive it and begin a new one.",
                what=what, handbook=version_sudo.handbook_id.display_name,
            ))

    def action_open_articles(self):
        """Open the articles of the handbook, in the order of the book."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("ops_handbook.ops_article_action")
        return {
            **action, "display_name": self.display_name, "domain": [("handbook_id", "=", self.id)],
            "context": {"default_handbook_id": self.id},
        }
