"""A workshop asks two departments for help; what becomes of it until the third letter, by its people at their screens.

It begins on Monday 12 October 2026, ten o'clock in Shanghai. The kick-off is held on Tuesday, the brief is written on Friday,
the day on which two of its four resolutions are due; for one of them letters go out on the 19th, the 22nd and the 27th.
"""

import re
from datetime import datetime, timedelta

from .support.browser import scrolls_sideways, settle
from .support.people import Person
from .support.scenes import without_handbook
from .support.story import follow_link, links_of, moment, opens, reads_chinese, receivers, subjects
from .support.words import plain

REQUEST, KICKOFF, BRIEF = "2026-10-12 02:00:00", "2026-10-13 02:20:00", "2026-10-16 08:00:00"
LETTERS = ("2026-10-19 02:00:00", "2026-10-22 02:00:00", "2026-10-27 02:00:00")
MATTER, LATE = "进口轴承交期提前两周", "确认轴承供应商交期"
MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = (datetime(2026, 10, day, 15, 59, 59) for day in range(12, 17))  # 24 o'clock
EVERYBODY = {"head": 1, "seller": 1, "buyer": 1, "operations": 1}  # who attends the kick-off


def test_collaboration_from_request_to_third_letter(act):
    story = act(REQUEST)
    prepare(story)
    ask_for_help(story)
    answer_and_decide(story)
    plan_and_call(story)
    story = act(KICKOFF, story)
    write_minutes(story)
    object_by_link(story)
    correct_minutes(story)
    story = act(BRIEF, story)
    file_brief(story)
    finish_in_time(story)
    for level, now in enumerate(LETTERS, 1):
        story = act(now, story)
        letter(story, level)
    finish_late(story)
    check_log(story)
    assert not story.server.log_errors()


def prepare(story):
    """Two more people, and nothing but this process: whatever else is due would be reminded of too."""
    admin = story.admin
    without_handbook(admin)
    others = admin.call("ops.standard", "search", [("process", "in", ("annual", "monthly", "improvement"))])
    admin.call("ops.standard", "write", others, {"active": False})
    admin.call("res.company", "write", [1], {"ops_start_date": "2026-10-12"})
    [sales] = admin.call("hr.department", "search", [("name", "=", "市场营销部")])
    purchase = admin.call("hr.department", "create", {"name": "采购部"})
    buyer, seller = (employ(admin, *person) for person in (("buyer", "吴磊", purchase), ("seller", "钱芳", sales)))
    admin.call("hr.department", "write", [purchase], {"manager_id": buyer})
    assert seller
    # the liaison to be has no time on Tuesday before ten
    story.rpc("seller", on=story.server).call("calendar.event", "create", {
        "name": "客户来访", "start": "2026-10-13 01:00:00", "stop": "2026-10-13 02:00:00"})


def employ(admin, login, name, department):
    user = admin.call("res.users", "create", {
        "name": name, "login": login, "password": login, "email": f"{login}@company.example.com", "lang": "zh_CN",
        "tz": "Asia/Shanghai"}, context={"no_reset_password": True})
    return admin.call("hr.employee", "create", {
        "name": name, "user_id": user, "department_id": department, "work_email": f"{login}@company.example.com"})


def ask_for_help(story):
    """C1 and K1 start when the head hands in the request: two working days, one working day."""
    head = story.person("head")
    head.goes_to("/odoo/ops-collaborations/new")
    head.writes("name", MATTER)
    head.writes_date("date_expected", "2026-11-30")
    head.chooses("lead_department_id", "装配车间")
    head.writes("background", "主轴承进口周期八周，新产线十二月投产。")
    head.writes("goal", "十一月底前轴承到货并完成试装")
    head.writes("deliverable_standard", "首批四十套入库，试装合格")
    head.opens_tab("parties")
    for department, request in (("市场营销部", "与客户确认新的交付计划"), ("采购部", "联系第二家供应商，缩短交期")):
        row = head.adds_row("party_ids")
        head.chooses_in(row, "department_id", department)
        row.locator("[name=request] textarea, [name=request] input").first.fill(request)
    head.saves()
    story.screenshot(head.page, "collaboration_1_request")
    head.presses("action_submit")
    assert head.state() == "submitted"

    request = story.one("ops.collaboration", [("name", "=", MATTER)], "number", "submitted_on", "state")
    assert request["state"] == "submitted"
    submitted = moment(request["submitted_on"])
    kickoff = story.clock("C1")
    assert (moment(kickoff["date_start"]), moment(kickoff["date_due"])) == (submitted, WEDNESDAY)
    assert (kickoff["state"], kickoff["role"]) == ("open", "operations")
    consents = story.clocks("K1")
    assert {clock["responsible_id"][1] for clock in consents} == {"赵敏", "吴磊"}
    assert {(clock["state"], moment(clock["date_due"])) for clock in consents} == {("open", TUESDAY)}

    mails = story.mails()
    assert receivers(mails) == {"otherhead": 1, "buyer": 1}, subjects(mails)
    check_mails(story, mails)
    story.asked = {mail.receivers[0].split("@")[0]: links_of(story, mail)[0] for mail in mails}


def answer_and_decide(story):
    """One agrees from the mail on a phone and names a liaison, one declines; operations decide on the refusal (K1, D1)."""
    otherhead = story.person("otherhead", phone=True)
    follow_link(story, "otherhead", story.asked["otherhead"], MATTER)
    otherhead.sees_no_sideways()
    otherhead.chooses("liaison_id", "钱芳")
    story.screenshot(otherhead.page, "collaboration_2_consent_phone")
    otherhead.presses("action_accept")
    assert otherhead.state() == "accepted"
    otherhead.sees_no_sideways()
    [clock] = story.clocks("K1", ("result", "=", "met"))
    assert (clock["done_by_id"][1], clock["on_time"]) == ("赵敏", True)

    buyer = story.person("buyer")
    buyer.goes_to("/odoo/my-work")
    buyer.page.locator("#o_ops_list_decision .o_ops_row", has_text=MATTER).click()
    buyer.page.wait_for_selector(".o_form_view button[name=action_decline]")
    buyer.presses("action_decline")
    with buyer.dialog():
        buyer.writes("reason", "本月正在换供应商合同，没有人手")
        story.screenshot(buyer.page, "collaboration_3_decline")
    assert {clock["result"] for clock in story.clocks("K1")} == {"met"}
    waiting = story.clock("D1", ("source_model", "=", "ops.collaboration.party"))
    assert (waiting["state"], waiting["role"], waiting["date_due"]) == ("open", "operations", False)
    mails = story.mails()
    assert receivers(mails) == {"head": 1, "seller": 1}, subjects(mails)  # declined; named as the liaison
    check_mails(story, mails)

    operations = story.person("operations")
    operations.goes_to("/odoo/my-work")
    story.screenshot(operations.page, "collaboration_4_my_work_operations")
    operations.page.locator("#o_ops_list_decision .o_ops_row", has_text="采购部").click()
    operations.page.wait_for_selector(".o_form_view button[name=action_require]")
    operations.presses("action_require")
    with operations.dialog():
        operations.writes("reason", "新产线是公司重点，采购部派一人即可")
    story.screenshot(operations.page, "collaboration_5_decided")
    assert story.clock("D1", ("source_model", "=", "ops.collaboration.party"))["result"] == "met"
    mails = story.mails()
    assert receivers(mails) == {"head": 1, "buyer": 1}, subjects(mails)
    check_mails(story, mails)


def plan_and_call(story):
    """The kick-off is proposed at a time when all are free, planned with one click; its notice meets C2."""
    operations = story.person("operations")
    request = story.one("ops.collaboration", [("name", "=", MATTER)], "liaison_user_ids")
    assert len(request["liaison_user_ids"]) == 1
    operations.opens_form("ops-collaborations", request["id"])
    operations.presses("action_file")
    assert operations.state() == "filed"
    operations.presses("action_plan_kickoff")
    operations.page.wait_for_selector(".modal button[name=action_choose]")
    story.screenshot(operations.page, "collaboration_6_plan_kickoff")
    operations.page.locator(".modal button[name=action_choose]").first.click()
    operations.page.wait_for_selector(".o_form_view button[name=action_call]")
    settle(operations.page)
    meeting = story.one("ops.meeting", [("collaboration_id", "=", request["id"])], "date_start", "date_stop", "state", "agenda_ids")
    assert (meeting["date_start"], meeting["date_stop"]) == ("2026-10-13 02:00:00", "2026-10-13 03:00:00"), "钱芳 is busy before"
    assert len(meeting["agenda_ids"]) == 4
    notice = story.clock("C2")
    assert (notice["state"], moment(notice["date_due"])) == ("open", MONDAY)
    story.screenshot(operations.page, "collaboration_7_kickoff")
    operations.presses("action_call")
    assert operations.state() == "called"
    notice = story.clock("C2")
    assert (notice["result"], notice["on_time"], notice["done_by_id"][1]) == ("met", True, "陈静")
    assert story.clock("C1")["state"] == "open", "only the kick-off itself meets C1"

    mails = story.mails("ops_handbook.ops_meeting_cron_invitations")
    assert receivers(mails) == {"head": 3, "seller": 1, "buyer": 1}, subjects(mails)  # filed, planned; invited
    check_mails(story, mails)
    invitations = [mail for mail in mails if any(part.get_content_type() == "text/calendar" for part in mail.walk())]
    assert receivers(invitations) == {"head": 1, "seller": 1, "buyer": 1}
    story.screenshot(operations.page, "collaboration_8_called")


def write_minutes(story):
    """While people talk: who is there, what is said, four resolutions in a line each. Held meets C1, distributed C3."""
    operations = story.person("operations")
    operations.goes_to("/odoo/my-work")
    meeting = story.one("ops.meeting", [("name", "ilike", MATTER)], "number")
    operations.opens_form("ops-meetings", meeting["id"])
    operations.presses("action_write_minutes")
    page = operations.page
    page.wait_for_selector(".o_ops_minutes #o_ops_line")
    page.locator(".o_ops_minutes_people li:last-child button").click()  # all are present
    page.wait_for_selector(".o_ops_minutes_people .btn-success >> nth=3")
    notes = page.locator(".o_ops_minutes_item textarea").first
    notes.fill("首批四十套是底线；空运费用由新产线项目承担。")
    for line in (f"{LATE} @吴磊 周四", "整理试装清单 @王建国 周五", "通知客户新的交付日期 @钱芳 10月30日", "安排试装班组 @张伟 10月30日"):
        page.locator("#o_ops_line").press_sequentially(line)
        page.wait_for_function("!document.querySelector('#o_ops_offered')")
        page.locator("#o_ops_line").press("Enter")
        page.locator(".o_ops_minutes_resolutions li:not(.o_ops_pending)", has_text=line.split(" ")[0]).wait_for()
    settle(page)
    story.screenshot(page, "collaboration_9_minutes")
    assert story.office.call("ops.resolution", "search_count", [("meeting_id", "=", meeting["id"])]) == 4
    assert not story.clocks("C5"), "a resolution begins to run when the minutes go out"

    page.locator(".o_ops_minutes_foot button").first.click()  # the meeting is over
    page.wait_for_selector(".o_ops_minutes_foot .btn-primary")
    minutes = story.one("ops.meeting", [("id", "=", meeting["id"])], "actual_start", "actual_stop", "state")
    assert minutes["state"] == "held"
    ended = moment(minutes["actual_stop"])
    assert moment(KICKOFF) <= ended < moment(KICKOFF) + timedelta(minutes=15)
    kickoff = story.clock("C1")
    assert (kickoff["result"], kickoff["on_time"]) == ("met", True)
    clock = story.clock("C3")
    assert (moment(clock["date_start"]), moment(clock["date_due"])) == (ended, ended + timedelta(hours=24))
    assert (clock["state"], clock["responsible_id"][1]) == ("open", "陈静")
    assert story.one("ops.collaboration", [("name", "=", MATTER)], "state")["state"] == "running"

    page.locator(".o_ops_minutes_foot button").click()  # distribute
    page.wait_for_selector(".o_ops_minutes > form", state="detached")
    clock = story.clock("C3")
    assert (clock["result"], clock["on_time"], clock["done_by_id"][1]) == ("met", True, "陈静")
    check_resolutions(story, late_due=THURSDAY)
    mails = story.mails()
    assert receivers(mails) == {**EVERYBODY, "head": 2}, subjects(mails)  # the minutes; the head leads from now on
    check_mails(story, mails)
    story.version_1 = {mail.receivers[0].split("@")[0]: mail for mail in mails if private_links(story, mail)}
    assert set(story.version_1) == set(EVERYBODY)
    assert LATE in plain(story.mailbox.html(story.version_1["buyer"]))


def check_resolutions(story, late_due):
    """C5 runs for the four, each its owner's; each is an item of the collaboration."""
    clocks = story.clocks("C5")
    day_30 = datetime(2026, 10, 30, 15, 59, 59)
    due = {"吴磊": late_due, "王建国": FRIDAY, "钱芳": day_30, "张伟": day_30}
    assert {clock["responsible_id"][1]: moment(clock["date_due"]) for clock in clocks} == due
    assert {(clock["state"], clock["source_model"]) for clock in clocks} == {("open", "ops.resolution")}
    items = story.office.call("ops.collaboration.item", "search_read", [], ["name", "owner_id", "date_due", "resolution_id", "state"])
    assert sorted(item["resolution_id"][0] for item in items) == sorted(clock["source_id"] for clock in clocks)
    for item in items:
        assert moment(item["date_due"] + " 15:59:59") == due[item["owner_id"][1]]


def private_links(story, mail):
    return [link for link in story.mailbox.links(mail) if "/ops/minutes/" in link]


def object_by_link(story):
    """The buyer reads the mail on a phone, without a login: the link asks, the answer is an objection to decide (D1)."""
    [_confirm, disagree] = private_links(story, story.version_1["buyer"])
    phone = story.page(on=story.server, phone=True, lang="zh_CN")
    phone.goto(disagree)
    assert phone.locator("input[value=objected]").is_checked()
    story.screenshot(phone, "collaboration_10_object_phone", full=True)
    assert not story.clocks("D1", ("source_model", "=", "ops.meeting.answer")), "looking changes nothing"
    phone.fill("#remark", "供应商周五才能答复，到期日应为16日。")
    phone.locator("button[type=submit]").click()
    phone.wait_for_selector(".message.success")
    assert not scrolls_sideways(phone)
    story.screenshot(phone, "collaboration_11_objected_phone", full=True)
    decision = story.clock("D1", ("source_model", "=", "ops.meeting.answer"))
    assert (decision["state"], decision["responsible_id"][1]) == ("open", "陈静")
    answer = story.one("ops.meeting.answer", [], "answer", "by_link", "by_id", "partner_id")
    assert (answer["answer"], answer["by_link"], answer["by_id"], answer["partner_id"][1]) == ("objected", True, False, "吴磊")


def correct_minutes(story):
    """Taken back with a reason (R1), corrected, distributed: version 2 tells what changed, and the old links are dead."""
    operations = story.person("operations")
    operations.goes_to("/odoo/my-work")
    operations.page.locator("#o_ops_list_decision .o_ops_row", has_text="吴磊").click()
    operations.page.wait_for_selector(".o_form_view button[name=action_correct]")
    settle(operations.page)
    story.screenshot(operations.page, "collaboration_12_objection")
    operations.presses("action_correct")  # because of what was objected: nobody types it again
    rework = story.clock("R1")
    assert (rework["state"], rework["responsible_id"][1], moment(rework["date_due"])) == ("open", "陈静", WEDNESDAY)

    meeting = story.one("ops.meeting", [("name", "ilike", MATTER)], "state")
    assert meeting["state"] == "held"
    operations.presses("action_write_minutes")
    page = operations.page
    page.locator(".o_ops_minutes_resolutions li", has_text=LATE).locator("button").click()
    page.locator("#o_ops_line").fill(f"{LATE} @吴磊 10月16日")
    page.locator("#o_ops_line").press("Enter")
    page.locator(".o_ops_minutes_resolutions li", has_text=LATE).filter(has_text="16").wait_for()
    page.locator(".o_ops_minutes_foot button.btn-primary").click()
    page.wait_for_selector(".o_ops_minutes > form", state="detached")
    assert (story.clock("R1")["result"], story.clock("D1", ("source_model", "=", "ops.meeting.answer"))["result"]) == ("met", "met")
    assert len(story.clocks("C3")) == 1, "a correction starts no second clock"
    check_resolutions(story, late_due=FRIDAY)
    versions = story.office.call("ops.meeting.minutes", "search_read", [], ["version", "reason"], order="version")
    assert [version["version"] for version in versions] == [1, 2]
    assert "到期日应为16日" in versions[1]["reason"]

    mails = story.mails()
    assert receivers(mails) == EVERYBODY, subjects(mails)
    check_mails(story, mails)
    for mail in mails:
        text = plain(story.mailbox.html(mail))
        assert "到期日应为16日" in text, "the mail does not say why there is another version"
        assert re.search(r"2026/10/15", text), "the mail does not say what was there before"
    old = story.page(on=story.server, lang="zh_CN")
    old.goto(private_links(story, story.version_1["seller"])[0])
    assert not old.locator("form").count(), "an answer to a version that was replaced"
    [confirm, _disagree] = private_links(story, next(mail for mail in mails if "seller@" in mail.receivers[0]))
    old.goto(confirm)
    old.locator("button[type=submit]").click()
    old.wait_for_selector(".message.success")
    operations.opens_form("ops-meetings", meeting["id"])
    story.screenshot(operations.page, "collaboration_13_version_2")
    operations.opens_form("ops-meeting-minutes", versions[1]["id"])
    operations.opens_tab("changes")
    story.screenshot(operations.page, "collaboration_14_difference")


def file_brief(story):
    """C4: asked for by the week, due on Friday; the lead writes it on a phone, pre-filled from the items."""
    story.admin.run_cron("ops_handbook.ops_obligation_cron_generate")
    week = story.clocks("C4")[0]
    assert (week["state"], week["responsible_id"][1], moment(week["date_due"])) == ("open", "张伟", FRIDAY)
    head = story.person("head", phone=True)
    head.goes_to("/odoo/my-work")
    story.screenshot(head.page, "collaboration_15_my_work_phone")
    head.page.locator("#o_ops_list_due .o_ops_row", has_text=MATTER).first.click()
    head.page.wait_for_selector(".o_form_view .o_field_widget[name=help]")
    settle(head.page)
    head.sees_no_sideways()
    planned = head.field("next").locator("textarea").input_value()
    assert LATE in planned and "整理试装清单" in planned, planned  # due by the end of next week
    head.writes("help", "请采购部今天给出供应商的书面答复")
    story.screenshot(head.page, "collaboration_16_brief_phone", full=True)
    head.presses("action_submit")
    assert head.state() == "filed"
    head.sees_no_sideways()
    week = story.clocks("C4")[0]
    assert (week["result"], week["on_time"], week["done_by_id"][1], week["form_model"]) == ("met", True, "张伟", "ops.collaboration.brief")


def finish_in_time(story):
    """A resolution that is done on its day, on a phone, stays green; the item of the collaboration goes with it."""
    clock = story.clock("C5", ("responsible_id.login", "=", "colleague"))
    colleague = story.person("colleague", phone=True)
    colleague.goes_to("/odoo/my-work")
    colleague.page.locator(".o_ops_row", has_text="整理试装清单").click()
    colleague.page.wait_for_selector(".o_form_view button[name=action_done]")
    colleague.sees_no_sideways()
    colleague.writes("evidence", "清单已放入共享文件夹")
    story.screenshot(colleague.page, "collaboration_17_done_phone")
    colleague.presses("action_done")
    assert colleague.state() == "done"
    clock = story.clock("C5", ("id", "=", clock["id"]))
    assert (clock["result"], clock["on_time"]) == ("met", True)
    assert story.one("ops.collaboration.item", [("resolution_id", "=", clock["source_id"])], "state")["state"] == "done"
    mails = story.mails()
    assert receivers(mails).get("buyer") == 1, subjects(mails)  # due today
    check_mails(story, mails)


def late_clock(story):
    return story.clock("C5", ("responsible_id.login", "=", "buyer"))


def letter(story, level):
    """The ladder drafts it, operations issue it, it goes to the head with its copies (L1); the department replies."""
    clock = late_clock(story)
    assert (clock["result"], clock["state"]) == ("late", "open")
    mails = story.mails()
    assert not [mail for mail in mails if "RL-" in mail["Subject"]], "a draft reaches nobody"
    check_mails(story, mails)
    draft = story.one("ops.reminder.letter", [("level", "=", level)], "state", "obligation_id", "number", "receiver_id")
    assert (draft["state"], draft["obligation_id"][0], draft["receiver_id"][1]) == ("draft", clock["id"], "吴磊")

    operations = story.person("operations")
    operations.goes_to("/odoo/my-work")
    operations.page.locator("#o_ops_list_decision .o_ops_row", has_text=draft["number"]).click()
    operations.page.wait_for_selector(".o_form_view button[name=action_issue]")
    story.screenshot(operations.page, f"collaboration_18_letter_{level}_draft", full=True)
    operations.presses("action_issue")
    assert operations.state() == "issued"

    mails = story.mails()
    copies = {2: {"gmoffice": 1}, 3: {"gm": 1}}.get(level, {})
    assert receivers(mails) == {"buyer": 1, **copies}, subjects(mails)
    check_mails(story, mails)
    [mail] = [mail for mail in mails if "buyer@" in mail.receivers[0]]
    text = plain(story.mailbox.html(mail))
    assert draft["number"] in mail["Subject"] and LATE in text and "吴磊" in text
    issued = story.one("ops.reminder.letter", [("level", "=", level)], "workdays_overdue", "date_original", "date_due", "date_reply_by")
    assert issued["workdays_overdue"] == {1: 1, 2: 4, 3: 7}[level]
    assert (moment(issued["date_original"]), moment(issued["date_due"])) == (THURSDAY, FRIDAY)  # as version 2 moved it
    answer = story.clock("L1", ("source_id", "=", draft["id"]))
    reply_by = {1: datetime(2026, 10, 21, 15, 59, 59), 2: datetime(2026, 10, 26, 15, 59, 59), 3: datetime(2026, 10, 29, 15, 59, 59)}
    assert (answer["state"], answer["responsible_id"][1], moment(answer["date_due"])) == ("open", "吴磊", reply_by[level])
    assert answer["date_due"] == issued["date_reply_by"]

    buyer = Person(story.page(on=story.server, phone=level == 3, login="buyer"))
    story.people["buyer"] = buyer
    follow_link(story, "buyer", links_of(story, mail)[0], LATE)
    buyer.sees_no_sideways()
    buyer.writes("reply", f"供应商第{level}次推迟答复，我今天到厂催办。")
    story.screenshot(buyer.page, f"collaboration_19_letter_{level}_reply", full=True)
    buyer.presses("action_reply")
    assert buyer.state() == "replied"
    answer = story.clock("L1", ("source_id", "=", draft["id"]))
    assert (answer["result"], answer["on_time"], answer["done_by_id"][1]) == ("met", True, "吴磊")


def finish_late(story):
    """Done after its time: yellow, and so it stays, in the ledger too; the three letters are counted."""
    buyer = story.people["buyer"]
    buyer.goes_to("/odoo/my-work")
    story.screenshot(buyer.page, "collaboration_20_my_work_late_phone")
    buyer.page.locator("#o_ops_list_due .o_ops_row", has_text=LATE).click()
    buyer.page.wait_for_selector(".o_form_view button[name=action_done]")
    buyer.writes("evidence", "供应商书面确认11月20日到货")
    story.screenshot(buyer.page, "collaboration_21_late_phone")
    buyer.presses("action_done")
    assert buyer.state() == "done"
    buyer.sees_no_sideways()
    clock = late_clock(story)
    assert (clock["result"], clock["on_time"], clock["done_by_id"][1]) == ("late", False, "吴磊")
    assert (moment(clock["date_original"]), moment(clock["date_due"])) == (THURSDAY, FRIDAY)
    [row] = story.office.call("ops.obligation", "read", [clock["id"]], ["letter_count", "days_late", "result"])
    assert row["letter_count"] == 3
    assert story.one("ops.collaboration.item", [("resolution_id", "=", clock["source_id"])], "state")["state"] == "done"
    check_mails(story, story.mails())
    assert late_clock(story)["result"] == "late"
    operations = story.person("operations")
    operations.goes_to("/odoo/ledger")
    operations.page.wait_for_selector(".o_list_renderer .o_data_row")
    operations.page.locator(".o_facet_remove").click()  # what is done as well
    row = operations.page.locator(".o_data_row", has_text=LATE)
    row.locator(".o_ops_result_late").wait_for()
    assert row.locator("[name=letter_count]").inner_text() == "3"
    story.screenshot(operations.page, "collaboration_22_ledger")
    operations.opens_form("ops-collaborations", story.one("ops.collaboration", [("name", "=", MATTER)], "id")["id"])
    operations.opens_tab("items")
    story.screenshot(operations.page, "collaboration_23_items")


def check_log(story):
    """Who did what with the request; nobody but people is in it."""
    request = story.one("ops.collaboration", [("name", "=", MATTER)], "transition_ids", "state")
    lines = story.office.call("ops.form.transition", "read", request["transition_ids"], ["user_id", "from_state", "to_state"])
    found = [(line["user_id"][1], line["from_state"], line["to_state"]) for line in sorted(lines, key=lambda line: line["id"])]
    assert [step for step in found if step[1] != step[2]] == [
        ("张伟", "draft", "submitted"), ("陈静", "submitted", "filed"), ("陈静", "filed", "running")]
    assert request["state"] == "running"


def check_mails(story, mails):
    """Every mail is in Chinese, and each of its links leads its receiver to what it names."""
    for mail in mails:
        reads_chinese(story, mail)
        [address] = mail.receivers
        links, private = links_of(story, mail), private_links(story, mail)
        assert links, f"{mail['Subject']} has no link"
        for link in links:
            opens(story, address.split("@")[0], link)
        for link in private:
            answer = story.admin.session.get(link, cookies={}, timeout=60)
            assert answer.status_code == 200 and MATTER in answer.text, link
