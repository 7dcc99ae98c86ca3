"""The outline of a handbook: numbers and reading order of its articles, headings of a text and the anchors that lead to them.

Pure: nothing here knows of records. Texts are HTML that has been cleaned already; what comes out holds nothing new but ids.

>>> headings("<h2>By when?</h2><p>…</p><h2>什么时候？</h2>")
[{'id': 's-by-when', 'level': 2, 'text': 'By when?'}, {'id': 's-什么时候', 'level': 2, 'text': '什么时候？'}]
>>> [(place.key, place.number) for place in numbered([("a", None), ("b", None), ("b1", "b"), ("b2", "b"), ("a1", "a")])]
[('a', '1'), ('a1', '1.1'), ('b', '2'), ('b1', '2.1'), ('b2', '2.2')]
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from lxml import etree
from lxml import html as lxml_html

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
LONGEST = 60  # characters of an anchor that come from the heading
# invisible: the editor leaves them where the cursor may stand
INVISIBLE = re.compile("[\u200b-\u200d\u2060\ufeff]")
UNFIT = re.compile("[\ud800-\udfff\x00-\x08\x0b\x0c\x0e-\x1f]")


class Place(NamedTuple):
    """Where an article stands: ``number`` as "2.3", ``level`` from 1, ``parent`` as it is shown (None: on top)."""

    key: object
    number: str
    level: int
    parent: object


def numbered(nodes) -> list[Place]:
    """Return the places of a tree in reading order: each article before its parts.

    :param nodes: pairs of key and parent's key, siblings in their order. A parent that is not among them counts as none, and
        what stands in a circle is left out.

    >>> [place.number for place in numbered([(1, 9), (2, 1), (3, 3)])]
    ['1', '1.1']
    """
    parents = dict(nodes)
    children: dict = {}
    for key, parent in parents.items():
        children.setdefault(parent if parent in parents else None, []).append(key)
    found = []
    waiting = [Place(key, str(rank), 1, None) for rank, key in enumerate(children.get(None, ()), 1)][::-1]
    while waiting:
        place = waiting.pop()
        found.append(place)
        waiting += [
            Place(key, f"{place.number}.{rank}", place.level + 1, place.key)
            for rank, key in enumerate(children.get(place.key, ()), 1)
        ][::-1]
    return found


def neighbours(keys, key) -> tuple:
    """Return what comes before and after ``key`` in the list ``keys``; None at the ends and for what is not in it.

    >>> neighbours([4, 7, 9], 7), neighbours([4, 7, 9], 4), neighbours([4], 5)
    ((4, 9), (None, 7), (None, None))
    """
    keys = list(keys)
    if key not in keys:
        return None, None
    index = keys.index(key)
    return (keys[index - 1] if index else None), (keys[index + 1] if index + 1 < len(keys) else None)


def parsed(html) -> lxml_html.HtmlElement:
    """Return HTML as a ``div`` that holds it; whatever cannot be read is an empty one.

    >>> parsed("<p>a")[0].text, len(parsed(None)), len(parsed(" "))
    ('a', 0, 0)
    """
    text = UNFIT.sub("", str(html or ""))
    # without a tag of its own around it, libxml2 makes a whole page of a text, and moves what it thinks belongs to its head
    try:
        root = lxml_html.document_fromstring(f"<div>{text}</div>").find(".//div") if text.strip() else None
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        root = None
    return root if root is not None else lxml_html.Element("div")


def text_of(element) -> str:
    """Return the words of an element in one line.

    >>> text_of(parsed("<h2> The <b>rule</b>\\u200b<br/>of M6</h2>"))
    'The rule of M6'
    """
    parts = []
    for event, node in etree.iterwalk(element, events=("start", "end", "comment", "pi")):
        if event == "start":
            parts += [" "] if node.tag == "br" else []
            parts.append(node.text or "")
        elif node is not element:
            parts.append(node.tail or "")
    return " ".join(INVISIBLE.sub("", "".join(parts)).split())


def slug(text: str) -> str:
    """Return a text as part of an address, readable in every script.

    >>> slug("M6 – Completion: who & when?"), slug("第 3 步：填写"), slug("…")
    ('m6-completion-who-when', '第-3-步-填写', '')
    """
    words = re.sub(r"[^\w]+", "-", unicodedata.normalize("NFKC", text).lower()).strip("-_")
    return words[:LONGEST].rstrip("-_")


def headings(html) -> list[dict]:
    """Return the headings of a text in their order: dicts ``id`` (the anchor), ``level`` (1 to 6) and ``text``.

    The anchor comes from the words of the heading, so that it stays when the text around it changes; the same words a second
    time get a number. Where the editor gave the heading a link of its own, the anchor is made of that. Empty headings have none.

    >>> [found["id"] for found in headings("<h1>Steps</h1><h2> </h2><h2>Steps</h2><h3 data-heading-link-id='7f'>New</h3>")]
    ['s-steps', 's-steps-2', 's-7f']
    """
    return [{"id": anchor, "level": int(node.tag[1]), "text": text} for node, anchor, text in _anchors(parsed(html))]


def anchored(html) -> str:
    """Return a text with the anchors of :func:`headings` in it.

    Other ids get a prefix, so that none of them is taken for one of the page around the text; links within the text follow.

    >>> anchored('<h2 id="x">A b</h2><p id="y"><a href="#x">up</a> <a href="#y">here</a></p>')
    '<h2 id="s-a-b">A b</h2><p id="t-y"><a href="#s-a-b">up</a> <a href="#t-y">here</a></p>'
    """
    root = parsed(html)
    if not len(root):
        return str(html or "")
    moved = {}
    for node in root.iter(etree.Element):
        if old := node.attrib.pop("id", None) or (node.attrib.pop("name", None) if node.tag == "a" else None):
            moved[old] = f"t-{slug(old)}"
            node.set("id", moved[old])
    for node, anchor, _text in _anchors(root):
        moved = {old: anchor if new == node.get("id") else new for old, new in moved.items()}
        node.set("id", anchor)
    for node in root.iter("a"):
        href = node.get("href") or ""
        if href.startswith("#") and href[1:] in moved:
            node.set("href", f"#{moved[href[1:]]}")
    return _inner(root)


def _inner(root) -> str:
    """Return what stands in an element as HTML."""
    text = root.text or ""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return escaped + "".join(lxml_html.tostring(node, encoding="unicode") for node in root)


def _anchors(root) -> list[tuple]:
    """Return the headings that say something: element, anchor, text."""
    found, used = [], set()
    for node in root.iter(*HEADINGS):
        text = text_of(node)
        if not text:
            continue
        base = f"s-{slug(node.get('data-heading-link-id') or '') or slug(text) or 'section'}"
        anchor, number = base, 2
        while anchor in used:
            anchor, number = f"{base}-{number}", number + 1
        used.add(anchor)
        found.append((node, anchor, text))
    return found
