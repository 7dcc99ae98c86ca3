"""Chat bots with workers that compete and die: nothing is lost, and twice comes only what was on its way at the moment of death."""

import importlib.util
import os
import random
import signal
import subprocess
import time
from collections import Counter
from pathlib import Path

import pytest

from .support import company as companies
from .support import server as servers
from .support.server import sql

FILE = Path(__file__).parents[1] / "ops_handbook" / "tests" / "chat_service.py"
BOTS, EACH = 12, 12  # below what a service takes in a minute

SETUP = """
import os
from odoo.addons.ops_handbook.models.deadline.ops_obligation_notice import Notice
company = env["res.company"].search([("ops_started", "=", True)], limit=1)
env["ir.config_parameter"].set_param("ops_handbook.chat_hosts", os.environ["CHAT_HOST"])
bots = env["ops.chat.bot"].create([
    {"name": f"bot {number}", "service": "wecom", "company_id": company.id, "webhook": os.environ["CHAT_URL"]}
    for number in range(int(os.environ["CHAT_BOTS"]))
])
problems = env["ops.problem"].sudo()._report([
    {"name": f"n° {number}", "description": "x", "company_id": company.id} for number in range(int(os.environ["CHAT_EACH"]))
])
items = env["ops.obligation"].sudo().search([("source_model", "=", "ops.problem"), ("source_id", "in", problems.ids), ("code", "=", "I1")])
user = env["res.users"].search([("login", "=", "head")], limit=1)
assert len(items) == int(os.environ["CHAT_EACH"]) and user, (items, user)
notices = [Notice(0, user.id, None, False, True, 0, item.id, None, "bot", 0, True, True) for item in items]
env["ops.chat.message"].sudo()._queue(notices, {item.id: bots for item in items})
env.cr.commit()
"""
WORK = "env['ops.chat.message']._cron_send(); env.cr.commit()"


@pytest.fixture(scope="module")
def service():
    spec = importlib.util.spec_from_file_location("ops_chat_service", FILE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    running = module.ChatService()
    yield running
    running.stop()


@pytest.fixture
def queue(new_database, service):
    name = new_database("company")
    service.clear()
    companies.shell(
        name, SETUP, CHAT_HOST=service.host, CHAT_URL=service.url("wecom"), CHAT_BOTS=str(BOTS), CHAT_EACH=str(EACH),
    )
    assert sql(name, "SELECT count(*) FROM ops_chat_message WHERE state = 'waiting'") == [[str(BOTS * EACH)]]
    return name


def worker(database, service):
    """Start a process that sends; nothing is switched off: it trusts the service's certificate."""
    odoo = os.environ.get("ODOO_BIN") or str(servers.HOUSE / "venv" / "bin" / "odoo")
    process = subprocess.Popen(
        [odoo, "shell", "-c", str(servers.HOUSE / "odoo.conf"), "-d", database, "--no-http", "--max-cron-threads", "0", "--log-level", "warn"],
        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, text=True, cwd=servers.CHECKOUT,
        env={**os.environ, "REQUESTS_CA_BUNDLE": service.certificate}, start_new_session=True,
    )
    process.stdin.write(WORK)
    process.stdin.close()
    return process


def arrived(service):
    """How often each text arrived."""
    return Counter(body[body["msgtype"]]["content"] for _name, body in service.taken)


def states(database):
    return dict(sql(database, "SELECT state, count(*) FROM ops_chat_message GROUP BY 1"))


def test_two_workers_post_each_message_once(queue, service):
    for process in [worker(queue, service) for _ in range(2)]:
        assert process.wait(120) == 0
    assert states(queue) == {"sent": str(BOTS * EACH)}
    assert set(arrived(service).values()) == {BOTS}, "each bot said each thing once"
    assert len(service.requests) == BOTS * EACH


def test_killed_workers_lose_nothing(queue, service):
    kills, chance = 0, random.Random(7)
    while kills < 5:
        process, before = worker(queue, service), len(service.requests)
        end = time.monotonic() + 60
        while len(service.requests) < before + chance.randrange(1, 20) and process.poll() is None and time.monotonic() < end:
            time.sleep(0.002)
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        kills += 1
    process = worker(queue, service)
    assert process.wait(120) == 0
    assert states(queue) == {"sent": str(BOTS * EACH)}
    counts = arrived(service)
    assert len(counts) == EACH and min(counts.values()) >= BOTS, "nothing is lost"
    assert len(service.requests) <= BOTS * EACH + kills, "at most one comes twice for each worker that was killed"
