from odoo import fields, models
from odoo.tools import format_date
from odoo.tools.image import image_data_uri

from ...tools import clock
from ...tools.outline import Place
from ...tools.qrcode import address


class OpsHandbook(models.Model):
    """A handbook as a book: what its pages say to the one who prints it."""

    _inherit = "ops.handbook"

    def _book(self, root=None):
        """Return the handbook, or the chapter ``root`` with what is below it, as the current user may read it.

        In the user's language; an article without a text in it stands there in another one (see ``ops.article._published_versions``) and
        says so. A constant number of statements, whatever the number of articles.

        :param root: ops.article; None: the whole handbook
        :return: dict for the templates: ``title``, ``subtitle``, ``company``, ``edition`` and so on, and ``articles``, a list
            of dicts in reading order (see ``ops.article._printed_pages``)
        """
        self.ensure_one()
        articles = self.env["ops.article"].search([("handbook_id", "=", self.id)], order="sort_path, id")
        versions = articles._published_versions()
        places = self._printed_places(articles, versions, root)
        pages = articles._printed_pages(places, versions)
        return {
            **self._printed_cover(root or self),
            "subtitle": self.name if root else "",
            "description": "" if root else self.description or "",
            "edition": self._printed_date(max((page["published_on"] for page in pages if page["published_on"]), default=False)),
            "state": "",
            "has_front": not root or len(pages) > 1,
            "articles": pages,
        }

    def _printed_cover(self, record):
        """Return what stands on the title page of a print of ``record``, and in the file's properties."""
        # sudo: name and sign of the company stand on its papers
        company_sudo = (self.company_id or self.env.company).sudo()
        path = {"ops.article": f"handbook/{record.id}", "ops.article.version": f"ops-article-versions/{record.id}"}
        link = f"{self.get_base_url()}/odoo/{path.get(record._name, 'handbook')}"
        lang = self.env.lang or "en_US"
        return {
            "title": record.name,
            "company": company_sudo.name,
            "logo": image_data_uri(company_sudo.logo) if company_sudo.logo else "",
            "lang": lang.replace("_", "-"),
            "language": self.env["res.lang"]._get_data(code=lang).name or lang,
            "printed_on": self._printed_date(clock.now()),
            "printed_for": self.env.user.name,
            "link": link,
            "qr": address(link, 4),
        }

    def _printed_places(self, articles, versions, root=None):
        """Return the places of the articles to print, in their order: those that say something, and those above them.

        Numbers are those of the screen; an article above which the reader sees nothing stands further up.
        """
        numbers = articles._outlines()
        above = {article.id: [int(key) for key in article.parent_path.split("/") if key] for article in articles}
        wanted = {key for article_id in versions for key in above[article_id]}
        found = []
        for key, path in above.items():
            if key in wanted and key in numbers and (not root or root.id in path):
                path = [up for up in path if up in above]
                found.append(Place(key, numbers[key], len(path), path[-2] if len(path) > 1 else None))
        return found

    def _printed_date(self, moment):
        """Return a moment as a date in words: of the reader's time zone, in their language; "" for none."""
        if not moment:
            return ""
        return format_date(self.env, fields.Datetime.context_timestamp(self, moment), date_format="long")
