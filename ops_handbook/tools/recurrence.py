"""When recurring duties fall due. Pure Python: no ORM, no clock.

A duty is *nominally* due in a base period (a year, quarter, month, week or day) and *answers for* a target period,
which may be a later one: December's tasks are assigned on 25 November. Periods are written as keys, which sort:

======= ============ ====================================
kind    key          example
======= ============ ====================================
year    ``YYYY``     ``2027``
quarter ``YYYY-Qn``  ``2026-Q4``
month   ``YYYY-MM``  ``2026-12``
week    ``YYYY-Wnn`` ``2026-W48`` (ISO, Monday to Sunday)
day     ISO date     ``2026-11-22``
======= ============ ====================================

>>> weeks = build_workdays(range(5), first=date(2026, 1, 1), last=date(2027, 12, 31))
>>> m6 = Rule("monthly", day=23)
>>> m1 = Rule("monthly", day=25, period_offset=1, gap=1, predecessor=m6)
>>> [(item.period, item.due.isoformat()) for item in occurrences(m1, date(2026, 7, 1), date(2026, 9, 30), weeks)]
[('2026-08', '2026-07-24'), ('2026-09', '2026-08-25'), ('2026-10', '2026-09-25')]
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from .moments import DAY, close_of_day, local_date
from .workdays import (
    Workdays,
    build_workdays,  # noqa: F401 - for the examples
    due_after,
    month_bounds,
)

TRIGGERS = ("yearly", "quarterly", "monthly", "weekly", "daily", "event")
_KEY = re.compile(r"(\d{4})(?:-(?:Q([1-4])|W(\d\d)|(\d\d)(?:-(\d\d))?))?", re.ASCII)


class Occurrence(NamedTuple):
    """One due date of a rule."""

    period: str
    """Key of the target period: what the form is about."""
    period_start: date
    period_end: date
    due: date
    """Local day at whose close (``Rule.hour``) the duty is due."""
    base: str
    """Key of the period in which it is nominally due; occurrences of rules that follow each other share it."""


@dataclass(frozen=True)
class Rule:
    """How a standard finds its due dates. Units: days, working days (WD), local hours."""

    trigger: str
    """``yearly``, ``quarterly``, ``monthly``, ``weekly``, ``daily`` (each WD) or ``event``."""
    month: int = 12
    """Month of the year (yearly), or 1 to 3 in the quarter (quarterly; more is clipped)."""
    day: int = 0
    """Day of the month, clipped to its length; 0 = its last day."""
    weekday: int | None = None
    """Weekly: 0 = Monday; None = the last WD of the week."""
    workdays_after_period: int | None = None
    """Due so many WD after the end of the base period (A7: 10 WD after the quarter), whatever ``month`` and ``day``."""
    period_offset: int = 0
    """How many periods the target lies after the base period (A2: 1, a year's plan is due in the December before)."""
    day_off: str = "earlier"
    """When the day is a day off: ``earlier``, ``later``, ``unchanged``."""
    max_shift: int = 3
    """``earlier`` by at most so many calendar days; longer holidays: later."""
    gap: int = 0
    """At least so many WD after the due day of the predecessor in the same base period."""
    predecessor: Rule | None = None
    """The rule that ``gap`` looks at; its trigger must be the same."""
    offset: float = 0
    """Event: how many units after (negative: before) the event."""
    unit: str = "workdays"
    """Event: ``hours``, ``days``, ``workdays``."""
    hour: float = 24.0
    """Local hour at which the due day ends; 24.0 = its last second."""
    exact: bool = False
    """Event: due at the event's local hour, not at ``hour``; hours that end on a day off move to the next WD (C3)."""

    def __post_init__(self):
        if self.trigger not in TRIGGERS:
            raise ValueError(f"unknown trigger: {self.trigger!r}")
        if self.predecessor and self.predecessor.trigger != self.trigger:
            raise ValueError("a rule can only follow a rule of the same trigger")


# ----------------------------------------------------------------------
# Periods
# ----------------------------------------------------------------------


def period_of(day: date, trigger: str) -> str:
    """Key of the period of this trigger that holds ``day``.

    >>> [period_of(date(2027, 1, 1), trigger) for trigger in TRIGGERS[:5]]
    ['2027', '2027-Q1', '2027-01', '2026-W53', '2027-01-01']
    """
    if trigger == "yearly":
        return f"{day.year:04}"
    if trigger == "quarterly":
        return f"{day.year:04}-Q{(day.month + 2) // 3}"
    if trigger == "monthly":
        return f"{day.year:04}-{day.month:02}"
    if trigger == "weekly":
        year, week, _weekday = day.isocalendar()
        return f"{year:04}-W{week:02}"
    return day.isoformat()


def period_trigger(key: str) -> str:
    """The trigger whose periods are written like ``key``.

    :raise ValueError: not a key

    >>> period_trigger("2026-W48"), period_trigger("2026-11")
    ('weekly', 'monthly')
    >>> period_trigger("2026-13-01")
    Traceback (most recent call last):
    ...
    ValueError: not a period: '2026-13-01'
    """
    return _parse(key)[0]


def period_bounds(key: str) -> tuple[date, date]:
    """First and last day of a period.

    :raise ValueError: not a key

    >>> period_bounds("2026-Q4"), period_bounds("2026-W53")[1]
    ((datetime.date(2026, 10, 1), datetime.date(2026, 12, 31)), datetime.date(2027, 1, 3))
    """
    return _parse(key)[1:]


def next_period(key: str) -> str:
    """The period after ``key``.

    >>> [next_period(key) for key in ("2026", "2026-Q4", "2026-12", "2026-W53", "2028-02-28")]
    ['2027', '2027-Q1', '2027-01', '2027-W01', '2028-02-29']
    """
    trigger, _first, last = _parse(key)
    return period_of(_day_beyond(last, DAY), trigger)


def previous_period(key: str) -> str:
    """The period before ``key``.

    >>> [previous_period(key) for key in ("2027", "2027-Q1", "2027-01", "2027-W01", "2028-03-01")]
    ['2026', '2026-Q4', '2026-12', '2026-W53', '2028-02-29']
    """
    trigger, first, _last = _parse(key)
    return period_of(_day_beyond(first, -DAY), trigger)


def shift_period(key: str, n: int) -> str:
    """The n-th period after ``key``, or before it when ``n`` is negative.

    >>> shift_period("2026-11", 2), shift_period("2026-11", -11)
    ('2027-01', '2025-12')
    """
    step = next_period if n > 0 else previous_period
    for _index in range(abs(n)):
        key = step(key)
    return key


def _day_beyond(day: date, step: timedelta) -> date:
    try:
        return day + step
    except OverflowError as error:
        raise ValueError("there is no such period within the years 1 to 9999") from error


def _parse(key: str) -> tuple[str, date, date]:
    """Trigger, first and last day of a period key."""
    match = _KEY.fullmatch(key or "")
    if not match:
        raise ValueError(f"not a period: {key!r}")
    year, quarter, week, month, day = (part and int(part) for part in match.groups())
    try:
        if quarter:
            first = date(year, 3 * quarter - 2, 1)
            return "quarterly", first, month_bounds(first.replace(month=3 * quarter))[1]
        if week is not None:
            first = date.fromisocalendar(year, week, 1)
            return "weekly", first, first + 6 * DAY
        if day is not None:
            return "daily", date(year, month, day), date(year, month, day)
        if month is not None:
            return "monthly", *month_bounds(date(year, month, 1))
        return "yearly", date(year, 1, 1), date(year, 12, 31)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"not a period: {key!r}") from error


# ----------------------------------------------------------------------
# Due dates by the calendar
# ----------------------------------------------------------------------


def occurrences(
    rule: Rule,
    first_day: date,
    last_day: date,
    workdays: Workdays,
    predecessor_due: Mapping[str, date] | None = None,
) -> list[Occurrence]:
    """The due dates of a calendar rule from ``first_day`` to ``last_day``, both included, in order.

    :param predecessor_due: due days of the predecessor by *base* period, in place of those that ``rule.predecessor``
        says (``{item.base: item.due for item in …}``)
    :raise ValueError: the rule waits for an event

    >>> weeks = build_workdays(range(5), first=date(2026, 1, 1), last=date(2027, 12, 31))
    >>> a7 = Rule("quarterly", workdays_after_period=10)
    >>> [tuple(map(str, item)) for item in occurrences(a7, date(2027, 1, 1), date(2027, 1, 31), weeks)]
    [('2026-Q4', '2026-10-01', '2026-12-31', '2027-01-14', '2026-Q4')]
    """
    found = []
    for base in _base_periods(rule, first_day, last_day):
        due = due_day(rule, base, workdays, (predecessor_due or {}).get(base))
        if due and first_day <= due <= last_day:
            period = shift_period(base, rule.period_offset)
            found.append(Occurrence(period, *period_bounds(period), due, base))
    return found


def due_day(rule: Rule, base: str, workdays: Workdays, predecessor_due: date | None = None) -> date | None:
    """The local day on which ``rule`` is due in the base period, or None when it is not (a week or day off).

    Day-off rule first; then the gap after the predecessor, which is stronger and may push the day into the next period
    (M3: the last day of the month, but at least 1 WD after M2).

    :param predecessor_due: due day of the predecessor, in place of what ``rule.predecessor`` says
    :raise ValueError: the rule waits for an event, or ``base`` is not a period of its trigger

    >>> weeks = build_workdays(range(5), first=date(2026, 1, 1), last=date(2027, 12, 31))
    >>> due_day(Rule("yearly", month=2), "2028", weeks)  # leap day, a Tuesday
    datetime.date(2028, 2, 29)
    >>> due_day(Rule("monthly", day=31, gap=1), "2026-11", weeks, predecessor_due=date(2026, 11, 30))
    datetime.date(2026, 12, 1)
    """
    if rule.trigger == "event" or period_trigger(base) != rule.trigger:
        raise ValueError(f"a rule that is {rule.trigger!r} has no due day in {base!r}")
    due = _nominal_day(rule, base, workdays)
    if due is None:
        return None
    due = workdays.roll(due, rule.day_off, rule.max_shift)
    if predecessor_due is None and rule.predecessor:
        predecessor_due = due_day(rule.predecessor, base, workdays)
    return max(due, workdays.add(predecessor_due, rule.gap)) if rule.gap and predecessor_due else due


def _nominal_day(rule: Rule, base: str, workdays: Workdays) -> date | None:
    """What the rule says before days off and gaps are looked at."""
    first, last = period_bounds(base)
    if rule.workdays_after_period is not None:
        return workdays.add(last, rule.workdays_after_period)
    if rule.trigger == "daily":
        return first if workdays.is_working(first) else None
    if rule.trigger == "weekly":
        return workdays.last_of_week(first) if rule.weekday is None else first + rule.weekday * DAY
    return _day_of_month(first.replace(month=_month(rule, first)), rule.day)


def _month(rule: Rule, first: date) -> int:
    """The month in which a rule is due within its base period."""
    if rule.trigger == "yearly":
        return rule.month
    return first.month + min(rule.month, 3) - 1 if rule.trigger == "quarterly" else first.month


def _day_of_month(month: date, day: int) -> date:
    """The ``day`` of a month, clipped to its length; 0 is its last day."""
    last = month_bounds(month)[1]
    return last.replace(day=min(day, last.day)) if day else last


def _base_periods(rule: Rule, first_day: date, last_day: date) -> Iterator[str]:
    """The base periods whose due day may lie in the range.

    Days off and gaps move a day by a few weeks at the most, WD after a period by the number of them; a day too many
    costs nothing, because the due day itself is compared with the range.
    """
    if rule.trigger == "event":
        raise ValueError("a rule that waits for an event has no due days in the calendar")
    if first_day > last_day:
        return
    late = 40 + 3 * (rule.workdays_after_period or 0) + 3 * rule.gap
    early = max(rule.max_shift, 0)
    if rule.trigger == "daily" and rule.workdays_after_period is None:
        late = early = 0
    key = period_of(first_day - late * DAY, rule.trigger)
    final = period_of(last_day + early * DAY, rule.trigger)
    while True:
        yield key
        if key == final:
            return
        key = next_period(key)


def due_moment(rule: Rule, due: date, tz: str) -> datetime:
    """The naive UTC moment at which the local ``due`` day of a calendar rule ends.

    >>> due_moment(Rule("monthly", day=25, hour=18.0), date(2026, 11, 25), "Asia/Shanghai")
    datetime.datetime(2026, 11, 25, 10, 0)
    """
    return close_of_day(due, tz, rule.hour)


# ----------------------------------------------------------------------
# Due dates by an event
# ----------------------------------------------------------------------


def event_due(rule: Rule, start: datetime, workdays: Workdays, tz: str | None = None) -> datetime:
    """When the limit that an event starts runs out.

    Working days need no day-off rule and hours have none (level 1 runs through the night and the holiday); calendar
    days follow the rule's.

    :param start: naive UTC moment of the event
    :param tz: time zone in which days end; default: that of ``workdays``
    :return: naive UTC moment
    :raise ValueError: not a rule of an event

    >>> weeks = build_workdays(range(5), first=date(2026, 1, 1), last=date(2027, 12, 31), tz="Asia/Shanghai")
    >>> meeting = datetime(2026, 11, 23, 1, 0)  # Monday 09:00 in Shanghai
    >>> event_due(Rule("event", offset=-1, unit="workdays"), meeting, weeks)  # C2: the end of Friday
    datetime.datetime(2026, 11, 20, 15, 59, 59)
    >>> event_due(Rule("event", offset=5, unit="days"), meeting, weeks)  # Saturday, so Friday
    datetime.datetime(2026, 11, 27, 15, 59, 59)
    """
    if rule.trigger != "event":
        raise ValueError(f"a rule that is {rule.trigger!r} waits for no event")
    tz = tz or workdays.tz
    due = due_after(start, rule.offset, rule.unit, workdays, tz, rule.hour, same_hour=rule.exact)
    if rule.unit != "days":
        return due
    day = local_date(due, tz)
    moved = (workdays.roll(day, rule.day_off, rule.max_shift) - day).days
    offset = rule.offset + moved
    return due_after(start, offset, "days", workdays, tz, rule.hour, same_hour=rule.exact) if moved else due
