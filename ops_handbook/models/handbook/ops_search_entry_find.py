from typing import NamedTuple

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.search_question import Beginning, apart, both
from .ops_search_entry import KINDS, OLDEST
from .ops_search_entry_plan import NOTHING

CANDIDATES = 60  # of each kind: whoever has not found it among them asks more precisely
MOST = 2000  # entries that are read one by one when any word will do
PARTS = 16  # words of a question that an index is asked for; the rest of a long sentence is asked of what it finds
FEW = 5  # found, and the last word is taken for the beginning of one as well
# never read from one end to the other: PostgreSQL does not know how large a vector is, and thinks it cheap. Compiling such
# a statement, or sharing it among processes, takes longer than running it; and a shared plan has its parts in another order
SETTINGS = "SET LOCAL enable_seqscan = off; SET LOCAL jit = off; SET LOCAL max_parallel_workers_per_gather = 0"
DEFAULTS = "SET LOCAL enable_seqscan TO DEFAULT; SET LOCAL jit TO DEFAULT; SET LOCAL max_parallel_workers_per_gather TO DEFAULT"
WEIGHTS = "{0.1, 0.2, 0.4, 1.0}"  # of D, C, B, A


class Terms(NamedTuple):
    """A question as ``tsquery``: ``code`` what is called so, ``text`` what must be found, ``title`` where it counts most,
    ``words`` by which the places are weighed; ``text_parts``, ``title_parts``: words of these, all of which have to be found;
    ``most``: so many entries are read one by one, the newest.
    """

    code: str
    text: str
    title: str
    words: str
    text_parts: tuple = ()
    title_parts: tuple = ()
    most: int | None = None


class Hit(NamedTuple):
    """An entry that was found; ``score`` orders the hits of a kind."""

    model: str
    id: int
    lang: str | None
    kind: str
    date: object
    score: float


class Hits(list):
    """Hits of one place; ``cut``: there are more than these."""

    cut = False


class OpsSearchEntry(models.Model):
    """What is found: candidates from the index, then those among them that each model's own rules let the user read.

    However many forms hold a word, a few hundred are looked at: the newest, and those that hold it in their title. They
    are looked for among the newest of a kind first, which have an index of their own; among all only where that is little.
    """

    _inherit = "ops.search.entry"

    @api.model
    def _find(self, question, kinds, wanted):
        """Return what the user may read of what a question asks for.

        :param question: of ``tools.search_question``
        :param kinds: of ``KINDS``
        :param int wanted: how many of each kind are to be shown
        :return: dict kind → (hits, best first; whether there may be more)
        """
        places = {(kind, number): place for kind in kinds for number, place in enumerate(self._places(kind))}
        words = self.env["ops.search.word"]
        self.env.cr.execute(SETTINGS)
        oldest = self._oldest()
        endings = words._endings(question.characters())
        endings.update({Beginning(code, True): [code] for code in words._known(question.codes())})
        found = self._find_by(self._terms(question, endings), places, oldest, wanted)
        if question.last() and sum(map(len, found.values())) < FEW:
            last = words._endings([question.last()])[question.last()]
            if len(last) > 1:
                endings[None] = last
                found = self._find_by(self._terms(question, endings), places, oldest, wanted)
        anything = question.any(endings)
        if not question.exact and " | " in anything and not any(found.values()):
            terms = Terms(question.code(), anything, "", anything, (f"({anything})",), (), MOST)
            found = self._find_by(terms, places, oldest, wanted)
        self.env.cr.execute(DEFAULTS)
        return {kind: self._of_kind(kind, found) for kind in kinds}

    @api.model
    def _terms(self, question, endings):
        return Terms(
            question.code(), question.all(endings), question.title(endings), question.any(endings),
            tuple(question.parts(endings)[:PARTS]), tuple(question.parts(endings, title=True)[:PARTS]),
        )

    @api.model
    def _of_kind(self, kind, found):
        """Return the hits of a kind, best first, and whether there may be more."""
        its = [hits for (its_kind, _number), hits in found.items() if its_kind == kind]
        return sorted((hit for hits in its for hit in hits), key=_order), any(hits.cut for hits in its)

    @api.model
    def _find_by(self, terms, places, oldest, wanted):
        """Return what is found in each place: dict place → ``Hits``.

        :param dict oldest: of ``_oldest``
        :param int wanted: how many are looked for in each place, of whatever age
        """
        models = {place: names for place, (names, _scope, _part) in places.items()}
        asked = dict(places)
        ruled, found, sizes = set(), {}, self._sizes(terms, places.values())
        parts = {place: [*terms.text_parts, part] for place, (_names, _scope, part) in places.items()}
        ages = {place: self._next_age(sizes, parts[place], -1, wanted) for place in places}
        while asked:
            hits = self._readable(self._candidates(terms, asked, ages, ruled, sizes), models)
            for place in list(asked):
                mine = hits.get(place, Hits())
                if len(mine) < wanted:
                    if mine.cut and place not in ruled:
                        ruled.add(place)  # many hold it, and few of those may be read: the rules become a part of the statement
                        continue
                    if ages[place] < oldest.get(place[0], 0):
                        ages[place] = self._next_age(sizes, parts[place], ages[place], wanted)
                        continue
                mine.cut = mine.cut or ages[place] < oldest.get(place[0], 0)
                found[place] = mine
                del asked[place]
        return found

    # -- candidates ---------------------------------------------------------------------------------------------------------

    @api.model
    def _candidates(self, terms, asked, ages, ruled, sizes):
        """Return the newest entries of each place, and the newest of those that hold it in their title or are called so.

        :param dict ages: place → greatest age of the entries to look at
        :param set ruled: places where only what the user may read is to be taken, whatever it takes
        :param dict sizes: of ``_sizes``
        """
        branches, text = [], f"({terms.text})"
        for place, (names, scope, part) in asked.items():
            age, rules = ages[place], self._rules(names) if place in ruled else SQL("TRUE")
            held = self._held(sizes, [*terms.text_parts, part], age)
            branches.append(self._newest(names, both([text, scope]), held, age, rules, terms.most))
            if terms.title:
                held = self._held(sizes, [*terms.title_parts, part], age)
                query = both([f"({terms.title})", "" if apart(text) == text else text, scope])
                branches.append(self._newest(names, query, held, age, rules, terms.most))
            if terms.code:  # few are called so: no matter how old
                branches.append(self._newest(names, both([f"({terms.code})", text, scope]), terms.code, OLDEST, rules))
        return self._ranked(terms, branches) if branches else []

    @api.model
    def _newest(self, names, query, held, age, rules, most=None):
        """Return the statement of the newest entries of some models for a query.

        What the index is not asked for is asked of the entries, one after the other, until there are enough: whether words
        stand side by side, and whether it holds the rest.

        :param str query: the whole of it
        :param str held: what the index is asked for; every entry that fulfils the query fulfils it
        :param most: how many entries are asked at most
        """
        words, of_age = self._words_of_age(age)
        # not the column itself: PostgreSQL would take that to an index that does not help
        of_models = SQL("CASE WHEN id > 0 THEN res_model END = ANY(%s)", list(names))
        return SQL(
            """
            (SELECT id, count(*) OVER () > %s AS is_full FROM (
             SELECT id FROM (
             SELECT id FROM ops_search_entry WHERE %s AND %s @@ %s::tsquery AND %s AND %s
           ORDER BY date DESC NULLS LAST, id DESC OFFSET 0 LIMIT %s) AS newest
              WHERE (SELECT words FROM ops_search_entry AS entry WHERE entry.id = newest.id) @@ %s::tsquery LIMIT %s) AS hit)
            """,
            CANDIDATES, of_age, words, held, of_models, rules, most, query, CANDIDATES + 1,
        )

    @api.model
    def _rules(self, names):
        """Return the condition that an entry is one of these models' that the user may read."""
        return SQL("(%s)", SQL(" OR ").join(
            SQL("(res_model = %s AND res_id IN %s)", name, self._asked(name).subselect()) for name in names
        ))

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
    def _asked(self, name, domain=Domain.TRUE):
        """Return the query of the records of a model that the user may find, as its own rules say."""
        model = self.env[name]
        return model._search(domain & Domain(getattr(model, "_search_shown", Domain.TRUE)))

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
            query = self._asked(name, Domain("id", "in", list(ids)))
            parts.append(SQL("(%s)", query.select(SQL("%s", name), SQL.identifier(query.table, "id"))))
        readable = set(self.env.execute_query(SQL(" UNION ALL ").join(parts))) if parts else set()
        places = {name: place for place, names in models.items() for name in names}
        found, known, lang = {}, {}, self.env.lang
        for hit, is_full in candidates:
            hits = found.setdefault(places[hit.model], Hits())
            hits.cut = hits.cut or is_full
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
