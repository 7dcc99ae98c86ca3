from markupsafe import Markup

from odoo import models

from ...tools.book import laid_out
from ...tools.book_pdf import BEGINS, GOES_TO


class OpsArticle(models.Model):
    """Articles on paper: what their texts look like there."""

    _inherit = "ops.article"

    def _book(self):
        """Return the chapter that begins here, with what is below it (see ``ops.handbook._book``)."""
        self.ensure_one()
        return self.handbook_id._book(self)

    def _printed_pages(self, places, versions):
        """Return what is printed of the articles at ``places`` (tools.outline): a list of dicts for the templates.

        :param versions: dict article id → the version to print

        ``id``, ``level`` (from 1), ``number``, ``chapter`` (in words, on the first level of the handbook), ``name``, ``lead`` (what
        stays with the title), ``body``, ``version``, ``date``, ``owner``, ``language`` (empty: the reader's), ``begins`` and ``goes_to`` (marks that tools.book_pdf reads).
        """
        handbook, top = self.handbook_id[:1], min((place.level for place in places), default=1)
        base = handbook.get_base_url()
        articles = self.browse([place.key for place in places])
        bodies = self._printed_bodies([versions[key] for key in articles.ids if key in versions])
        lang = self.env["res.lang"]._get_data(code=self.env.lang or "en_US").id
        found = []
        for place, article in zip(places, articles, strict=True):
            version = versions.get(article.id, self.env["ops.article.version"])
            link = f"{base}/odoo/handbook/{article.id}"
            found.append({
                "id": article.id,
                "level": place.level - top + 1,
                "number": place.number,
                "chapter": self.env._("Chapter %(number)s", number=place.number) if "." not in place.number else "",
                "name": version.name or article.name,
                "lead": bodies.get(version, ("", ""))[0],
                "body": bodies.get(version, ("", ""))[1],
                "version": version.version,
                "date": handbook._printed_date(version.published_on),
                "published_on": version.published_on,
                "owner": article.owner_id.sudo().name or "",  # sudo: who answers for an article stands on it
                "language": version.lang_id.name if version and version.lang_id.id != lang else "",
                "begins": f"{link}#{BEGINS}{article.id}",
                "goes_to": f"{link}#{GOES_TO}{article.id}",
            })
        return found

    def _printed_bodies(self, versions):
        """Return the texts as they are printed: dict version → lead and rest (tools.book), live standards expanded."""
        texts = self.env["ops.article.version"].with_context(ops_live_paper=True).browse([version.id for version in versions])
        found = {}
        for version, text in zip(versions, texts, strict=True):
            parts = laid_out(text._reading_body())
            # what _reading_body gives is clean; the tools cut it in two and put boxes around parts of it
            found[version] = tuple(Markup(part) for part in parts)  # noqa: S704  # nosec B704
        return found
