"""HTML as a row of blocks, each a row of pieces: what a comparison of two texts works with. Pure.

>>> [(block.tag, [piece.text for piece in block.cells[0]]) for block in blocks("<h2>Due <b>25</b></h2>每月")]
[('h2', ['Due', ' ', '25']), ('p', ['每', '月'])]
"""

from __future__ import annotations

import json
import re
from typing import NamedTuple

from lxml import etree

from .live_blocks import CODE
from .outline import INVISIBLE, parsed

# blocks shown as what they are; everything else that breaks a line is shown as a paragraph
SHOWN = {"h1", "h2", "h3", "h4", "h5", "h6", "li", "blockquote", "pre", "tr"}
BLOCKS = SHOWN | {
    "address", "article", "aside", "body", "caption", "center", "dd", "details", "dialog", "div", "dl", "dt", "fieldset",
    "figcaption", "figure", "footer", "form", "header", "hr", "html", "main", "nav", "ol", "p", "section", "summary", "table",
    "tbody", "tfoot", "thead", "ul",
}
CELLS = {"td", "th"}
SILENT = {
    "script", "style", "template", "head", "title", "iframe", "object", "embed", "noscript", "svg", "math", "select", "textarea",
}
MARKS = {"b": "strong", "strong": "strong", "i": "em", "em": "em", "u": "u", "s": "s", "strike": "s", "del": "s", "code": "code",
         "sub": "sub", "sup": "sup"}
STANDARD = {"opsStandard", "opsStandardDue"}
# what makes a word: a Chinese, Japanese or Korean character each, a run of letters and digits, a run of blanks, any other sign
PIECES = re.compile(r"[\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]"
                    r"|[^\W_\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]+"
                    r"|\s+|.", re.S)


class Piece(NamedTuple):
    """A word, sign or run of blanks with how it is set; or a picture (``kind`` img), a standard (std), a line's end (br)."""

    text: str
    marks: frozenset = frozenset()
    href: str = ""
    kind: str = ""


class Block(NamedTuple):
    """A block: what it is, and its cells (one, but for the row of a table), each a tuple of pieces.

    The number of an item in its list is shown, but makes no difference: all that follow a new item would be changed.
    """

    tag: str
    mark: str
    cells: tuple
    number: int = 0

    def __eq__(self, other):
        return isinstance(other, Block) and self[:3] == other[:3]

    def __hash__(self):
        return hash(self[:3])


def blocks(html) -> list[Block]:
    """Return the blocks of a text that say something.

    >>> [(block.tag, "".join(piece.text for piece in block.cells[0])) for block in blocks("<ul><li><p>one</p></li></ul>two")]
    [('li', 'one'), ('p', 'two')]
    """
    reader = _Reader()
    root = parsed(html)
    for event, node in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        if event == "start":
            reader.start(node)
        elif event == "end":
            reader.end(node)
        if event != "start" and node is not root:
            reader.words(node.tail)
    reader.flush()
    return reader.found


class _Reader:
    """Walks through a tree of HTML and collects blocks; without recursion, so that depth costs no stack."""

    def __init__(self):
        self.found, self.cells, self.open = [], [[]], []  # open: tags of the blocks around
        self.marks, self.links, self.skipped, self.cell_depth, self.marker, self.begun = [], [], None, 0, "", False
        self.number, self.counts = 0, {}

    def start(self, node):
        if self.skipped is not None:
            return
        tag = node.tag
        if tag in SILENT or node.get("data-embedded") in STANDARD:
            self.skipped = node
            if tag not in SILENT:
                self.embedded(node)
            return
        if tag in CELLS and "tr" in self.open:
            self.cell(node)
        elif tag in BLOCKS:
            self.block(node)
        elif tag in MARKS:
            self.marks.append(MARKS[tag])
        elif tag == "a":
            self.links.append(" ".join((node.get("href") or "").split()))
        elif tag == "img":
            self.cells[-1].append(Piece(
                " ".join((node.get("alt") or "").split()), href=(node.get("src") or "").strip(), kind="img"
            ))
        elif tag == "br":
            self.cells[-1].append(Piece("\n", kind="br"))
        self.words(node.text)

    def end(self, node):
        tag = node.tag
        if self.skipped is not None:
            if node is self.skipped:
                self.skipped = None
                if tag in BLOCKS and not self.cell_depth:
                    self.flush()
            return
        if tag in CELLS and self.cell_depth:
            self.cell_depth -= 1
        elif tag in BLOCKS:
            if not self.cell_depth:
                self.flush()
                if self.open:
                    self.open.pop()
            else:
                self.soft_break()
        elif tag in MARKS:
            if self.marks:
                self.marks.pop()
        elif tag == "a" and self.links:
            self.links.pop()

    def cell(self, node):
        if not self.cell_depth and (len(self.cells) > 1 or self.cells[0] or self.begun):
            self.cells.append([])
        elif self.cell_depth:
            self.soft_break()
        self.begun = True
        self.cell_depth += 1

    def block(self, node):
        if self.cell_depth:
            self.soft_break()
            return
        self.flush()
        self.open.append(node.tag)
        if node.tag == "li":
            parent = node.getparent()
            self.counts[parent] = self.number = self.counts.get(parent, 0) + 1
            self.marker = self.mark_of(node)

    @staticmethod
    def mark_of(node):
        classes, parent = (node.get("class") or "").split(), node.getparent()
        if parent is not None and "o_checklist" in (parent.get("class") or "").split():
            return "☑" if "o_checked" in classes else "☐"
        return "#" if parent is not None and parent.tag == "ol" else "•"

    def embedded(self, node):
        try:
            code = json.loads(node.get("data-embedded-props") or "{}").get("code")
        except (ValueError, AttributeError, RecursionError):
            code = None
        inline = node.get("data-embedded") == "opsStandardDue" or self.cell_depth
        if not inline:
            self.flush()
        self.cells[-1].append(Piece(code if isinstance(code, str) and CODE.fullmatch(code) else "?", kind="std"))
        if not inline:
            self.flush()

    def soft_break(self):
        if self.cells[-1] and self.cells[-1][-1].kind != "br":
            self.cells[-1].append(Piece("\n", kind="br"))

    def words(self, text):
        if not text or self.skipped is not None:
            return
        marks, href = frozenset(self.marks), self.links[-1] if self.links else ""
        text, exact = INVISIBLE.sub("", text), "pre" in self.open
        for piece in PIECES.findall(text):
            if piece.isspace() and not exact:
                if not self.cells[-1] or self.cells[-1][-1].text in (" ", "\n"):
                    continue
                piece = " "
            self.cells[-1].append(Piece(piece, frozenset() if piece.isspace() else marks, "" if piece.isspace() else href))

    def flush(self):
        cells = tuple(_stripped(cell) for cell in self.cells)
        self.cells, self.begun = [[]], False
        if any(cells):
            tag = next((tag for tag in reversed(self.open) if tag in SHOWN), "p")
            item = (self.marker, self.number) if tag == "li" else ("", 0)
            self.found.append(Block(tag, item[0], cells, item[1]))
            self.marker, self.number = "", 0


def _stripped(cell) -> tuple:
    start, end = 0, len(cell)
    while start < end and cell[start].text in (" ", "\n"):
        start += 1
    while end > start and cell[end - 1].text in (" ", "\n"):
        end -= 1
    return tuple(cell[start:end])
