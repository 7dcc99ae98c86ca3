"""Who acts for whom, when substitutes are themselves away. Pure Python."""

from collections import defaultdict
from collections.abc import Mapping


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
    result = {}
    for away in direct:
        seen, person = {away}, direct[away]
        while person in direct and person not in seen:
            seen.add(person)
            person = direct[person]
        if person not in seen:
            result[away] = person
    return result


def principals(direct: Mapping[int, int]) -> dict[int, set[int]]:
    """Turn the answer of :func:`resolve` round: who acts → the people in whose name they act.

    >>> principals({1: 2, 2: 3})
    {3: {1, 2}}
    """
    result = defaultdict(set)
    for away, present in resolve(direct).items():
        result[present].add(away)
    return dict(result)
