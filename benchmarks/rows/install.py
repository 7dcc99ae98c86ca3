"""How long an administrator waits."""

import statistics
import subprocess

from ..harness import CHECKOUT, Result, drop, odoo, row


def records(database):
    """Return how many records with an external id a database has: what an installation has to load."""
    answer = subprocess.run(
        ["psql", "-XAtqc", "SELECT count(*) FROM ir_model_data", database], check=True, capture_output=True, text=True
    )
    return int(answer.stdout)


@row
def install(bench):
    """Install the addon, beside Odoo's project, both into copies of the same database with their dependencies.

    An installation is made of its records: views, rules, fields, data. The target speaks of the time for one of them; the
    whole time grows with what the addon can do, and stands beside it.
    """
    base = subprocess.run([CHECKOUT / "script" / "database", "base", "plain"], check=True, capture_output=True, text=True)
    template, times, loaded = base.stdout.split()[-1], {"ops_handbook": [], "project": []}, {}
    before = records(template)
    for turn in range(bench.repeat):
        for module, seconds in times.items():
            name = f"{bench.database}_install_{turn}"
            subprocess.run(["createdb", "-T", template, name], check=True)
            try:
                seconds.append(odoo("-d", name, "-i", module))
                loaded[module] = records(name) - before
            finally:
                drop(name)
    mine, theirs = (statistics.median(seconds) for seconds in times.values())
    ours, others = loaded["ops_handbook"], loaded["project"]
    return Result(
        "install", (mine / ours) / (theirs / others), 1.5,
        f"a record; in all {mine:.1f} s / {theirs:.1f} s = {mine / theirs:.2f}, for {ours} / {others} records",
    )
