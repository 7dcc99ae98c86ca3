"""Cuts texts and questions into words for the search, and writes them down as PostgreSQL's text search wants them.

No parser and no locale decides what a word is: Chinese, Japanese and Korean become pairs of characters, codes stay whole
and are known by their parts besides, accents and the plural's s do not matter.

>>> lexemes("Send the reminder letters for HV-2026/0012")
['send', 'the', 'reminder', 'letter', 'for', 'hv-2026/0012', 'hv', '2026', '0012']
>>> lexemes("签发催办函"), lexemes("M6月度分解"), lexemes("Café — Ｍ６")
(['签发', '发催', '催办', '办函', '函'], ['m6', '月度', '度分', '分解', '解'], ['cafe', 'm6'])
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import NamedTuple

# writing without spaces between words: kana, ideographs, Hangul
CJK = "\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
# what belongs together when it holds a figure: PR-2026/0012, 2026-11-24, 3.5
CODE = rf"(?=[^\s{CJK}]*\d)(?:(?![{CJK}])[^\W_])+(?:[-/._](?:(?![{CJK}])[^\W_])+)+"
RUN = re.compile(rf"(?P<code>{CODE})|(?P<cjk>[{CJK}]+)|(?P<word>(?:(?![{CJK}])[^\W_])+)")
QUOTED = re.compile(r'"([^"]*)"|“([^”]*)”|「([^」]*)」|《([^》]*)》|(\S+)')
PART = re.compile(r"[^\W_]+")
KEY = re.compile(r"'~[^']*'")

MAX_WORD = 60  # characters: what is longer is no word that anybody looks for
MAX_TOKENS = 12_000  # of one record; a position beyond 16,383 means nothing to PostgreSQL
MAX_POSITIONS = 250  # of one word
MAX_CHUNKS = 16  # words of a question
GAP = 10  # positions between two texts of a record: no phrase reaches from one into the other


class Run(NamedTuple):
    """A stretch of text that belongs together: ``kind`` word, code or cjk; ``start``, ``end`` in the folded text."""

    kind: str
    text: str
    start: int
    end: int


# -- folding ---------------------------------------------------------------------------------------------------------------


def fold(text: str) -> tuple[str, list[int] | None]:
    """Return ``text`` in the form in which texts are compared, and for each of its characters where it came from.

    >>> fold("Ｍ６ Maß")
    ('m6 mass', [0, 1, 2, 3, 4, 5, 5])
    >>> fold("M6")  # None: each character stands where it stood
    ('m6', None)
    """
    if text.isascii():
        return text.lower(), None
    folded = text.translate(_FOLDS)
    if _UNEVEN.isdisjoint(text):
        return folded, None
    origins = [index for index, character in enumerate(text) for _part in character.translate(_FOLDS)]
    return folded, origins


class _Folds(dict):
    """What becomes of a character, found out once: ``str.translate`` asks for each of a text."""

    def __missing__(self, code):
        apart = unicodedata.normalize("NFKD", chr(code)).casefold()
        folded = unicodedata.normalize("NFC", "".join(part for part in apart if not "\u0300" <= part <= "\u036f"))
        self[code] = folded
        if len(folded) != 1:
            _UNEVEN.add(chr(code))
        return folded


_FOLDS, _UNEVEN = _Folds(), set()


def stem(word: str) -> str:
    """Return an English word without the plural's s; anything else as it is.

    >>> [stem(word) for word in ("letters", "companies", "boxes", "process", "analysis", "status", "m6s", "gas")]
    ['letter', 'company', 'box', 'process', 'analysis', 'status', 'm6s', 'gas']
    """
    if len(word) < 4 or word[-1] != "s" or not word.isascii() or not word.isalpha() or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    return word[:-2] if word.endswith(("sses", "xes", "ches", "shes", "zes")) else word[:-1]


TAG = re.compile(r"<!--.*?-->|<(style|script)\b.*?</\1\s*>|<(/?)(\w+)[^>]*>", re.S | re.I)
INLINE = {"a", "abbr", "b", "code", "del", "em", "font", "i", "ins", "mark", "s", "small", "span", "strong", "sub", "sup", "u"}


def plain(html_text: str) -> str:
    """Return what one reads of HTML, in one line; many times faster than a parser, and good enough to find words in.

    >>> plain("<p>Re<b>mind</b>er &amp; more<br/>next</p><style>p {}</style><ul><li>签<i>发</i></li></ul>")
    'Reminder & more next 签发'
    """
    text = TAG.sub(lambda tag: "" if (tag.group(3) or "").lower() in INLINE else " ", str(html_text or ""))
    return " ".join(html.unescape(text).split())


HEADING = re.compile(r"<h([1-6])\b[^>]*>(.*?)</h\1\s*>", re.S | re.I)


def headings(html_text: str) -> list[str]:
    """Return what the headings of HTML say, in order.

    >>> headings("<h2 id='a'>By <b>when</b></h2><p>text</p><h3></h3>")
    ['By when']
    """
    return [text for _level, inner in HEADING.findall(str(html_text or "")) if (text := plain(inner))]


# -- cutting ---------------------------------------------------------------------------------------------------------------


def runs(folded: str) -> list[Run]:
    """Return the words, codes and stretches of Chinese in a folded text, in order.

    >>> [run.text for run in runs("see pr-2026/0012, 2号线 e-mail a_b")]
    ['see', 'pr-2026/0012', '2', '号线', 'e', 'mail', 'a', 'b']
    """
    return [
        Run(match.lastgroup, match.group(), match.start(), match.end())
        for match in RUN.finditer(folded) if match.end() - match.start() <= MAX_WORD or match.lastgroup == "cjk"
    ]


def _placed(run, position):
    """Yield (lexeme, position) for a run that begins at ``position``."""
    if run.kind == "word":
        yield stem(run.text), position
    elif run.kind == "code":
        yield run.text, position
        for offset, part in enumerate(PART.findall(run.text)):
            yield stem(part), position + offset
    else:
        for offset in range(len(run.text)):
            # pairs; the last character stands alone, so that each one is the beginning of something
            yield run.text[offset:offset + 2], position + offset


def _length(run):
    return {"word": 1, "code": len(PART.findall(run.text))}.get(run.kind, len(run.text))


def lexemes(text: str) -> list[str]:
    """Return the lexemes of a text in order, each once (see the head of this file)."""
    found = {}
    for run in runs(fold(text or "")[0]):
        found.update(dict.fromkeys(lexeme for lexeme, _position in _placed(run, 0)))
    return list(found)


# -- what is stored ----------------------------------------------------------------------------------------------------------


def vector(texts: Iterable[tuple[str, str]], codes: Iterable[str] = (), keys: Iterable[str] = ()) -> str:
    """Return the literal of a ``tsvector``.

    :param texts: pairs of a text and its weight, ``A`` (titles) to ``D``
    :param codes: what the record is called by: its number, the standards that it states
    :param keys: further lexemes as they are; nobody's words begin like them (``~``)

    >>> vector([("Reminder letters", "A"), ("催办", "C")], ["M6"], ["~kind=form"])
    "'reminder':1A 'letter':2A '催办':13C '办':14C '^reminder' '^letter' '=m6' '~kind=form'"
    """
    placed: dict[str, list[str]] = {}
    titles: dict[str, None] = {}
    position = 1
    for text, weight in texts:
        for run in runs(fold(text or "")[0]):
            if position > MAX_TOKENS:
                break
            for lexeme, where in _placed(run, position):
                places = placed.setdefault(lexeme, [])
                if len(places) < MAX_POSITIONS:
                    places.append(f"{where}{weight}")
                if weight == "A":
                    titles["^" + lexeme] = None
            position += _length(run)
        position += GAP
    own = dict.fromkeys("=" + fold(code)[0] for code in codes if code)
    return " ".join([
        *(f"{_quoted(lexeme)}:{','.join(places)}" for lexeme, places in placed.items()),
        *(_quoted(lexeme) for lexeme in (*titles, *own, *keys)),
    ])


def _quoted(lexeme):
    return "'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'"


# -- what is asked -----------------------------------------------------------------------------------------------------------


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
        return either(_quoted("=" + text) for text in whole if any(character.isdigit() for character in text))

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
        return [_quoted(mark + run.text[i:i + 2]) for i in range(len(run.text) - 1)]
    parts = PART.findall(run.text) if run.kind == "code" else [run.text]
    return [_quoted(mark + stem(part)) for part in parts]


def _one_of(mark, words):
    found = [_quoted(mark + word) for word in words]
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


# -- what is shown -----------------------------------------------------------------------------------------------------------


def found_in(text: str, marks: Iterable[str]) -> list[tuple[int, int]]:
    """Return the stretches of ``text`` that are to be marked, in order, none inside another.

    >>> found_in("The Reminder Letters of M6", ["letter", "m6"])
    [(13, 20), (24, 26)]
    >>> found_in("请签发催办函，见M6。", ["催办函", "催办", "办函", "m6"])
    [(3, 6), (8, 10)]
    """
    marks = [mark for mark in marks if mark]
    if not text or not marks:
        return []
    folded, origins = fold(text)
    pattern = "|".join(map(_pattern, marks))
    return [
        (match.start(), match.end()) if origins is None else (origins[match.start()], origins[match.end() - 1] + 1)
        for match in re.finditer(pattern, folded)
    ]


def _pattern(mark):
    """Return what a mark looks like in a folded text: from the beginning of a word to its end, Chinese anywhere."""
    if re.match(f"[{CJK}]", mark):
        return re.escape(mark)
    begun = re.escape(mark[:-1]) + "(?:y|ies)" if mark.endswith("y") else re.escape(mark)
    return rf"(?<!(?![{CJK}])[^\W_]){begun}(?:(?![{CJK}])[^\W_])*"


def excerpt(text: str, marks: Iterable[str], width: int = 160) -> list[tuple[str, bool]]:
    """Return the most telling part of a text in pieces: (text, to be marked or not).

    :param str text: plain text
    :param marks: what is looked for, folded (see ``Question.marks``)
    :param int width: about how many characters

    >>> excerpt("Operations issue the reminder letter.", ["reminder", "letter"])
    [('Operations issue the ', False), ('reminder', True), (' ', False), ('letter', True), ('.', False)]
    >>> excerpt("one two three four five six", ["four"], 10)
    [('… two three ', False), ('four', True), (' …', False)]
    >>> excerpt("nothing of it", ["else"], 20)
    [('nothing of it', False)]
    """
    text = " ".join((text or "").split())
    spans = found_in(text, marks)
    start, end = _window(text, spans, width)
    pieces, at = [], start
    for first, last in spans:
        if first >= start and last <= end:
            pieces += [(text[at:first], False), (text[first:last], True)]
            at = last
    pieces.append((text[at:end], False))
    if start:
        pieces.insert(0, ("… ", False))
    if end < len(text):
        pieces.append((" …", False))
    return _joined(pieces)


def _window(text, spans, width):
    """Return where the part of ``width`` characters begins and ends in which most is found."""
    if len(text) <= width:
        return 0, len(text)
    first = max(spans, key=lambda span: sum(span[0] <= other[0] < span[0] + width for other in spans), default=(0, 0))[0]
    start = max(0, min(first - width // 4, len(text) - width))
    end = min(len(text), start + width)
    # at the edge of a word, where words have edges
    if start and (space := text.find(" ", max(0, start - 12), first)) >= 0:
        start = space + 1 if text.rfind(" ", space, first) - space < 24 else start
    if end < len(text) and (space := text.rfind(" ", max(first + 1, end - 15), end)) > 0:
        end = space
    return start, end


def _joined(pieces: Iterable[tuple[str, bool]]) -> list[tuple[str, bool]]:
    joined: list[tuple[str, bool]] = []
    for piece, marked in pieces:
        if piece and joined and joined[-1][1] == marked:
            joined[-1] = (joined[-1][0] + piece, marked)
        elif piece:
            joined.append((piece, marked))
    return joined


def scope_query(models: Mapping[str, str | None]) -> str:
    """Return the ``tsquery`` for entries of these models: dict model → a query on its keys, None for all of them.

    Models with the same query are asked together.

    >>> scope_query({"a": None, "b": "'~d=1'", "c": "'~d=1'"})
    "(('~m=a') | (('~m=b' | '~m=c') & ('~d=1')))"
    """
    groups: dict[str | None, list[str]] = {}
    for model, query in models.items():
        groups.setdefault(query, []).append(_quoted(f"~m={model}"))
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
        return either(_quoted(f"~m={model}") for model in models)
    return either(dict.fromkeys(key for query in models.values() for key in KEY.findall(query)))
