"""The engine when things go wrong: workers that die, that compete, users who write at the same time, no mail server,
jobs that did not run for weeks. Nothing is lost, nothing is sent twice, and it goes on by itself."""

import itertools
import json
import os
import random
import re
import subprocess
import threading
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

import psycopg2
import pytest
import requests

from .support import company as companies
from .support import server as servers
from .support.client import Client, RpcError
from .support.jobs import kill, unexpected, wake
from .support.mailbox import Mailbox
from .support.server import fake_time, seconds_ahead, sql
from .support.users import Users

BUSY = Path(__file__).parent / "support" / "busy_setup.py"
CRONS = ("ops_handbook.ops_obligation_cron_generate", "ops_handbook.ops_reminder_cron")
WORKERS = 24


@pytest.fixture(scope="module")
def busy(new_database):
    """A database in which a month of daily duties of many people is still to be made and reminded of."""
    name = new_database("company")
    companies.shell(name, BUSY.read_text(encoding="utf-8"), OPS_WORKERS=str(WORKERS))
    return name


@pytest.fixture(scope="module")
def whole(busy, new_database):
    """What one undisturbed run makes of it: the rows and the reminders, without the ids."""
    name = companies.copy(busy, f"{busy}_whole")
    companies.shell(name, "".join(f"env.ref('{cron}').method_direct_trigger()\nenv.cr.commit()\n" for cron in CRONS))
    found = obligations(name), reminders(name)
    sql("postgres", f'DROP DATABASE "{name}"')
    assert len(found[0]) > WORKERS * 20 and len(found[1]) > WORKERS * 8
    return found


# -- what there is -------------------------------------------------------------------------------------------------


def obligations(database, host=None):
    """Rows of the daily duty, one for each person and day."""
    return sql(database, """
        SELECT employee_id, period, date_due FROM ops_obligation WHERE code = 'I5' ORDER BY employee_id, period""", host)


def reminders(database, host=None):
    """Who was reminded of what, by which step; once for each line that was sent."""
    return sql(database, """
        SELECT o.employee_id, o.period, r.step_id, l.user_id
        FROM ops_obligation_reminder_receiver l JOIN ops_obligation_reminder r ON r.id = l.reminder_id
        JOIN ops_obligation o ON o.id = r.obligation_id
        WHERE l.state = 'sent' AND o.code = 'I5' ORDER BY 1, 2, 3, 4""", host)


def mailed(database, host=None):
    """What stands in the mails of the daily duty: rows [receiver's partner, obligation], as often as it stands there."""
    return sql(database, """
        SELECT p.res_partner_id, link[1] FROM mail_mail m JOIN mail_message g ON g.id = m.mail_message_id
        JOIN mail_mail_res_partner_rel p ON p.mail_mail_id = m.id,
        regexp_matches(m.body_html, '/odoo/ops.obligation/(\\d+)"', 'g') link
        JOIN ops_obligation o ON o.id = link[1]::int AND o.code = 'I5' ORDER BY 1, 2""", host)


def check(database, whole, host=None):
    """Nothing lost, nothing doubled: in the rows, in the log of the reminders, in the mails."""
    made, reminded = obligations(database, host), reminders(database, host)
    assert made == whole[0], f"{len(made)} obligations instead of {len(whole[0])}"
    assert len(reminded) == len({tuple(row) for row in reminded}), "a step was sent twice"
    # a day that ends while the test runs is reminded of too
    lost = {tuple(row) for row in whole[1]} - {tuple(row) for row in reminded}
    assert not lost, f"{len(lost)} reminders lost: {sorted(lost)[:3]}"
    lines = mailed(database, host)
    assert len(lines) == len({tuple(line) for line in lines}), "an obligation stands in two mails to one person"
    sent = sql(database, """
        SELECT DISTINCT u.partner_id, r.obligation_id FROM ops_obligation_reminder_receiver l
        JOIN ops_obligation_reminder r ON r.id = l.reminder_id JOIN ops_obligation o ON o.id = r.obligation_id
        JOIN res_users u ON u.id = l.user_id WHERE l.state = 'sent' AND o.code = 'I5'""", host)
    assert {tuple(line) for line in lines} == {tuple(row) for row in sent}, "the log and the mails do not agree"


def wipe(database):
    """Back to the beginning: nothing made, nothing reminded of.

    No job may be running: it would go on with what it had found before, and say at its end that all is made. A job holds
    its row of ir_cron as long as it runs, so whoever has the table to themself is alone.
    """
    for _attempt in range(300):
        connection = psycopg2.connect(dbname=database)
        try:
            with connection, connection.cursor() as cr:
                cr.execute("SET LOCAL lock_timeout = '200ms'; LOCK TABLE ir_cron IN EXCLUSIVE MODE")
                cr.execute("""
                    TRUNCATE ops_obligation, ops_obligation_reminder, ops_obligation_reminder_receiver, ops_standard_progress CASCADE;
                    DELETE FROM ir_cron_trigger; DELETE FROM ir_cron_progress; DELETE FROM mail_mail;
                    UPDATE ir_cron SET failure_count = 0, first_failure_date = NULL, nextcall = '2099-01-01'""")
            return
        except (psycopg2.errors.LockNotAvailable, psycopg2.errors.DeadlockDetected):
            time.sleep(0.1)
        finally:
            connection.close()
    raise AssertionError("the jobs never rest")


def is_finished(database, whole, host=None):
    [[rows, due, waiting]] = sql(database, """
        SELECT (SELECT count(*) FROM ops_obligation WHERE code = 'I5'),
               (SELECT count(*) FROM ops_obligation
                WHERE code = 'I5' AND state = 'open' AND date_next_step <= now() AT TIME ZONE 'UTC'),
               (SELECT count(*) FROM ops_obligation_reminder_receiver l JOIN ops_obligation_reminder r ON r.id = l.reminder_id
                JOIN ops_obligation o ON o.id = r.obligation_id
                WHERE o.code = 'I5' AND l.state = 'waiting' AND l.date_send <= now() AT TIME ZONE 'UTC')""", host)
    return int(rows) >= len(whole[0]) and int(due) == 0 and int(waiting) == 0


def wait_until_finished(database, whole, seconds=120, host=None):
    deadline = time.monotonic() + seconds
    while not is_finished(database, whole, host):
        assert time.monotonic() < deadline, "the jobs did not finish"
        time.sleep(0.5)
        wake(database, CRONS, host)


class Writers(Users):
    """Writes the obligations on which the jobs work."""

    def write(self, cr):
        cr.execute("""UPDATE ops_obligation SET write_date = now() AT TIME ZONE 'UTC'
                      WHERE id IN (SELECT id FROM ops_obligation TABLESAMPLE SYSTEM (20) LIMIT 30)""")
        return cr.rowcount


# -- the tests -----------------------------------------------------------------------------------------------------


def test_two_servers_send_each_step_once(busy, whole, new_server):
    """Two servers with two cron threads each on one database."""
    database = companies.copy(busy, f"{busy}_two")
    servers = [new_server(database=database, cron=2), new_server(database=database, cron=2)]
    with Writers(servers[0]) as users:
        wake(database, CRONS)
        wait_until_finished(database, whole)
    check(database, whole)
    [[clocks]] = sql(database, "SELECT count(*) FROM ops_obligation WHERE code = 'I1'")
    assert int(clocks) == users.reported
    for server in servers:
        server.stop()
        assert not unexpected(server)
    sql("postgres", f'DROP DATABASE "{database}"')


@pytest.mark.parametrize("kills", [6, pytest.param(100, marks=pytest.mark.full)])
def test_killed_workers_lose_and_repeat_nothing(busy, whole, new_server, kills):
    """kill -9 of the worker that generates and reminds, at random points, while users write the same rows."""
    chance = random.Random(kills)
    database = companies.copy(busy, f"{busy}_kill{kills}")
    server = new_server(database=database, workers=2, cron=2)
    done = 0
    with Writers(server):
        while done < kills:
            wipe(database)
            wake(database, CRONS)
            for _ in range(min(kills - done, 3)):
                time.sleep(chance.uniform(0.02, 1.2))
                if is_finished(database, whole):
                    break
                done += kill(server, chance)
                wake(database, CRONS)
            wait_until_finished(database, whole)
            check(database, whole)
    server.stop()
    assert not unexpected(server, killed=True)
    sql("postgres", f'DROP DATABASE "{database}"')


def test_mail_server_down_for_a_day(busy, new_server):
    """It refuses, then it is gone, then it is back: what waited arrives, each mail once; and so do the notices."""
    database = companies.copy(busy, f"{busy}_smtp")
    box = Mailbox()  # not started: the port is closed
    server = new_server(database=database, smtp_port=box.port)
    admin, employee = Client(server.url, database, "admin"), Client(server.url, database, "employee")
    sql(database, "UPDATE ir_cron SET active = true WHERE id IN (SELECT res_id FROM ir_model_data WHERE module = 'mail' AND name = 'ir_cron_mail_scheduler_action')")
    employee.call("ops.problem", "quick_report", {"name": "空压机停机", "description": "邮件也停了", "proposed_severity": "1"})
    for cron in CRONS:
        admin.run_cron(cron)
    [[queued]] = sql(database, "SELECT count(*) FROM mail_mail WHERE state = 'outgoing'")
    assert int(queued) > WORKERS

    def hour_passes():
        admin.run_cron("ops_handbook.ops_reminder_cron_mail")
        admin.run_cron("mail.ir_cron_mail_scheduler_action")

    admin.run_cron("mail.ir_cron_mail_scheduler_action")  # nobody listens
    hour_passes()
    box.start()
    try:
        box.refuse = "451 4.3.0 try again later"
        hour_passes()
        assert not box.messages
        box.refuse = None
        hour_passes()
        box.wait(int(queued), seconds=30)
        hour_passes()
        assert len(box.messages) == int(queued), "a mail was sent twice, or not at all"
        assert sql(database, "SELECT state, count(*) FROM mail_mail WHERE state != 'sent' GROUP BY 1") == []
    finally:
        box.stop()
        server.stop()
    sql("postgres", f'DROP DATABASE "{database}"')


@pytest.mark.full
def test_postgres_restarted_under_load(busy, whole, new_server):
    """Twenty restarts of a PostgreSQL of its own: the jobs go on, and no report that was answered is lost or doubled."""
    database = companies.copy(busy, f"{busy}_restart")
    now = datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M:%S")
    server = new_server(database=database, workers=2, cron=2, frozen=now, frozen_postgres=True)
    # Odoo's master process gives up when PostgreSQL is away as it starts a worker: it is started again, as a service
    # manager does, on the same database
    server.environment["PGHOST"], server.frozen_postgres = server.pghost, False
    chance, over, filed = random.Random(20), threading.Event(), []

    def report():
        client = Client(server.url, database, "employee")
        for number in itertools.count():
            while True:  # as the form does, which keeps what was written and its key
                try:
                    client.call("ops.problem", "quick_report", {"name": f"反馈 {number}", "description": "断线"}, None, f"key{number}")
                    break
                except (RpcError, requests.RequestException):
                    time.sleep(0.2)
            filed.append(number)
            if over.wait(0.1):
                return

    thread = threading.Thread(target=report, daemon=True)
    thread.start()
    for _ in range(20):
        wake(database, CRONS, server.pghost)
        time.sleep(chance.uniform(0.2, 1.5))
        restart_postgres(database)
        if server.process.poll() is not None:
            server.start()
    over.set()
    thread.join(60)
    if server.process.poll() is not None:
        server.start()
    wait_until_finished(database, whole, host=server.pghost)
    check(database, whole, server.pghost)
    [[problems, clocks]] = sql(database, """
        SELECT (SELECT count(*) FROM ops_problem), (SELECT count(*) FROM ops_obligation WHERE code = 'I1')""", server.pghost)
    assert int(problems) == int(clocks) == len(filed)
    server.stop()
    subprocess.run([servers.CHECKOUT / "script" / "database", "unfreeze", database], check=True)
    sql("postgres", f'DROP DATABASE "{database}"')


def restart_postgres(database):
    """Restart the cluster of a frozen server, without waiting for anybody who is connected."""
    folder = servers.HOUSE / "frozen" / database / "data"
    program = max(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))
    command = [program, "-D", folder, "-m", "immediate", "-w", "-t", "60", "-l", folder.parent / "log", "restart"]
    if os.geteuid() == 0:
        command = ["runuser", "-u", "postgres", "--", *command]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/")


CATCH_UP = """
import json
from datetime import timedelta
from odoo.addons.ops_handbook.tools import clock
for cron in ('ops_obligation_cron_generate', 'ops_reminder_cron', 'ops_obligation_cron_generate', 'ops_reminder_cron'):
    env.ref('ops_handbook.' + cron).method_direct_trigger()
    env.cr.commit()
company = env.ref('base.main_company')
days, today = company._ops_workdays(), clock.today('Asia/Shanghai')
span = range((today + timedelta(days=company.ops_horizon_days) - company.ops_start_date).days + 1)
print('DAYS', json.dumps([str(d) for d in (company.ops_start_date + timedelta(days=n) for n in span) if days.is_working(d)]))
"""


@pytest.mark.parametrize("gap", [3, 10, 40])
def test_jobs_off_for_days_send_one_message(busy, gap):
    """The jobs of days that were missed are caught up with: each person gets one mail, with each obligation once."""
    database = companies.copy(busy, f"{busy}_off{gap}")
    companies.shell(database, CATCH_UP)
    before = [tuple(row) for row in mailed(database)]
    sql(database, "DELETE FROM mail_mail")
    later = datetime.now(timezone.utc).replace(tzinfo=None) + timedelta(days=gap, hours=1)
    printed = companies.shell(database, CATCH_UP, **fake_time(seconds_ahead(later.isoformat(sep=" ", timespec="seconds"))))
    days = json.loads(re.search(r"DAYS (.*)", printed)[1])

    made = obligations(database)
    owed = {employee: [period for other, period, _due in made if other == employee] for employee, _period, _due in made}
    assert len(owed) >= WORKERS
    assert {len(periods) for periods in owed.values()} == {len(days)}, f"{len(days)} days"
    assert all(len(set(periods)) == len(periods) for periods in owed.values())
    mails = sql(database, """
        SELECT p.res_partner_id, count(*) FROM mail_mail m JOIN mail_mail_res_partner_rel p ON p.mail_mail_id = m.id
        GROUP BY 1 HAVING count(*) > 1""")
    assert mails == [], "somebody got more than one digest"
    lines = [tuple(row) for row in mailed(database)]
    assert lines and len(lines) == len(set(lines)), "an obligation stands twice in a digest"
    assert before
    sql("postgres", f'DROP DATABASE "{database}"')
