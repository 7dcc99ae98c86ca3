"""Moments of the reminder ladders."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ops_handbook_tools.ladder import DECISION, SUBMISSION, URGENT, Step, due_steps, ladder, next_step
from ops_handbook_tools.moments import UTC, local_time

from .china import HOURS, china

CHINA = china()
LONG_AGO = datetime(2025, 1, 1)


def utc(*local):
    return datetime(*local, tzinfo=ZoneInfo("Asia/Shanghai")).astimezone(UTC).replace(tzinfo=None)


def shown(steps, due, start=LONG_AGO, **options):
    """The ladder as (step, local time) in words."""
    moments = ladder(steps, start, due, CHINA, hours=HOURS, **options)
    return [(step, f"{local_time(moment, 'Asia/Shanghai'):%m-%d %H:%M}") for moment, step in moments]


def test_submission_over_a_holiday():
    """Due on 30 September 2026: what comes after waits for 8 October."""
    assert shown(SUBMISSION, utc(2026, 9, 30, 23, 59, 59)) == [
        ("before_3", "09-24 08:00"),  # 25 to 27 September are off
        ("before_1", "09-29 08:00"),
        ("due", "09-30 08:00"),
        ("after_1", "10-08 08:00"),
        ("after_3", "10-10 08:00"),  # a make-up Saturday
    ]


def test_decision_item():
    assert shown(DECISION, utc(2026, 11, 18, 23, 59, 59)) == [
        ("before_3", "11-13 08:00"),
        ("due", "11-18 08:00"),
        ("letter_1", "11-19 08:00"),
        ("letter_2", "11-24 08:00"),
        ("letter_3", "11-27 08:00"),
    ]


def test_urgent_goes_out_at_any_hour():
    start = utc(2026, 11, 20, 23, 0)  # Friday night
    assert shown(URGENT, start + timedelta(hours=24), start) == [
        ("at_once", "11-20 23:00"),
        ("half", "11-21 11:00"),
        ("four_fifths", "11-21 18:12"),
    ]


def test_others_wait_for_working_hours():
    start = utc(2026, 11, 20, 23, 0)
    calm = [Step("at_once", "start", 0, "hours"), Step("half", "fraction", 50, "percent"), Step("two", "start", 2)]
    assert shown(calm, utc(2026, 11, 25, 23, 0), start) == [
        ("at_once", "11-23 08:00"),
        ("half", "11-23 11:00"),
        ("two", "11-24 08:00"),
    ]


def test_before_the_start_nothing_is_sent():
    assert [step for step, _when in shown(SUBMISSION, utc(2026, 11, 20, 23, 59, 59), utc(2026, 11, 19, 18, 0))] == [
        "due",
        "after_1",
        "after_3",
    ]


def test_due_on_a_day_off_or_before_opening():
    """The morning of the due day comes before the due time, whatever that is."""
    morning = [Step("due", "due")]
    assert shown(morning, utc(2026, 11, 21, 23, 59, 59)) == [("due", "11-20 08:00")]
    assert shown(morning, utc(2026, 11, 23, 7, 0)) == [("due", "11-20 08:00")]
    assert shown(morning, utc(2026, 11, 23, 9, 0)) == [("due", "11-23 08:00")]


def test_steps_in_hours():
    due = utc(2026, 11, 23, 7, 0)  # Monday before work
    assert shown([Step("calm", "before_due", 2, "hours")], due) == [("calm", "11-20 08:00")]
    assert shown([Step("urgent", "before_due", 2, "hours", any_hour=True)], due) == [("urgent", "11-23 05:00")]
    assert shown([Step("late", "after_due", 12, "hours")], due) == [("late", "11-24 08:00")]
    assert shown([Step("late", "after_due", 0)], due) == [("late", "11-23 08:00")]
    assert shown([Step("late", "after_due", 12, "hours", True)], due) == [("late", "11-23 19:00")]


def test_missing_anchors():
    everything = [*SUBMISSION, *URGENT, Step("x", "before_due", 1, "hours"), Step("y", "after_due", 1, "hours")]
    assert [step for step, _when in shown(everything, None, utc(2026, 11, 20, 9, 0))] == ["at_once"]
    assert [step for step, _when in shown(URGENT, utc(2026, 11, 20, 9, 0), None)] == []
    assert len(shown(SUBMISSION, utc(2026, 11, 20, 9, 0), None)) == 5


def test_repetition():
    due = utc(2026, 11, 18, 23, 59, 59)
    letters = [Step("letter", "after_due", 1, repeat_every=3)]
    assert shown(letters, due) == [("letter", "11-19 08:00")]
    assert shown(letters, due, until=utc(2026, 11, 30, 0, 0)) == [
        ("letter", "11-19 08:00"),
        ("letter", "11-24 08:00"),
        ("letter", "11-27 08:00"),
    ]


def test_without_working_hours_the_whole_day_counts():
    due = utc(2026, 11, 18, 23, 59, 59)
    assert ladder([("due", "due")], None, due, CHINA) == [(utc(2026, 11, 18, 0, 0), "due")]


@pytest.mark.parametrize(
    "step",
    [
        Step("x", "someday"),
        Step("x", "before_due", 1, "moons"),
        Step("x", "after_due", 1, "moons"),
        Step("x", "start", 1, "percent"),
    ],
)
def test_unknown_words(step):
    with pytest.raises(ValueError, match="of a ladder step"):
        shown([step], utc(2026, 11, 18, 9, 0))


def test_steps_since_the_last_run():
    """A missed run finds all that came in between; what was taken is not taken again."""
    moments = ladder(SUBMISSION, LONG_AGO, utc(2026, 11, 18, 23, 59, 59), CHINA, hours=HOURS)
    assert [step for _when, step in due_steps(moments, None, utc(2026, 11, 18, 8, 0))] == [
        "before_3",
        "before_1",
        "due",
    ]
    assert due_steps(moments, utc(2026, 11, 18, 8, 0), utc(2026, 11, 18, 20, 0)) == []
    assert next_step(moments, utc(2026, 11, 18, 8, 0)) == (utc(2026, 11, 19, 8, 0), "after_1")
    assert next_step(moments, None)[1] == "before_3"
    assert next_step(moments, utc(2026, 12, 31, 8, 0)) is None


@settings(deadline=None)
@given(st.datetimes(datetime(2026, 1, 10), datetime(2026, 10, 31)), st.floats(0.1, 400))
def test_default_ladders_hold_their_order(due, hours):
    start = due - timedelta(hours=hours)
    for steps in (SUBMISSION, DECISION):
        names = [step.id for step in steps]
        found = ladder(steps, start, due, CHINA, hours=HOURS)
        assert [step for _moment, step in found] == [name for name in names if name in dict(map(reversed, found))]
        for moment, step in found:
            assert (moment <= due) == (step.startswith(("before", "due")))
            assert CHINA.is_working(local_time(moment, "Asia/Shanghai").date())
    assert [step for _moment, step in ladder(URGENT, start, due, CHINA, hours=HOURS)] == [s.id for s in URGENT]
