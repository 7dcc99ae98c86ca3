from odoo import SUPERUSER_ID, models

from ...tools.outline import anchored, headings


class OpsArticleVersion(models.Model):
    """A published text on the reader's page."""

    _inherit = "ops.article.version"

    def _headings(self):
        """Return the headings of the text in their order: list of dicts ``id`` (the anchor), ``level``, ``text``."""
        self.ensure_one()
        return headings(self.body)

    def _page_publisher(self):
        """Return who published the text; nobody where it came with the software."""
        # sudo: who stands behind a text is told with it
        return self.published_by_id.sudo().name if self.published_by_id.id not in (False, SUPERUSER_ID) else ""

    def _page_text(self):
        """Return the text with the anchors of its headings, and who published it when."""
        self.ensure_one()
        return {
            "id": self.id, "version": self.version, "lang": (self.lang_id.code or "").replace("_", "-"),
            "rtl": self.lang_id.direction == "rtl",
            "body": anchored(self._reading_body()), "headings": self._headings(),
            "published_on": self.published_on.isoformat(" ") if self.published_on else False,
            "published_by": self._page_publisher(),
            "reason": self.reason or "", "kind": self.change_kind, "compare": bool(self.base_id),
        }
