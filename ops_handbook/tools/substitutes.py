"""Who acts for whom, when substitutes are themselves away. Pure Python."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple


class Absence(NamedTuple):
    """Somebody is away from ``begin`` until before ``end``, and whom they named."""

    away: int
    substitute: int
    begin: datetime
    end: datetime


def follow(direct: Mapping[int, int], away: int) -> list[int]:
    """Return the people from ``away`` on to whoever is present; none where they go in a circle.

    >>> follow({1: 2, 2: 3}, 1), follow({1: 2, 2: 1}, 1)
    ([1, 2, 3], [])
    """
    people = [away]
    while people[-1] in direct:
        if direct[people[-1]] in people:
            return []
        people.append(direct[people[-1]])
    return people


def resolve(direct: Mapping[int, int]) -> dict[int, int]:
    """Follow each substitution to somebody who is present.

    :param direct: who is away → whom they named, for the substitutions that run now
    :return: who is away → who acts for them in the end; those whose chain ends nowhere (a circle of people who are all
        away) are left out

    >>> resolve({1: 2})
    {1: 2}
    >>> resolve({1: 2, 2: 3})  # 2 is away too
    {1: 3, 2: 3}
    >>> resolve({1: 2, 2: 1, 3: 1})  # nobody is left
    {}
    """
    return {away: people[-1] for away in direct if (people := follow(direct, away))}


def principals(direct: Mapping[int, int]) -> dict[int, set[int]]:
    """Turn the answer of :func:`resolve` round: who acts → the people in whose name they act.

    >>> principals({1: 2, 2: 3})
    {3: {1, 2}}
    """
    result = defaultdict(set)
    for away, present in resolve(direct).items():
        result[present].add(away)
    return dict(result)


def gained_by(user: int, one: Absence, absences: Iterable[Absence]) -> set[int]:
    """Return the people in whose name ``user`` acts by way of ``one`` absence at any time of it, however long the chain.

    The user counts as present: an absence of their own gives them nothing, and they can end it whenever they like.

    >>> at = [datetime(2026, 11, day) for day in range(1, 10)]
    >>> first, second = Absence(1, 2, at[0], at[4]), Absence(2, 3, at[3], at[6])
    >>> gained_by(3, first, [first, second]), gained_by(3, second, [first, second]), gained_by(2, first, [first, second])
    ({1}, {1, 2}, {1})
    >>> later = Absence(2, 3, at[4], at[6])  # when 1 is back
    >>> gained_by(3, first, [first, later]), gained_by(3, later, [first, later])
    (set(), {2})
    >>> gained_by(2, second, [first, second])
    set()
    """
    if one.away == user:
        return set()
    others = [other for other in absences if other.away != user and other.begin < one.end and one.begin < other.end]
    found = set()
    for moment in {one.begin, *(other.begin for other in others if other.begin > one.begin)}:
        direct = {other.away: other.substitute for other in others if other.begin <= moment < other.end}
        for away in direct:
            people = follow(direct, away)
            if people and people[-1] == user and one.away in people:
                found.add(away)
    return found
