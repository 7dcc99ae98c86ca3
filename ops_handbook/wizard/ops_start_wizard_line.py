from odoo import api, fields, models


class OpsStartWizardLine(models.TransientModel):
    """A department as the start wizard asks about it."""

    _name = "ops.start.wizard.line"
    _description = "Department to Start With"
    _order = "id"

    wizard_id = fields.Many2one("ops.start.wizard", required=True, ondelete="cascade", index=True)
    department_id = fields.Many2one("hr.department", required=True, readonly=True)
    manager_id = fields.Many2one("hr.employee", string="Head")
    keeps_plans = fields.Boolean(help="Hands in plans and reports; teams and lines below it are not bothered.")
    is_head_missing = fields.Boolean(compute="_compute_is_head_missing")

    @api.depends("manager_id.user_id", "keeps_plans")
    def _compute_is_head_missing(self):
        for line in self:
            line.is_head_missing = line.keeps_plans and not line.manager_id.sudo().user_id
