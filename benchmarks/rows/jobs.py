"""Scheduled actions under Odoo's own cron workers: many slices beside one, two workers beside one."""

import os
import statistics
import subprocess
import time

import psycopg2

from ..harness import CHECKOUT, Result, clone, drop, row

ROWS = 40_000
LEFT = """SELECT EXISTS (SELECT FROM ops_obligation WHERE state = 'open' AND date_next_step <= now() AT TIME ZONE 'UTC')
              OR EXISTS (SELECT FROM ops_obligation_reminder_receiver WHERE state = 'waiting')"""


def fill(database, rows):
    """Let one company owe `rows` obligations whose reminders are due now, in a database of its own, by one process."""
    script = f"""
from datetime import timedelta
from odoo.addons.ops_handbook.tools import clock
env["res.company"].search([]).ops_started = False
env.company.write({{"ops_started": True, "ops_start_date": "2020-01-01", "email": "bench@example.com"}})
env["res.users"].search([("share", "=", False)]).write({{"tz": "UTC"}})
calendar = env.company.resource_calendar_id
calendar.tz = "UTC"
calendar.attendance_ids.unlink()
calendar.attendance_ids = [(0, 0, {{"name": "Always", "dayofweek": str(day), "hour_from": 0, "hour_to": 24,
                                    "day_period": "morning"}}) for day in range(7)]
users = env["res.users"].with_context(no_reset_password=True, tracking_disable=True).create([
    {{"name": f"Person {{n}}", "login": f"person.{{n}}", "email": f"p{{n}}@example.com", "tz": "UTC"}} for n in range(400)])
standard = env["ops.standard"].search([("code", "=", "I5")])
now = clock.now()
owed = env["ops.obligation"]._insert([{{
    "standard_id": standard.id, "code": standard.code, "process": standard.process, "company_id": env.company.id,
    "role": "head", "responsible_id": users[n % 400].id, "period": f"bench-{{n}}", "name": f"Bench {{n}}",
    "date_start": now - timedelta(days=30), "date_due": now + timedelta(days=1), "date_original": now,
}} for n in range({rows})])
env.cr.execute("UPDATE ops_obligation SET date_next_step = %s", [now - timedelta(hours=1)])
env["ir.cron"].search([]).active = False
job = env.ref("ops_handbook.ops_reminder_cron") | env.ref("ops_handbook.ops_reminder_cron_helper")  # one for each worker
job.write({{"active": True, "nextcall": now + timedelta(days=9)}})
env.cr.commit()
"""
    subprocess.run(
        [CHECKOUT / "script" / "odoo", "shell", "-d", database, "--no-http", "--log-level", "error"],
        input=script, text=True, check=True, capture_output=True,
    )


def sql(database, statement):
    return subprocess.run(
        ["psql", "-XAtqd", database, "-c", statement], check=True, capture_output=True, text=True).stdout.strip()


def drain(database, workers):
    """Trigger the job, run `workers` cron threads in processes of their own; return the seconds until no step is due."""
    processes = [
        subprocess.Popen(
            [CHECKOUT / "script" / "odoo", "-d", database, "--max-cron-threads", "1", "--log-level", "error"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        for _worker in range(workers)
    ]
    try:
        time.sleep(12)  # both have loaded the registry: only work is timed
        sql(database, "UPDATE ir_cron SET nextcall = now() AT TIME ZONE 'UTC' - interval '1 minute' WHERE active")
        sql(database, "NOTIFY cron_trigger, '" + database + "'")
        subprocess.run(["psql", "-Xqd", "postgres", "-c", f"NOTIFY cron_trigger, '{database}'"], check=True)
        return waiting(database)
    finally:
        for process in processes:
            os.killpg(process.pid, 9)
            process.wait()


def waiting(database):
    """Watch from one connection, by index alone: a process for each look would take a core from the workers."""
    connection = psycopg2.connect(dbname=database)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            return watch(cursor)
    finally:
        connection.close()


def watch(cursor):
    start, began = time.perf_counter(), None
    while time.perf_counter() - start < 300:
        time.sleep(0.02)  # the short run takes one second
        if began is None:
            cursor.execute("SELECT EXISTS (SELECT FROM ops_obligation_reminder)")
            began = time.perf_counter() if cursor.fetchone()[0] else None
            continue
        cursor.execute(LEFT)
        if not cursor.fetchone()[0]:
            return time.perf_counter() - began
    raise AssertionError("steps were not sent within five minutes")


def run(bench, rows, workers):
    database = f"{bench.database}_job"
    clone(database)
    try:
        fill(database, rows)
        return drain(database, workers)
    finally:
        drop(database)


def typical(bench, rows, times=3):
    """Return the median of some runs of one worker: a single one may meet a checkpoint, or a slow moment of the machine."""
    return statistics.median(run(bench, rows, 1) for _time in range(times))


@row
def cron_duty(bench):
    """Rows per second of a job of many slices, beside one slice of the same job."""
    few, many = ROWS // 20, ROWS
    short, long = typical(bench, few), typical(bench, many)
    ratio = (many / long) / (few / short)
    return Result("cron_duty", ratio, 0.95, f"{many / long:.0f} / {few / short:.0f} rows a second", at_least=True)


@row
def cron_parallel(bench):
    """Rows per second of two workers, beside one."""
    one, two = run(bench, ROWS, 1), run(bench, ROWS, 2)
    return Result("cron_parallel", one / two, 1.8, f"{ROWS / two:.0f} / {ROWS / one:.0f} rows a second", at_least=True)
