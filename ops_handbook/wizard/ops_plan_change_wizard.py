from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..models.planning.ops_plan_change_line import CHANGEABLE, KINDS
from ..models.planning.ops_plan_risk import DEGREES

# part of the plan → the wizard's field in which one of its records is chosen
ITEMS = {
    "ops.plan.goal": "item_goal_id",
    "ops.plan.initiative": "item_initiative_id",
    "ops.plan.resource": "item_resource_id",
    "ops.plan.milestone": "item_milestone_id",
    "ops.plan.risk": "item_risk_id",
    "ops.plan.target": "item_month_id",
    "ops.kpi": "item_kpi_id",
}
OF_PLAN = "[('plan_id', '=', plan_id)]"


class OpsPlanChangeWizard(models.TransientModel):
    """Shows one part of a plan as it is; what is written over it becomes lines of a change request.

    The field ``value_x`` is the new value of the part's field ``x``.
    """

    _name = "ops.plan.change.wizard"
    _description = "Change a Part of the Plan"
    _inherit = ["ops.link.mixin"]

    change_id = fields.Many2one("ops.plan.change", required=True, readonly=True, ondelete="cascade")
    plan_id = fields.Many2one(related="change_id.plan_id", related_sudo=False)
    cycle_id = fields.Many2one(related="change_id.cycle_id", related_sudo=False)
    company_id = fields.Many2one(related="change_id.company_id", related_sudo=False)
    department_id = fields.Many2one(related="change_id.department_id", related_sudo=False)
    line_id = fields.Many2one("ops.plan.change.line", readonly=True, ondelete="cascade", help="The addition that is edited.")
    kind = fields.Selection(KINDS, required=True, readonly=True, default="change")
    target_model = fields.Selection("_selection_target_model", string="What", required=True, default="ops.plan.initiative")
    is_chosen = fields.Boolean(compute="_compute_is_chosen")

    item_goal_id = fields.Many2one("ops.plan.goal", string="Goal", domain=OF_PLAN)
    item_initiative_id = fields.Many2one("ops.plan.initiative", string="Initiative", domain=OF_PLAN)
    item_resource_id = fields.Many2one("ops.plan.resource", string="Resource Need", domain=OF_PLAN)
    item_milestone_id = fields.Many2one("ops.plan.milestone", string="Milestone", domain=OF_PLAN)
    item_risk_id = fields.Many2one("ops.plan.risk", string="Risk", domain=OF_PLAN)
    item_month_id = fields.Many2one("ops.plan.target", string="Month", domain=OF_PLAN)
    item_kpi_id = fields.Many2one(
        "ops.kpi", string="Key Indicator", domain="[('cycle_id', '=', cycle_id), ('department_id', 'in', [department_id, False])]"
    )

    # not as superuser: whoever looks ahead names any record, and sees of it what they may read
    _COPY = {"compute": "_compute_values", "store": True, "readonly": False, "compute_sudo": False}
    value_name = fields.Char(string="Name", **_COPY)
    value_direction_id = fields.Many2one("ops.direction", string="Direction", domain="[('cycle_id', '=', cycle_id)]", **_COPY)
    value_kpi_id = fields.Many2one("ops.kpi", string="Measured by", domain="[('cycle_id', '=', cycle_id)]", **_COPY)
    value_baseline = fields.Float(string="Baseline", digits=(20, 6), **_COPY)
    value_target = fields.Float(string="Target", digits=(20, 6), **_COPY)
    value_value = fields.Float(string="Figure of the Month", digits=(20, 6), **_COPY)
    value_better = fields.Selection(
        [("higher", "Higher Is Better"), ("lower", "Lower Is Better")], string="Better", **_COPY
    )
    value_goal_id = fields.Many2one("ops.plan.goal", string="For the Goal", domain=OF_PLAN, **_COPY)
    value_owner_id = fields.Many2one(
        "res.users", string="Owner", domain="[('share', '=', False), ('company_ids', 'in', company_id)]", **_COPY
    )
    value_date_start = fields.Date(string="Start", **_COPY)
    value_date_end = fields.Date(string="End", **_COPY)
    value_date = fields.Date(string="Date", **_COPY)
    value_deliverable = fields.Char(string="Deliverable", **_COPY)
    value_weight = fields.Float(string="Weight (%)", digits=(6, 2), **_COPY)
    value_kind = fields.Selection(
        [("headcount", "Headcount"), ("budget", "Budget"), ("equipment", "Equipment")], string="Kind of Resource", **_COPY
    )
    value_quantity = fields.Float(string="Quantity", digits=(16, 2), **_COPY)
    value_amount = fields.Float(string="Amount", digits=(20, 2), **_COPY)
    value_currency_id = fields.Many2one("res.currency", string="Currency", **_COPY)
    value_date_needed = fields.Date(string="Needed By", **_COPY)
    value_reason = fields.Char(string="Why", **_COPY)
    value_initiative_id = fields.Many2one("ops.plan.initiative", string="For the Initiative", domain=OF_PLAN, **_COPY)
    value_probability = fields.Selection(DEGREES, string="Probability", **_COPY)
    value_impact = fields.Selection(DEGREES, string="Impact", **_COPY)
    value_contingency = fields.Text(string="Contingency Plan", **_COPY)

    @api.model
    def _selection_target_model(self):
        return self.env["ops.plan.change.line"]._selection_target_model()

    def _item(self):
        """Return the part that is chosen, empty when there is none."""
        if self.target_model not in ITEMS:
            raise ValidationError(self.env._("What: choose which part of the plan shall change."))
        return self[ITEMS[self.target_model]] if self.kind != "add" else self.env[self.target_model]

    @api.depends("kind", "target_model", *ITEMS.values())
    def _compute_is_chosen(self):
        for wizard in self:
            wizard.is_chosen = bool(wizard.target_model) and (wizard.kind == "add" or bool(wizard._item()))

    @api.depends("kind", "target_model", "line_id", *ITEMS.values())
    def _compute_values(self):
        """Show what the plan says, or what the request says already."""
        lines = self.env["ops.plan.change.line"]
        for wizard in self:
            values = {}
            if wizard.target_model and wizard.kind == "add":
                line = wizard.line_id._origin._filtered_access("read")
                values = line.new_json or wizard._initial_values()
            elif wizard.target_model and (item := wizard._item()._origin) and item.has_access("read"):
                item_sudo = item.sudo()  # sudo: the user may read the part, and sees what it names
                values = lines._present(item_sudo, CHANGEABLE[wizard.target_model])
                for line in wizard._lines_of(item)._filtered_access("read"):
                    values.update(line.new_json or {})
            values = lines._writable(values)
            for name in {name for names in CHANGEABLE.values() for name in names}:
                wizard[f"value_{name}"] = values.get(name, False)

    def _initial_values(self):
        """Return what a new part begins with: its model's defaults."""
        model, names = self.env[self.target_model], CHANGEABLE[self.target_model]
        values = model.default_get(list(names))
        if "currency_id" in names:
            values["currency_id"] = self.company_id.currency_id.id
        return {name: value for name, value in values.items() if name in names}

    def _lines_of(self, item):
        return self.change_id.line_ids.filtered(
            lambda line: line.kind == "change" and (line.target_model, line.target_id) == (item._name, item.id)
        )

    def _typed(self):
        """Return the new values as JSON holds them: dict by field."""
        lines, model = self.env["ops.plan.change.line"], self.env[self.target_model]
        given = {}
        for name in CHANGEABLE[self.target_model]:
            value = self[f"value_{name}"]
            given[name] = value.id if isinstance(value, models.BaseModel) else value
        return lines._typed_values(model, given, CHANGEABLE[self.target_model])

    def action_confirm(self):
        """Take over into the request what was changed here."""
        self.ensure_one()
        item = self._item()
        if self.kind == "add":
            values = {name: value for name, value in self._typed().items() if value not in (False, None)}
            self._take_over([{"kind": "add", "target_model": self.target_model, "new_json": values}], self.line_id)
        elif not item:
            raise UserError(self.env._("What: choose which one."))
        elif self.kind == "remove":
            self._take_over([{"kind": "remove", "target_model": item._name, "target_id": item.id}], self._lines_of(item))
        else:
            self._confirm_change(item)
        return {"type": "ir.actions.act_window_close"}

    def _confirm_change(self, item):
        lines, values = self.env["ops.plan.change.line"], self._typed()
        before = self._lines_of(item)
        now = lines._present(item.sudo(), list(values))  # sudo: as in _compute_values
        changed = {name: value for name, value in values.items() if not lines._same(value, now[name])}
        if not changed and not before:
            raise UserError(self.env._("Nothing differs from the plan yet. Write the new value over the old one."))
        self._take_over([
            {"kind": "change", "target_model": item._name, "target_id": item.id, "target_field": name, "new_json": {name: value}}
            for name, value in changed.items()
        ], before)

    def _take_over(self, changes, before):
        """Write ``changes`` into the request, in the place of its lines ``before``."""
        change = self.change_id  # first: this dialog goes with the line that it edits
        change.check_access("write")
        before.unlink()
        change._propose(changes)
