from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """The settings of the app: all of them are fields of the company, so each company and branch has its own."""

    _inherit = "res.config.settings"

    ops_started = fields.Boolean(related="company_id.ops_started")
    ops_start_date = fields.Date(related="company_id.ops_start_date", readonly=False)
    ops_horizon_days = fields.Integer(related="company_id.ops_horizon_days", readonly=False)
    ops_day_close_hour = fields.Float(related="company_id.ops_day_close_hour", readonly=False)
    ops_operations_department_id = fields.Many2one(
        related="company_id.ops_operations_department_id", readonly=False, domain="[('company_id', 'in', [company_id, False])]"
    )
    ops_gm_office_department_id = fields.Many2one(
        related="company_id.ops_gm_office_department_id", readonly=False, domain="[('company_id', 'in', [company_id, False])]"
    )
    ops_duty_officer_id = fields.Many2one(
        related="company_id.ops_duty_officer_id",
        readonly=False,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
