from odoo import api, models
from odoo.tools import SQL

from .ops_article_reading_sql import COUNTS, FLUSHED, IN_SCOPE, NEWER, READERS, SCOPES, TEXTS


class OpsArticleReading(models.Model):
    """Who is still to be asked to read what, and who is asked no more: each found in one statement, for everybody."""

    _inherit = "ops.article.reading"

    @api.model
    def _missing(self, articles=None, users=None, every=False):
        """Return who is to be asked: one statement for any number of people and articles.

        Asked for is what is to be confirmed and was published as major: in the person's language, where there is no text
        in it in the main one. A reading of that version or a later one counts; one of a text in another language when it
        was asked for later.

        :param articles: only these (``ops.article``); default: all
        :param users: only these people (``res.users``); default: everybody
        :param bool every: for newcomers: also what was only ever published as minor
        :return: list of (version id, user id); of companies in which the engine has been started
        """
        if (articles is not None and not articles) or (users is not None and not users):
            return []
        self._flush_asked()
        return self.env.execute_query(SQL(
            """
            WITH reader AS MATERIALIZED (
                     %(readers)s AND users.company_id IN (SELECT id FROM res_company WHERE ops_started) %(only_users)s
                 ),
                 scope AS MATERIALIZED (%(scopes)s %(only_articles)s),
                 text AS MATERIALIZED (%(texts)s),
                 counts AS MATERIALIZED (
                     SELECT DISTINCT reading.reader_id, reading.article_id
                       FROM ops_article_reading AS reading
                       JOIN reader ON reader.id = reading.reader_id
                       JOIN text ON text.article_id = reading.article_id AND text.lang_id = reader.lang_id
                       JOIN ops_article_version AS version ON version.id = reading.version_id
                      WHERE %(counts)s
                 )
            SELECT text.version_id, reader.id
              FROM reader
              JOIN scope ON %(in_scope)s
              JOIN text ON text.article_id = scope.article_id AND text.lang_id = reader.lang_id
         LEFT JOIN counts ON counts.reader_id = reader.id AND counts.article_id = scope.article_id
             WHERE counts.reader_id IS NULL AND (%(every)s OR text.version IS NOT NULL)
          ORDER BY text.version_id, reader.id
            """,
            readers=SQL(READERS), scopes=SQL(SCOPES), texts=SQL(TEXTS), in_scope=SQL(IN_SCOPE), counts=SQL(COUNTS),
            only_users=SQL("AND users.id IN %s", tuple(users.ids)) if users is not None else SQL(),
            only_articles=SQL("AND article.id IN %s", tuple(articles.ids)) if articles is not None else SQL(),
            every=bool(every),
        ))

    @api.model
    def _stale(self, articles=None, limit=None):
        """Return the open readings that are asked no more, in one statement: list of (id, why).

        Why: ``left`` (the person has), ``scope`` (the article is not, or no longer, for them to confirm), ``newer`` (there
        is a newer major version, or they are asked for another text of the article).

        :param articles: only of these; default: all
        """
        self._flush_asked()
        return self.env.execute_query(SQL(
            """
            WITH reader AS (%(readers)s AND users.id IN (SELECT reader_id FROM ops_article_reading WHERE state = 'asked')),
                 scope AS MATERIALIZED (%(scopes)s),
                 open AS (
                     SELECT reading.id, reader.id IS NULL AS has_left, scope.article_id IS NULL AS is_outside,
                            %(newer)s AS is_older
                       FROM ops_article_reading AS reading
                       JOIN ops_article_version AS version ON version.id = reading.version_id
                  LEFT JOIN reader ON reader.id = reading.reader_id
                  LEFT JOIN scope ON scope.article_id = reading.article_id AND %(in_scope)s
                      WHERE reading.state = 'asked' %(only)s
                 )
            SELECT id, CASE WHEN has_left THEN 'left' WHEN is_outside THEN 'scope' ELSE 'newer' END
              FROM open
             WHERE has_left OR is_outside OR is_older
          ORDER BY id %(limit)s
            """,
            readers=SQL(READERS), scopes=SQL(SCOPES), in_scope=SQL(IN_SCOPE), newer=SQL(NEWER),
            only=SQL("AND reading.article_id IN %s", tuple(articles.ids)) if articles else SQL(),
            limit=SQL("LIMIT %s", limit) if limit else SQL(),
        ))

    @api.model
    def _flush_asked(self):
        """Write out what the statements read."""
        for model, names in FLUSHED.items():
            self.env[model].flush_model(names)
