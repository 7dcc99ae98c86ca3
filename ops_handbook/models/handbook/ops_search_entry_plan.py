from odoo import api, models
from odoo.tools import SQL

from ...tools.search_question import both
from .ops_search_entry import KINDS, OLDEST

NOTHING = "'~'"  # finds nothing
RARE = 2000  # entries of all ages that are read one by one in no time
LITTLE = 20_000  # entries that are all asked for the rest of a question when they are read
SHARE = 8  # times longer a look at an entry takes than to run over it in an index


class OpsSearchEntry(models.Model):
    """How a question is looked up: by which of its parts, and among entries of what age.

    PostgreSQL tells how frequent a word is without reading anything. It does not tell the way: what a vector costs, and that
    an index of words compares a short list with a long one by running through the long one, it does not know.
    """

    _inherit = "ops.search.entry"

    @api.model
    def _oldest(self):
        """Return the greatest age of the entries of each kind: dict kind → age; those that are missing have new ones only."""
        asked = SQL(", ").join(SQL("(%s, %s)", kind, age) for kind in KINDS for age in range(1, OLDEST + 1))
        return dict(self.env.execute_query(SQL(
            """
            SELECT kind, max(age) FROM (VALUES %s) AS asked (kind, age)
             WHERE EXISTS (SELECT FROM ops_search_entry AS entry WHERE entry.age = asked.age AND entry.kind = asked.kind)
          GROUP BY kind
            """,
            asked,
        )))

    @api.model
    def _sizes(self, terms, places):
        """Return how many entries PostgreSQL expects to hold each part of a question: dict ``tsquery`` → number.

        Nothing is read for it. It knows the frequent words; all others are to it as frequent as a word that there is not,
        so that many of these together would seem to be frequent.
        """
        parts = [NOTHING, *dict.fromkeys([*terms.text_parts, *terms.title_parts, *(part for _names, _scope, part in places)])]
        branches = SQL(" UNION ALL ").join(SQL("SELECT id FROM ops_search_entry WHERE words @@ %s::tsquery", part) for part in parts)
        plans = self.env.execute_query(SQL("EXPLAIN (FORMAT JSON) %s", branches))[0][0][0]["Plan"]["Plans"]
        rows = {part: plan["Plan Rows"] for part, plan in zip(parts, plans, strict=True)}
        rare = rows[NOTHING]
        return {part: max(number - rare * (1 + part.count(" | ")), 1) for part, number in rows.items()}

    @api.model
    def _next_age(self, sizes, parts, age):
        """Return how old entries may be that are looked at next: where one part is rare, all of them are soon read."""
        return OLDEST if min(map(sizes.__getitem__, parts)) <= RARE else age + 1

    @api.model
    def _held(self, sizes, parts, age):
        """Return what the index is asked for, of parts of a question that all have to be found, and whether that is little.

        An index compares short lists of entries in no time. Of a short and a long one it runs through the long one: then
        a look at each entry of the short one is quicker.
        """
        if age:
            rarest = min(parts, key=sizes.__getitem__)
            if sizes[rarest] * SHARE <= max(sizes[part] for part in parts):
                return rarest, sizes[rarest] <= LITTLE
        return both(f"({part})" for part in parts), False
