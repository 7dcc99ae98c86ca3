from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import float_compare

from ...tools import token
from .ops_completion_report import HANDED_IN

RESULTS = [("done", "Done"), ("running", "Running"), ("unfinished", "Unfinished")]
CAUSES = [("objective", "Objective"), ("subjective", "Subjective")]
# what is counted as a repeat in the analysis of the month; objective ones first
CAUSE_KINDS = [
    ("resource", "Resource Not Delivered"), ("other_department", "Waiting for Another Department"),
    ("external", "Outside the Company"), ("change", "Plan or Requirements Changed"),
    ("planning", "Planned Too Tightly"), ("execution", "Not Carried Out"), ("quality", "Had to Be Done Again"),
    ("skill", "Skill or Training"),
]
OBJECTIVE_KINDS = ("resource", "other_department", "external", "change")
TYPED = {"cause_proposed", "cause_kind", "explanation"}  # what the department says; all else is the machinery's


class OpsCompletionReportLine(models.Model):
    """One task in a completion report: what came of it, and, when it is unfinished, why: proposed, ruled, objected to."""

    _name = "ops.completion.report.line"
    _description = "Task in a Completion Report"
    _inherit = ["ops.link.mixin", "ops.form.line.mixin"]
    _order = "period desc, report_id.id desc, result desc, id"

    _form_field = "report_id"

    report_id = fields.Many2one("ops.completion.report", required=True, readonly=True, index=True, ondelete="cascade")
    report_state = fields.Selection(related="report_id.state", string="State of the Report")
    company_id = fields.Many2one(related="report_id.company_id", store=True, precompute=True, index=True)
    department_id = fields.Many2one(related="report_id.department_id", store=True, precompute=True, index=True)
    period = fields.Char(related="report_id.period", string="Month", store=True, precompute=True)
    task_id = fields.Many2one("ops.task", required=True, readonly=True, index=True, ondelete="restrict")
    owner_id = fields.Many2one(related="task_id.owner_id")
    date_end = fields.Date(related="task_id.date_end", string="End")
    task_period = fields.Char(related="task_id.period", string="Planned for")
    task_state = fields.Char(string="State before the Report", readonly=True, copy=False, help="Given back when the report is.")
    result = fields.Selection(RESULTS, readonly=True, index=True)
    weight = fields.Float(digits=(6, 2), readonly=True)
    progress = fields.Integer(string="Progress (%)", readonly=True, aggregator=None)
    explanation = fields.Text(help="What happened, and what is done about it.")

    # the department proposes, operations rule, the department may object once
    cause_kind = fields.Selection(CAUSE_KINDS, string="Cause", help="What kept it from being finished.")
    cause_proposed = fields.Selection(CAUSES, string="Proposed", help="Whether it lies outside the department or with itself.")
    cause_ruled = fields.Selection(CAUSES, string="Ruling", readonly=True, copy=False, index=True)
    cause_first = fields.Selection(CAUSES, string="First Ruling", readonly=True, copy=False, help="Before the objection.")
    ruling_reason = fields.Text(readonly=True, copy=False)
    objection = fields.Text(readonly=True, copy=False)
    objection_answer = fields.Text(readonly=True, copy=False)
    is_final = fields.Boolean(string="Final", readonly=True, copy=False, help="The ruling stands.")
    is_upheld = fields.Boolean(string="Objection Upheld", compute="_compute_is_upheld")
    can_rule = fields.Boolean(compute="_compute_can_rule", help="The current user rules on it, or answers the objection, now.")

    _once = models.UniqueIndex("(report_id, task_id)", "Task: it stands in this report already.")
    _period_idx = models.Index("(period DESC, report_id DESC, result DESC, id)")  # in their order

    @api.depends("task_id.name")
    def _compute_display_name(self):
        for line in self:
            line.display_name = line.task_id.sudo().name  # sudo: the line names the task of which it speaks

    @api.depends("objection", "objection_answer", "cause_ruled", "cause_first")
    def _compute_is_upheld(self):
        for line in self:
            line.is_upheld = bool(line.objection and line.objection_answer and line.cause_ruled != line.cause_first)

    @api.onchange("cause_kind")
    def _onchange_cause_kind(self):
        """Propose what the kind of cause suggests; whoever knows better chooses the other."""
        if self.cause_kind and not self.cause_proposed:
            self.cause_proposed = "objective" if self.cause_kind in OBJECTIVE_KINDS else "subjective"

    # -- guards ---------------------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not token.holds(self.env):
            raise UserError(self.env._("Lines of a completion report are made from the tasks: use “Compile”."))
        return super(OpsCompletionReportLine, token.cleared(self)).create(vals_list)

    def write(self, vals):
        trusted, lines = token.holds(self.env), token.cleared(self)
        if not trusted and (refused := set(vals) & set(self._fields) - TYPED):
            labels = ", ".join(sorted(self._fields[name]._description_string(self.env) for name in refused))
            raise UserError(self.env._(
                "%(fields)s: this follows from the task, or is decided by the buttons; it cannot be typed.", fields=labels
            ))
        return super(OpsCompletionReportLine, lines).write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_by_compiling_only(self):
        if not token.holds(self.env):
            raise UserError(self.env._("Lines of a completion report go with their tasks: withdraw the task, then “Compile”."))

    # -- helpers --------------------------------------------------------------------------------------------------------

    def _differs(self, vals):
        """Tell whether the line says something else of its task than ``vals``."""
        return (
            self.result != vals["result"] or self.progress != vals["progress"]
            or float_compare(self.weight, vals["weight"], precision_digits=2) != 0
        )

    @api.model
    def _running_tasks(self, tasks):
        """Return those of ``tasks`` that the last report handed in, in which they stand, calls running."""
        # sudo: what was reported decides, whoever may read it
        lines = self.sudo().search([("task_id", "in", tasks.ids), ("report_id.state", "in", HANDED_IN)], order="period, id")
        last = {line.task_id: line for line in lines}
        return tasks.browse(task.id for task, line in last.items() if line.result == "running").with_env(tasks.env)

    def _listed(self):
        return ", ".join(f"“{line.task_id.name}”" for line in self)

    def action_open_report(self):
        """Open the report in which the line stands."""
        self.ensure_one()
        self.check_access("read")
        return self.report_id._obligation_open_action()

    def action_open_task(self):
        """Open the task."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window", "res_model": "ops.task", "res_id": self.task_id.id, "views": [(False, "form")],
            "name": self.display_name,
        }
