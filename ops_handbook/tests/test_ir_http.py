from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger


@tagged("post_install", "-at_install")
class TestIrHttp(HttpCase):
    """What somebody sends reaches nobody as an error of the server."""

    def test_an_error_that_cites_half_a_character_is_answered(self):
        self.authenticate("admin", "admin")
        with mute_logger("odoo.http"):
            answer = self.url_open("/web/dataset/call_kw/ops.article/action_revise", json={
                "jsonrpc": "2.0", "method": "call", "id": 1,
                "params": {"model": "ops.article", "method": "action_revise", "args": [self.env["ops.article"].search([], limit=1).ids], "kwargs": {"lang": "half \ud800"}},
            })
        self.assertEqual(answer.status_code, 200)
        error = answer.json()["error"]
        self.assertIn("ValidationError", error["data"]["name"])
        self.assertIn("half \N{REPLACEMENT CHARACTER}", error["data"]["message"])
