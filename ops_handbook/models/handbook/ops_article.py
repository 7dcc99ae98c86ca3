from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...tools.ids import one_id

# what only the machinery writes: publishing, and what follows from the tree
GUARDED = {
    "is_published", "is_listed", "scope_department_ids", "scope_group_ids", "sort_path", "standard_ids", "parent_path", "stated_rules",
}
# of these the ones that a new article says, so that no default of the user can say them
SAID = {"is_published", "standard_ids", "stated_rules"}


class OpsArticle(models.Model):
    """A place in the tree of a handbook: chapter, process or step. What it says stands in its versions, one per language."""

    _name = "ops.article"
    _description = "Article"
    _inherit = ["ops.link.mixin", "ops.clock.mixin"]
    _order = "handbook_id, sort_path, id"
    _parent_store = True
    _rec_names_search = ["name"]

    name = fields.Char(
        required=True, translate=True, help="Its title; publishing a version sets it in the language of the version."
    )
    handbook_id = fields.Many2one("ops.handbook", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="handbook_id.company_id", store=True, index=True)
    parent_id = fields.Many2one(
        "ops.article", string="Part of", index=True, ondelete="restrict", domain="[('handbook_id', '=', handbook_id)]"
    )
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many("ops.article", "parent_id", string="Parts")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    owner_id = fields.Many2one(
        "res.users", index="btree_not_null", ondelete="restrict", domain="[('share', '=', False)]",
        help="Who keeps it up to date and may write it; empty: operations.",
    )
    # for whom: what is empty is taken from the article above it, in the end from the handbook; ondelete as there
    department_ids = fields.Many2many(
        "hr.department", string="Departments", ondelete="restrict", help="Empty: as the article above it."
    )
    group_ids = fields.Many2many("res.groups", string="Roles", ondelete="restrict", help="Empty: as the article above it.")
    to_confirm = fields.Boolean(
        string="To Be Confirmed", default=True, help="Whoever is in its scope confirms that they have read it; newcomers as well."
    )
    date_review = fields.Date(string="Next Review", copy=False, help="Whoever owns it is reminded to look it through.")
    standard_ids = fields.Many2many(
        "ops.standard", string="Standards", readonly=True, copy=False, help="The rules that its published texts show."
    )
    version_ids = fields.One2many("ops.article.version", "article_id", string="Versions", copy=False)
    version_count = fields.Integer(string="Number of Versions", compute="_compute_version_count")
    current_version_id = fields.Many2one(
        "ops.article.version", string="Published Text", compute="_compute_current_version_id",
        help="In the language of the reader, otherwise in the handbook's main language.",
    )
    can_revise = fields.Boolean(compute="_compute_can_revise", help="The current user may begin another version.")
    is_published = fields.Boolean(
        string="Published", readonly=True, copy=False, index=True, help="At least one language has a published version."
    )

    # -- computes ------------------------------------------------------------------------------------------------------

    def _compute_version_count(self):
        """As far as the user may read them."""
        found = dict(self.env["ops.article.version"]._read_group([("article_id", "in", self.ids)], ["article_id"], ["__count"]))
        for article in self:
            article.version_count = found.get(article._origin, 0)

    @api.depends("version_ids.state")
    @api.depends_context("lang", "uid")
    def _compute_current_version_id(self):
        published = self._published_versions()
        for article in self:
            article.current_version_id = published.get(article.id)

    def _published_versions(self, lang=None):
        """Return the published text of each of these articles that the current user may read: dict article id → version.

        :param str lang: code of the language; default: that of the context. Where there is no text in it, the text in the
            main language of the handbook stands in, and at last any.
        """
        wanted = self.env["res.lang"]._get_data(code=lang or self.env.lang or "en_US").id
        found = {}
        for version in self.env["ops.article.version"].search([("article_id", "in", self.ids), ("state", "=", "published")]):
            main = version.article_id.handbook_id.lang_id.id
            rank = 0 if version.lang_id.id == wanted else 1 if version.lang_id.id == main else 2
            known = found.get(version.article_id.id)
            if known is None or rank < known[0]:
                found[version.article_id.id] = (rank, version)
        return {article_id: version for article_id, (_rank, version) in found.items()}

    @api.depends("owner_id")
    @api.depends_context("uid")
    def _compute_can_revise(self):
        may = self._may_write()
        for article in self:
            article.can_revise = bool(article.id) and article.active and article.id in may

    def _may_write(self):
        """Return the ids of those of these articles of which the current user may write versions."""
        user = self.env.user
        office = self.env.su or any(user.has_group(f"ops_handbook.group_{name}") for name in ("operations", "gm_office"))
        principals = user._ops_principals()
        # sudo: who owns it and whose it is decides
        return {
            article.id for article in self.sudo()
            if article.owner_id & principals or office and (not article.company_id or article.company_id in self.env.companies)
        }

    # -- guards: hold for the screen, RPC, import and other records alike ----------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        model = self
        if not self.env.su:
            vals_list = [
                {**{name: value for name, value in vals.items() if name not in GUARDED}, **dict.fromkeys(SAID, False)}
                for vals in vals_list
            ]
            forged = {f"default_{name}" for name in GUARDED}
            kept = {name: value for name, value in self.env.context.items() if name not in forged}
            model = self.with_context(kept)  # pylint: disable=context-overridden  # nothing else takes a key away
        articles = super(OpsArticle, model).create(vals_list).with_env(self.env)
        articles._refresh_scopes()
        articles._forget_outline()
        return articles

    def write(self, vals):
        if not self.env.su:
            self._refuse_guarded(vals)
        self._refuse_cycle(vals.get("parent_id"))
        scoped = vals.keys() & {"department_ids", "group_ids", "parent_id"}
        before = self._published_scopes() if scoped else {}
        result = super().write(vals)
        if scoped:
            self._refresh_scopes()
            self._check_scope_kept(before)
        if vals.keys() & {"parent_id", "sequence", "active", "handbook_id"}:
            self._forget_outline()
        return result

    def _refuse_guarded(self, vals):
        """What readers see of an article changes by publishing only, and nothing of it behind the back of its approver."""
        if guarded := GUARDED & vals.keys():
            raise UserError(self.env._(
                "%(fields)s cannot be written directly: publish a version.",
                fields=", ".join(sorted(self._fields[name]._description_string(self.env) for name in guarded)),
            ))
        self.check_access("write")  # first: the messages name the record
        for article in self:
            if "handbook_id" in vals and vals["handbook_id"] != article.handbook_id.id:
                raise ValidationError(self.env._("Handbook: an article stays in its handbook. Begin a new one in the other."))
            if "name" in vals and article.is_published:
                raise UserError(self.env._(
                    "Name: the title of “%(article)s” is published. Publish a version with another title.", article=article.name,
                ))

    def update_field_translations(self, field_name, translations, source_lang=""):
        """Titles in other languages are set by publishing as well."""
        if not self.env.su and field_name == "name":
            self._refuse_guarded({"name": None})
        return super().update_field_translations(field_name, translations, source_lang=source_lang)

    def _refuse_cycle(self, parent_id):
        """Odoo would say “Recursion Detected”."""
        parent_sudo = self.sudo().browse(one_id(parent_id)).exists()  # sudo: its place only
        if parent_sudo and {int(item) for item in parent_sudo.parent_path.strip("/").split("/")} & set(self.ids):
            raise ValidationError(self.env._("Part of: an article cannot be part of itself. Choose another one above it."))

    @api.constrains("parent_id", "handbook_id")
    def _check_parent(self):
        for article in self | self.child_ids:
            if article.parent_id and article.parent_id.handbook_id != article.handbook_id:
                raise ValidationError(self.env._(
                    "Part of: “%(parent)s” is in another handbook. Choose one of the same.", parent=article.parent_id.name
                ))

    @api.ondelete(at_uninstall=False)
    def _unlink_without_texts_only(self):
        # sudo: that there are texts decides, also where the user may not read them
        found_sudo = self.env["ops.article.version"].sudo().search([("article_id", "in", self.ids)], limit=1)
        if found_sudo:
            raise UserError(self.env._(
                "“%(article)s” has texts and cannot be deleted; archive it instead.", article=found_sudo.article_id.name
            ))

    def unlink(self):
        result = super().unlink()
        self._forget_outline()
        return result
