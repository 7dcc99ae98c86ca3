"""How long an administrator waits."""

import statistics
import subprocess

from ..harness import CHECKOUT, Result, drop, odoo, row


@row
def install(bench):
    """Install the addon, beside Odoo's project, both into copies of the same database with their dependencies."""
    base = subprocess.run([CHECKOUT / "script" / "database", "base", "plain"], check=True, capture_output=True, text=True)
    template, times = base.stdout.split()[-1], {"ops_handbook": [], "project": []}
    for turn in range(bench.repeat):
        for module, seconds in times.items():
            name = f"{bench.database}_install_{turn}"
            subprocess.run(["createdb", "-T", template, name], check=True)
            try:
                seconds.append(odoo("-d", name, "-i", module))
            finally:
                drop(name)
    mine, theirs = (statistics.median(seconds) for seconds in times.values())
    return Result("install", mine / theirs, 1.5, f"{mine:.1f} s / {theirs:.1f} s")
