import json

from odoo import api, models
from odoo.tools import SQL, html2plaintext

from ...tools import clock, starter, token
from ...tools.saying import saying

PREFIX = "ops_article_"  # external id of an article: this, and the name of its file


class OpsArticle(models.Model):
    """The starter handbook: what is there for the first time is published, what a company has already is its own.

    Loaded with the addon and with every upgrade of it. An article that has a text in a language, whoever wrote it and whatever
    became of it, gets none from us; so nothing is overwritten, and nothing appears twice.
    """

    _inherit = "ops.article"

    @api.model
    def _load_starter(self):
        """Publish the texts of the sources that no article has yet; nobody is asked to read, nobody gets a mail.

        Called by the data file, as superuser. Texts in a language that is not installed come along: it may be later.

        :return: the versions that were published now
        """
        texts, articles = starter.texts(), self._starter_articles()
        versions = self.env["ops.article.version"]
        known = set(versions._read_group(
            [("article_id", "in", [article.id for article in articles.values()])], ["article_id", "lang_id"]
        ))
        langs = self.env["res.lang"].with_context(active_test=False).search([("code", "in", list(texts))])
        wanted = [
            (articles[stem], lang, text) for lang in langs for stem, text in texts[lang.code].items()
            if stem in articles and (articles[stem], lang) not in known
        ]
        if wanted and not known:
            self._name_starter(texts, wanted[0][0].handbook_id)
        # nobody made them: the log would say who, and whoever installs would follow each
        versions = versions.with_context(mail_create_nolog=True, mail_create_nosubscribe=True).create([
            {"article_id": article.id, "lang_id": lang.id, "name": text.title, "body": text.body, "author_id": self.env.uid}
            for article, lang, text in wanted
        ])
        versions._publish_starter()
        return versions

    @api.model
    def _starter_articles(self):
        """Return the articles of the starter handbook that the database has: dict name of the file → article."""
        data = self.env["ir.model.data"].search(
            [("module", "=", "ops_handbook"), ("model", "=", self._name), ("name", "=like", f"{PREFIX}%")]
        )
        there = set(self.browse(data.mapped("res_id")).exists().ids)
        return {item.name.removeprefix(PREFIX): self.browse(item.res_id) for item in data if item.res_id in there}

    @api.model
    def _name_starter(self, texts, handbook):
        """Name a handbook that has just been made; its main language is that of the company, where it is written in it."""
        covers = {code: by_stem[starter.COVER] for code, by_stem in texts.items()}
        _put_words(handbook, "name", {handbook.id: {code: cover.title for code, cover in covers.items()}})
        _put_words(handbook, "description", {
            handbook.id: {code: html2plaintext(cover.body) for code, cover in covers.items()},
        })
        lang = self.env["res.lang"]._get_data(code=self.env.company.partner_id.lang)
        if lang and lang.code in texts:
            handbook.lang_id = lang.id


class OpsArticleVersion(models.Model):
    _inherit = "ops.article.version"

    def _publish_starter(self):
        """Publish first versions as they come with the addon: found, linked and logged like others, but nobody is asked."""
        if not self:
            return
        now = clock.now()
        token.marked(self).write({
            "state": "published", "version": 1, "published_on": now, "published_by_id": self.env.uid,
            "submitted_on": now, "closed_on": now,
        })
        came = saying(self.env)._("Came with the software.")
        self.env["ops.form.transition"]._log(self, dict.fromkeys(self.ids, "draft"), "published", came)
        words = {}
        for version in self:
            words.setdefault(version.article_id.id, {})[version.lang_id.code] = version.name
        _put_words(self.article_id, "name", words)
        self.article_id.filtered(lambda article: not article.is_published).is_published = True
        self._link_standards()
        self._index()


def _put_words(records, field, words):
    """Write a translated field in several languages at once, also in those that are not installed: the ORM refuses these.

    :param str field: name of a field that is translated as a whole
    :param dict words: record id → dict code of the language → text
    """
    records.flush_recordset([field])
    column = SQL.identifier(field)
    records.env.cr.execute(SQL(
        """
        UPDATE %s AS record SET %s = COALESCE(record.%s, '{}') || words.said::jsonb
          FROM unnest(%s, %s) AS words (id, said) WHERE record.id = words.id
        """,
        SQL.identifier(records._table), column, column, list(words), [json.dumps(said) for said in words.values()],
    ))
    records.invalidate_recordset([field, "display_name"], flush=False)
