"""Tasks beside those of Odoo's project: made in thousands, and over HTTP by eight people at once; missing logs."""

import statistics
import sys
import threading
import time
from datetime import date, datetime, timedelta

from ..harness import CHECKOUT, Result, row
from .engine import OPTIONS, departments
from .screens import PAGE, fill, person, session

TASKS, SAMPLE = 10_000, 500
PEOPLE, MONTH = 20_000, (date(2026, 11, 1), date(2026, 11, 30))
CLIENTS, SECONDS = 8, 6
NOW = datetime(2026, 12, 1, 4)
NEXT_MONTH = date.today().replace(day=1)  # over HTTP the clock is the real one
LAST_DAY = NEXT_MONTH.replace(day=28)
AFTER_THAT = (LAST_DAY + timedelta(days=7)).replace(day=1)


def issued_plan(env, department, tasks, month=NEXT_MONTH):
    """Return an issued month plan of a department with ``tasks`` (lists of values)."""
    head = department.manager_id.user_id
    plan = env["ops.month.plan"].with_context(**OPTIONS).create({
        "department_id": department.id, "company_id": department.company_id.id, "author_id": head.id, "month": month,
        "task_ids": [(0, 0, {
            "is_routine": True, "date_start": month, "date_end": month.replace(day=28), "owner_id": head.id, **vals,
        }) for vals in tasks],
    })
    for state in ("assigned", "submitted", "filed", "issued"):
        plan._transition(state)
    return plan


def workshop(env, count, prefix):
    """Return ``count`` departments with heads of their own, in a company where the engine runs."""
    units = departments(env, count)
    heads = [
        person(env, f"{prefix}.{index}", ("project.group_project_manager",), unit, head=True) for index, unit in enumerate(units)
    ]
    for head in heads:
        head.email = f"{head.login}@example.com"
    env["res.users"]._ops_refresh_rights()
    return units, heads


# -- made in thousands ------------------------------------------------------------------------------------------------------


@row
def task_create(bench):
    """Create 10,000 tasks with owners in issued plans, told by digest, beside Odoo's own tasks with assignees."""
    mine, theirs, statements, digests = [], [], 0, 0
    for _turn in range(bench.repeat):
        with bench.env() as env:
            units, heads = workshop(env, 20, "bench.create")
            plans = [issued_plan(env, unit, [{"name": "First"}]) for unit in units]
            rows = [{
                "name": f"Task {index}", "month_plan_id": plans[index % len(plans)].id, "is_routine": True,
                "owner_id": heads[index // len(plans) % len(heads)].id, "date_start": NEXT_MONTH, "date_end": LAST_DAY,
            } for index in range(TASKS)]
            env.flush_all()
            env.invalidate_all()
            mails, before = env["mail.mail"].search_count([]), env.cr.sql_log_count
            start = time.perf_counter()
            env["ops.task"].create(rows)
            env.flush_all()
            mine.append(time.perf_counter() - start)
            statements, digests = env.cr.sql_log_count - before, env["mail.mail"].search_count([]) - mails
        with bench.env() as env:
            _units, heads = workshop(env, 20, "bench.create")
            project = env["project.project"].create({"name": "Bench"})
            rows = [{
                "name": f"Task {index}", "project_id": project.id, "user_ids": [(6, 0, heads[index % len(heads)].ids)],
                "date_deadline": LAST_DAY,
            } for index in range(SAMPLE)]
            env.flush_all()
            env.invalidate_all()
            start = time.perf_counter()
            env["project.task"].create(rows)
            env.flush_all()
            theirs.append((time.perf_counter() - start) * TASKS / SAMPLE)
    ours, peer = statistics.median(mine), statistics.median(theirs)
    return Result("task_create", ours / peer, 1 / 12,
                  f"{ours:.1f} s / {peer:.0f} s (from {SAMPLE}), {statements} SQL, {digests} mails")


# -- missing logs -----------------------------------------------------------------------------------------------------------

BY_HAND = """
    SELECT person.user_id, day.day
      FROM hr_employee person
      JOIN hr_version version ON version.id = person.current_version_id
CROSS JOIN unnest(%(days)s::date[]) AS day (day)
     WHERE person.company_id = %(company)s AND person.active AND person.user_id IS NOT NULL
       AND EXISTS (SELECT FROM ops_task_days spell WHERE spell.owner_id = person.user_id
                      AND spell.date_from <= day.day AND COALESCE(spell.date_to, 'infinity') >= day.day)
       AND EXISTS (SELECT FROM resource_calendar_attendance line WHERE line.calendar_id = version.resource_calendar_id
                      AND line.dayofweek::int = EXTRACT(isodow FROM day.day) - 1)
       AND NOT EXISTS (SELECT FROM ops_work_log log WHERE log.owner_id = person.user_id AND log.date = day.day)
       AND NOT EXISTS (SELECT FROM resource_calendar_leaves away WHERE away.resource_id = person.resource_id
                          AND away.date_from <= day.day + interval '8 hours' AND away.date_to >= day.day + interval '17 hours')
"""


def multiply(env, table, record, count, **changes):
    """Insert ``count`` copies of a row by SQL; ``changes``: column → expression over the number ``n``. Return their ids."""
    env.flush_all()
    env.cr.execute("SELECT column_name FROM information_schema.columns WHERE table_name = %s AND column_name <> 'id'", [table])
    columns = [name for (name,) in env.cr.fetchall()]
    values = ", ".join(changes.get(name, f'"{name}"') for name in columns)
    names = ", ".join(f'"{name}"' for name in columns)
    env.cr.execute(
        f"INSERT INTO {table} ({names}) SELECT {values} FROM {table}, generate_series(1, {count}) AS n"
        f" WHERE {table}.id = {record.id} ORDER BY n RETURNING id"
    )
    return [key for (key,) in env.cr.fetchall()]


def crowd(env):
    """Let 20,000 people have tasks in progress in November, most of their logs written, some away, some in part time."""
    (unit,), (head,) = workshop(env, 1, "bench.crowd")
    company = env.company
    plan = issued_plan(env, unit, [{"name": "Task"}])
    part = company.resource_calendar_id.copy({"name": "Part time"})
    part.attendance_ids.filtered(lambda line: line.dayofweek in "34").unlink()
    company.resource_calendar_id.tz = part.tz = "UTC"
    employee = head.employee_ids
    employee.resource_calendar_id, employee.resource_id.tz = company.resource_calendar_id, "UTC"
    partners = multiply(env, "res_partner", head.partner_id, PEOPLE)
    users = multiply(env, "res_users", head, PEOPLE, login="'crowd.' || n",
                     partner_id=f"(ARRAY[{','.join(map(str, partners))}])[n]")
    user = f"(ARRAY[{','.join(map(str, users))}])[n]"
    resources = multiply(env, "resource_resource", employee.resource_id, PEOPLE, user_id=user)
    resource = f"(ARRAY[{','.join(map(str, resources))}])[n]"
    employees = multiply(env, "hr_employee", employee, PEOPLE, user_id=user, resource_id=resource)
    versions = multiply(
        env, "hr_version", employee.current_version_id, PEOPLE, employee_id=f"(ARRAY[{','.join(map(str, employees))}])[n]",
        resource_calendar_id=f"CASE WHEN n % 20 = 0 THEN {part.id} ELSE {company.resource_calendar_id.id} END",
    )
    env.cr.execute("""
        UPDATE hr_employee SET current_version_id = given.version
          FROM unnest(%s::int[], %s::int[]) AS given (employee, version) WHERE id = given.employee
    """, [employees, versions])
    env.cr.execute("""
        INSERT INTO ops_task_days (task_id, owner_id, department_id, date_from, date_to)
        SELECT %(task)s, given.owner, %(unit)s, date '2026-10-20' + turn * 14 + (given.owner %% 5)::int,
               CASE WHEN turn = 2 THEN NULL ELSE date '2026-10-20' + turn * 14 + 12 END
          FROM unnest(%(users)s::int[]) AS given (owner), generate_series(0, 2) AS turn
    """, {"task": plan.task_ids.id, "unit": unit.id, "users": users})
    env.cr.execute("""
        INSERT INTO ops_work_log (owner_id, company_id, department_id, date, period, written_on)
        SELECT given.owner, %(company)s, %(unit)s, day::date, '2026-11', now()
          FROM unnest(%(users)s::int[]) AS given (owner), generate_series(date '2026-11-01', '2026-11-30', '1 day') AS day
         WHERE (given.owner + EXTRACT(day FROM day)::int) %% 7 <> 0
    """, {"company": company.id, "unit": unit.id, "users": users})
    env.cr.execute("""
        INSERT INTO resource_calendar_leaves (name, company_id, resource_id, time_type, date_from, date_to)
        SELECT 'Away', %(company)s, given.resource, 'leave', day, day + interval '2 days 17 hours'
          FROM unnest(%(resources)s::int[]) AS given (resource), (VALUES (timestamp '2026-11-09 08:00')) AS away (day)
         WHERE given.resource %% 10 = 0
    """, {"company": company.id, "resources": resources})
    for table in ("res_users", "hr_employee", "hr_version", "resource_resource", "ops_task_days", "ops_work_log",
                  "resource_calendar_leaves"):
        env.cr.execute(f"ANALYZE {table}")
    env.invalidate_all()


@row
def missing_logs(bench):
    """Missing logs of 20,000 people in a month, beside the same statement sent by hand.

    What leave, part-time and time zones cost is in the figures: SQL for this one company, in which everybody works every day.
    """
    from odoo.addons.ops_handbook.tools import clock

    mine, same, simple = [], [], []
    with clock.frozen(NOW), bench.env() as env:
        crowd(env)
        env.company.ops_start_date = "2026-01-01"
        missing, company = env["ops.work.log.missing"], env.company
        days = company._ops_workdays().between(*MONTH)
        missing._missing(*MONTH, companies=company)  # the days of the company are cached
        for _turn in range(bench.repeat + 2):
            before, start = env.cr.sql_log_count, time.perf_counter()
            found = missing._missing(*MONTH, companies=company)
            mine.append(time.perf_counter() - start)
            statements = env.cr.sql_log_count - before
            sql = missing._missing_sql(*MONTH, companies=company)
            start = time.perf_counter()
            env.cr.execute(sql)
            env.cr.fetchall()
            same.append(time.perf_counter() - start)
            start = time.perf_counter()
            env.cr.execute(BY_HAND, {"days": days, "company": company.id})
            by_hand = env.cr.fetchall()
            simple.append(time.perf_counter() - start)
    assert sorted(line[:2] for line in found) == sorted(by_hand), f"{len(found)} rows, by hand {len(by_hand)}"
    ours, peer, least = (statistics.median(times) for times in (mine, same, simple))
    result = Result(
        "missing_logs", ours / peer, 1.5,
        f"{ours * 1000:.0f} ms / {peer * 1000:.0f} ms, {len(found):,} rows; without leave, part-time and zones {least * 1000:.0f} ms",
    )
    if statements != 1:
        result.failures.append(f"{statements} statements")
    return result


# -- over HTTP, eight people at once ----------------------------------------------------------------------------------------


def load(calls, seconds=SECONDS):
    """Let each of ``calls`` (functions without arguments) be called again and again by a client of its own.

    :return: (requests a second, seconds of the 95th percentile)
    """
    times, errors, barrier = [], [], threading.Barrier(len(calls) + 1)

    def client(call):
        own = []
        try:
            call()  # warm
            barrier.wait()
            while time.perf_counter() < over[0]:
                start = time.perf_counter()
                call()
                own.append(time.perf_counter() - start)
        except Exception as error:
            errors.append(error)
            barrier.abort()
        times.extend(own)

    over = [float("inf")]
    threads = [threading.Thread(target=client, args=(call,), daemon=True) for call in calls]
    for thread in threads:
        thread.start()
    over[0] = time.perf_counter() + seconds + 60
    barrier.wait(60)
    begin = time.perf_counter()
    over[0] = begin + seconds
    for thread in threads:
        thread.join(seconds + 60)
    if errors:
        raise errors[0]
    return len(times) / (time.perf_counter() - begin), statistics.quantiles(times, n=20)[-1]


def compared(bench, prepare):
    """Return medians of (requests a second, 95th percentile) of ours and of the peer, measured in turn on one server.

    :param prepare: function (log in: login → call) → (calls of ours, calls of the peer), one for each client
    """
    sys.path.insert(0, str(CHECKOUT))
    from tests.support.server import Server

    found = ([], [])
    with Server(bench.database, workers=2) as server:
        sides = prepare(lambda login: session(server.url, bench.database, login))
        for calls in sides:
            load(calls, 1)
        for _turn in range(bench.repeat):
            for which, calls in enumerate(sides):
                found[which].append(load(calls))
    return [[statistics.median(values) for values in zip(*side, strict=True)] for side in found]


def people(bench):
    """Return the logins of eight heads with issued plans of their own, a project beside them; made once, and kept."""
    if "people" not in bench.cache:
        with bench.env(commit=True) as env:
            units, heads = workshop(env, CLIENTS, "bench.http")
            env.company.ops_start_date = "2020-01-01"
            plans = [issued_plan(env, unit, [{"name": "Task", "owner_id": head.id}])
                     for unit, head in zip(units, heads, strict=True)]
            drafts = env["ops.month.plan"].with_context(**OPTIONS).create([{
                "department_id": unit.id, "company_id": unit.company_id.id, "author_id": head.id, "month": AFTER_THAT,
            } for unit, head in zip(units, heads, strict=True)])
            shared = departments(env, 1)
            shared.manager_id = heads[0].employee_ids
            hot = issued_plan(env, shared, [{"name": f"Task {index}", "owner_id": head.id} for index, head in enumerate(heads)])
            env["res.users"]._ops_refresh_rights()
            project = env["project.project"].create({"name": "Bench HTTP"})
            env["project.task"].with_context(**OPTIONS).create([{
                "name": f"Task {index}", "project_id": project.id, "user_ids": [(6, 0, heads[index % CLIENTS].ids)],
                "date_deadline": LAST_DAY,
            } for index in range(1_000)])
            fill(env, units, 10_000)
            bench.cache["people"] = {
                "logins": [head.login for head in heads], "users": [head.id for head in heads],
                "drafts": drafts.ids, "project": project.id, "hot": hot.id,
                "own_tasks": [plan.task_ids.id for plan in plans],
                "hot_tasks": [hot.task_ids.filtered(lambda task, head=head: task.owner_id == head).id for head in heads],
            }
    return bench.cache["people"]


def figures(ours, peer):
    return f"{ours[0]:.0f} / {peer[0]:.0f} a second, p95 {ours[1] * 1000:.0f} / {peer[1] * 1000:.0f} ms"


@row
def http_list(bench):
    """A page of obligations read by eight clients, beside a page of one project's tasks."""
    made = people(bench)
    with bench.env(commit=True) as env:
        watcher = person(env, "bench.http.operations", ("ops_handbook.group_operations", "project.group_project_user")).login
    fields = {name: {} for name in ("display_name", "code", "date_due", "state", "result")}
    fields["department_id"] = {"fields": {"display_name": {}}}
    theirs = {name: {} for name in ("display_name", "priority", "date_deadline", "state")}
    theirs |= {name: {"fields": {"display_name": {}}} for name in ("stage_id", "user_ids")}

    def prepare(login):
        calls = [login(watcher) for _client in range(CLIENTS)]
        return (
            [lambda call=call: call("ops.obligation", "web_search_read", [], fields, limit=PAGE, count_limit=10_001)
             for call in calls],
            [lambda call=call: call("project.task", "web_search_read", [("project_id", "=", made["project"])], theirs,
                                    limit=PAGE, count_limit=10_001) for call in calls],
        )

    ours, peer = compared(bench, prepare)
    result = Result("http_list", ours[0] / peer[0], 1.6, figures(ours, peer), at_least=True)
    if ours[1] > 0.7 * peer[1]:
        result.failures.append(f"p95 {ours[1] / peer[1]:.2f}×, not 0.7×")
    return result


@row
def http_create(bench):
    """A task added by each of eight heads to the month plan that they write, beside a task of Odoo's project with an assignee."""
    made = people(bench)

    def prepare(login):
        calls = [login(name) for name in made["logins"]]
        return (
            [lambda call=call, plan=plan, user=user: call("ops.task", "create", [{
                "name": "Task", "month_plan_id": plan, "owner_id": user, "is_routine": True, "date_start": str(AFTER_THAT),
                "date_end": str(AFTER_THAT.replace(day=28))}])
             for call, plan, user in zip(calls, made["drafts"], made["users"], strict=True)],
            [lambda call=call, user=user: call("project.task", "create", [{
                "name": "Task", "project_id": made["project"], "user_ids": [(6, 0, [user])], "date_deadline": str(LAST_DAY)}])
             for call, user in zip(calls, made["users"], strict=True)],
        )

    ours, peer = compared(bench, prepare)
    return Result("http_create", ours[0] / peer[0], 1.8, figures(ours, peer), at_least=True)


@row
def hot_parent(bench):
    """Eight people write how far their tasks are, on one month plan, beside the same on a plan for each."""
    made = people(bench)

    def writer(call, task):
        turn = [0]

        def write():
            turn[0] += 1
            call("ops.task", "write", [task], {"progress": turn[0] % 90 + 1, "progress_note": f"Step {turn[0]}"})

        return write

    def prepare(login):
        calls = [login(name) for name in made["logins"]]
        return tuple(
            [writer(call, task) for call, task in zip(calls, made[key], strict=True)] for key in ("hot_tasks", "own_tasks")
        )

    ours, peer = compared(bench, prepare)
    return Result("hot_parent", ours[0] / peer[0], 0.9, figures(ours, peer), at_least=True)
