from odoo import models

from .ops_article_reading_ask import BATCH


class OpsArticleVersion(models.Model):
    """What publishing asks of its readers, and what it tells them."""

    _inherit = "ops.article.version"

    def _ask_readings(self):
        """Ask everybody in scope to read the major ones of these versions that have just been published.

        A few hundred people at once, a whole company by the job right after.
        """
        super()._ask_readings()
        articles = self.filtered(lambda version: version.change_kind == "major").article_id
        if not articles:
            return
        readings_sudo = self.env["ops.article.reading"].sudo()  # sudo: whoever publishes has no right to readings
        missing = readings_sudo._missing(articles)
        if len(missing) <= BATCH:
            new = set(self.env["hr.employee"]._ops_newcomers().user_id.ids) if missing else set()
            readings_sudo._ask([pair for pair in missing if pair[1] not in new])
            readings_sudo._ask_newcomers([pair for pair in missing if pair[1] in new])
            stale = readings_sudo._stale(articles, limit=BATCH + 1)  # afterwards: who is asked for another text of it now
            if len(stale) <= BATCH:
                readings_sudo._retire(stale)
                return
        readings_sudo._work_on()

    def _announce(self):
        """Tell those who were asked, with one mail for everything that was published together.

        A minor version stands among what is new (``ops_article_version_action_new``), and no mail is sent.
        """
        super()._announce()
        readings_sudo = self.env["ops.article.reading"].sudo()  # sudo: as above
        untold = readings_sudo.search(
            [("article_id", "in", self.article_id.ids), ("told_on", "=", False), ("state", "=", "asked")], limit=BATCH + 1
        )
        if len(untold) > BATCH:
            readings_sudo._work_on()
        elif untold:
            untold._tell()

    # -- what the announcement says -----------------------------------------------------------------------------------------

    def _announced(self):
        """Return what is told of a version in the language of the context: plain dict for the mail."""
        self.ensure_one()
        base = self.get_base_url()
        return {
            "name": self.name,
            "version": self.version,
            "reason": self.reason or "",
            "rules": [
                {"name": rule.standard_id.display_name, "before": rule.before_text or "", "after": rule.after_text or "",
                 "date_effective": rule.date_effective}
                for rule in self.rule_ids
            ],
            "read_url": base + self.article_id._read_url(),
            "compare_url": base + self._compare_url() if self.version > 1 else "",
        }

    def _compare_url(self):
        """Return the path at which this version is compared with the one before."""
        return f"{self.article_id._read_url()}?compare={self.id}"
