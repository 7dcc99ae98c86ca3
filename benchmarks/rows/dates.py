"""Working days."""

from datetime import datetime, timedelta

import pytz

from ..harness import Result, row


@row
def workdays(bench):
    """10,000 due dates ten working days on, building the day set included, beside Odoo's plan_days."""
    count, sample = 10_000, 20
    starts = [datetime(2026, 1, 5, 9) + timedelta(hours=index % 4000) for index in range(count)]

    def china(env):
        """A company as it is: with the public holidays of three years in its calendar."""
        env.company.country_id = env.ref("base.cn")
        for year in (2025, 2026, 2027):
            env["ops.holiday.wizard"]._load(env.company, year)
        return env.company

    def ours(env):
        company, days = china(env), [start.date() for start in starts]

        def work():
            env.registry.clear_all_caches()
            workdays_of = company._ops_workdays()
            for day in days:
                workdays_of.add(day, 10)

        return work

    def moments(env):
        """The same as the engine needs them: from a moment in UTC to the close of the local day, in UTC."""
        from odoo.addons.ops_handbook.tools.workdays import due_after

        company = china(env)

        def work():
            env.registry.clear_all_caches()
            workdays_of, tz = company._ops_workdays(), company._ops_tz()
            for start in starts:
                due_after(start, 10, "workdays", workdays_of, tz)

        return work

    def peer(env):
        calendar = china(env).resource_calendar_id
        aware = [pytz.utc.localize(start) for start in starts[:sample]]
        return lambda: [calendar.plan_days(10, start, compute_leaves=True) for start in aware]

    mine, theirs, _ = bench.pair(ours, peer)
    full, _, _ = bench.pair(moments, peer, repeat=1)
    theirs *= count / sample
    return Result("workdays", mine / theirs, 1 / 1000,
                  f"{mine * 1000:.0f} ms / {theirs:.0f} s (from {sample} of {count}); as moments in UTC {full * 1000:.0f} ms")
