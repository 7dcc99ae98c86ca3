from odoo import fields, models

from ...tools.saying import saying


class OpsCompletionReport(models.Model):
    """What follows from final rulings: a subjective cause asks the department for an improvement plan (M7)."""

    _inherit = "ops.completion.report"

    improvement_ids = fields.One2many("ops.improvement.plan", "completion_id", string="Improvement Plans", readonly=True)
    improvement_count = fields.Integer(compute="_compute_improvement_count")

    def _compute_improvement_count(self):
        groups = self.env["ops.improvement.plan"]._read_group([("completion_id", "in", self.ids)], ["completion_id"], ["__count"])
        counts = {report.id: count for report, count in groups}
        for report in self:
            report.improvement_count = counts.get(report.id, 0)

    def _after_final(self):
        super()._after_final()
        self.env["ops.improvement.plan"].sudo()._ask_for(self.sudo())  # sudo: the machinery asks, whoever ruled

    def _after_transition(self, previous, reason):
        super()._after_transition(previous, reason)
        reports_sudo = self.sudo()  # sudo: as above
        if dropped := reports_sudo._left("final", previous) | reports_sudo._entered("cancelled", previous):
            note = reason or saying(self.env)._("The rulings do not stand any more.")
            dropped.improvement_ids._end(note)

    def _improving_department(self):
        """Return the department that is asked: that of the report, after a reorganisation whoever carries its month on."""
        return self.month_plan_id.successor_id or self.department_id

    def _blamed_lines(self):
        """Return the tasks whose final ruling is “subjective”: dict report id → lines."""
        return {
            report.id: report.line_ids.filtered(lambda line: line.is_final and line.cause_ruled == "subjective")
            for report in self
        }

    def action_open_improvement(self):
        """Open the improvement plan that the rulings asked for."""
        plans = self.env["ops.improvement.plan"].search([("completion_id", "in", self.ids)])
        running = plans.filtered(lambda plan: plan.state != "cancelled") or plans
        if len(running) == 1:
            return running._obligation_open_action()
        return {
            "type": "ir.actions.act_window", "res_model": plans._name, "name": self.env._("Improvement Plans"),
            "views": [(False, "list"), (False, "kanban"), (False, "form")], "mobile_view_mode": "kanban",
            "domain": [("id", "in", plans.ids)],
        }
