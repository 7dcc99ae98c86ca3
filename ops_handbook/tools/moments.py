"""Local days and hours of the day as moments. Pure Python: no ORM, no clock.

Days are local :class:`datetime.date`; moments are naive UTC :class:`datetime.datetime`, as Odoo stores them; hours of
the day are floats in local time (8.5 = half past eight, 24.0 = the last second of the day).

>>> close_of_day(date(2026, 9, 24), "Asia/Shanghai")
datetime.datetime(2026, 9, 24, 15, 59, 59)
"""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime, time, timedelta, timezone
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pytz

UTC = timezone.utc
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


@lru_cache(maxsize=256)
def zone(name: str) -> ZoneInfo:
    """The time zone called ``name``.

    Odoo offers the names that pytz knows; a system may lack the old ones among them (``US/Pacific``), or all of them;
    pytz's own file is read then.

    :raise ValueError: no such time zone
    """
    with suppress(ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo(name)
    try:
        with pytz.open_resource(pytz.timezone(name).zone) as table:
            return ZoneInfo.from_file(table, key=name)
    except (KeyError, OSError, ValueError) as error:  # pytz's own error is a KeyError
        raise ValueError(f"unknown time zone: {name!r}") from error


def local_time(moment: datetime, tz: str) -> datetime:
    """A naive UTC moment as time zone aware local time."""
    there = zone(tz)
    return there.fromutc(moment.replace(tzinfo=there))  # twice as fast as by way of UTC: thousands of due dates pass here


def local_date(moment: datetime, tz: str) -> date:
    """The local day of a naive UTC moment.

    >>> local_date(datetime(2026, 11, 20, 16, 30), "Asia/Shanghai")
    datetime.date(2026, 11, 21)
    """
    return local_time(moment, tz).date()


@lru_cache(maxsize=8192)
def at_hour(day: date, hour: float, tz: str) -> datetime:
    """The naive UTC moment at which a local clock first shows ``hour`` on ``day``.

    An hour that the clock skips in spring counts from before the change (02:30 becomes 03:30); of an hour that comes
    twice in autumn the first is taken.

    >>> at_hour(date(2026, 3, 29), 2.5, "Europe/Berlin")
    datetime.datetime(2026, 3, 29, 1, 30)
    >>> at_hour(date(2026, 10, 25), 2.5, "Europe/Berlin")
    datetime.datetime(2026, 10, 25, 0, 30)
    """
    return _to_utc(_wall_clock(day, hour), tz, fold=0)


@lru_cache(maxsize=8192)
def close_of_day(day: date, tz: str, hour: float = 24.0) -> datetime:
    """The naive UTC moment at which a limit that ends on the local ``day`` runs out.

    :param hour: local time at which the day closes; 24.0 is its last second, 23:59:59. Of an hour that comes twice the
        second is taken, so that nobody loses time.

    >>> close_of_day(date(2026, 11, 23), "Asia/Shanghai")
    datetime.datetime(2026, 11, 23, 15, 59, 59)
    >>> close_of_day(date(2026, 10, 25), "Europe/Berlin", 2.5)
    datetime.datetime(2026, 10, 25, 1, 30)
    """
    if hour >= 24.0:  # by way of the next midnight: the last second itself may be one that the clock skips
        return at_hour(day + DAY, 0.0, tz) - SECOND
    wall = _wall_clock(day, hour)
    return max(_to_utc(wall, tz, fold=0), _to_utc(wall, tz, fold=1))


def _wall_clock(day: date, hour: float) -> datetime:
    """What the clock on the wall shows, to the second."""
    return datetime.combine(day, time.min) + timedelta(seconds=round(hour * 3600))


def _to_utc(wall: datetime, tz: str, fold: int) -> datetime:
    return wall.replace(tzinfo=zone(tz), fold=fold).astimezone(UTC).replace(tzinfo=None)


def same_clock(moment: datetime, day: date, tz: str) -> datetime:
    """The naive UTC moment on ``day`` at which the local clock shows what it shows at ``moment``."""
    local = local_time(moment, tz)
    return _to_utc(datetime.combine(day, local.time()), tz, fold=local.fold)
