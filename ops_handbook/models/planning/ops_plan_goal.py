from odoo import fields, models


class OpsPlanGoal(models.Model):
    """An annual goal of a department: which direction it serves, and by which figure one sees it."""

    _name = "ops.plan.goal"
    _description = "Annual Goal"
    _inherit = ["ops.form.line.mixin"]
    _order = "plan_id desc, sequence, id"

    _form_field = "plan_id"

    plan_id = fields.Many2one("ops.plan", required=True, index=True, ondelete="cascade")
    cycle_id = fields.Many2one(related="plan_id.cycle_id", store=True, precompute=True, index=True)
    company_id = fields.Many2one(related="plan_id.company_id", store=True, precompute=True, index=True)
    department_id = fields.Many2one(related="plan_id.department_id", store=True, precompute=True, index=True)
    sequence = fields.Integer(default=10)
    name = fields.Char(string="Goal", required=True)
    direction_id = fields.Many2one(
        "ops.direction", index="btree_not_null", ondelete="restrict", domain="[('cycle_id', '=', cycle_id)]"
    )
    kpi_id = fields.Many2one(
        "ops.kpi", string="Key Indicator", index="btree_not_null", ondelete="restrict", domain="[('cycle_id', '=', cycle_id)]"
    )
    target = fields.Float(digits=(20, 6), aggregator=None, help="This department's figure for the year.")
    initiative_ids = fields.One2many("ops.plan.initiative", "goal_id", string="Initiatives")
    target_ids = fields.One2many("ops.plan.target", "goal_id", string="Breakdown")
