from odoo import fields, models

from .ops_progress_report_line import LIGHTS


class OpsProgressAnalysisLine(models.Model):
    """One department and month in an analysis, as it stood when it was compiled: nothing of it changes afterwards."""

    _name = "ops.progress.analysis.line"
    _description = "Department in an Analysis"
    _inherit = ["ops.analysis.line.mixin"]
    _order = "analysis_id, department_name, month, id"

    analysis_id = fields.Many2one("ops.progress.analysis", required=True, readonly=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="analysis_id.company_id", store=True, precompute=True, index=True)
    month = fields.Char(readonly=True, help="Like 2027-03.")
    plan_id = fields.Many2one("ops.plan", readonly=True, index="btree_not_null", ondelete="set null")
    report_id = fields.Many2one("ops.progress.report", readonly=True, index="btree_not_null", ondelete="set null")

    light = fields.Selection(LIGHTS, string="Worst Light", readonly=True)
    attainment = fields.Float(string="Plan Attained (%)", digits=(6, 2), readonly=True, aggregator="avg")
    green_count = fields.Integer(string="Green", readonly=True)
    amber_count = fields.Integer(string="Amber", readonly=True)
    red_count = fields.Integer(string="Red", readonly=True)
    summary = fields.Text(readonly=True)
    deviations = fields.Text(string="Largest Deviations", readonly=True, help="With cause and corrective action.")
    help_needed = fields.Text(readonly=True)

    _once = models.UniqueIndex("(analysis_id, department_id, month)")

    def action_open_report(self):
        """Open the report from which the line was compiled."""
        self.ensure_one()
        self.check_access("read")
        return self.report_id._obligation_open_action()
