"""What all rows share: a database of their own, an environment, timing in pairs, and the table of results."""

import contextlib
import gc
import os
import statistics
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
ROWS = {}


@dataclass
class Result:
    """What one row found: the ratio that its target speaks of, and the figures behind it."""

    name: str
    ratio: float
    target: float
    figures: str = ""
    at_least: bool = False
    failures: list = field(default_factory=list)

    @property
    def ok(self):
        met = self.ratio >= self.target if self.at_least else self.ratio <= self.target
        return met and not self.failures

    def line(self):
        sign = "≥" if self.at_least else "≤"
        remarks = "; ".join([self.figures, *self.failures])
        return f"| {self.name} | {self.ratio:.4g} | {sign} {self.target:g} | {'met' if self.ok else 'MISSED'} | {remarks} |"


def row(function):
    """Register a row of the table under the name of its function."""
    ROWS[function.__name__] = function
    return function


def clone(name):
    subprocess.run([CHECKOUT / "script" / "database", "clone", "plain", name], check=True, stdout=subprocess.DEVNULL)


def drop(name):
    subprocess.run([CHECKOUT / "script" / "database", "drop", name], check=False, stdout=subprocess.DEVNULL)


def odoo(*arguments):
    """Run Odoo's own command line on our environment and return the seconds that it took."""
    start = time.perf_counter()
    subprocess.run(
        [CHECKOUT / "script" / "odoo", *arguments, "--no-http", "--stop-after-init", "--log-level", "error"],
        check=True, capture_output=True,
    )
    return time.perf_counter() - start


class Bench:
    """A database with the addon and Odoo's `project`, and environments on it."""

    def __init__(self, database=None):
        self.database = database or f"ops_bench_{os.getpid()}"
        self.repeat = int(os.environ.get("OPS_BENCH_REPEAT", "3"))
        self.cache = {}

    def prepare(self):
        clone(self.database)
        odoo("-d", self.database, "-i", "project")
        import odoo as odoo_package
        from odoo.tools import config

        config.parse_config(["-c", os.environ["ODOO_RC"], "-d", self.database, "--no-http", "--log-level", "critical"])
        from odoo.modules.registry import Registry

        self.odoo, self.registry = odoo_package, Registry(self.database)

    @contextlib.contextmanager
    def env(self, uid=1, commit=False, context=None):
        """Yield an environment; what happens in it is rolled back unless `commit`."""
        from odoo import api

        with self.registry.cursor() as cr:
            env = api.Environment(cr, uid, context or {})
            try:
                yield env
                if commit:
                    env.flush_all()
                    cr.commit()
            finally:
                cr.rollback()
                self.registry.clear_all_caches()

    def pair(self, ours, peer, repeat=None):
        """Time two functions in turn, each in a transaction of its own that is rolled back; return their medians.

        :param ours, peer: functions of an environment that return what is to be timed, a function without arguments
        :return: (seconds of ours, seconds of the peer, statements of ours)
        """
        seconds, statements = ([], []), 0
        for _turn in range(repeat or self.repeat):
            for which, prepare in enumerate((ours, peer)):
                with self.env() as env:
                    work = prepare(env)
                    env.flush_all()
                    gc.collect()
                    before = env.cr.sql_log_count
                    start = time.perf_counter()
                    work()
                    env.flush_all()
                    seconds[which].append(time.perf_counter() - start)
                    if which == 0:
                        statements = env.cr.sql_log_count - before
        return statistics.median(seconds[0]), statistics.median(seconds[1]), statements

    def close(self):
        if hasattr(self, "registry"):
            self.odoo.sql_db.close_all()
        drop(self.database)


# What `fixed_job` takes on the idle machine whose figures stand in docs/developers/benchmarks.md.
FIXED_JOB_SECONDS = 0.020
# A machine slower than this says nothing about a limit in milliseconds.
SLOWEST = 3.0


def fixed_job(env):
    """Do the same bit of work as ever, half of it in PostgreSQL and half in Python, and return its seconds."""
    start = time.perf_counter()
    env.cr.execute("SELECT count(DISTINCT md5(number::text)) FROM generate_series(1, 10000) AS number")
    words = [f"word{number % 977}" for number in range(40000)]
    sum(len(word) for word in sorted(set(words)) + words)
    return time.perf_counter() - start


def slowness(seconds):
    """Return how many times slower than the idle machine of reference this one is at the moment, never less than 1.

    :param seconds: what `fixed_job` took, several times, between the answers that a limit is for
    """
    return min(max(statistics.median(seconds) / FIXED_JOB_SECONDS, 1.0), SLOWEST)


def raw_insert(env, table, columns, rows):
    """Insert rows with the database driver alone: the peer of every row that creates."""
    from psycopg2.extras import execute_values

    execute_values(env.cr._obj, f"INSERT INTO {table} ({', '.join(columns)}) VALUES %s", rows, page_size=1000)


def rows_of(env, table, where="true"):
    """Return the columns and rows of a table, without ids, to insert them again."""
    env.flush_all()
    env.cr.execute("SELECT column_name FROM information_schema.columns WHERE table_name = %s AND column_name != 'id'", [table])
    columns = [f'"{name}"' for (name,) in env.cr.fetchall()]
    env.cr.execute(f"SELECT {', '.join(columns)} FROM {table} WHERE {where}")
    return columns, [tuple(map(_adapted, line)) for line in env.cr.fetchall()]


def _adapted(value):
    from psycopg2.extras import Json

    return Json(value) if isinstance(value, (dict, list)) else value
