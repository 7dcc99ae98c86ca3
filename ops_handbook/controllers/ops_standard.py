from odoo.http import Controller, request, route


class OpsStandard(Controller):
    """Where the link of a live standard leads, from a screen, a mail or a page on paper."""

    @route("/ops/standard/<path:code>", type="http", auth="user", methods=["GET"])
    def open(self, code, **_params):
        """Lead to the form that fulfils the standard, for whoever follows the link."""
        standards = request.env["ops.standard"]
        return request.redirect(standards._action_url(standards.action_open_live(code)))
