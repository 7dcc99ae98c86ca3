"""Scheduled actions of a real server: asked for, watched, and killed."""

import os
import re
import signal
from pathlib import Path

from .server import sql


def wake(database, names, host=None):
    """Ask for the jobs of these external ids (``ops_handbook.…``), as `_trigger()` does."""
    listed = "', '".join(name.split(".")[1] for name in names)
    sql(database, f"""
        INSERT INTO ir_cron_trigger (cron_id, call_at) SELECT res_id, now() AT TIME ZONE 'UTC' FROM ir_model_data
        WHERE module = 'ops_handbook' AND model = 'ir.cron' AND name IN ('{listed}')""", host)
    sql("postgres", f"NOTIFY cron_trigger, '{database}'", host)


def running(database):
    """How many jobs run at this moment: a job holds its row of ir_cron as long as it runs."""
    [[count]] = sql(database, """
        SELECT (SELECT count(*) FROM ir_cron) - count(*) FROM (SELECT id FROM ir_cron FOR UPDATE SKIP LOCKED) AS resting""")
    return int(count)


def workers(server):
    """The pids of the cron workers that are alive."""
    alive = [int(pid) for pid in re.findall(r"Worker WorkerCron \((\d+)\) alive", server.log())]
    return [pid for pid in alive if Path(f"/proc/{pid}").exists()]


def kill(server, chance, number=1):
    """kill -9 as many of the cron workers, if so many are alive; returns how many were killed."""
    alive = workers(server)
    for pid in chance.sample(alive, min(number, len(alive))):
        os.kill(pid, signal.SIGKILL)
    return min(number, len(alive))


def unexpected(server, killed=False):
    """What a server has logged as an error, without the conflicts that Odoo logs and the jobs try again after.

    :param bool killed: its workers were killed; of a job that was interrupted three times in a row Odoo says "timed out"
    """
    return [
        line for line in server.log_errors()
        if "bad query" not in line and not (killed and line.rstrip().endswith("timed out"))
    ]
