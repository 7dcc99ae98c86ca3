"""A rule of the handbook changes with its text, everybody concerned reads it, and a lesson becomes the next version.

Monday 28 September 2026: operations move the completion report to the 20th, the GM office publishes it as major. The workshop
is asked, nobody else; a newcomer works through the list on the phone. In October a case of the month's lessons proposes more.
"""

from .support.browser import settle
from .support.people import Person
from .support.scenes import Chinese
from .support.story import Story, opens, receivers, subjects
from .support.words import english_words, plain

CHANGED = "完成情况表提前到二十日提交，留出裁定的时间。"
LEARNT = "未完成的任务要写清原因和补救办法。"
LANGUAGES = ("English (US)", "Chinese, Simplified / 简体中文")  # as Odoo calls them, in any language
CASE = "扭力扳手校准遗漏"
TITLE = "月度任务完成情况"


class HandbookStory(Story):
    """The article that states M6, and what became of it."""

    english = []  # what Chinese screens and mails said in English

    def article(self):
        [found] = self.office.call("ops.standard", "search_read", [("code", "=", "M6")], ["article_id", "rule_text", "due_day"])
        return found

    def versions(self):
        return Chinese(self.office).call(
            "ops.article.version", "search_read", [("article_id", "=", self.article()["article_id"][0]), ("lang_id.code", "=", "zh_CN")],
            ["version", "state", "change_kind", "proposal_ids"], order="id")

    def rule_in(self, lang):
        [found] = self.office.call("ops.standard", "search_read", [("code", "=", "M6")], ["rule_text"], context={"lang": lang})
        return found["rule_text"]

    def body_in(self, lang):
        """The text of the article as a reader of that language gets it."""
        page = self.rpc("head", on=self.server).call("ops.article", "get_page", self.article()["article_id"][0], context={"lang": lang})
        return page["article"]["text"]["body"]

    def readings(self, *domain):
        return self.admin.call("ops.article.reading", "search_read", list(domain), ["reader_id", "state", "version_id", "is_onboarding"])

    def picture(self, person, name):
        person.sees_no_sideways()
        self.screenshot(person.page, f"handbook_{name}")
        text = person.page.locator(".o_action_manager").inner_text()
        for language in LANGUAGES:
            text = text.replace(language, "")
        if said := english_words(text):
            self.english.append((name, said))


STORY = HandbookStory  # what the fixture `act` makes


def test_a_rule_its_text_and_its_readers(act):
    HandbookStory.english = []
    story = act("2026-09-28 02:00:00")
    only_the_workshop(story)
    revise(story)
    publish(story)
    asked(story)
    read(story)
    newcomer(story)
    story = act("2026-10-12 02:00:00", story)
    lesson(story)
    third_version(story)
    assert not story.server.log_errors()
    assert not HandbookStory.english


def only_the_workshop(story):
    """The chapter of the report is the workshop's; of all else nothing is asked of newcomers here."""
    article, client = story.article()["article_id"][0], story.rpc("opsadmin", on=story.server)
    [workshop] = client.call("hr.department", "search", [("name", "=", "装配车间")])
    rest = client.call("ops.article", "search", [("id", "!=", article)])
    client.call("ops.article", "write", [article], {"department_ids": [(6, 0, [workshop])], "to_confirm": True})
    client.call("ops.article", "write", rest, {"to_confirm": False})


def revise(story):
    """An operations officer changes the sentence and the standard in one revision."""
    person, article = story.person("operations"), story.article()["article_id"][0]
    person.goes_to(f"/odoo/handbook/{article}")
    story.picture(person, "01_reader")
    person.page.locator(".o_ops_article_actions button", has_text="修订").click()
    person.page.wait_for_selector(".o_form_view .o_field_widget[name=body]")
    settle(person.page)
    types_at_end(person, CHANGED)
    person.writes("reason", "裁定需要三天，二十三日太晚。")
    person.ticks("change_kind", "major")
    person.saves()
    person.opens_tab("rules")
    person.page.locator("[name=rule_ids] .o_field_x2many_list_row_add a, [name=rule_ids] .o_field_x2many_list_row_add button").first.click()
    person.page.wait_for_selector(".modal .o_form_view")
    person.chooses("standard_id", "M6")
    settle(person.page)
    person.writes("due_day", "20")
    person.field("due_day").locator("input").press("Tab")
    settle(person.page)
    story.screenshot(person.page, "handbook_02_rule")
    person.page.locator(".modal .o_form_button_save").click()
    person.page.wait_for_selector(".modal", state="detached")
    person.saves()
    story.picture(person, "03_draft")
    person.presses("action_submit")
    assert person.state() == "submitted"
    assert story.article()["due_day"] == 23, "nothing is in force before it is published"


def agrees(person, button):
    """Press a button and say yes to what it asks."""
    person.presses(button)
    person.page.locator(".modal .modal-footer .btn-primary").click()
    person.page.wait_for_selector(".modal", state="detached")
    settle(person.page)


def types_at_end(person, text):
    """Write another paragraph below the text, in the editor."""
    editor = person.page.locator(".o_field_widget[name=body] .odoo-editor-editable")
    editor.locator("p").last.click()
    person.page.keyboard.press("Control+End")
    person.page.keyboard.press("Enter")
    person.page.keyboard.type(text)
    assert text in editor.inner_text()


def publish(story):
    """Somebody else looks it through and publishes it: text and rule change in the same moment."""
    before = {lang: story.rule_in(lang) for lang in ("zh_CN", "en_US")}
    person = story.person("gmoffice")
    clock = story.clock("D1", ("source_model", "=", "ops.article.version"))
    person.goes_to("/odoo/my-work")
    person.page.locator(f".o_ops_row[href='/odoo/ops.obligation/{clock['id']}']").first.click()
    person.page.wait_for_selector(".o_form_view")
    settle(person.page)
    story.picture(person, "04_review")
    agrees(person, "action_publish")
    assert person.state() == "published"
    assert [(row["version"], row["state"]) for row in story.versions()] == [(1, "superseded"), (2, "published")]
    assert story.article()["due_day"] == 20
    for lang, said in before.items():
        assert story.rule_in(lang) != said
        assert story.rule_in(lang) in plain(story.body_in(lang)), "the sentence in the text is the rule's, at once"
    assert CHANGED in plain(story.body_in("zh_CN"))


def asked(story):
    """Everybody of the workshop is asked, outside nobody; the mail says what changes and leads to the comparison."""
    assert sorted(row["reader_id"][1] for row in story.readings()) == ["张伟", "李小红", "王建国"]
    mails = story.mails("ops_handbook.ops_article_reading_cron")
    told = [mail for mail in mails if TITLE in mail["Subject"] or TITLE in plain(story.mailbox.html(mail))]
    assert receivers(told) == {"head": 1, "employee": 1, "colleague": 1}, subjects(mails)
    for mail in told:
        if said := english_words(mail["Subject"]) + english_words(plain(story.mailbox.html(mail))):
            story.english.append((mail["Subject"], said))
        assert any("compare=" in link for link in story.mailbox.links(mail)), story.mailbox.links(mail)
    [link] = {link for link in story.mailbox.links(told[0]) if "compare=" in link}
    head = story.person("head")
    head.page.goto(link)
    head.page.wait_for_selector(".o_ops_diff ins")
    settle(head.page)
    assert CHANGED in head.page.locator(".o_ops_diff .o_ops_diff_after ins").all_inner_texts()[-1]
    assert head.page.locator(".o_ops_diff_rules ins").count() == 1
    story.picture(head, "05_compare")


def read(story):
    """Each confirms for themself: the employee on the phone, from My work."""
    employee = story.person("employee", phone=True)
    own = story.rpc("employee", on=story.server)  # what somebody has read is no business of operations
    [clock] = own.call("ops.obligation", "search_read", [("code", "=", "H2")], ["result"])
    employee.goes_to("/odoo/my-work")
    employee.page.locator(f".o_ops_row[href='/odoo/ops.obligation/{clock['id']}']").first.click()
    confirm(story, employee, "06_phone")
    [done] = own.call("ops.obligation", "read", [clock["id"]], ["result"])
    assert done["result"] == "met" and not story.clocks("H2")
    states = {row["reader_id"][1]: row["state"] for row in story.readings()}
    assert states == {"张伟": "asked", "李小红": "confirmed", "王建国": "asked"}


def confirm(story, person, name):
    person.page.wait_for_selector(".o_ops_confirm button")
    settle(person.page)
    story.picture(person, name)
    person.page.locator(".o_ops_confirm button").click()
    person.page.wait_for_selector(".o_ops_confirmed")
    settle(person.page)


def newcomer(story):
    """Somebody new gets the list by an activity, works through it on the phone, and the activity is done by itself."""
    admin, article = story.admin, story.article()["article_id"][0]
    keeper = story.rpc("opsadmin", on=story.server)
    second = keeper.call("ops.article", "search", [("id", "!=", article), ("is_published", "=", True)], limit=1)
    keeper.call("ops.article", "write", second, {"to_confirm": True})
    [group] = admin.call("ir.model.data", "search_read", [("module", "=", "base"), ("name", "=", "group_user")], ["res_id"])
    user = admin.call("res.users", "create", {
        "name": "何苗", "login": "newcomer", "password": "newcomer", "email": "newcomer@company.example.com", "lang": "zh_CN",
        "tz": "Asia/Shanghai", "group_ids": [(6, 0, [group["res_id"]])],
    })
    [workshop] = admin.call("hr.department", "search", [("name", "=", "装配车间")])
    employee = admin.call("hr.employee", "create", {"name": "何苗", "user_id": user, "department_id": workshop})
    [plan] = admin.call("ir.model.data", "search_read", [("name", "=", "ops_handbook_activity_plan")], ["res_id"])
    wizard = admin.call("mail.activity.schedule", "create", {
        "res_model": "hr.employee", "res_ids": str([employee]), "plan_id": plan["res_id"], "plan_date": "2026-09-28",
    })
    admin.call("mail.activity.schedule", "action_schedule_plan", [wizard])
    list_of = story.readings(("reader_id", "=", user))
    assert len(list_of) == 2 and all(row["is_onboarding"] for row in list_of), list_of
    story.people["newcomer"] = person = Person(story.page("newcomer", phone=True, on=story.server))
    for number in (1, 2):
        person.goes_to("/odoo/ops-readings")
        story.picture(person, f"07_list_{number}")
        person.page.locator(".o_kanban_record button[name=action_read].btn-primary").first.click()
        confirm(story, person, f"08_newcomer_{number}")
    assert {row["state"] for row in story.readings(("reader_id", "=", user))} == {"confirmed"}
    left = admin.call("mail.activity", "search_count", [("res_model", "=", "hr.employee"), ("res_id", "=", employee)])
    assert left == 0, "the activity is done by itself"


def lesson(story):
    """The lessons of September: publishing them proposes the change to whoever keeps the article."""
    client, article = Chinese(story.office), story.article()["article_id"][0]
    record = client.call("ops.lesson", "create", {"month": "2026-09-01", "line_ids": [(0, 0, {
        "name": CASE, "story": "校准表未及时更新。", "cause": "没有人负责。", "learnt": LEARNT, "decision": "revise_handbook",
        "change_wanted": LEARNT, "article_id": article,
    })]})
    client.call("ops.lesson", "action_compile", [record])
    person = story.person("operations")
    person.opens_form("ops.lesson", record)
    agrees(person, "action_publish")
    story.picture(person, "09_lesson")
    [line] = client.call("ops.lesson.line", "search_read", [("lesson_id", "=", record)], ["proposal_id", "version_id"])
    assert line["proposal_id"] and not line["version_id"]
    story.line = line["id"]
    story.proposal = line["proposal_id"][0]


def third_version(story):
    """The GM office takes it up, operations write it, the GM publishes version 3, for neither of the two may."""
    office = story.person("gmoffice")
    office.opens_form("ops.article.proposal", story.proposal)
    story.picture(office, "10_proposal")
    office.presses("action_accept")
    assert office.state() == "accepted"
    [proposal] = story.office.call("ops.article.proposal", "read", [story.proposal], ["version_id"])
    writer = story.person("operations")
    writer.opens_form("ops.article.version", proposal["version_id"][0])
    types_at_end(writer, LEARNT)
    writer.writes("reason", "九月案例的教训。")
    writer.saves()
    writer.presses("action_submit")
    assert writer.state() == "submitted"
    office.opens_form("ops.article.version", proposal["version_id"][0])
    assert not office.page.locator("button[name=action_publish]:visible").count(), "whoever began it does not publish it"
    manager = story.person("gm")
    manager.opens_form("ops.article.version", proposal["version_id"][0])
    agrees(manager, "action_publish")
    story.picture(manager, "11_version_3")
    last = story.versions()[-1]
    assert (last["version"], last["state"], last["proposal_ids"]) == (3, "published", [story.proposal])
    [line] = Chinese(story.office).call("ops.lesson.line", "read", [story.line], ["proposal_id", "version_id"])
    assert line["version_id"][0] == last["id"]
    [proposal] = story.office.call("ops.article.proposal", "read", [story.proposal], ["state", "source_id"])
    assert (proposal["state"], proposal["source_id"]) == ("settled", story.line)
    writer.opens_form("ops.lesson.line", story.line)
    story.picture(writer, "12_case")
    for mail in story.mails("ops_handbook.ops_article_reading_cron"):
        for link in story.mailbox.links(mail):
            if "/odoo/ops" in link and "compare=" not in link:
                opens(story, mail.receivers[0].split("@")[0], link)
