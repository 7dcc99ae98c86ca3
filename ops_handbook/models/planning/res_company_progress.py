from odoo import fields, models

from ...tools.progress import AMBER, GREEN


class ResCompany(models.Model):
    """When progress is green, amber or red, and how early the drafts of progress reports are made."""

    _inherit = "res.company"

    ops_progress_green = fields.Float(
        string="Green from (%)", default=GREEN, help="Progress against the plan to date from which on it is as planned."
    )
    ops_progress_amber = fields.Float(
        string="Amber from (%)", default=AMBER, help="Below green, from here on it is at risk; below this it is red."
    )
    ops_progress_lead_days = fields.Integer(
        string="Drafts of Progress Reports", default=5, help="Working days ahead of the due time at which drafts are made."
    )

    _ops_progress_lights_sane = models.Constraint(
        "CHECK(ops_progress_amber >= 0 AND ops_progress_amber <= ops_progress_green AND ops_progress_green <= 100)",
        "Lights of progress: choose 0 to 100 percent, and amber not above green.",
    )
    _ops_progress_lead_sane = models.Constraint(
        "CHECK(ops_progress_lead_days BETWEEN 0 AND 20)", "Drafts of progress reports: choose 0 to 20 working days."
    )

    def _ops_progress_thresholds(self):
        """Return from which attainment on progress is green, and amber (percent)."""
        return (self.ops_progress_green, self.ops_progress_amber) if self else (GREEN, AMBER)
