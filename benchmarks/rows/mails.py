"""Reminders: queueing, sending, and the whole run."""

import contextlib
import smtplib
import socket
import statistics
import subprocess
import sys
import time
from datetime import datetime, timedelta
from email.message import EmailMessage

from ..harness import Result, row
from .engine import OPTIONS

PEOPLE = 500
MAILS = 1_000
STEPS = 10_000
BODY = """<p>Dear <t t-out="object.responsible_id.name"/>,</p><p><t t-out="object.display_name"/> is due.</p>
<p><t t-out="object.standard_id.code"/> <t t-out="object.standard_id.name"/></p>
<p><a t-att-href="'/odoo/ops.obligation/%s' % object.id">Open</a></p>"""


def crowd(bench):
    """Return the ids of 500 people with mail addresses; made once, and kept."""
    if "crowd" not in bench.cache:
        with bench.env(commit=True) as env:
            env["res.company"].search([]).ops_started = False
            env.company.write({"ops_started": True, "ops_start_date": "2020-01-01", "email": "bench@example.com"})
            users = env["res.users"].with_context(**OPTIONS).create([
                {"name": f"Person {index}", "login": f"person.{index}", "email": f"person.{index}@example.com",
                 "company_id": env.company.id, "company_ids": [(6, 0, env.company.ids)], "tz": "UTC"}
                for index in range(PEOPLE)
            ])
            env["ops.obligation"].search([]).sudo().unlink()
            bench.cache["crowd"] = users.ids
    return bench.cache["crowd"]


def owe(env, users, count, due, next_step):
    """Let `users` owe `count` obligations of one standard, due at `due`, whose next step is at `next_step`."""
    standard = env["ops.standard"].search([("code", "=", "I5")])
    owed = env["ops.obligation"]._insert([
        {
            "standard_id": standard.id, "code": standard.code, "process": standard.process, "company_id": env.company.id,
            "role": "head", "responsible_id": users[index % len(users)], "period": f"bench-{index}",
            "name": f"Bench {index}", "date_start": due - timedelta(days=20), "date_due": due, "date_original": due,
        }
        for index in range(count)
    ])
    env.cr.execute("UPDATE ops_obligation SET date_next_step = %s WHERE id IN %s", [next_step, tuple(owed.ids)])
    env.invalidate_all()
    return owed


def notices(env, owed):
    """Return one urgent notice for each obligation, so that each gives one mail."""
    from odoo.addons.ops_handbook.models.deadline.ops_obligation_notice import Notice

    return [
        Notice(line_id=0, user_id=item.responsible_id.id, on_behalf_id=None, is_copy=False, urgent=True, reminder_id=0,
               obligation_id=item.id, step_id=None, channel="digest", letter_number=0, valid=True, present=True)
        for item in owed
    ]


@row
def mail_queue(bench):
    """Queue 1,000 reminder mails, beside send_mail_batch of a template with the same words."""
    users, now = crowd(bench), datetime(2026, 11, 4, 3)

    def ours(env):
        owed = owe(env, users, MAILS, now, now)
        told = notices(env, owed)
        env.invalidate_all()
        return lambda: env["ops.obligation"]._queue_mails(told)

    def peer(env):
        owed = owe(env, users, MAILS, now, now)
        template = env["mail.template"].create({
            "name": "Bench", "model_id": env["ir.model"]._get_id("ops.obligation"), "subject": "{{ object.display_name }}",
            "body_html": BODY, "partner_to": "{{ object.responsible_id.partner_id.id }}", "use_default_to": False,
        })
        env.invalidate_all()
        return lambda: template.send_mail_batch(owed.ids)

    mine, theirs, statements = bench.pair(ours, peer)
    return Result("mail_queue", mine / theirs, 0.25, f"{mine * 1000:.0f} ms / {theirs * 1000:.0f} ms, {statements} SQL")


@contextlib.contextmanager
def mail_server():
    """Run a mail server of its own process that throws everything away; yield its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "aiosmtpd", "-n", "-l", f"127.0.0.1:{port}", "-c", "aiosmtpd.handlers.Sink"])
    try:
        for _try in range(100):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait()


@row
def mail_send(bench):
    """Drain the queue of reminder mails, beside smtplib sending as many on one connection."""
    from odoo.tools import config

    users, now = crowd(bench), datetime(2026, 11, 4, 3)
    mine, theirs = [], []
    with mail_server() as port:
        config["smtp_server"], config["smtp_port"] = "127.0.0.1", port
        for _turn in range(bench.repeat):
            with bench.env(commit=True) as env:
                owed = owe(env, users, MAILS, now, now)
                env["mail.mail"].search([]).unlink()
                env["ops.obligation"]._queue_mails(notices(env, owed))
                env.cr.commit()
                start = time.perf_counter()
                env["mail.mail"].process_email_queue()
                mine.append(time.perf_counter() - start)
                sent = env["mail.mail"].search([("ops_notice", "=", True)])
                assert len(sent) == MAILS and set(sent.mapped("state")) == {"sent"}, sent.mapped("failure_reason")[:1]
                body = str(sent[0].body_html)
                sent.unlink()
                owed.unlink()
            theirs.append(raw_send(port, body))
    ours, peer = statistics.median(mine), statistics.median(theirs)
    return Result("mail_send", ours / peer, 5.5, f"{ours / MAILS * 1000:.2f} ms / {peer / MAILS * 1000:.2f} ms a mail")


def raw_send(port, body):
    start = time.perf_counter()
    with smtplib.SMTP("127.0.0.1", port) as server:
        for index in range(MAILS):
            message = EmailMessage()
            message["Subject"], message["From"] = "Bench", "bench@example.com"
            message["To"] = f"person.{index}@example.com"
            message.set_content("Bench")
            message.add_alternative(body, subtype="html")
            server.send_message(message)
    return time.perf_counter() - start


@row
def remind_run(bench):
    """10,000 due steps of 500 people, digests included, beside a loop of activity_schedule and send_mail."""
    from odoo.addons.ops_handbook.tools import clock

    users, sample = crowd(bench), 100
    # Wednesday at work; due three working days later, so that the first step of the ladder has just come
    now, due = datetime(2026, 11, 4, 10), datetime(2026, 11, 9, 15, 59, 59)
    with bench.env(commit=True) as env:
        owed = owe(env, users, STEPS, due, now - timedelta(minutes=5))
        env["mail.mail"].search([]).unlink()
        env.cr.commit()
        statements, start = env.cr.sql_log_count, time.perf_counter()
        with clock.frozen(now):
            env["ops.obligation"]._cron_remind()
        mine = time.perf_counter() - start
        statements = env.cr.sql_log_count - statements
        logged = env["ops.obligation.reminder"].search_count([("obligation_id", "in", owed.ids), ("state", "=", "sent")])
        mails = env["mail.mail"].search([("ops_notice", "=", True)])
        mail_count = len(mails)
        mails.unlink()
        theirs = loop(env, owed[:sample]) * STEPS / sample
        env["ops.obligation.reminder"].sudo().search([]).unlink()
        owed.unlink()
    result = Result("remind_run", mine / theirs, 1 / 20,
                    f"{mine:.1f} s / {theirs:.0f} s (from {sample}), {mail_count} mails, {statements} SQL")
    if logged < STEPS:
        result.failures.append(f"only {logged} steps sent")
    if mail_count > PEOPLE:
        result.failures.append("more than one mail a person")
    return result


def loop(env, owed):
    template = env["mail.template"].create({
        "name": "Bench", "model_id": env["ir.model"]._get_id("ops.obligation"), "subject": "{{ object.display_name }}",
        "body_html": BODY, "partner_to": "{{ object.responsible_id.partner_id.id }}", "use_default_to": False,
    })
    start = time.perf_counter()
    for item in owed:
        item.activity_schedule("mail.mail_activity_data_todo", user_id=item.responsible_id.id)
        template.send_mail(item.id)
    env.flush_all()
    return time.perf_counter() - start
