"""The text of an article, whatever it was pasted from: only text, tables, pictures of our own and known embeds remain.

Pure: a list of what is allowed, not of what is forbidden. What is no text goes with its content (scripts, frames, forms'
fields, drawings); what only decorates is unwrapped; attributes, styles and classes are those that the editor itself uses.
"""

import json
import re
from html import escape

from lxml import etree, html

from .live_blocks import CODE

# element → what it may say besides class and style
ALLOWED = {
    **dict.fromkeys((
        "p", "div", "span", "br", "hr", "b", "strong", "i", "em", "u", "s", "del", "ins", "sub", "sup", "small", "mark",
        "code", "pre", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "dl", "dt", "dd", "table", "thead",
        "tbody", "tfoot", "tr", "caption", "colgroup", "figure", "figcaption", "section", "article", "kbd",
    ), ()),
    "ol": ("start", "type"), "li": ("value",), "td": ("colspan", "rowspan"), "th": ("colspan", "rowspan", "scope"),
    "col": ("span",), "a": ("href", "title"), "img": ("src", "alt", "title", "width", "height"),
}
# these go with everything in them
KILLED = {
    "script", "style", "head", "title", "meta", "link", "base", "iframe", "frame", "frameset", "object", "embed",
    "applet", "param", "svg", "math", "video", "audio", "source", "track", "canvas", "noscript", "template", "xml",
    "input", "button", "select", "textarea", "option", "datalist", "output", "progress", "meter", "dialog", "portal",
    "marquee", "noframes", "noembed", "plaintext", "xmp", "listing",
}
# embedded parts of ours: name → what each of its properties must look like
EMBEDS = {
    "opsStandard": {"code": CODE},
    "opsStandardDue": {"code": CODE},
}
SCHEMES = ("http", "https", "mailto", "tel")
# pictures of the database and of installed modules; nothing that an address elsewhere could exchange, nothing that acts
PICTURE = re.compile(r"/web/image/\d+(?:-[0-9a-f]+)?(?:/[^?#\s]*)?(?:\?[^#\s]*)?|/[a-z][a-z0-9_]*/static/(?!.*\.\.)[^?#\s]+")
DATA_PICTURE = re.compile(r"data:image/(?:png|jpe?g|gif|webp);base64,[A-Za-z0-9+/=\s]+")
DATA_PICTURE_SIZE = 100_000  # characters; the editor saves larger ones as files
CLASSES = re.compile(
    r"table|table-bordered|table-striped|table-sm|o_table|o_checklist|o_checked|oe-nested|o_editor_banner(?:_icon|_content)?|o_not_editable|"
    r"o-contenteditable-(?:true|false)|user-select-none|lh-1|d-flex|align-items-center|fst-normal|[mp][bxy]?-[3-5]|"
    r"alert|alert-(?:info|success|warning|danger|primary|secondary|light)|img|img-fluid|img-thumbnail|rounded(?:-circle)?|"
    r"float-(?:start|end)|d-block|mx-auto|ms-auto|me-auto|text-(?:start|center|end|justify|muted|break|wrap)|"
    r"text-(?:primary|secondary|success|info|warning|danger|o-color-[1-5]|[0-9]{3})|"
    r"bg-(?:primary|secondary|success|info|warning|danger|light|o-color-[1-5]|[0-9]{3})|"
    r"fw-(?:bold|bolder|normal|light)|fst-italic|lead|small|display-[1-6](?:-fs)?|h[1-6](?:-fs)?|base-fs|o_small-fs|"
    r"(?:w|h)-(?:25|50|75|100|auto)|[mp][tbxy]?-[0-3]|o_text_columns|row|col(?:-(?:sm|md|lg))?(?:-(?:1[0-2]|[1-9]))?|"
    r"list-unstyled|o_default_snippet_text|fa|fa-[a-z0-9-]+"
)
_LENGTH = r"(?:\d{1,4}(?:\.\d{1,4})?(?:px|pt|em|rem|%)|auto|0)"
_COLOUR = r"(?:#[0-9a-f]{3,8}|[a-z]{3,20}|rgba?\([\d\s.,%/]+\)|hsla?\([\d\s.,%/deg]+\)|var\(--[a-z0-9-]{1,40}\))"
STYLES = {
    "color": _COLOUR, "background-color": _COLOUR, "text-align": "left|right|center|justify|start|end",
    "font-weight": "bold|bolder|normal|lighter|[1-9]00", "font-style": "italic|normal|oblique",
    "text-decoration": "underline|line-through|none|underline line-through", "vertical-align": "top|middle|bottom|baseline|sub|super",
    "text-decoration-line": "underline|line-through|none|underline line-through",
    "width": _LENGTH, "max-width": _LENGTH, "list-style-type": "[a-z-]{2,30}", "font-size": r"(?:[89]|[1-4]\d)(?:\.\d+)?(?:px|pt)",
    "padding-left": _LENGTH, "border-collapse": "collapse|separate", "white-space": "normal|nowrap|pre|pre-wrap|pre-line",
}
STYLES = {name: re.compile(values) for name, values in STYLES.items()}
NUMBER = re.compile(r"\d{1,4}%?")
# what no parser takes and no address holds
UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
PAGE = re.compile(r"</?(?:html|body)\b[^>]*>", re.IGNORECASE)  # a whole page: what stands in it
BLANKS = re.compile("[\x00-\x20\x7f-\xa0\u2000-\u200f\u2028-\u202f\ufeff]")


def clean(text: str) -> str:
    """Return ``text`` (HTML from anywhere) with nothing in it but what an article may hold.

    >>> clean('<p onclick="x()">Hello <script>alert(1)</script><b style="position:fixed;color:red">you</b></p>')
    '<p>Hello <b style="color: red">you</b></p>'
    >>> clean('<a href="javascript:alert(1)">a</a><iframe src="//x"></iframe>')
    '<a>a</a>'
    >>> clean('<div data-embedded="opsStandard" data-embedded-props=\\'{"code": "M6"}\\'>old</div>')
    '<div data-embedded="opsStandard" data-embedded-props=\\'{"code": "M6"}\\'></div>'
    """
    text = PAGE.sub("", UNREADABLE.sub("", str(text or "")))
    if not text.strip():
        return ""
    document = html.document_fromstring(f"<html><body>{text}</body></html>".encode(), parser=html.HTMLParser(encoding="utf-8"))
    body = document.find("body")
    if body is None:
        return ""
    for node in list(body.iterdescendants()):
        if node.getparent() is not None:
            _clean_node(node)
    children = (etree.tostring(child, encoding="unicode", method="html") for child in body)
    return escape(body.text or "", quote=False) + "".join(children)


def _clean_node(node):
    """Leave, unwrap, change or remove one element; those within it are visited later."""
    if not isinstance(node.tag, str) or node.tag in KILLED:  # comments and instructions have no name
        node.drop_tree()
    elif node.tag not in ALLOWED:
        node.drop_tag()
    elif node.get("data-embedded") and (embed := _embed(node)):
        _empty(node)
        node.attrib.update(embed)
    elif node.tag == "img" and not _is_picture(node.get("src")):
        _link_instead(node)
    else:
        _clean_attributes(node)


def _embed(node):
    """Return the attributes of an embed that we know, with properties as they must be; None otherwise."""
    known = EMBEDS.get(node.get("data-embedded"))
    try:
        props = json.loads(node.get("data-embedded-props") or "{}")
    except ValueError:
        return None
    if known is None or not isinstance(props, dict) or node.tag not in ("div", "span", "p"):
        return None
    for name, pattern in known.items():
        if not isinstance(props.get(name), str) or not pattern.fullmatch(props[name]):
            return None
    kept = json.dumps({name: props[name] for name in known})
    return {"data-embedded": node.get("data-embedded"), "data-embedded-props": kept}


def _empty(node):
    tail = node.tail
    node.clear()
    node.tail = tail


def _is_picture(source):
    source = (source or "").strip()
    if DATA_PICTURE.fullmatch(source):
        return len(source) <= DATA_PICTURE_SIZE
    return bool(PICTURE.fullmatch(source))


def _link_instead(node):
    """A picture from elsewhere could be exchanged after the text was published: it becomes a link, or goes."""
    if (parent := node.getparent()) is not None and parent.tag == "figure":
        parent.tag = "div"  # the editor asks each figure for its picture
    href = _href(node.get("src"))
    if not href or not href.startswith(("http:", "https:")):
        node.drop_tree()
        return
    title = (node.get("alt") or "").strip() or href.split("?")[0].rstrip("/").rsplit("/", 1)[-1]
    _empty(node)
    node.tag, node.text = "a", title
    node.set("href", href)
    _link_away(node, href)


def _clean_attributes(node):
    kept = {name: value for name, value in node.attrib.items() if name in ALLOWED[node.tag]}
    for name in ("colspan", "rowspan", "span", "start", "value", "width", "height"):
        if name in kept and not NUMBER.fullmatch(kept[name].strip()):
            del kept[name]
    if classes := " ".join(name for name in (node.get("class") or "").split() if CLASSES.fullmatch(name)):
        kept["class"] = classes
    if style := _style(node.get("style")):
        kept["style"] = style
    href = _href(kept.pop("href", None))
    node.attrib.clear()
    node.attrib.update(kept)
    if href:
        node.set("href", href)
        _link_away(node, href)


def _style(style):
    found = []
    for declaration in (style or "").split(";"):
        name, _colon, value = (part.strip().lower() for part in declaration.partition(":"))
        if name in STYLES and STYLES[name].fullmatch(value.removesuffix("!important").strip()):
            found.append(f"{name}: {value.removesuffix('!important').strip()}")
    return "; ".join(found)


def _href(address):
    """Return an address that a link may have; None for what would run, or hold a page of its own."""
    address = BLANKS.sub("", address or "")
    scheme = re.match(r"([^/?#]*?):", address)
    if not address or scheme and scheme[1].lower() not in SCHEMES:
        return None
    return address


def _link_away(node, href):
    if href.startswith(("http:", "https:", "//")):
        node.set("target", "_blank")
        node.set("rel", "noopener noreferrer")
