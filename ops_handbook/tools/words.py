"""Dates in words, as people of a language write them; and what people type."""

import re
from datetime import date

from babel.dates import format_skeleton

# what no database holds: the character zero, and halves of characters
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
HALVES = re.compile("[\ud800-\udfff]")


def typed(value) -> str:
    """Return what somebody typed, without blanks around it and without what a database cannot hold.

    :param value: text, or nothing; a text of ``tools.saying`` stays one

    >>> typed(" late\\x00 delivery \\ud800")
    'late delivery'
    >>> typed(None)
    ''
    """
    text = str(value or "").strip()
    return UNSTORABLE.sub("", text).strip() if UNSTORABLE.search(text) else text


def sendable(value):
    """Return a text without halves of characters, which no answer can be written with; anything else as it is.

    >>> sendable("none is called \\ud800") == "none is called \N{REPLACEMENT CHARACTER}", sendable(5)
    (True, 5)
    """
    return HALVES.sub("\N{REPLACEMENT CHARACTER}", value) if isinstance(value, str) and HALVES.search(value) else value


def month_in_words(day: date, locale: str) -> str:
    """Return the month of ``day`` with its year, in the order of the language.

    :param locale: as Odoo names languages

    >>> month_in_words(date(2026, 12, 1), "en_US")
    'December 2026'
    >>> month_in_words(date(2026, 12, 1), "zh_CN")
    '2026年12月'
    """
    return format_skeleton("yMMMM", day, locale=locale)


def day_in_words(day: date, locale: str) -> str:
    """Return a day of the year without the year, in the order of the language.

    >>> day_in_words(date(2026, 12, 10), "en_US")
    'December 10'
    >>> day_in_words(date(2026, 12, 10), "zh_CN")
    '12月10日'
    """
    return format_skeleton("MMMMd", day, locale=locale)


def quarter_in_words(day: date, locale: str) -> str:
    """Return the quarter of ``day`` with its year, in the order of the language.

    >>> quarter_in_words(date(2026, 12, 1), "en_US")
    'Q4 2026'
    >>> quarter_in_words(date(2026, 12, 1), "zh_CN")
    '2026年第4季度'
    """
    return format_skeleton("yQQQ", day, locale=locale)
