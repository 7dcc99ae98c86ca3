"""How a handbook becomes a book: which chapters are set together, what stays together on a page, which head runs where.

Pure: texts are HTML that has been cleaned already; pages are counted by whoever sets them.

>>> runs([("a", 1, 40), ("a1", 2, 70), ("b", 1, 60), ("c", 1, 30)], 100)
[['a', 'a1'], ['b', 'c']]
>>> roman(4), roman(19)
('iv', 'xix')
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right

from lxml import html as lxml_html

from .outline import HEADINGS, parsed

# what may follow a heading onto the next page with it: more would leave holes
KEPT_WORDS = 900  # characters
KEPT_ROWS = 8
# half widths of a cell that is not broken, and of a line of such cells
CELL, LINE = 16, 56


def runs(articles, limit: int) -> list[list]:
    """Return the keys of the articles in the groups in which they are set: whole chapters, at most ``limit`` at a time.

    A chapter that is larger than that has a group of its own: a chapter begins on a new page, so only there may one end.

    :param articles: triples of key, level (1: a chapter begins) and size, in reading order; sizes and ``limit`` in characters

    >>> runs([("a", 1, 500), ("b", 1, 10), ("c", 1, 10)], 100)
    [['a'], ['b', 'c']]
    >>> runs([], 100)
    []
    """
    found: list[list] = []
    filled = 0
    for keys, size in _chapters(articles):
        if found and filled + size <= limit:
            found[-1] += keys
            filled += size
        else:
            found.append(keys)
            filled = size
    return found


def _chapters(articles):
    """Yield each chapter with what is below it: keys and size."""
    keys: list = []
    filled = 0
    for key, level, size in articles:
        if level == 1 and keys:
            yield keys, filled
            keys, filled = [], 0
        keys.append(key)
        filled += size
    if keys:
        yield keys, filled


def roman(number: int) -> str:
    """Return a page number of the front matter.

    >>> roman(1), roman(14), roman(1999)
    ('i', 'xiv', 'mcmxcix')
    """
    signs = (
        (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"),
        (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
    )
    text = ""
    for value, sign in signs:
        count, number = divmod(number, value)
        text += sign * count
    return text


def running_heads(total: int, starts) -> list[tuple]:
    """Return for each of ``total`` pages which chapter runs there and whether it opens there.

    :param starts: pairs of page (from 0) and chapter, in order
    :return: pairs of chapter (None before the first) and True on the page that it opens

    >>> running_heads(4, [(1, "A"), (3, "B")])
    [(None, False), ('A', True), ('A', False), ('B', True)]
    """
    pages = [page for page, _chapter in starts]
    found = []
    for page in range(total):
        index = bisect_right(pages, page) - 1
        found.append((starts[index][1], pages[index] == page) if index >= 0 else (None, False))
    return found


def located(titles, texts) -> list:
    """Return on which page each title stands, read from the pages' text: for a printer that leaves no links in its PDF.

    Titles follow each other; one that cannot be read counts as standing where the one before it does.

    :param titles: as they are printed ("2.3 Reminder letters"), in order
    :param texts: text of each page, as a PDF gives it: with blanks anywhere, ligatures, other forms of the same character
    :return: numbers of pages, from 0

    >>> located(["1 Plan", "1.1 Who", "2 Do"], ["1 Pl an of", "1.1 W ho …", "… 2 Do"])
    [0, 1, 2]
    >>> located(["1 Plan", "1.1 Lost", "2 Do"], ["1 Plan", "", "2 Do"])
    [0, 0, 2]
    """
    pages = [_plain(text) for text in texts]
    found, page = [], 0
    for title in titles:
        wanted = _plain(title)
        page = next((index for index in range(page, len(pages)) if wanted in pages[index]), page)
        found.append(page)
    return found


def _plain(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text or "")).lower()


def laid_out(html: str) -> tuple[str, str]:
    """Return a text as it is printed, in two: what stays with the title above it, and the rest.

    All of :func:`short_cells`, :func:`held_together` and :func:`opening` in one reading.

    >>> laid_out("<h3>By when</h3><p>Today.</p><p>Then.</p>")
    ('<div class="ops_held"><h3>By when</h3><p>Today.</p></div>', '<p>Then.</p>')
    """
    root = parsed(html)
    _shorten_cells(root)
    _hold_together(root)
    return _opened(root)


def held_together(html: str) -> str:
    """Return a text whose headings stay with the paragraph, list or small table after them when a page ends.

    Printers break before an element, hardly ever *not after* one: so both are put into a box that is not broken.

    >>> held_together("<h3>By when</h3><p>Today.</p><p>Then.</p>")
    '<div class="ops_held"><h3>By when</h3><p>Today.</p></div><p>Then.</p>'
    >>> held_together("<p>Nothing to hold.</p>")
    '<p>Nothing to hold.</p>'
    """
    root = parsed(html)
    _hold_together(root)
    return _inner(root)


def _hold_together(root) -> None:
    for heading in list(root.iter(*HEADINGS)):
        parent = heading.getparent()
        if parent is not None and "ops_held" not in (parent.get("class") or "").split():
            _hold(heading, parent)


def opening(html: str) -> tuple[str, str]:
    """Return a text in two: what stays with the title above it, and the rest.

    >>> opening("<p>First.</p><p>Second.</p>")
    ('<p>First.</p>', '<p>Second.</p>')
    >>> opening("Only words"), opening("")
    (('', 'Only words'), ('', ''))
    """
    return _opened(parsed(html))


def _opened(root) -> tuple[str, str]:
    if not len(root) or (root.text or "").strip() or not _is_small(root[0]):
        return "", _inner(root)
    first, *rest = root
    after, first.tail = first.tail or "", None
    others = escaped(after) + "".join(lxml_html.tostring(node, encoding="unicode") for node in rest)
    return lxml_html.tostring(first, encoding="unicode"), others


def short_cells(html: str) -> str:
    """Return a text in whose tables short cells are not broken (class ``ops_short``).

    Chinese may be broken anywhere: a printer leaves a column of short words one character wide beside a column of sentences.

    >>> short_cells("<table><tr><td>部门负责人</td><td>A sentence that goes on and on.</td></tr></table>")
    '<table><tr><td class="ops_short">部门负责人</td><td>A sentence that goes on and on.</td></tr></table>'
    """
    root = parsed(html)
    _shorten_cells(root)
    return _inner(root)


def _shorten_cells(root) -> None:
    for table in root.iter("table"):
        columns = max((sum(1 for cell in row if cell.tag in ("td", "th")) for row in table.iter("tr")), default=1)
        for cell in table.iter("td", "th"):
            if cell.find(".//img") is None and 0 < _width("".join(cell.itertext())) <= min(CELL, LINE // max(columns, 1)):
                cell.set("class", " ".join(filter(None, [cell.get("class"), "ops_short"])))


def _width(text: str) -> int:
    """Return how wide a text is, in half widths: a Chinese character counts two."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in " ".join(text.split()))


def _inner(root) -> str:
    return escaped(root.text or "") + "".join(lxml_html.tostring(node, encoding="unicode") for node in root)


def _hold(heading, parent) -> None:
    """Put a heading, those that follow it at once and the piece after them into a box."""
    members = [heading]
    follower = heading.getnext()
    while follower is not None and follower.tag in HEADINGS and not (members[-1].tail or "").strip():
        members.append(follower)
        follower = follower.getnext()
    if follower is not None and not (members[-1].tail or "").strip() and _is_small(follower):
        members.append(follower)
    box = lxml_html.Element("div", {"class": "ops_held"})
    box.tail, members[-1].tail = members[-1].tail, None
    parent.insert(parent.index(heading), box)
    box.extend(members)


def _is_small(element) -> bool:
    if not isinstance(element.tag, str) or element.tag == "hr":
        return False
    rows = sum(1 for _row in element.iter("tr", "li"))
    return rows <= KEPT_ROWS and len("".join(element.itertext())) <= KEPT_WORDS


def escaped(text: str) -> str:
    """Return text as it stands in HTML.

    >>> escaped("a < b & c")
    'a &lt; b &amp; c'
    """
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
