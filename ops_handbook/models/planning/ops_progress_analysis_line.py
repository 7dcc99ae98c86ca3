from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools import token
from .ops_progress_report_line import LIGHTS

RESULTS = [
    ("met", "On Time"), ("late", "Late"), ("overdue", "Overdue"), ("missed", "Missed"), ("pending", "Not Due Yet"), ("held", "On Hold"),
    ("waived", "Waived"), ("cancelled", "Cancelled"), ("none", "Not Asked For"),
]


class OpsProgressAnalysisLine(models.Model):
    """One department and month in an analysis, as it stood when it was compiled: nothing of it changes afterwards."""

    _name = "ops.progress.analysis.line"
    _description = "Department in an Analysis"
    _inherit = ["ops.form.line.mixin"]
    _order = "analysis_id desc, department_name, month, id"
    _rec_name = "department_name"

    _form_field = "analysis_id"

    analysis_id = fields.Many2one("ops.progress.analysis", required=True, readonly=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="analysis_id.company_id", store=True, precompute=True, index=True)
    department_id = fields.Many2one("hr.department", readonly=True, index=True, ondelete="restrict")
    department_name = fields.Char(string="Department Then", readonly=True)
    head_name = fields.Char(string="Head Then", readonly=True)
    month = fields.Char(readonly=True, help="Like 2027-03.")
    plan_id = fields.Many2one("ops.plan", readonly=True, index="btree_not_null", ondelete="set null")
    report_id = fields.Many2one("ops.progress.report", readonly=True, index="btree_not_null", ondelete="set null")
    result = fields.Selection(RESULTS, string="Reported", readonly=True, help="What became of the progress report (A6).")
    is_reported = fields.Boolean(string="Handed in", readonly=True)

    light = fields.Selection(LIGHTS, string="Worst Light", readonly=True)
    attainment = fields.Float(string="Plan Attained (%)", digits=(6, 2), readonly=True, aggregator="avg")
    green_count = fields.Integer(string="Green", readonly=True)
    amber_count = fields.Integer(string="Amber", readonly=True)
    red_count = fields.Integer(string="Red", readonly=True)
    summary = fields.Text(readonly=True)
    deviations = fields.Text(string="Largest Deviations", readonly=True, help="With cause and corrective action.")
    help_needed = fields.Text(readonly=True)
    remark = fields.Text(help="What the GM office says of this department.")

    _once = models.UniqueIndex("(analysis_id, department_id, month)")

    # -- guards --------------------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not token.holds(self.env):
            raise UserError(self.env._("Departments of an analysis are compiled from the reports: use “Compile Again”."))
        return super(OpsProgressAnalysisLine, token.cleared(self)).create(vals_list)

    def write(self, vals):
        if compiled := set(vals) - {"remark"}:
            labels = ", ".join(sorted(
                self._fields[name]._description_string(self.env) for name in compiled if name in self._fields
            ))
            raise UserError(self.env._("%(fields)s: this is compiled from the reports; write a remark beside it.", fields=labels))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_by_compiling_only(self):
        if not token.holds(self.env):
            raise UserError(self.env._("Departments of an analysis are compiled from the reports: use “Compile Again”."))

    def action_open_report(self):
        """Open the report from which the line was compiled."""
        self.ensure_one()
        self.check_access("read")
        return self.report_id._obligation_open_action()
