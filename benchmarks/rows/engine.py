"""Generation of obligations, and reading them among a million."""

from datetime import datetime
from unittest.mock import patch

from ..harness import Result, raw_insert, row, rows_of

MOMENT = datetime(2026, 11, 2, 1)
OPTIONS = {"tracking_disable": True, "no_reset_password": True, "mail_create_nosubscribe": True}
WANTED = 10_000


def departments(env, count):
    """Return a started company with `count` departments that keep plans, in a database of which nothing stays."""
    env["res.company"].search([]).ops_started = False
    company = env.company
    company.write({"ops_started": True, "ops_start_date": "2026-11-01", "ops_horizon_days": 35})
    env["hr.department"].search([]).ops_keeps_plans = False
    return env["hr.department"].with_context(**OPTIONS).create([
        {"name": f"Bench {index}", "company_id": company.id, "ops_keeps_plans": True} for index in range(count)
    ])


def all_ready(env):
    """Let every standard be asked for, as if the forms of all processes were installed."""
    standards = env["ops.standard"]
    codes = frozenset(standards.search([("keeps_rows", "=", True)]).mapped("code"))
    return patch.object(type(standards), "_ready_codes", lambda model: codes)


def generation(env, again=False):
    from odoo.addons.ops_handbook.tools import clock

    def work():
        with clock.frozen(MOMENT), all_ready(env):
            env["ops.obligation"]._generate(env.company)

    if again:
        work()
    return work


@row
def gen_create(bench):
    """Generate 10,000 obligations, beside a raw insert of the same rows."""
    counted = {}

    def ours(env):
        departments(env, 1000)
        return generation(env)

    def peer(env):
        departments(env, 1000)
        generation(env)()
        columns, lines = rows_of(env, "ops_obligation")
        counted["rows"] = len(lines)
        env.cr.execute("DELETE FROM ops_obligation")
        return lambda: raw_insert(env, "ops_obligation", columns, lines)

    mine, theirs, statements = bench.pair(ours, peer)
    per_row = statements / counted["rows"]
    result = Result("gen_create", mine / theirs, 3,
                    f"{counted['rows']} rows, {mine * 1000:.0f} ms / {theirs * 1000:.0f} ms, {per_row:.4f} SQL per row")
    if counted["rows"] < WANTED * 0.9:
        result.failures.append("too few rows")
    if per_row > 0.03:
        result.failures.append("more than 0.03 SQL per row")
    return result


@row
def gen_noop(bench):
    """Generate again, beside the first time: nothing is inserted."""
    counts = []

    def again(env):
        departments(env, 1000)
        work = generation(env, again=True)
        before = env["ops.obligation"].search_count([])

        def checked():
            work()
            counts.append(env["ops.obligation"].search_count([]) - before)

        return checked

    def first(env):
        departments(env, 1000)
        return generation(env)

    mine, theirs, _ = bench.pair(again, first)
    result = Result("gen_noop", mine / theirs, 0.02, f"{mine * 1000:.1f} ms / {theirs * 1000:.0f} ms")
    if any(counts):
        result.failures.append(f"{counts} rows inserted again")
    return result
