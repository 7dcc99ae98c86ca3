from odoo import fields, models


class ResCompany(models.Model):
    """How long people may add what they forgot to log."""

    _inherit = "res.company"

    ops_log_days_back = fields.Integer(
        string="Logs Written up to (Days Back)", default=7,
        help="Calendar days after which the log of a day is closed for everybody; 0: it is written on the day itself.",
    )

    _ops_log_days_back_sane = models.Constraint(
        "CHECK(ops_log_days_back IS NULL OR ops_log_days_back BETWEEN 0 AND 60)", "Logs: choose 0 to 60 days back."
    )
