from odoo import fields, models


class OpsPlanResource(models.Model):
    """What a department needs for its plan: people, money, equipment."""

    _name = "ops.plan.resource"
    _description = "Resource Need"
    _inherit = ["ops.form.line.mixin"]
    _order = "plan_id desc, sequence, id"

    _form_field = "plan_id"

    plan_id = fields.Many2one("ops.plan", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="plan_id.company_id", store=True, precompute=True, index=True)
    department_id = fields.Many2one(related="plan_id.department_id", store=True, precompute=True, index=True)
    sequence = fields.Integer(default=10)
    kind = fields.Selection(
        [("headcount", "Headcount"), ("budget", "Budget"), ("equipment", "Equipment")], required=True, default="budget"
    )
    name = fields.Char(string="What", required=True)
    quantity = fields.Float(digits=(16, 2), default=1.0)
    amount = fields.Monetary()
    currency_id = fields.Many2one(
        "res.currency", ondelete="restrict", default=lambda self: self.env.company.currency_id, required=True
    )
    date_needed = fields.Date(string="Needed By")
    reason = fields.Char(string="Why")
    initiative_id = fields.Many2one(
        "ops.plan.initiative", index="btree_not_null", ondelete="set null", domain="[('plan_id', '=', plan_id)]"
    )

    _quantity_sane = models.Constraint("CHECK(quantity >= 0)", "Quantity: it cannot be less than nothing.")
    _amount_sane = models.Constraint("CHECK(amount IS NULL OR amount >= 0)", "Amount: it cannot be less than nothing.")
