"""The steps of a reminder ladder as moments. Pure Python: no ORM, no clock.

Which steps a standard has, who receives them and by which channel is data of the engine; here is only *when*.

>>> from datetime import date
>>> from .workdays import build_workdays
>>> weeks = build_workdays(range(5), first=date(2026, 1, 1), last=date(2026, 12, 31), tz="Asia/Shanghai")
>>> hours = {day: [(9.0, 18.0)] for day in range(5)}
>>> due = datetime(2026, 11, 25, 15, 59, 59)  # the end of Wednesday
>>> for moment, step in ladder(SUBMISSION, datetime(2026, 11, 1), due, weeks, hours=hours):
...     print(moment + timedelta(hours=8), step)
2026-11-20 09:00:00 before_3
2026-11-24 09:00:00 before_1
2026-11-25 09:00:00 due
2026-11-26 09:00:00 after_1
2026-11-30 09:00:00 after_3
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from .moments import local_date
from .workdays import Workdays
from .working_hours import ALL_DAY, Intervals, last_opening, opening, shift_into_hours

Moments = list[tuple[datetime, Hashable]]


class Step(NamedTuple):
    """One step of a ladder; a plain tuple in this order will do."""

    id: Hashable
    anchor: str
    """``before_due``, ``due`` (the morning of the due day), ``after_due``, ``start``, ``fraction``."""
    value: float = 0
    """How many units before or after the anchor; of ``fraction``, the part of the time (0.5 = half of it)."""
    unit: str = "workdays"
    """``workdays`` (at the opening of working hours), ``hours`` (on the clock), ``percent`` (of ``fraction``)."""
    any_hour: bool = False
    """Urgent: goes out at its moment, at night and on a day off too. Others wait for the receiver's working hours."""
    repeat_every: float = 0
    """Repeat after so many units, up to the ``until`` of :func:`ladder`; 0 = once."""


SUBMISSION = (
    Step("before_3", "before_due", 3),
    Step("before_1", "before_due", 1),
    Step("due", "due"),
    Step("after_1", "after_due", 1),
    Step("after_3", "after_due", 3),
)
DECISION = (
    Step("before_3", "before_due", 3),
    Step("due", "due"),
    Step("letter_1", "after_due", 1),
    Step("letter_2", "after_due", 4),
    Step("letter_3", "after_due", 7),
)
URGENT = (
    Step("at_once", "start", 0, "hours", any_hour=True),
    Step("half", "fraction", 0.5, any_hour=True),
    Step("four_fifths", "fraction", 0.8, any_hour=True),
)
"""The default ladders (ours, spec: *Standards*)."""


class _Frame(NamedTuple):
    """What the steps of one obligation are measured against."""

    start: datetime | None
    due: datetime | None
    workdays: Workdays
    tz: str
    hours: Intervals


def ladder(
    steps: Iterable[Step | tuple],
    start: datetime | None,
    due: datetime | None,
    workdays: Workdays,
    tz: str | None = None,
    hours: Intervals | None = None,
    until: datetime | None = None,
) -> Moments:
    """The moments of all steps, in order.

    Steps before the due time that would fall before ``start`` are left out (nobody wants "three days left" for a limit
    of one day), and so are steps whose anchor is missing. A step before the due time never slips behind it while it
    waits for working hours: it goes out at the opening before.

    :param steps: see :class:`Step`
    :param start: naive UTC moment at which the obligation began
    :param due: naive UTC moment at which it is due; None when it waits without a date
    :param workdays: working days of the receiver's company
    :param tz: the receiver's time zone; default: that of ``workdays``
    :param hours: the receiver's working hours by weekday (:func:`~.workdays.hours_of`); default: the whole day
    :param until: repeated steps are given up to this moment; without it each comes once
    :return: sorted (naive UTC moment, step id); repetitions carry the id of their step
    :raise ValueError: unknown anchor or unit

    >>> from datetime import date
    >>> from .workdays import build_workdays
    >>> weeks = build_workdays(range(5), first=date(2026, 1, 1), last=date(2026, 12, 31))
    >>> saturday = datetime(2026, 11, 21, 2, 0)
    >>> [str(moment) for moment, _step in ladder(URGENT, saturday, saturday + timedelta(hours=24), weeks)]
    ['2026-11-21 02:00:00', '2026-11-21 14:00:00', '2026-11-21 21:12:00']
    """
    frame = _Frame(start, due, workdays, tz or workdays.tz, hours or {0: ALL_DAY})
    found = []
    for step in (Step(*step) for step in steps):
        found.extend((moment, step.id) for moment in _moments(step, frame, until))
    return sorted(found, key=lambda item: item[0])


def due_steps(moments: Moments, after: datetime | None, now: datetime) -> Moments:
    """The steps to take at ``now``: those that came after the last run, ``after`` (None: all), up to and with ``now``.

    More than one means that a run was missed; the engine then sends one message for all of them.

    >>> due_steps([(datetime(2026, 11, 20), "a"), (datetime(2026, 11, 21), "b")], None, datetime(2026, 11, 20))
    [(datetime.datetime(2026, 11, 20, 0, 0), 'a')]
    """
    return [item for item in moments if (after is None or item[0] > after) and item[0] <= now]


def next_step(moments: Moments, after: datetime | None) -> tuple[datetime, Hashable] | None:
    """The first step after the moment ``after`` (None: the first of all), or None when the ladder has ended.

    >>> next_step([(datetime(2026, 11, 20), "a"), (datetime(2026, 11, 21), "b")], datetime(2026, 11, 20))
    (datetime.datetime(2026, 11, 21, 0, 0), 'b')
    """
    return next((item for item in moments if after is None or item[0] > after), None)


def _moments(step: Step, frame: _Frame, until: datetime | None) -> Iterator[datetime]:
    """The moment of a step and of its repetitions; none when its anchor is missing or it comes too early."""
    moment = _ANCHORS[step.anchor](step, frame) if step.anchor in _ANCHORS else _unknown("anchor", step.anchor)
    if moment is None:
        return
    if step.anchor not in ("before_due", "due") or frame.start is None or moment >= frame.start:
        yield moment
    while until and step.repeat_every > 0:
        moment = _after(moment, step.repeat_every, step, frame)
        if moment > until:
            return
        yield moment


def _unknown(what: str, value: str):
    raise ValueError(f"unknown {what} of a ladder step: {value!r}")


def _before_due(step: Step, frame: _Frame) -> datetime | None:
    """So much before the due time, never behind it."""
    if frame.due is None:
        return None
    if step.unit == "hours":
        moment = frame.due - timedelta(hours=step.value)
        return moment if step.any_hour else _not_behind_due(moment, frame)
    if step.unit != "workdays":
        _unknown("unit", step.unit)
    day = frame.workdays.subtract(local_date(frame.due, frame.tz), int(step.value))
    return min(opening(day, frame.hours, frame.tz), last_opening(frame.due, frame.workdays, frame.hours, frame.tz))


def _on_due_day(step: Step, frame: _Frame) -> datetime | None:
    """The morning of the due day; the last one before when it is a day off or the due time is earlier still."""
    if frame.due is None:
        return None
    return last_opening(frame.due, frame.workdays, frame.hours, frame.tz)


def _after_due(step: Step, frame: _Frame) -> datetime | None:
    return None if frame.due is None else _after(frame.due, step.value, step, frame)


def _after_start(step: Step, frame: _Frame) -> datetime | None:
    return None if frame.start is None else _after(frame.start, step.value, step, frame)


def _at_fraction(step: Step, frame: _Frame) -> datetime | None:
    """When a part of the time between start and due has gone by, on the clock."""
    if frame.start is None or frame.due is None:
        return None
    part = step.value / 100 if step.unit == "percent" else step.value
    moment = frame.start + (frame.due - frame.start) * part
    return moment if step.any_hour else _not_behind_due(moment, frame)


def _after(moment: datetime, value: float, step: Step, frame: _Frame) -> datetime:
    """So much after a moment: working days at their opening, hours on the clock; 0 is at once."""
    if step.unit == "workdays" and value:
        return opening(frame.workdays.add(local_date(moment, frame.tz), int(value)), frame.hours, frame.tz)
    if step.unit not in ("workdays", "hours"):
        _unknown("unit", step.unit)
    moment += timedelta(hours=value)
    return moment if step.any_hour else shift_into_hours(moment, frame.workdays, frame.hours, frame.tz)


def _not_behind_due(moment: datetime, frame: _Frame) -> datetime:
    """Within working hours, and not later than the due time if there is an opening before it."""
    shifted = shift_into_hours(moment, frame.workdays, frame.hours, frame.tz)
    return shifted if shifted <= frame.due else last_opening(frame.due, frame.workdays, frame.hours, frame.tz)


_ANCHORS = {
    "before_due": _before_due,
    "due": _on_due_day,
    "after_due": _after_due,
    "start": _after_start,
    "fraction": _at_fraction,
}
