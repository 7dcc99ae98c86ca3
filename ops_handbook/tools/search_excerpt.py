"""Shows where in a text what was looked for is found (see ``search_question``)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .search_words import CJK, fold


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
