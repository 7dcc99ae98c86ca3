"""Reports that come in without a login: by QR code on a phone, anonymously, by e-mail; and what must not come in."""

import random
import re
import xmlrpc.client
from concurrent.futures import ThreadPoolExecutor
from email.message import EmailMessage
from io import BytesIO

import pytest
import requests
from PIL import Image

from .support.browser import scrolls_sideways, settle, watch_requests
from .support.people import photo
from .support.server import sql

GUEST = "guest@visitor.example.com"


@pytest.fixture(scope="module")
def company(new_server):
    """A server of the company's own: these tests look at its log and at every table."""
    return new_server("company")


@pytest.fixture(autouse=True)
def _quiet_door(company):
    """Each test finds the doors as if nobody had used them for a minute."""
    sql(company.database, "DELETE FROM ops_rate_limit")


@pytest.fixture
def place(company, rpc):
    """The address behind the QR code of the workshop, as operations prints it."""
    operations = rpc("operations", on=company)
    [department] = operations.call("hr.department", "search", [("name", "=", "装配车间")])
    operations.call("hr.department", "action_ops_print_poster", [department])
    [found] = operations.call("hr.department", "read", [department], ["ops_report_url"])
    return found["ops_report_url"].replace(re.match(r"https?://[^/]+", found["ops_report_url"])[0], company.url)


def latest(company, rpc, *fields):
    return rpc("operations", on=company).call(
        "ops.problem", "search_read", [], [*fields, "state", "number"], limit=1, order="id desc")[0]


def solve(company, rpc, problem, round=1, note="已更换"):
    """What happens behind the door: accepted, handled, resolved."""
    operations, head = rpc("operations", on=company), rpc("head", on=company)
    if round == 1:
        [workshop] = operations.call("hr.department", "search", [("name", "=", "装配车间")])
        operations.call("ops.problem", "action_accept", [problem], severity="1", department_id=workshop)
        head.call("ops.problem", "action_start", [problem], "先停机")
    plan = head.call("ops.problem.plan", "create", {
        "problem_id": problem, "root_cause": "接头松动",
        "measure_ids": [(0, 0, {"name": "紧固接头", "owner_id": head.uid, "date_due": "2099-01-05"})],
    })
    head.call("ops.problem.plan", "action_submit", [plan])
    measures = head.call("ops.problem.measure", "search", [("plan_id", "=", plan)])
    head.call("ops.problem.measure", "action_done", measures, "已完成")
    head.call("ops.problem", "action_resolve", [problem], note)


def fill(page, **choices):
    """Fill the public form and send it; return its private link."""
    for name, text in choices.items():
        page.fill(f"#{name}", text)
    page.locator("label[for=level_1]").click()
    page.set_input_files("#photos", {"name": "IMG_20260930.jpg", "mimeType": "image/jpeg", "buffer": photo()})
    assert not scrolls_sideways(page)


def send(page):
    page.locator("button[type=submit]").click()
    page.wait_for_selector(".number")
    assert not scrolls_sideways(page)
    return page.input_value("#link")


def answer(page, link, effective, comment):
    page.goto(link)
    page.locator(f"label[for=effective_{effective}]").click()
    page.fill("#comment", comment)
    assert not scrolls_sideways(page)
    page.locator("button[type=submit]").click()
    page.wait_for_selector(".message.success")


def queue(company, rpc, smtp_sink):
    """Let the mail queue run and return what arrived."""
    rpc("admin", on=company).run_cron("mail.ir_cron_mail_scheduler_action")
    found, smtp_sink.messages[:] = list(smtp_sink.messages), []
    return found


def test_qr_code_without_login(company, page, rpc, smtp_sink, screenshot, place):
    """Somebody without an account: report with a photo on a phone, follow, not effective, effective, by mail and link."""
    visitor = page(on=company, phone=True, lang="zh_CN")
    visitor.goto(place)
    fill(visitor, description="卸货平台液压漏油，地面很滑。")
    visitor.fill("#contact_name", "访客")
    visitor.fill("#contact_phone", GUEST)
    screenshot(visitor, "door_1_form", full=True)
    link = send(visitor)
    screenshot(visitor, "door_2_sent", full=True)
    problem = latest(company, rpc, "channel", "is_anonymous", "author_id", "level", "photo_ids", "department_id", "contact")
    assert (problem["channel"], problem["is_anonymous"], problem["author_id"]) == ("qr", False, False)
    assert (problem["level"], problem["department_id"][1], len(problem["photo_ids"])) == ("1", "装配车间", 1)
    assert GUEST in problem["contact"]

    [received] = [mail for mail in queue(company, rpc, smtp_sink) if GUEST in mail.receivers]
    assert problem["number"] in received["Subject"]
    [mailed] = [found for found in smtp_sink.links(received) if "/ops/follow/" in found]
    assert mailed.partition("/ops/")[2] == link.partition("/ops/")[2]

    visitor.goto(link)
    screenshot(visitor, "door_3_follow", full=True)
    solve(company, rpc, problem["id"])
    answer(visitor, link, "no", "还在漏")
    assert latest(company, rpc)["state"] == "handling"
    solve(company, rpc, problem["id"], round=2, note="更换密封圈")
    visitor.goto(link)
    assert "更换密封圈" in visitor.locator("main").inner_text()
    screenshot(visitor, "door_4_verify", full=True)
    answer(visitor, link, "yes", "不漏了")
    screenshot(visitor, "door_5_closed", full=True)
    assert latest(company, rpc)["state"] == "closed"
    told = [mail["Subject"] for mail in queue(company, rpc, smtp_sink) if GUEST in mail.receivers]
    assert len(told) == 4, told  # accepted, resolved, resolved again, closed
    assert not company.log_errors()


def test_anonymous_leaves_no_trace(company, page, rpc, smtp_sink, screenshot):
    """Somebody who is logged in reports anonymously from the quick form, follows and verifies: no table knows who."""
    employee = page("employee", on=company, phone=True)
    employee.goto("/odoo/report-problem")
    settle(employee)
    with employee.context.expect_page() as opened:
        employee.locator(".o_ops_quick_head button").click()
    door = opened.value
    watch_requests(door)
    door.wait_for_selector("#description")
    employee.goto("about:blank")  # the web client itself notes who is online
    for login in ("operations", "head", "admin"):  # those who handle it are noted with this address too
        rpc(login, on=company).call("res.users", "context_get")
    before = traces(company, rpc)

    fill(door, description="夜班有人把联锁短接。")
    link = send(door)
    problem = latest(company, rpc, "is_anonymous", "author_id", "photo_ids", "create_uid", "department_id", "message_follower_ids")
    assert problem["is_anonymous"] and not problem["author_id"] and not problem["department_id"]
    assert not problem["message_follower_ids"]
    assert problem["create_uid"][0] == 1
    content = rpc("operations", on=company).get(f"/web/content/{problem['photo_ids'][0]}").content
    assert not Image.open(BytesIO(content)).getexif()
    solve(company, rpc, problem["id"])
    answer(door, link, "no", "还是这样")
    solve(company, rpc, problem["id"], round=2)
    answer(door, link, "yes", "好了")
    assert latest(company, rpc)["state"] == "closed"
    screenshot(door, "door_6_anonymous_closed", full=True)

    after = traces(company, rpc)
    grown = {place: count for place, count in after.items() if count > before.get(place, 0)}
    assert not grown, grown
    assert not [mail for mail in queue(company, rpc, smtp_sink) if "employee" in str(mail.receivers)]
    token = link.split("/ops/follow/")[1].split("?")[0]
    assert not holding(company, [token]), "the private link is stored in clear"


def traces(company, rpc):
    """How often each table names the employee: dict (table, how) → rows."""
    [user] = sql(company.database, """
        SELECT u.id, u.partner_id, e.id, e.resource_id FROM res_users u JOIN hr_employee e ON e.user_id = u.id
        WHERE login = 'employee'""")
    ids = dict(zip(("res_users", "res_partner", "hr_employee", "resource_resource"), user, strict=True))
    found = holding(company, ["employee@company.example.com", "李小红", "127.0.0.1", "HeadlessChrome", "Phone of Li"])
    columns = sql(company.database, """
        SELECT c.conrelid::regclass, a.attname, c.confrelid::regclass FROM pg_constraint c
        JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1] WHERE c.contype = 'f'""")
    personal = [(table, column, ids[target]) for table, column, target in columns if target in ids]
    counts = sql(company.database, " UNION ALL ".join(
        f"SELECT '{table}', '{column}', count(*) FROM {table} WHERE \"{column}\" = {value}" for table, column, value in personal))
    # what a follower, a tracking value or an activity is about has no foreign key
    return {**found, **{(table, column): int(count) for table, column, count in counts}}


def holding(company, needles):
    """Rows that hold one of these texts in any column, whatever its type: dict (table, "text") → rows.

    The address of the server, which links in mails begin with, is that of the client here; it is not counted.
    """
    tables = sql(company.database, """
        SELECT quote_ident(table_name) FROM information_schema.tables
        WHERE table_schema = 'public' AND table_type = 'BASE TABLE'""")
    condition = " OR ".join(f"strpos(replace(r::text, '//127.0.0.1:', ''), '{needle}') > 0 OR strpos(r::text, encode('{needle}', 'hex')) > 0" for needle in needles)
    found = {}
    for start in range(0, len(tables), 50):
        counts = sql(company.database, " UNION ALL ".join(
            f"SELECT '{table}', count(*) FROM {table} r WHERE {condition}" for [table] in tables[start:start + 50]))
        found |= {(table, "text"): int(count) for table, count in counts if int(count)}
    return found


def test_a_thousand_posts_are_slowed(company, rpc, place):
    """One sender: ten posts a minute are served, all others told to wait; nothing is filed twice, nobody else suffers."""
    session = requests.Session()
    session.trust_env = False

    def token():
        return re.search(r'name="form_token" value="([^"]+)"', session.get(place, timeout=60).text)[1]

    tokens = [token() for _ in range(30)]
    count = "SELECT count(*) FROM ops_problem"
    before = int(sql(company.database, count)[0][0])

    def post(number):
        return session.post(place, data={"form_token": tokens[number % 30], "description": f"刷单 {number}"}, timeout=60)

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(post, range(1000)))
    served = [answer for answer in answers if answer.status_code == 200]
    slowed = [answer for answer in answers if answer.status_code == 429]
    took = sum(answer.elapsed.total_seconds() for answer in answers) / 4
    others = [answer for answer in answers if answer.status_code not in (200, 429)]
    assert not others, [re.findall(r'(?s)role="alert"[^>]*>(.*?)<', answer.text) or answer.text for answer in others]
    assert len(served) <= 10 * (1 + took // 60), f"{len(served)} served in {took:.0f} s"
    assert all(1 <= int(answer.headers["Retry-After"]) <= 60 for answer in slowed)
    assert "秒" in requests.post(place, timeout=60, headers={"Accept-Language": "zh-CN"}).text
    assert int(sql(company.database, count)[0][0]) - before <= len(served)
    assert session.get(f"{company.url}/web/login", timeout=60).ok
    assert not company.log_errors()


# -- e-mail --------------------------------------------------------------------------------------------------------

ADDRESS = "wenti@company.example.com"


@pytest.fixture
def gateway(company, rpc):
    """What Odoo's mail gate does with an e-mail: XML-RPC to `message_process`. Returns the reports that came of it."""
    admin = rpc("admin", on=company)
    [own] = admin.call("res.company", "search", [])
    if not admin.call("mail.alias.domain", "search", []):
        domain = admin.call("mail.alias.domain", "create", {"name": "company.example.com"})
        admin.call("res.company", "write", [own], {"alias_domain_id": domain})
    settings = admin.call("res.config.settings", "create", {"ops_problem_alias_name": "wenti"})
    admin.call("res.config.settings", "execute", [settings])
    server = xmlrpc.client.ServerProxy(f"{company.url}/xmlrpc/2/object", allow_none=True)

    def deliver(raw):
        known = {number for [number] in sql(company.database, "SELECT id FROM ops_problem")}
        server.execute_kw(
            company.database, admin.uid, "admin", "mail.thread", "message_process", [False, xmlrpc.client.Binary(bytes(raw))], {})
        return [int(number) for [number] in sql(company.database, "SELECT id FROM ops_problem ORDER BY id") if number not in known]

    return deliver


def mail(sender, subject="叉车刹车异响", text="二号叉车刹车有异响，请检查。", message_id=None, attachments=()):
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, ADDRESS, subject
    message["Message-Id"] = message_id or f"<{random.random()}@mail.example.com>"
    message.set_content(text)
    for name, content, maintype, subtype in attachments:
        message.add_attachment(content, maintype=maintype, subtype=subtype, filename=name)
    return bytes(message)


def test_mail_from_an_employee_with_photo(company, rpc, gateway, smtp_sink):
    [problem] = gateway(mail("李小红 <employee@company.example.com>", attachments=[("现场.jpg", photo(), "image", "jpeg")]))
    found = latest(company, rpc, "name", "description", "author_id", "channel", "photo_ids", "contact", "message_attachment_count")
    assert (found["id"], found["state"], found["channel"]) == (problem, "new", "email")
    assert (found["name"], found["author_id"][1], found["contact"]) == ("叉车刹车异响", "李小红", False)
    assert "请检查" in found["description"] and len(found["photo_ids"]) == 1
    assert [mail for mail in queue(company, rpc, smtp_sink) if "employee@company.example.com" in mail.receivers]


def test_mail_from_a_stranger_gets_a_private_link(company, rpc, gateway, smtp_sink, page):
    [problem] = gateway(mail(f"Besucher <{GUEST}>"))
    found = latest(company, rpc, "author_id", "contact", "number")
    assert not found["author_id"] and GUEST in found["contact"]
    [received] = [mail for mail in queue(company, rpc, smtp_sink) if GUEST in mail.receivers]
    [link] = [link for link in smtp_sink.links(received) if "/ops/follow/" in link]
    visitor = page(on=company, phone=True, lang="zh_CN")
    visitor.goto(link)
    assert found["number"] in visitor.locator("main").inner_text()


def test_mail_twice_is_filed_once(gateway):
    raw = mail(GUEST, message_id="<twice@mail.example.com>")
    assert len(gateway(raw)) == 1
    assert gateway(raw) == []


def test_mail_with_30_megabytes(company, rpc, gateway):
    content = random.Random(1).randbytes(30 * 1024**2)
    [problem] = gateway(mail(GUEST, attachments=[("录像.mp4", content, "video", "mp4")]))
    [size] = sql(company.database, f"SELECT file_size FROM ir_attachment WHERE res_model = 'ops.problem' AND res_id = {problem} AND name = '录像.mp4'")
    assert size == [str(len(content))]


def garbage():
    """E-mails that break parsers, in their own way each."""
    chaos = random.Random(2)
    head = f"From: {GUEST}\r\nTo: {ADDRESS}\r\n".encode()
    yield b""
    yield chaos.randbytes(4000)
    yield head
    yield head + b"\r\n" + chaos.randbytes(4000)
    yield head + "Subject: 乱码 ".encode("gb18030") + b"\r\n\r\n" + "没有声明编码".encode("gb18030")
    yield head + b"Subject: =?utf-8?B?!!!?= =?x-unknown?Q?=ff=fe?=\r\nContent-Type: text/plain; charset=x-unknown\r\n\r\n\xff\xfe"
    yield head + b"Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\nContent-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n"
    yield head + b"Content-Type: image/jpeg; name=\"../../../etc/passwd\"\r\nContent-Transfer-Encoding: base64\r\n\r\n%%%%"
    yield head + b"Subject: nul\x00nul\r\nContent-Type: text/html\r\n\r\n<p>a\x00b</p><script>alert(1)</script>"
    yield head + b"Subject: " + b"x" * 200_000 + b"\r\n\r\nlong"
    yield f"From: =?broken\r\nTo: {ADDRESS}\r\nDate: yesterday\r\nReferences: <>\r\nSubject: date\r\n\r\ndate".encode()
    yield f"From: \r\nTo: {ADDRESS}\r\nSubject: nobody\r\n\r\nnobody".encode()


def test_garbage_loses_and_doubles_nothing(company, gateway):
    for number, raw in enumerate(garbage()):
        found = gateway(raw)
        assert len(found) == 1, f"garbage {number}: {len(found)} reports"
    assert not company.log_errors()
    assert "Traceback" not in company.log()


def test_machines_open_no_report(gateway):
    """An absence note may not become a problem, and so answer itself for ever."""
    raw = mail(GUEST, subject="自动回复").replace(b"Subject:", b"Auto-Submitted: auto-replied\r\nSubject:", 1)
    assert gateway(raw) == []
