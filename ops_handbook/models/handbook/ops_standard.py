from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools.live_blocks import CODE


class OpsStandard(models.Model):
    """A standard knows the article of the handbook that states it, and all that show it."""

    _inherit = "ops.standard"

    event = fields.Selection(selection_add=[("publication", "Publication of an Article")])

    article_id = fields.Many2one(
        "ops.article", index="btree_not_null", ondelete="set null", copy=False,
        help="The article of the handbook that states the rule: once it is published, the rule is changed by its revisions.",
    )
    article_ids = fields.Many2many("ops.article", string="Articles that Show It", readonly=True, copy=False)
    is_stated = fields.Boolean(
        compute="_compute_is_stated", help="A published article states the rule: it is changed by a revision of that article."
    )

    @api.depends("article_id.is_published", "article_id.active", "article_id.handbook_id.active")
    def _compute_is_stated(self):
        stated = self._filtered_stated()
        for standard in self:
            standard.is_stated = standard._origin in stated

    @api.constrains("code")
    def _check_code(self):
        for standard in self:
            if not CODE.fullmatch(standard.code):
                raise ValidationError(self.env._(
                    "Code: letters, digits, blanks and . / : # + - ( ), at most 40 characters, so that a text can name the standard."
                ))

    def action_revise_article(self):
        """Open the draft of the next version of the article that states the rule."""
        self.ensure_one()
        self.check_access("read")
        return self.article_id.action_revise()


class OpsStandardRevision(models.Model):
    """A revision of a rule says by which version of the handbook it was made."""

    _inherit = "ops.standard.revision"

    version_id = fields.Many2one(
        "ops.article.version", string="By Version", readonly=True, index="btree_not_null", ondelete="restrict",
        help="The version of the handbook that changed the rule.",
    )
    approved_by_id = fields.Many2one(related="version_id.published_by_id")
