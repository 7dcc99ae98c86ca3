from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools import token
from ...tools.ids import one_id, some_ids
from ..mixins.exact import Exact

FIXED = ("plan_id", "goal_id", "initiative_id", "month")
OWNERS = ("goal_id", "initiative_id")


class OpsPlanTarget(models.Model):
    """One month's part of a goal's figure, or of an initiative (in percent of the whole).

    Months are written by whoever may break the plan down (see ``_filtered_breakdown_open`` of the plan), one by one or many
    at once; when a write is through they must come to the year again (``_check_breakdown``), whoever wrote them and how.
    """

    _name = "ops.plan.target"
    _description = "Month of a Breakdown"
    _inherit = ["ops.link.mixin", "ops.form.line.mixin"]
    _order = "plan_id.id desc, goal_id.id, initiative_id.id, month, id"

    _form_field = "plan_id"

    plan_id = fields.Many2one("ops.plan", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="plan_id.company_id", store=True, precompute=True, index=True)
    department_id = fields.Many2one(related="plan_id.department_id", store=True, precompute=True, index=True)
    goal_id = fields.Many2one("ops.plan.goal", index="btree_not_null", ondelete="cascade")
    initiative_id = fields.Many2one("ops.plan.initiative", index="btree_not_null", ondelete="cascade")
    kpi_id = fields.Many2one(related="goal_id.kpi_id", store=True, index="btree_not_null")
    month = fields.Char(required=True, help="Like 2027-03.")
    quarter = fields.Char(compute="_compute_quarter", store=True, precompute=True, help="Like 2027-Q1.")
    value = Exact(digits=(20, 6), min_display_digits=2, required=True, help="Of a goal its figure, of an initiative percent of the whole.")

    _one_of = models.Constraint(
        "CHECK((goal_id IS NULL) != (initiative_id IS NULL))", "Breakdown: a part belongs to a goal or to an initiative."
    )
    _once_goal = models.UniqueIndex(
        "(goal_id, month) WHERE goal_id IS NOT NULL", "Month: the goal has a figure for it already. Change that one."
    )
    _once_initiative = models.UniqueIndex(
        "(initiative_id, month) WHERE initiative_id IS NOT NULL",
        "Month: the initiative has a part for it already. Change that one.",
    )

    @api.depends("month")
    def _compute_quarter(self):
        for row in self:
            year, _dash, month = (row.month or "").partition("-")
            row.quarter = f"{year}-Q{(int(month) + 2) // 3}" if month.isdecimal() else False

    @api.depends("month", "goal_id.name", "initiative_id.name")
    def _compute_display_name(self):
        for row in self:
            row.display_name = f"{row.goal_id.name or row.initiative_id.name or ''} {row.month or ''}".strip()

    # -- whose, and when ----------------------------------------------------------------------------------------------

    def _filtered_form_locked(self):
        """The breakdown is open longer than the plan itself, and to the GM office as well."""
        # sudo: the plan decides, also where the user may not read it
        plans = self.sudo().plan_id.with_env(self.env)
        open_ids = set(plans._filtered_breakdown_open().ids)
        return self.filtered(lambda row: row.sudo().plan_id.id not in open_ids)

    @api.constrains(*FIXED)
    def _check_month_of_plan(self):
        for row in self:
            owner = row._owner()
            if owner.plan_id != row.plan_id:
                raise ValidationError(self.env._(
                    "Breakdown: “%(name)s” belongs to another plan. Break it down there.", name=owner.display_name
                ))
            if row.month not in owner._months():
                raise ValidationError(self.env._(
                    "Month: “%(month)s” is no month of the plan's year. Write it like %(example)s.",
                    month=row.month, example=owner._months()[2],
                ))

    # -- writing ------------------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(self._with_plans(vals_list))
        rows._round()
        rows._check_when_written()
        return rows

    def write(self, vals):
        self._refuse_moving(vals)
        result = super().write(vals)
        if "value" in vals:
            self._round()
            self._check_when_written()
        return result

    def unlink(self):
        owners = self._owners()
        plans_sudo = self.sudo().plan_id  # sudo: only counts that something has changed
        result = super().unlink()
        if not token.BREAKDOWN.of(self.env):
            for records in owners:
                records._check_breakdown()
            plans_sudo._grow_breakdown()
        return result

    def _load_records(self, data_list, update=False):
        """An import writes row by row; the months are added up when all are there."""
        rows = super(OpsPlanTarget, token.BREAKDOWN.on(self))._load_records(data_list, update)
        rows = rows.with_env(self.env)
        rows._check_when_written()
        return rows

    @api.model
    def _with_plans(self, vals_list):
        """Return values of new rows with the plan of what is broken down."""
        missing = [vals for vals in vals_list if not vals.get("plan_id")]
        plans = {name: self._plans_by_owner(name, some_ids([vals.get(name) for vals in missing])) for name in OWNERS}
        return [vals if vals.get("plan_id") else {**vals, "plan_id": self._plan_among(plans, vals)} for vals in vals_list]

    @api.model
    def _plans_by_owner(self, name, ids):
        """Return the plans of goals or initiatives, whichever the field ``name`` links to: dict by id; missing ones are left out."""
        # sudo: where it belongs; whether the user may write there is asked when the row is there
        owners_sudo = self.env[self._fields[name].comodel_name].sudo().browse(set(ids)).exists()
        return {owner.id: owner.plan_id.id for owner in owners_sudo}

    @api.model
    def _plan_among(self, plans, vals):
        """Return the plan of a new row: that of its goal or initiative, ``plans`` by field and id."""
        for name in OWNERS:
            if owner := one_id(vals.get(name)):
                return plans[name].get(owner, False)
        raise ValidationError(self.env._("Breakdown: say of which goal or initiative this is a part."))

    def _refuse_moving(self, vals):
        """A part is changed in its figure only."""
        for name in FIXED:
            for row in self if name in vals else ():
                now = row[name].id if name != "month" else row.month
                if (vals[name] or False) != now:
                    raise ValidationError(self.env._(
                        "%(field)s of a part cannot be changed: change the figures of the two months instead.",
                        field=self._fields[name]._description_string(self.env),
                    ))

    def _round(self):
        """Round the figures as their indicator is counted."""
        for row in self:
            figure = float(row._owner()._breakdown_figure(row.value))
            if figure != row.value:
                super(OpsPlanTarget, row).write({"value": figure})  # pylint: disable=super-method-mismatch

    def _check_when_written(self):
        """Ask whether the months come to the year, unless whoever writes asks when all months are written."""
        if token.BREAKDOWN.of(self.env):
            return
        for records in self._owners():
            records._check_breakdown()
        self.sudo().plan_id._grow_breakdown()  # sudo: only counts that something has changed

    def _owner(self):
        row_sudo = self.sudo()  # sudo: rounding and rules are those of the goal, whoever writes
        return row_sudo.goal_id or row_sudo.initiative_id

    def _owners(self):
        """Return what these rows are parts of: goals, initiatives."""
        return [self.sudo()[name] for name in OWNERS]  # sudo: as in _owner
