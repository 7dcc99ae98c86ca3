"""Our own pages for everybody: axe-core finds nothing, nothing scrolls sideways, on phone and desktop, in both languages."""

import re

import pytest

from .support.browser import accessibility, scrolls_sideways, settle
from .support.people import photo
from .support.scenes import minuted
from .support.server import sql

SIZES = pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
LANGUAGES = pytest.mark.parametrize("lang", ["zh_CN", "en_US"])


@pytest.fixture(scope="module")
def company(new_server):
    return new_server("company")


@pytest.fixture(scope="module")
def problem(company, rpc):
    """An urgent report and a slight one: My work of operations shows both kinds of rows."""
    employee = rpc("employee", on=company)
    for name, level in (("叉车漏油", "1"), ("灯不亮", "3")):
        found = employee.call("ops.problem", "quick_report", {"name": name, "description": "见照片", "proposed_severity": level})
    return found["id"]


def check(page, within=None):
    assert not scrolls_sideways(page)
    assert accessibility(page, within) == []


@SIZES
@LANGUAGES
def test_my_work(company, page, problem, lang, phone):
    operations = page("operations", lang=lang, phone=phone, on=company)
    operations.goto("/odoo/my-work")
    operations.wait_for_selector(".o_ops_row")
    settle(operations)
    check(operations, ".o_ops_my_work")


@SIZES
@LANGUAGES
def test_cockpit(page, lang, phone):
    """On the demo company, where every figure stands for something."""
    manager = page("gm", lang=lang, phone=phone)
    manager.goto("/odoo/cockpit")
    manager.wait_for_selector(".o_ops_heat button")
    settle(manager)
    check(manager, ".o_ops_cockpit")


@SIZES
@LANGUAGES
def test_quick_report(company, page, problem, lang, phone):
    employee = page("employee", lang=lang, phone=phone, on=company)
    employee.goto("/odoo/report-problem")
    employee.wait_for_selector(".o_ops_send")
    check(employee, ".o_ops_quick")
    employee.locator(".o_ops_send button").click()  # with its complaints about what is missing
    employee.wait_for_selector(".invalid-feedback")
    employee.fill("#o_ops_quick_name", "叉车漏油")
    employee.set_input_files("input[name=gallery]", {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo()})
    employee.wait_for_selector(".o_ops_photo img")
    employee.locator(".o_ops_more").click()
    employee.wait_for_selector(".o_ops_similar")
    check(employee, ".o_ops_quick")
    employee.locator(".o_ops_send button").click()
    employee.wait_for_selector(".o_ops_quick_done")
    check(employee, ".o_ops_quick")


@SIZES
@LANGUAGES
def test_public_pages(company, page, rpc, lang, phone):
    sql(company.database, "DELETE FROM ops_rate_limit")
    action = rpc("employee", on=company).call("res.company", "action_ops_report_anonymously", [1])
    visitor = page(lang=lang, phone=phone, on=company)
    visitor.goto(action["url"])
    check(visitor)
    visitor.locator("summary").click()
    visitor.fill("#description", "地面湿滑")
    visitor.set_input_files("#photos", {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo()})
    check(visitor)
    visitor.locator("button[type=submit]").click()
    visitor.wait_for_selector("#link")
    check(visitor)
    link = visitor.input_value("#link")
    visitor.goto(link)
    check(visitor)
    number = visitor.locator(".number").inner_text().strip()
    sql(company.database, f"UPDATE ops_problem SET state = 'resolved', resolution = '已铺防滑垫' WHERE number = '{number}'")
    visitor.goto(link)
    visitor.wait_for_selector("input[name=effective]", state="attached")
    check(visitor)
    visitor.goto(re.sub(r"follow/[^?]+", "follow/" + "x" * 43, link))
    check(visitor)
    visitor.errors.clear()  # that a link is unknown is said by the status 404


@pytest.fixture(scope="module")
def meeting(company, rpc, mailbox):
    """A meeting that goes on: called, with two things on its agenda; and one whose minutes have gone out, with their links."""
    admin = rpc("admin", on=company)  # whose first login tells Odoo the address for links
    found = minuted(company, rpc)
    mailbox.clear()
    admin.run_cron("mail.ir_cron_mail_scheduler_action")
    mails = mailbox.to("head@company.example.com")
    return {**found, "links": [link for mail in mails for link in mailbox.links(mail) if "/ops/minutes/" in link]}


@SIZES
@LANGUAGES
def test_live_minutes(company, page, meeting, lang, phone, screenshot):
    """With names that are offered, a line that is refused, and one that is saved."""
    recorder = page("operations", lang=lang, phone=phone, on=company)
    recorder.goto(f"/odoo/ops-meetings/{meeting['called']}/ops-minutes")
    line = recorder.locator("#o_ops_line")
    line.wait_for()
    settle(recorder)
    check(recorder, ".o_ops_minutes")
    line.press_sequentially("试运行 @")
    recorder.wait_for_selector("#o_ops_offered li")
    check(recorder, ".o_ops_minutes")
    line.press("Enter")
    line.press_sequentially("+3wd")
    line.press("Enter")
    recorder.wait_for_selector(".o_ops_minutes_resolutions li:not(.o_ops_pending)")
    line.press_sequentially("安排 @没有这个人")
    recorder.wait_for_function("!document.querySelector('#o_ops_offered')")
    line.press("Enter")
    recorder.wait_for_selector(".o_ops_minutes_error")
    check(recorder, ".o_ops_minutes")
    screenshot(recorder, f"live_minutes_{lang}_{'phone' if phone else 'desktop'}")


@SIZES
@LANGUAGES
def test_answer_to_minutes(company, page, meeting, lang, phone, screenshot):
    sql(company.database, "DELETE FROM ops_rate_limit")
    visitor = page(lang=lang, phone=phone, on=company)
    visitor.goto(meeting["links"][1])
    check(visitor)
    visitor.fill("#remark", " ")
    visitor.locator("button[type=submit]").click()
    visitor.wait_for_selector("#error")
    check(visitor)
    screenshot(visitor, f"answer_{lang}_{'phone' if phone else 'desktop'}", full=True)
    visitor.goto(meeting["links"][0])
    visitor.locator("button[type=submit]").click()
    visitor.wait_for_selector(".message.success")
    check(visitor)
    visitor.errors.clear()  # that an objection says nothing is told by the status 422


@SIZES
def test_keyboard_alone(company, page, phone):
    """A report from the first field to the sent page without a pointer."""
    employee = page("employee", lang="zh_CN", phone=phone, on=company)
    employee.goto("/odoo/report-problem")
    employee.locator("#o_ops_quick_name").focus()
    employee.keyboard.type("门锁坏了")
    employee.keyboard.press("Tab")
    for _ in range(8):  # what is offered as similar stands between
        if employee.evaluate("document.activeElement.id") == "o_ops_quick_description":
            break
        employee.keyboard.press("Tab")
    employee.keyboard.type("钥匙插不进去")
    for _ in range(30):
        if employee.evaluate("document.activeElement.matches('.o_ops_send button')"):
            break
        employee.keyboard.press("Tab")
    employee.keyboard.press("Enter")
    employee.wait_for_selector(".o_ops_quick_done")
