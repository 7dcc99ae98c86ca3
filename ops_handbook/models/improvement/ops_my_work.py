from odoo import api, models


class OpsMyWork(models.AbstractModel):
    _inherit = "ops.my.work"

    @api.model
    def _buttons(self):
        report = {
            "key": "report",
            "label": self.env._("Report a Problem"),
            "icon": "fa-exclamation-triangle",
            "action": "ops_handbook.ops_problem_quick_action",
        }
        return [report, *super()._buttons()]
