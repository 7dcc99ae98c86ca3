from odoo import fields, models


class OpsImprovementMeasure(models.Model):
    """What one person does by a date so that it does not happen again."""

    _name = "ops.improvement.measure"
    _description = "Measure of an Improvement Plan"
    _inherit = ["ops.link.mixin", "ops.form.line.mixin", "ops.action.item.mixin"]
    _order = "date_due, id"

    _form_field = "plan_id"

    plan_id = fields.Many2one("ops.improvement.plan", required=True, index=True, ondelete="cascade")
    plan_state = fields.Selection(related="plan_id.state", string="State of the Plan")
    company_id = fields.Many2one(related="plan_id.company_id", store=True, precompute=True, default=None)
