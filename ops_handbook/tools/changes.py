"""What differs between two snapshots of a record. Pure Python: a snapshot is what JSON can hold.

A snapshot is a dict of values by the name of the field; the lines of a form are a dict of snapshots by the line's id:

>>> before = {"name": "Budget", "lines": {"7": {"name": "Buy a press", "date_due": "2026-12-01"}}}
>>> after = {"name": "Budget", "lines": {"7": {"name": "Buy a press", "date_due": "2026-12-08"}, "9": {"name": "Call"}}}
>>> for change in differences(before, after):
...     print(change)
Change(path=('lines', '7', 'date_due'), before='2026-12-01', after='2026-12-08')
Change(path=('lines', '9'), before=None, after={'name': 'Call'})
"""

from __future__ import annotations

from typing import NamedTuple

# what says nothing: an empty field is the same whether it is missing, null, false, '' or without lines
NOTHING = (None, False, "", [], {})


class Change(NamedTuple):
    """One difference: ``path`` is the field, or the field, the line's id and its field; None stands for "not there"."""

    path: tuple[str, ...]
    before: object
    after: object


def differences(before: dict | None, after: dict | None) -> list[Change]:
    """Return what changed from the snapshot ``before`` to the snapshot ``after``, in the order of ``after``.

    A line that is new or gone is one change with the whole line; of a line that stayed each field is one.

    >>> differences({"a": 1, "b": False}, {"a": 2})
    [Change(path=('a',), before=1, after=2)]
    >>> differences({"x": {"1": {"name": "Gone"}}}, {"x": {}})
    [Change(path=('x', '1'), before={'name': 'Gone'}, after=None)]
    >>> differences(None, None)
    []
    """
    before, after, found = before or {}, after or {}, []
    for name in [*after, *(name for name in before if name not in after)]:
        old, new = _something(before.get(name)), _something(after.get(name))
        if isinstance(old, dict) or isinstance(new, dict):
            found += _lines(name, old or {}, new or {})
        elif old != new:
            found.append(Change((name,), old, new))
    return found


def _lines(name: str, before: dict, after: dict) -> list[Change]:
    found = []
    for key in [*after, *(key for key in before if key not in after)]:
        old, new = before.get(key), after.get(key)
        if old is None or new is None:
            found.append(Change((name, key), old, new))
        else:
            found += [Change((name, key, *change.path), change.before, change.after) for change in differences(old, new)]
    return found


def _something(value):
    # by type too: 0 is a value, though it equals False
    return None if any(value is nothing or (value == nothing and type(value) is type(nothing)) for nothing in NOTHING) else value
