"""March and April 2027 of one department, from the breakdown of the annual plan to the second month's close, by its people.

It begins on Wednesday 24 February 2027. The assembly workshop plans March in time and April late; of March three tasks are
not finished: on two of them operations rule otherwise than the department proposes, one objection is upheld, one refused.
The employee sees all of it on her phone.
"""

import time

from playwright.sync_api import expect

from .support.browser import settle
from .support.people import photo
from .support.scenes import Chinese, without_handbook
from .support.story import Story, follow_link, links_of, opens, receivers, subjects
from .support.words import english_words, plain

WORKSHOP = "装配车间"
LINE, TIGHTENER, TOOLING, TRAINING, CHECKS = "二号线节拍提升", "拧紧机安装调试", "工装快换改造", "班组长培训", "设备日常点检"
INITIATIVES = (  # name, owner, start, end, deliverable
    (LINE, "employee", "2027-01-04", "2027-09-30", "节拍由六十秒降到五十秒"),
    (TIGHTENER, "colleague", "2027-03-01", "2027-03-19", "四台拧紧机通过验收"),
    (TOOLING, "colleague", "2027-03-01", "2027-03-22", "换型时间降到十分钟"),
    (TRAINING, "colleague", "2027-03-01", "2027-12-31", "三十名班组长取得证书"),
)
CAUSES = {  # task → kind of cause, what the department proposes, explanation
    TIGHTENER: ("resource", "objective", "供应商推迟交货两周，设备四月才到。"),
    TOOLING: ("other_department", "objective", "图纸等技术部门确认，一直没有回复。"),
    TRAINING: ("execution", "subjective", "班次没有排好，只培训了一半的人。"),
}
RULINGS = {TIGHTENER: "采购合同三月初才签，是车间提得太晚。", TOOLING: "图纸三月二日已经确认，改造没有按期动手。"}
OBJECTIONS = {TIGHTENER: "采购申请一月已经提交，见附件编号。", TOOLING: "确认的图纸缺少尺寸，无法加工。"}
ANSWERS = {TIGHTENER: ("objective", "核对采购申请日期，异议成立。"), TOOLING: ("subjective", "缺少的尺寸当天已经补齐，异议不成立。")}
MEASURES = (("每月一日前排好班次", "王建国", "2027-03-31"), ("周会逐项核对任务进度", "李小红", "2027-03-29"))
PROBLEM = "扭力扳手读数漂移"
KEPT = ("M1", "M2", "M3", "M4", "M5", "M6", "M7", "D1", "R1", "P2", "P3")
SECONDS = 30  # that an employee has for the log of a day


class MonthStory(Story):
    """What the records say of the two months; `english` collects what is not Chinese, until the last scene."""

    english, months = [], ("2027-03", "2027-04")

    def as_(self, login):
        """The server, as somebody who works in Chinese asks it."""
        return Chinese(self.rpc(login, on=self.server))

    def user(self, login):
        return self.office.call("res.users", "search", [("login", "=", login)])[0]

    def plan(self, period):
        return self.one("ops.month.plan", [("period", "=", period)], "state", "number", "task_ids", "completion")

    def tasks(self, period, *fields):
        """The tasks of a month by name; what was carried over stands under its name and →."""
        found = self.as_("head").call("ops.task", "search_read", [("period", "=", period)], [
            "name", "state", "date_end", "carried_from_id", "progress", "owner_id", *fields])
        return {task["name"] + ("→" if task["carried_from_id"] else ""): task for task in found}

    def generate(self):
        self.admin.run_cron("ops_handbook.ops_obligation_cron_generate")

    def result(self, code, period):
        return self.clock(code, ("period", "=", period))["result"]

    def opens_owed(self, person, code, *domain):
        """Open what is owed from My work, as its owner does."""
        clock = self.clock(code, *domain)
        person.goes_to("/odoo/my-work")
        person.page.locator(f".o_ops_row[href='/odoo/ops.obligation/{clock['id']}']").first.click()
        person.page.wait_for_selector(".o_form_view")
        settle(person.page)
        person.sees_no_sideways()

    def pictures(self, person, name, full=False):
        """Photograph a screen, and read what it says."""
        person.sees_no_sideways()
        self.screenshot(person.page, f"month_{name}", full=full)
        said = english_words(person.page.locator(".o_action_manager").inner_text())
        if said:
            self.english.append((name, said))

    def checks_mails(self, *crons):
        """Every mail is in Chinese, and each of its links leads its receiver to what it names; returns them."""
        mails = self.mails(*crons)
        for mail in mails:
            if said := english_words(mail["Subject"]) + english_words(plain(self.mailbox.html(mail))):
                self.english.append((mail["Subject"], said))
            [address] = mail.receivers
            links = links_of(self, mail)
            assert links, f"{mail['Subject']} has no link"
            for link in links:
                opens(self, address.split("@")[0], link)
        return mails


STORY = MonthStory  # what the fixture `act` makes


def test_two_months_from_breakdown_to_carry_over(act):
    MonthStory.english = []
    story = None
    for now, *scenes in ACTS:
        story = act(now, story)
        for scene in scenes:
            scene(story)
    assert not story.server.log_errors()


# -- 24 February: the plan of March ---------------------------------------------------------------------------------------


def prepare(story):
    """One department keeps plans, with a running annual plan that is broken down to months; nothing but this process."""
    admin = story.admin
    without_handbook(admin)
    others = admin.call("ops.standard", "search", [("code", "not in", KEPT)])
    admin.call("ops.standard", "write", others, {"active": False})
    admin.call("res.company", "write", [1], {"ops_start_date": "2027-02-24"})
    departments = admin.call("hr.department", "search", [("name", "!=", WORKSHOP)])
    admin.call("hr.department", "write", departments, {"ops_keeps_plans": False})
    office, head = story.as_("gmoffice"), story.as_("head")
    cycle = office.call("ops.cycle", "create", {"year": 2027, "direction_ids": [(0, 0, {"name": "效率"})]})
    office.call("ops.cycle", "action_open", [cycle])
    [plan] = head.call("ops.plan", "search", [("cycle_id", "=", cycle)])
    head.call("ops.plan", "write", [plan], {"initiative_ids": [(0, 0, {
        "name": name, "owner_id": story.user(owner), "date_start": start, "date_end": end, "deliverable": deliverable, "weight": 25,
    }) for name, owner, start, end, deliverable in INITIATIVES]})
    head.call("ops.plan", "action_split", [plan])
    office.call("ops.plan", "action_enter_running", [plan], "一月已由总经理批准的年度计划")
    story.generate()
    story.checks_mails()


def assign(story):
    """M1: the head opens the plan from My work, filled in from the breakdown, completes and assigns it."""
    head = story.person("head")
    head.goes_to("/odoo/my-work")
    story.pictures(head, "1_my_work_head")
    story.opens_owed(head, "M1", ("period", "=", "2027-03"))
    assert head.state() == "draft"
    assert {name for name, *_rest in INITIATIVES} == set(story.tasks("2027-03"))
    rows = head.page.locator(".o_field_widget[name=task_ids]")
    rows.locator(".o_data_row", has_text=TRAINING).locator("td[name=date_end]").click()
    writes_day(rows.locator(".o_selected_row"), "date_end", "2027-03-20")
    row = head.adds_row("task_ids")
    row.locator("[name=name] input, [name=name] textarea").first.fill(CHECKS)
    head.chooses_in(row, "owner_id", "李小红")
    row.locator("td[name=is_routine]").click()
    row.locator("[name=is_routine] input").check()
    writes_day(row, "date_end", "2027-03-31")
    head.saves()
    story.pictures(head, "2_plan")
    tasks = story.tasks("2027-03")
    assert (tasks[TRAINING]["date_end"], tasks[CHECKS]["owner_id"][1]) == ("2027-03-20", "李小红")
    story.as_("head").call("ops.task", "write", [tasks[LINE]["id"]], {"asks_evidence": True})
    head.opens_form("ops-month-plans", story.plan("2027-03")["id"])
    head.presses("action_assign")
    assert head.state() == "assigned"
    assert story.result("M1", "2027-03") == "met"


def submit(story):
    """M2: the same head submits it, the next step on the same screen."""
    head = story.person("head")
    head.presses("action_submit")
    assert head.state() == "submitted"
    clock = story.clock("M2", ("period", "=", "2027-03"))
    assert (clock["result"], clock["form_model"], clock["done_by_id"][1]) == ("met", "ops.month.plan", "张伟")
    story.checks_mails()


def issue(story):
    """M3: operations find it among what waits for their decision, file and issue it; its owners get one mail each."""
    operations, plan = story.person("operations"), story.plan("2027-03")
    operations.goes_to("/odoo/my-work")
    operations.page.locator("#o_ops_list_decision .o_ops_row", has_text=plan["number"]).click()
    operations.page.wait_for_selector(".o_form_view button[name=action_file]")
    operations.presses("action_file")
    assert operations.state() == "filed"
    operations.presses("action_issue")
    assert operations.state() == "issued"
    story.pictures(operations, "3_issued")
    clock = story.clock("M3", ("period", "=", "2027-03"))
    assert (clock["result"], clock["done_by_id"][1]) == ("met", "陈静")
    mails = story.checks_mails()
    told = receivers(mails)
    assert (told.get("employee"), told.get("colleague")) == (1, 1), subjects(mails)
    [mail] = [mail for mail in mails if mail.receivers == ["employee@company.example.com"]]
    assert LINE in plain(story.mailbox.html(mail)) and CHECKS in plain(story.mailbox.html(mail))
    follow_link(story, "employee", next(link for link in links_of(story, mail) if "my-work" not in link), "")
    story.pictures(story.people["employee"], "4_task_from_mail_phone")


# -- 10 March: the employee's day, on the phone ---------------------------------------------------------------------------


def see_tasks(story):
    """My work, then my tasks: all that an employee needs fits on a phone."""
    colleague = story.as_("colleague")
    tasks = story.tasks("2027-03")
    colleague.call("ops.task", "action_start", [tasks[TIGHTENER]["id"]])
    colleague.call("ops.task", "action_start", [tasks[TOOLING]["id"]])
    employee = story.person("employee", phone=True)
    employee.goes_to("/odoo/my-work")
    story.pictures(employee, "5_my_work_phone")
    employee.goes_to("/odoo/ops-my-tasks")
    cards = employee.page.locator(".o_kanban_record:not(.o_kanban_ghost)")
    assert sorted(card.split("\n")[0] for card in cards.all_inner_texts()) == sorted([LINE, CHECKS])
    story.pictures(employee, "6_my_tasks_phone")


def write_log(story):
    """Today's log, from My work to saved, in less than half a minute."""
    employee = story.person("employee", phone=True)
    page = employee.page
    employee.goes_to("/odoo/my-work")
    begun = time.monotonic()
    page.locator(".o_ops_big_log").click()
    line = page.locator(".o_ops_log_task", has_text=LINE)
    line.locator(".o_ops_log_chip", has_text="50").click()
    line.locator("input[name=note]").fill("更换两个工位的夹具，节拍五十四秒")
    checks = page.locator(".o_ops_log_task", has_text=CHECKS)
    checks.locator(".o_ops_log_chip", has_text="25").click()
    employee.sees_no_sideways()
    page.locator(".o_ops_send button").click()
    page.wait_for_selector(".o_ops_log_saved")
    taken = time.monotonic() - begun
    assert taken < SECONDS, f"the log of a day took {taken:.0f} s"
    story.pictures(employee, "7_log_saved_phone")
    tasks = story.tasks("2027-03")
    assert [(tasks[name]["state"], tasks[name]["progress"]) for name in (LINE, CHECKS)] == [("progress", 50), ("progress", 25)]


def report_problem(story):
    """What stands in the way becomes a problem report with one click, filled with what the log says."""
    employee = story.person("employee", phone=True)
    page = employee.page
    checks = page.locator(".o_ops_log_task", has_text=CHECKS)
    checks.locator(".o_ops_log_more").click()
    checks.locator("input[name=problem]").fill(PROBLEM)
    checks.locator("input[name=measure_taken]").fill("换用备用扳手")
    story.pictures(employee, "8_log_problem_phone")
    checks.locator(".o_ops_log_report").click()
    page.wait_for_selector(".o_form_view .o_field_widget[name=description]")
    settle(page)
    story.pictures(employee, "9_problem_phone", full=True)
    problem = story.as_("employee").call("ops.problem", "search_read", [], ["name", "description", "state"])
    assert [found["name"] for found in problem] == [PROBLEM]
    assert CHECKS in problem[0]["description"] and "换用备用扳手" in problem[0]["description"]
    employee.presses("action_submit")
    assert employee.state() == "new"


def finish_with_photo(story):
    """Done, seen on a photo: the task asks for evidence, and the log takes it."""
    employee = story.person("employee", phone=True)
    page = employee.page
    employee.goes_to("/odoo/my-work")
    page.locator(".o_ops_big_log").click()
    line = page.locator(".o_ops_log_task", has_text=LINE)
    line.locator(".o_ops_log_done").click()
    page.locator(".o_ops_send button").click()
    page.locator(".o_ops_send [role=alert]").wait_for()
    assert story.tasks("2027-03")[LINE]["state"] == "progress", "nothing is done without evidence"
    line.locator("input[name=camera]").set_input_files({"name": "IMG_7.jpg", "mimeType": "image/jpeg", "buffer": photo()})
    line.locator(".o_ops_log_files [role=status]").wait_for()
    story.pictures(employee, "10_log_photo_phone")
    page.locator(".o_ops_send button").click()
    page.wait_for_selector(".o_ops_log_saved")
    task = story.tasks("2027-03", "message_attachment_count")[LINE]
    assert (task["state"], task["progress"], task["message_attachment_count"]) == ("done", 100, 1)
    employee.opens_form("ops-tasks", task["id"])
    story.pictures(employee, "11_task_done_phone", full=True)
    story.checks_mails()


def meet(story):
    """M5: the meeting of the week is there with one click, its agenda lists the department's tasks."""
    head = story.person("head")
    story.opens_owed(head, "M5", ("period", "=", "2027-W10"))
    meeting = story.as_("head").call("ops.meeting", "search_read", [("kind", "=", "weekly")], ["task_ids", "agenda_ids", "attendee_ids"])
    assert len(meeting) == 1 and len(meeting[0]["agenda_ids"]) == 4
    spoken = story.as_("head").call("ops.task", "read", meeting[0]["task_ids"], ["name"])
    assert {task["name"] for task in spoken} >= {TIGHTENER, TOOLING}
    head.opens_tab("tasks")
    story.pictures(head, "12_meeting")
    head.presses("action_call")
    head.presses("action_open_hold")
    with head.dialog():
        pass
    assert head.state() == "held"
    assert (story.result("M5", "2027-W10"), story.clock("M5", ("period", "=", "2027-W10"))["form_model"]) == ("met", "ops.meeting")
    story.checks_mails("ops_handbook.ops_meeting_cron_invitations")


# -- 23 March: the report, the rulings, the objections --------------------------------------------------------------------


def miss_logs(story):
    """M4: the logs that were not written, by person and day; computed, so that nobody keeps them."""
    story.generate()
    found = story.as_("head").call(
        "ops.work.log.missing", "search_read", [("date", ">=", "2027-03-01"), ("date", "<=", "2027-03-22")], ["owner_id", "date"])
    days = [f"2027-03-{day}" for day in (10, 11, 12, 15, 16, 17, 18, 19, 22)]
    missing = {name: sorted(row["date"] for row in found if row["owner_id"][1] == name) for name in ("王建国", "李小红")}
    assert missing == {"王建国": days, "李小红": days[1:]}
    head = story.person("head")
    head.goes_to("/odoo/action-ops_handbook.ops_work_log_missing_action")
    story.pictures(head, "13_missing_logs")
    assert story.result("M5", "2027-W11") == "late", "nobody met in the week from 15 March"


def report(story):
    """M6: compiled on the 23rd; what ends later is running; the causes of what is unfinished are all that is left to say."""
    head = story.person("head")
    story.opens_owed(head, "M6", ("period", "=", "2027-03"))
    assert results(story, "2027-03") == {
        LINE: "done", CHECKS: "running", TIGHTENER: "unfinished", TOOLING: "unfinished", TRAINING: "unfinished"}
    kind, proposed, said = CAUSES[TIGHTENER]
    rows = head.page.locator(".o_field_widget[name=line_ids]")
    rows.locator(".o_data_row", has_text=TIGHTENER).locator("td[name=explanation]").click()
    row = rows.locator(".o_selected_row")
    row.locator("[name=explanation] textarea, [name=explanation] input").fill(said)
    chooses_first(head, row, "cause_kind")
    head.saves()
    [line] = lines(story, "2027-03", TIGHTENER)
    assert (line["cause_kind"], line["cause_proposed"]) == (kind, proposed), "a delivery that did not come lies outside"
    for name, (kind, proposed, said) in CAUSES.items():
        [line] = lines(story, "2027-03", name)
        story.as_("head").call("ops.completion.report.line", "write", [line["id"]], {
            "cause_kind": kind, "cause_proposed": proposed, "explanation": said})
    story.opens_owed(head, "M6", ("period", "=", "2027-03"))
    story.pictures(head, "14_completion")
    head.presses("action_submit")
    assert head.state() == "submitted"
    clock = story.clock("M6", ("period", "=", "2027-03"))
    assert (clock["result"], clock["date_due"]) == ("met", "2027-03-23 15:59:59")
    assert story.plan("2027-03")["state"] == "reported"
    story.checks_mails()


def rule(story):
    """Operations rule otherwise on two tasks, with reasons, and as proposed on the third."""
    operations, found = story.person("operations"), the_report(story, "2027-03")
    operations.goes_to("/odoo/my-work")
    operations.page.locator("#o_ops_list_decision .o_ops_row", has_text=found["number"]).click()
    operations.page.wait_for_selector(".o_form_view button[name=action_return]")
    for name, reason in RULINGS.items():
        rules(operations, name, "subjective", reason, story if name == TIGHTENER else None, "15_ruling")
    operations.page.locator(".o_data_row", has_text=TRAINING).locator("button[name=action_rule_as_proposed]").click()
    settle(operations.page)
    operations.presses("action_accept")
    assert operations.state() == "ruled"
    story.pictures(operations, "16_ruled")
    assert {line["cause_ruled"] for name in CAUSES for line in lines(story, "2027-03", name)} == {"subjective"}
    assert "head" in receivers(story.checks_mails())


def object_once(story):
    """The department objects to two rulings at once; the third is final."""
    head = story.person("head")
    head.opens_form("ops-completion-reports", the_report(story, "2027-03")["id"])
    head.presses("action_object")
    with head.dialog():
        for name, text in OBJECTIONS.items():
            row = head.page.locator(".modal .o_data_row", has_text=name)
            row.locator("td[name=objection]").click()
            head.page.locator(".modal .o_selected_row [name=objection] textarea, .modal .o_selected_row [name=objection] input").fill(text)
        story.pictures(head, "17_objection")
    assert head.state() == "objected"
    [training] = lines(story, "2027-03", TRAINING)
    assert training["is_final"]
    assert "operations" in receivers(story.checks_mails())


def decide(story):
    """One objection is upheld, one refused; that is final."""
    operations = story.person("operations")
    operations.opens_form("ops-completion-reports", the_report(story, "2027-03")["id"])
    for name, (ruling, answer) in ANSWERS.items():
        rules(operations, name, ruling, answer, story if name == TIGHTENER else None, "18_answer")
    operations.presses("action_decide")
    assert operations.state() == "final"
    story.pictures(operations, "19_final")
    found = {name: lines(story, "2027-03", name)[0] for name in CAUSES}
    assert {name: (line["cause_ruled"], line["is_upheld"], line["is_final"]) for name, line in found.items()} == {
        TIGHTENER: ("objective", True, True), TOOLING: ("subjective", False, True), TRAINING: ("subjective", False, True)}
    clock = story.clock("M7")
    assert (clock["state"], clock["date_due"], clock["responsible_id"][1]) == ("open", "2027-03-26 15:59:59", "张伟")
    assert "head" in receivers(story.checks_mails())


def improve(story):
    """M7: the head writes the improvement plan that the two final subjective rulings ask for; operations accept it."""
    head = story.person("head")
    story.opens_owed(head, "M7")
    shown = head.page.locator(".o_form_view").inner_text()
    assert TOOLING in shown and TRAINING in shown and TIGHTENER not in shown
    head.writes("root_cause", "月初没有排班表，任务到了月中才开始；没有人每周核对进度。")
    for name, owner, day in MEASURES:
        row = head.adds_row("measure_ids")
        row.locator("[name=name] input, [name=name] textarea").first.fill(name)
        head.chooses_in(row, "owner_id", owner)
        writes_day(row, "date_due", day)
    head.saves()
    head.page.keyboard.press("Escape")
    story.pictures(head, "20_improvement")
    head.presses("action_submit")
    assert head.state() == "submitted"
    assert (story.clock("M7")["result"], story.clock("M7")["form_model"]) == ("met", "ops.improvement.plan")
    assert [clock["responsible_id"][1] for clock in story.clocks("P2")] == ["李小红", "王建国"]
    [improvement] = story.office.call("ops.improvement.plan", "search", [])
    operations = story.person("operations")
    operations.opens_form("ops-improvement-plans", improvement)
    operations.presses("action_accept")
    assert operations.state() == "accepted"
    story.checks_mails()


def plan_april(story):
    """M1 of April: breakdown and what March did not finish, with its history, stand on the plan already; measures due in March do not."""
    head = story.person("head")
    story.opens_owed(head, "M1", ("period", "=", "2027-04"))
    carried = {f"{name}→" for name in CAUSES}
    assert set(story.tasks("2027-04")) == {LINE} | carried
    story.pictures(head, "21_carried")
    head.presses("action_assign")
    assert head.state() == "assigned"
    assert story.result("M1", "2027-04") == "met"
    story.checks_mails()


# -- 31 March: measures, verification, analysis, progress report ----------------------------------------------------------


def issue_april(story):
    """M2 of April is late and stays it; M3 is not: operations issue on the day on which they get the plan."""
    story.generate()
    assert story.result("M2", "2027-04") == "late"
    assert "head" in receivers(story.checks_mails())
    plan = story.plan("2027-04")["id"]
    story.as_("head").call("ops.month.plan", "action_submit", [plan])
    story.as_("operations").call("ops.month.plan", "action_file", [plan])
    story.as_("operations").call("ops.month.plan", "action_issue", [plan])
    assert (story.result("M2", "2027-04"), story.result("M3", "2027-04")) == ("late", "met")
    assert {"employee", "colleague"} <= set(receivers(story.checks_mails()))


def carry_out(story):
    """Both measures are carried out, one late (P2), the employee's on her phone; operations look whether they work (P3)."""
    measures = {row["owner_id"][1]: row["id"] for row in story.office.call("ops.improvement.measure", "search_read", [], ["owner_id"])}
    employee = story.person("employee", phone=True)
    employee.goes_to("/odoo/my-work")
    story.pictures(employee, "22_my_work_measure_phone")
    story.opens_owed(employee, "P2", ("responsible_id", "=", story.user("employee")))
    employee.writes("evidence", "三月三十日周会已逐项核对，见纪要。")
    story.pictures(employee, "23_measure_phone")
    employee.presses("action_done")
    assert employee.state() == "done"
    colleague = story.as_("colleague")
    colleague.call("ops.improvement.measure", "write", [measures["王建国"]], {"evidence": "四月班次表已张贴。"})
    colleague.call("ops.improvement.measure", "action_done", [measures["王建国"]])
    assert [(clock["responsible_id"][1], clock["result"]) for clock in story.clocks("P2")] == [("李小红", "late"), ("王建国", "met")]
    operations = story.person("operations")
    story.opens_owed(operations, "P3")
    operations.presses("action_close")
    with operations.dialog():
        operations.writes("reason", "四月班次表按时张贴，周会有核对记录，措施有效。")
    assert operations.state() == "closed"
    story.pictures(operations, "24_verified")
    assert story.clock("P3")["result"] == "met"
    story.checks_mails()


def finish_running(story):
    """What was running on the 23rd is done on the phone; nothing of March is left, and it closes by itself."""
    employee = story.person("employee", phone=True)
    employee.goes_to("/odoo/ops-my-tasks")
    employee.opens_form("ops-tasks", story.tasks("2027-03")[CHECKS]["id"])
    employee.presses("action_done")
    assert employee.state() == "done"
    employee.sees_no_sideways()


def analyse(story):
    """Operations publish what the month comes to, compiled from the report."""
    story.admin.run_cron("ops_handbook.ops_month_plan_cron_close")
    [analysis] = story.office.call("ops.month.analysis", "search", [("period", "=", "2027-03")])
    operations = story.person("operations")
    operations.opens_form("ops-month-analyses", analysis)
    operations.page.locator(".o_field_widget[name=body] .odoo-editor-editable").fill("排班晚是两项延误的原因，四月起由周会核对。")
    operations.saves()
    story.pictures(operations, "25_analysis")
    operations.presses("action_publish")
    operations.page.locator(".modal-footer .btn-primary").click()
    operations.page.wait_for_selector(".modal", state="detached")
    settle(operations.page)
    assert operations.state() == "published"
    found = story.one("ops.month.analysis", [("id", "=", analysis)], "done_count", "running_count", "unfinished_count",
                      "objective_count", "subjective_count")
    assert [found[name] for name in ("done_count", "running_count", "unfinished_count", "objective_count", "subjective_count")] == [
        1, 1, 3, 1, 2]
    assert "head" in receivers(story.checks_mails())


def report_progress(story):
    """A6: the progress report has the causes already; nobody types them twice."""
    found = story.admin.call("ops.standard", "search", [("code", "=", "A6"), ("active", "=", False)])
    story.admin.call("ops.standard", "write", found, {"active": True})
    story.generate()
    story.admin.run_cron("ops_handbook.ops_progress_cron_prefill")
    head = story.person("head")
    story.opens_owed(head, "A6", ("period", "=", "2027-03"))
    story.pictures(head, "26_progress", full=True)
    causes = {line["name"]: line["cause"] for line in story.as_("head").call(
        "ops.progress.report.line", "search_read", [("report_id.period", "=", "2027-03")], ["name", "cause"])}
    for name, (_kind, _proposed, said) in CAUSES.items():
        assert said in causes[name], causes
        if told := english_words(causes[name]):
            story.english.append((name, told))
    story.checks_mails()


# -- 23 April: the second month closes ------------------------------------------------------------------------------------


def see_history(story):
    """What was carried over tells where it comes from, on the phone of whoever does it now."""
    tasks = story.tasks("2027-04", "history", "carry_count", "original_end")
    task = tasks[f"{TOOLING}→"]
    assert (task["carry_count"], task["original_end"]) == (1, "2027-03-22")
    story.as_("head").call("ops.task", "action_hand_over", [task["id"]], story.user("employee"), "王建国休假")
    employee = story.person("employee", phone=True)
    employee.goes_to("/odoo/ops-my-tasks")
    story.pictures(employee, "27_my_tasks_phone")
    employee.opens_form("ops-tasks", task["id"])
    story.pictures(employee, "28_carried_phone", full=True)
    employee.presses("action_done")
    assert employee.state() == "done"
    head = story.as_("head")
    head.call("ops.task", "action_done", [found["id"] for found in tasks.values() if found["id"] != task["id"]])
    story.checks_mails()


def close(story):
    """M6 of April: nothing is unfinished, so the report is final with its acceptance, and the month closes by itself."""
    story.generate()
    head = story.person("head")
    story.opens_owed(head, "M6", ("period", "=", "2027-04"))
    assert set(results(story, "2027-04").values()) == {"done"}
    head.presses("action_submit")
    assert head.state() == "submitted"
    found = the_report(story, "2027-04")
    operations = story.person("operations")
    operations.opens_form("ops-completion-reports", found["id"])
    operations.presses("action_accept")
    assert operations.state() == "final"
    story.admin.run_cron("ops_handbook.ops_month_plan_cron_close")
    assert [story.plan(period)["state"] for period in story.months] == ["closed", "closed"]
    operations.opens_form("ops-month-plans", story.plan("2027-04")["id"])
    story.pictures(operations, "29_closed")
    story.checks_mails()


def check_all(story):
    """Every obligation of the two months is met, late or missed, as it should be."""
    assert {(code, period): story.result(code, period) for code in ("M1", "M2", "M3", "M6") for period in story.months} == {
        ("M1", "2027-03"): "met", ("M2", "2027-03"): "met", ("M3", "2027-03"): "met", ("M6", "2027-03"): "met",
        ("M1", "2027-04"): "met", ("M2", "2027-04"): "late", ("M3", "2027-04"): "met", ("M6", "2027-04"): "met",
    }
    weeks = {clock["period"]: clock["result"] for clock in story.clocks("M5")}
    assert weeks["2027-W10"] == "met" and weeks["2027-W11"] == "missed"
    assert [clock["result"] for clock in story.clocks("M7")] == ["met"]
    assert story.clocks("M4") == [], "missing logs keep no rows"
    assert not MonthStory.english, MonthStory.english


ACTS = [
    ("2027-02-24 02:00:00", prepare, assign, submit, issue),
    ("2027-03-10 02:00:00", see_tasks, write_log, report_problem, finish_with_photo, meet),
    ("2027-03-23 02:00:00", miss_logs, report, rule, object_once, decide, improve, plan_april),
    ("2027-03-31 02:00:00", issue_april, carry_out, finish_running, analyse, report_progress),
    ("2027-04-23 02:00:00", see_history, close, check_all),
]


# -- what the scenes have in common ---------------------------------------------------------------------------------------


def the_report(story, period):
    return story.one("ops.completion.report", [("period", "=", period)], "number", "state")


def lines(story, period, name):
    """The line of a task in the completion report of a month, as a list of one."""
    return story.office.call("ops.completion.report.line", "search_read", [("period", "=", period), ("task_id.name", "=", name)], [
        "result", "cause_kind", "cause_proposed", "cause_ruled", "is_final", "is_upheld"])


def results(story, period):
    """What the completion report says of each task: dict name → result."""
    found = story.as_("head").call("ops.completion.report.line", "search_read", [("period", "=", period)], ["display_name", "result"])
    return {line["display_name"]: line["result"] for line in found}


def rules(operations, name, ruling, reason, story=None, picture=None):
    """Rule on a task in its dialog, or answer its objection."""
    operations.page.locator(".o_data_row", has_text=name).locator("button[name=action_rule]").click()
    with operations.dialog():
        operations.ticks("ruling", ruling)
        operations.page.locator(".modal .o_field_widget[name=reason]:visible textarea").fill(reason)
        if picture and story:
            story.pictures(operations, picture)


def chooses_first(person, row, name):
    """Choose the first value of a selection in a list: a native one, or Odoo's own menu."""
    field = row.locator(f"[name={name}]").first
    if field.locator("select").count():
        field.locator("select").select_option(index=1)
        return
    # what was written before is sent to the server as soon as the field is left; the row is drawn anew with the answer
    field.locator("input").click()
    settle(person.page)
    if not person.page.locator(".o_select_menu_item").count():
        field.locator("input").click()
    person.page.locator(".o_select_menu_item").first.click()
    expect(field.locator("input")).not_to_have_value("")


def writes_day(row, name, day):
    row.locator(f"td[name={name}]").click()
    field = row.locator(f"td[name={name}] input").first
    field.fill(day)
    field.press("Tab")
