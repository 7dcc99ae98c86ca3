"""The log and the tasks of one person among 5,000 tasks, and among 500,000."""

import statistics
import time

from ..harness import Result, row
from .engine import departments
from .screens import PAGE, person, rows_read
from .tasks import issued_plan, multiply

FEW, MANY = 5_000, 500_000
EACH, MONTHS, UNITS = 250, 60, 100  # tasks of a person in five years, each person in one of a hundred departments
OWNED, HELPED = 30, 10  # open tasks of the one who looks, in the month that runs
ME = 7  # which of the people with five years behind them looks
OPEN = OWNED + HELPED + EACH // MONTHS  # of these years the last month is open
NOBODY = 1_000_000_000  # from here on ids of owners who are not there: nobody who looks sees whose the other tasks are
RUNNING = ["|", ("plan_state", "=", "issued"), "&", ("plan_state", "=", "reported"), ("state", "in", ["todo", "progress"])]


def worker(env):
    """Return whoever looks (``res.users``), the departments, and the issued plan of the month that runs."""
    units = departments(env, UNITS)
    person(env, "bench.mine.head", (), units[0], head=True)
    me = person(env, "bench.mine", (), units[0])
    env["res.users"]._ops_refresh_rights()
    plan = issued_plan(env, units[0], [
        *({"name": f"Mine {index}", "owner_id": me.id} for index in range(OWNED)),
        *({"name": f"Helped {index}", "helper_ids": [(6, 0, me.ids)]} for index in range(HELPED)),
    ])
    return me, units, plan


def unbind(env):
    """Drop the foreign keys of tasks until the rollback: to ask them of half a million rows takes longer than all else."""
    env.flush_all()
    env.cr.execute("""
        SELECT conrelid::regclass, conname FROM pg_constraint
         WHERE contype = 'f' AND conrelid IN ('ops_task'::regclass, 'ops_task_helper_rel'::regclass)
    """)
    for table, name in env.cr.fetchall():
        env.cr.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')


def array(ids):
    return f"(ARRAY[{','.join(map(str, ids))}])"


def add_plans(env, units, plan, plans, count):
    """Let there be month plans of five years for ``count`` departments, by SQL; ``plans``: their ids, department by department."""
    known = len(plans) // MONTHS
    month = f"(date '2018-01-01' + (n - 1) % {MONTHS} * interval '1 month')"
    if count > known:
        plans += multiply(
            env, "ops_month_plan", plan, (count - known) * MONTHS, number="NULL", month=month, period=f"to_char({month}, 'YYYY-MM')",
            department_id=f"{array(units.ids)}[{known} + 1 + (n - 1) / {MONTHS}]",
            state=f"CASE WHEN n % {MONTHS} = 0 THEN 'issued' ELSE 'closed' END",
        )


def add_tasks(env, me, units, plan, plans, have, total):
    """Fill up from ``have`` to ``total`` tasks of people with five years behind them, by SQL; a tenth has a co-worker."""
    add_plans(env, units, plan, plans, min(total // EACH, UNITS))
    number = f"({have} + n - 1)"
    place, month = f"({number} / {EACH} % {UNITS})", f"({number} % {EACH} * {MONTHS} / {EACH})"
    first = f"(date '2018-01-01' + {month} * interval '1 month')"
    last, is_over = f"({first} + interval '27 days')::date", f"{month} < {MONTHS - 1}"
    made = multiply(
        env, "ops_task", plan.task_ids[:1], total - have, date_start=first, date_end=last, period=f"to_char({first}, 'YYYY-MM')",
        owner_id=f"CASE WHEN {number} / {EACH} = {ME} THEN {me.id} ELSE {NOBODY} + {number} / {EACH} END",
        department_id=f"{array(units.ids)}[1 + {place}]", month_plan_id=f"{array(plans)}[1 + {place} * {MONTHS} + {month}]",
        state=f"CASE WHEN {is_over} THEN 'done' ELSE 'todo' END", ended_on=f"CASE WHEN {is_over} THEN {last} END",
    )
    env.cr.execute(f"""
        INSERT INTO ops_task_helper_rel (task_id, user_id)
        SELECT id, CASE WHEN owner_id = {NOBODY + ME - 1} THEN {me.id} ELSE owner_id + 1 END
          FROM ops_task WHERE id >= {made[0]} AND owner_id >= {NOBODY} AND state = 'done' AND id % 10 = 0
    """)
    for table in ("ops_month_plan", "ops_task", "ops_task_helper_rel"):
        env.cr.execute(f"ANALYZE {table}")


def looked_at(bench, env):
    """Return the median seconds of the log and of My Tasks, as their screens ask for them, and the rows that the latter reads."""
    logs, tasks, domain = env["ops.work.log"], env["ops.task"], [("is_mine", "=", True), *RUNNING]
    fields = {name: {} for name in ("name", "date_end", "priority", "state", "progress", "is_late", "source_label")}
    screens = (
        lambda: logs.quick_form()["tasks"],
        lambda: tasks.web_search_read(domain, fields, limit=PAGE, count_limit=10_001)["records"],
    )
    seconds = ([], [])
    for _turn in range(bench.repeat * 10 + 1):
        for times, screen in zip(seconds, screens, strict=True):
            env.invalidate_all()
            start = time.perf_counter()
            found = screen()
            times.append(time.perf_counter() - start)
            assert len(found) == OPEN, f"{len(found)} tasks"
    query = tasks._search(domain, limit=PAGE, order=tasks._order)
    env.cr.execute("EXPLAIN (ANALYZE, FORMAT JSON) " + query.select().code, query.select().params)
    return [statistics.median(times[1:]) for times in seconds], rows_read(env.cr.fetchone()[0][0]["Plan"])


def vacuum(bench, *tables):
    """Give back the room of rows that were rolled back: the rows of the table after this one read these tables."""
    with bench.env() as env:
        env.cr.commit()
        env.cr._cnx.autocommit = True
        for table in tables:
            env.cr.execute(f"VACUUM ANALYZE {table}")
        env.cr._cnx.autocommit = False


@row
def my_tasks(bench):
    """The log and My Tasks of one person over 500,000 tasks, beside 5,000: the worse of the two."""
    found, plans, have = {}, [], 0
    with bench.env() as env:
        me, units, plan = worker(env)
        unbind(env)
        for total in (FEW, MANY):
            add_tasks(env, me, units, plan, plans, have, total)
            found[total], have = looked_at(bench, env(user=me.id)), total
    vacuum(bench, "ops_task", "ops_task_helper_rel", "ops_month_plan")
    (small, _few_read), (big, read) = found[FEW], found[MANY]
    ratios = [ours / peer for ours, peer in zip(big, small, strict=True)]
    figures = [f"{name} {ours * 1000:.1f} ms / {peer * 1000:.1f} ms" for name, ours, peer in zip(("log", "My Tasks"), big, small, strict=True)]
    result = Result("my_tasks", max(ratios), 1.5, f"{', '.join(figures)}, plan reads {read:.0f} rows")
    if read > 10_000:  # of 6,000 month plans all may be read, of the tasks only one's own
        result.failures.append("plan reads more than 10,000 rows")
    return result
