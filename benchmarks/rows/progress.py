"""A month's progress reports of a large company: a thousand departments, each with five goals and twenty initiatives."""

import datetime
import time

from odoo.tools import split_every

from ..harness import Result, raw_insert, row, rows_of
from .engine import OPTIONS
from .plans import YEAR, final_plans


def released(env):
    """Return 1,000 released plans whose reports of January were accepted."""
    plans = final_plans(env)
    env.cr.execute("UPDATE ops_plan SET state = 'released' WHERE id IN %s", [tuple(plans.ids)])
    env.invalidate_all()
    reports = prefilled(env, plans, f"{YEAR}-01")
    env.flush_all()
    env.cr.execute("UPDATE ops_progress_report SET state = 'accepted' WHERE id IN %s", [tuple(reports.ids)])
    env.cr.execute("ANALYZE ops_progress_report; ANALYZE ops_progress_report_line")
    env.invalidate_all()
    return plans


def prefilled(env, plans, period):
    """Make the reports of a month, a batch after the other as the job does."""
    from odoo.addons.ops_handbook.models.planning.ops_progress_report_draft import BATCH

    reports = env["ops.progress.report"].with_context(**OPTIONS)
    made = reports.browse()
    for ids in split_every(BATCH, plans.ids):
        made |= reports.create([{"plan_id": plan, "period": period} for plan in ids])
        env.flush_all()
    return made


@row
def progress_prefill(bench):
    """Draft a month's reports of 1,000 plans with 20 initiatives each: statements per line, beside a raw insert of the rows."""
    from odoo.addons.ops_handbook.tools import clock

    with clock.frozen(datetime.datetime(YEAR, 3, 10)), bench.env() as env:
        plans = released(env)
        before, start = env.cr.sql_log_count, time.perf_counter()
        reports = prefilled(env, plans, f"{YEAR}-02")
        seconds, statements = time.perf_counter() - start, env.cr.sql_log_count - before
        columns, lines = rows_of(env, "ops_progress_report_line", f"period = '{YEAR}-02'")
        env.cr.execute("DELETE FROM ops_progress_report_line WHERE report_id IN %s", [tuple(reports.ids)])
        start = time.perf_counter()
        raw_insert(env, "ops_progress_report_line", columns, lines)
        raw = time.perf_counter() - start
    return Result(
        "progress_prefill", statements / len(lines), 0.03,
        f"{len(lines):,} lines in {seconds:.1f} s ({1000 * seconds / len(reports):.1f} ms a report), {statements:,} SQL; "
        f"raw insert of the lines {raw:.1f} s ({seconds / raw:.1f}×)",
    )
