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

    _ops_routine_limit_sane = models.Constraint(
        "CHECK(ops_routine_limit IS NULL OR ops_routine_limit BETWEEN 0 AND 100)", "Routine: choose 0 to 100 percent."
    )
