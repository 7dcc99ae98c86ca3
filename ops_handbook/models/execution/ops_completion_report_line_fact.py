from odoo import models


class OpsCompletionReportLine(models.Model):
    """What the analysis of the month and the progress report take from a line."""

    _inherit = "ops.completion.report.line"

    def _as_fact(self, before=()):
        """Return why this task was not finished, as the analysis of the month keeps it.

        :param before: the months before in which the department had the same cause
        """
        return {
            "task": self.task_id.sudo().name, "kind": self.cause_kind, "ruled": self.cause_ruled, "proposed": self.cause_proposed,
            "explanation": self.explanation, "before": list(before),
        }
