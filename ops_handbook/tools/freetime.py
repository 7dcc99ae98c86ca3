"""When people are free together. Pure Python: no ORM, no clock.

Moments are naive UTC :class:`datetime.datetime`; a *span* is a pair (begin, end) that holds its beginning and not its end.
Lists of spans are sorted and do not overlap. Working hours are local hours by weekday, as in :mod:`.workdays`.

>>> nine, ten, noon = (datetime(2026, 11, 23, hour) for hour in (9, 10, 12))
>>> anna = Person("anna", [(nine, noon)], [(nine, ten)])
>>> bert = Person("bert", [(nine, noon)], [])
>>> [(str(slot.start)[11:16], slot.missing) for slot in propose([anna, bert], nine, noon, timedelta(hours=1), count=2)]
[('10:00', ()), ('10:30', ())]
>>> slot = propose([anna, Person("carl", [(nine, noon)], [(ten, noon)]), bert], nine, noon, timedelta(hours=2))[0]
>>> str(slot.start)[11:16], slot.missing  # nobody finds two hours with everybody: the least bad misses one
('10:00', ('carl',))
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Hashable, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from .moments import DAY, at_hour, close_of_day, local_date
from .workdays import Workdays
from .working_hours import Intervals, hours_of

Span = tuple[datetime, datetime]
STEP = timedelta(minutes=30)
MINUTE = timedelta(minutes=1)


class Person(NamedTuple):
    """Somebody who is to take part."""

    key: Hashable
    working: Sequence[Span]
    """when they work"""
    busy: Sequence[Span]
    """when something else is planned; in any order, may overlap"""


class Slot(NamedTuple):
    """A time that could be chosen."""

    start: datetime
    stop: datetime
    missing: tuple
    """keys of those who cannot come, in the order of the people asked for"""


def working_spans(
    first: datetime, last: datetime, workdays: Workdays, hours: Intervals, tz: str, common: Intervals | None = None
) -> list[Span]:
    """The working hours of somebody between two moments.

    :param workdays: working days of the company, make-up days included
    :param hours: the person's own hours
    :param tz: the time zone in which they work
    :param common: the hours of the company; on a weekday that it works and the person does not they are not there

    >>> from .workdays import MONDAY_TO_FRIDAY, build_workdays
    >>> weeks = build_workdays(MONDAY_TO_FRIDAY, first=date(2026, 1, 1), last=date(2026, 12, 31), tz="Asia/Shanghai")
    >>> hours = {day: [(9.0, 12.0), (13.0, 18.0)] for day in range(5)}
    >>> friday, monday = datetime(2026, 11, 20, 2, 0), datetime(2026, 11, 23, 4, 0)  # 10:00 and 12:00 in Shanghai
    >>> [(f"{begin:%d %H}", f"{end:%H}") for begin, end in working_spans(friday, monday, weeks, hours, "Asia/Shanghai")]
    [('20 02', '04'), ('20 05', '10'), ('23 01', '04')]
    """
    spans, day = [], local_date(first, tz)
    while day <= local_date(last, tz):
        away = common is not None and not hours.get(day.weekday()) and common.get(day.weekday())
        if workdays.is_working(day) and not away:
            for begin, end in hours_of(day, hours):
                closes = at_hour(day + DAY, 0.0, tz) if end >= 24.0 else close_of_day(day, tz, end)
                spans.append((max(at_hour(day, begin, tz), first), min(closes, last)))
        day += DAY
    return merged(spans)


def whole_days(first: date, last: date, tz: str) -> Span:
    """The span of the local days from ``first`` to ``last``, both included.

    >>> whole_days(date(2026, 11, 23), date(2026, 11, 23), "Asia/Shanghai")
    (datetime.datetime(2026, 11, 22, 16, 0), datetime.datetime(2026, 11, 23, 16, 0))
    """
    return at_hour(first, 0.0, tz), at_hour(last + DAY, 0.0, tz)


def merged(spans: Iterable[Span]) -> list[Span]:
    """Spans in order, those that touch or overlap joined, empty ones left out.

    >>> merged([(3, 5), (1, 2), (4, 6), (7, 7)])
    [(1, 2), (3, 6)]
    """
    found: list[Span] = []
    for begin, end in sorted(span for span in spans if span[0] < span[1]):
        if found and begin <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((begin, end))
    return found


def without(spans: Iterable[Span], taken: Iterable[Span]) -> list[Span]:
    """What is left of ``spans`` when ``taken`` is cut out.

    >>> without([(1, 5), (6, 9)], [(2, 3), (4, 7)])
    [(1, 2), (3, 4), (7, 9)]
    """
    left, cuts = [], merged(taken)
    for begin, end in merged(spans):
        for cut_begin, cut_end in cuts:
            if cut_end <= begin or cut_begin >= end:
                continue
            if cut_begin > begin:
                left.append((begin, cut_begin))
            begin = cut_end
            if begin >= end:
                break
        if begin < end:
            left.append((begin, end))
    return left


def holds(spans: Sequence[Span], start: datetime, stop: datetime) -> bool:
    """Whether one of the sorted ``spans`` holds all of the time from ``start`` to ``stop``.

    >>> holds([(1, 2), (3, 6)], 4, 6), holds([(1, 2), (3, 6)], 2, 4)
    (True, False)
    """
    index = bisect_right(spans, start, key=lambda span: span[0]) - 1
    return index >= 0 and spans[index][1] >= stop


def round_up(moment: datetime, step: timedelta = STEP) -> datetime:
    """The first moment not before ``moment`` on the grid of ``step``.

    >>> round_up(datetime(2026, 11, 23, 9, 1)), round_up(datetime(2026, 11, 23, 9, 30))
    (datetime.datetime(2026, 11, 23, 9, 30), datetime.datetime(2026, 11, 23, 9, 30))
    """
    past = (moment - datetime.min) % step
    return moment + (step - past) if past else moment


def starts(people: Sequence[Person], begin: datetime, end: datetime, duration: timedelta) -> list[datetime]:
    """The moments at which a meeting could begin: on the half hour, while anybody works from then to its end.

    >>> noon = datetime(2026, 11, 23, 12)
    >>> anna = Person("anna", [(noon, noon + 2 * STEP)], [])
    >>> [f"{moment:%H:%M}" for moment in starts([anna], noon - DAY, noon + DAY, STEP)]
    ['12:00', '12:30']
    """
    found = set()
    for person in people:
        for span_begin, span_end in person.working:
            moment, last = round_up(max(span_begin, begin)), min(span_end, end) - duration
            while moment <= last:
                found.add(moment)
                moment += STEP
    return sorted(found)


def propose(
    people: Sequence[Person], begin: datetime, end: datetime, duration: timedelta, count: int = 3,
    prefer_from: datetime | None = None,
) -> list[Slot]:
    """The best times for a meeting: all free, the earliest first; when there is none, those that the fewest miss.

    :param begin: the meeting begins not before
    :param end: and ends not after
    :param count: how many times to return at most; those that somebody misses are only returned when all is taken
    :param prefer_from: times before are taken only when there is none after (a notice one working day ahead)
    :return: slots in the order of preference; empty when nobody works in that time

    >>> nine, noon = datetime(2026, 11, 23, 9), datetime(2026, 11, 23, 12)
    >>> anna = Person("anna", [(nine, noon)], [])
    >>> late = nine + timedelta(hours=2)
    >>> [f"{slot.start:%H:%M}" for slot in propose([anna], nine, noon, STEP, 3, prefer_from=late)]
    ['11:00', '11:30', '09:00']
    """
    free = {person.key: without(person.working, person.busy) for person in people}
    slots = []
    for start in starts(people, begin, end, duration):
        stop = start + duration
        missing = tuple(person.key for person in people if not holds(free[person.key], start, stop))
        slots.append(Slot(start, stop, missing))
    fewest = min((len(slot.missing) for slot in slots), default=0)
    best = [slot for slot in slots if len(slot.missing) == fewest]
    best.sort(key=lambda slot: (prefer_from is not None and slot.start < prefer_from, slot.start))
    return best[:count]
