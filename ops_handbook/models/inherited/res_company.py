from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    # the engine: installing starts nothing, the administrator does
    ops_started = fields.Boolean(
        string="Engine Started", copy=False, help="Only then are obligations made and mails sent in this company."
    )
    ops_start_date = fields.Date(string="Started from", copy=False, help="Nothing that falls due before is asked for.")
    ops_horizon_days = fields.Integer(
        string="Days Ahead", default=35, help="How many days ahead obligations are made."
    )
    ops_day_close_hour = fields.Float(
        string="Close of the Day", default=24.0, help="Local hour at which a due day ends; 24 is its last second."
    )

    # the offices
    ops_operations_department_id = fields.Many2one(
        "hr.department", string="Operations Department", index="btree_not_null", ondelete="set null",
        help="What this department hands in is decided by the GM office.",
    )
    ops_gm_office_department_id = fields.Many2one(
        "hr.department", string="GM Office", index="btree_not_null", ondelete="set null",
        help="What this department hands in is decided by the general manager.",
    )
    ops_duty_officer_id = fields.Many2one(
        "res.users", string="Duty Officer", index="btree_not_null", ondelete="set null",
        help="Alerted at any hour when something urgent happens.",
    )

    _ops_horizon_sane = models.Constraint(
        "CHECK(ops_horizon_days IS NULL OR ops_horizon_days BETWEEN 1 AND 400)", "Days ahead: choose 1 to 400."
    )
    _ops_close_sane = models.Constraint(
        "CHECK(ops_day_close_hour IS NULL OR (ops_day_close_hour > 0 AND ops_day_close_hour <= 24))",
        "Close of the day: choose an hour after 0 and up to 24.",
    )

    def write(self, vals):
        result = super().write(vals)
        if "user_ids" in vals:  # the other end of the companies in which users work
            self.env["res.users"]._ops_refresh_rights()
        return result
