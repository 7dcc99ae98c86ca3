"""What people write into the cells of a spreadsheet, as typed values. Pure Python.

A reader returns the value, None for an empty cell, or raises :class:`Unreadable` with a code that says what is wrong:

>>> number("1,234.50"), number("12 %"), number("１２０万"), number("1.234,5"), number(" "), number(7)
(1234.5, 12.0, 1200000.0, 1234.5, None, 7.0)
>>> day("2027-03-05") == day("2027年3月5日") == day("5.3.2027") == day("Mar 5, 2027") == day("20270305")
True
>>> flag("是"), flag("no"), flag(None)
(True, False, None)
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime, timedelta

# serial numbers of spreadsheets: days since this one, for the years 2000 to 2199
EPOCH = date(1899, 12, 30)
SERIALS = range(36526, 109575)
YEARS = range(1990, 2200)
MONTHS = {
    name: number
    for number, names in enumerate((
        "jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july", "aug august",
        "sep sept september", "oct october", "nov november", "dec december",
    ), 1)
    for name in names.split()
}
CHINESE_MONTHS = {name: number for number, name in enumerate(["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"], 1)}
TRUE, FALSE = {"1", "true", "yes", "y", "x", "是", "对", "√", "✓"}, {"0", "false", "no", "n", "-", "否", "不是", "×"}
SCALES = {"万": 10_000, "亿": 100_000_000}

ISO = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?号?")
COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
DAY_FIRST = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})")
SLASHED = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})")
DAY_MONTH = re.compile(r"(\d{1,2})(?:st|nd|rd|th|\.)?[\s-]+([a-z]+)\.?,?[\s-]+(\d{4})")
MONTH_DAY = re.compile(r"([a-z]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")
CLOCK = re.compile(r"[\sT]+\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?$", re.IGNORECASE)
MONTH = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*月?")
MONTH_ONLY = re.compile(r"(\d{1,2})\s*月?(?:份)?")
CURRENCY = re.compile(r"[¥￥$€£]|(?<![a-z])(?:cny|rmb|usd|eur|hkd)(?![a-z])|元|人民币", re.IGNORECASE)
DIGITS = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,2})?", re.IGNORECASE)
# how far figures go: what a database column of 20 digits, 6 of them decimals, can hold
LARGEST = 1e13


class Unreadable(ValueError):
    """A cell that cannot be read; ``code`` says why: ``number``, ``date``, ``date_order``, ``choice``, ``flag``, ``large``, …"""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


def words(value: object) -> str | None:
    """Return a cell as text without blanks around it, None where there is nothing.

    >>> words("  Grow \\r\\n more "), words(12.0), words(""), words(date(2027, 1, 2))
    ('Grow \\n more', '12', None, '2027-01-02')
    """
    if value is None:
        return None
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float) and value.is_integer() and abs(value) < LARGEST:
        value = int(value)
    if isinstance(value, datetime):
        value = value.date()
    text = str(value).replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").strip()
    return text or None


def folded(value: object) -> str:
    """Return a text by which names are compared: width, case and blanks do not count.

    >>> folded(" ＫＰＩ  One "), folded("负责人（姓名）")
    ('kpi one', '负责人(姓名)')
    """
    return " ".join(unicodedata.normalize("NFKC", words(value) or "").casefold().split())


def number(value: object, comma: bool = False) -> float | None:
    """Return a figure: thousands separators, %, currency signs, 万 and 亿, brackets for less than nothing.

    :param comma: whether a comma is the decimal sign of the reader's language: it decides what ``1,234`` means
    :raise Unreadable: ``number``, or ``large`` beyond what can be stored

    >>> number("1,234"), number("1,234", comma=True), number("1.234", comma=True), number("1,5"), number("(3)"), number("¥2亿")
    (1234.0, 1.234, 1234.0, 1.5, -3.0, 200000000.0)
    """
    if isinstance(value, bool | date | timedelta):
        raise Unreadable("number")
    if isinstance(value, int | float):
        return _sane(float(value))
    text = unicodedata.normalize("NFKC", words(value) or "")
    if not text:
        return None
    text = CURRENCY.sub("", text).rstrip("%").strip().lstrip("'")
    if text.startswith("(") and text.endswith(")"):
        text = f"-{text[1:-1]}"
    scale = SCALES.get(text[-1:], 1)
    text = _decimal(re.sub(r"[\s'_]", "", text[:-1] if scale > 1 else text).replace("−", "-"), comma)
    if not DIGITS.fullmatch(text):
        raise Unreadable("number")
    return _sane(float(text) * scale)


def _decimal(text: str, comma: bool) -> str:
    """Return a figure with a point for the decimals and no separators of thousands."""
    if "," in text and "." in text:
        separator = "," if text.rindex(",") < text.rindex(".") else "."
        return text.replace(separator, "").replace(",", ".")
    sign = "," if "," in text else "."
    if sign not in text:
        return text
    grouped = re.fullmatch(rf"[+-]?\d{{1,3}}(?:{re.escape(sign)}\d{{3}})+", text)
    if text.count(sign) > 1 or (grouped and (sign == ",") != comma):
        return text.replace(sign, "") if grouped else "?"
    return text.replace(",", ".")


def _sane(figure: float) -> float:
    if not math.isfinite(figure) or abs(figure) >= LARGEST:
        raise Unreadable("large")
    return figure


def day(value: object, month_first: bool | None = None) -> date | None:
    """Return a day from a date, a serial number or text in one of many spellings.

    :param month_first: how the reader's language writes ``3/5/2027``; None: what can be read both ways is refused
    :raise Unreadable: ``date``; ``date_order`` where day and month cannot be told apart

    >>> day("3/5/2027", month_first=True), day(46451), day("31/12/2027"), day("1 Feb 2027 08:00")
    (datetime.date(2027, 3, 5), datetime.date(2027, 3, 5), datetime.date(2027, 12, 31), datetime.date(2027, 2, 1))
    """
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, bool | timedelta):
        raise Unreadable("date")
    if isinstance(value, date):
        return _day(value.year, value.month, value.day)
    if isinstance(value, int | float):
        if int(value) in SERIALS:
            return EPOCH + timedelta(days=int(value))
        value = words(value)
    text = folded(value)
    if not text:
        return None
    return _spelled(CLOCK.sub("", text), month_first)


def _spelled(text: str, month_first: bool | None) -> date:
    if match := ISO.fullmatch(text) or COMPACT.fullmatch(text):
        return _day(*map(int, match.groups()))
    if match := DAY_FIRST.fullmatch(text):
        return _day(int(match[3]), int(match[2]), int(match[1]))
    if match := DAY_MONTH.fullmatch(text):
        return _day(int(match[3]), MONTHS.get(match[2], 0), int(match[1]))
    if match := MONTH_DAY.fullmatch(text):
        return _day(int(match[3]), MONTHS.get(match[1], 0), int(match[2]))
    if match := SLASHED.fullmatch(text):
        first, second, year = map(int, match.groups())
        if month_first is None and first != second and max(first, second) <= 12:
            raise Unreadable("date_order")
        if second > 12 or (month_first and first <= 12):
            first, second = second, first
        return _day(year, second, first)
    raise Unreadable("date")


def _day(year: int, month: int, number_: int) -> date:
    if year not in YEARS:
        raise Unreadable("date")
    try:
        return date(year, month, number_)
    except ValueError as error:
        raise Unreadable("date") from error


def flag(value: object) -> bool | None:
    """Return yes or no.

    :raise Unreadable: ``flag``
    """
    if isinstance(value, bool):
        return value
    text = folded(value)
    if not text:
        return None
    if text in TRUE | FALSE:
        return text in TRUE
    raise Unreadable("flag")


def choice(value: object, options: Mapping[str, str]) -> str | None:
    """Return the key of what was chosen; ``options``: folded word → key.

    :raise Unreadable: ``choice``

    >>> choice(" 预算 ", {"budget": "budget", "预算": "budget"})
    'budget'
    """
    text = folded(value)
    if text and text not in options:
        raise Unreadable("choice")
    return options[text] if text else None


def month(value: object, year: int) -> str | None:
    """Return the month that a heading names, like ``2027-03``; None when it names none.

    >>> month("2027年3月", 2027), month("March", 2027), month("3月", 2027), month(datetime(2027, 3, 1), 2027), month("三月", 2027)
    ('2027-03', '2027-03', '2027-03', '2027-03', '2027-03')
    >>> month("Goal", 2027), month("13", 2027)
    (None, None)
    """
    if isinstance(value, date):
        return f"{value.year}-{value.month:02}"
    text = folded(value)
    if match := MONTH.fullmatch(text):
        year, found = int(match[1]), int(match[2])
    elif match := MONTH_ONLY.fullmatch(text):
        found = int(match[1])
    else:
        found = MONTHS.get(text.rstrip(".")) or CHINESE_MONTHS.get(text.removesuffix("月"), 0)
    return f"{year}-{found:02}" if 1 <= found <= 12 else None
