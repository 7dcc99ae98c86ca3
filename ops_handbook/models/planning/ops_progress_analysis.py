from odoo import api, fields, models


class OpsProgressAnalysis(models.Model):
    """What the GM office says of all departments' progress: of a month, or of a quarter for its review."""

    _name = "ops.progress.analysis"
    _description = "Analysis of Progress"
    _inherit = ["ops.form.mixin"]
    _order = "period desc, id desc"

    _flow = {
        "draft": {"published": {"gm_office"}, "cancelled": {"gm_office"}},
        "published": {},
        "cancelled": {},
    }
    _flow_reason = {"cancelled"}
    _flow_closed = {"published", "cancelled"}
    _flow_decider = "gm_office"
    _flow_buttons = {"can_publish": "published", "can_cancel": "cancelled"}
    _form_decision_code = None

    cycle_id = fields.Many2one("ops.cycle", required=True, index=True, ondelete="restrict")
    period = fields.Char(required=True, index=True, help="A month like 2027-03 or a quarter like 2027-Q1.")
    body = fields.Html(string="Analysis", sanitize_style=True)
    can_publish = fields.Boolean(compute="_compute_can")

    _once = models.UniqueIndex(
        "(cycle_id, period) WHERE state != 'cancelled'", "Period: there is an analysis of it already. Open that one."
    )

    @api.model
    def _selection_state(self):
        return [
            ("draft", self.env._("Draft")),
            ("published", self.env._("Published")),
            ("cancelled", self.env._("Cancelled")),
        ]
