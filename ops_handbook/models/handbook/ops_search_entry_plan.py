from odoo import api, models
from odoo.tools import SQL

from ...tools.search_question import both
from .ops_search_entry import KINDS, OLDEST
from .ops_search_entry_age import SIZES

NOTHING = "'~'"  # finds nothing
EVERYTHING = ""
RARE = 2000  # entries of all ages that are read one by one in no time
SHARE = 200  # times longer a look at an entry takes than to run over it in an index


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
        """Return how many entries PostgreSQL expects to hold each part of a question, and how many there are: dict
        ``tsquery`` → number.

        Nothing is read for it. It knows the frequent words; all others are to it as frequent as a word that there is not,
        so that many of these together would seem to be frequent.
        """
        parts = [NOTHING, *dict.fromkeys([*terms.text_parts, *terms.title_parts, *(part for _names, _scope, part in places)])]
        branches = [SQL("SELECT id FROM ops_search_entry WHERE words @@ %s::tsquery", part) for part in parts]
        asked = SQL(" UNION ALL ").join([*branches, SQL("SELECT id FROM ops_search_entry")])
        *plans, everything = self.env.execute_query(SQL("EXPLAIN (FORMAT JSON) %s", asked))[0][0][0]["Plan"]["Plans"]
        rows = {part: plan["Plan Rows"] for part, plan in zip(parts, plans, strict=True)}
        rare = rows[NOTHING]
        sizes = {part: max(number - rare * (1 + part.count(" | ")), 1) for part, number in rows.items()}
        return {**sizes, EVERYTHING: max(everything["Plan Rows"], 1)}

    @api.model
    def _next_age(self, sizes, parts, age, wanted):
        """Return how old entries may be that are looked at next, after those of ``age``.

        Where one part is rare, all of them are soon read. The newest are left out where not enough will be found among them.
        """
        rarest = min(map(sizes.__getitem__, parts))
        if rarest <= RARE:
            return OLDEST
        enough = (at for at in range(age + 1, OLDEST) if rarest * SIZES[at] >= wanted * sizes[EVERYTHING])
        return next(enough, max(age + 1, OLDEST - 1))

    @api.model
    def _held(self, sizes, parts, age):
        """Return what the index is asked for, of parts of a question that all have to be found.

        Of a short list of entries and a long one an index runs through the long one: among entries of all ages, a look at
        each entry of the short one is quicker.
        """
        most = SHARE * max(min(map(sizes.__getitem__, parts)), RARE) if age >= OLDEST else None
        return both(f"({part})" for part in parts if most is None or sizes[part] <= most)
