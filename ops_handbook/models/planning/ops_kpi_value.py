from odoo import fields, models


class OpsKpiValue(models.Model):
    """What a key indicator really was in one month of one department."""

    _name = "ops.kpi.value"
    _description = "Actual Figure"
    _order = "month desc, kpi_id, id"

    kpi_id = fields.Many2one("ops.kpi", required=True, index=True, ondelete="cascade")
    cycle_id = fields.Many2one(related="kpi_id.cycle_id", store=True, precompute=True, index=True)
    company_id = fields.Many2one(related="kpi_id.company_id", store=True, precompute=True, index=True)
    department_id = fields.Many2one("hr.department", required=True, index=True, ondelete="restrict")
    month = fields.Char(required=True, help="Like 2027-03.")
    value = fields.Float(digits=(20, 6), required=True)
    origin = fields.Selection(
        [("typed", "Typed"), ("imported", "Imported"), ("rule", "Read by a Rule"), ("report", "Progress Report")],
        required=True, default="typed", readonly=True,
    )
    note = fields.Char()

    _once = models.UniqueIndex(
        "(kpi_id, department_id, month)", "Month: this department has a figure of this indicator for it already. Change that one."
    )
