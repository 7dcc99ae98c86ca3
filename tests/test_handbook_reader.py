"""The handbook in a real browser: it fits a phone, everybody can read it, and a link leads to where it was copied."""

import pytest

from .support.browser import accessibility, scrolls_sideways, settle

SIZES = pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
LANGUAGES = pytest.mark.parametrize("lang", ["zh_CN", "en_US"])
TABLE = "<table><tbody><tr>" + "".join(f"<td>第{n}步：由部门负责人填写并签字</td>" for n in range(9)) + "</tr></tbody></table>"


@pytest.fixture(scope="module")
def company(new_server):
    return new_server("company")


@pytest.fixture(scope="module")
def article(company, rpc):
    """An article of the starter handbook of which operations wrote a second text that the GM office published as major."""
    operations, gm_office = rpc("operations", on=company), rpc("gmoffice", on=company)
    tree = operations.call("ops.article", "get_page")["tree"]
    found = next(item["id"] for item in tree if item["number"] == "3.4")
    operations.call("ops.article", "write", [found], {"to_confirm": True})
    version = operations.call("ops.article", "action_revise", [found], "zh_CN")["res_id"]
    [text] = operations.call("ops.article.version", "read", [version], ["body"])
    operations.call("ops.article.version", "write", [version], {
        "body": f"{text['body']}<p>由经办人与部门负责人共同签字。</p>{TABLE}", "change_kind": "major", "reason": "两人签字",
    })
    operations.call("ops.article.version", "action_submit", [version])
    gm_office.call("ops.article.version", "action_publish", [version])
    return found


def opened(page, path, ready):
    page.goto(path)
    page.wait_for_selector(ready)
    settle(page)
    return page


def check(page, within):
    assert not scrolls_sideways(page)
    assert not page.evaluate("(root) => { const box = document.querySelector(root); return box.scrollWidth > box.clientWidth + 1 }", within)
    assert accessibility(page, within) == []


@SIZES
@LANGUAGES
def test_fits_and_reads(company, page, article, lang, phone, screenshot):
    size = "phone" if phone else "desktop"
    reader = opened(page("employee", lang=lang, phone=phone, on=company), "/odoo/handbook", ".o_ops_cover")
    check(reader, ".o_ops_reader")
    opened(reader, f"/odoo/handbook/{article}", ".o_ops_text h2")
    check(reader, ".o_ops_reader")
    screenshot(reader, f"handbook_article_{lang}_{size}")
    reader.locator(".o_ops_article_actions .fa-history").click()
    reader.wait_for_selector(".o_ops_diff_rows .o_ops_diff_after")
    settle(reader)
    check(reader, ".o_ops_diff")
    screenshot(reader, f"handbook_diff_{lang}_{size}")


def test_the_link_of_a_mail_shows_what_changed(company, page, article, rpc):
    version = rpc("employee", on=company).call("ops.article", "get_page", article, None, "zh_CN")["article"]["text"]["id"]
    reader = opened(page("employee", lang="zh_CN", on=company), f"/odoo/handbook/{article}?compare={version}", ".o_ops_diff_rows")
    assert "共同签字" in "".join(reader.locator(".o_ops_diff_after ins").all_inner_texts())
    reader.wait_for_function("(id) => location.pathname.endsWith(`/handbook-history/${id}`)", arg=version)


def test_a_copied_link_leads_to_its_heading(company, page, article):
    reader = opened(page("employee", lang="zh_CN", on=company), f"/odoo/handbook/{article}", ".o_ops_text h2")
    reader.context.grant_permissions(["clipboard-read", "clipboard-write"])
    heading = reader.locator(".o_ops_text h2").nth(2)
    heading.hover()
    heading.locator("button").click()
    reader.wait_for_selector(".o_notification")
    link = reader.evaluate("navigator.clipboard.readText()")
    assert f"/odoo/handbook/{article}#" in link
    other = opened(page("employee", lang="zh_CN", on=company), link, ".o_ops_text h2")
    other.wait_for_function("document.querySelector('.o_ops_reader_main').scrollTop > 100")
    assert other.evaluate("document.activeElement.textContent").strip() == heading.inner_text().strip()


def test_opened_by_its_address_it_keeps_its_name(company, page, rpc):
    """Whoever comes by a link and revises finds the way back by the title; nothing without a name stands before it."""
    tree = rpc("operations", on=company).call("ops.article", "get_page")["tree"]
    other = next(item["id"] for item in tree if item["number"] == "1.4")
    writer = opened(page("operations", lang="zh_CN", on=company), f"/odoo/handbook/{other}", ".o_ops_text h2")
    writer.locator(".o_ops_article_actions .fa-pencil").click()
    writer.wait_for_selector(".o_form_view .o_field_widget[name=body]")
    settle(writer)
    [crumb] = writer.locator(".o_control_panel .breadcrumb-item").all_inner_texts()
    assert crumb.strip().startswith("1.4 ")


def test_contents_previous_and_next(company, page, article):
    """On the phone the contents are a drawer that the keyboard closes; the address follows what one reads."""
    reader = opened(page("employee", lang="zh_CN", phone=True, on=company), f"/odoo/handbook/{article}", ".o_ops_text h2")
    menu = reader.locator(".o_ops_reader_menu")
    menu.click()
    reader.wait_for_selector(".o_ops_reader_side.o_ops_open [aria-current=page]")
    assert accessibility(reader, ".o_ops_reader") == []
    reader.keyboard.press("Escape")
    reader.wait_for_selector(".o_ops_reader_side:not(.o_ops_open)", state="attached")
    assert reader.evaluate("document.activeElement.matches('.o_ops_reader_menu')")
    title = reader.locator("#o_ops_article_title").inner_text()
    reader.locator(".o_ops_turn_next").click()
    reader.wait_for_function("(title) => document.querySelector('#o_ops_article_title')?.innerText !== title", arg=title)
    reader.wait_for_function("(id) => !location.pathname.endsWith(`/${id}`)", arg=article)
    reader.go_back()
    reader.wait_for_function("(title) => document.querySelector('#o_ops_article_title')?.innerText === title", arg=title)


def test_proposing_what_was_selected(company, page, article):
    reader = opened(page("employee", lang="zh_CN", on=company), f"/odoo/handbook/{article}", ".o_ops_text p")
    words = reader.locator(".o_ops_text p").first
    text = words.inner_text()
    words.select_text()
    reader.locator(".o_ops_article_actions .fa-lightbulb-o").click()
    reader.wait_for_selector(".o_form_view [name=passage] textarea")
    assert reader.locator("[name=passage] textarea").input_value().strip() == text.strip()


def test_confirming(company, page, rpc, article):
    """H2: what one is asked to read is marked until one confirms it, on the page itself."""
    reader = opened(page("employee", lang="zh_CN", phone=True, on=company), f"/odoo/handbook/{article}", ".o_ops_confirm button")
    unread = reader.locator(".o_ops_contents .o_ops_unread").count()
    reader.locator(".o_ops_confirm button").click()
    reader.wait_for_selector(".o_ops_confirmed")
    assert reader.locator(".o_ops_contents .o_ops_unread").count() == unread - 1
    page_of = rpc("employee", on=company).call("ops.article", "get_page", article)
    assert page_of["article"]["reading"]["state"] == "confirmed"


def test_what_is_not_for_the_reader(company, page):
    reader = opened(page("employee", lang="zh_CN", on=company), "/odoo/handbook/999999999", ".o_ops_reader_empty")
    check(reader, ".o_ops_reader")
    assert reader.locator(".o_ops_contents").count() == 1
