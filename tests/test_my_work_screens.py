"""The first screen and the quick form in a real browser: they fit a phone, can be read by everybody, and work."""

import io
import random

import pytest
from PIL import Image

from .support.browser import accessibility, scrolls_sideways, settle

SCREENS = [
    ("employee", "zh_CN", True),
    ("employee", "en_US", False),
    ("operations", "en_US", True),
    ("operations", "zh_CN", False),
    ("newcomer", "zh_CN", True),
]


def opened(page, path, ready):
    page.goto(path)
    page.wait_for_selector(ready)
    settle(page)
    return page


@pytest.fixture(scope="session")
def photo(tmp_path_factory):
    """A photo as a phone takes it: large, and with the name of the phone inside."""
    path = tmp_path_factory.mktemp("photo") / "photo.jpg"
    exif = Image.Exif()
    exif[0x010F] = "Telltale Camera"
    pixels = bytes(random.Random(1).randrange(256) for _ in range(300 * 200 * 3))
    Image.frombytes("RGB", (300, 200), pixels).resize((3000, 2000)).save(path, exif=exif)
    return path


@pytest.mark.parametrize(("login", "lang", "phone"), SCREENS)
@pytest.mark.parametrize(("path", "root"), [("/odoo/my-work", ".o_ops_my_work"), ("/odoo/report-problem", ".o_ops_quick")])
def test_fits_and_reads(page, screenshot, login, lang, phone, path, root):
    shown = opened(page(login, lang=lang, phone=phone), path, f"{root} h1")
    screenshot(shown, "_".join([root.removeprefix(".o_ops_"), login, lang, "phone" if phone else "desktop"]))
    assert not scrolls_sideways(shown)
    assert not shown.evaluate("(root) => { const box = document.querySelector(root); return box.scrollWidth > box.clientWidth + 1 }", root)
    assert accessibility(shown, root) == []


@pytest.mark.parametrize(("login", "lang", "phone"), [("gm", "zh_CN", False), ("head", "zh_CN", True), ("operations", "en_US", True)])
def test_cockpit_fits_and_opens_what_it_counts(page, screenshot, login, lang, phone):
    shown = opened(page(login, lang=lang, phone=phone), "/odoo/cockpit", ".o_ops_heat button")
    screenshot(shown, "_".join(["cockpit", login, lang, "phone" if phone else "desktop"]))
    assert not scrolls_sideways(shown)
    drawn = shown.evaluate("""() => {
        const canvas = document.querySelector('.o_ops_ring canvas');
        return new Set(canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data).size;
    }""")
    assert drawn > 3, "the ring is empty"
    overdue = int(shown.locator(".o_ops_tile[name=overdue] .o_ops_tile_value").inner_text())
    shown.locator(".o_ops_tile[name=overdue]").click()
    shown.wait_for_selector(".o_list_view, .o_kanban_view")
    settle(shown)
    rows = shown.locator(".o_data_row, .o_kanban_record:not(.o_kanban_ghost)")
    assert rows.count() == min(overdue, 80 if not phone else 40) or overdue == rows.count()
    if overdue:
        rows.first.click()
        shown.wait_for_selector(".o_form_view")


def test_first_screen_of_the_app(rpc):
    menus = rpc("employee").get("/web/webclient/load_menus").json()
    root = next(menu for menu in menus.values() if menu.get("xmlid") == "ops_handbook.ops_menu_root")
    assert root["actionPath"] == "my-work"


def test_keyboard_reaches_every_row(page):
    shown = opened(page("operations", lang="en_US"), "/odoo/my-work", ".o_ops_row")
    shown.locator(".o_ops_refresh").focus()
    for _ in range(3):
        shown.keyboard.press("Tab")
    assert shown.evaluate("document.activeElement.matches('.o_ops_row, .o_ops_big, .o_ops_my_work *')")
    shown.locator(".o_ops_row").first.focus()
    shown.keyboard.press("Enter")
    shown.wait_for_selector(".o_form_view")


def test_report_with_a_photo_in_one_hand(page, rpc, photo):
    """A phone, a thumb, a photo: the report is filed in the employee's name, and the photo keeps no secrets."""
    shown = opened(page("employee", lang="zh_CN", phone=True), "/odoo/my-work", ".o_ops_big_report")
    shown.tap(".o_ops_big_report")
    shown.fill("#o_ops_quick_name", "3号线传送带异响")
    shown.fill("#o_ops_quick_description", "早班开始后有摩擦声")
    shown.set_input_files("input[name=gallery]", photo)
    shown.wait_for_selector(".o_ops_photo img")
    shown.tap(".o_ops_level_2")
    shown.tap(".o_ops_send button")
    number = shown.locator(".o_ops_quick_done strong").inner_text()
    employee = rpc("employee")
    [problem] = employee.call(
        "ops.problem", "search_read", [["number", "=", number]], ["state", "channel", "author_id", "proposed_severity", "photo_ids"])
    assert (problem["state"], problem["channel"], problem["proposed_severity"]) == ("new", "quick", "2")
    assert problem["author_id"][0] == employee.uid
    data = employee.get(f"/web/content/{problem['photo_ids'][0]}").content
    assert b"Telltale" not in data
    assert max(Image.open(io.BytesIO(data)).size) == 1600


def test_typed_text_survives_a_closed_page(page):
    shown = opened(page("employee", lang="zh_CN", phone=True), "/odoo/report-problem", "#o_ops_quick_name")
    shown.fill("#o_ops_quick_name", "门口积水")
    opened(shown, "/odoo/report-problem", "#o_ops_quick_name")
    assert shown.input_value("#o_ops_quick_name") == "门口积水"


def test_stale_save_is_refused_and_explained(page, rpc):
    """Two people in one form: the later save is refused, what was typed stays, a reload shows what the other wrote."""
    employee = rpc("employee")
    draft = employee.call("ops.problem", "create", [{"name": "Draft", "description": "text"}])[0]
    shown = opened(page("employee", lang="en_US"), f"/odoo/ops.problem/{draft}", ".o_field_widget[name=name]")
    employee.call("ops.problem", "write", [draft], {"suggestion": "from elsewhere"})
    name = shown.locator(".o_field_widget[name=name] input, .o_field_widget[name=name] textarea").first
    name.fill("Mine")
    shown.locator(".o_form_button_save").click()
    assert "while you were editing" in shown.locator(".modal-body").inner_text()
    shown.locator(".modal-footer .btn-secondary").click()
    assert name.input_value() == "Mine"
    shown.locator(".o_form_button_save").click()
    shown.locator(".modal-footer .btn-primary").click()
    settle(shown)
    assert name.input_value() == "Draft"
    name.fill("Mine after all")
    shown.locator(".o_form_button_save").click()
    settle(shown)
    assert employee.call("ops.problem", "read", [draft], ["name"])[0]["name"] == "Mine after all"
