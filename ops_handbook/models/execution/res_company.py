from odoo import fields, models


class ResCompany(models.Model):
    """Who reviews what the heads submit for a month, and how much routine is too much."""

    _inherit = "res.company"

    ops_month_plan_reviewer_id = fields.Many2one(
        "res.users", string="Reviewer of Month Plans", index="btree_not_null", ondelete="set null",
        help="Files or returns the month plans that heads submit, since a head both writes and reviews them. "
        "Empty: operations do. A department may name somebody else.",
    )
    ops_routine_limit = fields.Float(
        string="Routine up to (%)", default=40.0,
        help="Share of routine in the weight of a month's tasks; above it operations are told.",
    )

    ops_objection_days = fields.Integer(
        string="Days to Object", default=2,
        help="Working days in which a department may object to the ruling on its unfinished tasks, once.",
    )

    _ops_objection_days_sane = models.Constraint(
        "CHECK(ops_objection_days IS NULL OR ops_objection_days BETWEEN 0 AND 30)", "Days to object: choose 0 to 30 working days."
    )
    _ops_routine_limit_sane = models.Constraint(
        "CHECK(ops_routine_limit IS NULL OR ops_routine_limit BETWEEN 0 AND 100)", "Routine: choose 0 to 100 percent."
    )
