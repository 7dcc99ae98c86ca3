"""Finds the table in a workbook as people keep it: title rows above the headings, merged cells, captions, totals. Pure Python.

Hidden sheets are left alone. What is merged downwards counts for each of its rows; a row that is merged across its columns is
a caption. The limits are those of :mod:`.workbook`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from typing import NamedTuple

from openpyxl.utils import get_column_letter, range_boundaries

from .cells import folded
from .workbook import MAX_COLUMNS, Cell, Row, cell_of, opened

MAX_LINES = 5_000  # of one sheet: more than a department does in a month
MAX_MERGED = 20_000
HEAD_WITHIN = 30  # lines in which the headings are looked for
MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^<>]{0,200}?ref="([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})"')
TOTALS = {"合计", "总计", "小计", "总分", "total", "subtotal", "sum", "totals", "grand total"}


class Table(NamedTuple):
    """One sheet: ``headings`` are the titles as written, by key of the column; ``letters`` the columns' letters."""

    title: str
    headings: dict[str, str]
    letters: dict[str, str]
    rows: list[Row]
    unknown: list[tuple[str, str]]  # columns that nobody knows: letter, title
    doubled: list[tuple[str, str]]  # columns that say the same as one before
    captions: list[int]  # rows that say something of those below them, or add them up
    too_long: bool


class Found(NamedTuple):
    """The tables of a workbook, and the sheets without one."""

    tables: list[Table]
    ignored: list[str]


def tables(
    content: bytes, column_of: Callable[[object], str | None], needed: str, skipped: Callable[[str], bool] = lambda title: False,
) -> Found:
    """Read the tables of all sheets that are shown.

    :param content: the file
    :param column_of: function heading → key of the column, None when nobody knows it
    :param needed: key of the column without which a row is no heading
    :param skipped: function title of a sheet → whether it is left alone
    :raise BadWorkbook: when the file is none, too large or broken
    """
    found, ignored = [], []
    with opened(content) as book:
        for sheet in book.worksheets:
            table = None
            if sheet.sheet_state == "visible" and not skipped(sheet.title):
                table = _table(sheet, column_of, needed)
            if table:
                found.append(table)
            else:
                ignored.append(sheet.title)
    return Found(found, ignored)


def _table(sheet, column_of, needed: str) -> Table | None:
    sheet.reset_dimensions()  # what a file says of its own size is not believed
    lines: dict[int, dict[int, Cell]] = {}
    for number, line in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS, max_row=MAX_LINES * 2), 1):
        cells = {index: cell_of(cell) for index, cell in enumerate(line, 1) if not _is_empty(cell.value)}
        if cells:
            lines[number] = cells
        if len(lines) > MAX_LINES + HEAD_WITHIN:
            break
    merged = _merged(sheet)
    filled = _fill(lines, merged)
    head = _head(lines, column_of, needed)
    return head and _rows(sheet.title, lines, filled, merged, head, column_of, needed)


def _is_empty(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _merged(sheet) -> list[tuple[int, int, int, int]]:
    """Return the merged ranges: first column, first row, last column, last row. The library does not read them row by row."""
    with sheet.parent._archive.open(sheet._worksheet_path) as part:
        places = MERGED.findall(part.read())[:MAX_MERGED]
    return [range_boundaries(place.decode()) for place in places]


def _fill(lines: dict, merged: list) -> set[tuple[int, int]]:
    """Put what is merged downwards into each of its rows; return the places (row, column) that were filled."""
    filled, numbers = set(), sorted(lines)
    for left, top, _right, bottom in merged:
        if bottom == top or left > MAX_COLUMNS or left not in lines.get(top, {}):
            continue
        below = [number for number in numbers if top < number <= bottom]
        cell = lines[top][left] = lines[top][left]._replace(span=len(below) + 1)
        for number in below:
            lines[number].setdefault(left, cell)
            filled.add((number, left))
    return filled


def _head(lines: dict, column_of, needed: str) -> int | None:
    """Return the row that has the most headings; the lower of two that say the same (merged downwards)."""
    best, most = None, 0
    for number in sorted(lines)[:HEAD_WITHIN]:
        keys = {column_of(cell.value) for cell in lines[number].values() if isinstance(cell.value, str)} - {None}
        if needed in keys and len(keys) > most:
            best, most = number, len(keys)
    return best


def _rows(title: str, lines: dict, filled: set, merged: list, head: int, column_of, needed: str) -> Table:
    columns, headings, letters, unknown, doubled = {}, {}, {}, [], []
    for index, cell in sorted(lines[head].items()):
        letter, text = get_column_letter(index), " ".join(str(cell.value).split())
        key = column_of(cell.value)
        if not key:
            unknown.append((letter, text))
        elif key in headings:
            doubled.append((letter, text))
        else:
            columns[index], headings[key], letters[key] = key, text, letter
    place = next(index for index, key in columns.items() if key == needed)
    across = {
        number for left, top, right, bottom in merged if left <= place <= right and _covers(columns, left, right)
        for number in range(top, min(bottom, top + MAX_LINES) + 1)
    }
    rows, captions = [], []
    for number in sorted(number for number in lines if number > head):
        line = lines[number]
        own = {index for index in line if (number, index) not in filled and index in columns}
        if not own or all(folded(line[index].value) == folded(lines[head][index].value) for index in line if index in lines[head]):
            continue  # nothing of its own, or the headings once more
        if number in across or _is_total(line, place) or (len(own) == 1 and max(own) < place):
            captions.append(number)
        else:
            rows.append(Row(number, {columns[index]: cell for index, cell in line.items() if index in columns}))
    return Table(title, headings, letters, rows[:MAX_LINES], unknown, doubled, captions, len(rows) > MAX_LINES)


def _covers(columns: Collection[int], left: int, right: int) -> bool:
    return sum(left <= index <= right for index in columns) > 1


def _is_total(line: dict[int, Cell], place: int) -> bool:
    texts = [line[min(line)].value, line[place].value if place in line else None]
    return any(folded(text).rstrip(":") in TOTALS for text in texts)
