from odoo import api, fields, models
from odoo.fields import Domain

from ..mixins.domains import flag_search


class OpsArticle(models.Model):
    """Where an article is read: the links of mails, lists and obligations to the reader's view."""

    _inherit = "ops.article"

    def _read_url(self):
        """Return the path of the reader's view of this article."""
        self.ensure_one()
        return f"/odoo/handbook/{self.id}"

    def _read_action(self):
        """Return the action that opens the reader's view of this article."""
        self.ensure_one()
        action = self.env["ir.actions.client"]._for_xml_id("ops_handbook.ops_article_reader_action")
        return {**action, "params": {"article_id": self.id}, "context": {"active_id": self.id, "active_model": self._name}}


class OpsArticleVersion(models.Model):
    """A published text, opened from a list of what is new."""

    _inherit = "ops.article.version"

    in_my_language = fields.Boolean(compute="_compute_in_my_language", search="_search_in_my_language",
                                    help="In the user's language; of an article without a text in it, in any other.")

    @api.depends("lang_id", "article_id.version_ids.state")
    @api.depends_context("lang")
    def _compute_in_my_language(self):
        mine = self.filtered_domain(self._in_my_language())
        for version in self:
            version.in_my_language = version in mine

    @flag_search
    def _search_in_my_language(self):
        return self._in_my_language()

    @api.model
    def _in_my_language(self):
        lang = self.env["res.lang"]._get_data(code=self.env.lang or "en_US").id
        own = Domain("lang_id", "=", lang)
        return own | ~Domain("article_id.version_ids", "any", own & Domain("state", "=", "published"))

    def action_open_reader(self):
        """Open the reader's view of the article, as it is published now."""
        self.ensure_one()
        self.check_access("read")
        return self.article_id._read_action()
