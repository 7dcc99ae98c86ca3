from odoo import fields, models

DEGREES = [("1", "Low"), ("2", "Medium"), ("3", "High")]


class OpsPlanRisk(models.Model):
    """What may go wrong, how likely and how bad, and what is done then."""

    _name = "ops.plan.risk"
    _description = "Risk"
    _inherit = ["ops.form.line.mixin"]
    _order = "plan_id desc, sequence, id"

    _form_field = "plan_id"

    plan_id = fields.Many2one("ops.plan", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="plan_id.company_id", store=True, precompute=True, index=True)
    department_id = fields.Many2one(related="plan_id.department_id", store=True, precompute=True, index=True)
    sequence = fields.Integer(default=10)
    name = fields.Char(string="Risk", required=True)
    probability = fields.Selection(DEGREES, required=True, default="2")
    impact = fields.Selection(DEGREES, required=True, default="2")
    contingency = fields.Text(string="Contingency Plan")
    owner_id = fields.Many2one("res.users", index="btree_not_null", ondelete="restrict")
