"""Splitting a year's figure to its months, to the last unit. Pure Python: no ORM, exact decimals.

A figure is a :class:`~decimal.Decimal` that is a whole number of *steps*: the smallest unit in which it is counted (0.01 for
money with two decimals, 1 for pieces, 0.05 for what is paid in coins of five). Parts are a list of such figures, one a month.
What does not divide is given away step by step to those with the largest remainder, the earliest first: the same question
always has the same answer, and the sum is exact.

>>> [str(part) for part in split(Decimal("100"), [1, 1, 1], step_of(2))]
['33.34', '33.33', '33.33']
>>> [str(part) for part in split(Decimal("-100"), [0, 0, 0], step_of(0))]  # weights that say nothing: evenly
['-34', '-33', '-33']
>>> parts = split(Decimal("1200"), None, step_of(0))
>>> [int(part) for part in spread(parts, {2: Decimal("155")}, step_of(0))]  # March takes 55 more, the others give them
[95, 95, 155, 95, 95, 95, 95, 95, 95, 95, 95, 95]
>>> [int(part) for part in rescale([Decimal(20), Decimal(30), Decimal(50)], Decimal(200), step_of(0), kept={0})]
[20, 68, 112]
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

MONTHS = 12
MAX_STEPS = 10**15
"""A figure of more steps than this is no longer exact in a program that counts in floating point."""
_EXACT = Context(prec=60, rounding=ROUND_HALF_UP)


class NoRoomError(ValueError):
    """All parts are kept, so nobody can take the difference."""


class NoFigureError(ValueError):
    """Not a number, or one too large to be exact."""


def step_of(digits: int = 2, rounding: float | None = None) -> Decimal:
    """The unit in which a figure is counted.

    :param digits: decimals, 0 to 6
    :param rounding: the smallest amount of a currency, instead of the decimals

    >>> step_of(0), step_of(3), step_of(2, 0.05), step_of(2, 1.0)
    (Decimal('1'), Decimal('0.001'), Decimal('0.05'), Decimal('1'))
    """
    if rounding:
        return max(Decimal(repr(float(rounding))), Decimal("0.000001")).normalize()
    return Decimal(1).scaleb(-digits)


def figure(value: float | int | Decimal, step: Decimal) -> Decimal:
    """The nearest whole number of steps, halves away from zero.

    :raise NoFigureError: for what is no number or too large

    >>> figure(2.675, step_of(2)), figure(-0.5, step_of(0)), figure(7.07, step_of(2, 0.05))
    (Decimal('2.68'), Decimal('-1'), Decimal('7.05'))
    >>> figure(float("nan"), step_of(0))
    Traceback (most recent call last):
    ...
    ops_handbook_tools.apportion.NoFigureError: nan
    """
    return _worth(_steps(value, step), step)


def split(total: Decimal, weights: Sequence[float] | None, step: Decimal) -> list[Decimal]:
    """Parts of ``total`` in proportion to ``weights``; their sum is exactly ``total``.

    :param weights: not negative; None or all zero: evenly (None: twelve parts)
    :raise NoFigureError: for a weight that is negative or no number

    >>> [str(part) for part in split(Decimal("10"), [1, 2, 0, 1], step_of(1))]
    ['2.5', '5.0', '0.0', '2.5']
    """
    shares = [1] * MONTHS if weights is None else [_weight(weight) for weight in weights]
    return [_worth(part, step) for part in _apportion(_steps(total, step), shares)]


def levels(total: Decimal, weights: Sequence[float] | None, step: Decimal) -> list[Decimal]:
    """Levels that end at ``total``: the same each month, or following ``weights`` so that the last month is ``total``.

    >>> [str(level) for level in levels(Decimal("95"), [80, 90, 100], step_of(1))]
    ['76.0', '85.5', '95.0']
    >>> [str(level) for level in levels(Decimal("95"), [80, 90, 0], step_of(0))]  # nothing to follow
    ['95', '95', '95']
    """
    shares = [Fraction(1)] * MONTHS if weights is None else [_weight(weight) for weight in weights]
    last = shares[-1]
    if not last:
        return [figure(total, step)] * len(shares)
    whole = Fraction(_steps(total, step))
    return [_worth(_nearest(whole * share / last), step) for share in shares]


def rescale(parts: Sequence[Decimal], total: Decimal, step: Decimal, kept: Collection[int] = ()) -> list[Decimal]:
    """The parts of a year whose total has become ``total``: the difference goes to them in proportion to what they are.

    :param kept: indexes of parts that stay as they are (months that are over)
    :raise NoRoomError: when all are kept and the total is another one

    >>> [int(part) for part in rescale([Decimal(-10), Decimal(30)], Decimal(40), step_of(0))]
    [-5, 45]
    >>> [int(part) for part in rescale([Decimal(0), Decimal(0)], Decimal(3), step_of(0))]
    [2, 1]
    """
    steps = [_steps(part, step) for part in parts]
    missing = _steps(total, step) - sum(steps)
    open_parts = [index for index in range(len(steps)) if index not in kept]
    if missing and not open_parts:
        raise NoRoomError(str(_worth(missing, step)))
    for index, more in zip(
        open_parts, _apportion(missing, [abs(steps[index]) for index in open_parts]), strict=True
    ):
        steps[index] += more
    return [_worth(part, step) for part in steps]


def relevel(parts: Sequence[Decimal], total: Decimal, step: Decimal, kept: Collection[int] = ()) -> list[Decimal]:
    """The levels of a year that is to end at ``total``: those that are not over follow in proportion.

    >>> [str(level) for level in relevel([Decimal(80), Decimal(90), Decimal(100)], Decimal(95), step_of(1), kept={0})]
    ['80', '85.5', '95.0']
    """
    last, wanted = _steps(parts[-1], step), _steps(total, step)
    if last == wanted:
        return [figure(part, step) for part in parts]
    if len(parts) - 1 in kept:
        raise NoRoomError(str(_worth(wanted - last, step)))
    return [
        part if index in kept
        else _worth(_nearest(Fraction(_steps(part, step) * wanted, last)) if last else wanted, step)
        for index, part in enumerate(parts)
    ]


def spread(
    parts: Sequence[Decimal], changes: Mapping[int, Decimal], step: Decimal, kept: Collection[int] = ()
) -> list[Decimal]:
    """Set some parts and put the rest on the others in proportion, so that the total stays what it is.

    :param changes: index → new part
    :param kept: further parts that nothing is put on
    :raise NoRoomError: when no other part is left to take the difference
    """
    total = sum(_steps(part, step) for part in parts)
    changed = [changes.get(index, part) for index, part in enumerate(parts)]
    return rescale(changed, _worth(total, step), step, {*kept, *changes})


def spread_quarter(
    parts: Sequence[Decimal], quarter: int, value: Decimal, step: Decimal, kept: Collection[int] = ()
) -> list[Decimal]:
    """Set a quarter (0 to 3) to ``value``: its months follow in proportion, the others of the year take the rest.

    >>> year = [Decimal(10)] * 12
    >>> [int(part) for part in spread_quarter(year, 1, Decimal(60), step_of(0))]
    [6, 6, 6, 20, 20, 20, 7, 7, 7, 7, 7, 7]
    """
    own = range(quarter * 3, quarter * 3 + 3)
    inside = rescale([parts[index] for index in own], value, step, {index - own[0] for index in kept if index in own})
    return spread(parts, dict(zip(own, inside, strict=True)), step, kept)


def quarters(parts: Sequence[Decimal], additive: bool = True) -> list[Decimal]:
    """The figures of the four quarters: sums, or the level of the last month of each.

    >>> [int(part) for part in quarters([Decimal(n) for n in range(1, 13)])]
    [6, 15, 24, 33]
    >>> [int(part) for part in quarters([Decimal(n) for n in range(1, 13)], additive=False)]
    [3, 6, 9, 12]
    """
    return [year_of(parts[start:start + 3], additive) for start in range(0, MONTHS, 3)]


def year_of(parts: Sequence[Decimal], additive: bool = True) -> Decimal:
    """The figure of all the parts: their sum, or the level of the last."""
    return sum(parts, Decimal(0)) if additive else parts[-1]


def difference(parts: Sequence[Decimal], total: Decimal, additive: bool = True) -> Decimal:
    """By how much the parts miss ``total``: negative when they are too little, 0 when they add up.

    >>> difference([Decimal(40), Decimal(18)], Decimal(100))
    Decimal('-42')
    """
    return year_of(parts, additive) - total


def plain(value: Decimal) -> str:
    """A figure as people write it, without an exponent and without decimals that say nothing.

    >>> plain(Decimal("1E+3")), plain(Decimal("12.500")), plain(Decimal("-0.00"))
    ('1000', '12.5', '0')
    """
    text = f"{value:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def _weight(value: float | int | Decimal) -> Fraction:
    number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if not number.is_finite() or number < 0:
        raise NoFigureError(str(value))
    return Fraction(number)


def _steps(value: float | int | Decimal, step: Decimal) -> int:
    number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if not number.is_finite():
        raise NoFigureError(str(value))
    steps = _EXACT.divide(number, step).to_integral_value(ROUND_HALF_UP)
    if abs(steps) >= MAX_STEPS:
        raise NoFigureError(str(value))
    return int(steps)


def _worth(steps: int, step: Decimal) -> Decimal:
    return _EXACT.multiply(Decimal(steps), step)


def _nearest(value: Fraction) -> int:
    number = _EXACT.divide(Decimal(abs(value.numerator)), Decimal(value.denominator)).to_integral_value(ROUND_HALF_UP)
    return -int(number) if value < 0 else int(number)


def _apportion(total: int, shares: Sequence[Fraction | int]) -> list[int]:
    """Largest remainder; the sign of ``total`` is that of every part."""
    if not shares:
        return []
    whole = sum(shares)
    if not whole:
        shares, whole = [1] * len(shares), len(shares)
    ideal = [Fraction(abs(total)) * share / whole for share in shares]
    parts = [part.numerator // part.denominator for part in ideal]
    left = abs(total) - sum(parts)
    for index in sorted(range(len(parts)), key=lambda index: (parts[index] - ideal[index], index))[:left]:
        parts[index] += 1
    return [-part for part in parts] if total < 0 else parts
