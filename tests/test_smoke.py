"""The ground under all other system tests: somebody signs in, and the application opens without an error."""

import pytest

from .support.browser import scrolls_sideways, settle
from .support.client import Client
from .support.server import sql


def test_server_answers(rpc):
    client = rpc("admin")
    [module] = client.call("ir.module.module", "search_read", [("name", "=", "ops_handbook")], ["state"])
    assert module["state"] == "installed"


def test_mail_reaches_the_sink(rpc, smtp_sink):
    client = rpc("admin")
    mail = client.call("mail.mail", "create", {
        "subject": "Probe", "body_html": '<a href="http://localhost/x">x</a>', "email_to": "probe@example.com"})
    client.call("mail.mail", "send", [mail])
    [message] = smtp_sink.wait(to="probe@example.com")
    assert message["Subject"] == "Probe"
    assert smtp_sink.links(message) == ["http://localhost/x"]


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_web_client_opens(page, screenshot, phone):
    admin = page("admin", phone=phone)
    admin.goto("/odoo")
    admin.wait_for_selector(".o_web_client .o_main_navbar")
    settle(admin)
    assert not scrolls_sideways(admin)
    screenshot(admin, f"smoke_{'phone' if phone else 'desktop'}")


def test_log_in_by_hand(page):
    visitor = page()
    visitor.goto("/web/login")
    visitor.fill("input[name=login]", "admin")
    visitor.fill("input[name=password]", "admin")
    visitor.click("button[type=submit]")
    visitor.wait_for_selector(".o_main_navbar")


@pytest.mark.full
def test_frozen_server(new_server, page):
    """Odoo, PostgreSQL and the browser agree that it is the eve of the Spring Festival."""
    server = new_server("plain", frozen="2026-02-13 08:00:00", frozen_postgres=True)
    client = Client(server.url, server.database, "admin")
    partner = client.call("res.partner", "create", {"name": "Probe"})
    [record] = client.call("res.partner", "read", [partner], ["create_date"])
    assert record["create_date"].startswith("2026-02-13 08:")
    assert sql(server.database, "SELECT now()::date", host=server.pghost) == [["2026-02-13"]]
    admin = page("admin", on=server)
    admin.goto("/odoo")
    admin.wait_for_selector(".o_main_navbar")
    assert admin.evaluate("new Date().toISOString()").startswith("2026-02-13T08:")
    settle(admin)
