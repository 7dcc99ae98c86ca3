from odoo import fields, models


class OpsPlanInitiative(models.Model):
    """A key initiative: who does what from when to when, and what is there in the end."""

    _name = "ops.plan.initiative"
    _description = "Key Initiative"
    _inherit = ["ops.form.line.mixin"]
    _order = "plan_id desc, sequence, id"

    _form_field = "plan_id"

    plan_id = fields.Many2one("ops.plan", required=True, index=True, ondelete="cascade")
    cycle_id = fields.Many2one(related="plan_id.cycle_id", store=True, precompute=True, index=True)
    company_id = fields.Many2one(related="plan_id.company_id", store=True, precompute=True, index=True)
    department_id = fields.Many2one(related="plan_id.department_id", store=True, precompute=True, index=True)
    plan_state = fields.Selection(related="plan_id.state", string="State of the Plan")
    sequence = fields.Integer(default=10)
    name = fields.Char(string="Initiative", required=True)
    goal_id = fields.Many2one(
        "ops.plan.goal", index="btree_not_null", ondelete="set null", domain="[('plan_id', '=', plan_id)]"
    )
    owner_id = fields.Many2one("res.users", index="btree_not_null", ondelete="restrict")
    date_start = fields.Date(string="Start")
    date_end = fields.Date(string="End")
    deliverable = fields.Char(help="What is there in the end, and how one sees that it is good.")
    weight = fields.Float(digits=(6, 2), string="Weight (%)", aggregator=None)
    target_ids = fields.One2many("ops.plan.target", "initiative_id", string="Breakdown")

    _dates_sane = models.Constraint(
        "CHECK(date_end IS NULL OR date_start IS NULL OR date_end >= date_start)", "End: it lies before the start."
    )
