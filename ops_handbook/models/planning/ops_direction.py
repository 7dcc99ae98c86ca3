from odoo import api, fields, models
from odoo.exceptions import ValidationError


class OpsDirection(models.Model):
    """A strategic direction of a year: growth, market, efficiency, …"""

    _name = "ops.direction"
    _description = "Strategic Direction"
    _inherit = ["ops.link.mixin", "ops.form.line.mixin"]
    _order = "cycle_id, sequence, id"
    _search_fields = {"name": "A", "description": "C"}

    _form_field = "cycle_id"

    cycle_id = fields.Many2one("ops.cycle", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="cycle_id.company_id", store=True, precompute=True, index=True)
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True)
    description = fields.Text()
    kpi_ids = fields.One2many("ops.kpi", "direction_id", string="Key Indicators")

    @api.constrains("name")
    def _check_name(self):
        for direction in self:
            if not (direction.name or "").strip():
                raise ValidationError(self.env._("Direction: give it a name, such as Growth."))

    @api.constrains("cycle_id")
    def _check_cycle(self):
        """What indicators and goals refer to stays in its cycle."""
        for direction in self:
            if direction.kpi_ids.cycle_id - direction.cycle_id:
                raise ValidationError(self.env._(
                    "Direction: %(direction)s has key indicators in another cycle. Make a direction of its own there.",
                    direction=direction.name,
                ))

    @api.ondelete(at_uninstall=False)
    def _unlink_unused(self):
        # sudo: plans that one may not read count as well
        used = self.env["ops.plan.goal"].sudo()._read_group(
            [("direction_id", "in", self.ids)], ["direction_id"], ["department_id:recordset"]
        )
        for direction, departments in used:
            raise ValidationError(self.env._(
                "%(direction)s cannot be deleted: goals of %(departments)s refer to it.",
                direction=direction.name, departments=", ".join(departments.mapped("name")[:5]),
            ))
