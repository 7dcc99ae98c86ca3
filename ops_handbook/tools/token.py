"""Proof that a write comes from the addon's own code and not from a client.

A context that arrives over RPC is made of JSON values, so it can never hold this very object. It is compared by
identity and taken out of the context before the write goes on, so that it does not leak into nested writes.
"""

CONTEXT_KEY = "ops_token"


class Token:
    """An opaque mark; only its identity counts."""

    def __repr__(self):
        return "<ops token>"


TRANSITION = Token()


def holds(env) -> bool:
    """Tell whether the environment ``env`` carries the token."""
    return env.context.get(CONTEXT_KEY) is TRANSITION


def marked(records):
    """Return ``records`` with the token in their context: their next write may change protected fields."""
    return records.with_context(**{CONTEXT_KEY: TRANSITION})


def cleared(records):
    """Return ``records`` without anything under the token's name in their context, forged or not."""
    if CONTEXT_KEY not in records.env.context:
        return records
    # pylint: disable=context-overridden  # nothing else than a whole new context takes a key away
    return records.with_context({key: value for key, value in records.env.context.items() if key != CONTEXT_KEY})


# Writing an event of the calendar writes its attendees as well, so this mark stays for the nested writes; it has a key of
# its own, which opens nothing but what the calendar guards (models/meeting/calendar_event.py).
CALENDAR_KEY = "ops_calendar_token"
CALENDAR = Token()


def of_calendar(env) -> bool:
    """Tell whether a write of the calendar comes from a meeting."""
    return env.context.get(CALENDAR_KEY) is CALENDAR


def marked_for_calendar(records):
    """Return ``records`` with the mark by which a meeting writes its event."""
    return records.with_context(**{CALENDAR_KEY: CALENDAR})


# A form view asks what follows from a field before it is saved, and Odoo wants the right to write for that; by this mark
# the right to read is enough where a duty lets the user write just this field (models/mixins/ops_transition_lock.py).
DUTY_KEY = "ops_duty_token"
DUTY = Token()


def of_duty(env) -> bool:
    """Tell whether a form asks on behalf of somebody whose duty it is."""
    return env.context.get(DUTY_KEY) is DUTY


def marked_for_duty(records):
    """Return ``records`` with the mark by which a form looks ahead; only for what writes nothing."""
    return records.with_context(**{DUTY_KEY: DUTY})


# Several months of a breakdown are written one after the other; by this mark the sum is asked once, when all are written
# (models/planning/ops_plan_target.py). It opens nothing: whoever sets it asks afterwards.
BREAKDOWN_KEY = "ops_breakdown_token"
BREAKDOWN = Token()


def of_breakdown(env) -> bool:
    """Tell whether somebody further up asks for the sum of a breakdown when all its months are written."""
    return env.context.get(BREAKDOWN_KEY) is BREAKDOWN


def marked_for_breakdown(records):
    """Return ``records`` with the mark by which a breakdown is asked for its sum later, by whoever marks."""
    return records.with_context(**{BREAKDOWN_KEY: BREAKDOWN})


# Goals and initiatives of many plans are written one after the other; by this mark their months follow once, when all are
# written (models/planning/ops_breakdown_mixin.py). It opens nothing: whoever sets it lets them follow afterwards.
SETTLE_KEY = "ops_settle_token"
SETTLE = Token()


def of_settling(env) -> bool:
    """Tell whether somebody further up lets the months follow when all goals and initiatives are written."""
    return env.context.get(SETTLE_KEY) is SETTLE


def marked_for_settling(records):
    """Return ``records`` with the mark by which their months follow later, by whoever marks."""
    return records.with_context(**{SETTLE_KEY: SETTLE})


# What a released plan says is written by approved change requests alone, not even by our own code as superuser; breaking a
# new figure down to months writes other records in turn, so this mark stays for them (models/planning/ops_plan_guard.py).
PLAN_KEY = "ops_plan_token"
PLAN = Token()


def of_plan(env) -> bool:
    """Tell whether an approved change of a plan is being carried out."""
    return env.context.get(PLAN_KEY) is PLAN


def marked_for_plan(records):
    """Return ``records`` with the mark by which an approved change writes a released plan."""
    return records.with_context(**{PLAN_KEY: PLAN})


# A log and its lines are saved together; by this mark the tasks are moved once, when all lines are written
# (models/execution/ops_work_log_access.py). It opens nothing: whoever sets it moves them afterwards.
LOG_KEY = "ops_log_token"
LOG = Token()


def of_log(env) -> bool:
    """Tell whether somebody further up moves the tasks of a log when all its lines are written."""
    return env.context.get(LOG_KEY) is LOG


def marked_for_log(records):
    """Return ``records`` with the mark by which lines leave it to their log to move the tasks."""
    return records.with_context(**{LOG_KEY: LOG})


# An import writes row by row; by this mark the versions of all that it writes grow together, when all rows are written
# (models/mixins/ops_transition_import.py). It opens nothing: whoever sets it lets them grow afterwards.
GROWTH_KEY = "ops_growth_token"


class Growth:
    """A mark that keeps whose versions have to grow, until somebody lets them; compared by identity, as all marks are.

    >>> growth = Growth()
    >>> growth.put_off("ops.task", [5, 3])
    >>> growth.put_off("ops.task", [3, 4])
    >>> growth.take(), growth.take()
    ({'ops.task': [3, 4, 5]}, {})
    """

    def __init__(self):
        self.ids, self.running = {}, True

    def put_off(self, model, ids):
        self.ids.setdefault(model, set()).update(ids)

    def take(self):
        """Return whose versions have to grow, dict model → ids, and forget them."""
        ids, self.ids = self.ids, {}
        return {model: sorted(found) for model, found in ids.items()}

    def end(self):
        self.running = False


def growth_of(env):
    """Return the mark of an import that goes on; None when there is none, or a client says so."""
    mark = env.context.get(GROWTH_KEY)
    return mark if isinstance(mark, Growth) and mark.running else None


def marked_for_growth(records, growth):
    """Return ``records`` with the mark by which versions grow later; without one where ``growth`` is None."""
    return records.with_context(**{GROWTH_KEY: growth})


# An import of people and departments writes row by row; by this mark everybody's rights are brought up to date once, when all
# rows are written (models/inherited/ops_rights_import_mixin.py). It opens nothing: whoever sets it brings them up to date.
RIGHTS_KEY = "ops_rights_token"


class Rights:
    """A mark that knows whether rights are still to be brought up to date; compared by identity, as all marks are."""

    def __init__(self):
        self.owed, self.running = False, True

    def put_off(self):
        self.owed = True

    def end(self):
        self.running = False


def rights_of(env):
    """Return the mark of an import that goes on; None when there is none, or a client says so."""
    mark = env.context.get(RIGHTS_KEY)
    return mark if isinstance(mark, Rights) and mark.running else None


def marked_for_rights(records, rights):
    """Return ``records`` with the mark by which rights are brought up to date later, by whoever marks."""
    return records.with_context(**{RIGHTS_KEY: rights})


# A rule that a published article states is changed by a revision of that article; the revision of the rule then points to
# the version that changed it (models/handbook/ops_standard_guard.py). It opens nothing: only superusers write such rules.
VERSION_KEY = "ops_version_token"


class OfVersion:
    """A mark that names the version of an article in whose name something is written."""

    def __init__(self, version_id):
        self.version_id = version_id


def version_of(env):
    """Return the id of the version in whose name a rule is written; None when there is none, or a client says so."""
    mark = env.context.get(VERSION_KEY)
    return mark.version_id if isinstance(mark, OfVersion) else None


def marked_for_version(records, version_id):
    """Return ``records`` with the mark by which what is written of them points to a version."""
    return records.with_context(**{VERSION_KEY: OfVersion(version_id)})
