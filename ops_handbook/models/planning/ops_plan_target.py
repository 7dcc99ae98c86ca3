from odoo import fields, models


class OpsPlanTarget(models.Model):
    """One month's part of a goal's figure, or of an initiative (in percent of the whole)."""

    _name = "ops.plan.target"
    _description = "Month of a Breakdown"
    _inherit = ["ops.form.line.mixin"]
    _order = "plan_id desc, goal_id, initiative_id, month, id"

    _form_field = "plan_id"

    plan_id = fields.Many2one("ops.plan", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="plan_id.company_id", store=True, precompute=True, index=True)
    department_id = fields.Many2one(related="plan_id.department_id", store=True, precompute=True, index=True)
    goal_id = fields.Many2one("ops.plan.goal", index="btree_not_null", ondelete="cascade")
    initiative_id = fields.Many2one("ops.plan.initiative", index="btree_not_null", ondelete="cascade")
    month = fields.Char(required=True, help="Like 2027-03.")
    quarter = fields.Char(readonly=True, help="Like 2027-Q1.")
    value = fields.Float(digits=(20, 6), required=True)

    _one_of = models.Constraint(
        "CHECK((goal_id IS NULL) != (initiative_id IS NULL))", "Breakdown: a part belongs to a goal or to an initiative."
    )
    _once_goal = models.UniqueIndex("(goal_id, month) WHERE goal_id IS NOT NULL")
    _once_initiative = models.UniqueIndex("(initiative_id, month) WHERE initiative_id IS NOT NULL")
