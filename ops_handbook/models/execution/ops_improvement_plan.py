from odoo import Command, api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...tools.ids import one_id, some_ids
from ...tools.recurrence import period_bounds
from ...tools.words import month_in_words

WRITES = {"head"}
FILED = ("submitted", "returned", "accepted")  # states of a plan that was handed in once and goes on


class OpsImprovementPlan(models.Model):
    """Form 8: what a department does so that what went wrong by its own fault does not happen again (M7).

    Made by the machinery when a ruling is final; from the submission on its measures run (P2); when all are carried out
    operations verify whether they work (P3): closed with the finding, or returned for another round of measures.
    """

    _name = "ops.improvement.plan"
    _description = "Improvement Plan"
    _inherit = ["ops.link.mixin", "ops.form.mixin"]
    _order = "period desc, department_id, id desc"
    _rec_names_search = ["number", "department_id", "period"]
    _search_fields = {"root_cause": "C", "verification": "D"}

    _flow = {
        # not asked for any more: the machinery alone decides that
        "draft": {"submitted": WRITES, "cancelled": set()},
        "returned": {"submitted": WRITES, "cancelled": set()},
        "submitted": {"returned": {"decider"}, "accepted": {"decider"}, "cancelled": set()},
        # verified by operations when every measure is done; not effective: back to the department
        "accepted": {"closed": {"decider"}, "returned": {"decider"}},
        "closed": {},
        "cancelled": {},
    }
    _flow_reason = {"returned", "cancelled", "closed"}
    _flow_protected = {"period", "round", "line_ids", "verification"}
    _form_registrars = set()
    _form_standards = ("M7", "P3")
    _form_rework_role = "head"

    completion_id = fields.Many2one(
        "ops.completion.report", string="Completion Report", required=True, index=True, ondelete="restrict"
    )
    period = fields.Char(string="Month", readonly=True, index=True, help="Like 2027-03.")
    round = fields.Integer(readonly=True, copy=False, default=1, help="Grows each time the measures had no effect.")
    line_ids = fields.Many2many(
        "ops.completion.report.line", "ops_improvement_plan_line_rel", "plan_id", "line_id", string="Because of",
        readonly=True, copy=False,
    )
    root_cause = fields.Text()
    measure_ids = fields.One2many("ops.improvement.measure", "plan_id", string="Measures", copy=True)
    verification = fields.Text(readonly=True, copy=False, help="What operations found when they looked whether it works.")

    _once = models.UniqueIndex(
        "(completion_id) WHERE state != 'cancelled'", "Completion report: it has an improvement plan already. Open that one."
    )

    @api.depends("number", "period", "state", "department_id.name", "department_name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for plan in self.sudo():  # sudo: the name of the department belongs to that of the form
            over = plan.state in plan._flow_closed
            department = (over and plan.department_name) or plan.department_id.name
            month = plan.period and month_in_words(period_bounds(plan.period)[0], self.env.lang or "en_US")
            plan.display_name = " · ".join(filter(None, [plan.number, department, month])) or self.env._("New")

    # -- creation and content -------------------------------------------------------------------------------------------

    def _prepare_create(self, vals_list):
        """Company, department, month and tasks are those of the completion report."""
        reports = self.env["ops.completion.report"].browse(some_ids([vals.get("completion_id") for vals in vals_list])).exists()
        reports.check_access("read")  # first: the messages name the report
        known = {report.id: report for report in reports.sudo()}  # sudo: the plan takes what it needs from its report
        blamed = reports.sudo()._blamed_lines()
        for vals in vals_list:
            report = known.get(one_id(vals.get("completion_id")))
            if not report:
                raise ValidationError(self.env._("Completion Report: choose the one whose rulings ask for the plan."))
            if not blamed[report.id]:
                raise UserError(self.env._(
                    "%(report)s has no final ruling “subjective”: no improvement plan is asked for.", report=report.display_name,
                ))
            vals.update(company_id=report.company_id.id, department_id=report._improving_department().id)
        self.flush_model(["state"])  # one that has just been cancelled stands in nobody's way
        super()._prepare_create(vals_list)
        for vals in vals_list:
            report = known[vals["completion_id"]]
            vals.update(period=report.period, round=1, line_ids=[Command.set(blamed[report.id].ids)])

    def write(self, vals):
        if not self.env.su:
            self._check_stays(vals)
        return super().write(vals)

    def _check_stays(self, vals):
        for name in {"completion_id", "department_id"} & vals.keys():
            if any(plan[name].id != vals[name] for plan in self):
                raise ValidationError(self.env._(
                    "%(field)s: it follows from the completion report and stays as it is.",
                    field=self._fields[name]._description_string(self.env),
                ))

    # -- who may do what ------------------------------------------------------------------------------------------------

    def _in_charge(self):
        """Return who writes each plan now: dict id → the head of the department (sudo), otherwise whoever wrote it."""
        heads = self.department_id._ops_heads()
        return {plan.id: heads.get(plan.department_id.id) or plan.author_id for plan in self}

    def _clock_named(self, role):
        """The plan is its department's: whoever leads it now is asked, not whoever led it once."""
        return self._in_charge()[self.id] if role == "author" else super()._clock_named(role)

    # -- the steps ------------------------------------------------------------------------------------------------------

    def action_close(self, finding=None):
        """Say that the measures work, and what was found; that closes the plan.

        :param str finding: what one saw; a dialog asks for it when it is missing
        """
        if finding is None:
            return {**self._ask_reason("action_close"), "name": self.env._("What Did You Find?")}
        return self._transition("closed", finding)
