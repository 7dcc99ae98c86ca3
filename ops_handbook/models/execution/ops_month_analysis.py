from odoo import api, fields, models


class OpsMonthAnalysis(models.Model):
    """What operations say of a month: completion by department, causes and which repeat, how much was routine."""

    _name = "ops.month.analysis"
    _description = "Analysis of a Month"
    _inherit = ["ops.form.mixin"]
    _order = "period desc, id desc"
    _rec_names_search = ["number", "period"]

    _flow = {
        "draft": {"published": {"operations"}, "cancelled": {"operations"}},
        "published": {},
        "cancelled": {},
    }
    _flow_reason = {"cancelled"}
    _flow_open = {"draft"}
    _flow_closed = {"published", "cancelled"}
    _flow_buttons = {"can_publish": "published", "can_cancel": "cancelled"}
    _flow_protected = {"compiled_on"}
    _form_registrars = set()
    _form_decision_code = None

    period = fields.Char(string="Month", required=True, index=True, help="Like 2027-03.")
    body = fields.Html(string="Analysis", sanitize_style=True, help="What the figures show and what follows from it.")
    compiled_on = fields.Datetime(readonly=True, copy=False)
    line_ids = fields.One2many("ops.month.analysis.line", "analysis_id", string="Departments")
    can_publish = fields.Boolean(compute="_compute_can")

    _once = models.UniqueIndex(
        "(company_id, period) WHERE state != 'cancelled'", "Month: there is an analysis of it already. Open that one."
    )

    @api.model
    def _selection_state(self):
        return [
            ("draft", self.env._("Draft")),
            ("published", self.env._("Published")),
            ("cancelled", self.env._("Cancelled")),
        ]
