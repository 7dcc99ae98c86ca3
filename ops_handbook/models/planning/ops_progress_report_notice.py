from odoo import models


class OpsProgressReport(models.Model):
    """Whom a step of a progress report is told by mail: its department, when the GM office returns it."""

    _inherit = "ops.progress.report"

    def _after_transition(self, previous, reason):
        super()._after_transition(previous, reason)
        returned = self.sudo()._entered("returned", previous)  # sudo: the notice is the system's
        heads = returned.department_id._ops_heads()
        told = {report: heads.get(report.department_id.id) or report.author_id for report in returned}
        self.env["ops.plan"]._tell_users(
            "ops_progress_report_mail_returned", [(report, user) for report, user in told.items() if user], reason=reason or "",
        )
