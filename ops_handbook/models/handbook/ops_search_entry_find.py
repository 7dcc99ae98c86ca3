from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL

from ...tools import clock
from ...tools.search_words import both, either
from .ops_search_entry import KINDS
from .ops_search_entry_index import LEVELS, days

CANDIDATES = 100  # of each kind: whoever has not found it among them asks more precisely
MANY = 400  # entries that are read without looking for a shorter way
FEW = 5  # found, and the last word is taken for the beginning of one as well
SPAN = 1024  # days over which forms are assumed to be spread
# never read from one end to the other: PostgreSQL does not know how large a vector is, and thinks it cheap. Compiling such
# a statement, or sharing it among processes, takes longer than running it; and a shared plan has its parts in another order
SETTINGS = "SET LOCAL enable_seqscan = off; SET LOCAL jit = off; SET LOCAL max_parallel_workers_per_gather = 0"
DEFAULTS = "SET LOCAL enable_seqscan TO DEFAULT; SET LOCAL jit TO DEFAULT; SET LOCAL max_parallel_workers_per_gather TO DEFAULT"
NOTHING = "'~'"  # finds nothing
WEIGHTS = "{0.1, 0.2, 0.4, 1.0}"  # of D, C, B, A


class Terms(NamedTuple):
    """A question as ``tsquery``: ``code`` what is called so, ``text`` what must be found, ``title`` where it counts most,
    ``words`` by which the places are weighed, ``rough`` parts of it by which its number is guessed.
    """

    code: str
    text: str
    title: str
    words: str
    rough: tuple


class Hit(NamedTuple):
    """An entry that was found; ``score`` orders the hits of a kind."""

    model: str
    id: int
    lang: str | None
    kind: str
    date: object
    score: float


class Hits(list):
    """Hits of one place; ``cut``: there are more than these; ``seen``: entries that were looked at for them."""

    cut, seen = False, 0


class OpsSearchEntry(models.Model):
    """What is found: candidates from the index, then those among them that each model's own rules let the user read.

    However many forms hold a word, a few hundred are looked at: the newest, and those that hold it in their title. They
    are found in windows of time (lexemes like ``~t4=1269``), as wide as PostgreSQL's statistics say that they have to be.
    """

    _inherit = "ops.search.entry"

    @api.model
    def _find(self, question, kinds, wanted):
        """Return what the user may read of what a question asks for.

        :param question: of ``tools.search_words``
        :param kinds: of ``KINDS``
        :param int wanted: how many of each kind are to be shown
        :return: dict kind → (hits, best first; whether there may be more)
        """
        places = {(kind, number): place for kind in kinds for number, place in enumerate(self._places(kind))}
        code, text, title, words = question.code(), question.all(), question.title(), question.any()
        self.env.cr.execute(SETTINGS)
        found = self._find_by(Terms(code, text, title, words, tuple(question.rough())), places, wanted)
        if question.open_end and sum(map(len, found.values())) < FEW:
            text, title = question.all(prefix=True), question.title(prefix=True)
            found = self._find_by(Terms(code, text, title, text, (text,)), places, wanted)
        if not question.exact and " | " in words and not any(found.values()):
            found = self._find_by(Terms(code, words, "", words, (words,)), places, wanted)
        self.env.cr.execute(DEFAULTS)
        return {kind: self._of_kind(kind, found) for kind in kinds}

    @api.model
    def _of_kind(self, kind, found):
        """Return the hits of a kind, best first, and whether there may be more."""
        its = [hits for (its_kind, _number), hits in found.items() if its_kind == kind]
        return sorted((hit for hits in its for hit in hits), key=_order), any(hits.cut for hits in its)

    @api.model
    def _find_by(self, terms, places, wanted):
        """Return what is found in each place: dict place → ``Hits``."""
        models = {place: names for place, (names, _query) in places.items()}
        asked = {place: both([f"({terms.text})", query]) for place, (_names, query) in places.items()}
        expected, found = self._expected(terms, places), {}
        windows = {place: self._window(rows) for place, rows in expected.items()}
        while asked:
            tiers = {place: expected[place] * 2 > CANDIDATES for place in asked}
            hits = self._readable(self._candidates(terms, asked, windows, tiers), models)
            for place in list(asked):
                mine, level = hits.get(place, Hits()), windows[place]
                if mine.cut and len(mine) < wanted:
                    # many hold it, and few of those may be read: the rules become a part of the statement
                    rows = self._candidates_by_rules(terms, models[place], asked[place])
                    mine = self._readable(rows, models).get(place, Hits())
                elif level is not None and len(mine) < wanted:
                    # as many days more as there is room for; all of them where little was found
                    rare = mine.seen * SPAN <= 4 * MANY * 2 ** level
                    windows[place] = None if rare or level + 4 > LEVELS[-1] else level + 4
                    continue
                elif level is not None:
                    mine.cut = True
                found[place] = mine
                del asked[place]
        return found

    # -- how much ---------------------------------------------------------------------------------------------------------

    @api.model
    def _expected(self, terms, places):
        """Return how many entries PostgreSQL expects to find at most: dict place → rows; nothing is read for it.

        It takes words for independent of each other, and those of a sentence are not: the rarest one counts.
        """
        parts = [(place, both([f"({rough})", query])) for place, (_models, query) in places.items() for rough in terms.rough]
        if not parts:
            return {}
        branches = SQL(" UNION ALL ").join(
            SQL("SELECT id FROM ops_search_entry WHERE words @@ %s::tsquery", query) for _place, query in parts
        )
        plan = self.env.execute_query(SQL("EXPLAIN (FORMAT JSON) %s", branches))[0][0][0]["Plan"]
        rows = {}
        for (place, _query), part in zip(parts, plan["Plans"] if len(parts) > 1 else [plan], strict=True):
            rows[place] = min(part["Plan Rows"], rows.get(place, part["Plan Rows"]))
        return rows

    @api.model
    def _window(self, rows):
        """Return the level of the widest window with few entries; None when all of them may be read."""
        if rows <= MANY:
            return None
        return next((level for level in reversed(LEVELS) if rows * 1.5 * 2 ** level / SPAN <= MANY), LEVELS[0])

    @api.model
    def _within(self, query, level):
        """Return ``query`` for the entries of the last 2^level to 2^(level + 1) days; the clock of others may be ahead."""
        if level is None:
            return query
        now = days(clock.now()) >> level
        blocks = either(f"'~t{level}={block}'" for block in (now - 1, now, now + 1))
        return both([f"({blocks})", query])

    # -- candidates ---------------------------------------------------------------------------------------------------------

    @api.model
    def _candidates(self, terms, asked, windows, tiers):
        """Return the newest entries of each place, and the newest of those that hold it in their title or are called so.

        :param dict tiers: place → whether the second is worth while: there are more than are taken
        """
        top = either([terms.code, terms.title and f"({terms.title})"])
        branches = []
        for place, query in asked.items():
            for tier in filter(None, (query, both([f"({top})", query]) if top and tiers[place] else "")):
                branches.append(SQL(
                    """
                    (SELECT id, count(*) OVER () > %s AS is_full FROM (
                     SELECT id FROM ops_search_entry WHERE words @@ %s::tsquery
                   ORDER BY date DESC NULLS LAST, id DESC LIMIT %s) AS newest)
                    """,
                    CANDIDATES, self._within(tier, windows[place]), CANDIDATES + 1,
                ))
        return self._ranked(terms, branches) if branches else []

    @api.model
    def _candidates_by_rules(self, terms, names, query):
        """Return the newest entries of these models that the user may read, whatever it takes."""
        rules = []
        for name in names:
            readable = self.env[name]._search([])
            rules.append(SQL("(res_model = %s AND res_id IN %s)", name, readable.subselect()))
        return self._ranked(terms, [SQL(
            """
            (SELECT id, count(*) OVER () > %s AS is_full FROM (
             SELECT id FROM ops_search_entry WHERE words @@ %s::tsquery AND (%s)
           ORDER BY date DESC NULLS LAST, id DESC LIMIT %s) AS newest)
            """,
            CANDIDATES, query, SQL(" OR ").join(rules), CANDIDATES + 1,
        )])

    @api.model
    def _ranked(self, terms, branches):
        """Return the entries of these statements as pairs of a hit and whether more than these were found.

        What is called so comes first, then what holds all of it in its title; then titles before texts; then the newest.
        """
        rows = self.env.execute_query(SQL(
            """
            WITH chosen AS MATERIALIZED (SELECT id, bool_or(is_full) AS is_full FROM (%s) AS hit GROUP BY id)
            SELECT entry.res_model, entry.res_id, entry.lang, entry.kind, entry.date,
                   CASE WHEN entry.words @@ %s::tsquery THEN 20 ELSE 0 END + CASE WHEN entry.words @@ %s::tsquery THEN 10 ELSE 0 END
                   + round(ts_rank(%s, entry.words, %s::tsquery)::numeric, 1)::float,
                   chosen.is_full
              FROM chosen JOIN ops_search_entry AS entry ON entry.id = chosen.id
            """,
            SQL(" UNION ALL ").join(branches), terms.code or NOTHING, terms.title or NOTHING, WEIGHTS, terms.words,
        ))
        return [(Hit(*row[:-1]), row[-1]) for row in rows]

    # -- rights -------------------------------------------------------------------------------------------------------------

    @api.model
    def _readable(self, candidates, models):
        """Return what of the candidates the user may read: dict place → ``Hits``.

        One statement asks the rules of all the models in which something was found.

        :param dict models: place → names of its models
        """
        by_model = {}
        for hit, _is_full in candidates:
            by_model.setdefault(hit.model, set()).add(hit.id)
        parts = []
        for name, ids in by_model.items():
            query = self.env[name]._search([("id", "in", list(ids))])
            parts.append(SQL("(%s)", query.select(SQL("%s", name), SQL.identifier(query.table, "id"))))
        readable = set(self.env.execute_query(SQL(" UNION ALL ").join(parts))) if parts else set()
        places = {name: place for place, names in models.items() for name in names}
        found, known, lang = {}, {}, self.env.lang
        for hit, is_full in candidates:
            hits = found.setdefault(places[hit.model], Hits())
            hits.cut, hits.seen = hits.cut or is_full, hits.seen + 1
            key = hit.model, hit.id
            # an article in several languages is found once, where it can be in that of the reader
            if key in readable and (
                key not in known or (hit.lang == lang, hit.score) > (known[key].lang == lang, known[key].score)
            ):
                known[key] = hit
        for hit in known.values():
            found[places[hit.model]].append(hit)
        return found


def _order(hit):
    return (-hit.score, KINDS.index(hit.kind), -(hit.date.timestamp() if hit.date else 0), -hit.id)
