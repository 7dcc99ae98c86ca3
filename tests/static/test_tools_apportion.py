"""Splitting years to months, without Odoo: whatever is done in whatever order, the months add up to the year."""

from contextlib import suppress
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ops_handbook_tools.apportion import (
    MAX_STEPS,
    NoFigureError,
    NoRoomError,
    difference,
    figure,
    levels,
    plain,
    quarters,
    relevel,
    rescale,
    split,
    spread,
    spread_quarter,
    step_of,
    year_of,
)

SEQUENCES = 1500
# decimals 0 to 6; CNY, JPY, KWD; and money in coins of five
STEPS = [step_of(digits) for digits in range(7)] + [step_of(2, rounding) for rounding in (0.01, 1.0, 0.001, 0.05)]
steps = st.sampled_from(STEPS)
counts = st.integers(-(10**12), 10**12)
weights = st.lists(st.one_of(st.just(0.0), st.floats(0, 10**6, allow_nan=False)), min_size=12, max_size=12)
edits = st.one_of(
    st.tuples(st.just("cell"), st.integers(0, 11), counts),
    st.tuples(st.just("cells"), st.dictionaries(st.integers(0, 11), st.integers(-10**9, 10**9), min_size=1, max_size=11)),
    st.tuples(st.just("quarter"), st.integers(0, 3), counts),
    st.tuples(st.just("even")),
    st.tuples(st.just("weights"), weights),
    st.tuples(st.just("year"), counts),
    st.tuples(st.just("approved"), counts, st.integers(0, 11)),
    st.tuples(st.just("unit"), steps),
)


def edited(parts, total, step, edit):
    """What one edit of the grid, or one approved change, makes of the months: (months, year, step)."""
    kind, *values = edit
    if kind == "cell":
        parts = spread(parts, {values[0]: values[1] * step}, step)
    elif kind == "cells":
        parts = spread(parts, {index: count * step for index, count in values[0].items()}, step)
    elif kind == "quarter":
        parts = spread_quarter(parts, values[0], values[1] * step, step)
    elif kind == "even":
        parts = split(total, None, step)
    elif kind == "weights":
        parts = split(total, values[0], step)
    elif kind == "year":
        total = values[0] * step
        parts = rescale(parts, total, step)
    elif kind == "approved":
        total, over = values[0] * step, set(range(values[1]))
        before = parts
        parts = rescale(parts, total, step, over)
        assert parts[:values[1]] == before[:values[1]], "months that are over stay"
    elif kind == "unit":
        step = values[0]
        total = figure(total, step)
        parts = rescale([figure(part, step) for part in parts], total, step)
    return parts, total, step


@settings(max_examples=SEQUENCES, deadline=None)
@given(counts, steps, st.lists(edits, min_size=1, max_size=12))
def test_the_months_add_up_after_any_sequence(count, step, sequence):
    total = count * step
    parts = split(total, None, step)
    for edit in sequence:
        with suppress(NoFigureError):  # too large to be exact: refused, nothing has changed
            parts, total, step = edited(parts, total, step, edit)
        assert len(parts) == 12
        assert sum(parts) == total == year_of(parts)
        assert sum(quarters(parts)) == total
        assert all(part == figure(part, step) for part in parts), "whole steps only"
        assert not difference(parts, total)


@settings(max_examples=500, deadline=None)
@given(counts, steps, weights)
def test_nobody_gets_a_step_more_than_is_due(count, step, shares):
    """Each part is its exact share, rounded up or down; the same question has the same answer."""
    total = count * step
    parts, whole = split(total, shares, step), sum(Fraction(share) for share in shares)
    assert parts == split(total, shares, step)
    for part, share in zip(parts, shares, strict=True):
        due = Fraction(total) * (Fraction(Decimal(repr(share))) / sum(Fraction(Decimal(repr(s))) for s in shares) if whole else Fraction(1, 12))
        assert abs(Fraction(part) - due) < Fraction(step)
        assert not whole or share or not part, "no weight, no part"


@settings(max_examples=500, deadline=None)
@given(counts, steps, st.one_of(st.none(), weights), counts, st.integers(0, 11))
def test_levels_end_where_the_year_ends(count, step, shares, other, over):
    total = count * step
    parts = levels(total, shares and [share / 10**6 + 1 for share in shares], step)
    assert len(parts) == 12 and parts[-1] == total == year_of(parts, additive=False)
    wanted = other * step
    try:
        changed = relevel(parts, wanted, step, set(range(over)))
    except NoFigureError:
        return
    assert changed[-1] == wanted and changed[:over] == parts[:over]


def test_floats_keep_the_figures():
    """What is stored as a floating point number and read again is the same figure, up to the largest that is taken."""
    for step in STEPS:
        for count in (1, 7, 10**14 + 1, MAX_STEPS - 1, 123_456_789_012_345, -(MAX_STEPS - 1)):
            assert figure(float(count * step), step) == count * step


@pytest.mark.parametrize("value", [float("nan"), float("inf"), Decimal("Infinity"), 10**15, -1e300])
def test_no_figures(value):
    with pytest.raises(NoFigureError):
        figure(value, step_of(0))


@pytest.mark.parametrize("weight", [float("nan"), float("inf"), -1.0])
def test_no_weights(weight):
    for function in (split, levels):
        with pytest.raises(NoFigureError):
            function(Decimal(10), [weight] * 12, step_of(0))


def test_nobody_left_to_take_the_rest():
    parts = split(Decimal(120), None, step_of(0))
    with pytest.raises(NoRoomError, match="-3"):
        spread(parts, {11: Decimal(13)}, step_of(0), kept=range(11))
    with pytest.raises(NoRoomError):
        spread_quarter(parts, 0, Decimal(40), step_of(0), kept={0, 1, 2})
    with pytest.raises(NoRoomError):
        relevel(parts, Decimal(5), step_of(0), kept={11})
    assert rescale(parts, Decimal(120), step_of(0), range(12)) == parts
    assert relevel(parts, Decimal(10), step_of(0), range(12)) == parts


def test_a_quarter_follows_its_own_months():
    parts = [Decimal(n) for n in (10, 20, 30, 0, 0, 0, 5, 5, 5, 5, 5, 5)]
    changed = spread_quarter(parts, 0, Decimal(30), step_of(0))
    assert changed[:3] == [5, 10, 15] and sum(changed) == sum(parts)
    assert changed[3:6] == [0, 0, 0], "what is nothing stays nothing"
    assert split(Decimal(0), [1] * 12, step_of(2)) == [0] * 12
    assert plain(sum(split(Decimal("0.1"), None, step_of(6)))) == "0.1"
