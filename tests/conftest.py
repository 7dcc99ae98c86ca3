"""Fixtures of the system tests: a real server, a real mail server, a real browser.

    def test_report(page, rpc, smtp_sink):
        employee = page("employee", lang="zh_CN", phone=True)
        employee.goto("/odoo")
"""

import itertools
import os

import pytest

from .support import browser as chromium
from .support import company as companies
from .support import server as servers
from .support.client import Client
from .support.mailbox import Mailbox
from .support.story import Story

RUN = f"ops_system_{os.getpid()}"


@pytest.fixture(scope="session")
def mailbox():
    box = Mailbox().start()
    yield box
    box.stop()


@pytest.fixture
def smtp_sink(mailbox):
    """The mail server that the server under test sends to, empty at the beginning of the test."""
    mailbox.clear()
    yield mailbox
    mailbox.clear()


@pytest.fixture(scope="session")
def new_database():
    """Factory: `new_database()` copies the demo database, `new_database("plain")` the one without demo data.

    `new_database("company")` copies the small company of support/company_setup.py, which is made once for a run;
    OPS_SYSTEM_COMPANY names a database that has it already.
    """
    names, counter = [], itertools.count(1)
    made = {"company": os.environ.get("OPS_SYSTEM_COMPANY")}

    def make(kind="demo"):
        names.append(f"{RUN}_{next(counter)}")
        if kind != "company":
            return servers.clone(kind, names[-1])
        if not made["company"]:
            made["company"] = companies.build(names[-1])
            names.append(f"{RUN}_{next(counter)}")
        return companies.copy(made["company"], names[-1])

    yield make
    for name in names:
        servers.drop(name)


@pytest.fixture(scope="session")
def new_server(new_database, mailbox):
    """Factory: `new_server(kind="demo", frozen="2026-09-30 10:00:00", cron=1, …)`; see support.server.Server."""
    running = []

    def start(kind="demo", database=None, **options):
        options.setdefault("smtp_port", mailbox.port)
        server = servers.Server(database or new_database(kind), **options)
        running.append(server)
        return server.start()

    yield start
    for server in running:
        server.stop()


@pytest.fixture(scope="session")
def server(new_server):
    """The server with the demo company that most tests share. Scheduled actions run only when a test runs them."""
    return new_server()


@pytest.fixture(scope="session")
def rpc(request):
    """Factory: `rpc("head").call(model, method, …)`; one session per login; `rpc("head", on=another_server)`."""
    sessions = {}

    def connect(login="admin", password=None, on=None):
        target = on or request.getfixturevalue("server")
        key = (target.url, login)
        if key not in sessions:
            sessions[key] = Client(target.url, target.database, login, password)
        return sessions[key]

    return connect


@pytest.fixture(scope="session")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        program = chromium.launch(playwright)
        yield program
        program.close()


@pytest.fixture
def page(browser, request):
    """Factory: `page("employee", lang="zh_CN", phone=True)`, `page()` for nobody, `page(…, on=another_server)`.

    The test fails when a page logged an error; a test that provokes one clears `page.errors`.
    """
    pages = []

    def open_page(login=None, lang=None, phone=False, on=None, timezone=None):
        server = on or request.getfixturevalue("server")
        client = Client(server.url, server.database, login) if login else None
        opened = chromium.open_page(browser, server, client, lang, phone, timezone)
        pages.append(opened)
        return opened

    yield open_page
    errors = [error for opened in pages for error in opened.errors]
    for opened in pages:
        opened.context.close()
    assert not errors, "\n".join(errors)


@pytest.fixture(scope="session")
def screenshot():
    """`screenshot(page, "my_work_zh_phone")` → .odoo/screens/my_work_zh_phone.png"""
    return chromium.screenshot


@pytest.fixture
def act(request, new_server, page, rpc, smtp_sink, screenshot):
    """Factory: `act(moment, before)` lets a story go on at another time, on the same database.

    What it returns is of the class that the module names in `STORY`, a `Story` where it names none.
    """
    kind = getattr(request.module, "STORY", Story)

    def begin(now, before=None):
        if before:
            assert not before.server.log_errors()
            before.ends()
        server = new_server("company", before and before.server.database, frozen=now)
        return kind(server, page, rpc, smtp_sink, screenshot)

    return begin
