"""Cuts texts into words for the search, and writes them down as PostgreSQL's text search stores them.

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
from collections.abc import Iterable
from typing import NamedTuple

# writing without spaces between words: kana, ideographs, Hangul
CJK = "\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
# what belongs together when it holds a figure: PR-2026/0012, 2026-11-24, 3.5
CODE = rf"(?=[^\s{CJK}]*\d)(?:(?![{CJK}])[^\W_])+(?:[-/._](?:(?![{CJK}])[^\W_])+)+"
RUN = re.compile(rf"(?P<code>{CODE})|(?P<cjk>[{CJK}]+)|(?P<word>(?:(?![{CJK}])[^\W_])+)")
PART = re.compile(r"[^\W_]+")

MAX_WORD = 60  # characters: what is longer is no word that anybody looks for
MAX_TOKENS = 12_000  # of one record; a position beyond 16,383 means nothing to PostgreSQL
MAX_POSITIONS = 250  # of one word
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
        *(f"{quoted(lexeme)}:{','.join(places)}" for lexeme, places in placed.items()),
        *(quoted(lexeme) for lexeme in (*titles, *own, *keys)),
    ])


def quoted(lexeme: str) -> str:
    """Return a lexeme as the literals of PostgreSQL's text search hold it.

    >>> quoted("it's")
    "'it''s'"
    """
    return "'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'"
