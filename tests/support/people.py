"""What people do in the web client, in words: the tests read as stories."""

from contextlib import contextmanager
from io import BytesIO

from PIL import Image

from .browser import scrolls_sideways, settle


def photo():
    """A picture as a phone takes it, with the place where it was taken in its EXIF data."""
    picture = Image.new("RGB", (1600, 1200), (120, 30, 30))
    exif = Image.Exif()
    exif[0x010F], exif[0x9003] = "Phone of Li Xiaohong", "2026:09:30 09:58:00"
    exif.get_ifd(0x8825)[1] = "N"
    file = BytesIO()
    picture.save(file, "JPEG", exif=exif)
    return file.getvalue()


class Person:
    """Somebody at their screen. Everything is found by field and button names, so that the language does not matter."""

    def __init__(self, page):
        self.page = page

    def goes_to(self, path):
        self.page.goto(path)
        settle(self.page)
        self.sees_no_sideways()

    def opens_form(self, model, record):
        """Open a record, as the address bar does."""
        self.goes_to(f"/odoo/{model}/{record}")
        self.page.wait_for_selector(".o_form_view")

    def presses(self, button):
        """Press a button of the form by the name of its method, wherever the screen has put it."""
        found = self.page.locator(f".o_form_view button[name={button}]:visible")
        if not found.count():
            self.page.locator(".o_statusbar_buttons .dropdown-toggle, .o_statusbar_buttons .o-dropdown").first.click()
            found = self.page.locator(f"button[name={button}]:visible")
        found.first.click()
        settle(self.page)

    @contextmanager
    def dialog(self, button="action_confirm"):
        """Fill the dialog that is open, then confirm it."""
        self.page.wait_for_selector(".modal .o_form_view")
        self.sees_no_sideways()
        yield self
        self.page.locator(f".modal button[name={button}]").click()
        self.page.wait_for_selector(".modal", state="detached")
        settle(self.page)

    def field(self, name):
        return self.page.locator(f".modal .o_field_widget[name={name}], .o_form_view .o_field_widget[name={name}]").last

    def writes(self, name, text):
        self.field(name).locator("input, textarea").first.fill(text)

    def chooses(self, name, text):
        """Choose the record `text` in a many2one field."""
        field = self.field(name).locator("input").first
        if field.get_attribute("readonly") is not None:  # a phone opens a list of its own
            field.click()
            self.page.locator(".modal .o_kanban_record, .modal .o_data_row", has_text=text).first.click()
            self.page.wait_for_selector(".modal", state="detached")
            return
        field.fill(text)
        self.page.locator(".o-autocomplete--dropdown-item", has_text=text).first.click()

    def chooses_in(self, row, name, text):
        """Choose the record `text` in a cell of a list."""
        row.locator(f"[name={name}] input").fill(text)
        self.page.locator(".o-autocomplete--dropdown-item", has_text=text).first.click()

    def adds_row(self, name):
        """Begin a new line of a list and return it."""
        found = self.page.locator(f".o_field_widget[name={name}]")
        found.locator(".o_field_x2many_list_row_add a, .o_field_x2many_list_row_add button").first.click()
        settle(self.page)
        return found.locator(".o_selected_row")

    def writes_date(self, name, day):
        """Type a day ("2026-10-30") into a date field."""
        field = self.field(name)
        field.locator("button, input").first.click()
        field.locator("input").first.fill(day)
        field.locator("input").first.press("Tab")

    def opens_tab(self, name):
        self.page.locator(f".o_notebook .nav-link[name={name}]").first.click()
        settle(self.page)

    def ticks(self, name, value):
        """Choose a radio button by the value of its selection."""
        self.field(name).locator(f"input[data-value='{value}']").check(force=True)

    def saves(self):
        self.page.locator(".o_form_button_save").click()
        settle(self.page)
        self.page.wait_for_selector(".o_form_saved, .o_form_readonly, .o_form_view", timeout=5_000)

    def state(self):
        """The state that the form's status bar shows, as its technical value."""
        return self.page.locator(".o_field_statusbar [aria-checked=true], .o_field_statusbar .o_arrow_button_current").first.get_attribute("data-value")

    def sees_no_sideways(self):
        assert not scrolls_sideways(self.page), f"{self.page.url} scrolls sideways"
