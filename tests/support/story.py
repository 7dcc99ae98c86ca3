"""A story: real people at real screens on a server of which the clock is set, and every mail that they get."""

import re
from datetime import datetime
from urllib.parse import urlsplit

from .browser import settle
from .people import Person
from .server import sql
from .words import english_words, plain

CLOCK = ["date_start", "date_due", "date_original", "date_done", "state", "on_time", "result", "urgent", "responsible_id", "role",
         "done_by_id", "source_model", "source_id", "form_model", "form_id", "department_id", "period", "name"]


def moment(text):
    return datetime.fromisoformat(text)


class Story:
    """The server of one act, the people, and what the records say."""

    def __init__(self, server, page, rpc, mailbox, screenshot):
        self.server, self.page, self.rpc, self.mailbox, self.screenshot = server, page, rpc, mailbox, screenshot
        self.admin = rpc("admin", on=server)
        self.office = rpc("operations", on=server)  # may read all of the company, which the administrator may not
        self.people = {}

    def person(self, login, phone=False):
        """Somebody at a screen, and at that screen for the rest of the act."""
        if login not in self.people:
            self.people[login] = Person(self.page(login, phone=phone, on=self.server))
        return self.people[login]

    def ends(self):
        """The act is over: people close their browsers, the server stops."""
        for person in self.people.values():
            person.page.context.close()
        self.server.stop()

    def clocks(self, code, *domain):
        """The obligations of a standard, in the order of their due times."""
        return self.office.call("ops.obligation", "search_read", [("code", "=", code), *domain], CLOCK, order="date_due, id")

    def clock(self, code, *domain):
        [found] = self.clocks(code, *domain)
        return found

    def one(self, model, domain, *fields):
        """The one record of a model that matches, as operations read it."""
        [found] = self.office.call(model, "search_read", list(domain), list(fields))
        return found

    def mails(self, *crons):
        """Let the reminders and the mail queue run, and return what arrived since the last time."""
        for cron in (*crons, "ops_handbook.ops_reminder_cron", "mail.ir_cron_mail_scheduler_action"):
            self.admin.run_cron(cron)
        waiting = sql(self.server.database, """
            SELECT subject, failure_reason FROM mail_mail m JOIN mail_message g ON g.id = mail_message_id
            WHERE state NOT IN ('sent', 'cancel')""")
        assert not waiting, waiting
        found, self.mailbox.messages[:] = list(self.mailbox.messages), []
        return found


def receivers(mails):
    """How many mails each person got: dict login → number."""
    found = {}
    for mail in mails:
        for address in mail.receivers:
            login = address.split("@")[0]
            found[login] = found.get(login, 0) + 1
    return found


def subjects(mails):
    return [(mail.receivers, mail["Subject"]) for mail in mails]


def reads_chinese(story, mail):
    """The mail is in Chinese, from the subject to the last line."""
    body = story.mailbox.html(mail)
    assert english_words(mail["Subject"]) == [], mail["Subject"]
    assert english_words(plain(body)) == [], plain(body)


def links_of(story, mail):
    """The links of a mail into the application; all lead to this server."""
    found = [link for link in story.mailbox.links(mail) if "/odoo/" in link]
    for link in found:
        assert link.startswith(f"{story.server.url}/odoo/"), link
    return found


def opens(story, login, link):
    """The link leads to a record that its receiver may read: asked of the server, as the web client does."""
    found = re.fullmatch(r"/odoo/([\w.-]+)/(\d+)", urlsplit(link).path)
    if not found:  # a screen without a record: My work
        assert story.rpc(login, on=story.server).get(urlsplit(link).path).status_code == 200, link
        return None
    path, record = found[1], int(found[2])
    client, model = story.rpc(login, on=story.server), path
    if "." not in path:
        model = client.json("/web/action/load", action_id=path)["res_model"]
    [values] = client.call(model, "read", [record], ["display_name"])
    return model, record, values["display_name"]


def follow_link(story, login, link, shows):
    """Open the link of a mail: in each act once as somebody who has to log in first, then as one who is logged in."""
    if login in story.people:
        page = story.people[login].page
        page.goto(link)
    else:
        page = story.page(on=story.server, phone=login == "employee")
        page.goto(link)
        page.fill("input[name=login]", login)
        page.fill("input[name=password]", login)
        page.locator("form.oe_login_form button[type=submit]").click()
        story.people[login] = Person(page)
    page.wait_for_selector(".o_form_view .o_field_widget")
    settle(page)
    shown = page.locator(".o_form_view").inner_text() + page.evaluate(
        "[...document.querySelectorAll('.o_form_view input, .o_form_view textarea')].map(field => field.value).join(' ')")
    assert shows in shown, f"{link} does not open {shows}"
