"""The first page of obligations among 10,000 and 1,000,000, and My work."""

import json
import statistics
import time
import urllib.request
from datetime import timedelta

from ..harness import Result, row
from .engine import OPTIONS, departments

PAGE = 80


def person(env, login, groups, department=None, head=False):
    """Create a user with an employee; with `head` the department's."""
    user = env["res.users"].with_context(**OPTIONS).create({
        "name": login, "login": login, "password": login, "company_id": env.company.id,
        "company_ids": [(6, 0, env.company.ids)],
        "group_ids": [(6, 0, [env.ref(name).id for name in ("base.group_user", *groups)])],
    })
    employee = env["hr.employee"].with_context(**OPTIONS).create({
        "name": login, "user_id": user.id, "department_id": department.id if department else False,
    })
    if head:
        department.manager_id = employee
    return user


def fill(env, units, total):
    """Fill the table up to `total` obligations spread over departments and five years, by SQL: nothing of it is timed."""
    env.flush_all()
    standard = env["ops.standard"].search([("scope", "=", "department")], limit=1)
    env.cr.execute("SELECT count(*) FROM ops_obligation")
    have = env.cr.fetchone()[0]
    # the cockpit's sums are counted once, below, not by a trigger for each of a million rows
    env.cr.execute("ALTER TABLE ops_obligation DISABLE TRIGGER USER")
    env.cr.execute("""
        INSERT INTO ops_obligation (standard_id, code, process, variant, urgent, company_id, department_id, role, period,
                                    round, date_start, date_due, date_original, due_by_rule, state, on_time, create_date)
        SELECT %(standard)s, %(code)s, %(process)s, '', false, %(company)s,
               (%(departments)s::int[])[1 + n %% %(count)s], 'head', 'bench-' || n, 0,
               now(), timestamp '2021-01-01' + n * interval '150 seconds', timestamp '2021-01-01' + n * interval '150 seconds', false,
               CASE WHEN n %% 20 = 0 THEN 'open' ELSE 'done' END, n %% 20 != 0, now()
          FROM generate_series(%(have)s, %(total)s - 1) AS n
    """, {
        "standard": standard.id, "code": standard.code, "process": standard.process, "company": env.company.id,
        "departments": units.ids, "count": len(units), "have": have, "total": total,
    })
    env.cr.execute("ALTER TABLE ops_obligation ENABLE TRIGGER USER")
    env["ops.obligation.stat"]._rebuild()
    env.cr.commit()
    env.cr._cnx.autocommit = True
    env.cr.execute("VACUUM ANALYZE ops_obligation")
    env.cr.execute("VACUUM ANALYZE ops_obligation_stat")
    env.cr._cnx.autocommit = False


def first_page(bench, uid):
    """Return the median seconds of a list's first page as `uid`, with and without its count, and the rows its plan reads."""
    with bench.env(uid) as env:
        model = env["ops.obligation"]
        fields = {name: {} for name in ("display_name", "code", "date_due", "state", "result")}
        fields["department_id"] = {"fields": {"display_name": {}}}
        page = median_of(bench, env, lambda: model.search([], limit=PAGE).web_read(fields))
        # as the web client asks: it wants to know whether there are more than 10,000
        counted = median_of(bench, env, lambda: model.web_search_read([], fields, limit=PAGE, count_limit=10_001)["records"])
        query = model._search([], limit=PAGE, order=model._order)
        env.cr.execute("EXPLAIN (ANALYZE, FORMAT JSON) " + query.select().code, query.select().params)
        plan = env.cr.fetchone()[0][0]["Plan"]
    return page, counted, rows_read(plan)


def median_of(bench, env, work):
    seconds = []
    for _turn in range(bench.repeat * 10 + 1):
        env.invalidate_all()
        start = time.perf_counter()
        found = work()
        seconds.append(time.perf_counter() - start)
    assert len(found) == PAGE, f"the page has {len(found)} rows"
    return statistics.median(seconds[1:])


def rows_read(plan):
    """Return how many rows the scans of a plan touch, those thrown away included."""
    loops = plan.get("Actual Loops", 1)
    own = 0
    if "Scan" in plan["Node Type"]:
        own = (plan.get("Actual Rows", 0) + plan.get("Rows Removed by Filter", 0)) * loops
    return own + sum(rows_read(child) for child in plan.get("Plans", ()))


def pages(bench):
    """Measure once for both rows: the leaf department's head and an unrestricted user, at 10,000 and 1,000,000 rows."""
    if "pages" in bench.cache:
        return bench.cache["pages"]
    with bench.env(commit=True) as env:
        units = departments(env, 100)
        head = person(env, "bench.head", (), units[7], head=True)
        free = person(env, "bench.operations", ("ops_handbook.group_operations",))
        env["res.users"]._ops_refresh_rights()
        uids = head.id, free.id
    found = {}
    for total in (10_000, 1_000_000):
        with bench.env(commit=True) as env:
            fill(env, env["hr.department"].search([("name", "=like", "Bench %")], order="id"), total)
        # warm up both before either is measured
        for uid in (*uids, *uids):
            found[total, uid] = first_page(bench, uid)
    bench.cache["pages"] = {total: [found[total, uid] for uid in uids] for total in (10_000, 1_000_000)}
    return bench.cache["pages"]


@row
def scope_page(bench):
    """First page for a leaf department's head, beside a user without restriction, among 1,000,000."""
    (head, head_counted, read), (free, free_counted, _) = pages(bench)[1_000_000]
    result = Result("scope_page", head / free, 1.0,
                    f"{head * 1000:.1f} ms / {free * 1000:.1f} ms, plan reads {read:.0f} rows; "
                    f"with the count {head_counted * 1000:.1f} ms / {free_counted * 1000:.1f} ms")
    if read > 1000:
        result.failures.append("plan reads more than 1,000 rows")
    return result


@row
def page_growth(bench):
    """First page at 1,000,000 rows, beside 10,000: the worse of the two users."""
    found = pages(bench)
    ratios = [big[0] / small[0] for big, small in zip(found[1_000_000], found[10_000], strict=True)]
    return Result("page_growth", max(ratios), 1.3, f"head {ratios[0]:.2f}, unrestricted {ratios[1]:.2f}")


@row
def cockpit(bench):
    """The whole cockpit of a year over 1,000,000 obligations, beside Odoo's grouping of the raw table."""
    pages(bench)
    with bench.env() as env:
        free = env["res.users"].search([("login", "=", "bench.operations")])
    with bench.env(free.id) as env:
        ours, theirs = [], []
        model, screen = env["ops.obligation"], env["ops.cockpit"]
        for _turn in range(bench.repeat * 3 + 1):
            env.invalidate_all()
            ours.append(timed(lambda: screen.get_data(2023)))
            env.invalidate_all()
            theirs.append(timed(lambda: model.formatted_read_group(
                [("date_original", ">=", "2023-01-01"), ("date_original", "<", "2024-01-01")],
                ["department_id", "date_original:month", "state"], ["__count"],
            )))
        data, before = screen.get_data(2023), env.cr.sql_log_count
        screen.get_data(2023)
        statements = env.cr.sql_log_count - before
        assert data["total"]["due"] > 100_000 and len(data["heat"]) >= 100, data["total"]
        whole = statistics.median(
            timed(lambda: model.formatted_read_group([], ["department_id", "date_original:month", "state"], ["__count"]))
            for _turn in range(bench.repeat)
        )
    mine, peer = statistics.median(ours[1:]), statistics.median(theirs[1:])
    return Result("cockpit", mine / whole, 0.10, f"{mine * 1000:.0f} ms / {whole * 1000:.0f} ms, {statements} SQL; "
                  f"of one year alone {peer * 1000:.0f} ms")


@row
def my_work(bench):
    """My work with 500 open obligations over HTTP, beside one page of 80 tasks of Odoo's project."""
    import sys

    sys.path.insert(0, str(__file__.rsplit("/benchmarks/", 1)[0]))
    from tests.support.server import Server

    with bench.env(commit=True) as env:
        user = person(env, "bench.worker", ("project.group_project_user",))
        give(env, user, 500)
        project = env["project.project"].create({"name": "Bench"})
        env["project.task"].with_context(**OPTIONS).create([
            {"name": f"Task {index}", "project_id": project.id, "user_ids": [(6, 0, user.ids)]} for index in range(200)
        ])
    statements = [count_statements(bench, "bench.worker")]
    with Server(bench.database) as server:
        call = session(server.url, bench.database, "bench.worker")
        task_fields = {name: {} for name in ("name", "priority", "state", "date_deadline", "stage_id", "project_id")}
        task_fields["user_ids"] = {"fields": {"display_name": {}}}
        mine, theirs = [], []
        for _turn in range(bench.repeat * 7):
            mine.append(timed(lambda: call("ops.my.work", "get_data")))
            theirs.append(timed(lambda: call(
                "project.task", "web_search_read", [("project_id", "!=", False)], task_fields, limit=PAGE)))
    ours, peer = statistics.median(mine[2:]), statistics.median(theirs[2:])
    result = Result("my_work", ours / peer, 1.0, f"{ours * 1000:.0f} ms / {peer * 1000:.0f} ms, {statements[0]} SQL")
    if statements[0] > 25:
        result.failures.append("more than 25 SQL")
    return result


def give(env, user, count):
    """Let `user` owe `count` obligations of problems' clocks, by the engine's own insert."""
    from odoo.addons.ops_handbook.tools import clock

    standards = env["ops.standard"].search([("active", "=", True)])
    rows = []
    for index in range(count):
        standard = standards[index % len(standards)]
        rows.append({
            "standard_id": standard.id, "code": standard.code, "process": standard.process, "company_id": env.company.id,
            "role": "head", "responsible_id": user.id, "period": f"bench-{user.id}-{index}", "name": f"Bench {index}",
            "date_start": clock.now(), "date_due": clock.now() + timedelta(hours=index - count // 2),
        })
    return env["ops.obligation"]._insert(rows)


def count_statements(bench, login):
    with bench.env() as env:
        user = env["res.users"].search([("login", "=", login)])
        model = env["ops.my.work"].with_user(user)
        model.get_data()
        env.invalidate_all()
        before = env.cr.sql_log_count
        data = model.get_data()
        assert sum(map(len, data["lists"].values())) >= 500
        return env.cr.sql_log_count - before


def session(url, database, login):
    """Log in over HTTP and return a function that calls a method of a model."""
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())

    def post(path, params):
        body = json.dumps({"jsonrpc": "2.0", "method": "call", "params": params}).encode()
        request = urllib.request.Request(url + path, body, {"Content-Type": "application/json"})
        answer = json.loads(opener.open(request, timeout=60).read())
        if "error" in answer:
            raise RuntimeError(answer["error"]["data"]["message"])
        return answer["result"]

    post("/web/session/authenticate", {"db": database, "login": login, "password": login})
    return lambda model, method, *args, **kwargs: post(
        f"/web/dataset/call_kw/{model}/{method}", {"model": model, "method": method, "args": list(args), "kwargs": kwargs})


def timed(work):
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
