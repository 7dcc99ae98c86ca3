"""Says in PostgreSQL's text search what somebody looks for, and among what (see ``search_words`` for the words).

>>> question('"reminder letters" 催办函').all()
"('reminder' <-> 'letter') & ('催办' <-> '办函')"
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from .search_words import PART, Run, fold, quoted, runs, stem

QUOTED = re.compile(r'"([^"]*)"|“([^”]*)”|「([^」]*)」|《([^》]*)》|(\S+)')
KEY = re.compile(r"'~[^']*'")
MAX_CHUNKS = 16  # words of a question


class Beginning(NamedTuple):
    """What words begin with; ``is_code``: of a code, which has more than one part."""

    text: str
    is_code: bool


NO_ENDINGS: Mapping[Beginning | None, Iterable[str]] = MappingProxyType({})


class Question(NamedTuple):
    """What somebody looks for: chunks that all have to be found, each a list of runs side by side."""

    chunks: tuple[tuple[Run, ...], ...]
    open_end: bool  # the last word may be the beginning of one
    exact: bool  # somebody put words in quotation marks, and wants these

    def all(self, endings: Mapping[Beginning | None, Iterable[str]] = NO_ENDINGS) -> str:
        """Return the ``tsquery`` that asks for all chunks.

        :param endings: words that begin so, for the beginnings that the question has; under None for that of the last word

        >>> question("month repo").all({None: ["repo", "report"]}), question("函 5").all({Beginning("函", False): ["函", "函件"]})
        ("'month' & ('repo' | 'report')", "('函' | '函件') & '5'")
        """
        return self._both("", endings)

    def title(self, endings: Mapping[Beginning | None, Iterable[str]] = NO_ENDINGS) -> str:
        """Return the ``tsquery`` for titles that hold all of it; ``endings`` as for :meth:`all`."""
        return self._both("^", endings)

    def _both(self, mark, endings):
        last = len(self.chunks) - 1
        going_on = endings.get(None, ())
        return both(_chunk(chunk, mark, endings, going_on if index == last else ()) for index, chunk in enumerate(self.chunks))

    def any(self, endings: Mapping[Beginning | None, Iterable[str]] = NO_ENDINGS) -> str:
        """Return the ``tsquery`` that asks for any word of the question, and any two characters of Chinese side by side."""
        words = {}
        for run in (run for chunk in self.chunks for run in chunk):
            words.update(dict.fromkeys(_operands(run, "", endings)))
        return either(words)

    def parts(self, endings: Mapping[Beginning | None, Iterable[str]] = NO_ENDINGS, title: bool = False) -> list[str]:
        """Return a ``tsquery`` for each word of the question, or of a title: every record that is found holds all of them.

        >>> question('"month plan" 催办函').parts()
        ["'month'", "'plan'", "'催办'", "'办函'"]
        """
        last, found = len(self.chunks) - 1, {}
        for index, chunk in enumerate(self.chunks):
            operands = _chunk_operands(chunk, "^" if title else "", endings, endings.get(None, ()) if index == last else ())
            found.update(dict.fromkeys(operands))
        return list(found)

    def codes(self) -> list[str]:
        """Return what is asked for that looks like a number with several parts.

        >>> question("PR-2026/0012 letter").codes()
        ['pr-2026/0012']
        """
        return [chunk[0].text for chunk in self.chunks if _is_code(chunk)]

    def characters(self) -> list[Beginning]:
        """Return the single Chinese characters of the question: in an index of pairs they are beginnings of words.

        >>> question("函 letter").characters()
        [Beginning(text='函', is_code=False)]
        """
        runs_of_all = (run for chunk in self.chunks for run in chunk)
        return list(dict.fromkeys(Beginning(run.text, False) for run in runs_of_all if _is_character(run)))

    def last(self) -> Beginning | None:
        """Return what the last word may be the beginning of; None where it is not to go on.

        >>> question("letter repo").last(), question("PR-2026/00").last(), question("催办").last()
        (Beginning(text='repo', is_code=False), Beginning(text='pr-2026/00', is_code=True), None)
        """
        run = self.chunks[-1][-1] if self.open_end else None
        return run and Beginning(stem(run.text), run.kind == "code")

    def code(self) -> str:
        """Return the ``tsquery`` for records that are called by something asked for; empty when nothing looks like a code."""
        whole = ["-".join(run.text for run in chunk) for chunk in self.chunks]
        return either(quoted("=" + text) for text in whole if any(character.isdigit() for character in text))

    def marks(self) -> list[str]:
        """Return what is to be marked in a text that was found, longest first."""
        found = {run.text if run.kind != "word" else stem(run.text) for chunk in self.chunks for run in chunk}
        pairs = {run.text[i:i + 2] for chunk in self.chunks for run in chunk if run.kind == "cjk" for i in range(len(run.text) - 1)}
        return sorted(found | pairs, key=lambda mark: (-len(mark), mark))


def question(text: str) -> Question:
    """Return what a typed question asks for; quotation marks keep words together.

    >>> question('"reminder letters" M6').all()
    "('reminder' <-> 'letter') & 'm6'"
    >>> question("催办函").all(), question("函").all()
    ("('催办' <-> '办函')", "'函'")
    >>> question("PR-2026/0012").all(), question("PR-2026/0012").code()
    ("('pr' <-> '2026' <-> '0012')", "'=pr-2026/0012'")
    >>> question("PR-2026/0012").all({Beginning("pr-2026/0012", True): ["pr-2026/0012"]})
    "'pr-2026/0012'"
    >>> question("2号线").all(), question("催办函 letters").any()
    ("('2' <-> '号线')", "'催办' | '办函' | 'letter'")
    >>> question("?! '").chunks
    ()
    """
    chunks, open_end, exact = [], False, False
    for match in QUOTED.finditer((text or "").strip()):
        folded, _origins = fold(match.group(match.lastindex))
        if found := tuple(runs(folded)):
            chunks.append(found)
            exact = exact or match.lastindex < 5
            open_end = match.lastindex == 5 and found[-1].kind != "cjk" and len(found[-1].text) > 1
    return Question(tuple(chunks[:MAX_CHUNKS]), open_end and len(chunks) <= MAX_CHUNKS, exact)


def _operands(run, mark, endings=NO_ENDINGS):
    """Return the operands of a run in order, as a phrase has them."""
    if _is_character(run):
        return [_one_of(mark, endings.get(Beginning(run.text, False)) or [run.text])]
    if run.kind == "cjk":
        return [quoted(mark + run.text[i:i + 2]) for i in range(len(run.text) - 1)]
    parts = PART.findall(run.text) if run.kind == "code" else [run.text]
    return [quoted(mark + stem(part)) for part in parts]


def _one_of(mark, words):
    found = [quoted(mark + word) for word in words]
    return found[0] if len(found) == 1 else f"({either(found)})"


def _chunk_operands(chunk, mark, endings, going_on):
    """Return the operands of runs side by side; a code of which records are known to hold it is one word."""
    if _is_code(chunk) and (known := going_on or endings.get(Beginning(chunk[0].text, True))):
        return [_one_of(mark, known)]
    operands = [operand for run in chunk for operand in _operands(run, mark, endings)]
    if going_on:
        operands[-1] = _one_of(mark, going_on)
    return operands


def _chunk(chunk, mark, endings, going_on):
    """Return the ``tsquery`` of runs side by side; of titles, which know no places, that all of them occur."""
    operands = _chunk_operands(chunk, mark, endings, going_on)
    return operands[0] if len(operands) == 1 else f"({(' & ' if mark else ' <-> ').join(operands)})"


def _is_code(chunk):
    return len(chunk) == 1 and chunk[0].kind == "code"


def _is_character(run):
    return run.kind == "cjk" and len(run.text) == 1


def both(queries: Iterable[str]) -> str:
    """Return the ``tsquery`` that asks for all of ``queries``; empty ones ask for nothing."""
    return " & ".join(query for query in queries if query)


def either(queries: Iterable[str]) -> str:
    """Return the ``tsquery`` that asks for any of ``queries``; empty ones ask for nothing."""
    return " | ".join(query for query in queries if query)


def apart(query: str) -> str:
    """Return the ``tsquery`` for the same words wherever they stand: what an index can tell without a look at the places.

    >>> apart("('催办' <-> '办函') & 'm6'")
    "('催办' & '办函') & 'm6'"
    """
    return query.replace(" <-> ", " & ")  # no word holds a space


# -- among what ---------------------------------------------------------------------------------------------------------------


def scope_query(models: Mapping[str, str | None]) -> str:
    """Return the ``tsquery`` for entries of these models: dict model → a query on its keys, None for all of them.

    Models with the same query are asked together.

    >>> scope_query({"a": None, "b": "'~d=1'", "c": "'~d=1'"})
    "(('~m=a') | (('~m=b' | '~m=c') & ('~d=1')))"
    """
    groups: dict[str | None, list[str]] = {}
    for model, query in models.items():
        groups.setdefault(query, []).append(quoted(f"~m={model}"))
    parts = [
        f"(({' | '.join(names)}) & ({query}))" if query else f"({' | '.join(names)})" for query, names in groups.items()
    ]
    return f"({' | '.join(parts)})"


def scope_part(models: Mapping[str, str | None]) -> str:
    """Return a ``tsquery`` that the same entries fulfil, and others, in one step: any of their people; or any of the models,
    where people do not matter for all of them.

    >>> scope_part({"a": "'~d=1' & '~e=2'", "b": "'~d=1'"}), scope_part({"a": None, "b": "'~d=1'"})
    ("'~d=1' | '~e=2'", "'~m=a' | '~m=b'")
    """
    if None in models.values():
        return either(quoted(f"~m={model}") for model in models)
    return either(dict.fromkeys(key for query in models.values() for key in KEY.findall(query)))
