"""Binding a book from pages that know nothing of links, as an unpatched wkhtmltopdf prints them; reportlab makes them here."""

import io

import pytest
from ops_handbook_tools import book, book_pdf
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

ADDRESS = "https://odoo.example.com/odoo/handbook"


def pages(*texts, links=()):
    """Return a reader of a PDF with one page for each text; ``links``: triples of page, address and height."""
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=A4)
    for number, text in enumerate(texts):
        for line, words in enumerate(text.splitlines()):
            canvas.drawString(72, 760 - 20 * line, words)
        for page, address, height in links:
            if page == number:
                canvas.linkURL(address, (72, height, 300, height + 14))
        canvas.showPage()
    canvas.save()
    return book_pdf.read(stream.getvalue())


def bind(parts, front, places, spots):
    total = sum(len(part.pages) for part in parts)
    heads = pages(*(f"head {number}" for number in book_pdf.numbers(len(front.pages) if front else 0, total)))
    info = {"title": "The Book", "author": "Company", "lang": "en-US", "bases": {"https://odoo.example.com"}}
    return book_pdf.read(book_pdf.bound(front, parts, heads, places, spots, info))


TITLES = {7: "1 Plan", 8: "1.1 Who does what", 9: "2 Meet"}
PLACES = [(7, 1, "1 Plan"), (8, 2, "1.1 Who does what"), (9, 1, "2 Meet")]


def test_articles_are_found_by_the_text_where_there_are_no_links():
    parts = [pages("1 Plan\nas 2 Meet said", "more\n1.1 Who  does what"), pages("2 Meet")]
    spots = book_pdf.spots(parts, TITLES)
    assert {key: spot.page for key, spot in spots.items()} == {7: 0, 8: 1, 9: 2}


def test_articles_are_found_by_their_marks():
    marks = [(0, f"{ADDRESS}/7#{book_pdf.BEGINS}7", 700), (1, f"{ADDRESS}/8#{book_pdf.BEGINS}8", 300), (1, f"{ADDRESS}/9#{book_pdf.BEGINS}9", 100)]
    spots = book_pdf.spots([pages("a", "b", links=marks)], TITLES)
    assert [spots[key].page for key in (7, 8, 9)] == [0, 1, 1]
    assert [round(spots[key].top) for key in (7, 8, 9)] == [714, 314, 114]


def test_the_book_is_bound():
    front = pages("The Book", "Contents", links=[(1, f"{ADDRESS}/9#{book_pdf.GOES_TO}9", 500)])
    text = pages("1 Plan", "1.1 Who does what", "2 Meet", links=[
        (0, f"{ADDRESS}/7#{book_pdf.BEGINS}7", 700),
        (1, f"{ADDRESS}/9", 400), (1, "https://elsewhere.example.com/odoo/handbook/9", 300), (1, f"{ADDRESS}/12", 200),
    ])
    bound = bind([text], front, PLACES, book_pdf.spots([text], TITLES))
    assert [page.extract_text().strip().split("\n")[-1] for page in bound.pages] == ["The Book", "head ii", "head 1", "head 2", "head 3"]
    assert bound.page_labels == ["i", "ii", "1", "2", "3"]
    assert bound.metadata.title == "The Book"
    first, [second], third = bound.outline
    assert [bound.get_destination_page_number(item) for item in (first, second, third)] == [2, 3, 4]
    [link] = bound.pages[1]["/Annots"]
    assert link.get_object()["/Dest"][0] == bound.pages[4].indirect_reference
    [link] = bound.pages[2]["/Annots"]
    assert link.get_object()["/A"]["/URI"] == f"{ADDRESS}/7", "the head of an article leads to the screen, without our mark"
    here, elsewhere, other = (link.get_object() for link in bound.pages[3]["/Annots"])
    assert here["/Dest"][0] == bound.pages[4].indirect_reference
    assert elsewhere["/A"]["/URI"] == "https://elsewhere.example.com/odoo/handbook/9"
    assert other["/A"]["/URI"] == f"{ADDRESS}/12", "what is not in the book is read on the screen"


def test_without_front_matter_every_page_has_its_head():
    bound = bind([pages("1 Plan", "more")], None, [(7, 1, "1 Plan")], {7: book_pdf.Spot(0, None)})
    assert [page.extract_text().strip().split("\n")[-1] for page in bound.pages] == ["head 1", "head 2"]
    assert bound.page_labels == ["1", "2"]


def test_an_empty_book():
    bound = bind([pages("")], pages("The Book", "Contents"), [], {})
    assert len(bound.pages) == 3
    assert not bound.outline


@pytest.mark.parametrize("html", [
    "", None, "words only", "<p>a<p>b", "<h2>x", "<table><tr><td>a", "<h1>a</h1>tail<p>b</p>", "<h2>a</h2><h3>b</h3><hr><p>c</p>",
    "<ul><li><h3>a</h3><p>b</p></li></ul>", "<h2>a</h2><!-- note --><p>b</p>", "<p>1 &lt; 2 &amp; 3</p>",
])
def test_layout_loses_no_word(html):
    lead, rest = book.laid_out(html)
    words = "".join(book.parsed(lead).itertext()) + "".join(book.parsed(rest).itertext())
    assert words.split() == "".join(book.parsed(html).itertext()).split()


def test_a_heading_stays_with_what_follows_but_not_with_a_long_table():
    rows = "<tr><td>a</td></tr>" * 30
    lead, rest = book.laid_out(f"<p>x</p><h2>Rules</h2><table>{rows}</table>")
    assert rest.startswith('<div class="ops_held"><h2>Rules</h2></div><table>')
    assert lead == "<p>x</p>"
