from functools import partial

from odoo import models


class OpsWorkLogLine(models.Model):
    """Who may write a log may write its lines, and a closed log closes them."""

    _inherit = "ops.work.log.line"

    def _check_access(self, operation):
        result = super()._check_access(operation)
        if operation == "read" or not any(self._ids) or (result and result[0] == self):
            return result
        remaining = self - result[0] if result else self
        # sudo: the log decides, also where the user may not read it
        logs = remaining.sudo().log_id.with_env(self.env)
        writable = set(logs._filtered_access("write").ids)
        refused = remaining.filtered(lambda line: line.sudo().log_id.id not in writable)
        if not refused:
            return result
        if result:
            return result[0] | refused, result[1]
        return refused, partial(logs._closed_error, refused.sudo().log_id.with_env(self.env))
