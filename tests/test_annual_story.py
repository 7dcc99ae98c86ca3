"""The annual cycle 2027 of eight departments, from the strategy seminar to the change of a released plan, by its people.

It begins on Tuesday 8 December 2026. A plan is returned twice, one department is late with its draft, another with its final
plan; of the reports of January one never comes, one of February comes a month late. The workshop's year changes in April.
"""

from contextlib import contextmanager
from datetime import datetime

import pytest

from .support.browser import settle
from .support.client import RpcError
from .support.scenes import Chinese, without_handbook
from .support.story import follow_link, links_of, moment, opens, reads_chinese, receivers, subjects
from .support.words import english_words, plain

PEOPLE = {  # login → (name, department)
    "head": ("张伟", "装配车间"), "otherhead": ("赵敏", "市场营销部"), "operations": ("陈静", "运营管理部"),
    "gmoffice": ("刘洋", "总经理办公室"), "buyer": ("吴磊", "采购部"), "quality": ("许静", "质量管理部"),
    "research": ("何军", "技术研发部"), "personnel": ("马丽", "人力资源部"),
}
NEW = ("buyer", "quality", "research", "personnel")
NAMES = {name: login for login, (name, _department) in PEOPLE.items()}
REVIEWER = {  # plan of → the head who reviews it beside the GM office
    "head": "otherhead", "otherhead": "operations", "operations": "buyer", "gmoffice": "buyer", "buyer": "quality",
    "quality": "head", "research": "personnel", "personnel": "head",
}
FIGURES = {"head": ("OUT", 24000), "otherhead": ("REV", 12000), "quality": ("PASS", 98.5)}
LINE, LINE_GOAL = "二号线节拍提升", "总成产量达到两万四千台"
DUE = {  # 24 o'clock in Shanghai
    "A1": "2026-12-10 15:59:59", "A2": "2026-12-18 15:59:59", "A3": "2026-12-25 15:59:59", "A4": "2026-12-31 15:59:59",
    "A5": "2027-01-05 15:59:59",
}
REPORTS_DUE = {"2027-01": "2027-01-29 15:59:59", "2027-02": "2027-02-26 15:59:59", "2027-03": "2027-03-31 15:59:59"}


def test_annual_cycle_from_seminar_to_change(act):
    story = None
    for now, *scenes in ACTS:
        story = act(now, story)
        for scene in scenes:
            scene(story)
    assert not story.server.log_errors()


# -- 8 December: the cycle is opened ------------------------------------------------------------------------------------


def prepare(story):
    """Four more departments with their heads, and nothing but this process; reports are asked for once there are plans."""
    admin = story.admin
    without_handbook(admin)
    others = admin.call("ops.standard", "search", ["|", ("process", "!=", "annual"), ("code", "in", ("A6", "A7"))])
    keep = admin.call("ops.standard", "search", [("code", "in", ("R1", "D1"))])
    admin.call("ops.standard", "write", [found for found in others if found not in keep], {"active": False})
    admin.call("res.company", "write", [1], {"ops_start_date": "2026-12-01"})
    for login in NEW:
        name, title = PEOPLE[login]
        user = admin.call("res.users", "create", {
            "name": name, "login": login, "password": login, "email": f"{login}@company.example.com", "lang": "zh_CN",
            "tz": "Asia/Shanghai"}, context={"no_reset_password": True})
        department = admin.call("hr.department", "create", {"name": title, "company_id": 1, "ops_keeps_plans": True})
        employee = admin.call("hr.employee", "create", {
            "name": name, "user_id": user, "department_id": department, "work_email": f"{login}@company.example.com"})
        admin.call("hr.department", "write", [department], {"manager_id": employee})
    generate(story)
    assert {code: due_of(story, code) for code in DUE} == {code: {due} for code, due in DUE.items()}
    for code in ("A2", "A4"):
        assert {clock["responsible_id"][1] for clock in story.clocks(code)} == set(NAMES), code


def open_cycle(story):
    """The GM office writes directions and indicators, and opens the cycle: each department gets its draft and a mail."""
    office = story.person("gmoffice")
    office.goes_to("/odoo/ops-cycles/new")
    office.opens_tab("directions")
    for name, meaning in (("增长", "新产线达产，收入增长一成"), ("效率", "同样的人做更多更好的产品")):
        row = office.adds_row("direction_ids")
        row.locator("[name=name] input, [name=name] textarea").first.fill(name)
        row.locator("[name=description] textarea, [name=description] input").first.fill(meaning)
    office.saves()
    cycle = one(story, "ops.cycle", [], "year", "state", "department_ids", "direction_ids")
    assert (cycle["year"], cycle["state"], len(cycle["department_ids"])) == (2027, "preparation", 8)

    office.opens_tab("kpis")
    office.page.locator(".o_field_widget[name=kpi_ids] .o_field_x2many_list_row_add a, .o_field_widget[name=kpi_ids] "
                        ".o_field_x2many_list_row_add button").first.click()
    with line_of(office):
        for name, value in (("name", "总成产量"), ("code", "OUT"), ("unit", "台"), ("digits", "0"), ("baseline", "21000"),
                            ("target", "24000"), ("weight", "30")):
            office.writes(name, value)
        office.chooses("direction_id", "增长")
        office.chooses("department_id", "装配车间")
    office.saves()
    client = as_(story, "gmoffice")
    growth, efficiency = cycle["direction_ids"]
    for values in (
        {"code": "REV", "name": "销售收入", "unit": "万元", "baseline": 10800, "target": 12000, "weight": 40,
         "direction_id": growth, "department_id": department_of(story, "otherhead")},
        {"code": "PASS", "name": "一次交检合格率", "unit": "%", "digits": 1, "baseline": 97.8, "target": 98.5, "weight": 30,
         "direction_id": efficiency, "is_additive": False, "department_id": department_of(story, "quality")},
    ):
        client.call("ops.kpi", "create", {"cycle_id": cycle["id"], **values})
    office.opens_form("ops-cycles", cycle["id"])
    story.screenshot(office.page, "annual_1_cycle")
    office.presses("action_open")
    agree(office)
    assert office.state() == "drafting"
    story.screenshot(office.page, "annual_2_timeline", full=True)
    found = plans(story)
    assert set(found) == set(PEOPLE) and {plan["state"] for plan in found.values()} == {"draft"}
    assert {login: plan["author_id"][1] for login, plan in found.items()} == {login: PEOPLE[login][0] for login in PEOPLE}


def call_seminar(story):
    """The seminar is planned with one click for the day on which it is due, with all heads invited, and called."""
    office = story.person("gmoffice")
    office.presses("action_plan_next_meeting")
    office.page.wait_for_selector(".o_form_view button[name=action_call]")
    meeting = meeting_of(story, "strategy_seminar")
    assert meeting["date_start"] == "2026-12-10 01:00:00", "nine o'clock of the day on which A1 is due"
    story.screenshot(office.page, "annual_3_seminar")
    prepare_agenda(story, meeting)
    office.opens_form("ops-meetings", meeting["id"])
    office.presses("action_call")
    assert office.state() == "called"
    assert story.clock("A1")["state"] == "open"
    mails = story.mails("ops_handbook.ops_meeting_cron_invitations")
    found = receivers(mails)
    assert set(PEOPLE) - {"gmoffice"} <= set(found), subjects(mails)
    check_mails(story, mails)
    invitations = [mail for mail in mails if any(part.get_content_type() == "text/calendar" for part in mail.walk())]
    assert receivers(invitations) == dict.fromkeys([*(set(PEOPLE) - {"gmoffice"}), "gm"], 1)


# -- 10 December: the seminar, and the drafts -----------------------------------------------------------------------------


def hold_seminar(story):
    """A1 is met when the seminar was held."""
    office, meeting = story.person("gmoffice"), meeting_of(story, "strategy_seminar")
    office.opens_form("ops-meetings", meeting["id"])
    office.presses("action_open_hold")
    with office.dialog():
        story.screenshot(office.page, "annual_4_held")
    assert office.state() == "held"
    clock = story.clock("A1")
    assert (clock["result"], clock["on_time"], clock["form_model"], clock["form_id"]) == ("met", True, "ops.meeting", meeting["id"])
    check_mails(story, story.mails())


def write_plan(story):
    """The head of the workshop writes the five parts at the desk, from My work to the submission (A2)."""
    head = story.person("head")
    page = head.page
    head.goes_to("/odoo/my-work")
    head.page.locator(".o_ops_row").first.click()
    head.page.wait_for_selector(".o_form_view .o_field_widget[name=goal_ids]")
    settle(page)
    assert head.state() == "draft"
    head.opens_tab("goals")
    for name, kpi in ((LINE_GOAL, "总成产量"), ("班组长人人持证", None)):
        row = head.adds_row("goal_ids")
        row.locator("[name=name] input, [name=name] textarea").first.fill(name)
        if kpi:
            head.chooses_in(row, "kpi_id", kpi)
            settle(page)
            row.locator("[name=target] input").fill("24000")
        else:
            head.chooses_in(row, "direction_id", "效率")
    head.opens_tab("initiatives")
    for values in ((LINE, "王建国", "2027-01-04", "2027-09-30", "节拍由六十秒降到五十秒", "60"),
                   ("班组长培训", "李小红", "2027-03-01", "2027-12-31", "三十名班组长取得证书", "40")):
        name, owner, start, end, deliverable, weight = values
        row = head.adds_row("initiative_ids")
        fill(row, name=name, deliverable=deliverable, weight=weight)
        head.chooses_in(row, "owner_id", owner)
        for field, day in (("date_start", start), ("date_end", end)):
            writes_day(row, field, day)
    head.opens_tab("resources")
    row = head.adds_row("resource_ids")
    fill(row, name="拧紧机四台", quantity="4", amount="360000", reason="节拍提升后现有设备不足")
    writes_day(row, "date_needed", "2027-02-26")
    head.opens_tab("milestones")
    row = head.adds_row("milestone_ids")
    writes_day(row, "date", "2027-06-30")
    fill(row, name="二号线试运行")
    head.opens_tab("risks")
    row = head.adds_row("risk_ids")
    fill(row, name="拧紧机交货推迟", contingency="先租用两台")
    head.chooses_in(row, "owner_id", "王建国")
    head.saves()
    head.sees_no_sideways()
    story.screenshot(page, "annual_5_plan")
    assert not page.locator(".o_field_widget[name=missing]:visible").count(), "something is missing still"
    head.presses("action_submit")
    assert head.state() == "submitted"
    plan = plans(story)["head"]
    clock = clock_of(story, "A2", "head")
    assert (clock["result"], clock["on_time"], clock["form_id"], clock["done_by_id"][1]) == ("met", True, plan["id"], "张伟")


def hand_in(story):
    """The other heads hand in theirs, but for the buyer."""
    for login in PEOPLE:
        if login in ("head", "buyer"):
            continue
        compose(story, login)
        as_(story, login).call("ops.plan", "action_submit", [plans(story)[login]["id"]])
    assert results(story, "A2") == dict.fromkeys(PEOPLE, "met") | {"buyer": "pending"}
    check_mails(story, story.mails())


def return_twice(story):
    """The plan of quality comes back twice (R1 each time), and stays handed in in time (A2)."""
    plan, office, quality = plans(story)["quality"]["id"], story.person("gmoffice"), as_(story, "quality")
    office.opens_form("ops-plans", plan)
    office.presses("action_return")
    with office.dialog():
        office.writes("reason", "目标没有说明与公司指标的关系，请补充。")
        story.screenshot(office.page, "annual_6_return")
    assert office.state() == "returned"
    [rework] = story.clocks("R1")
    assert (rework["state"], rework["responsible_id"][1], moment(rework["date_due"])) == (
        "open", "许静", datetime(2026, 12, 11, 15, 59, 59))
    mails = story.mails()
    assert receivers(mails).get("quality") == 1, subjects(mails)
    check_mails(story, mails)
    [mail] = [mail for mail in mails if "quality@" in mail.receivers[0]]
    assert "目标没有说明" in plain(story.mailbox.html(mail))
    follow_link(story, "quality", links_of(story, mail)[0], "质量管理部")
    story.screenshot(story.people["quality"].page, "annual_7_returned")
    quality.call("ops.plan", "write", [plan], {"summary": "合格率每提高一个百分点，返工减少三成。"})
    quality.call("ops.plan", "action_submit", [plan])
    as_(story, "gmoffice").call("ops.plan", "action_return", [plan], "资源需求与市场营销部重复，请核对。")
    quality.call("ops.plan", "action_submit", [plan])
    assert [clock["result"] for clock in story.clocks("R1")] == ["met", "met"]
    assert results(story, "A2")["quality"] == "met"
    check_mails(story, story.mails())


# -- 24 December: the review ----------------------------------------------------------------------------------------------


def submit_late(story):
    """The buyer is late: the reminder says so, the draft comes six days after its time, and stays late."""
    generate(story)
    assert results(story, "A2")["buyer"] == "late"
    mails = story.mails()
    assert "buyer" in receivers(mails), subjects(mails)
    check_mails(story, mails)
    compose(story, "buyer")
    as_(story, "buyer").call("ops.plan", "action_submit", [plans(story)["buyer"]["id"]])
    assert results(story, "A2") == dict.fromkeys(PEOPLE, "met") | {"buyer": "late"}
    assert clock_of(story, "A2", "buyer")["state"] == "done"


def review(story):
    """All plans are reviewed by another head and the GM office, that of the GM office by a head and the general manager."""
    found = plans(story)
    for login, plan in found.items():
        chief = as_(story, "gm" if login == "gmoffice" else "gmoffice")
        chief.call("ops.plan", "action_start_review", [plan["id"]], [user_of(story, REVIEWER[login])])
    sheets = as_(story, "gmoffice").call("ops.plan.review", "search_read", [], ["plan_department_id", "reviewer_id", "number"])
    assert len(sheets) == 16, sheets
    assert len(story.clocks("V1", ("state", "=", "open"))) == 16
    mails = story.mails()
    check_mails(story, mails)
    for sheet in sheets:
        plan_of = next(login for login in PEOPLE if PEOPLE[login][1] == sheet["plan_department_id"][1])
        give_sheet(story, sheet["id"], plan_of, {**NAMES, "周总": "gm"}[sheet["reviewer_id"][1]])
    assert story.clocks("V1", ("state", "=", "open")) == []
    assert {clock["result"] for clock in story.clocks("V1")} == {"met"}
    check_mails(story, story.mails())


def give_sheet(story, sheet, plan_of, reviewer):
    """Most sheets say pass; the workshop gets a comment, research a “fail”, personnel a comment that stays unanswered."""
    said = {
        ("head", "otherhead"): ("resources", "conditional", "四台拧紧机太多，三台就够。"),
        ("research", "personnel"): ("risks", "fail", "没有说明核心人员离职怎么办。"),
        ("personnel", "head"): ("strategy", "conditional", "培训目标与新产线无关。"),
    }.get((plan_of, reviewer))
    client = as_(story, reviewer)
    lines = client.call("ops.plan.review.line", "search_read", [("review_id", "=", sheet)], ["criterion"])
    client.call("ops.plan.review", "write", [sheet], {"line_ids": [
        (1, line["id"], {"verdict": said[1], "comment": said[2]} if said and said[0] == line["criterion"] else {"verdict": "pass"})
        for line in lines
    ]})
    client.call("ops.plan.review", "action_submit", [sheet])


def answer(story):
    """The head does not adopt the comment and says why; it stands beside the comment from then on."""
    head, plan = story.person("head"), plans(story)["head"]["id"]
    head.opens_form("ops-plans", plan)
    head.opens_tab("reviews")
    head.page.locator(".o_field_widget[name=review_line_ids] button[name=action_answer]").first.click()
    with head.dialog():
        head.ticks("answer", "not_adopted")
        head.writes("text", "节拍提升到五十秒，三台满足不了峰值。")
        story.screenshot(head.page, "annual_8_answer")
    head.page.locator(".o_field_widget[name=review_line_ids]", has_text="三台满足不了").wait_for()
    story.screenshot(head.page, "annual_9_answered")
    line = one(story, "ops.plan.review.line", [("plan_id", "=", plan), ("comment", "!=", False)], "answer", "answered_by_id")
    assert (line["answer"], line["answered_by_id"][1]) == ("not_adopted", "张伟")
    head.presses("action_finalise")
    assert head.state() == "final"


def overrule(story):
    """A “fail” stands in the way until the GM office overrules it, with a reason."""
    plan, research = plans(story)["research"]["id"], as_(story, "research")
    line = one(story, "ops.plan.review.line", [("plan_id", "=", plan), ("comment", "!=", False)], "review_id")
    research.call("ops.plan.review.line", "action_answer", [line["id"]], "adopted", "已在风险中补充后备人员。")
    refused(research, "ops.plan", "action_finalise", [plan])
    office = story.person("gmoffice")
    office.opens_form("ops-plan-reviews", line["review_id"][0])
    office.presses("action_overrule")
    with office.dialog():
        office.writes("reason", "后备人员名单已经公司批准。")
    office.page.locator(".alert", has_text="后备人员名单").wait_for()
    story.screenshot(office.page, "annual_10_overruled")
    check_mails(story, story.mails())


def meet_and_finish(story):
    """The review meeting is held (A3); plans become final (A4), but that of personnel, whose comment is not answered."""
    office, cycle = as_(story, "gmoffice"), cycle_of(story)
    office.call("ops.cycle", "action_plan_meeting", [cycle["id"]], "plan_review")
    hold(story, "plan_review", "2026-12-24 02:30:00", "2026-12-24 03:30:00")
    clock = story.clock("A3")
    assert (clock["result"], clock["on_time"]) == ("met", True)
    assert cycle_of(story)["state"] == "review"
    for login, plan in plans(story).items():
        if login == "personnel":
            refused(as_(story, login), "ops.plan", "action_finalise", [plan["id"]])
        elif login != "head":
            as_(story, login).call("ops.plan", "action_finalise", [plan["id"]])
    assert results(story, "A4") == dict.fromkeys(PEOPLE, "met") | {"personnel": "pending"}
    check_mails(story, story.mails("ops_handbook.ops_meeting_cron_invitations"))


# -- 5 January: breakdown, release, kick-off ------------------------------------------------------------------------------


def finish_late(story):
    """Personnel answers after the year has begun: final, and late for good."""
    generate(story)
    assert results(story, "A4")["personnel"] == "late"
    mails = story.mails()
    assert "personnel" in receivers(mails), subjects(mails)
    check_mails(story, mails)
    plan, personnel = plans(story)["personnel"]["id"], as_(story, "personnel")
    line = one(story, "ops.plan.review.line", [("plan_id", "=", plan), ("comment", "!=", False)])
    personnel.call("ops.plan.review.line", "action_answer", [line["id"]], "adopted", "已改为新产线岗位培训。")
    personnel.call("ops.plan", "action_finalise", [plan])
    assert results(story, "A4") == dict.fromkeys(PEOPLE, "met") | {"personnel": "late"}


def break_down(story):
    """The head splits the year evenly and edits a quarter: the grid says by how much it misses, and puts the rest elsewhere."""
    head, plan = story.person("head"), plans(story)["head"]["id"]
    head.opens_form("ops-plans", plan)
    head.opens_tab("breakdown")
    grid = head.page.locator(".o_ops_breakdown")
    grid.locator(".o_ops_breakdown_tools button").first.click()
    grid.locator("tbody tr").first.locator(".o_ops_result_met").wait_for()
    quarter = grid.locator("input[data-row='0'][data-column='3']")
    assert digits(quarter.input_value()) == "6000"
    quarter.fill("4500")
    quarter.press("Tab")
    row = grid.locator("tbody tr").first
    row.locator(".o_ops_result_missed").wait_for()
    assert [digits(grid.locator(f"input[data-row='0'][data-column='{column}']").input_value()) for column in range(3)] == ["1500"] * 3
    story.screenshot(head.page, "annual_11_quarter")
    row.locator("button.btn-link").click()
    row.locator(".o_ops_result_met").wait_for()
    grid.locator(".o_ops_breakdown_tools .btn-primary").click()
    grid.locator(".o_ops_breakdown_tools .btn-primary[disabled]").wait_for()
    settle(head.page)
    story.screenshot(head.page, "annual_12_breakdown")
    months = as_(story, "head").call(
        "ops.plan.target", "search_read", [("goal_id.name", "=", LINE_GOAL)], ["month", "value"], order="month")
    assert [month["value"] for month in months[:3]] == [1500] * 3 and sum(month["value"] for month in months) == 24000
    for login, other in plans(story).items():
        if login != "head":
            as_(story, login).call("ops.plan", "action_split", [other["id"]])


def release(story):
    """One click releases all that are final; that of the GM office is released by the general manager."""
    office, cycle = story.person("gmoffice"), cycle_of(story)
    office.opens_form("ops-cycles", cycle["id"])
    office.presses("action_release")
    agree(office)
    assert {login: plan["state"] for login, plan in plans(story).items()} == dict.fromkeys(PEOPLE, "released") | {"gmoffice": "final"}
    as_(story, "gm").call("ops.plan", "action_release", [plans(story)["gmoffice"]["id"]])
    assert cycle_of(story)["state"] == "released"
    assert {plan["latest_version"] for plan in plans(story).values()} == {1}
    assert story.clock("A5")["state"] == "open", "the kick-off belongs to it"
    story.screenshot(office.page, "annual_13_released", full=True)
    acknowledgements = story.clocks("V2")
    assert {clock["responsible_id"][1] for clock in acknowledgements} == set(NAMES)
    mails = story.mails()
    assert set(PEOPLE) <= set(receivers(mails)), subjects(mails)
    check_mails(story, mails)
    story.released = next(
        mail for mail in mails if "head@" in mail.receivers[0] and "otherhead" not in mail.receivers[0]
        and "装配车间" in mail["Subject"] + plain(story.mailbox.html(mail)))


def acknowledge(story):
    """The head reads the mail on a phone, opens the plan by its link and acknowledges it (V2)."""
    story.people.pop("head").page.context.close()
    head = story.person("head", phone=True)
    follow_link(story, "head", links_of(story, story.released)[0], "装配车间")
    head.sees_no_sideways()
    story.screenshot(head.page, "annual_14_acknowledge_phone")
    head.presses("action_acknowledge")
    plan = plans(story)["head"]
    assert (plan["acknowledged_version"], plan["acknowledged_by_id"][1]) == (1, "张伟")
    for login, other in plans(story).items():
        if login != "head":
            as_(story, login).call("ops.plan", "action_acknowledge", [other["id"]])
    assert {clock["result"] for clock in story.clocks("V2")} == {"met"}


def kick_off(story):
    """The kick-off, to which everybody is invited, is held: A5 is met, the year runs. From now on progress is reported."""
    as_(story, "gmoffice").call("ops.cycle", "action_plan_meeting", [cycle_of(story)["id"]], "kick_off")
    hold(story, "kick_off", "2027-01-05 02:30:00", "2027-01-05 03:30:00")
    clock = story.clock("A5")
    assert (clock["result"], clock["on_time"], clock["form_model"]) == ("met", True, "ops.meeting")
    assert cycle_of(story)["state"] == "running"
    activate(story, "A6")
    mails = story.mails("ops_handbook.ops_meeting_cron_invitations")
    assert {*PEOPLE, "gm", "employee", "colleague", "opsadmin"} - {"gmoffice"} <= set(receivers(mails)), subjects(mails)
    # the administrator of the system works here as well, and reads English
    check_mails(story, [mail for mail in mails if mail.receivers != ["admin@company.example.com"]])


# -- the monthly reports --------------------------------------------------------------------------------------------------


def january(story):
    """The head reports on a phone what stands filled in, and why the output falls short; research does not report at all."""
    activate(story, "A7")
    draft_reports(story, "2027-01")
    check_mails(story, story.mails())
    head = story.person("head", phone=True)
    head.goes_to("/odoo/my-work")
    head.page.locator("#o_ops_list_due .o_ops_row").first.click()
    head.page.wait_for_selector(".o_form_view .o_field_widget[name=line_ids]")
    settle(head.page)
    head.sees_no_sideways()
    report_line(story, head, LINE_GOAL, actual="1290", cause="元旦后两台设备停机", action="维修班本周内修复")
    report_line(story, head, LINE, actual="11")
    head.writes("summary", "产量略低于计划，节拍改造按计划进行。")
    story.screenshot(head.page, "annual_15_report_phone", full=True)
    head.presses("action_submit")
    assert head.state() == "submitted"
    head.sees_no_sideways()
    lines = as_(story, "head").call("ops.progress.report.line", "search_read", [
        ("department_id", "=", department_of(story, "head")), ("kind", "=", "goal")], ["planned", "actual", "attainment", "light"])
    assert [(line["planned"], line["actual"], line["attainment"], line["light"]) for line in lines] == [(1500, 1290, 86, "amber")]
    report_all(story, "2027-01", without=("head", "research"))
    assert results(story, "A6", "2027-01") == dict.fromkeys(PEOPLE, "met") | {"research": "pending"}
    check_mails(story, story.mails())


def february(story):
    """The GM office publishes its analysis of January, in which research is missing; the buyer does not report."""
    draft_reports(story, "2027-02")
    assert results(story, "A6", "2027-01")["research"] == "late"
    mails = story.mails()
    assert "research" in receivers(mails), subjects(mails)
    check_mails(story, mails)
    publish(story, "2027-01", missing=1)
    report_all(story, "2027-02", without=("buyer",))
    assert results(story, "A6", "2027-02") == dict.fromkeys(PEOPLE, "met") | {"buyer": "pending"}
    check_mails(story, story.mails())


def march(story):
    """The buyer reports of February a month late, in the last hours before it counts as missed; research's January is."""
    draft_reports(story, "2027-03")
    check_mails(story, story.mails())
    assert results(story, "A6", "2027-01")["research"] == "missed"
    report_all(story, "2027-02", only=("buyer",))
    assert results(story, "A6", "2027-02") == dict.fromkeys(PEOPLE, "met") | {"buyer": "late"}
    report_all(story, "2027-03")
    assert results(story, "A6", "2027-03") == dict.fromkeys(PEOPLE, "met")
    check_mails(story, story.mails())


# -- April: the review of the quarter, and a change -----------------------------------------------------------------------


def quarter(story):
    """The quarter is compiled from the three months of all departments, published, and reviewed (A7)."""
    generate(story)
    story.admin.run_cron("ops_handbook.ops_progress_cron_prefill")
    publish(story, "2027-02", missing=0)
    publish(story, "2027-03", missing=0)
    publish(story, "2027-Q1", missing=1)
    check_mails(story, story.mails())
    office = story.person("gmoffice")
    analysis = one(story, "ops.progress.analysis", [("period", "=", "2027-Q1")], "line_ids", "late_count", "reported_count")
    assert (len(analysis["line_ids"]), analysis["reported_count"], analysis["late_count"]) == (24, 23, 1)
    office.opens_form("ops-progress-analyses", analysis["id"])
    story.screenshot(office.page, "annual_16_quarter", full=True)
    office.presses("action_plan_meeting")
    office.page.wait_for_selector(".o_form_view button[name=action_call]")
    hold(story, "quarterly_review", "2027-04-08 02:30:00", "2027-04-08 04:00:00")
    [clock] = story.clocks("A7", ("period", "=", "2027-Q1"))
    assert (clock["result"], clock["on_time"], clock["form_model"]) == ("met", True, "ops.meeting")
    check_mails(story, story.mails("ops_handbook.ops_meeting_cron_invitations"))


def request_change(story):
    """The head asks for a smaller year, checked by the GM office, and the general manager rejects it, with a reason."""
    head, plan = story.person("head"), plans(story)["head"]["id"]
    head.opens_form("ops-plans", plan)
    head.presses("action_request_change")
    head.page.wait_for_selector(".o_form_view .o_field_widget[name=impact]")
    head.writes("reason", "主轴承供应商停产两个月，新供应商六月才能供货。")
    head.writes("impact", "全年产量减少，销售收入可能减少一千万元。")
    head.saves()
    change_target(head, "18000")
    story.screenshot(head.page, "annual_17_change")
    head.presses("action_submit")
    assert head.state() == "submitted"
    change = one(story, "ops.plan.change", [], "number", "is_small")
    assert not change["is_small"]
    as_(story, "gmoffice").call("ops.plan.change", "action_check", [change["id"]])
    manager = story.person("gm")
    manager.goes_to("/odoo/my-work")
    manager.page.locator("#o_ops_list_decision .o_ops_row", has_text=change["number"]).click()
    manager.page.wait_for_selector(".o_form_view button[name=action_reject]")
    manager.presses("action_reject")
    with manager.dialog():
        manager.writes("reason", "减得太多，下半年加班可以补回一半。")
    assert manager.state() == "rejected"
    assert goal_target(story) == 24000
    mails = story.mails()
    assert "head" in receivers(mails), subjects(mails)
    check_mails(story, mails)
    story.rejected = change["id"]


def rework_change(story):
    """The head writes it anew with what the general manager asked for, and he approves: version 2 of the plan."""
    head = story.person("head")
    head.opens_form("ops-plan-changes", story.rejected)
    head.presses("action_rework")
    head.page.wait_for_selector(".o_form_view button[name=action_submit]:visible")
    change_target(head, "22000", again=True)
    head.presses("action_submit")
    again = one(story, "ops.plan.change", [("previous_id", "=", story.rejected)], "number", "state", "line_ids")
    assert again["state"] == "submitted" and len(again["line_ids"]) == 1
    as_(story, "gmoffice").call("ops.plan.change", "action_check", [again["id"]])
    check_mails(story, story.mails())
    manager = story.person("gm")
    manager.opens_form("ops-plan-changes", again["id"])
    story.screenshot(manager.page, "annual_18_approve", full=True)
    manager.presses("action_approve")
    agree(manager)
    assert manager.state() == "approved"
    assert goal_target(story) == 22000
    months = as_(story, "head").call("ops.plan.target", "search_read", [("goal_id.name", "=", LINE_GOAL)], ["month", "value"], order="month")
    assert [month["value"] for month in months[:3]] == [1500] * 3, "what is over keeps its figure"
    assert sum(month["value"] for month in months) == 22000
    mails = story.mails()
    assert "head" in receivers(mails), subjects(mails)
    check_mails(story, mails)


def read_versions(story):
    """Both versions are there; the second says what changed, from what to what, why and by whom, in words."""
    head, plan = story.person("head"), plans(story)["head"]
    assert (plan["latest_version"], plan["acknowledged_on"]) == (2, False), "the new version is to be read again"
    first, second = as_(story, "head").call(
        "ops.plan.version", "search_read", [("plan_id", "=", plan["id"])], ["version", "body", "published_by_id"], order="version")
    assert (first["version"], second["version"], second["published_by_id"][1]) == (1, 2, "周总")
    for version, figure in ((first, "24000"), (second, "22000")):
        assert figure in digits(plain(version["body"]))
    head.opens_form("ops-plan-versions", second["id"])
    head.opens_tab("changes")
    shown = digits(head.page.locator(".o_field_widget[name=changes]").inner_text())
    assert "24000" in shown and "22000" in shown, shown
    assert english_words(head.page.locator(".o_form_view").inner_text()) == []
    story.screenshot(head.page, "annual_19_difference", full=True)
    head.opens_tab("body")
    story.screenshot(head.page, "annual_20_version", full=True)
    head.opens_form("ops-plans", plan["id"])
    head.presses("action_acknowledge")
    assert {clock["result"] for clock in story.clocks("V2")} == {"met"}


def check_all(story):
    """Every obligation of the year is met, late or missed, as it should be."""
    everybody = dict.fromkeys(PEOPLE, "met")
    for code in ("A1", "A3", "A5"):
        assert (story.clock(code)["result"], moment(story.clock(code)["date_due"])) == ("met", moment(DUE[code])), code
    assert results(story, "A2") == {**everybody, "buyer": "late"}
    assert results(story, "A4") == {**everybody, "personnel": "late"}
    assert results(story, "A6", "2027-01") == {**everybody, "research": "missed"}
    assert results(story, "A6", "2027-02") == {**everybody, "buyer": "late"}
    assert results(story, "A6", "2027-03") == everybody
    for period, due in REPORTS_DUE.items():
        assert due_of(story, "A6", ("period", "=", period)) == {due}
    assert [(clock["period"], clock["result"]) for clock in story.clocks("A7", ("period", "=", "2027-Q1"))] == [("2027-Q1", "met")]
    steps = {step["code"]: step for step in as_(story, "gmoffice").call("ops.cycle", "get_timeline", [cycle_of(story)["id"]])}
    assert {code: steps[code]["result"] for code in DUE} == {"A1": "met", "A2": "late", "A3": "met", "A4": "late", "A5": "met"}
    assert [period["result"] for period in steps["A6"]["periods"]] == ["missed", "late", "met", "pending"]
    office = story.person("gmoffice")
    office.opens_form("ops-cycles", cycle_of(story)["id"])
    shown = office.page.locator(".o_form_view").inner_text()
    assert english_words(shown) == [], shown
    story.screenshot(office.page, "annual_21_year", full=True)


ACTS = [
    ("2026-12-08 02:00:00", prepare, open_cycle, call_seminar),
    ("2026-12-10 07:30:00", hold_seminar, write_plan, hand_in, return_twice),
    ("2026-12-24 02:00:00", submit_late, review, answer, overrule, meet_and_finish),
    ("2027-01-05 02:00:00", finish_late, break_down, release, acknowledge, kick_off),
    ("2027-01-29 02:00:00", january),
    ("2027-02-26 02:00:00", february),
    ("2027-03-31 02:00:00", march),
    ("2027-04-08 02:00:00", quarter, request_change, rework_change, read_versions, check_all),
]


# -- what the scenes have in common ---------------------------------------------------------------------------------------


def as_(story, login):
    """The server, as somebody who works in Chinese asks it."""
    return Chinese(story.rpc(login, on=story.server))


def one(story, model, domain, *fields):
    """The one record that matches, as the GM office reads it."""
    [found] = as_(story, "gmoffice").call(model, "search_read", list(domain), list(fields))
    return found


def generate(story):
    story.admin.run_cron("ops_handbook.ops_obligation_cron_generate")


def activate(story, code):
    found = story.admin.call("ops.standard", "search", [("code", "=", code), ("active", "=", False)])
    story.admin.call("ops.standard", "write", found, {"active": True})
    generate(story)


def user_of(story, login):
    return story.office.call("res.users", "search", [("login", "=", login)])[0]


def department_of(story, login):
    return story.office.call("hr.department", "search", [("name", "=", PEOPLE[login][1])])[0]


def cycle_of(story):
    return one(story, "ops.cycle", [], "state")


def meeting_of(story, kind):
    return one(story, "ops.meeting", [("kind", "=", kind)], "date_start", "state", "agenda_ids")


def plans(story):
    """The plans by the login of the head; asked by the GM office, which reads drafts as well."""
    departments = {title: login for login, (_name, title) in PEOPLE.items()}
    found = as_(story, "gmoffice").call("ops.plan", "search_read", [], [
        "department_id", "author_id", "state", "latest_version", "acknowledged_version", "acknowledged_on", "acknowledged_by_id"])
    return {departments[plan["department_id"][1]]: plan for plan in found}


def goal_target(story):
    return one(story, "ops.plan.goal", [("name", "=", LINE_GOAL)], "target")["target"]


def due_of(story, code, *domain):
    return {clock["date_due"] for clock in story.clocks(code, *domain)}


def results(story, code, period="2027"):
    """How each department stands with a standard in a period: dict login → result."""
    departments = {title: login for login, (_name, title) in PEOPLE.items()}
    found = story.clocks(code, ("period", "=", period))
    assert len(found) == len(PEOPLE)
    return {departments[clock["department_id"][1]]: clock["result"] for clock in found}


def clock_of(story, code, login):
    return story.clock(code, ("department_id.name", "=", PEOPLE[login][1]))


def refused(client, *call):
    """The server says no, in Chinese."""
    with pytest.raises(RpcError) as told:
        client.call(*call)
    assert english_words(str(told.value)) == [], told.value


def compose(story, login):
    """Write the five parts of a plan over RPC."""
    client, plan = as_(story, login), plans(story)[login]["id"]
    title, me = PEOPLE[login][1], client.uid
    code, figure = FIGURES.get(login, (None, 0))
    measured = {"kpi_id": one(story, "ops.kpi", [("code", "=", code)])["id"], "target": figure} if code else {
        "direction_id": one(story, "ops.direction", [("name", "=", "效率")])["id"]}
    client.call("ops.plan", "write", [plan], {
        "goal_ids": [(0, 0, {"name": f"{title}年度目标", **measured})],
        "initiative_ids": [(0, 0, {
            "name": f"{title}重点工作", "owner_id": me, "date_start": "2027-01-01", "date_end": "2027-12-31",
            "deliverable": "总结报告通过公司验收"})],
        "resource_ids": [(0, 0, {"kind": "headcount", "name": "专员", "quantity": 1, "date_needed": "2027-03-01", "reason": "人手不足"})],
        "milestone_ids": [(0, 0, {"name": "年中检查", "date": "2027-06-30", "owner_id": me})],
        "risk_ids": [(0, 0, {"name": "人员流动", "contingency": "储备候选人", "owner_id": me})],
    })


def prepare_agenda(story, meeting):
    """What the notice must say: agenda, and material where the kind of meeting asks for it."""
    client = as_(story, "gmoffice")
    item = meeting["agenda_ids"][:1] or [client.call("ops.meeting.agenda", "create", {
        "meeting_id": meeting["id"], "name": "议题", "duration": 30})]
    file = client.call("ir.attachment", "create", {"name": "材料.txt", "datas": "5p2Q5paZ", "mimetype": "text/plain"})
    client.call("ops.meeting.agenda", "write", item, {"attachment_ids": [(6, 0, [file])]})


def hold(story, kind, start, stop):
    """Call the meeting for today and hold it, now."""
    client, meeting = as_(story, "gmoffice"), meeting_of(story, kind)
    client.call("ops.meeting", "write", [meeting["id"]], {"date_start": start, "date_stop": stop})
    prepare_agenda(story, meeting)
    client.call("ops.meeting", "action_call", [meeting["id"]])
    client.call("ops.meeting", "action_hold", [meeting["id"]])


def draft_reports(story, period):
    """The drafts of a month, made by the job for all departments."""
    generate(story)
    story.admin.run_cron("ops_handbook.ops_progress_cron_prefill")
    drafts = [as_(story, login).call("ops.progress.report", "search_count", [("period", "=", period), ("author_id", "=", user_of(story, login))])
              for login in PEOPLE]
    assert drafts == [1] * len(PEOPLE), "each head has the draft of their department"


def report_all(story, period, without=(), only=PEOPLE):
    """Report that everything goes as planned."""
    for login in only:
        if login in without:
            continue
        client = as_(story, login)
        [report] = client.call("ops.progress.report", "search_read", [
            ("period", "=", period), ("department_id", "=", department_of(story, login))], ["line_ids"])
        lines = client.call("ops.progress.report.line", "read", report["line_ids"], ["kind", "planned", "target", "target_to_date", "actual_before"])
        client.call("ops.progress.report", "write", [report["id"]], {"line_ids": [
            (1, line["id"], {"actual": line["target"] if line["kind"] == "goal" else line["target_to_date"], "light": "green",
                             "cause": "一月停机的影响还在", "action": "周末加班补回"})
            for line in lines
        ]})
        client.call("ops.progress.report", "action_submit", [report["id"]])


def report_line(story, head, name, **values):
    """Open a line of the report on the phone and fill it in."""
    head.page.locator(".o_field_widget[name=line_ids] .o_kanban_record", has_text=name).first.click()
    with line_of(head):
        for field, value in values.items():
            head.writes(field, value)
        story.screenshot(head.page, "annual_15_report_line_phone", full=True)


def publish(story, period, missing):
    """The GM office compiles the analysis of a period anew, says what follows from it, and publishes it."""
    client = as_(story, "gmoffice")
    analysis = one(story, "ops.progress.analysis", [("period", "=", period)], "state")
    client.call("ops.progress.analysis", "action_compile", [analysis["id"]])
    client.call("ops.progress.analysis", "write", [analysis["id"]], {"body": "<p>装配车间产量偏低，设备维修由运营管理部跟进。</p>"})
    client.call("ops.progress.analysis", "action_publish", [analysis["id"]])
    found = one(story, "ops.progress.analysis", [("id", "=", analysis["id"])], "state", "missing_count", "department_count")
    assert (found["state"], found["missing_count"], found["department_count"]) == ("published", missing, 8)
    assert {clock["result"] for clock in story.clocks(
        "D1", ("source_model", "=", "ops.progress.analysis"), ("source_id", "=", analysis["id"]))} <= {"met"}


def change_target(head, figure, again=False):
    """Choose the goal in the dialog and write another figure for the year."""
    if again:
        head.page.locator(".o_field_widget[name=line_ids] button[name=action_edit]").first.click()
    else:
        head.presses("action_change_part")
    with head.dialog():
        if not again:
            head.page.locator(".modal .o_field_widget[name=target_model]:visible input").first.click()
            head.page.locator(".o_select_menu_item", has_text="目标").first.click()
            head.chooses("item_goal_id", LINE_GOAL)
            settle(head.page)
        head.writes("value_target", figure)
    head.page.locator(".o_field_widget[name=line_ids] .o_data_row", has_text=LINE_GOAL).wait_for()


@contextmanager
def line_of(person):
    """Fill in a line in the dialog of a list that has no cells to type into."""
    person.page.wait_for_selector(".modal .o_form_view")
    person.sees_no_sideways()
    yield
    person.page.locator(".modal .o_form_button_save").first.click()
    person.page.wait_for_selector(".modal", state="detached")
    settle(person.page)


def agree(person):
    """Say yes to the question that a button asks."""
    person.page.locator(".modal-footer .btn-primary").click()
    person.page.wait_for_selector(".modal", state="detached")
    settle(person.page)


def fill(row, **values):
    for name, value in values.items():
        row.locator(f"[name={name}] input, [name={name}] textarea").first.fill(value)


def writes_day(row, name, day):
    row.locator(f"td[name={name}]").click()
    field = row.locator(f"td[name={name}] input").first
    field.fill(day)
    field.press("Tab")


def digits(text):
    """A text without what groups the digits of its numbers."""
    return text.replace(",", "").replace("\u202f", "").replace("\xa0", "")


def check_mails(story, mails):
    """Every mail is in Chinese, and each of its links leads its receiver to what it names."""
    for mail in mails:
        reads_chinese(story, mail)
        [address] = mail.receivers
        links = links_of(story, mail)
        assert links, f"{mail['Subject']} has no link"
        for link in links:
            opens(story, address.split("@")[0], link)
