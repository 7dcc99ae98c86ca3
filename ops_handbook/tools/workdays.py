"""Working days, and the limits that count from a moment. Pure Python: no ORM, no clock.

Days are local :class:`datetime.date`; moments are naive UTC :class:`datetime.datetime`, as Odoo stores them (see
:mod:`.moments`).

The rules of the handbook that live here: the starting day is not counted; a limit in working days ends at the close of
that day in the company's time zone; a limit in hours runs on the clock and is never converted (spec: *Working days*).

>>> china = build_workdays(
...     {0, 1, 2, 3, 4}, days_off=[date(2026, 9, 25)], overrides={date(2026, 9, 20): True},
...     first=date(2026, 1, 1), last=date(2026, 12, 31), tz="Asia/Shanghai")
>>> china.subtract(date(2026, 9, 21), 1)  # the Sunday before is a make-up day
datetime.date(2026, 9, 20)
>>> due_after(datetime(2026, 9, 24, 10, 30), 1, "workdays", china)  # Thursday 18:30 in Shanghai; Friday is a day off
datetime.datetime(2026, 9, 28, 15, 59, 59)
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial

from .moments import DAY, close_of_day, local_date, same_clock

MARGIN_DAYS = 120  # by how much a range grows beyond what is asked: longer than any run of days off
MONDAY_TO_FRIDAY = frozenset(range(5))

WeekPattern = Iterable[int] | tuple[frozenset[int], frozenset[int]]


class Workdays:
    """The working days of one company over a range of years, answered by bisection.

    :param days: the working days, sorted, without repetition
    :param first: first day of the range that ``days`` describes
    :param last: last day of that range
    :param tz: name of the time zone in which these days are lived
    :param grow: called with (first, last), returns the same calendar over a wider range; without it a question about a
        day outside the range is a ``ValueError``

    Instances are never changed after they are made, so that they can be cached and shared between threads.

    >>> week = Workdays([date(2026, 11, d) for d in (2, 3, 4, 5, 6, 9, 10)], date(2026, 11, 1), date(2026, 11, 10))
    >>> week.add(date(2026, 11, 6), 1), week.subtract(date(2026, 11, 9), 2)
    (datetime.date(2026, 11, 9), datetime.date(2026, 11, 5))
    >>> week.count(date(2026, 11, 1), date(2026, 11, 7))
    5
    >>> week.add(date(2026, 11, 10), 1)
    Traceback (most recent call last):
    ...
    ValueError: the working days are known from 2026-11-01 to 2026-11-10 only
    """

    __slots__ = ("_days", "_grow", "_set", "first", "last", "tz")

    def __init__(
        self,
        days: Sequence[date],
        first: date,
        last: date,
        tz: str = "UTC",
        grow: Callable[[date, date], Workdays] | None = None,
    ):
        self._days = list(days)
        self._set = frozenset(days)
        self._grow = grow
        self.first = first
        self.last = last
        self.tz = tz

    def __repr__(self) -> str:
        return f"<Workdays {self.first}…{self.last} {self.tz}: {len(self._days)} days>"

    def _wider(self, first: date, last: date) -> Workdays:
        """The same calendar over a range that also covers ``first`` to ``last`` and a margin on both sides.

        :raise ValueError: the range cannot grow, or would leave the years that a date can hold
        """
        if not self._grow:
            raise ValueError(f"the working days are known from {self.first} to {self.last} only")
        try:
            return self._grow(min(first, self.first) - MARGIN_DAYS * DAY, max(last, self.last) + MARGIN_DAYS * DAY)
        except OverflowError as error:
            raise ValueError("the working day asked for lies outside the years 1 to 9999") from error

    def _at(self, index: int, ask_again: Callable[[Workdays], date]) -> date:
        """The working day at ``index``; beyond either end the question is put again to a wider calendar."""
        if 0 <= index < len(self._days):
            return self._days[index]
        missing = max(-index, index - len(self._days) + 1)
        try:  # even one working day a week is found within seven times as many days
            span = missing * 7 * DAY
            wider = self._wider(
                self.first - span if index < 0 else self.first, self.last + span if index > 0 else self.last
            )
        except OverflowError as error:
            raise ValueError("the working day asked for lies outside the years 1 to 9999") from error
        return ask_again(wider)

    def _covering(self, *days: date) -> Workdays:
        """This calendar, or a wider one when one of ``days`` lies outside its range."""
        low, high = min(days), max(days)
        return self if low >= self.first and high <= self.last else self._wider(low, high)

    # ------------------------------------------------------------------
    # Questions about days
    # ------------------------------------------------------------------

    def is_working(self, day: date) -> bool:
        """Whether ``day`` is a working day."""
        if self.first <= day <= self.last:
            return day in self._set
        return day in self._wider(day, day)._set

    def add(self, day: date, n: int) -> date:
        """The n-th working day after ``day``, which is itself not counted.

        :param day: local day, working or not
        :param n: working days; 0 asks for ``day`` itself or, on a day off, the next working day; a negative number
            counts backwards
        :raise ValueError: outside the range (see ``grow``)

        >>> weeks = build_workdays(MONDAY_TO_FRIDAY, first=date(2026, 1, 1), last=date(2026, 12, 31))
        >>> weeks.add(date(2026, 11, 20), 1)  # Friday + 1 = Monday
        datetime.date(2026, 11, 23)
        >>> weeks.add(date(2026, 11, 21), 0), weeks.add(date(2026, 11, 21), -1)
        (datetime.date(2026, 11, 23), datetime.date(2026, 11, 20))
        """
        if n < 0:
            return self.subtract(day, -n)
        if not self.first <= day <= self.last:
            return self._wider(day, day).add(day, n)
        index = bisect_right(self._days, day) + n - 1 if n else bisect_left(self._days, day)
        try:  # thousands of due dates pass here; the rare one beyond the range pays for the question put again
            return self._days[index]
        except IndexError:
            return self._at(index, lambda wider: wider.add(day, n))

    def subtract(self, day: date, n: int) -> date:
        """The n-th working day before ``day``, which is itself not counted.

        :param n: working days, not negative; 0 asks for ``day`` itself or, on a day off, the working day before
        :raise ValueError: outside the range (see ``grow``), or ``n`` is negative

        >>> weeks = build_workdays(MONDAY_TO_FRIDAY, first=date(2026, 1, 1), last=date(2026, 12, 31))
        >>> weeks.subtract(date(2026, 11, 23), 1), weeks.subtract(date(2026, 11, 22), 0)
        (datetime.date(2026, 11, 20), datetime.date(2026, 11, 20))
        """
        if n < 0:
            raise ValueError("subtract() wants a number of working days that is not negative")
        if not self.first <= day <= self.last:
            return self._wider(day, day).subtract(day, n)
        index = bisect_left(self._days, day) - n if n else bisect_right(self._days, day) - 1
        return self._at(index, lambda wider: wider.subtract(day, n))

    def count(self, after: date, until: date) -> int:
        """How many working days lie in (after, until]; negative when ``until`` comes before ``after``.

        >>> weeks = build_workdays(MONDAY_TO_FRIDAY, first=date(2026, 1, 1), last=date(2026, 12, 31))
        >>> weeks.count(date(2026, 11, 20), date(2026, 11, 23)), weeks.count(date(2026, 11, 23), date(2026, 11, 20))
        (1, -1)
        """
        days = self._covering(after, until)._days
        return bisect_right(days, until) - bisect_right(days, after)

    def between(self, first: date, last: date) -> list[date]:
        """The working days from ``first`` to ``last``, both included."""
        days = self._covering(first, last)._days
        return days[bisect_left(days, first) : bisect_right(days, last)]

    def roll(self, day: date, rule: str = "earlier", max_days: int = 3) -> date:
        """Move a due day that falls on a day off (spec: *when it falls on a day off*).

        :param rule: ``earlier``, ``later`` or ``unchanged``
        :param max_days: calendar days by which ``earlier`` may move; a longer holiday moves the day later instead
        :raise ValueError: unknown rule

        >>> weeks = build_workdays(MONDAY_TO_FRIDAY, first=date(2026, 1, 1), last=date(2026, 12, 31),
        ...                        days_off=[date(2026, 10, d) for d in range(1, 8)])
        >>> weeks.roll(date(2026, 10, 2)), weeks.roll(date(2026, 10, 5)), weeks.roll(date(2026, 10, 5), "unchanged")
        (datetime.date(2026, 9, 30), datetime.date(2026, 10, 8), datetime.date(2026, 10, 5))
        """
        if rule not in ("earlier", "later", "unchanged"):
            raise ValueError(f"unknown rule for days off: {rule!r}")
        if rule == "unchanged" or self.is_working(day):
            return day
        before = self.subtract(day, 0)
        return before if rule == "earlier" and (day - before).days <= max_days else self.add(day, 0)

    def last_of_week(self, day: date) -> date | None:
        """The last working day of the ISO week (Monday to Sunday) that holds ``day``; None when all of it is off.

        Due day of the weekly forms (M5, C4). A make-up Sunday is the last working day of its week.
        """
        monday = day - day.weekday() * DAY
        return next(reversed(self.between(monday, monday + 6 * DAY)), None)

    def first_of_month(self, day: date) -> date | None:
        """The first working day of the month of ``day``; None when all of it is off."""
        return next(iter(self.between(*month_bounds(day))), None)

    def last_of_month(self, day: date) -> date | None:
        """The last working day of the month of ``day``; None when all of it is off."""
        return next(reversed(self.between(*month_bounds(day))), None)


def month_bounds(day: date) -> tuple[date, date]:
    """First and last calendar day of the month of ``day``.

    >>> month_bounds(date(2028, 2, 10))
    (datetime.date(2028, 2, 1), datetime.date(2028, 2, 29))
    """
    first = day.replace(day=1)
    return first, (first + 31 * DAY).replace(day=1) - DAY


def week_type(day: date) -> int:
    """Which week of a two-week pattern ``day`` is in: 0 or 1, counted as Odoo's ``resource.calendar.attendance`` does.

    >>> week_type(date(2026, 11, 23)) != week_type(date(2026, 11, 30))
    True
    """
    return (day.toordinal() - 1) // 7 % 2


def build_workdays(
    weekdays: WeekPattern,
    days_off: Iterable[date] = (),
    overrides: Mapping[date, bool] | None = None,
    *,
    first: date,
    last: date,
    tz: str = "UTC",
) -> Workdays:
    """Make the calendar of a company.

    :param weekdays: the days worked in a week (0 = Monday), or a pair of such sets for a calendar of two weeks, the
        first for the weeks of :func:`week_type` 0
    :param days_off: public holidays
    :param overrides: dated exceptions, True = works, False = off; they win over everything else (make-up days 调休)
    :param first: first day of the range
    :param last: last day of the range; beyond it the calendar grows by itself, from the same data
    :param tz: name of the company's time zone
    :raise ValueError: a week without any working day

    >>> build_workdays([], first=date(2026, 1, 1), last=date(2026, 12, 31))
    Traceback (most recent call last):
    ...
    ValueError: a week needs at least one working day
    """
    pattern = _two_weeks(weekdays)
    off = frozenset(days_off)
    exceptions = dict(overrides or {})
    return _build(pattern, off, exceptions, tz, first, last)


def _two_weeks(weekdays: WeekPattern) -> tuple[frozenset[int], frozenset[int]]:
    """Write any pattern as one of two weeks."""
    weekdays = tuple(weekdays)
    if len(weekdays) == 2 and not any(isinstance(week, int) for week in weekdays):
        weeks = frozenset(weekdays[0]), frozenset(weekdays[1])
    else:
        weeks = frozenset(weekdays), frozenset(weekdays)
    if not any(weeks):
        raise ValueError("a week needs at least one working day")
    return weeks


def _build(
    weeks: tuple[frozenset[int], frozenset[int]],
    days_off: frozenset[date],
    overrides: Mapping[date, bool],
    tz: str,
    first: date,
    last: date,
) -> Workdays:
    """Lay the pattern out over the range: the days of a weekday are 7 (or, in two weeks, 14) apart."""
    days = set()
    start, end = first.toordinal(), last.toordinal() + 1
    for kind, week in enumerate(weeks):
        for weekday in week:
            ordinal = 1 + 7 * kind + weekday  # 1 January of year 1 is a Monday of week type 0
            days.update(range(start + (ordinal - start) % 14, end, 14))
    days = {date.fromordinal(ordinal) for ordinal in days}
    days -= days_off
    days.update(day for day, works in overrides.items() if works and first <= day <= last)
    days.difference_update(day for day, works in overrides.items() if not works)
    return Workdays(sorted(days), first, last, tz, grow=partial(_build, weeks, days_off, overrides, tz))


def due_after(
    start: datetime,
    value: float,
    unit: str,
    workdays: Workdays,
    tz: str | None = None,
    close_hour: float = 24.0,
    *,
    same_hour: bool = False,
) -> datetime:
    """When a limit that counts from ``start`` runs out.

    :param start: naive UTC moment of the event that starts the clock
    :param value: how many units; negative counts backwards (C2: notice 1 working day before the meeting)
    :param unit: ``hours`` (on the clock), ``days`` (calendar) or ``workdays``; the starting day is not counted
    :param workdays: calendar of the company
    :param tz: time zone in which days begin and end; default: that of ``workdays``
    :param close_hour: local hour at which a limit in days or working days ends
    :param same_hour: days and working days end at the local hour of ``start`` instead of the close of the day; hours
        that end on a day off move to the next working day, same local hour (C3: minutes within 24 hours)
    :return: naive UTC moment
    :raise ValueError: unknown unit

    >>> weeks = build_workdays(MONDAY_TO_FRIDAY, first=date(2026, 1, 1), last=date(2026, 12, 31), tz="Asia/Shanghai")
    >>> friday = datetime(2026, 11, 20, 10, 30)  # 18:30 in Shanghai
    >>> due_after(friday, 1, "workdays", weeks), due_after(friday, 24, "hours", weeks)
    (datetime.datetime(2026, 11, 23, 15, 59, 59), datetime.datetime(2026, 11, 21, 10, 30))
    >>> due_after(friday, 24, "hours", weeks, same_hour=True)
    datetime.datetime(2026, 11, 23, 10, 30)
    >>> due_after(friday, -1, "workdays", weeks)
    datetime.datetime(2026, 11, 19, 15, 59, 59)
    """
    tz = tz or workdays.tz
    if unit == "hours":
        end = start + timedelta(hours=value)
        day = local_date(end, tz)
        return same_clock(end, workdays.add(day, 0), tz) if same_hour and not workdays.is_working(day) else end
    day = local_date(start, tz)
    if unit == "days":
        day += int(value) * DAY
    elif unit == "workdays":
        day = workdays.add(day, int(value))
    else:
        raise ValueError(f"unknown unit of time: {unit!r}")
    return same_clock(start, day, tz) if same_hour else close_of_day(day, tz, close_hour)
