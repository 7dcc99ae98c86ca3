"""Live standards in a text: where they stand, and the text with something else in their place.

Pure: nothing here knows of records. A standard stands in a text as an element that the editor writes and the sanitizer keeps:

>>> text = '<p>By <span data-embedded="opsStandardDue" data-embedded-props=\\'{"code": "M6"}\\'></span>.</p>'
>>> found(text)
[('due', 'M6')]
>>> replaced(text, lambda kind, code: "the 23rd")
'<p>By <span class="o_ops_live_due">the 23rd</span>.</p>'
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable

from lxml import etree
from lxml import html as lxml_html

from .outline import parsed

# what the editor calls it → what it is here
KINDS = {"opsStandard": "block", "opsStandardDue": "due"}
LONGEST = 40  # characters of a code
# codes of standards are the administrators' to choose: words of any language, with what numbers of rules are written with
CODE = re.compile(r"[\w(（](?:[\w ./:#+()（）-]{0,38}[\w)）])?")
MARK = "data-embedded"
PROPS = "data-embedded-props"


def found(html) -> list[tuple[str, str]]:
    """Return the live standards of a text in their order: (``block`` or ``due``, code); the code is empty where none is named.

    >>> found('<div data-embedded="opsStandard" data-embedded-props="nonsense">x</div><div data-embedded="video"></div>')
    [('block', '')]
    """
    return [(kind, code) for _host, kind, code in _hosts(parsed(html))] if MARK in str(html or "") else []


def replaced(html, render: Callable[[str, str], str]) -> str:
    """Return a text in which each live standard is what ``render(kind, code)`` says, as HTML.

    What somebody has put into the element is not kept: nobody but the rule says what stands there.

    >>> replaced('<div data-embedded="opsStandard" data-embedded-props=\\'{"code": "M6"}\\'>Never.</div>!', lambda *_: "<b>M6</b>")
    '<div class="o_ops_live"><b>M6</b></div>!'
    """
    if MARK not in str(html or ""):
        return str(html or "")
    root = parsed(html)
    for host, kind, code in _hosts(root):
        _fill(host, "o_ops_live" if kind == "block" else "o_ops_live_due", render(kind, code))
    return _inner(root)


def _hosts(root) -> list[tuple]:
    """Return the elements of live standards: element, kind, code."""
    return [(host, KINDS[host.get(MARK)], _code(host.get(PROPS))) for host in root.iter(etree.Element) if host.get(MARK) in KINDS]


def _code(props) -> str:
    try:
        code = json.loads(props or "{}").get("code")
    except (ValueError, AttributeError, RecursionError):
        return ""
    return code.strip()[:LONGEST] if isinstance(code, str) else ""


def _fill(host, css_class, html):
    tail, tag = host.tail, host.tag
    host.clear()
    host.tag, host.tail = tag, tail
    host.set("class", css_class)
    content = parsed(html)
    host.text = content.text
    host.extend(list(content))


def _inner(root) -> str:
    """Return what stands in an element as HTML."""
    text = (root.text or "").replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text + "".join(lxml_html.tostring(node, encoding="unicode") for node in root)
