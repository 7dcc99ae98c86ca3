import re

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain

from ...tools import apportion, clock
from ...tools.roles import ROLE_GROUPS
from ..mixins.exact import Exact

MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
KEY = ("kpi_id", "department_id", "month")


class OpsKpiValue(models.Model):
    """What a key indicator really was in one month of one department.

    The GM office writes all of them, heads those of their departments; a rule or a progress report fills them in. Once the
    progress report of the month is accepted its figures are settled.
    """

    _name = "ops.kpi.value"
    _description = "Actual Figure"
    _inherit = ["ops.link.mixin"]
    _order = "month desc, kpi_id, id"

    kpi_id = fields.Many2one("ops.kpi", string="Key Indicator", required=True, index=True, ondelete="cascade")
    cycle_id = fields.Many2one(related="kpi_id.cycle_id", store=True, precompute=True, index=True)
    company_id = fields.Many2one(related="kpi_id.company_id", store=True, precompute=True, index=True)
    department_id = fields.Many2one(
        "hr.department", required=True, index=True, ondelete="restrict", default=lambda self: self._default_department()
    )
    month = fields.Char(required=True, index=True, default=lambda self: self._default_month(), help="Like 2027-03.")
    value = Exact(digits=(20, 6), min_display_digits=2, required=True, aggregator=None, help="Rounded as the indicator is counted.")
    unit = fields.Char(compute="_compute_unit")
    origin = fields.Selection(
        [("typed", "Typed"), ("imported", "Imported"), ("rule", "Read by a Rule"), ("report", "Progress Report")],
        required=True, default="typed", readonly=True,
    )
    source_id = fields.Many2one("ops.kpi.source", string="Rule", readonly=True, copy=False, index="btree_not_null", ondelete="set null")
    note = fields.Char()
    is_settled = fields.Boolean(compute="_compute_is_settled", help="The progress report of the month is accepted.")

    _once = models.UniqueIndex(
        "(kpi_id, department_id, month)", "Month: this department has a figure of this indicator for it already. Change that one."
    )

    @api.model
    def _default_month(self):
        return clock.today(self.env.company._ops_tz()).strftime("%Y-%m")

    @api.model
    def _default_department(self):
        departments = self.env.user.ops_department_ids
        return departments.filtered(lambda department: department.parent_id not in departments)[:1]

    @api.depends("kpi_id.name", "month")
    def _compute_display_name(self):
        for value in self:
            value.display_name = f"{value.kpi_id.name or ''} {value.month or ''}".strip()

    @api.depends("kpi_id.unit", "kpi_id.currency_id")
    def _compute_unit(self):
        for value in self:
            value.unit = value.kpi_id.currency_id.name or value.kpi_id.unit

    @api.depends("department_id", "month")
    def _compute_is_settled(self):
        settled = self._settled()
        for value in self:
            value.is_settled = (value.department_id.id, value.month) in settled

    def _settled(self):
        """Return the months that are settled because the progress report is accepted: set of (department id, month)."""
        return self._settled_of(self.department_id.ids, self.mapped("month"))

    @api.model
    def _settled_of(self, department_ids, months):
        """Return the settled months among those asked for: set of (department id, month)."""
        # sudo: a lock holds for whoever may not read the report, too
        groups = self.env["ops.progress.report"].sudo()._read_group([
            ("department_id", "in", department_ids), ("period", "in", months),
            ("state", "in", ("accepted", "closed")),
        ], ["department_id", "period"])
        return {(department.id, period) for department, period in groups}

    # -- the rules of the data ------------------------------------------------------------------------------------------

    @api.constrains("month", "kpi_id")
    def _check_month(self):
        for value in self.sudo():  # sudo: the year of the cycle is no secret
            year, today = value.cycle_id.year, clock.today(value.company_id._ops_tz()).strftime("%Y-%m")
            if not MONTH.fullmatch(value.month or "") or value.month[:4] != str(year):
                raise ValidationError(self.env._(
                    "Month: “%(month)s” is no month of %(year)s, the year of “%(kpi)s”. Write it like %(example)s.",
                    month=value.month, year=year, kpi=value.kpi_id.name, example=f"{year}-03",
                ))
            if value.month > today:
                raise ValidationError(self.env._(
                    "Month: %(month)s has not begun, so there is no actual figure of it yet.", month=value.month
                ))

    @api.constrains("kpi_id", "department_id")
    def _check_takes_part(self):
        for value in self.sudo():  # sudo: the company of the department is checked, not shown
            owner, company = value.department_id.company_id, value.company_id
            if owner and str(company.id) not in (owner.parent_path or "").split("/"):
                raise ValidationError(self.env._(
                    "Department: %(department)s takes no part in %(cycle)s. Choose a department of %(company)s or of a branch.",
                    department=value.department_id.display_name, cycle=value.cycle_id.name, company=company.name,
                ))

    # -- writing --------------------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            origin = "imported" if self.env.context.get("import_file") else "typed"
            vals_list = [{**vals, "origin": origin, "source_id": False} for vals in vals_list]
        values = super().create(vals_list)
        values._check_allowed()
        values._round()
        return values

    def write(self, vals):
        if not {*KEY, "value", "note", "origin", "source_id"} & set(vals):
            return super().write(vals)
        if not self.env.su:
            vals = {name: value for name, value in vals.items() if name not in ("origin", "source_id")}
            if "value" in vals:
                vals.update(origin="imported" if self.env.context.get("import_file") else "typed", source_id=False)
        self.check_access("write")  # first: the refusals name indicator and department
        self._check_allowed()
        result = super().write(vals)
        if {*KEY} & set(vals):
            self._check_allowed()
        if {"value", "kpi_id"} & set(vals):
            self._round()
        return result

    def _round(self):
        for value in self:
            try:
                figure = float(value.sudo().kpi_id._figure(value.value))  # sudo: how it is counted is no secret
            except apportion.NoFigureError as error:
                raise ValidationError(self.env._(
                    "Value: “%(value)s” is too large for this indicator, or no number.", value=value.value
                )) from error
            if figure != value.value:
                super(OpsKpiValue, value).write({"value": figure})  # pylint: disable=super-method-mismatch

    def _check_allowed(self):
        """Refuse heads what is no indicator of their department."""
        if not self.env.su and not self.env.user.has_group(ROLE_GROUPS["gm_office"]):
            self._check_of_department()

    def _check_of_department(self):
        """A head writes the indicators that a department answers for, or by which one of its goals is seen."""
        # sudo: whether a goal names the indicator, also in a plan of before
        groups = self.env["ops.plan.goal"].sudo()._read_group(
            Domain("kpi_id", "in", self.kpi_id.ids) & Domain("department_id", "in", self.department_id.ids),
            ["kpi_id", "department_id"],
        )
        known = {(kpi.id, department.id) for kpi, department in groups}
        for value in self.sudo():  # sudo: as above
            if value.kpi_id.department_id != value.department_id and (value.kpi_id.id, value.department_id.id) not in known:
                raise AccessError(self.env._(
                    "Key indicator: %(department)s neither answers for “%(kpi)s” nor has a goal with it. Leave it to the GM office.",
                    department=value.department_id.name, kpi=value.kpi_id.name,
                ))

    # -- for whoever reckons with them ------------------------------------------------------------------------------------

    @api.model
    def _actuals(self, kpis, departments, months):
        """Return actual figures: dict (kpi id, department id, month) → value; months without one are not in it.

        :param kpis: ``ops.kpi``
        :param departments: ``hr.department``
        :param months: list of months like 2027-03
        """
        # sudo: plain numbers for the machinery; screens ask the records
        found = self.sudo()._read_group([
            ("kpi_id", "in", kpis.ids), ("department_id", "in", departments.ids), ("month", "in", list(months)),
        ], ["kpi_id", "department_id", "month"], ["value:sum"])
        return {(kpi.id, department.id, month): value for kpi, department, month, value in found}
