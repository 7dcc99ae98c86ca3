"""Whoever works in Chinese reads no English word: not on a screen, not in a message, not in a mail."""

import re

import pytest
from lxml import etree

from .support.browser import settle
from .support.scenes import Chinese, ahead, collaborate, department, ids, person
from .support.server import sql
from .support.words import english_words, plain, visible

# what Odoo's own parts of our models say is Odoo's
FOREIGN = re.compile(r"^(message_|activity_|my_activity_|website_message|has_message|rating_|__last)")


@pytest.fixture(scope="module")
def company(new_server):
    return new_server("company")


@pytest.fixture(scope="module")
def chinese(company, rpc):
    """The administrator in Chinese, who may open every screen."""
    admin = rpc("admin", on=company)
    admin.call("res.users", "write", [admin.uid], {"lang": "zh_CN"})
    groups = [admin.ref(f"ops_handbook.group_{name}") for name in ("operations", "gm_office", "general_manager", "administrator")]
    admin.call("res.users", "write", [admin.uid], {"group_ids": [(4, group) for group in groups]})
    return admin


def speaks_chinese(chinese, call, *arguments, **options):
    return chinese.call(*call, *arguments, context={"lang": "zh_CN"}, **options)


def our_models(company):
    return [row[0] for row in sql(company.database, "SELECT model FROM ir_model WHERE model LIKE 'ops.%' AND NOT abstract ORDER BY 1")]


def test_words_of_all_fields(company, chinese):
    """Labels, helps and choices of every field of ours, on the models of others as well."""
    found = {}
    others = ("res.company", "hr.department", "res.users", "res.config.settings", "resource.calendar.leaves")
    for model in [*our_models(company), *others]:
        if not sql(company.database, f"SELECT 1 FROM ir_model_access a JOIN ir_model m ON m.id = a.model_id WHERE model = '{model}'"):
            continue
        for name, field in speaks_chinese(chinese, (model, "fields_get"), attributes=["string", "help", "selection"]).items():
            if FOREIGN.match(name) or (model in others and not name.startswith("ops_")) or name in ("id", "display_name"):
                continue
            # lists of countries' time zones, languages and models are not ours
            choices = [] if len(field.get("selection", ())) > 40 else [label for _key, label in field.get("selection", ())]
            words = english_words(" ".join([field["string"], field.get("help") or "", *map(str, choices)]))
            if words:
                found[f"{model}.{name}"] = words
    assert not found, found


def test_words_of_all_views(company, chinese):
    """Titles, buttons, hints and texts of every view and every action of ours."""
    found = {}
    views = sql(company.database, """
        SELECT v.model, v.type, v.id FROM ir_ui_view v JOIN ir_model_data d ON d.model = 'ir.ui.view' AND d.res_id = v.id
        WHERE d.module = 'ops_handbook' AND v.type != 'qweb' AND v.model LIKE 'ops.%' AND v.active ORDER BY 1, 2""")
    for model, kind, view in views:
        arch = speaks_chinese(chinese, (model, "get_views"), [[int(view), kind]])["views"][kind]["arch"]
        words = english_words(" ".join(words_of(etree.fromstring(arch))))
        if words:
            found[f"{model} {kind} {view}"] = words
    names = sql(company.database, """
        SELECT name, translate(text, E'\\n', ' ') FROM (
        SELECT d.name, r.name->>'zh_CN' AS text FROM ir_model_data d JOIN ir_ui_menu r ON d.model = 'ir.ui.menu' AND r.id = d.res_id WHERE d.module = 'ops_handbook'
        UNION ALL SELECT d.name, (r.name->>'zh_CN') || ' ' || coalesce(r.help->>'zh_CN', '') FROM ir_model_data d JOIN ir_actions r ON d.model LIKE 'ir.actions.%' AND r.id = d.res_id WHERE d.module = 'ops_handbook'
        UNION ALL SELECT d.name, (r.name->>'zh_CN') FROM ir_model_data d JOIN res_groups r ON d.model = 'res.groups' AND r.id = d.res_id WHERE d.module = 'ops_handbook'
        UNION ALL SELECT d.name, concat_ws(' ', r.name->>'zh_CN', r.verb->>'zh_CN') FROM ir_model_data d JOIN ops_standard r ON d.model = 'ops.standard' AND r.id = d.res_id) AS all_names""")
    found |= {name: english_words(plain(text)) or "not translated" for name, text in names if english_words(plain(text)) or not text}
    assert not found, found


def words_of(node):
    for element in node.iter(etree.Element):
        yield from (element.get(name) or "" for name in ("string", "placeholder", "help", "title", "confirm", "aria-label", "sum", "avg"))
        yield from (element.text or "", element.tail or "")


# what is ours of a screen: Odoo's own control panel and chatter have untranslated hints of their own
OURS = (
    ".o_ops_my_work, .o_ops_cockpit, .o_ops_quick, .o_form_sheet_bg, .o_form_statusbar, .o_list_renderer, .o_last_breadcrumb_item, "
    ".o-mail-Message-body, .o_menu_sections, .o_menu_brand"
)
SCREENS = [
    ("operations", "/odoo/my-work"), ("operations", "/odoo/cockpit"), ("operations", "/odoo/ops-problems"), ("operations", "/odoo/ops-problems/{report}"),
    ("operations", "/odoo/ops.obligation/{clock}"), ("employee", "/odoo/report-problem"), ("employee", "/odoo/ops-problems/new"),
    ("employee", "/odoo/ops-problems/{report}"), ("head", "/odoo/ops-problems/{report}"),
    ("head", "/odoo/ops-collaborations/new"), ("head", "/odoo/ops-collaborations/{collaboration}"),
    ("head", "/odoo/ops.collaboration.brief/{brief}"), ("employee", "/odoo/ops.collaboration.item/{item}"),
    ("otherhead", "/odoo/ops-collaboration-parties/{party}"), ("operations", "/odoo/ops-collaborations"),
    ("operations", "/odoo/ops-collaborations/{collaboration}"), ("operations", "/odoo/ops-meetings"),
    ("operations", "/odoo/ops-meetings/new"), ("operations", "/odoo/ops-meetings/{meeting}"),
    ("operations", "/odoo/ops-meetings/{meeting}/ops-minutes"), ("operations", "/odoo/ops-meeting-minutes/{minutes}"),
    ("operations", "/odoo/ops.meeting.answer/{answer}"), ("operations", "/odoo/ops.resolution/{resolution}"),
    ("operations", "/odoo/ops.reminder.letter/{letter}"), ("operations", "/odoo/ledger"),
    ("operations", "/odoo/ops-meeting-series/new"), ("operations", "/odoo/reminder-letters"),
    ("admin", "/odoo/action-ops_handbook.ops_reminder_level_action"), ("admin", "/odoo/ops-meeting-types"),
    ("admin", "/odoo/ops-chat-bots/new"),
]


@pytest.fixture(scope="module")
def scene(company, rpc):
    """A collaboration that runs, its kick-off minuted and objected to, and a letter about its resolution; ids by name."""
    operations = Chinese(rpc("operations", on=company))
    found = collaborate(rpc, company, "试产", "head", department(operations, "装配车间"), "otherhead",
                        department(operations, "市场营销部"), person(operations, "employee"))
    scene = {model.rsplit(".", 1)[-1]: records[0] for model, records in found.items() if model != "files"}
    [[late]] = sql(company.database, f"""
        UPDATE ops_obligation SET date_due = date_due - interval '40 days', date_original = date_original - interval '40 days'
        WHERE source_model = 'ops.resolution' AND source_id = {scene['resolution']} RETURNING id""")
    operations.call("ops.obligation", "action_draft_letter", [int(late)])
    [scene["letter"]] = ids(operations, "ops.reminder.letter", ("obligation_id", "=", int(late)))
    return scene


def test_screens_as_they_stand(company, page, rpc, chinese, scene, screenshot):
    """What Chromium shows, with the titles and hints of buttons: the sum of everything, templates of our own included."""
    report = rpc("employee", on=company).call(
        "ops.problem", "quick_report", {"name": "叉车漏油", "description": "见照片", "proposed_severity": "1"},
        context={"lang": "zh_CN"})["id"]
    operations = rpc("operations", on=company)
    [workshop] = operations.call("hr.department", "search", [("name", "=", "装配车间")])
    operations.call("ops.problem", "action_accept", [report], severity="1", department_id=workshop, context={"lang": "zh_CN"})
    [[clock]] = sql(company.database, f"SELECT max(id) FROM ops_obligation WHERE source_id = {report}")
    people, found = {}, {}
    for login, path in SCREENS:
        path = path.format(report=report, clock=clock, **scene)
        if login not in people:
            people[login] = page(login, lang="zh_CN", on=company)
        people[login].goto(path)
        settle(people[login])
        words = english_words(visible(people[login], OURS))
        if words:
            found[f"{login} {path}"] = words
            screenshot(people[login], f"english_{login}_{len(found)}")
    assert not found, found


PRINTS = [
    ("ops_collaboration_report", "collaboration"), ("ops_collaboration_brief_report", "brief"), ("ops_meeting_report", "meeting"),
    ("ops_meeting_notice_report", "meeting"), ("ops_meeting_minutes_report", "minutes"), ("ops_reminder_letter_report", "letter"),
]


def test_printed_forms(company, rpc, scene):
    """What is printed of forms 9 to 13, as the page that becomes the PDF."""
    operations, found = rpc("operations", on=company), {}
    for report, name in PRINTS:
        answer = operations.get(f"/report/html/ops_handbook.{report}/{scene[name]}")
        assert answer.status_code == 200, (report, answer.text[-2000:])
        words = english_words(plain(answer.text))
        if words:
            found[report] = words
    assert not found, found


def test_public_pages(company, page, rpc):
    action = rpc("employee", on=company).call("res.company", "action_ops_report_anonymously", [1])
    visitor = page(lang="zh_CN", on=company)
    visitor.goto(action["url"])
    assert english_words(visible(visitor)) == []
    visitor.fill("#description", "地面湿滑")
    visitor.locator("button[type=submit]").click()
    visitor.wait_for_selector("#link")
    assert english_words(visible(visitor)) == []
    visitor.goto(visitor.input_value("#link"))
    assert english_words(visible(visitor)) == []


def test_mails_that_the_story_does_not_send(company, rpc, smtp_sink):
    """Rejected and returned; the others are read where they are sent, in the story of a problem."""
    employee, operations, admin = (rpc(login, on=company) for login in ("employee", "operations", "admin"))
    for action in ("action_reject", "action_return"):
        report = employee.call("ops.problem", "quick_report", {"name": "灯不亮", "description": "走廊"})
        operations.call("ops.problem", action, [report["id"]], "请说明位置")
    admin.run_cron("mail.ir_cron_mail_scheduler_action")
    mails = smtp_sink.wait(4, to="employee@company.example.com")
    for mail in mails:
        assert english_words(mail["Subject"]) == [], mail["Subject"]
        assert english_words(plain(smtp_sink.html(mail))) == [], plain(smtp_sink.html(mail))


def test_mails_of_a_collaboration_that_the_story_does_not_send(company, rpc, smtp_sink):
    """Returned, cancelled; another lead, done, assessed; an objection that was answered."""
    head, operations, admin, employee, colleague = (
        Chinese(rpc(login, on=company)) for login in ("head", "operations", "admin", "employee", "colleague"))
    workshop, sales = (department(operations, name) for name in ("装配车间", "市场营销部"))
    found = collaborate(rpc, company, "试装", "head", workshop, "otherhead", sales, person(operations, "employee"))
    operations.call("ops.meeting.answer", "action_answer_objection", found["ops.meeting.answer"], "测试记录在附件里")
    operations.call("ops.collaboration", "write", found["ops.collaboration"], {"lead_id": person(operations, "colleague")})
    employee.call("ops.resolution", "action_done", found["ops.resolution"])
    colleague.call("ops.collaboration", "action_finish", found["ops.collaboration"])
    head.call("ops.collaboration", "action_close", found["ops.collaboration"], "4", "按期完成")
    request = head.call("ops.collaboration", "copy", found["ops.collaboration"], {"date_expected": ahead(company, 40)[:10]})
    request = request[0] if isinstance(request, list) else request
    head.call("ops.collaboration", "action_submit", [request])
    operations.call("ops.collaboration", "action_return", [request], "请写明验收标准")
    head.call("ops.collaboration", "action_cancel", [request], "不再需要")
    for cron in ("ops_handbook.ops_meeting_cron_invitations", "mail.ir_cron_mail_scheduler_action"):
        admin.client.run_cron(cron)
    texts = {mail["Subject"]: plain(smtp_sink.html(mail)) for mail in smtp_sink.messages}
    assert len(texts) >= 8, list(texts)
    wrong = {subject: english_words(subject + text) for subject, text in texts.items() if english_words(subject + text)}
    assert not wrong, wrong


def test_messages_of_the_server(company, rpc):
    """Refusals name the field and the remedy in Chinese."""
    from .support.client import RpcError

    employee = rpc("employee", on=company)
    employee.call("res.users", "write", [employee.uid], {"lang": "zh_CN"})
    context = {"lang": "zh_CN"}
    report = employee.call("ops.problem", "quick_report", {"name": "门锁坏了", "description": "北门"})["id"]
    for model, method, arguments in (
        ("ops.problem", "quick_report", [{"name": ""}]),
        ("ops.problem", "quick_report", [{"name": "x" * 300}]),
        ("ops.problem", "action_verify", [[report], True]),
        ("ops.problem", "write", [[report], {"state": "closed"}]),
    ):
        with pytest.raises(RpcError) as refusal:
            employee.call(model, method, *arguments, context=context)
        assert english_words(str(refusal.value)) == [], str(refusal.value)
