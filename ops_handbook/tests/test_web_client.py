from odoo.tests import HttpCase, tagged


@tagged("post_install", "-at_install", "ops_my_work")
class TestWebClient(HttpCase):
    """The unit tests of our own components, in Chromium."""

    def test_units(self):
        self.browser_js(
            f"/web/tests?headless&loglevel=2&preset=desktop&timeout=15000&id={self._suite('@ops_handbook')}",
            "", "", login="admin", timeout=300, success_signal="[HOOT] Test suite succeeded",
        )

    @staticmethod
    def _suite(name):
        """Return the id that Hoot gives to a suite: a hash of its name."""
        value = 0
        for char in name:
            value = ((value << 5) - value + ord(char)) & 0xFFFFFFFF
        return f"{value:08x}"
