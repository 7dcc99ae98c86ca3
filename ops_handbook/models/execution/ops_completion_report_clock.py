from odoo import models

from .ops_completion_report import DECIDING


class OpsCompletionReport(models.Model):
    """D1: what was handed in waits for a ruling, what was objected to for the second one."""

    _inherit = "ops.completion.report"

    def _clock_decision(self, previous, reason):
        code = self._form_decision_code
        left = self.filtered(lambda report: previous[report.id] in DECIDING and report.state != previous[report.id])
        left.filtered(lambda report: report.state == "cancelled")._cancel_clock(code, reason)
        left.filtered(lambda report: report.state != "cancelled")._fulfil(code)
        waiting = self.sudo().filtered(  # sudo: names on the form
            lambda report: report.state in DECIDING and previous[report.id] != report.state
        )
        if waiting:
            offices = {report.id: report._flow_deciding_office() for report in waiting}
            waiting._start_clock(code, round=waiting._next_rounds(code), role=offices)
