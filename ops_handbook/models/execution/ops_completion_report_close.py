from odoo import models


class OpsCompletionReport(models.Model):
    """What a report sets going: unfinished tasks go on in the next month, and months of which nothing is left close."""

    _inherit = "ops.completion.report"

    def _after_transition(self, previous, reason):
        super()._after_transition(previous, reason)
        if told := self._entered("submitted", previous) | self._entered("ruled", previous):
            # sudo: the departments of the reports
            self.env["ops.month.plan"]._carry_over_now(told.sudo().department_id)

    def _after_final(self):
        super()._after_final()
        # sudo: the machinery's step; running tasks of earlier months end with this report
        plans_sudo = (self.month_plan_id | self.line_ids.task_id.month_plan_id).sudo()
        self.env["ops.month.plan"]._carry_over_now(plans_sudo.department_id)
        plans_sudo._close_found(plans_sudo._to_close(plans=plans_sudo))
