"""Pictures of every screen on the demo company: script/pictures [NAME …].

All go to .odoo/screens/; those that the pages under docs/ show are also copied to docs/pictures/.
"""

import os
import re
import shutil
import sys
from pathlib import Path

DOCS = Path(__file__).resolve().parent
sys.path.insert(0, str(DOCS.parent))

from playwright.sync_api import sync_playwright  # noqa: E402

from tests.support import browser as chromium  # noqa: E402
from tests.support import server as servers  # noqa: E402
from tests.support.client import Client  # noqa: E402


def first(model, domain, order=None):
    """Return a function that finds the first record of a model, to open its form."""
    return lambda client: client.call(model, "search", domain, limit=1, **({"order": order} if order else {}))[0]


# name: (login, path or (path, record), what to click next)
SCREENS = {
    "my-work": ("operations", "my-work"),
    "my-work-employee": ("employee", "my-work"),
    "cockpit": ("gm", "cockpit"),
    "cockpit-head": ("head", "cockpit"),
    "problem-report": ("employee", "report-problem"),
    "problem-list": ("operations", "ops-problems"),
    "problem-form": ("operations", ("ops-problems", first("ops.problem", [("state", "=", "handling")]))),
    "problem-new": ("operations", ("ops-problems", first("ops.problem", [("proposed_severity", "=", "1")], "id desc"))),
    "problem-accept": ("operations", ("ops-problems", first("ops.problem", [("state", "=", "new")], "id desc")),
                       "button[name=action_accept]"),
    "problem-plan": ("head", ("ops-problem-plans", first("ops.problem.plan", []))),
    "problem-plan-list": ("operations", "ops-problem-plans"),
    "measures": ("operations", "ops-problem-measures"),
    "verifications": ("operations", "ops-problem-verifications"),
    "lesson": ("operations", ("ops-lessons", first("ops.lesson", [], "month desc"))),
    "lessons": ("operations", "ops-lessons"),
    "cases": ("employee", "ops-cases"),
    "deadlines": ("operations", "deadlines"),
    "deadline-form": ("operations", ("deadlines", first("ops.obligation", [("state", "=", "open")]))),
    "deadline-changes": ("operations", "action-ops_handbook.ops_obligation_change_action"),
    "standards": ("opsadmin", "standards"),
    "standard-form": ("opsadmin", ("standards", first("ops.standard", [("code", "=", "I2")]))),
    "reminders": ("operations", "action-ops_handbook.ops_obligation_reminder_action"),
    "substitutions": ("head", "action-ops_handbook.ops_substitution_action"),
    "figures": ("operations", "deadline-figures"),
    "calendar-days": ("opsadmin", "ops-calendar-days"),
    "holiday-wizard": ("admin", "action-ops_handbook.ops_holiday_wizard_action"),
    "start-wizard": ("admin", "action-ops_handbook.ops_start_wizard_action"),
    "meeting-list": ("operations", "ops-meetings"),
    "meeting-calendar": ("operations", "ops-meetings?view_type=calendar"),
    "meeting-draft": ("head", ("ops-meetings", first("ops.meeting", [("state", "=", "draft"), ("location", "!=", False)]))),
    "meeting-called": ("operations", ("ops-meetings", first("ops.meeting", [("state", "=", "called"), ("agenda_ids.attachment_ids", "!=", False)]))),
    "meeting-form": ("operations", ("ops-meetings", first("ops.meeting", [("minutes_ids.version", "=", 2)]))),
    "meeting-live": ("liaison", ("ops-meetings", first("ops.meeting", [
        ("state", "=", "held"), ("recorder_id.login", "=", "liaison")])), "button[name=action_write_minutes]"),
    "meeting-minutes": ("head", ("ops-meeting-minutes", first("ops.meeting.minutes", [("version", "=", 2)]))),
    "meeting-answers": ("operations", "ops-meeting-answers"),
    "meeting-series": ("head", ("ops-meeting-series", first("ops.meeting.series", [("whole_department", "=", False)]))),
    "meeting-series-list": ("operations", "ops-meeting-series"),
    "meeting-kinds": ("opsadmin", "ops-meeting-types"),
    "meeting-kind": ("opsadmin", ("ops-meeting-types", first("ops.meeting.type", [("kind", "=", "quarterly_review")]))),
    "resolutions": ("operations", "ops-resolutions"),
    "resolution-form": ("liaison", ("ops-resolutions", first("ops.resolution", [
        ("owner_id.login", "=", "liaison"), ("state", "=", "open")]))),
    "ledger": ("operations", "ledger"),
    "collaboration-list": ("operations", "ops-collaborations"),
    "collaboration-form": ("head.research", ("ops-collaborations", first("ops.collaboration", [("state", "=", "running")]))),
    "collaboration-submitted": ("head", ("ops-collaborations", first("ops.collaboration", [("state", "=", "submitted")]))),
    "collaboration-kickoff": ("operations", ("ops-collaborations", first("ops.collaboration", [("state", "=", "filed")])),
                              "button[name=action_plan_kickoff]"),
    "collaboration-party": ("branch.head", ("ops-collaboration-parties", first("ops.collaboration.party", [
        ("state", "=", "asked"), ("department_id.manager_id.user_id.login", "=", "branch.head")]))),
    "collaboration-items": ("operations", "ops-collaboration-items"),
    "collaboration-brief": ("xiao.ran", ("ops-collaboration-briefs", first("ops.collaboration.brief", [], "week_start desc"))),
    "letters": ("operations", "reminder-letters"),
    "letter-form": ("head", ("reminder-letters", first("ops.reminder.letter", [("state", "=", "issued")]))),
    "letter-draft": ("operations", ("reminder-letters", first("ops.reminder.letter", [("level", "=", 3)]))),
    "letter-levels": ("opsadmin", "action-ops_handbook.ops_reminder_level_action"),
    "bots": ("opsadmin", "ops-chat-bots"),
    "bot-form": ("opsadmin", ("ops-chat-bots", first("ops.chat.bot", [("active", "=", False)]))),
    "cycle-list": ("gmoffice", "ops-cycles"),
    "cycle-form": ("gmoffice", ("ops-cycles", first("ops.cycle", [("state", "=", "running")]))),
    "cycle-next": ("gmoffice", ("ops-cycles", first("ops.cycle", [("state", "in", ("preparation", "drafting"))], "year desc"))),
    "strategy-map": ("gm", "strategy-map"),
    "plan-list": ("gmoffice", "ops-plans"),
    "plan-form": ("head", ("ops-plans", first("ops.plan", [("department_id.manager_id.user_id.login", "=", "head")]))),
    "plan-breakdown": ("head", ("ops-plans", first("ops.plan", [("department_id.manager_id.user_id.login", "=", "head")])),
                       ".nav-link[name=breakdown]"),
    "plan-review-list": ("gmoffice", "ops-plan-reviews"),
    "plan-review": ("head.sales", ("ops-plan-reviews", first("ops.plan.review", [
        ("reviewer_id.login", "=", "head.sales"), ("verdict", "=", "conditional")]))),
    "plan-version": ("head.sales", ("ops-plan-versions", first("ops.plan.version", [("version", "=", 2)])),
                     ".nav-link[name=changes]"),
    "plan-change": ("gm", ("ops-plan-changes", first("ops.plan.change", [("state", "=", "checked")]))),
    "plan-change-list": ("gmoffice", "ops-plan-changes"),
    "progress-report": ("head", ("ops-progress-reports", first("ops.progress.report", [
        ("department_id.manager_id.user_id.login", "=", "head"), ("state", "=", "accepted")], "period desc"))),
    "progress-draft": ("head.sales", ("ops-progress-reports", first("ops.progress.report", [
        ("department_id.manager_id.user_id.login", "=", "head.sales")], "period desc"))),
    "progress-reports": ("gmoffice", "ops-progress-reports"),
    "progress-lines": ("gm", "ops-progress-lines"),
    "progress-analysis": ("gmoffice", ("ops-progress-analyses", first("ops.progress.analysis", [], "period desc"))),
    "milestones-year": ("gm", "ops-milestones"),
    "indicators": ("gm", "ops-kpis"),
    "indicator-figures": ("gm", "action-ops_handbook.ops_kpi_report_action"),
    "month-plan": ("head", ("ops-month-plans", first("ops.month.plan", [
        ("state", "=", "issued"), ("department_id.manager_id.user_id.login", "=", "head")]))),
    "month-plan-list": ("operations", "ops-month-plans"),
    "task-board": ("head", "ops-tasks?view_type=kanban"),
    "my-tasks": ("employee", "ops-my-tasks"),
    "task-form": ("employee", ("ops-my-tasks", first("ops.task", [("owner_id.login", "=", "employee"), ("state", "=", "progress")]))),
    "work-log": ("employee", "todays-log"),
    "work-log-list": ("employee", "ops-work-logs"),
    "department-logs": ("head", "ops-department-logs"),
    "missing-logs": ("head", "ops-missing-logs"),
    "log-rate": ("operations", "ops-log-rate"),
    "completion-draft": ("head", ("ops-completion-reports", first("ops.completion.report", [
        ("state", "=", "draft"), ("department_id.manager_id.user_id.login", "=", "head")]))),
    "completion-report": ("head", ("ops-completion-reports", first("ops.completion.report", [
        ("state", "=", "ruled"), ("department_id.manager_id.user_id.login", "=", "head")]))),
    "completion-objected": ("operations", ("ops-completion-reports", first("ops.completion.report", [
        ("state", "=", "final"), ("line_ids.objection", "!=", False)]))),
    "completion-list": ("operations", "ops-completion-reports"),
    "tasks-to-rule": ("operations", "ops-tasks-to-rule"),
    "improvement-plan": ("head", ("ops-improvement-plans", first("ops.improvement.plan", [
        ("state", "=", "returned"), ("department_id.manager_id.user_id.login", "=", "head")]))),
    "improvement-verify": ("operations", ("ops-improvement-plans", first("ops.improvement.plan", [
        ("state", "=", "accepted"), ("measure_ids.state", "=", "done")]))),
    "improvement-list": ("operations", "ops-improvement-plans"),
    "improvement-measures": ("employee", "ops-my-improvement-measures"),
    "month-analysis": ("operations", ("ops-month-analyses", first("ops.month.analysis", [("state", "=", "published")], "period desc"))),
    "month-analysis-draft": ("operations", ("ops-month-analyses", first("ops.month.analysis", [("state", "=", "draft")]))),
    "months-of-departments": ("gm", "ops-month-trend"),
    "weekly-meeting": ("head", ("ops-meetings", first("ops.meeting", [
        ("kind", "=", "weekly"), ("state", "=", "called"), ("department_id.manager_id.user_id.login", "=", "head")], "date_start"))),
    "handbook-cover": ("employee", "handbook"),
    "handbook-article": ("employee", ("handbook", first("ops.article", [
        ("is_published", "=", True), ("standard_ids.code", "=", "M2")]))),
    "handbook-reading-list": ("newcomer", "ops-readings"),
    "handbook-confirmations": ("head", "ops-confirmations"),
    "handbook-news": ("employee", "ops-handbook-news"),
    "handbook-search": ("employee", "handbook-search?q=催办函"),
    "handbook-articles": ("operations", "ops-articles"),
    "handbook-article-form": ("operations", ("ops-articles", first("ops.article", [("standard_ids.code", "=", "M2")]))),
    "handbook-revisions": ("gmoffice", "ops-article-versions"),
    "handbook-revision": ("gmoffice", ("ops-article-versions", first("ops.article.version", [("state", "=", "submitted")]))),
    "handbook-compare": ("employee", ("handbook-history", first("ops.article.version", [
        ("version", "=", 2), ("state", "=", "published")]))),
    "handbook-proposals": ("operations", "ops-article-proposals"),
    "handbook-proposal": ("operations", ("ops-article-proposals", first("ops.article.proposal", [("state", "=", "submitted")]))),
    "handbook-list": ("opsadmin", "ops-handbooks"),
    "handbook-form": ("opsadmin", ("ops-handbooks", first("ops.handbook", []))),
    "form-numbers": ("opsadmin", "ops-form-numbers"),
    "settings": ("admin", "action-ops_handbook.res_config_settings_action"),
}


def take(browser, server, name, lang, phone):
    login, path, *click = SCREENS[name]
    client = Client(server.url, server.database, login)
    page = chromium.open_page(browser, server, client, lang, phone)
    if isinstance(path, tuple):
        path = f"{path[0]}/{path[1](client)}"
    page.goto(f"/odoo/{path}")
    chromium.settle(page)
    for selector in click:
        page.locator(selector).first.click()
        chromium.settle(page)
    size = "phone" if phone else "desktop"
    picture = chromium.screenshot(page, f"{name}-{lang[:2]}-{size}")
    problems = list(page.errors)
    if phone and chromium.scrolls_sideways(page):
        problems.append("scrolls sideways")
    page.context.close()
    return picture, problems


def shown():
    """Return the names of the pictures that the documentation shows."""
    pages = [*DOCS.rglob("*.md"), DOCS.parent / "README.md"]
    return set(re.findall(r"pictures/([\w-]+)\.png", "\n".join(page.read_text(encoding="utf-8") for page in pages)))


def main(names):
    database = f"ops_pictures_{os.getpid()}"
    servers.clone("demo", database)
    wanted, failed = shown(), 0
    try:
        server = servers.Server(database).start()
        with sync_playwright() as playwright:
            browser = chromium.launch(playwright)
            for name in names or SCREENS:
                for lang in ("en_US", "zh_CN"):
                    for phone in (False, True):
                        try:
                            picture, problems = take(browser, server, name, lang, phone)
                        except Exception as error:
                            print(f"{name} {lang} {'phone' if phone else 'desktop'}: {str(error).splitlines()[0]}", flush=True)
                            failed += 1
                            continue
                        if picture.stem in wanted:
                            shutil.copy(picture, DOCS / "pictures" / picture.name)
                        print(picture.stem, *problems, sep="  ", flush=True)
            browser.close()
        server.stop()
    finally:
        servers.drop(database)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
