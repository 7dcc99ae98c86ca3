"""Shows where in a text what was looked for is found (see ``search_question``)."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from functools import lru_cache

from .search_words import CJK, fold

IS_CHINESE = re.compile(f"[{CJK}]")
REST_OF_WORD = re.compile(rf"(?:(?![{CJK}])[^\W_])*")


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
    pattern, spans, at = _pattern(tuple(marks)), [], 0
    while match := pattern.search(folded, at):
        first, end = match.span()
        if first and _inside_word(folded[first - 1], folded[first]):
            at = max(first + 1, REST_OF_WORD.match(folded, first).end())
            continue
        spans.append((first, end) if origins is None else (origins[first], origins[end - 1] + 1))
        at = end
    return spans


@lru_cache(64)
def _pattern(marks):
    """Return what marks look like in a folded text: to the end of a word, Chinese anywhere.

    Where a word begins is not a part of it: the search for a pattern that begins with letters is several times as quick.
    """
    return re.compile("|".join(map(_pattern_of, marks)))


def _pattern_of(mark):
    if IS_CHINESE.match(mark):
        return re.escape(mark)
    begun = re.escape(mark[:-1]) + "(?:y|ies)" if mark.endswith("y") else re.escape(mark)
    return begun + REST_OF_WORD.pattern


def _inside_word(before, first):
    return before.isalnum() and not IS_CHINESE.match(before) and not IS_CHINESE.match(first)


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
    starts = [first for first, _end in spans]
    most = [bisect_left(starts, first + width) - index for index, first in enumerate(starts)]
    first = starts[most.index(max(most))] if starts else 0
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
