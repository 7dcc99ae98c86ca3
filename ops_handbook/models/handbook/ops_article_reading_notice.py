from odoo import api, models
from odoo.tools import format_date

from ...tools import clock, token
from ...tools.moments import local_date
from .ops_article_reading_ask import BATCH

TEMPLATE = "ops_handbook.ops_article_reading_mail_asked"


class OpsArticleReading(models.Model):
    """The announcement: one mail for each person, however many articles were published together."""

    _inherit = "ops.article.reading"

    @api.model
    def _untold(self, articles=None):
        """Return the ids of open readings of which their readers have not been told, person by person."""
        leaves = [("told_on", "=", False), ("state", "=", "asked")]
        if articles is not None:
            leaves.append(("article_id", "in", articles.ids))
        found = self.search(leaves, order="reader_id, id", limit=BATCH + 1)
        if len(found) > BATCH:  # the last person's may go on beyond it: they get theirs whole next time
            last = found[-1].reader_id
            whole = found.filtered(lambda reading: reading.reader_id != last)
            found = whole or self.search([*leaves, ("reader_id", "=", last.id)])
        return found.ids

    def _tell(self):
        """Queue one mail for each reader of these readings, in their language, with what changes and by when."""
        self = self.with_prefetch()
        token.marked(self).write({"told_on": clock.now()})
        due = {reading_id: item.date_due for reading_id, item in self._clocks().items()}
        words, mails = {}, []
        for user, readings in self.grouped("reader_id").items():
            lang = user.lang or self.env.lang
            articles = [
                {**words.setdefault((reading.version_id.id, lang), reading.version_id.with_context(lang=lang)._announced()),
                 "due": reading.with_context(lang=lang)._due_in_words(due.get(reading.id))}
                for reading in readings.sorted(lambda item: (item.handbook_id.id, item.article_id.sort_path or "", item.id))
            ]
            mails.append({
                "object": readings[0], "user": user, "company": readings[0].company_id, "articles": articles,
                "summary": self.with_context(lang=lang)._summary(articles),
            })
        self.env["ops.notice"]._queue(TEMPLATE, mails)

    @api.model
    def _summary(self, articles):
        """Return the subject of the mail in the language of the context."""
        if len(articles) == 1:
            return self.env._("Please read and confirm: %(article)s", article=articles[0]["name"])
        return self.env._("Please read and confirm: %(count)s articles of the handbook", count=len(articles))

    def _due_in_words(self, due):
        """Return by which day it is to be read, as the reader's calendar shows it; nothing without a due time."""
        tz = self.reader_id.tz or self.company_id._ops_tz()
        return format_date(self.env, local_date(due, tz)) if due else ""
