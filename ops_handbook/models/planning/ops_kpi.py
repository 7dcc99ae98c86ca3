from odoo import fields, models


class OpsKpi(models.Model):
    """A key indicator of a year: what is measured, from where to where, and who answers for it."""

    _name = "ops.kpi"
    _description = "Key Indicator"
    _inherit = ["ops.form.line.mixin"]
    _order = "cycle_id desc, sequence, id"
    _rec_names_search = ["code", "name"]

    _form_field = "cycle_id"

    cycle_id = fields.Many2one("ops.cycle", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="cycle_id.company_id", store=True, precompute=True, index=True)
    direction_id = fields.Many2one(
        "ops.direction", index="btree_not_null", ondelete="set null", domain="[('cycle_id', '=', cycle_id)]"
    )
    sequence = fields.Integer(default=10)
    code = fields.Char(help="Short, for imports and tables.")
    name = fields.Char(required=True)
    department_id = fields.Many2one(
        "hr.department", string="Owner Department", index="btree_not_null", ondelete="restrict", help="Answers for the figure."
    )
    unit = fields.Char(help="%, pieces, days …; of money the currency says it.")
    currency_id = fields.Many2one("res.currency", ondelete="restrict", help="Only where the indicator is an amount of money.")
    digits = fields.Integer(string="Decimals", default=2, aggregator=None, help="To how many decimals figures are rounded.")
    baseline = fields.Float(digits=(20, 6), aggregator=None, help="What it was in the year before.")
    target = fields.Float(digits=(20, 6), aggregator=None, help="What it shall be in this year.")
    weight = fields.Float(digits=(6, 2), string="Weight (%)", aggregator=None)
    better = fields.Selection(
        [("higher", "Higher Is Better"), ("lower", "Lower Is Better")], required=True, default="higher"
    )
    is_additive = fields.Boolean(
        string="Additive", default=True,
        help="The months add up to the year (turnover). Otherwise each month has a level of its own (satisfaction).",
    )
    value_ids = fields.One2many("ops.kpi.value", "kpi_id", string="Actual Figures", readonly=True)

    _digits_sane = models.Constraint("CHECK(digits BETWEEN 0 AND 6)", "Decimals: choose 0 to 6.")
    _weight_sane = models.Constraint(
        "CHECK(weight IS NULL OR weight BETWEEN 0 AND 100)", "Weight: choose 0 to 100 percent."
    )
