"""Due dates of recurring duties, on the Chinese calendar and at the edges of the year."""

from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ops_handbook_tools.moments import DAY
from ops_handbook_tools.recurrence import (
    Rule,
    due_day,
    due_moment,
    event_due,
    next_period,
    occurrences,
    period_bounds,
    period_of,
    period_trigger,
    previous_period,
    shift_period,
)

from .china import china

CHINA = china()
M6 = Rule("monthly", day=23)
M1 = Rule("monthly", day=25, period_offset=1, gap=1, predecessor=M6)
M2 = Rule("monthly", day=28, period_offset=1, gap=1, predecessor=M1)
M3 = Rule("monthly", day=0, period_offset=1, gap=1, predecessor=M2)
MONTHS = [f"{year}-{month:02}" for year in (2024, 2025, 2026) for month in range(1, 13)]


def dues(rule, first, last, **options):
    return {item.period: item.due for item in occurrences(rule, first, last, CHINA, **options)}


@pytest.mark.parametrize("month", MONTHS)
def test_M6_M1_M2_M3_follow_each_other(month):
    """In every month of 2024–2026 each is due at least one working day after the one before."""
    m6, m1, m2, m3 = (due_day(rule, month, CHINA) for rule in (M6, M1, M2, M3))
    assert CHINA.count(m6, m1) >= 1
    assert CHINA.count(m1, m2) >= 1
    assert CHINA.count(m2, m3) >= 1
    assert all(map(CHINA.is_working, (m6, m1, m2, m3)))


def test_plain_rolling_makes_them_collide():
    """Why the gap is there: without it M6, M1 and M2 fall together in five months, with M3 in nine."""
    plain = [Rule("monthly", day=day) for day in (23, 25, 28, 0)]
    dues = [[due_day(rule, month, CHINA) for rule in plain] for month in MONTHS]
    assert sum(len(set(days[:3])) < 3 for days in dues) == 5
    assert sum(len(set(days)) < 4 for days in dues) == 9


def test_M3_is_pushed_into_the_next_month():
    """28 February 2026 is a working Saturday and the last day of its month."""
    assert [due_day(rule, "2026-02", CHINA) for rule in (M6, M1, M2, M3)] == [
        date(2026, 2, 24),
        date(2026, 2, 25),
        date(2026, 2, 28),
        date(2026, 3, 2),
    ]
    assert dues(M3, date(2026, 3, 1), date(2026, 3, 31)) == {"2026-03": date(2026, 3, 2), "2026-04": date(2026, 3, 31)}


def test_predecessors_can_be_given_by_base_period():
    given_days = {item.base: item.due for item in occurrences(M2, date(2026, 2, 1), date(2026, 2, 28), CHINA)}
    lonely = Rule("monthly", period_offset=1, gap=1)
    assert dues(lonely, date(2026, 3, 1), date(2026, 3, 30), predecessor_due=given_days) == {
        "2026-03": date(2026, 3, 2)
    }


def test_the_year_A1_to_A7():
    in_december = date(2026, 12, 1), date(2026, 12, 31)
    in_january = date(2026, 1, 1), date(2026, 1, 31)
    assert dues(Rule("yearly", month=12, day=10, period_offset=1), *in_december) == {"2027": date(2026, 12, 10)}  # A1
    assert dues(Rule("yearly", month=12, day=20, period_offset=1), *in_december) == {"2027": date(2026, 12, 18)}  # A2
    assert dues(Rule("yearly", month=12, day=25, period_offset=1), *in_december) == {"2027": date(2026, 12, 25)}  # A3
    assert dues(Rule("yearly", month=12, period_offset=1), *in_december) == {"2027": date(2026, 12, 31)}  # A4
    assert dues(Rule("yearly", month=1, day=5), *in_january) == {"2026": date(2026, 1, 5)}  # A5
    assert dues(Rule("monthly"), *in_january) == {"2026-01": date(2026, 1, 30)}  # A6
    a7 = Rule("quarterly", workdays_after_period=10)
    assert dues(a7, *in_january) == {"2025-Q4": CHINA.add(date(2025, 12, 31), 10)}
    assert list(dues(a7, date(2026, 1, 1), date(2026, 12, 31))) == ["2025-Q4", "2026-Q1", "2026-Q2", "2026-Q3"]


def test_M5_and_C4_last_working_day_of_the_week():
    weekly = Rule("weekly")
    september = occurrences(weekly, date(2026, 9, 14), date(2026, 9, 27), CHINA)
    assert [(item.period, item.due) for item in september] == [
        ("2026-W38", date(2026, 9, 20)),  # a make-up Sunday
        ("2026-W39", date(2026, 9, 24)),  # Friday is the Mid-Autumn Festival
    ]
    assert dues(weekly, date(2026, 2, 16), date(2026, 2, 22)) == {}  # all of the week is off
    assert dues(Rule("weekly", weekday=2), date(2026, 11, 23), date(2026, 11, 29)) == {"2026-W48": date(2026, 11, 25)}


def test_M4_every_working_day():
    items = occurrences(Rule("daily"), date(2026, 9, 19), date(2026, 9, 28), CHINA)
    assert [item.period for item in items] == [f"2026-09-{day}" for day in (20, 21, 22, 23, 24, 28)]
    assert all(item.period_start == item.period_end == item.due for item in items)


def test_quarterly_on_a_day():
    rule = Rule("quarterly", month=2, day=15, day_off="later")
    assert list(dues(rule, date(2026, 1, 1), date(2026, 12, 31)).items()) == [
        ("2026-Q1", date(2026, 2, 24)),
        ("2026-Q2", date(2026, 5, 15)),
        ("2026-Q3", date(2026, 8, 17)),
        ("2026-Q4", date(2026, 11, 16)),
    ]


def test_leap_day_and_short_months():
    unchanged = {"day_off": "unchanged"}
    assert due_day(Rule("yearly", month=2, day=29, **unchanged), "2024", CHINA) == date(2024, 2, 29)
    assert due_day(Rule("yearly", month=2, day=29, **unchanged), "2025", CHINA) == date(2025, 2, 28)
    assert due_day(Rule("monthly", day=31, **unchanged), "2026-04", CHINA) == date(2026, 4, 30)
    assert due_day(Rule("monthly", **unchanged), "2024-02", CHINA) == date(2024, 2, 29)


def test_a_long_holiday_moves_later_and_a_short_one_earlier():
    assert due_day(Rule("monthly", day=3), "2026-10", CHINA) == date(2026, 9, 30)  # 3 October: three days back
    assert due_day(Rule("monthly", day=5), "2026-10", CHINA) == date(2026, 10, 8)
    early = dues(Rule("monthly", day=1), date(2026, 9, 30), date(2026, 9, 30))
    assert early == {"2026-10": date(2026, 9, 30)}  # found although it is due before its month


def test_empty_ranges_and_wrong_rules():
    assert occurrences(M6, date(2026, 2, 2), date(2026, 2, 1), CHINA) == []
    for wrong in (
        lambda: Rule("hourly"),
        lambda: Rule("weekly", predecessor=M6),
        lambda: due_day(M6, "2026-W01", CHINA),
    ):
        with pytest.raises(ValueError, match=r"trigger|same|due day"):
            wrong()
    with pytest.raises(ValueError, match="event"):
        occurrences(Rule("event"), date(2026, 2, 1), date(2026, 2, 2), CHINA)
    with pytest.raises(ValueError, match="waits for no event"):
        event_due(M6, datetime(2026, 2, 1), CHINA)


def test_due_moments():
    assert due_moment(M6, date(2026, 11, 23), "Asia/Shanghai") == datetime(2026, 11, 23, 15, 59, 59)
    assert due_moment(Rule("monthly", hour=17.5), date(2026, 11, 30), "Asia/Shanghai") == datetime(2026, 11, 30, 9, 30)


def test_events():
    friday = datetime(2026, 11, 20, 10, 30)  # 18:30 in Shanghai
    assert event_due(Rule("event", offset=1), friday, CHINA) == datetime(2026, 11, 23, 15, 59, 59)
    assert event_due(Rule("event", offset=24, unit="hours"), friday, CHINA) == datetime(2026, 11, 21, 10, 30)
    c3 = Rule("event", offset=24, unit="hours", exact=True)
    assert event_due(c3, friday, CHINA) == datetime(2026, 11, 23, 10, 30)
    days = {"offset": 1, "unit": "days"}
    assert event_due(Rule("event", **days), friday, CHINA) == datetime(2026, 11, 20, 15, 59, 59)
    assert event_due(Rule("event", day_off="later", **days), friday, CHINA) == datetime(2026, 11, 23, 15, 59, 59)
    assert event_due(Rule("event", day_off="unchanged", **days), friday, CHINA) == datetime(2026, 11, 21, 15, 59, 59)


# ----------------------------------------------------------------------
# Periods
# ----------------------------------------------------------------------

triggers = st.sampled_from(["yearly", "quarterly", "monthly", "weekly", "daily"])
days = st.dates(date(1990, 1, 1), date(2100, 12, 31))


@given(triggers, days)
def test_a_period_holds_its_day(trigger, day):
    key = period_of(day, trigger)
    first, last = period_bounds(key)
    assert first <= day <= last
    assert period_trigger(key) == trigger
    assert period_of(first, trigger) == period_of(last, trigger) == key


@given(triggers, days)
def test_periods_touch(trigger, day):
    key = period_of(day, trigger)
    after = next_period(key)
    assert period_bounds(after)[0] == period_bounds(key)[1] + DAY
    assert previous_period(after) == key
    assert key < after
    assert shift_period(shift_period(key, 3), -3) == shift_period(key, 0) == key


@pytest.mark.parametrize(
    "key", ["", "26", "2026-13", "2026-Q5", "2026-W54", "2026-02-30", "2026-11-", "0000", "２０２６"]
)
def test_what_is_not_a_period(key):
    with pytest.raises(ValueError, match="not a period"):
        period_bounds(key)


def test_the_last_period_of_all():
    with pytest.raises(ValueError, match="no such period"):
        next_period("9999")
    with pytest.raises(ValueError, match="no such period"):
        previous_period("0001-01")


rules = st.builds(
    Rule,
    st.sampled_from(["yearly", "quarterly", "monthly", "weekly", "daily"]),
    month=st.integers(1, 12),
    day=st.integers(0, 31),
    weekday=st.none() | st.integers(0, 6),
    workdays_after_period=st.none() | st.integers(0, 15),
    period_offset=st.integers(-1, 2),
    day_off=st.sampled_from(["earlier", "later", "unchanged"]),
    max_shift=st.integers(0, 7),
)


@settings(deadline=None)
@given(rules, st.dates(date(2024, 1, 1), date(2026, 3, 1)), st.integers(0, 60), st.integers(0, 60))
def test_generating_in_two_runs_gives_the_same(rule, first, one, two):
    """However the days are cut into runs, each due date comes once and none is lost."""
    middle, last = first + one * DAY, first + (one + two) * DAY
    halves = occurrences(rule, first, middle, CHINA) + occurrences(rule, middle + DAY, last, CHINA)
    assert halves == sorted(occurrences(rule, first, last, CHINA), key=lambda item: item.due > middle)
