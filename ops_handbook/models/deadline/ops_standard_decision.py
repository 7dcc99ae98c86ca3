from odoo import fields, models


class OpsStandard(models.Model):
    """Which standards ask somebody to look at what others have handed in."""

    _inherit = "ops.standard"

    is_decision = fields.Boolean(
        string="Review or Decision",
        help="Asks for a review or a decision on what somebody else has done: it stands in a list of its own in My Work.",
    )
