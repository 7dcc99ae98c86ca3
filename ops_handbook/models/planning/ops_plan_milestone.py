from odoo import fields, models


class OpsPlanMilestone(models.Model):
    """A day on which something is reached."""

    _name = "ops.plan.milestone"
    _description = "Milestone"
    _inherit = ["ops.form.line.mixin"]
    _order = "date, sequence, id"

    _form_field = "plan_id"

    plan_id = fields.Many2one("ops.plan", required=True, index=True, ondelete="cascade")
    cycle_id = fields.Many2one(related="plan_id.cycle_id", store=True, precompute=True, index=True)
    company_id = fields.Many2one(related="plan_id.company_id", store=True, precompute=True, index=True)
    department_id = fields.Many2one(related="plan_id.department_id", store=True, precompute=True, index=True)
    sequence = fields.Integer(default=10)
    name = fields.Char(string="Milestone", required=True)
    date = fields.Date(required=True, index=True)
    initiative_id = fields.Many2one(
        "ops.plan.initiative", index="btree_not_null", ondelete="set null", domain="[('plan_id', '=', plan_id)]"
    )
    owner_id = fields.Many2one("res.users", index="btree_not_null", ondelete="restrict")
    reached_on = fields.Date(readonly=True, copy=False)
