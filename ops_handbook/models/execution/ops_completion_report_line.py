from odoo import fields, models

RESULTS = [("done", "Done"), ("running", "Running"), ("unfinished", "Unfinished")]
CAUSES = [("objective", "Objective"), ("subjective", "Subjective")]
# what is counted as a repeat in the analysis of the month; objective ones first
CAUSE_KINDS = [
    ("resource", "Resource Not Delivered"), ("other_department", "Waiting for Another Department"),
    ("external", "Outside the Company"), ("change", "Plan or Requirements Changed"),
    ("planning", "Planned Too Tightly"), ("execution", "Not Carried Out"), ("quality", "Had to Be Done Again"),
    ("skill", "Skill or Training"),
]


class OpsCompletionReportLine(models.Model):
    """One task in a completion report: what came of it, and, when it is unfinished, why: proposed, ruled, objected to."""

    _name = "ops.completion.report.line"
    _description = "Task in a Completion Report"
    _inherit = ["ops.link.mixin", "ops.form.line.mixin"]
    _order = "report_id desc, id"

    _form_field = "report_id"

    report_id = fields.Many2one("ops.completion.report", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="report_id.company_id", store=True, precompute=True, index=True)
    department_id = fields.Many2one(related="report_id.department_id", store=True, precompute=True, index=True)
    period = fields.Char(related="report_id.period", string="Month", store=True, precompute=True, index=True)
    task_id = fields.Many2one("ops.task", required=True, readonly=True, index=True, ondelete="restrict")
    result = fields.Selection(RESULTS, readonly=True, index=True)
    weight = fields.Float(digits=(6, 2), readonly=True)
    progress = fields.Integer(string="Progress (%)", readonly=True, aggregator=None)
    explanation = fields.Text(help="What happened, and what is done about it.")

    # the department proposes, operations rule, the department may object once
    cause_proposed = fields.Selection(CAUSES, string="Proposed")
    cause_kind = fields.Selection(CAUSE_KINDS, string="Cause")
    cause_ruled = fields.Selection(CAUSES, string="Ruling", readonly=True, copy=False, index=True)
    ruling_reason = fields.Text(readonly=True, copy=False)
    objection = fields.Text(readonly=True, copy=False)
    objection_answer = fields.Text(readonly=True, copy=False)
    is_final = fields.Boolean(readonly=True, copy=False, help="The ruling stands.")

    _once = models.UniqueIndex("(report_id, task_id)", "Task: it stands in this report already.")
