from odoo import api, fields, models
from odoo.tools import SQL

MANY = 64  # words that a beginning may stand for: those that were met first, which are mostly the frequent ones
LOOKED_AT = 2000  # words that begin so, in order, among which these are chosen
LAST_CHARACTER = chr(0x10FFFF)


class OpsSearchWord(models.Model):
    """The words that the search has met: what somebody has begun to type can be.

    PostgreSQL finds the beginning of a word by gathering all entries of all words that begin so, before anything else is
    asked of them; of words that are spelt out it looks at those only that matter.
    """

    _name = "ops.search.word"
    _description = "Word of the Search"
    _order = "id"
    _log_access = False
    _rec_name = "word"

    word = fields.Char(required=True, readonly=True)
    is_code = fields.Boolean(readonly=True, help="It has more than one part: a number, a date.")

    _word_uniq = models.UniqueIndex("(word)")
    _beginning_idx = models.Index("(is_code, word text_pattern_ops)")

    @api.model
    def _learn(self, entry_ids):
        """Take in the words of these entries.

        In one order, so that two who learn at the same time do not wait for each other.
        """
        self.env.execute_query(SQL(
            r"""
            INSERT INTO ops_search_word (word, is_code)
                 SELECT lexeme, lexeme ~ '[-/._]'
                   FROM (SELECT DISTINCT unnest(tsvector_to_array(words)) AS lexeme FROM ops_search_entry WHERE id = ANY(%s)) AS met
                  WHERE left(lexeme, 1) NOT IN ('~', '=', '^')
                    AND NOT EXISTS (SELECT FROM ops_search_word AS known WHERE known.word = lexeme)
               ORDER BY lexeme
            ON CONFLICT DO NOTHING
              RETURNING 1
            """,
            entry_ids,
        ))

    @api.model
    def _endings(self, beginnings):
        """Return words that begin so: dict beginning → list, itself among them.

        :param beginnings: of ``tools.search_question``
        """
        if not beginnings:
            return {}
        branches = SQL(" UNION ALL ").join(
            SQL(
                """
                (SELECT %s, word FROM (
                 SELECT id, word FROM ops_search_word WHERE is_code = %s AND word ~>=~ %s AND word ~<~ %s
               ORDER BY word USING ~<~ LIMIT %s) AS begun
               ORDER BY id LIMIT %s)
                """,
                number, is_code, text, text + LAST_CHARACTER, LOOKED_AT, MANY,
            )
            for number, (text, is_code) in enumerate(beginnings)
        )
        found = {beginning: [beginning.text] for beginning in beginnings}
        for number, word in self.env.execute_query(branches):
            found[beginnings[number]].append(word)
        return {beginning: list(dict.fromkeys(words)) for beginning, words in found.items()}

    @api.model
    def _known(self, words):
        """Return those of ``words`` that were met."""
        return [row[0] for row in self.env.execute_query(SQL(
            "SELECT word FROM ops_search_word WHERE word = ANY(%s)", list(words)
        ))] if words else []
