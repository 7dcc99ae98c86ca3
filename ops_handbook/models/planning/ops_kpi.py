import math

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import float_compare, float_repr

from ...tools.exact import rounded
from ..mixins.exact import Exact

FIGURES = ("baseline", "target")
LARGEST = 1e13  # what fits into numeric(20, 6) with room for sums


class OpsKpi(models.Model):
    """A key indicator of a year: what is measured, from where to where, and who answers for it."""

    _name = "ops.kpi"
    _description = "Key Indicator"
    _inherit = ["ops.link.mixin", "ops.form.line.mixin"]
    _order = "cycle_id, sequence, id"
    _rec_names_search = ["code", "name"]
    _search_fields = {"name": "A"}

    _form_field = "cycle_id"

    cycle_id = fields.Many2one("ops.cycle", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="cycle_id.company_id", store=True, precompute=True, index=True)
    cycle_state = fields.Selection(related="cycle_id.state", string="State of the Cycle")
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
    baseline = Exact(digits=(20, 6), aggregator=None, help="What it was in the year before.")
    target = Exact(digits=(20, 6), aggregator=None, help="What it shall be in this year.")
    weight = fields.Float(digits=(6, 2), string="Weight (%)", aggregator="sum", help="How much it counts; all together 100.")
    better = fields.Selection(
        [("higher", "Higher Is Better"), ("lower", "Lower Is Better")], required=True, default="higher"
    )
    is_additive = fields.Boolean(
        string="Additive", default=True,
        help="The months add up to the year (turnover). Otherwise each month has a level of its own (satisfaction).",
    )
    value_ids = fields.One2many("ops.kpi.value", "kpi_id", string="Actual Figures", readonly=True)
    unit_label = fields.Char(string="Measured in", compute="_compute_unit_label")
    hint = fields.Char(compute="_compute_hint", help="What looks odd in the figures; nothing forbids it.")

    _digits_sane = models.Constraint("CHECK(digits BETWEEN 0 AND 6)", "Decimals: choose 0 to 6.")
    _weight_sane = models.Constraint(
        "CHECK(weight IS NULL OR weight BETWEEN 0 AND 100)", "Weight: choose 0 to 100 percent."
    )
    _code_once = models.UniqueIndex(
        "(cycle_id, lower(code)) WHERE code IS NOT NULL", "Code: another key indicator of this cycle has it. Choose another."
    )

    # -- figures ------------------------------------------------------------------------------------------------------

    def _decimals(self):
        """Return to how many decimals figures of this indicator are kept: of money, as its currency says."""
        return self.currency_id.decimal_places if self.currency_id else self.digits

    def _round(self, value):
        """Return ``value`` as this indicator keeps it."""
        return float(rounded(value, self._decimals()))

    @api.depends("unit", "currency_id")
    def _compute_unit_label(self):
        for kpi in self:
            kpi.unit_label = kpi.currency_id.name or kpi.unit

    @api.depends("baseline", "target", "better", "digits", "currency_id")
    def _compute_hint(self):
        for kpi in self:
            kpi.hint = kpi._hint()

    def _hint(self):
        """Return in a sentence what looks odd; False when nothing does."""
        if not self.target and self.better == "higher":
            return self.env._("There is no target yet.")
        way = float_compare(self.target, self.baseline, precision_digits=self._decimals())
        if self.baseline and self.better == "higher" and way < 0:
            return self.env._("The target lies below the baseline, though higher is better.")
        if self.baseline and self.better == "lower" and way > 0:
            return self.env._("The target lies above the baseline, though lower is better.")
        return False

    def _year_figures(self):
        """Return what each of these indicators came to in its year: dict id → figure, without those not complete yet.

        Of what adds up, the sum of twelve months of all departments; of a level, the mean of the last month's.
        """
        values_sudo = self.env["ops.kpi.value"].sudo()  # sudo: the sum over all departments is the company's figure
        months = {}
        for kpi, month, total, mean in values_sudo._read_group(
            [("kpi_id", "in", self.ids)], ["kpi_id", "month"], ["value:sum", "value:avg"]
        ):
            months.setdefault(kpi, {})[month] = total if kpi.is_additive else mean
        result = {}
        for kpi, figures in months.items():
            december = f"{kpi.cycle_id.year}-12"
            if kpi.is_additive and len(figures) == 12:
                result[kpi.id] = sum(figures.values())
            elif not kpi.is_additive and december in figures:
                result[kpi.id] = figures[december]
        return result

    # -- guards -------------------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._tidy(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._tidy(vals))

    @api.model
    def _tidy(self, vals):
        """Codes are compared by imports: without blanks around them, and none rather than an empty one."""
        if isinstance(vals.get("code"), str):
            return {**vals, "code": vals["code"].strip() or False}
        return vals

    @api.constrains("name")
    def _check_name(self):
        for kpi in self:
            if not (kpi.name or "").strip():
                raise ValidationError(self.env._("Key indicator: give it a name, such as Turnover."))

    @api.constrains("digits", "currency_id", *FIGURES)
    def _check_figures(self):
        for kpi in self:
            for name in FIGURES:
                self._check_figure(kpi, name)

    @api.model
    def _check_figure(self, kpi, name):
        value, decimals = kpi[name], kpi._decimals()
        label = self._fields[name]._description_string(self.env)
        if not math.isfinite(value) or abs(value) > LARGEST:
            raise ValidationError(self.env._("%(field)s of %(kpi)s: this number is too large.", field=label, kpi=kpi.name))
        if float_compare(value, kpi._round(value), precision_digits=6):
            raise ValidationError(self.env._(
                "%(field)s of %(kpi)s: %(value)s has more than %(count)s decimals. Round it, or keep more decimals.",
                field=label, kpi=kpi.name, value=float_repr(value, 6).rstrip("0"), count=decimals,
            ))

    @api.constrains("direction_id", "cycle_id")
    def _check_direction(self):
        for kpi in self:
            if kpi.direction_id and kpi.direction_id.cycle_id != kpi.cycle_id:
                raise ValidationError(self.env._(
                    "Direction: %(direction)s belongs to another cycle. Choose one of this cycle.", direction=kpi.direction_id.name
                ))

    @api.constrains("department_id", "cycle_id")
    def _check_department(self):
        companies = {cycle: cycle._companies() for cycle in self.cycle_id}
        for kpi in self:
            company = kpi.department_id.company_id
            if company and kpi.cycle_id and company not in companies[kpi.cycle_id]:
                raise ValidationError(self.env._(
                    "Owner department: %(department)s belongs to another company. Choose one of the cycle's companies.",
                    department=kpi.department_id.name,
                ))

    @api.ondelete(at_uninstall=False)
    def _unlink_unused(self):
        for model in ("ops.plan.goal", "ops.progress.report.line"):
            # sudo: plans that one may not read count as well
            used = self.env[model].sudo()._read_group([("kpi_id", "in", self.ids)], ["kpi_id"], ["department_id:recordset"])
            for kpi, departments in used:
                raise ValidationError(self.env._(
                    "%(kpi)s cannot be deleted: goals or progress reports of %(departments)s refer to it.",
                    kpi=kpi.name, departments=", ".join(departments.mapped("name")[:5]),
                ))
