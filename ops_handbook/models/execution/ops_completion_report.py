from odoo import api, fields, models

WRITES = {"author", "head"}


class OpsCompletionReport(models.Model):
    """Form 7: what became of a department's tasks of a month (M6); unfinished ones are ruled on by operations."""

    _name = "ops.completion.report"
    _description = "Completion Report"
    _inherit = ["ops.link.mixin", "ops.form.mixin"]
    _order = "period desc, department_id, id desc"
    _rec_names_search = ["number", "department_id", "period"]

    _flow = {
        "draft": {"submitted": WRITES, "cancelled": WRITES},
        "returned": {"submitted": WRITES, "cancelled": WRITES},
        # ruled: the department may object until `objection_until`; final when it has not, or after the second ruling
        "submitted": {"returned": {"decider"}, "ruled": {"decider"}, "cancelled": WRITES},
        "ruled": {"objected": WRITES, "final": set()},
        "objected": {"final": {"decider"}},
        "final": {},
        "cancelled": {},
    }
    _flow_reason = {"returned", "cancelled"}
    _flow_closed = {"final", "cancelled"}
    _flow_buttons = {
        "can_submit": "submitted", "can_return": "returned", "can_rule": "ruled", "can_accept": "ruled", "can_object": "objected",
        "can_decide": "final", "can_cancel": "cancelled",
    }
    _flow_protected = {"period", "month_plan_id", "ruled_on", "objection_until", "final_on"}
    _form_registrars = set()
    _form_standards = ("M6",)
    _clock_met = {"M6": {"submitted", "returned", "ruled", "objected", "final"}}

    month_plan_id = fields.Many2one("ops.month.plan", required=True, index=True, ondelete="restrict")
    period = fields.Char(string="Month", readonly=True, index=True, help="Like 2027-03.")
    summary = fields.Text(help="What matters of this month, in a few words.")
    ruled_on = fields.Datetime(readonly=True, copy=False)
    objection_until = fields.Datetime(readonly=True, copy=False, help="Until then the department may object, once.")
    final_on = fields.Datetime(readonly=True, copy=False)
    line_ids = fields.One2many("ops.completion.report.line", "report_id", string="Tasks")
    can_rule = fields.Boolean(compute="_compute_can")
    can_object = fields.Boolean(compute="_compute_can")
    can_decide = fields.Boolean(compute="_compute_can")

    _once = models.UniqueIndex(
        "(month_plan_id) WHERE state != 'cancelled'", "Month plan: there is a completion report of it already. Open that one."
    )

    @api.model
    def _selection_state(self):
        return [
            ("draft", self.env._("Draft")),
            ("submitted", self.env._("Submitted")),
            ("returned", self.env._("Returned")),
            ("ruled", self.env._("Ruled")),
            ("objected", self.env._("Objected")),
            ("final", self.env._("Final")),
            ("cancelled", self.env._("Cancelled")),
        ]
