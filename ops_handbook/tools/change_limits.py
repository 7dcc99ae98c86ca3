"""Which changes of a released plan are small enough for the GM office. Pure Python; values are as JSON holds them.

>>> is_small("owner", [3, "Anna"], [4, "Ben"], Limits(owner=True))
True
>>> is_small("date", "2027-01-31", "2027-03-01", Limits(dates="quarter"))
True
>>> is_small("date", "2027-01-31", "2027-02-01", Limits(dates="month"))
False
>>> is_small("date", "2027-01-31", False, Limits(dates="year"))  # nobody knows how far that is
False
>>> is_small("number", 200, 190, Limits(percent=5)), is_small("number", 200, 189.9, Limits(percent=5))
(True, False)
>>> is_small("number", 0, 1, Limits(percent=100))
False
>>> is_small("other", "Old name", "New name", Limits(owner=True, dates="year", percent=100))
False
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import NamedTuple


class Limits(NamedTuple):
    """What the GM office decides: owners or not; dates inside ``month``, ``quarter``, ``year`` or ``none``; percent."""

    owner: bool = False
    dates: str = "none"
    percent: float = 0.0


def is_small(kind: str, old: object, new: object, limits: Limits) -> bool:
    """Tell whether one change from ``old`` to ``new`` is within ``limits``.

    :param kind: ``owner``, ``date`` (ISO texts), ``number`` or anything else, which never is
    """
    if kind == "owner":
        return limits.owner
    if kind == "date":
        return bool(old and new) and _span(str(old), limits.dates) == _span(str(new), limits.dates)
    if kind == "number" and limits.percent > 0:
        before, after = (Decimal(str(value or 0)) for value in (old, new))
        return abs(after - before) * 100 <= abs(before) * Decimal(str(limits.percent))
    return False


def _span(day: str, dates: str) -> tuple:
    """Return what two days must have in common; for ``none`` the days themselves."""
    found = date.fromisoformat(day)
    return {
        "year": (found.year,), "quarter": (found.year, (found.month - 1) // 3), "month": (found.year, found.month),
    }.get(dates, (found,))
