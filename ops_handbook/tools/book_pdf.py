"""The pages of a book: where its articles begin in the PDF that was printed, and how the parts become one file.

Works with whatever made the pages. A printer that keeps links leaves one at each article, which says exactly where it stands;
one that does not (wkhtmltopdf without patches) is read by its text (:func:`ops_handbook.tools.book.located`).
"""

from __future__ import annotations

import io
import re
import unicodedata
from typing import NamedTuple

try:
    from pypdf import PdfReader, PdfWriter, generic
except ImportError:  # the library's name on older systems; Odoo takes either
    from PyPDF2 import PdfReader, PdfWriter, generic

from .book import located, roman

# what a link says: "here begins the article", or "go to it". The rest of the address is that of the article on the screen
BEGINS, GOES_TO = "ops-begins-", "ops-goes-to-"
MARK = re.compile(rf"^(?P<address>.*)#(?P<kind>{BEGINS}|{GOES_TO})(?P<key>\d+)$")

# a link that somebody wrote into a text, as the reader's view knows them too
WRITTEN = re.compile(r"^(?P<base>https?://[^/]+)/odoo/(?:handbook|ops\.article)/(?P<key>\d+)(?:[?#].*)?$")

# fonts for Chinese draw a radical and the word that looks like it with one sign, and printers note the radical: nobody finds it.
# Those that Unicode does not say itself (see legible)
RADICALS = dict(zip(
    "⺠⻁⻄⻅⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻨⻩⻬⻮⻰⻳", "民虎覀见贝车长门青韦页风飞食马骨鬼鱼鸟麦黄齐齿龙龟", strict=True,
))


class Spot(NamedTuple):
    """Where something stands: number of the page, from 0, and height above its lower edge in points (None: its top)."""

    page: int
    top: float | None


def read(pdf: bytes):
    """Return a reader of a PDF in memory."""
    return PdfReader(io.BytesIO(pdf), strict=False)


def spots(readers, titles) -> dict:
    """Return where the articles begin in parts that follow each other.

    :param readers: the parts of the text, in order
    :param titles: dict key → title as printed, in reading order
    :return: dict key → Spot, pages counted through all parts
    """
    found, offset = {}, 0
    for reader in readers:
        for number, page in enumerate(reader.pages):
            for link, match in _links(page):
                if match["kind"] == BEGINS:
                    _left, low, _right, high = (float(side) for side in link["/Rect"])
                    found.setdefault(int(match["key"]), Spot(offset + number, max(low, high)))
        offset += len(reader.pages)
    if all(key in found for key in titles):
        return found
    texts = [page.extract_text() for reader in readers for page in reader.pages]
    pages = located(titles.values(), texts)
    return {key: found.get(key) or Spot(page, None) for key, page in zip(titles, pages, strict=True)}


def _links(page):
    """Yield the links of a page that are ours: annotation and match of its address."""
    for link, address in _addresses(page):
        if match := MARK.match(address):
            yield link, match


def _addresses(page):
    """Yield the links of a page that lead out of it: annotation and address."""
    for link in page.get("/Annots") or ():
        link = link.get_object()
        action = link.get("/A")
        if action is not None:
            yield link, str(action.get_object().get("/URI") or "")


def bound(front, parts, heads, places, spots, info) -> bytes:
    """Return the book: front matter, text with its running heads, bookmarks, and links that lead within it.

    :param front, parts, heads: readers, ``front`` may be None; ``heads`` has a page for each of front (but the title) and text
    :param places: triples of key, level from 1 and title of the bookmark, in reading order
    :param spots: dict key → :class:`Spot` of the text
    :param info: dict with ``title``, ``author``, ``lang`` and ``bases``: the addresses under which the articles are read on the screen
    """
    writer = PdfWriter()
    readers = [front, *parts] if front else parts
    first = len(front.pages) if front else 0
    laid = iter(heads.pages)
    for number, page in enumerate(page for reader in readers for page in reader.pages):
        if number or not front:
            page.merge_page(next(laid))
        writer.add_page(page).compress_content_streams()  # merging has unpacked them
    pages = list(writer.pages)
    _make_legible(writer, pages)
    targets = {key: (pages[first + spot.page], spot.top) for key, spot in spots.items()}
    for page in pages:
        _lead_within(page, targets, info["bases"])
    _bookmarks(writer, places, {key: first + spot.page for key, spot in spots.items()})
    _describe(writer, first, info)
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def legible(cmap: str) -> str:
    """Return the table by which a font says what its signs mean, with words instead of radicals that look the same.

    >>> legible("<0001> <0003> [<2F49> <0041> <2ED4>]")
    '<0001> <0003> [<6708> <0041> <95E8>]'
    """
    def word(match):
        sign = chr(int(match[1], 16))
        plain = RADICALS.get(sign) or unicodedata.normalize("NFKC", sign)
        return f"<{ord(plain):04X}>" if len(plain) == 1 else match[0]

    return re.sub(r"<(2[EF][0-9A-Fa-f]{2})>", word, cmap)


def _make_legible(writer, pages) -> None:
    done: set = set()
    for page in pages:
        for font in (page.get("/Resources") or {}).get("/Font", {}).values():
            font = font.get_object()
            if id(font) in done or "/ToUnicode" not in font:
                continue
            done.add(id(font))
            before = font["/ToUnicode"].get_object().get_data().decode("latin-1")
            if (after := legible(before)) != before:
                stream = generic.DecodedStreamObject()
                stream.set_data(after.encode("latin-1"))
                font[generic.NameObject("/ToUnicode")] = writer._add_object(stream.flate_encode())  # pylint: disable=protected-access


def _lead_within(page, targets, bases) -> None:
    """Turn links to articles of the book into links within it; the mark where one begins leads to the screen."""
    for link, address in list(_addresses(page)):
        mark, written = MARK.match(address), WRITTEN.match(address)
        key = int((mark or written)["key"]) if mark or (written and written["base"] in bases) else None
        if key in targets and not (mark and mark["kind"] == BEGINS):
            _point(link, *targets[key])
        elif mark:
            link["/A"].get_object()[generic.NameObject("/URI")] = generic.TextStringObject(mark["address"])


def _point(link, target, top) -> None:
    """Let a link lead to a page of the book, at a height (None: its top)."""
    height = float(target.mediabox.top) if top is None else top + 12
    del link["/A"]
    link[generic.NameObject("/Dest")] = generic.ArrayObject([
        _reference(target), generic.NameObject("/XYZ"),
        generic.NumberObject(0), generic.NumberObject(int(height)), generic.NullObject(),
    ])


def _reference(page):
    return getattr(page, "indirect_reference", None) or page.indirect_ref


def _bookmarks(writer, places, pages) -> None:
    above: list = []
    for key, level, title in places:
        del above[level - 1:]
        parent = above[-1] if above else None
        above.append(writer.add_outline_item(title, pages[key], parent=parent))


def _describe(writer, first, info) -> None:
    """Say what the file is, and how its pages are numbered: i, ii, … in front, 1, 2, … in the text."""
    writer.add_metadata({"/Title": info["title"], "/Author": info["author"], "/Creator": "Odoo"})
    root = writer._root_object  # pylint: disable=protected-access
    small, arabic = (generic.DictionaryObject({generic.NameObject("/S"): generic.NameObject(style)}) for style in ("/r", "/D"))
    root[generic.NameObject("/PageLabels")] = generic.DictionaryObject({
        generic.NameObject("/Nums"): generic.ArrayObject([generic.NumberObject(0), small, generic.NumberObject(first), arabic]),
    })
    root[generic.NameObject("/Lang")] = generic.TextStringObject(info["lang"])
    root[generic.NameObject("/PageMode")] = generic.NameObject("/UseOutlines")
    root[generic.NameObject("/ViewerPreferences")] = generic.DictionaryObject({
        generic.NameObject("/DisplayDocTitle"): generic.BooleanObject(True),
    })


def numbers(front: int, text: int) -> list[str]:
    """Return the numbers printed on the pages after the title page.

    >>> numbers(3, 2)
    ['ii', 'iii', '1', '2']
    """
    return [roman(number) for number in range(2, front + 1)] + [str(number) for number in range(1, text + 1)]
