from odoo import api, fields, models
from odoo.fields import Domain

from ..deadline.ops_obligation import OPEN_STATES
from ..mixins.domains import flag_search


class OpsImprovementPlan(models.Model):
    """What one sees of an improvement plan beside its fields: why it is asked for, until when, how far its measures are."""

    _inherit = "ops.improvement.plan"

    because = fields.Text(compute="_compute_because", help="The tasks whose delay was ruled to be the department's own.")
    reported_ids = fields.Many2many(
        "ops.completion.report.line", string="Reported Tasks", compute="_compute_reported_ids",
        help="The same, as the current user may read them in the completion report.",
    )
    date_due = fields.Datetime(string="To Submit by", compute="_compute_date_due", help="When the plan is due (M7).")
    measure_count = fields.Integer(compute="_compute_measure_count")
    measure_done_count = fields.Integer(string="Measures Done", compute="_compute_measure_count")
    measure_late_count = fields.Integer(string="Measures Late", compute="_compute_measure_count")
    in_my_departments = fields.Boolean(compute="_compute_in_my_departments", search="_search_in_my_departments")

    @api.depends("line_ids")
    @api.depends_context("lang")
    def _compute_because(self):
        lines_sudo = self.sudo().line_ids  # sudo: whoever carries out a measure may know what it is for
        kinds = dict(lines_sudo._fields["cause_kind"]._description_selection(self.env))
        for plan in self:
            plan.because = "\n".join(
                f"• {line.task_id.name}" + (f" ({kinds[line.cause_kind]})" if line.cause_kind else "")
                for line in plan.sudo().line_ids  # sudo: as above
            )

    @api.depends("line_ids")
    @api.depends_context("uid")
    def _compute_reported_ids(self):
        # sudo: found here, asked at once; whoever carries out a measure reads the plan, not the report
        lines = self.sudo().line_ids.with_env(self.env)._filtered_access("read")
        for plan in self:
            plan.reported_ids = plan.sudo().line_ids.with_env(self.env) & lines

    @api.depends("state")
    def _compute_date_due(self):
        # sudo: when a form is due belongs to the form
        found = self.env["ops.obligation"].sudo().search([
            ("code", "in", ("M7", "R1")), ("source_model", "=", self._name), ("source_id", "in", self.ids),
            ("state", "in", OPEN_STATES),
        ], order="id") if self.ids else self.env["ops.obligation"]
        due = {item.source_id: item.date_due for item in found}
        for plan in self:
            plan.date_due = due.get(plan.id, False)

    @api.depends("measure_ids.state", "measure_ids.date_due")
    def _compute_measure_count(self):
        late = self.sudo().measure_ids.filtered("is_late")  # sudo: a count only; asked once for all plans
        for plan in self:
            measures = plan.sudo().measure_ids.filtered(lambda measure: measure.state != "cancelled")  # sudo: a count only
            plan.measure_count = len(measures)
            plan.measure_done_count = len(measures.filtered(lambda measure: not measure._is_waiting()))
            plan.measure_late_count = len(measures & late)

    @api.depends("department_id")
    @api.depends_context("uid")
    def _compute_in_my_departments(self):
        departments = self.env.user.sudo().ops_department_ids  # sudo: one's own departments
        for plan in self:
            plan.in_my_departments = plan.department_id in departments

    @flag_search
    def _search_in_my_departments(self):
        return Domain("department_id", "in", self.env.user.sudo().ops_department_ids.ids)  # sudo: as above

    def action_open_completion(self):
        """Open the completion report whose rulings asked for the plan."""
        self.ensure_one()
        return self.completion_id._obligation_open_action()

    def action_open_measures(self):
        """Open the measures."""
        action = self.env["ir.actions.actions"]._for_xml_id("ops_handbook.ops_improvement_measure_action")
        return {**action, "domain": [("plan_id", "in", self.ids)], "context": {}}
