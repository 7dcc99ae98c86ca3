from odoo import models
from odoo.tools import SQL

from ...tools.search_words import plain


class OpsArticle(models.Model):
    """Articles are found by what is published of them, in each language, with the rules that the text shows.

    Publishing indexes at once; the job catches up with what changes without it: rules, companies, articles put away.
    """

    _inherit = "ops.article"

    _search_fields = {"name": "A"}
    _search_kind = "article"
    _search_shown = [("handbook_id.active", "=", True)]

    def _search_stamp(self):
        """Return the expression by which the job sees a change, and the joins from ``article`` that it needs."""
        entry, standards = self.env["ops.search.entry"], self._fields["standard_ids"]
        joins = SQL(
            """
            JOIN ops_article_version AS version ON version.article_id = article.id AND version.state = 'published'
            JOIN res_lang AS lang ON lang.id = version.lang_id AND lang.active  -- nobody searches in another
       LEFT JOIN (SELECT shows.%(article)s AS id, max(standard.write_date) AS latest, count(*) AS number
                    FROM %(shows)s AS shows JOIN ops_standard AS standard ON standard.id = shows.%(standard)s
                GROUP BY 1) AS rules ON rules.id = article.id
            """,
            article=SQL.identifier(standards.column1), standard=SQL.identifier(standards.column2),
            shows=SQL.identifier(standards.relation),
        )
        # rules are written in words of the addon, of which translations are loaded after everything else, without a date
        return SQL(
            """
            concat_ws('/', %s, version.id, article.write_date, version.write_date, rules.latest, rules.number,
                      (SELECT latest_version FROM ir_module_module WHERE name = 'ops_handbook'))
            """,
            entry._signature(self),
        ), joins

    def _search_changed(self, limit):
        """Return the ids of the articles whose entries are not those of what is published."""
        stamp, joins = self._search_stamp()
        return [row[0] for row in self.env.execute_query(SQL(
            """
            SELECT article.id FROM ops_article AS article %s
         LEFT JOIN ops_search_entry AS entry
                ON entry.res_model = 'ops.article' AND entry.res_id = article.id AND entry.lang = lang.code
             WHERE entry.stamp IS DISTINCT FROM %s
             UNION
            SELECT entry.res_id FROM ops_search_entry AS entry
             WHERE entry.res_model = 'ops.article' AND NOT EXISTS (
                   SELECT FROM ops_article_version AS version JOIN res_lang AS lang ON lang.id = version.lang_id
                    WHERE version.article_id = entry.res_id AND version.state = 'published' AND lang.code = entry.lang)
          ORDER BY 1
             LIMIT %s
            """,
            joins, stamp, limit,
        ))]

    def _search_index(self):
        """Write the entries of these articles: one for each language in which a version is published."""
        entry = self.env["ops.search.entry"]
        self.env.flush_all()
        stamp, joins = self._search_stamp()
        found = self.env.execute_query(SQL(
            "SELECT version.id, lang.code, %s FROM ops_article AS article %s WHERE article.id = ANY(%s)", stamp, joins, self.ids
        ))
        self.env.execute_query(SQL(
            """
            DELETE FROM ops_search_entry
                  WHERE res_model = 'ops.article' AND res_id = ANY(%s) AND NOT (res_id, lang) IN (
                        SELECT version.article_id, lang.code
                          FROM ops_article_version AS version JOIN res_lang AS lang ON lang.id = version.lang_id
                         WHERE version.article_id = ANY(%s) AND version.state = 'published')
              RETURNING 1
            """,
            self.ids, self.ids,
        ))
        # sudo: the index knows all; what somebody finds is asked for with their own rights
        versions = self.env["ops.article.version"].sudo().browse(version_id for version_id, _lang, _stamp in found)
        entry._put([
            (self._name, version.article_id.id, lang, "article", version.published_on, its_stamp, *version._search_words(lang))
            for version, (_id, lang, its_stamp) in zip(versions, found, strict=True)
        ])

    def _search_bodies(self, hits):
        """Return the texts of what was found, for excerpts: dict id → list; in the language found, as far as the reader may
        read them. While the job has not caught up with a rule that changed, the text without the rules.
        """
        langs = {hit.id: hit.lang for hit in hits}
        versions = self.env["ops.article.version"].search_fetch(
            [("article_id", "in", self.ids), ("state", "=", "published")], ["article_id"], order="id"
        )
        stamp, joins = self._search_stamp()
        kept = {version_id: (lang, text) for version_id, lang, text in self.env.execute_query(SQL(
            """
            SELECT version.id, lang.code, CASE WHEN entry.stamp = %s THEN entry.text END FROM ops_article AS article %s
              JOIN ops_search_entry AS entry
                ON entry.res_model = 'ops.article' AND entry.res_id = article.id AND entry.lang = lang.code
             WHERE version.id = ANY(%s)
            """,
            stamp, joins, versions.ids,
        ))}
        found = versions.filtered(lambda version: kept.get(version.id, ("",))[0] == langs.get(version.article_id.id))
        found.filtered(lambda version: kept[version.id][1] is None).fetch(["body"])
        return {
            version.article_id.id: [plain(version.body) if (text := kept[version.id][1]) is None else text] for version in found
        }
