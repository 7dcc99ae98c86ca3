"""The one clock of the addon: whoever asks for the time asks here, so that tests can set it.

>>> from datetime import datetime
>>> with frozen(datetime(2026, 2, 13, 10, 30)):
...     now()
datetime.datetime(2026, 2, 13, 10, 30)
>>> with frozen(datetime(2026, 2, 13, 22, 30)):
...     today("Asia/Shanghai")
datetime.date(2026, 2, 14)
"""
from contextlib import contextmanager
from datetime import UTC, date, datetime

from .moments import local_date

_frozen: list[datetime] = []


def now() -> datetime:
    """Return the present moment as a naive UTC datetime without microseconds."""
    if _frozen:
        return _frozen[-1]
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)


def today(tz: str) -> date:
    """Return the present date in the time zone ``tz`` (an IANA name)."""
    return local_date(now(), tz or "UTC")


@contextmanager
def frozen(moment: datetime):
    """Hold the clock at ``moment`` (naive UTC) within the ``with`` block; blocks may be nested. For tests."""
    _frozen.append(moment.replace(microsecond=0))
    try:
        yield
    finally:
        _frozen.pop()
