"""Proof that a write comes from the addon's own code and not from a client.

A context that arrives over RPC is made of JSON values, so it can never hold an object of this module. Each mark has a key of
its own in the context and opens nothing but what asks for it; what a client puts under that key is worth nothing.
"""
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Slip:
    """What a context holds under the key of a mark: only :meth:`Mark.on` writes one."""

    key: str
    value: Any

    def __repr__(self):
        return f"<slip {self.key}>"


class Mark:
    """One thing that the addon's own code alone may say by the context.

    >>> class Env:
    ...     def __init__(self, **context):
    ...         self.context = context
    >>> mark = Mark("ops_example_token")
    >>> mark.of(Env()), mark.of(Env(ops_example_token=True)), mark.of(Env(ops_example_token=Slip("ops_token", True)))
    (None, None, None)
    >>> mark.of(Env(ops_example_token=Slip("ops_example_token", 7)))
    7
    """

    def __init__(self, key):
        self.key = key

    def of(self, env):
        """Return what the environment ``env`` carries by this mark; None when it carries none, or a client says so."""
        slip = env.context.get(self.key)
        return slip.value if isinstance(slip, Slip) and slip.key == self.key else None

    def on(self, records, value=True):
        """Return ``records`` with this mark in their context; it stays for nested writes."""
        return records.with_context(**{self.key: Slip(self.key, value)})

    def off(self, records):
        """Return ``records`` without anything under this mark's key, forged or not."""
        if self.key not in records.env.context:
            return records
        # pylint: disable=context-overridden  # nothing else than a whole new context takes a key away
        return records.with_context({key: value for key, value in records.env.context.items() if key != self.key})


class Errand:
    """What is put off until all rows of an import are written; whoever begins it sees to it. False once it has ended.

    >>> errand = Errand()
    >>> errand.put_off("ops.task", [5, 3])
    >>> errand.put_off("ops.task", [3, 4])
    >>> errand.take(), errand.take()
    ({'ops.task': [3, 4, 5]}, {})
    >>> errand.put_off("res.users")
    >>> bool(errand), errand.is_owed
    (True, True)
    >>> errand.end()
    >>> bool(errand), errand.is_owed
    (False, True)
    """

    def __init__(self):
        self._ids, self._running = {}, True

    def __bool__(self):
        return self._running

    @property
    def is_owed(self):
        """Whether anything was put off that nobody has taken yet."""
        return bool(self._ids)

    def put_off(self, model, ids=()):
        """Note that something is to be done for ``ids`` of ``model``; without ids for the model as a whole."""
        self._ids.setdefault(model, set()).update(ids)

    def take(self):
        """Return what was put off, dict model → sorted ids, and forget it."""
        ids, self._ids = self._ids, {}
        return {model: sorted(found) for model, found in ids.items()}

    def end(self):
        """Whatever carries the mark on, e.g. until the commit, puts nothing off any more."""
        self._running = False


# The door for protected fields (models/mixins/ops_transition_lock.py). Unlike the marks below it is taken out of the context
# before the write goes on, so that it does not leak into nested writes.
TRANSITION = Mark("ops_token")

# Writing an event of the calendar writes its attendees as well, so this mark stays for the nested writes; it opens nothing but
# what the calendar guards (models/meeting/calendar_event.py).
CALENDAR = Mark("ops_calendar_token")

# A form view asks what follows from a field before it is saved, and Odoo wants the right to write for that; by this mark
# the right to read is enough where a duty lets the user write just this field (models/mixins/ops_transition_lock.py). Only
# for what writes nothing.
DUTY = Mark("ops_duty_token")

# Several months of a breakdown are written one after the other; by this mark the sum is asked once, when all are written
# (models/planning/ops_plan_target.py). It opens nothing: whoever sets it asks afterwards.
BREAKDOWN = Mark("ops_breakdown_token")

# Goals and initiatives of many plans are written one after the other; by this mark their months follow once, when all are
# written (models/planning/ops_breakdown_mixin.py). It opens nothing: whoever sets it lets them follow afterwards.
SETTLE = Mark("ops_settle_token")

# What a released plan says is written by approved change requests alone, not even by our own code as superuser; breaking a
# new figure down to months writes other records in turn, so this mark stays for them (models/planning/ops_plan_guard.py).
PLAN = Mark("ops_plan_token")

# A log and its lines are saved together; by this mark the tasks are moved once, when all lines are written
# (models/execution/ops_work_log_access.py). It opens nothing: whoever sets it moves them afterwards.
LOG = Mark("ops_log_token")

# An import writes row by row; by this mark, an Errand, the versions of all that it writes grow together, when all rows are
# written (models/mixins/ops_transition_import.py). It opens nothing: whoever sets it lets them grow afterwards.
GROWTH = Mark("ops_growth_token")

# An import of people and departments writes row by row; by this mark, an Errand, everybody's rights are brought up to date
# once, when all rows are written (models/inherited/ops_rights_import_mixin.py). It opens nothing: whoever sets it does that.
RIGHTS = Mark("ops_rights_token")

# A rule that a published article states is changed by a revision of that article; the revision of the rule then points to
# the version that changed it, whose id is this mark (models/handbook/ops_standard_guard.py). It opens nothing: only
# superusers write such rules.
VERSION = Mark("ops_version_token")


def holds(env) -> bool:
    """Tell whether the environment ``env`` may change protected fields."""
    return bool(TRANSITION.of(env))


def marked(records):
    """Return ``records`` with the token in their context: their next write may change protected fields."""
    return TRANSITION.on(records)


def cleared(records):
    """Return ``records`` without anything under the token's name in their context, forged or not."""
    return TRANSITION.off(records)
