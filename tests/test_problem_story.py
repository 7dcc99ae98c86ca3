"""One level-1 problem from the report to its end, by the people of a Chinese company, at their screens.

It begins on Wednesday 30 September 2026, ten o'clock in Shanghai, the day before the National Day holiday: three working
days later it is Saturday 10 October, a make-up working day. On that day the second act is played.
"""

from datetime import datetime, timedelta
from io import BytesIO

from PIL import Image

from .support.browser import settle
from .support.people import photo
from .support.story import Story, follow_link, links_of, moment, reads_chinese, receivers, subjects

EVE, MAKE_UP_SATURDAY = "2026-09-30 02:00:00", "2026-10-10 02:00:00"
END_OF_MAKE_UP_SATURDAY = datetime(2026, 10, 10, 15, 59, 59)  # 24 o'clock in Shanghai
SUBJECT = "一号线主控柜冒烟停机"


class ProblemStory(Story):
    """What the records say about the problem."""

    def problem(self, *fields):
        return self.one("ops.problem", [("name", "=", SUBJECT)], *fields)

    def clocks(self, code, round=None):
        """The obligations of a standard that came out of this problem, in the order of their due times."""
        return super().clocks(code, *([("round", "=", round)] if round else []))


STORY = ProblemStory  # what the fixture `act` makes


def test_level_1_problem_from_report_to_effective(act):
    story = act(EVE)
    report_with_photo(story)
    accept_and_assign(story)
    start_and_file_plan(story)
    carry_out_and_resolve(story)
    find_not_effective(story)
    story = act(MAKE_UP_SATURDAY, story)
    second_round(story)
    find_effective(story)
    check_log(story)
    assert not story.server.log_errors()


def report_with_photo(story):
    """I1 and I2 of level 1 start at submission: 4 and 24 hours on the clock, holiday or not."""
    employee = story.person("employee", phone=True)
    employee.goes_to("/odoo/my-work")
    story.screenshot(employee.page, "story_1_my_work_employee")
    employee.page.locator(".o_ops_big_report").click()
    employee.page.fill("#o_ops_quick_name", SUBJECT)
    employee.page.fill("#o_ops_quick_description", "开机约十分钟后主控柜冒烟，已断电，无人受伤。")
    employee.page.set_input_files("input[name=camera]", {"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": photo()})
    employee.page.wait_for_selector(".o_ops_photo img")
    employee.page.locator(".o_ops_level_1").click()
    employee.sees_no_sideways()
    story.screenshot(employee.page, "story_2_quick_report")
    employee.page.locator(".o_ops_send button").click()
    employee.page.wait_for_selector(".o_ops_quick_done")
    employee.sees_no_sideways()
    story.screenshot(employee.page, "story_3_reported")

    problem = story.problem("number", "state", "author_id", "channel", "photo_ids", "submitted_on", "level")
    assert (problem["state"], problem["channel"], problem["level"]) == ("new", "quick", "1")
    [attachment] = problem["photo_ids"]
    content = story.rpc("employee", on=story.server).get(f"/web/content/{attachment}").content
    assert Image.open(BytesIO(content)).size[0] >= 800
    assert not Image.open(BytesIO(content)).getexif(), "the photo tells who took it, and where"
    submitted = moment(problem["submitted_on"])
    assert abs((submitted - moment(EVE)).total_seconds()) < 180
    for code, hours in (("I1", 4), ("I2", 24)):
        [clock] = story.clocks(code)
        assert moment(clock["date_start"]) == submitted
        assert moment(clock["date_due"]) == submitted + timedelta(hours=hours)
        assert (clock["state"], clock["urgent"], clock["role"]) == ("open", True, "operations")

    mails = story.mails()
    assert receivers(mails) == {"employee": 1, "operations": 2}, subjects(mails)  # received; I1 and I2 urgent, apart
    check_mails(story, mails)


def accept_and_assign(story):
    """Operations see it in My work among what waits for a decision; I1 is met, and I2 is the head's now."""
    operations = story.person("operations")
    operations.goes_to("/odoo/my-work")
    story.screenshot(operations.page, "story_4_my_work_operations")
    operations.page.locator("#o_ops_list_decision .o_ops_row", has_text=story.problem("number")["number"]).click()
    operations.page.wait_for_selector(".o_form_view button[name=action_accept]")
    operations.presses("action_accept")
    with operations.dialog():
        operations.ticks("severity", "1")
        operations.chooses("department_id", "装配车间")
        story.screenshot(operations.page, "story_5_accept")
    assert operations.state() == "accepted"

    [clock] = story.clocks("I1")
    assert (clock["result"], clock["on_time"], clock["done_by_id"][1]) == ("met", True, "陈静")
    [clock] = story.clocks("I2")
    submitted = moment(story.problem("submitted_on")["submitted_on"])
    assert clock["responsible_id"][1] == "张伟"
    assert (clock["state"], moment(clock["date_due"])) == ("open", submitted + timedelta(hours=24))
    mails = story.mails()
    assert receivers(mails) == {"employee": 1, "head": 1}, subjects(mails)
    check_mails(story, mails)


def start_and_file_plan(story):
    """The start of handling meets I2 and gives three working days for the plan (P1); the plan starts the measures (I3)."""
    head = story.person("head")
    head.goes_to("/odoo/my-work")
    story.screenshot(head.page, "story_6_my_work_head")
    head.page.locator(".o_ops_row", has_text=story.problem("number")["number"]).click()
    head.page.wait_for_selector(".o_form_view button[name=action_start]")
    head.presses("action_start")
    with head.dialog():
        head.writes("immediate_measure", "断电并挂牌，改用二号线")
    [clock] = story.clocks("I2")
    assert (clock["result"], clock["done_by_id"][1]) == ("met", "张伟")
    [clock] = story.clocks("P1", round=1)
    assert moment(clock["date_due"]) == END_OF_MAKE_UP_SATURDAY
    assert (clock["state"], clock["responsible_id"][1]) == ("open", "张伟")

    write_plan(story, head, "散热风扇滤网堵塞，柜内温度过高", [
        ("immediate", "更换主控柜散热风扇", "张伟", "2026-09-30"),
        ("corrective", "清洗全部控制柜滤网", "王建国", "2026-10-09"),
        ("preventive", "滤网清洗列入月度点检表", "张伟", "2026-10-12"),
    ])
    story.screenshot(head.page, "story_7_plan")
    head.presses("action_submit")
    assert head.state() == "submitted"
    assert [clock["result"] for clock in story.clocks("P1", round=1)] == ["met"]
    measures = story.clocks("I3")
    assert [clock["responsible_id"][1] for clock in measures] == ["张伟", "王建国", "张伟"]
    assert [clock["date_due"] for clock in measures] == [f"2026-{day} 15:59:59" for day in ("09-30", "10-09", "10-12")]
    [plan] = story.office.call("ops.problem.plan", "search_read", [], ["state", "measure_ids", "number"])
    assert (plan["state"], len(plan["measure_ids"])) == ("submitted", 3)
    check_mails(story, story.mails())


def write_plan(story, head, cause, measures):
    head.opens_form("ops-problems", story.problem("id")["id"])
    head.presses("action_write_plan")
    head.page.wait_for_selector(".o_field_widget[name=root_cause]")
    head.writes("root_cause", cause)
    for kind, name, owner, due in measures:
        head.page.locator(".o_field_x2many_list_row_add a, .o_field_x2many_list_row_add button").first.click()
        row = head.page.locator(".o_field_widget[name=measure_ids] .o_selected_row")
        row.wait_for()
        choose_kind(head, row, kind)
        row.locator("[name=name] input").fill(name)
        row.locator("[name=owner_id] input").fill(owner)
        head.page.locator(".o-autocomplete--dropdown-item", has_text=owner).first.click()
        row.locator("[name=date_due] button, [name=date_due] input").first.click()
        row.locator("[name=date_due] input").first.fill(due)
        row.locator("[name=date_due] input").first.press("Tab")
        head.page.keyboard.press("Escape") if not row.count() else None
    head.saves()


def choose_kind(head, row, kind):
    """The selection of a list: a native one, or Odoo's own menu."""
    field = row.locator("[name=kind]").first
    if field.locator("select").count():
        field.locator("select").select_option(f'"{kind}"')
        return
    number = ["immediate", "corrective", "preventive"].index(kind)
    field.locator("input").click()
    for _ in range(number):  # by the keyboard: the menu is drawn anew while it finds its place
        head.page.keyboard.press("ArrowDown")
    head.page.wait_for_timeout(300)
    head.page.keyboard.press("Enter")


def carry_out_and_resolve(story, measures=3, picture="story_8_resolved"):
    """Each owner says that their measure is done (I3), then the head that the problem is solved (I4 starts)."""
    problem = story.problem("id", "round")
    open_ones = story.office.call("ops.problem.measure", "search_read", [("state", "=", "open")], ["owner_id"], order="id")
    assert len(open_ones) == measures
    for measure in open_ones:
        owner = story.person({"张伟": "head", "王建国": "colleague"}[measure["owner_id"][1]])
        owner.opens_form("ops.problem.measure", measure["id"])
        owner.writes("evidence", "已完成，见现场照片")
        owner.presses("action_done")
        assert owner.state() == "done"
    assert {clock["result"] for clock in story.clocks("I3")} == {"met"}

    head = story.person("head")
    head.opens_form("ops-problems", problem["id"])
    head.presses("action_resolve")
    with head.dialog():
        head.writes("note", "已更换风扇，试运行正常")
    assert head.state() == "resolved"
    story.screenshot(head.page, picture)


def find_not_effective(story):
    """I4 has three working days and is the reporter's; not effective opens the second round with a plan of its own."""
    [clock] = story.clocks("I4", round=1)
    assert (clock["responsible_id"][1], moment(clock["date_due"])) == ("李小红", END_OF_MAKE_UP_SATURDAY)
    mails = story.mails()
    assert receivers(mails)["employee"] == 1, subjects(mails)
    check_mails(story, mails)

    verify(story, "no", "今天又冒烟了，风扇不转", picture="story_9_not_effective")
    problem = story.problem("state", "round")
    assert (problem["state"], problem["round"]) == ("handling", 2)
    [clock] = story.clocks("I4", round=1)
    assert (clock["result"], clock["done_by_id"][1]) == ("met", "李小红")
    [clock] = story.clocks("P1", round=2)
    assert (clock["state"], moment(clock["date_due"])) == ("open", END_OF_MAKE_UP_SATURDAY)
    mails = story.mails()
    assert receivers(mails)["head"] >= 1, subjects(mails)
    check_mails(story, mails)


def verify(story, result, comment, picture):
    employee = story.person("employee", phone=True)
    employee.goes_to("/odoo/my-work")
    employee.page.locator("#o_ops_list_decision .o_ops_row", has_text=story.problem("number")["number"]).click()
    employee.page.wait_for_selector(".o_form_view")
    settle(employee.page)
    employee.sees_no_sideways()
    employee.presses("action_verify")
    with employee.dialog():
        employee.ticks("effective", result)
        employee.writes("comment", comment)
        story.screenshot(employee.page, picture)
    employee.sees_no_sideways()


def second_round(story):
    """On the make-up Saturday people are at work: the head is reminded of the plan that is due today, by a digest."""
    mails = story.mails()
    [digest] = [mail for mail in mails if "head@company.example.com" in mail.receivers]
    assert "提交处理方案" in story.mailbox.html(digest) or "P1" in story.mailbox.html(digest)
    check_mails(story, mails)
    head = story.person("head")
    write_plan(story, head, "风扇电源接线松动", [("corrective", "更换接线端子并紧固", "张伟", "2026-10-10")])
    head.presses("action_submit")
    assert [clock["result"] for clock in story.clocks("P1", round=2)] == ["met"]
    carry_out_and_resolve(story, measures=1, picture="story_10_resolved_again")
    [clock] = story.clocks("I4", round=2)
    # three working days after Saturday 10 October: Monday, Tuesday, Wednesday
    assert moment(clock["date_due"]) == datetime(2026, 10, 14, 15, 59, 59)
    mails = story.mails()
    assert receivers(mails)["employee"] == 1, subjects(mails)
    check_mails(story, mails)


def find_effective(story):
    verify(story, "yes", "连续运行两小时，正常", picture="story_11_effective")
    problem = story.problem("state", "closed_on", "verification_ids", "message_attachment_count")
    assert problem["state"] == "closed" and problem["closed_on"]
    sheets = story.office.call("ops.problem.verification", "read", problem["verification_ids"], ["effective", "round", "in_stead"])
    assert sorted((sheet["round"], sheet["effective"], sheet["in_stead"]) for sheet in sheets) == [(1, "no", False), (2, "yes", False)]
    assert [clock["result"] for clock in story.clocks("I4", round=2)] == ["met"]
    left = story.office.call("ops.obligation", "search_count", [("state", "=", "open"), ("code", "!=", "I5")])
    assert left == 0, "a clock still runs after the end"
    plans = story.office.call("ops.problem.plan", "search_read", [], ["state"])
    assert {plan["state"] for plan in plans} == {"closed"}
    mails = story.mails()
    assert receivers(mails)["employee"] == 1, subjects(mails)
    check_mails(story, mails)
    story.screenshot(story.person("employee").page, "story_12_closed")


def check_log(story):
    """Who did what, when, from which state to which; the machinery of the engine is not in it."""
    problem = story.problem("transition_ids")
    lines = story.office.call("ops.form.transition", "read", problem["transition_ids"], ["user_id", "from_state", "to_state", "reason"])
    found = [(line["user_id"][1], line["from_state"], line["to_state"]) for line in sorted(lines, key=lambda line: line["id"])]
    assert found == [
        ("李小红", "draft", "new"),
        ("陈静", "new", "accepted"),
        ("张伟", "accepted", "handling"),
        ("张伟", "handling", "resolved"),
        ("李小红", "resolved", "handling"),
        ("张伟", "handling", "resolved"),
        ("李小红", "resolved", "closed"),
    ]
    reasons = " ".join(line["reason"] or "" for line in lines)
    assert "今天又冒烟了" in reasons and "断电并挂牌" in reasons


def check_mails(story, mails):
    """Every mail is in Chinese and has a link to this server that opens the form for its receiver after the login."""
    for mail in mails:
        reads_chinese(story, mail)
        links = links_of(story, mail)
        assert links, f"{mail['Subject']} has no link:\n{story.mailbox.html(mail)}"
        [address] = mail.receivers
        follow_link(story, address.split("@")[0], links[0], SUBJECT)
