from odoo import fields, models


class ResCompany(models.Model):
    """What the GM office may decide by itself when a released plan changes."""

    _inherit = "res.company"

    ops_change_office_owner = fields.Boolean(
        string="GM Office Decides on Owners", default=True, help="Otherwise the general manager does."
    )
    ops_change_office_dates = fields.Selection(
        [("none", "Never"), ("month", "Inside the Month"), ("quarter", "Inside the Quarter"), ("year", "Inside the Year")],
        string="GM Office Decides on Dates", default="quarter", help="How far a date may move without the general manager.",
    )
    ops_change_office_percent = fields.Float(
        string="GM Office Decides on Values up to (%)", default=0.0,
        help="How much a figure may differ from what it was without the general manager; 0: not at all.",
    )

    _ops_change_percent_sane = models.Constraint(
        "CHECK(ops_change_office_percent IS NULL OR ops_change_office_percent BETWEEN 0 AND 100)",
        "GM office decides on values: choose 0 to 100 percent.",
    )
