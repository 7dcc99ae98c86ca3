from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.deadline.ops_standard import ROLES, UNITS

# what can be planned for later; everything else about a rule is changed on the standard itself
PLANNED = (
    "due_month", "due_day", "due_weekday", "workdays_after", "offset_value", "offset_unit", "due_hour", "day_off_rule",
    "max_shift", "gap", "role",
)


class OpsStandardPlanWizard(models.TransientModel):
    """Change a rule from a later day on: what falls due before keeps the present one."""

    _name = "ops.standard.plan.wizard"
    _description = "Change a Standard from a Later Day"

    standard_id = fields.Many2one("ops.standard", required=True, readonly=True, ondelete="cascade")
    trigger = fields.Selection(related="standard_id.trigger")
    date_effective = fields.Date(string="In Force from", required=True, help="First due day to which the change applies.")

    due_month = fields.Integer(string="Month")
    due_day = fields.Integer(string="Day", help="Day of the month; 0 is its last day.")
    due_weekday = fields.Selection(
        selection=lambda self: self.env["ops.standard"]._fields["due_weekday"]._description_selection(self.env),
        string="Weekday",
    )
    workdays_after = fields.Integer(string="Working Days after the Period")
    offset_value = fields.Float(string="Within")
    offset_unit = fields.Selection(UNITS)
    due_hour = fields.Float()
    day_off_rule = fields.Selection(
        selection=lambda self: self.env["ops.standard"]._fields["day_off_rule"]._description_selection(self.env),
        string="On a Day Off",
    )
    max_shift = fields.Integer(string="Earlier by at Most")
    gap = fields.Integer()
    role = fields.Selection(ROLES)

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        standard = self.env["ops.standard"].browse(values.get("standard_id"))
        return {**{name: standard[name] for name in PLANNED if name in fields and standard}, **values}

    def action_plan(self):
        """Keep the change until its day comes."""
        self.ensure_one()
        standard = self.standard_id
        values = {name: self[name] for name in PLANNED if self[name] != standard[name]}
        if not values:
            raise UserError(self.env._("Nothing differs from the present rule: change a value first."))
        standard._schedule_change(values, self.date_effective)
        return {"type": "ir.actions.act_window_close"}
