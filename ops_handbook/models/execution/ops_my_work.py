from odoo import api, models


class OpsMyWork(models.AbstractModel):
    _inherit = "ops.my.work"

    @api.model
    def _buttons(self):
        log = {
            "key": "log",
            "label": self.env._("Today's Log"),
            "icon": "fa-pencil-square-o",
            "action": "ops_handbook.ops_work_log_quick_action",
        }
        return [log, *super()._buttons()]
