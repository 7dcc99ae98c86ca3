from odoo import fields, models


class OpsProgressReport(models.Model):
    """Form 3: how a department's plan stands at the end of a month."""

    _name = "ops.progress.report"
    _description = "Progress Report"
    _inherit = ["ops.form.mixin"]
    _order = "period desc, department_id, id desc"

    _flow_decider = "gm_office"
    _flow_duties = {"submitted": {"decider": {"analysis"}}, "accepted": {"decider": {"analysis"}}}
    _form_standards = ("A6",)

    plan_id = fields.Many2one("ops.plan", required=True, index=True, ondelete="restrict")
    cycle_id = fields.Many2one(related="plan_id.cycle_id", store=True, precompute=True, index=True)
    period = fields.Char(string="Month", required=True, index=True, help="Like 2027-03.")
    quarter = fields.Char(readonly=True, index=True, help="Like 2027-Q1.")
    summary = fields.Text()
    line_ids = fields.One2many("ops.progress.report.line", "report_id", string="Goals and Initiatives")
    analysis = fields.Text(string="Analysis of the GM Office")

    _once = models.UniqueIndex(
        "(plan_id, period) WHERE state != 'cancelled'", "Month: there is a report of this month already. Open that one."
    )


class OpsProgressReportLine(models.Model):
    """A goal or an initiative in a progress report: what was planned, what is, why it differs and what is done."""

    _name = "ops.progress.report.line"
    _description = "Line of a Progress Report"
    _inherit = ["ops.form.line.mixin"]
    _order = "report_id desc, sequence, id"

    _form_field = "report_id"

    report_id = fields.Many2one("ops.progress.report", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="report_id.company_id", store=True, precompute=True, index=True)
    department_id = fields.Many2one(related="report_id.department_id", store=True, precompute=True, index=True)
    period = fields.Char(related="report_id.period", store=True, precompute=True, index=True)
    sequence = fields.Integer(default=10)
    goal_id = fields.Many2one("ops.plan.goal", index="btree_not_null", ondelete="restrict")
    initiative_id = fields.Many2one("ops.plan.initiative", index="btree_not_null", ondelete="restrict")
    target = fields.Float(digits=(20, 6), aggregator=None, readonly=True)
    actual = fields.Float(digits=(20, 6), aggregator=None)
    progress = fields.Float(digits=(6, 2), string="Progress (%)", aggregator=None)
    light = fields.Selection([("green", "Green"), ("amber", "Amber"), ("red", "Red")])
    cause = fields.Text(string="Cause of Deviation")
    action = fields.Text(string="Corrective Action")
    help_needed = fields.Text()
