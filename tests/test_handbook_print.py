"""The starter handbook as a book, printed over HTTP by the server's own wkhtmltopdf, in both languages."""

import io
import unicodedata

import pypdf
import pytest

from .support.client import Client

BOOK = "/report/pdf/ops_handbook.ops_handbook_report_document"


def words(page):
    return " ".join(unicodedata.normalize("NFKC", page.extract_text()).split())


@pytest.mark.parametrize(("lang", "contents", "chapter"), [
    ("en_US", "Annual Operating Plan", "Monthly Tasks and Daily Execution"), ("zh_CN", "年度运营计划", "月度任务"),
])
def test_the_starter_handbook_is_a_book(server, lang, contents, chapter):
    client = Client(server.url, server.database, "employee")
    client.call("res.users", "write", [client.uid], {"lang": lang})
    client = Client(server.url, server.database, "employee")
    [handbook] = client.call("ops.handbook", "search", [], limit=1)
    answer = client.get(f"{BOOK}/{handbook}")
    assert answer.headers["Content-Type"] == "application/pdf"
    book = pypdf.PdfReader(io.BytesIO(answer.content))
    pages = [words(page) for page in book.pages]
    labels = book.page_labels
    assert len(pages) > 25
    assert labels[0] == "i"
    assert contents in pages[1]
    assert chapter in pages[1]

    starts = [book.get_destination_page_number(item) for item in book.outline if not isinstance(item, list)]
    assert starts == sorted(set(starts)), "chapters follow each other, each on a page of its own"
    assert len(starts) >= 5
    for page in starts:
        assert labels[page] in pages[1].split(), "the contents name the page on which a chapter begins"
    for page, text in zip(book.pages[1:], pages[1:], strict=True):
        label = labels[page.page_number]
        assert label in text.split() or text.endswith(label), f"page {label} bears its number"
        for font in page["/Resources"]["/Font"].values():
            descriptor = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
            assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(descriptor), "fonts are embedded"


def test_nobody_prints_without_a_login(server):
    answer = Client(server.url, server.database).session.get(f"{server.url}{BOOK}/1", timeout=60)
    assert not answer.content.startswith(b"%PDF")
