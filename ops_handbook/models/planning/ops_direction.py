from odoo import fields, models


class OpsDirection(models.Model):
    """A strategic direction of a year: growth, market, efficiency, …"""

    _name = "ops.direction"
    _description = "Strategic Direction"
    _inherit = ["ops.form.line.mixin"]
    _order = "cycle_id desc, sequence, id"

    _form_field = "cycle_id"

    cycle_id = fields.Many2one("ops.cycle", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="cycle_id.company_id", store=True, precompute=True, index=True)
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True)
    description = fields.Text()
    kpi_ids = fields.One2many("ops.kpi", "direction_id", string="Key Indicators")
