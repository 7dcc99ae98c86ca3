"""How far something is against what was planned, and which light that is. Pure Python: no ORM, no clock.

What was planned and what is are both "to date": from the beginning of the year to the end of the month. The attainment is
100 when all is as planned, less when it is worse, more when it is better, whichever direction is the better one.

>>> attainment(90, 100), attainment(90, 100, "lower"), attainment(110, 100, "lower")
(90.0, 110.0, 90.0)
>>> [light_of(value) for value in (120, 95, 94.99, 80, 79.99)]
['green', 'green', 'amber', 'amber', 'red']
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

GREEN, AMBER = 95.0, 80.0
"""Attainment in percent from which on the light is green, and amber."""

MOST = 999.99
"""The largest attainment that is told: what is far better than planned, or planned as nearly nothing, is just this."""

WORST_FIRST = ("red", "amber", "green")


def attainment(actual: float, target: float, better: str = "higher") -> float:
    """Return how far ``actual`` is against ``target`` in percent: 100 as planned, from 0 to :data:`MOST`.

    The distance from the target counts in parts of the target, in the direction that is better.

    :param actual: what is, to date
    :param target: what was planned, to date, in the same unit
    :param better: ``higher`` or ``lower``

    >>> attainment(2.5, 2.0, "lower"), attainment(0, 2.0, "lower"), attainment(9.0, 2.0, "lower")
    (75.0, 200.0, 0.0)

    A planned loss of 100 that became one of 50 is better than planned:

    >>> attainment(-50, -100), attainment(-150, -100)
    (150.0, 50.0)

    Where nothing was planned, nothing is missing; of what was to be nought, anything is too much:

    >>> attainment(0, 0), attainment(5, 0), attainment(-5, 0), attainment(5, 0, "lower")
    (100.0, 100.0, 0.0, 0.0)
    """
    distance = actual - target if better == "higher" else target - actual
    if not target:
        return 100.0 if distance >= 0 else 0.0
    return round(min(max(100.0 + 100.0 * distance / abs(target), 0.0), MOST), 2)


def light_of(value: float, green: float = GREEN, amber: float = AMBER) -> str:
    """Return the light of an attainment in percent: green from ``green`` on, amber from ``amber`` on, otherwise red.

    >>> light_of(90, green=90), light_of(0)
    ('green', 'red')
    """
    if value >= green:
        return "green"
    return "amber" if value >= amber else "red"


def worst(lights: Iterable[str | bool | None]) -> str | bool:
    """Return the worst of some lights, False when there is none.

    >>> worst(["green", "amber", None]), worst([])
    ('amber', False)
    """
    known = set(lights)
    return next((light for light in WORST_FIRST if light in known), False)


def mean_attainment(values: Iterable[float]) -> float:
    """Return the mean of attainments in percent; what is ahead of its plan does not make up for what is behind.

    >>> mean_attainment([50, 150]), mean_attainment([])
    (75.0, 0.0)
    """
    capped = [min(value, 100.0) for value in values]
    return round(sum(capped) / len(capped), 2) if capped else 0.0


def planned_share(start: date | None, end: date | None, day: date) -> float | None:
    """Return which percent of something should be done at the end of ``day``, when it goes on evenly; None: nobody knows.

    :param start, end: its first and last day

    >>> planned_share(date(2027, 1, 1), date(2027, 4, 10), date(2027, 1, 31))
    31.0
    >>> planned_share(date(2027, 2, 1), date(2027, 2, 28), date(2027, 1, 31)), planned_share(None, None, date(2027, 1, 31))
    (0.0, None)
    """
    if not start or not end:
        return None
    whole, passed = (end - start + timedelta(1)).days, (day - start + timedelta(1)).days
    return round(100.0 * min(max(passed, 0), whole) / whole, 2)


def months_to(period: str) -> list[str]:
    """Return the months of a year up to the month ``period``.

    >>> months_to("2027-03")
    ['2027-01', '2027-02', '2027-03']
    """
    year, month = period.split("-")
    return [f"{year}-{number:02}" for number in range(1, int(month) + 1)]
