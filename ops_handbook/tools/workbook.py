"""Reads a workbook (.xlsx) that somebody hands in: the sheets and columns that a form knows, row by row. Pure Python.

The file may come from anybody: its size, rows and what it unpacks to are limited, formulas are read as the values that the
spreadsheet program computed, and what is wrong with the file as a whole is one :class:`BadWorkbook` with a code.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import NamedTuple

import openpyxl
from openpyxl.utils import get_column_letter

from .cells import folded
from .spreadsheet import STARTS, neutral

MAX_BYTES = 10 * 1024 * 1024
MAX_UNPACKED = 120 * 1024 * 1024
MAX_PARTS = 500
MAX_WHOLE = 4 * 1024 * 1024  # of a part that the library reads as a whole: it takes a hundred times that in memory
MAX_ROWS = 30_000  # of one sheet: 1,000 departments with some 25 lines each
MAX_COLUMNS = 64
MAX_TEXT = 32_767  # what a cell of a spreadsheet can hold
PICTURES = ("xl/media/", "xl/embeddings/")  # never read
OLD_OFFICE = b"\xd0\xcf\x11\xe0"  # .xls, and an .xlsx with a password
# a formula without the value that a spreadsheet program would have stored with it; nothing here runs over the end of a tag
UNCOMPUTED = re.compile(
    rb'<c r="([A-Z]{1,3}\d{1,7})"(?![^<>]*t="str")[^<>]*>\s*<f[^<>]*>[^<]*</f>\s*(?:<v\s*/>|<v>\s*</v>|</c>)'
)


class BadWorkbook(ValueError):
    """A file that cannot be read at all; ``code``: ``empty``, ``size``, ``old``, ``broken``, ``unpacked``, ``uncomputed``."""

    def __init__(self, code: str, place: str = ""):
        super().__init__(code)
        self.code, self.place = code, place


class Cell(NamedTuple):
    """What stands in a cell; a cell that shows percent holds the figure as shown (12 for 12 %)."""

    value: object
    broken: bool = False  # #REF! and the like
    yearless: bool = False  # a date of which the sheet shows no year: the program that computed it put in its own
    span: int = 1  # rows that are merged into this cell


class Row(NamedTuple):
    """A row that is not empty: its number in the sheet and its cells by the key of their column."""

    number: int
    cells: dict[str, Cell]


class Sheet(NamedTuple):
    """A sheet that is known: ``headings`` are the titles as written, by key; ``letters`` the columns' letters."""

    key: str
    title: str
    headings: dict[str, str]
    letters: dict[str, str]
    rows: list[Row]
    unknown: list[tuple[str, str]]  # columns that nobody knows: letter, title
    doubled: list[tuple[str, str]]  # columns that say the same as one before
    too_long: bool = False


class Book(NamedTuple):
    """What was read, and the titles of the sheets that nobody knows."""

    sheets: list[Sheet]
    ignored: list[str]


def plain(value: object) -> object:
    """Return a text as it was before :func:`~.spreadsheet.neutral` made it harmless.

    >>> plain("'=1+1"), plain("'tis"), plain(3)
    ('=1+1', "'tis", 3)
    """
    return value[1:] if isinstance(value, str) and value[:1] == "'" and value[1:].startswith(STARTS) else value


def shown(text: str | None) -> str:
    """Return a text as a cell that we write shows it.

    >>> shown("=1+1"), shown(None), len(shown("x" * 40_000))
    ("'=1+1", '', 32767)
    """
    return neutral(text or "")[:MAX_TEXT]


def read(content: bytes, sheets: Mapping[str, str], column_of: Callable[[str, object], str | None]) -> Book:
    """Read a workbook.

    :param content: the file
    :param sheets: folded title → key of the sheets that are known
    :param column_of: function (key of the sheet, heading) → key of the column, None when nobody knows it
    :raise BadWorkbook: when the file is none, too large or broken
    """
    known, ignored = [], []
    with opened(content) as book:
        for sheet in book.worksheets:
            key = sheets.get(folded(sheet.title))
            if key and key not in [one.key for one in known]:
                known.append(_sheet(sheet, key, column_of))
            else:
                ignored.append(sheet.title)
    return Book(known, ignored)


@contextmanager
def opened(content: bytes) -> Iterator:
    """Open a file that somebody handed in, for reading row by row; what goes wrong inside the block is the file's fault.

    :raise BadWorkbook: when the file is none, too large or broken
    """
    _inspect(content)
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    except Exception as error:  # whatever a library may find wrong with a stranger's file
        raise BadWorkbook("broken") from error
    try:
        yield book
    except Exception as error:
        raise BadWorkbook("broken") from error
    finally:
        book.close()


def _inspect(content: bytes) -> None:
    """Refuse what is no workbook, or one that unpacks to more than a plan can be."""
    if not content:
        raise BadWorkbook("empty")
    if len(content) > MAX_BYTES:
        raise BadWorkbook("size")
    if content.startswith(OLD_OFFICE):
        raise BadWorkbook("old")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            # never more is unpacked than is declared here: zipfile stops there
            if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
                raise BadWorkbook("unpacked")
            for part in parts:
                if not part.filename.startswith(PICTURES):
                    _inspect_part(part, archive.read(part))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise BadWorkbook("broken") from error


def _inspect_part(part: zipfile.ZipInfo, xml: bytes) -> None:
    """Refuse what is not meant for reading: entities, parts as large as no program writes them, formulas without a value."""
    sheet = part.filename.startswith("xl/worksheets/") and not part.filename.endswith(".rels")
    if part.file_size > MAX_WHOLE and not sheet and part.filename.lower() != "xl/sharedstrings.xml":
        raise BadWorkbook("unpacked")
    if b"<!DOCTYPE" in xml or b"<!ENTITY" in xml:
        raise BadWorkbook("broken")
    if sheet and (found := UNCOMPUTED.search(xml)):
        raise BadWorkbook("uncomputed", found[1].decode())


def _sheet(sheet, key: str, column_of) -> Sheet:
    sheet.reset_dimensions()  # what a file says of its own size is not believed
    lines = enumerate(sheet.iter_rows(max_col=MAX_COLUMNS, max_row=MAX_ROWS * 2), 1)
    result = Sheet(key, sheet.title, {}, {}, [], [], [])
    columns: dict[int, str] = {}
    for number, line in lines:
        filled = [(index, cell) for index, cell in enumerate(line) if cell.value not in (None, "")]
        if not filled:
            continue
        if not columns:
            columns = _headings(result, filled, column_of)
        elif len(result.rows) >= MAX_ROWS:
            return result._replace(too_long=True)
        else:
            cells = {columns[index]: cell_of(cell) for index, cell in filled if index in columns}
            if any(cell.broken or str(cell.value).strip() for cell in cells.values()):
                result.rows.append(Row(number, cells))
    return result


def _headings(result: Sheet, filled: Iterable, column_of) -> dict[int, str]:
    """Take down the columns of the first row that is not empty; return their keys by position."""
    columns = {}
    for index, cell in filled:
        letter, title = get_column_letter(index + 1), str(cell.value).strip()
        key = column_of(result.key, cell.value)
        if not key:
            result.unknown.append((letter, title))
        elif key in result.headings:
            result.doubled.append((letter, title))
        else:
            columns[index] = key
            result.headings[key], result.letters[key] = title, letter
    return columns


def cell_of(cell) -> Cell:
    """Return what stands in a cell of the library."""
    if cell.data_type == "e":
        return Cell(cell.value, broken=True)
    value, style = cell.value, cell.number_format or ""
    if isinstance(value, int | float) and not isinstance(value, bool) and "%" in style:
        value = round(value * 100, 9)
    return Cell(value, yearless=isinstance(value, date) and "y" not in style.lower() and "e" not in style.lower())


def write_cell(page, line, index, value, style):
    """Write a value into a cell of an xlsxwriter worksheet by its kind: a text stays a text, whatever it begins with.

    :param page: the worksheet
    :param int line: row, counted from 0
    :param int index: column, counted from 0
    :param value: text, number, date or moment; None and "" leave the cell empty
    :param style: format of the cell
    """
    if value is None or value == "":
        return
    if isinstance(value, str):
        page.write_string(line, index, value, style)
    elif hasattr(value, "isoformat"):
        page.write_datetime(line, index, value, style)
    else:
        page.write_number(line, index, value, style)
