"""Working days and moments, without Odoo: against `chinesecalendar`, against naive loops, across clock changes."""

import sys
import zoneinfo
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import chinese_calendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ops_handbook_tools import clock
from ops_handbook_tools.moments import DAY, UTC, at_hour, close_of_day, local_date, local_time, zone
from ops_handbook_tools.workdays import MONDAY_TO_FRIDAY, Workdays, build_workdays, due_after, week_type
from ops_handbook_tools.working_hours import hours_of, last_opening, opening, shift_into_hours

from .china import FIRST, HOURS, LAST, china

CHINA = china()
SHANGHAI = "Asia/Shanghai"


def utc(*local, tz=SHANGHAI):
    """The naive UTC moment of a local time."""
    return datetime(*local, tzinfo=ZoneInfo(tz)).astimezone(UTC).replace(tzinfo=None)


def end_of(*day, tz=SHANGHAI):
    return utc(*day, 23, 59, 59, tz=tz)


# ----------------------------------------------------------------------
# Days
# ----------------------------------------------------------------------


def test_every_day_of_nine_years_is_what_chinesecalendar_says():
    days = [FIRST + n * DAY for n in range((LAST - FIRST).days + 1)]
    assert len(days) == 3287
    assert [day for day in days if CHINA.is_working(day) != chinese_calendar.is_workday(day)] == []


@pytest.mark.parametrize(
    ("start", "n", "due"),
    [
        (date(2026, 2, 13), 2, date(2026, 2, 24)),  # over the Spring Festival, by way of the make-up Saturday
        (date(2026, 9, 30), 3, date(2026, 10, 10)),  # ends on a make-up Saturday
        (date(2026, 9, 21), -1, date(2026, 9, 20)),  # the make-up Sunday before a Monday
        (date(2026, 11, 20), 1, date(2026, 11, 23)),
        (date(2026, 5, 8), 1, date(2026, 5, 9)),  # Friday before a make-up Saturday
        (date(2025, 12, 31), 1, date(2026, 1, 4)),  # year end: 1 to 3 January off, Sunday the 4th worked
        (date(2024, 2, 28), 1, date(2024, 2, 29)),  # leap day
        (date(2024, 2, 29), 1, date(2024, 3, 1)),
        (date(2026, 10, 3), 0, date(2026, 10, 8)),
    ],
)
def test_working_days_in_china(start, n, due):
    assert CHINA.add(start, n) == due


def test_roll():
    assert CHINA.roll(date(2026, 2, 23)) == date(2026, 2, 24)  # nine days back would be too many
    assert CHINA.roll(date(2026, 2, 23), "earlier", 9) == date(2026, 2, 14)
    assert CHINA.roll(date(2026, 11, 28)) == date(2026, 11, 27)
    assert CHINA.roll(date(2026, 11, 28), "later") == date(2026, 11, 30)
    assert CHINA.roll(date(2026, 11, 28), "unchanged") == date(2026, 11, 28)
    with pytest.raises(ValueError, match="sideways"):
        CHINA.roll(date(2026, 11, 28), "sideways")


def test_weeks_and_months():
    assert CHINA.last_of_week(date(2026, 9, 14)) == date(2026, 9, 20)  # a make-up Sunday ends the ISO week
    assert CHINA.last_of_week(date(2026, 2, 18)) is None  # Monday 16 to Sunday 22 February are off
    assert CHINA.last_of_week(date(2025, 12, 31)) == date(2026, 1, 4)  # over the year end, a make-up Sunday again
    assert CHINA.first_of_month(date(2026, 10, 20)) == date(2026, 10, 8)
    assert CHINA.last_of_month(date(2024, 2, 1)) == date(2024, 2, 29)
    empty = Workdays([], date(2026, 1, 1), date(2026, 12, 31))
    assert empty.first_of_month(date(2026, 5, 5)) is empty.last_of_month(date(2026, 5, 5)) is None


def test_a_calendar_of_two_weeks():
    """Every other Saturday is worked; which one is what Odoo's `get_week_type` says."""
    weeks = build_workdays((MONDAY_TO_FRIDAY, range(6)), first=date(2026, 1, 1), last=date(2026, 12, 31))
    saturdays = [date(2026, 1, 3) + 7 * n * DAY for n in range(52)]
    assert [weeks.is_working(day) for day in saturdays] == [week_type(day) == 1 for day in saturdays]
    assert sum(map(weeks.is_working, saturdays)) == 26


def test_beyond_its_range_a_built_calendar_grows():
    small = build_workdays(MONDAY_TO_FRIDAY, [date(2029, 1, 1)], first=date(2026, 11, 1), last=date(2026, 11, 30))
    assert small.add(date(2026, 11, 30), 1) == date(2026, 12, 1)
    assert small.subtract(date(2026, 11, 1), 30) == date(2026, 9, 21)
    assert not small.is_working(date(2029, 1, 1))
    assert small.is_working(date(2020, 1, 1))
    assert small.count(date(2020, 1, 1), date(2020, 1, 31)) == 22
    assert small.add(date(2031, 1, 1), 5) == date(2031, 1, 8)
    assert small.subtract(date(2031, 1, 1), 5) == date(2030, 12, 25)
    assert small.add(date(2026, 11, 2), 5000) == date(2026, 11, 2) + 7001 * DAY  # one of them is the day off


@pytest.mark.parametrize("n", [10**7, -(10**7), 10**12])
def test_beyond_all_time_there_is_a_clear_error(n):
    with pytest.raises(ValueError, match="years 1 to 9999"):
        CHINA.add(date(2026, 1, 1), n)


def test_edges_of_time():
    with pytest.raises(ValueError, match="years 1 to 9999"):
        CHINA.is_working(date.max)
    with pytest.raises(ValueError, match="not negative"):
        CHINA.subtract(date(2026, 1, 1), -1)
    with pytest.raises(ValueError, match="only"):
        Workdays([date(2026, 1, 1)], date(2026, 1, 1), date(2026, 1, 1)).is_working(date(2026, 1, 2))
    assert "Asia/Shanghai" in repr(CHINA)


calendars = st.builds(
    lambda week, off, work: build_workdays(
        week, off, dict.fromkeys(work, True), first=date(2026, 1, 1), last=date(2026, 12, 31)
    ),
    st.sets(st.integers(0, 6), min_size=1),
    st.sets(st.dates(date(2026, 1, 1), date(2026, 12, 31)), max_size=60),
    st.sets(st.dates(date(2026, 1, 1), date(2026, 12, 31)), max_size=20),
)
days = st.dates(date(2026, 1, 1), date(2026, 12, 31))


@settings(deadline=None)
@given(calendars, days, st.integers(1, 30))
def test_adding_is_walking(calendar, day, n):
    walked, left = day, n
    while left:
        walked += DAY
        left -= calendar.is_working(walked)
    assert calendar.add(day, n) == walked


@settings(deadline=None)
@given(calendars, days, st.integers(1, 30))
def test_subtracting_is_walking_back(calendar, day, n):
    walked, left = day, n
    while left:
        walked -= DAY
        left -= calendar.is_working(walked)
    assert calendar.subtract(day, n) == calendar.add(day, -n) == walked


@settings(deadline=None)
@given(calendars, days, days)
def test_counting_is_counting(calendar, first, last):
    low, high = sorted((first, last))
    walked = sum(calendar.is_working(low + n * DAY) for n in range(1, (high - low).days + 1))
    assert calendar.count(low, high) == walked
    assert calendar.count(high, low) == -walked
    assert len(calendar.between(low, high)) == walked + calendar.is_working(low)


@settings(deadline=None)
@given(calendars, days, st.integers(0, 10))
def test_rolling_moves_only_days_off(calendar, day, limit):
    rolled = calendar.roll(day, "earlier", limit)
    assert calendar.is_working(rolled)
    assert rolled >= day - limit * DAY
    assert (rolled == day) == calendar.is_working(day)
    assert calendar.count(min(day, rolled), max(day, rolled)) <= 1


# ----------------------------------------------------------------------
# Moments
# ----------------------------------------------------------------------


def test_friday_evening_and_one_working_day():
    assert due_after(utc(2026, 11, 20, 18, 30), 1, "workdays", CHINA) == end_of(2026, 11, 23)
    assert due_after(utc(2026, 5, 8, 18, 30), 1, "workdays", CHINA) == end_of(2026, 5, 9)  # Saturday is a make-up day


def test_the_starting_day_is_the_local_one():
    late = utc(2026, 11, 23, 0, 30)  # still Sunday in UTC
    assert due_after(late, 1, "workdays", CHINA) == end_of(2026, 11, 24)


def test_C1_kick_off_over_the_spring_festival():
    assert due_after(utc(2026, 2, 13, 10, 0), 2, "workdays", CHINA) == end_of(2026, 2, 24)


def test_C2_notice_before_a_monday_ends_on_the_make_up_sunday():
    assert due_after(utc(2026, 9, 21, 9, 0), -1, "workdays", CHINA) == end_of(2026, 9, 20)


def test_C3_minutes_within_24_hours():
    friday = utc(2026, 11, 20, 17, 0)
    assert due_after(friday, 24, "hours", CHINA) == utc(2026, 11, 21, 17, 0)
    assert due_after(friday, 24, "hours", CHINA, same_hour=True) == utc(2026, 11, 23, 17, 0)
    assert due_after(utc(2026, 11, 19, 17, 0), 24, "hours", CHINA, same_hour=True) == friday


def test_I2_level_one_runs_through_the_holiday():
    assert due_after(utc(2026, 9, 30, 23, 0), 24, "hours", CHINA) == utc(2026, 10, 1, 23, 0)


def test_days_and_other_ends():
    start = utc(2026, 11, 20, 18, 30)
    assert due_after(start, 3, "days", CHINA) == end_of(2026, 11, 23)
    assert due_after(start, 1, "workdays", CHINA, close_hour=18.0) == utc(2026, 11, 23, 18, 0)
    assert due_after(start, 1, "workdays", CHINA, same_hour=True) == utc(2026, 11, 23, 18, 30)
    with pytest.raises(ValueError, match="moons"):
        due_after(start, 1, "moons", CHINA)


def test_a_branch_in_another_time_zone():
    """The same moment is another day, and the day closes at another moment."""
    new_york = build_workdays(MONDAY_TO_FRIDAY, first=date(2026, 1, 1), last=date(2026, 12, 31), tz="America/New_York")
    moment = utc(2026, 11, 20, 8, 0)  # Friday morning in Shanghai, Thursday evening in New York
    assert local_date(moment, "America/New_York") == date(2026, 11, 19)
    assert due_after(moment, 1, "workdays", new_york) == end_of(2026, 11, 20, tz="America/New_York")
    assert due_after(moment, 1, "workdays", CHINA) == end_of(2026, 11, 23)


def test_daylight_saving_both_ways():
    berlin = build_workdays(range(7), first=date(2026, 1, 1), last=date(2026, 12, 31), tz="Europe/Berlin")
    day_before = utc(2026, 3, 28, 12, 0, tz="Europe/Berlin")
    assert due_after(day_before, 1, "workdays", berlin) == datetime(2026, 3, 29, 21, 59, 59)
    assert due_after(day_before, 24, "hours", berlin) == utc(2026, 3, 29, 13, 0, tz="Europe/Berlin")
    assert due_after(day_before, 1, "workdays", berlin, same_hour=True) == datetime(2026, 3, 29, 10, 0)
    day_before = utc(2026, 10, 24, 12, 0, tz="Europe/Berlin")
    assert due_after(day_before, 1, "workdays", berlin) == datetime(2026, 10, 25, 22, 59, 59)
    assert due_after(day_before, 24, "hours", berlin) == utc(2026, 10, 25, 11, 0, tz="Europe/Berlin")


@pytest.mark.parametrize(
    ("tz", "day"),
    [
        ("America/Scoresbysund", date(2025, 3, 29)),  # 23:00 to 24:00 is skipped
        ("America/Santiago", date(2026, 4, 4)),  # 23:00 to 24:00 comes twice
        ("America/Santiago", date(2026, 9, 5)),  # the next day begins at one o'clock
        ("America/Havana", date(2026, 3, 7)),
        ("America/Havana", date(2026, 10, 31)),
        ("Pacific/Apia", date(2011, 12, 29)),  # the next day does not exist
    ],
)
def test_a_day_closes_with_its_last_second(tz, day):
    close = close_of_day(day, tz)
    assert local_date(close, tz) == day
    assert local_date(close + timedelta(seconds=1), tz) > day


@settings(deadline=None)
@given(
    st.dates(date(2015, 1, 1), date(2035, 12, 31)),
    st.floats(0, 23.99),
    st.sampled_from([SHANGHAI, "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC"]),
)
def test_hours_show_on_the_local_clock(day, hour, tz):
    opens, closes = at_hour(day, hour, tz), close_of_day(day, tz, hour)
    assert opens <= closes <= close_of_day(day, tz)
    assert local_date(opens, tz) == local_date(closes, tz) == day
    seconds = round(hour * 3600)
    if zone(tz).utcoffset(datetime.combine(day, datetime.min.time())) == zone(tz).utcoffset(
        datetime.combine(day + DAY, datetime.min.time())
    ):
        local = local_time(opens, tz)
        assert local.hour * 3600 + local.minute * 60 + local.second == seconds


@pytest.fixture
def no_time_zones(monkeypatch):
    """A system without any file of time zones."""

    def forget():
        ZoneInfo.clear_cache()
        zone.cache_clear()

    monkeypatch.setitem(sys.modules, "tzdata", None)
    zoneinfo.reset_tzpath(to=())
    forget()
    yield
    zoneinfo.reset_tzpath()
    forget()


def test_today_on_a_system_without_time_zones(no_time_zones):
    with pytest.raises(zoneinfo.ZoneInfoNotFoundError):
        ZoneInfo(SHANGHAI)
    with clock.frozen(datetime(2026, 2, 13, 22, 30)):
        assert clock.today(SHANGHAI) == date(2026, 2, 14)


def test_old_and_wrong_names_of_time_zones():
    assert zone("US/Pacific").utcoffset(datetime(2026, 1, 1)) == timedelta(hours=-8)
    for wrong in ("Mars/Olympus", "../etc/passwd"):
        with pytest.raises(ValueError, match="unknown time zone"):
            zone(wrong)


def test_a_system_without_tables_of_time_zones(monkeypatch):
    def missing(_name):
        raise OSError

    monkeypatch.setattr(
        "ops_handbook_tools.moments.ZoneInfo", type("Missing", (ZoneInfo,), {"__new__": lambda cls, key: missing(key)})
    )
    assert zone.__wrapped__("Asia/Shanghai").utcoffset(datetime(2026, 1, 1)) == timedelta(hours=8)


# ----------------------------------------------------------------------
# Working hours
# ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (utc(2026, 11, 20, 10, 0), utc(2026, 11, 20, 10, 0)),
        (utc(2026, 11, 20, 3, 0), utc(2026, 11, 20, 8, 0)),
        (utc(2026, 11, 20, 12, 30), utc(2026, 11, 20, 13, 0)),
        (utc(2026, 11, 20, 17, 0), utc(2026, 11, 23, 8, 0)),  # the end is outside
        (utc(2026, 10, 3, 10, 0), utc(2026, 10, 8, 8, 0)),  # on a holiday
        (utc(2026, 9, 20, 9, 0), utc(2026, 9, 20, 9, 0)),  # a make-up Sunday has a weekday's hours
    ],
)
def test_reminders_wait_for_working_hours(moment, expected):
    assert shift_into_hours(moment, CHINA, HOURS) == expected


@settings(deadline=None)
@given(st.datetimes(datetime(2026, 1, 1), datetime(2026, 11, 30)))
def test_shifted_moments_lie_in_working_hours(moment):
    shifted = shift_into_hours(moment, CHINA, HOURS)
    local = local_time(shifted, SHANGHAI)
    hour = local.hour + local.minute / 60 + local.second / 3600
    assert shifted >= moment
    assert CHINA.is_working(local.date())
    assert any(start <= hour < end for start, end in hours_of(local.date(), HOURS))
    assert last_opening(moment, CHINA, HOURS) <= moment < shift_into_hours(shifted + DAY, CHINA, HOURS)


def test_without_working_hours_the_whole_day_counts():
    assert opening(date(2026, 11, 20), {}, SHANGHAI) == utc(2026, 11, 20, 0, 0)
    assert shift_into_hours(utc(2026, 11, 20, 23, 59, 59), CHINA, {}) == utc(2026, 11, 23, 0, 0)
    assert shift_into_hours(utc(2026, 11, 20, 23, 59, 58), CHINA, {}) == utc(2026, 11, 20, 23, 59, 58)
