from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools import token

KINDS = [("change", "Change"), ("add", "Add"), ("remove", "Take Out")]
# what a request may change of what: model → its fields; of a new line all of them are given at once
CHANGEABLE = {
    "ops.plan.goal": ("name", "direction_id", "kpi_id", "target"),
    "ops.plan.initiative": ("name", "goal_id", "owner_id", "date_start", "date_end", "deliverable", "weight"),
    "ops.plan.resource": ("name", "kind", "quantity", "amount", "currency_id", "date_needed", "reason", "initiative_id"),
    "ops.plan.milestone": ("name", "date", "owner_id", "initiative_id"),
    "ops.plan.risk": ("name", "probability", "impact", "contingency", "owner_id"),
    "ops.plan.target": ("value",),
    "ops.kpi": ("name", "direction_id", "baseline", "target", "weight", "better"),
}
# models whose records come and go by a request, and the plan's field that lists them
PARTS = {
    "ops.plan.goal": "goal_ids",
    "ops.plan.initiative": "initiative_ids",
    "ops.plan.resource": "resource_ids",
    "ops.plan.milestone": "milestone_ids",
    "ops.plan.risk": "risk_ids",
}
ROUNDED = {("ops.plan.goal", "target"), ("ops.plan.target", "value")}
CONTENT = ("change_id", "kind", "target_model", "target_id", "target_field", "new_json")


class OpsPlanChangeLine(models.Model):
    """One change of a request: old value → new value, a line added, or a line taken out.

    Values are JSON: a dict by the name of the field; a record in it is ``[id, name]``, so that it can be read when the
    record is gone. The old values are the server's own: taken from the plan when a line is written and when it is handed in.
    """

    _name = "ops.plan.change.line"
    _description = "Change of a Plan"
    _inherit = ["ops.form.line.mixin"]
    _order = "change_id, sequence, id"

    _form_field = "change_id"

    change_id = fields.Many2one("ops.plan.change", required=True, index=True, ondelete="cascade")
    plan_id = fields.Many2one(related="change_id.plan_id", store=True, precompute=True, index=True)
    company_id = fields.Many2one(related="change_id.company_id", store=True, precompute=True, index=True)
    sequence = fields.Integer(default=10)
    kind = fields.Selection(KINDS, required=True, default="change")
    target_model = fields.Selection("_selection_target_model", string="Part of the Plan", required=True)
    target_id = fields.Many2oneReference(model_field="target_model", readonly=True)
    target_field = fields.Char(readonly=True)
    old_json = fields.Json(readonly=True, copy=False)
    new_json = fields.Json(readonly=True)
    name = fields.Char(string="What Changes", readonly=True, help="The name that it had when the line was written.")

    field_label = fields.Char(string="Field", compute="_compute_words")
    old_value = fields.Text(compute="_compute_words")
    new_value = fields.Text(compute="_compute_words")

    @api.model
    def _selection_target_model(self):
        """The parts of a plan, as the plan calls their lines."""
        names = self.env["ir.model"].sudo()  # sudo: the names of our models are no secret
        return [(model, names._get(model).name) for model in CHANGEABLE]

    # -- in words --------------------------------------------------------------------------------------------------------

    @api.depends("name")
    def _compute_display_name(self):
        models_named = dict(self._fields["target_model"]._description_selection(self.env))
        for line in self:
            part = models_named.get(line.target_model, "")
            line.display_name = self.env._("%(part)s “%(name)s”", part=part, name=line.name) if line.name else part

    @api.depends("kind", "target_model", "target_field", "old_json", "new_json")
    @api.depends_context("lang")
    def _compute_words(self):
        for line in self:
            model = self.env[line.target_model] if line.target_model in CHANGEABLE else None
            if model is None:
                line.field_label = line.old_value = line.new_value = False
                continue
            if line.kind == "change" and line.target_field in model._fields:
                line.field_label = model._fields[line.target_field]._description_string(self.env)
            else:
                line.field_label = dict(self._fields["kind"]._description_selection(self.env)).get(line.kind)
            line.old_value = line._values_in_words(line.old_json, model)
            line.new_value = line._values_in_words(line.new_json, model)

    def _values_in_words(self, values, model):
        """Return values by field as one text: the value alone where there is one field, ``label: value`` otherwise."""
        if not values:
            return ""
        if len(values) == 1:
            (name, value), = values.items()
            return self._value_in_words(model, name, value)
        worded = ((model._fields[name], self._value_in_words(model, name, value)) for name, value in values.items())
        return " · ".join(f"{field._description_string(self.env)}: {text}" for field, text in worded if text)

    # -- written by people, completed by the server --------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        model = token.cleared(self)
        if not token.holds(self.env):
            vals_list = model._completed([{**self._defaults_of_client(), **vals} for vals in vals_list])
        return super(OpsPlanChangeLine, model).create(vals_list)

    def _defaults_of_client(self):
        """Return what a client's context gives for a new line; said here, so that it is checked like what is typed."""
        context = self.env.context
        return {name: context[f"default_{name}"] for name in CONTENT if f"default_{name}" in context}

    def write(self, vals):
        lines = token.cleared(self)
        if token.holds(self.env) or not {*CONTENT, "old_json", "name"} & set(vals):
            return super(OpsPlanChangeLine, lines).write(vals)
        lines.check_access("write")
        for line in lines:
            merged = {name: line[name].id if name == "change_id" else line[name] for name in CONTENT}
            super(OpsPlanChangeLine, line).write(lines._completed([{**merged, **vals}])[0])
        return True

    def copy_data(self, default=None):
        """A copied line is written anew: the old value is what the plan says now."""
        return [
            {name: value for name, value in vals.items() if name not in ("old_json", "name")}
            for vals in super().copy_data(default)
        ]

    @api.model
    def _completed(self, vals_list):
        """Return the values of lines with their old values and their name, or refuse what makes no sense."""
        vals_list = [self._hashable(vals) for vals in vals_list]
        changes = self.env["ops.plan.change"].browse({vals.get("change_id") or 0 for vals in vals_list} - {0}).exists()
        changes.check_access("read")
        plans = {change.id: change.plan_id for change in changes.sudo()}  # sudo: the parts of the plan that the form names
        targets = self._targets(vals_list)
        return [self._completed_one(vals, plans.get(vals.get("change_id")), targets) for vals in vals_list]

    @api.model
    def _hashable(self, vals):
        """Return values in which whatever a client sends in the place of a name or an id can be looked up."""
        names = {"kind": str, "target_model": str, "target_field": str, "target_id": int, "change_id": int}
        return {
            name: False if name in names and (value is True or not isinstance(value, names[name])) else value
            for name, value in vals.items()
        }

    @api.model
    def _targets(self, vals_list):
        """Return the records that lines speak of, read together: dict (model, id) → record (sudo)."""
        found = {}
        for model in CHANGEABLE:
            ids = {
                vals["target_id"] for vals in vals_list
                if vals.get("target_model") == model and isinstance(vals.get("target_id"), int) and vals["target_id"] > 0
            }
            # sudo: that they belong to the plan of the request is checked for each line
            records = self.env[model].sudo().browse(ids).exists()
            found.update({(model, record.id): record for record in records})
        return found

    @api.model
    def _completed_one(self, vals, plan, targets):
        vals = {"kind": "change", **vals}
        kind, model = vals["kind"], vals.get("target_model")
        if not plan:
            raise ValidationError(self.env._("Changes: a line belongs to a change request. Open the request first."))
        if model not in CHANGEABLE or kind not in dict(KINDS):
            raise ValidationError(self.env._("Part of the Plan: choose what shall change."))
        if kind == "add":
            return {**vals, **self._completed_addition(model, vals)}
        target = targets.get((model, vals.get("target_id")))
        if not target or not self._belongs(target, plan):
            raise ValidationError(self.env._(
                "%(part)s: choose one of the plan %(plan)s.",
                part=self.env["ir.model"].sudo()._get(model).name, plan=plan.display_name,  # sudo: a name of ours
            ))
        if kind == "remove":
            return {**vals, **self._completed_removal(model, target)}
        return {**vals, **self._completed_change(model, target, vals)}

    def _completed_addition(self, model, vals):
        if model not in PARTS:
            raise ValidationError(self.env._("Add: only goals, initiatives, resources, milestones and risks are added."))
        values = self._typed_values(self.env[model], vals.get("new_json"), CHANGEABLE[model])
        return {"target_id": False, "target_field": False, "old_json": False, "new_json": values,
                "name": values.get("name") or False}

    def _completed_removal(self, model, target):
        if model not in PARTS:
            raise ValidationError(self.env._("Take Out: only goals, initiatives, resources, milestones and risks are taken out."))
        return {"target_field": False, "old_json": self._present(target, CHANGEABLE[model]), "new_json": False,
                "name": self._target_title(target)}

    def _completed_change(self, model, target, vals):
        field, given = vals.get("target_field"), vals.get("new_json")
        if field not in CHANGEABLE[model]:
            raise ValidationError(self.env._(
                "Field: of “%(name)s” one of these can change: %(fields)s.", name=self._target_title(target),
                fields=", ".join(target._fields[name]._description_string(self.env) for name in CHANGEABLE[model]),
            ))
        if not isinstance(given, dict):
            given = {field: given}
        values = self._typed_values(target, given, [field])
        if (model, field) in ROUNDED and (model != "ops.plan.goal" or target.kpi_id):  # to what its months can come to
            values[field] = float((target if model == "ops.plan.goal" else target._owner())._breakdown_figure(values[field]))
        return {"old_json": self._present(target, [field]), "new_json": values, "name": self._target_title(target)}

    @api.model
    def _belongs(self, target, plan):
        """Tell whether a record (sudo) is a part of ``plan``; an indicator is, when the plan's department answers for it."""
        if target._name != "ops.kpi":
            return target.plan_id == plan
        office = plan.cycle_id.department_id  # answers for what no department owns
        return target.cycle_id == plan.cycle_id and (target.department_id or office) == plan.department_id

    @api.model
    def _target_title(self, target):
        if target._name == "ops.plan.target":
            return f"{(target.goal_id or target.initiative_id).name} · {target.month}"
        return target.name
