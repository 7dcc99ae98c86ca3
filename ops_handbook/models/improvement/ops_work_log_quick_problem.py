from odoo import api, models


class OpsWorkLog(models.Model):
    """The quick entry shows which problem has been reported."""

    _inherit = "ops.work.log"

    def _quick_head(self):
        return {**super()._quick_head(), "reported": self.problem_id.sudo().number or False}  # sudo: their own report

    @api.model
    def _quick_line(self, line, task):
        return {**super()._quick_line(line, task), "reported": line.problem_id.sudo().number or False}  # sudo: their own report
