"""Working hours: reminders never come at night or on a day off. Pure Python: no ORM, no clock.

Hours of the day are floats in local time, moments are naive UTC; see :mod:`.moments`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from .moments import at_hour, close_of_day, local_date
from .workdays import (
    MONDAY_TO_FRIDAY,  # noqa: F401 - for the examples
    Workdays,
    build_workdays,  # noqa: F401 - for the examples
)

MINUTE = timedelta(minutes=1)
ALL_DAY = ((0.0, 24.0),)

Intervals = Mapping[int, Sequence[tuple[float, float]]]


def hours_of(day: date, intervals: Intervals) -> Sequence[tuple[float, float]]:
    """The working hours of a working day.

    :param intervals: sorted (from, to) in local hours by weekday (0 = Monday)
    :return: those of its weekday; a make-up day on a weekday that has none takes those of the first weekday that has
        some; where there are none at all, the whole day

    >>> hours_of(date(2026, 11, 28), {0: [(9, 12), (13, 18)]})
    [(9, 12), (13, 18)]
    """
    return intervals.get(day.weekday()) or next((hours for _day, hours in sorted(intervals.items()) if hours), ALL_DAY)


def opening(day: date, intervals: Intervals, tz: str) -> datetime:
    """The naive UTC moment at which the working hours of ``day`` begin."""
    return at_hour(day, hours_of(day, intervals)[0][0], tz)


def shift_into_hours(moment: datetime, workdays: Workdays, intervals: Intervals, tz: str | None = None) -> datetime:
    """The first moment not before ``moment`` that lies in the receiver's working hours.

    :param moment: naive UTC
    :param intervals: see :func:`hours_of`; they hold their beginning and not their end
    :param tz: the receiver's time zone; default: that of ``workdays``
    :return: naive UTC

    >>> weeks = build_workdays(MONDAY_TO_FRIDAY, first=date(2026, 1, 1), last=date(2026, 12, 31), tz="Asia/Shanghai")
    >>> hours = {day: [(9.0, 12.0), (13.0, 18.0)] for day in range(5)}
    >>> shift_into_hours(datetime(2026, 11, 20, 2, 0), weeks, hours)  # Friday 10:00
    datetime.datetime(2026, 11, 20, 2, 0)
    >>> shift_into_hours(datetime(2026, 11, 20, 4, 30), weeks, hours)  # in the lunch break
    datetime.datetime(2026, 11, 20, 5, 0)
    >>> shift_into_hours(datetime(2026, 11, 20, 16, 0), weeks, hours)  # at midnight
    datetime.datetime(2026, 11, 23, 1, 0)
    """
    tz = tz or workdays.tz
    day = local_date(moment, tz)
    if workdays.is_working(day):
        for hour_from, hour_to in hours_of(day, intervals):
            if moment < close_of_day(day, tz, hour_to):
                return max(moment, at_hour(day, hour_from, tz))
    return opening(workdays.add(day, 1), intervals, tz)


def last_opening(moment: datetime, workdays: Workdays, intervals: Intervals, tz: str | None = None) -> datetime:
    """The latest opening of working hours that is not after ``moment`` (naive UTC, both).

    >>> weeks = build_workdays(MONDAY_TO_FRIDAY, first=date(2026, 1, 1), last=date(2026, 12, 31), tz="UTC")
    >>> last_opening(datetime(2026, 11, 23, 7, 0), weeks, {0: [(9.0, 18.0)]})  # Monday before work: Friday's
    datetime.datetime(2026, 11, 20, 9, 0)
    """
    tz = tz or workdays.tz
    day = workdays.subtract(local_date(moment, tz), 0)
    opened = opening(day, intervals, tz)
    return opened if opened <= moment else opening(workdays.subtract(day, 1), intervals, tz)


def merge_hours(intervals: Iterable[tuple[float, float]]) -> tuple[tuple[float, float], ...]:
    """Intervals of hours in order, those that touch or overlap joined.

    >>> merge_hours([(13.0, 17.0), (8.0, 12.0), (11.0, 12.5)])
    ((8.0, 12.5), (13.0, 17.0))
    """
    merged = []
    for begin, end in sorted(intervals):
        if merged and begin <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((begin, end))
    return tuple(merged)


def is_covered(
    day: date, hours: Iterable[tuple[float, float]], leaves: Iterable[tuple[datetime, datetime]], tz: str
) -> bool:
    """Whether leaves together take all working hours of a local day, so that it is a day off.

    :param hours: working hours of that day, (from, to) in local hours; a day without any is not covered
    :param leaves: (begin, end) in naive UTC, sorted; an end may be 23:59, 23:59:59 or 24:00, people mean the same
    :param tz: name of the local time zone

    >>> morning = datetime(2026, 5, 1, 8), datetime(2026, 5, 1, 12)
    >>> afternoon = datetime(2026, 5, 1, 12), datetime(2026, 5, 1, 18)
    >>> is_covered(date(2026, 5, 1), [(8.0, 17.0)], [morning, afternoon], "UTC")
    True
    >>> is_covered(date(2026, 5, 1), [(8.0, 17.0)], [morning], "UTC")
    False
    """
    spans = [(at_hour(day, begin, tz), close_of_day(day, tz, end)) for begin, end in hours]
    return bool(spans) and all(_takes(leaves, begin, end) for begin, end in spans)


def _takes(leaves: Iterable[tuple[datetime, datetime]], begin: datetime, end: datetime) -> bool:
    """Whether sorted leaves together take all of the time from ``begin`` to ``end``, to the minute."""
    for leave_begin, leave_end in leaves:
        if leave_begin <= begin + MINUTE:
            begin = max(begin, leave_end)
    return begin + MINUTE >= end
