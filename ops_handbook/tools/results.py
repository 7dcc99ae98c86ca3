"""What has become of an obligation at a moment: one definition, for the record, the first screen and the figures."""
from datetime import datetime


def is_running(now: datetime, state: str, hold_until: datetime | None) -> bool:
    """Tell whether the clock runs at ``now``: also when a hold has just ended and the job has not come by yet.

    >>> is_running(datetime(2026, 11, 25), "held", datetime(2026, 11, 24))
    True
    """
    return state == "open" or state == "held" and bool(hold_until and hold_until <= now)


def result_at(
    now: datetime, state: str, due: datetime | None = None, done: datetime | None = None,
    close: datetime | None = None, on_time: bool = False, hold_until: datetime | None = None,
) -> str:
    """Return the result at ``now``; all moments are naive UTC.

    :param state: open, held, done, waived or cancelled
    :param due: None: no limit
    :param close: when the period closes; None: never
    :return: pending, met, late, missed, held, waived or cancelled

    >>> now, day = datetime(2026, 11, 25), lambda number: datetime(2026, 11, number)
    >>> result_at(now, "open", due=day(26)), result_at(now, "open", due=day(24)), result_at(now, "open")
    ('pending', 'late', 'pending')
    >>> result_at(now, "open", due=day(20), close=day(24)), result_at(now, "held", due=day(20), hold_until=day(30))
    ('missed', 'held')
    >>> result_at(now, "done", due=day(20), done=day(19), on_time=True), result_at(now, "done", due=day(20), done=day(21))
    ('met', 'late')
    """
    if state in ("waived", "cancelled"):
        return state
    if state == "held" and not is_running(now, state, hold_until):
        return "held"
    if state == "done" and on_time:
        return "met"
    moment = done if state == "done" else now
    if state != "done" and not (due and due < moment):
        return "pending"
    return "missed" if close and close < moment else "late"
