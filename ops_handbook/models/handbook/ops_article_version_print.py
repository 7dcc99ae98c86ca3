from odoo import models

from ...tools.outline import Place


class OpsArticleVersion(models.Model):
    """One version on paper, published or not: what reviewers hold in their hands."""

    _inherit = "ops.article.version"

    def _book(self):
        """Return this version alone, with its number in the handbook (see ``ops.handbook._book``)."""
        self.ensure_one()
        article = self.article_id
        handbook = article.handbook_id
        [page] = article._printed_pages([Place(article.id, article._outlines().get(article.id, ""), 1, None)], {article.id: self})
        return {
            **handbook._printed_cover(self),
            "subtitle": handbook.name,
            "description": "",
            "edition": page["date"],
            "state": "" if self.state == "published" else dict(self._fields["state"]._description_selection(self.env))[self.state],
            "has_front": False,
            "articles": [page],
        }
