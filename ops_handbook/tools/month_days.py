"""Days of a month plan as people type them: the year is left out, often the month too. Pure Python.

>>> march = date(2027, 3, 1)
>>> [near(text, march) for text in ("3月5日", "3/5", "3.5", "5日", "Mar 5", "5 March", "2027-03-05", datetime(2027, 3, 5), 5)]
... # doctest: +NORMALIZE_WHITESPACE
[datetime.date(2027, 3, 5), datetime.date(2027, 3, 5), datetime.date(2027, 3, 5), datetime.date(2027, 3, 5),
 datetime.date(2027, 3, 5), datetime.date(2027, 3, 5), datetime.date(2027, 3, 5), datetime.date(2027, 3, 5),
 datetime.date(2027, 3, 5)]
>>> near("12/28", date(2027, 1, 1)), near("月底", march, last=True), near("2月底", march, last=True)
(datetime.date(2026, 12, 28), datetime.date(2027, 3, 31), datetime.date(2027, 2, 28))
>>> near("5/3", march, month_first=False), near("  ", march)
(datetime.date(2027, 3, 5), None)
"""

from __future__ import annotations

import calendar
import re
from datetime import date, datetime

from .cells import CLOCK, MONTHS, Unreadable, day, folded

CHINESE = re.compile(r"(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]?")
PAIR = re.compile(r"(\d{1,2})\s*[/.-]\s*(\d{1,2})")
ALONE = re.compile(r"(\d{1,2})\s*(?:日|号|\.|st|nd|rd|th)?")
DAY_MONTH = re.compile(r"(\d{1,2})(?:st|nd|rd|th|\.)?[\s-]+([a-z]+)\.?")
MONTH_DAY = re.compile(r"([a-z]+)\.?[\s-]+(\d{1,2})(?:st|nd|rd|th)?")
PART = re.compile(r"(?:(\d{1,2})\s*月)?\s*(?:月?\s*)?(初|中|底|末|上旬|中旬|下旬)")
# what a part of the month means as a beginning, and as an end; None: the last day, 0: nobody can say
PARTS = {"初": (1, 0), "上旬": (1, 10), "中": (15, 15), "中旬": (11, 20), "下旬": (21, None), "底": (None, None), "末": (None, None)}
WORDS = {"beginning of month": "初", "start of month": "初", "end of month": "底", "month end": "底", "eom": "底"}
WEEKDAY = re.compile(r"\s*[(（]?(?:周|星期)[一二三四五六日天][)）]?$|\s*\([^()]*\)$")
RANGE = re.compile(r"\s*(?:~|～|—+|–|−|至|到|→|\bto\b|\buntil\b|\bbis\b)\s*|\s+-\s+")
HYPHEN = re.compile(r"(.*[日号/月.\d]\d*[日号]?)-(\d.*)")


def near(
    value: object, month: date, month_first: bool | None = None, yearless: bool = False, last: bool = False,
) -> date | None:
    """Return the day that a cell means, in the year that brings it nearest to a month.

    :param month: first day of the month of the plan
    :param month_first: how the reader's language writes ``3/5``; None: the year comes first there, and so the month before the day
    :param yearless: a date of which the sheet shows no year; a spreadsheet program put in the year in which it was typed
    :param last: whether it ends something: ``中旬`` is the 20th then, not the 11th
    :raise Unreadable: ``date``, or ``date_order`` where day and month of a whole date cannot be told apart
    """
    if isinstance(value, date):
        found = value.date() if isinstance(value, datetime) else value
        return _nearest(found.month, found.day, month) if yearless else day(found)
    if isinstance(value, float) and not value.is_integer():
        raise Unreadable("date")  # 3.1 may have been 3.1 or 3.10
    text = WEEKDAY.sub("", CLOCK.sub("", folded(value))).strip()
    if not text:
        return None
    found = _short(text, month, month_first, last)
    return found or day(value if isinstance(value, int | float) else text, month_first)


def _short(text: str, month: date, month_first: bool | None, last: bool) -> date | None:
    """Return a day that is written without its year; None when the text is something else."""
    if match := ALONE.fullmatch(text):
        return _made(month.year, month.month, int(match[1]))
    if match := CHINESE.fullmatch(text):
        return _nearest(int(match[1]), int(match[2]), month)
    if match := PAIR.fullmatch(text):
        first, second = int(match[1]), int(match[2])
        if first > 12 or (month_first is False and second <= 12):
            first, second = second, first
        return _nearest(first, second, month)
    if (match := DAY_MONTH.fullmatch(text)) and match[2] in MONTHS:
        return _nearest(MONTHS[match[2]], int(match[1]), month)
    if (match := MONTH_DAY.fullmatch(text)) and match[1] in MONTHS:
        return _nearest(MONTHS[match[1]], int(match[2]), month)
    return _part(text, month, last)


def _part(text: str, month: date, last: bool) -> date | None:
    match = PART.fullmatch(WORDS.get(text, text).removeprefix("本月").removeprefix("当月"))
    if not match:
        return None
    number = PARTS[match[2]][last]
    named = int(match[1] or month.month)
    if number is None:
        number = calendar.monthrange(_nearest(named, 1, month).year, named)[1] if 1 <= named <= 12 else 0
    return _nearest(named, number, month)


def _nearest(number: int, day_: int, month: date) -> date:
    """Return a day of the year that brings it nearest to the middle of ``month``."""
    middle = month.replace(day=15)
    found = []
    for year in (month.year - 1, month.year, month.year + 1):
        try:
            found.append(date(year, number, day_))
        except ValueError:
            continue  # 29 February
    if not found:
        raise Unreadable("date")
    return min(found, key=lambda one: abs(one - middle))


def _made(year: int, number: int, day_: int) -> date:
    try:
        return date(year, number, day_)
    except ValueError as error:
        raise Unreadable("date") from error


def span(value: object, month: date, month_first: bool | None = None, yearless: bool = False) -> tuple[date | None, date | None]:
    """Return start and end from one cell; of a single day only the end.

    :raise Unreadable: as :func:`near`

    >>> march = date(2027, 3, 1)
    >>> span("3/1-3/5", march) == span("3月1日至3月5日", march) == span("3.1~5", march) == span("2027-03-01 - 2027-03-05", march)
    True
    >>> span("3月5日前", march), span("2027-03-05", march), span(None, march)
    ((None, datetime.date(2027, 3, 5)), (None, datetime.date(2027, 3, 5)), (None, None))
    """
    def read(text, last):
        return near(text, month, month_first, last=last)

    if isinstance(value, date | int | float):
        return None, near(value, month, month_first, yearless, last=True)
    text = folded(value).removesuffix("之前").removesuffix("以前").removesuffix("前").removeprefix("by ")
    try:
        return None, read(text, True)
    except Unreadable:
        parts = RANGE.split(text)
        if len(parts) == 1 and (match := HYPHEN.fullmatch(text)):
            parts = list(match.groups())
        if len(parts) != 2:
            raise
    start, end = read(parts[0], False), parts[1]
    if start and (match := ALONE.fullmatch(end)):  # 3.1-5
        return start, _made(start.year, start.month, int(match[1]))
    return start, read(end, True)
