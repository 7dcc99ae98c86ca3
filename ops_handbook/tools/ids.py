"""Ids of records as a program sends them: over RPC an argument may be anything at all."""

LARGEST = 2**31 - 1  # of PostgreSQL's integer


def one_id(value):
    """Return ``value`` as what ``browse`` takes: itself where it can be the id of a record, else nothing.

    >>> one_id(7), one_id(True), one_id("7"), one_id(2**40), one_id(None)
    (7, (), (), (), ())
    """
    return value if type(value) is int and 0 < value <= LARGEST else ()


def some_ids(values):
    """Return those of ``values`` that can be ids of records; an empty list where it is no list.

    >>> some_ids([1, True, "x", 0, -3, 5]), some_ids(7), some_ids(None)
    ([1, 5], [], [])
    """
    return [value for value in values if one_id(value)] if isinstance(values, (list, tuple)) else []
