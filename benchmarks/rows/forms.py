"""Moving forms and scheduling activities, ten thousand at a time."""

from ..harness import Result, raw_insert, row, rows_of
from .engine import OPTIONS
from .screens import give, person

COUNT = 10_000


def problems(env, started):
    env.company.write({"ops_started": started, "ops_start_date": "2020-01-01"})
    return env["ops.problem"].with_context(**OPTIONS).create([
        # nobody to write to: mails are measured in rows of their own
        {"name": f"Bench {index}", "description": "x", "category": "process", "proposed_severity": "3", "author_id": False}
        for index in range(COUNT)
    ])


def moving(bench, started):
    """Move 10,000 problem reports to *new*, beside a raw UPDATE and INSERT of the same rows."""

    def ours(env):
        forms = problems(env, started)
        return lambda: forms._transition("new")

    def peer(env):
        forms = problems(env, False)
        forms._transition("new")
        columns, lines = rows_of(env, "ops_form_transition", "res_model = 'ops.problem' AND to_state = 'new'")
        assert len(lines) >= COUNT
        env.cr.execute("UPDATE ops_problem SET state = 'draft', submitted_on = NULL WHERE id IN %s", [tuple(forms.ids)])
        env.invalidate_all()

        def work():
            env.cr.execute(
                "UPDATE ops_problem SET state = 'new', submitted_on = now(), write_date = now(), write_uid = 1 WHERE id IN %s",
                [tuple(forms.ids)])
            raw_insert(env, "ops_form_transition", columns, lines)

        return work

    return bench.pair(ours, peer)


@row
def state_change(bench):
    """Move 10,000 forms with who and when logged; the engine not started, so that both sides write the same rows."""
    mine, theirs, statements = moving(bench, False)
    return Result("state_change", mine / theirs, 8, f"{mine:.2f} s / {theirs:.2f} s, {statements} SQL")


@row
def act_schedule(bench):
    """10,000 activities of a ladder step, beside a raw insert of the same rows."""

    def prepare(env):
        people = [person(env, f"bench.act.{index}", ()) for index in range(20)]
        for user in people:
            give(env, user, COUNT // len(people))
        return env["ops.obligation"].search([("responsible_id", "in", [user.id for user in people])])

    def ours(env):
        owed = prepare(env)
        pairs = [(item, item.responsible_id) for item in owed]
        return lambda: env["ops.obligation"]._schedule_activities(pairs)

    def peer(env):
        owed = prepare(env)
        env["ops.obligation"]._schedule_activities([(item, item.responsible_id) for item in owed])
        columns, lines = rows_of(env, "mail_activity", "res_model = 'ops.obligation'")
        assert len(lines) >= COUNT
        env.cr.execute("DELETE FROM mail_activity WHERE res_model = 'ops.obligation'")
        return lambda: raw_insert(env, "mail_activity", columns, lines)

    mine, theirs, statements = bench.pair(ours, peer)
    result = Result("act_schedule", mine / theirs, 9, f"{mine:.2f} s / {theirs:.2f} s, {statements / COUNT:.4f} SQL per row")
    if statements / COUNT > 0.1:
        result.failures.append("more than 0.1 SQL per row")
    return result
