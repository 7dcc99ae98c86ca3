"""Two versions of a text side by side: block by block, word by word and, in Chinese, character by character.

Pure. What comes out is built from the words alone: every character of the texts is escaped, tags come from the short lists below
and carry no attribute of the texts but the address of a link or a picture that is safe. So a hostile text stays neutral, cleaned
or not. A live standard is compared by its code: what it says at the moment is not part of the text.

>>> for row in side_by_side("<p>Hand it in by the 25th.</p>", "<p>Hand it in by the 28th.</p><p>New</p>"):
...     print(row.kind, row.before, row.after)
changed <p>Hand it in by the <del>25th</del>.</p> <p>Hand it in by the <ins>28th</ins>.</p>
added  <p><ins>New</ins></p>
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from html import escape
from typing import NamedTuple

from .html_blocks import blocks

SAFE_LINK = re.compile(r"(?:https?://|mailto:|tel:|/(?![/\\])|#)[^\s\\]*$", re.I)
SAFE_PICTURE = re.compile(r"/web/(?:image|content)/[^\s\\]*$")
ALIKE = 0.4  # share of common pieces from which two blocks are one that was rewritten
COSTLY = 4_000_000  # comparisons of pieces beyond which a faster, coarser way is taken
NEAR = 2_500  # pairs of rewritten blocks that are compared with each other


class Row(NamedTuple):
    """A row of the comparison: ``kind`` is same, changed, added or removed; the cells are safe HTML, '' where nothing stands."""

    kind: str
    before: str
    after: str


def side_by_side(before, after) -> list[Row]:
    """Return the rows that set two texts against each other.

    :param before, after: HTML, or nothing
    :return: list of :class:`Row`, in the order of ``after``; what is gone stands where it stood

    >>> [row.kind for row in side_by_side("<h2>A</h2><p>b</p>", "<h2>A</h2>")]
    ['same', 'removed']
    >>> side_by_side("<p>每月25日前提交</p>", "<p>每月25日后提交</p>")[0].after
    '<p>每月25日<ins>后</ins>提交</p>'
    """
    old, new = blocks(before), blocks(after)
    rows = []
    for kind, a, b in _aligned(old, new):
        if kind == "same":
            text = _written(b, None)
            rows.append(Row("same", text, text))
        elif kind == "changed":
            rows.append(_changed(a, b))
        else:
            rows += [Row("removed", _written(a, "del"), "")] if a else [Row("added", "", _written(b, "ins"))]
    return rows


def is_changed(rows) -> bool:
    """Return whether a comparison shows any difference.

    >>> is_changed(side_by_side("<p>a  b</p>", "<div>a b</div>")), is_changed(side_by_side("a", "b"))
    (False, True)
    """
    return any(row.kind != "same" for row in rows)


# -- comparing ----------------------------------------------------------------------------------------------------------------


def _matcher(a, b) -> SequenceMatcher:
    # every second piece of a European text is a blank: no stretch is looked for by its blanks
    return SequenceMatcher(lambda item: item[0] == " ", a, b, autojunk=len(a) * len(b) > COSTLY)


def _aligned(old, new):
    """Yield pairs of blocks: kind, block before or None, block after or None."""
    for kind, a1, a2, b1, b2 in _opcodes(old, new):
        if kind == "equal":
            yield from (("same", a, b) for a, b in zip(old[a1:a2], new[b1:b2], strict=True))
        else:
            yield from _paired(old[a1:a2], new[b1:b2])


def _opcodes(old, new):
    """Return what turns ``old`` into ``new``, as difflib names it; ends that agree are not compared at length."""
    head, most = 0, min(len(old), len(new))
    while head < most and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < most - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    codes = [("equal", 0, head, 0, head)] if head else []
    for kind, a1, a2, b1, b2 in _matcher(old[head:len(old) - tail], new[head:len(new) - tail]).get_opcodes():
        codes.append((kind, a1 + head, a2 + head, b1 + head, b2 + head))
    if tail:
        codes.append(("equal", len(old) - tail, len(old), len(new) - tail, len(new)))
    return codes


def _paired(old, new):
    """Yield the pairs of a stretch that was rewritten: blocks that are alike, in their order, so that most are found."""
    if len(old) * len(new) > NEAR:
        pairs = [(i, i) for i in range(min(len(old), len(new))) if _alike(old[i], new[i]) >= ALIKE]
    else:
        pairs = _best_pairs([[_alike(a, b) for b in new] for a in old])
    i = j = 0
    for a, b in [*pairs, (len(old), len(new))]:
        yield from (("removed", block, None) for block in old[i:a])
        yield from (("added", None, block) for block in new[j:b])
        if a < len(old) and b < len(new):
            yield ("changed", old[a], new[b])
        i, j = a + 1, b + 1


def _best_pairs(alike):
    """Return the pairs (row, column), both ascending, of which the sum is the greatest."""
    rows, columns = len(alike), len(alike[0]) if alike else 0
    best = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    for i in range(rows - 1, -1, -1):
        for j in range(columns - 1, -1, -1):
            here = alike[i][j] + best[i + 1][j + 1] if alike[i][j] >= ALIKE else 0
            best[i][j] = max(best[i + 1][j], best[i][j + 1], here)
    pairs, i, j = [], 0, 0
    while i < rows and j < columns:
        if alike[i][j] >= ALIKE and best[i][j] == alike[i][j] + best[i + 1][j + 1]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return pairs


def _alike(a, b) -> float:
    """Return how much two blocks have in common, from 0 to 1."""
    texts = [[piece.text.lower() for cell in block.cells for piece in cell if not piece.text.isspace()] for block in (a, b)]
    if not texts[0] or not texts[1]:
        return 0.0
    ratio = SequenceMatcher(None, *texts, autojunk=False).quick_ratio()
    # the same words as something else (a heading that becomes a paragraph) are the same block too
    return ratio if a.tag == b.tag or ratio > 0.8 else ratio / 2


def _changed(a, b) -> Row:
    if a.tag == "tr" and b.tag == "tr" and len(a.cells) == len(b.cells) or a.tag != "tr" and b.tag != "tr":
        marked = [_compared(one, other) for one, other in zip(a.cells, b.cells, strict=True)]
        retagged = (a.tag, a.mark) != (b.tag, b.mark) and all(one == other for one, other in zip(a.cells, b.cells, strict=True))
        if not retagged:
            return Row("changed", _block(a, [cells[0] for cells in marked]), _block(b, [cells[1] for cells in marked]))
    return Row("changed", _written(a, "del"), _written(b, "ins"))


def _compared(old, new):
    """Return two cells as HTML, with what differs marked."""
    if len(old) * len(new) > COSTLY * 4:
        return _run(old, "del"), _run(new, "ins")
    before, after = [], []
    for same, a, b in _joined(old, new):
        before.append(_run(a, None if same else "del"))
        after.append(_run(b, None if same else "ins"))
    return "".join(before), "".join(after)


def _joined(old, new):
    """Yield stretches: whether they are the same, pieces before, pieces after; blanks between two changes belong to them."""
    found = []
    for kind, a1, a2, b1, b2 in _opcodes(old, new):
        a, b, same = old[a1:a2], new[b1:b2], kind == "equal"
        if found and not same and len(found) > 1 and found[-1][0] and all(piece.text.isspace() for piece in found[-1][2]):
            _same, blank_a, blank_b = found.pop()
            _same, last_a, last_b = found.pop()
            found.append((False, last_a + blank_a + a, last_b + blank_b + b))
        else:
            found.append((same, a, b))
    return found


# -- writing ------------------------------------------------------------------------------------------------------------------


def _written(block, change) -> str:
    return _block(block, [_run(cell, change) for cell in block.cells])


def _block(block, cells) -> str:
    if block.tag == "tr":
        return f"<table><tbody><tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr></tbody></table>"
    if block.tag == "li":
        mark = f"{block.number}." if block.mark == "#" else block.mark
        return f'<p class="o_ops_diff_item"><span>{mark}</span> {cells[0]}</p>'
    return f"<{block.tag}>{cells[0]}</{block.tag}>"


def _run(pieces, change) -> str:
    """Return pieces as HTML; what is set alike is written together."""
    found, start = [], 0
    for index in range(1, len(pieces) + 1):
        if index == len(pieces) or pieces[index][1:] != pieces[start][1:] or pieces[start].kind:
            found.append(_set(pieces[start:index], change))
            start = index
    text = "".join(found)
    return f"<{change}>{text}</{change}>" if change and pieces else text


def _set(pieces, change) -> str:
    first = pieces[0]
    if first.kind == "br":
        return "<br/>"
    text = escape("".join(piece.text for piece in pieces))
    if first.kind == "std":
        return f'<span class="o_ops_diff_standard">{text}</span>'
    if first.kind == "img":
        return _picture(first, text, change)
    for mark in sorted(first.marks):
        text = f"<{mark}>{text}</{mark}>"
    if not first.href:
        return text
    if SAFE_LINK.match(first.href):
        text = f'<a href="{escape(first.href)}" target="_blank" rel="noopener noreferrer">{text}</a>'
    # where a link leads is seen where it changed: its words may have stayed
    return f"{text} ({escape(first.href)})" if change else text


def _picture(piece, alt, change) -> str:
    if SAFE_PICTURE.match(piece.href):
        return f'<img src="{escape(piece.href)}" alt="{alt}"/>'
    return f"▣ {alt}".strip() + (f" ({escape(piece.href[:80])})" if change and piece.href else "")
