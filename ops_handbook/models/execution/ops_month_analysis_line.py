from odoo import fields, models


class OpsMonthAnalysisLine(models.Model):
    """One department in the analysis of a month, as it stood when it was compiled."""

    _name = "ops.month.analysis.line"
    _description = "Department in the Analysis of a Month"
    _inherit = ["ops.form.line.mixin"]
    _order = "analysis_id desc, department_name, id"
    _rec_name = "department_name"

    _form_field = "analysis_id"

    analysis_id = fields.Many2one("ops.month.analysis", required=True, readonly=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="analysis_id.company_id", store=True, precompute=True, index=True)
    department_id = fields.Many2one("hr.department", readonly=True, index=True, ondelete="restrict")
    department_name = fields.Char(string="Department Then", readonly=True)
    head_name = fields.Char(string="Head Then", readonly=True)
    completion_id = fields.Many2one("ops.completion.report", readonly=True, index="btree_not_null", ondelete="set null")
    task_count = fields.Integer(string="Tasks", readonly=True)
    done_count = fields.Integer(string="Done", readonly=True)
    running_count = fields.Integer(string="Running", readonly=True)
    objective_count = fields.Integer(string="Objective", readonly=True)
    subjective_count = fields.Integer(string="Subjective", readonly=True)
    repeat_count = fields.Integer(string="Repeated Causes", readonly=True)
    completion = fields.Float(string="Completion (%)", digits=(6, 1), readonly=True, aggregator="avg")
    routine_share = fields.Float(string="Routine (%)", digits=(6, 1), readonly=True, aggregator="avg")
    causes = fields.Text(readonly=True, help="Task, cause and ruling of what was not finished.")
    remark = fields.Text(help="What operations say of this department.")

    _once = models.UniqueIndex("(analysis_id, department_id)")
