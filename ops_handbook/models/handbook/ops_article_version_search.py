from odoo import models

from ...tools.search_words import headings, plain, vector


class OpsArticleVersion(models.Model):
    """Publishing puts a text into the search at once, and takes what it supersedes out of it."""

    _inherit = "ops.article.version"

    def _index(self):
        """Index what is published of the articles of these versions."""
        self.article_id._search_index()
        return super()._index()

    def _search_words(self, lang):
        """Return what the search keeps of this version: its words (title, headings, text with the rules that it shows) as the
        literal of a ``tsvector``, and the text.
        """
        self.ensure_one()
        entry, article = self.env["ops.search.entry"], self.article_id
        text = plain(self._plain_body(lang))
        texts = [(self.name, "A"), *((heading, "B") for heading in headings(self.body)), (text, "D")]
        # a rule is found by its code where it is stated, rather than where it is mentioned
        stated = article.standard_ids.filtered(lambda standard: (standard.article_id or article) == article)
        return vector(texts, stated.mapped("code"), entry._keys(article)), text
