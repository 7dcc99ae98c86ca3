from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..mixins.exact import Exact


class OpsPlanGoal(models.Model):
    """An annual goal of a department: which direction it serves, and by which figure one sees it."""

    _name = "ops.plan.goal"
    _description = "Annual Goal"
    _inherit = ["ops.plan.part.mixin"]
    _order = "plan_id, sequence, id"
    _search_fields = {"name": "A"}

    name = fields.Char(string="Goal", required=True)
    direction_id = fields.Many2one(
        "ops.direction", compute="_compute_direction_id", store=True, readonly=False, index="btree_not_null",
        ondelete="restrict", domain="[('cycle_id', '=', cycle_id)]", help="The direction of the strategy that it serves.",
    )
    kpi_id = fields.Many2one(
        "ops.kpi", string="Key Indicator", index="btree_not_null", ondelete="restrict", domain="[('cycle_id', '=', cycle_id)]",
        help="The figure by which one sees that the goal is reached; leave empty where there is none.",
    )
    unit = fields.Char(related="kpi_id.unit_label")
    target = Exact(digits=(20, 6), aggregator=None, help="This department's figure for the year.")
    initiative_ids = fields.One2many("ops.plan.initiative", "goal_id", string="Initiatives")
    target_ids = fields.One2many("ops.plan.target", "goal_id", string="Breakdown")

    @api.depends("kpi_id")
    def _compute_direction_id(self):
        """A goal with an indicator serves the direction of the indicator."""
        for goal in self:
            goal.direction_id = goal.kpi_id.direction_id or goal.direction_id

    @api.constrains("kpi_id", "direction_id", "plan_id")
    def _check_strategy(self):
        for goal in self.sudo():  # sudo: the choice is checked, not shown
            kpi, direction, cycle = goal.kpi_id, goal.direction_id, goal.plan_id.cycle_id
            for name, chosen in (("kpi_id", kpi), ("direction_id", direction)):
                if chosen and chosen.cycle_id != cycle:
                    raise ValidationError(self.env._(
                        "%(field)s of “%(goal)s”: “%(chosen)s” belongs to %(other)s. Choose one of %(cycle)s.",
                        field=self._fields[name]._description_string(self.env), goal=goal.name,
                        chosen=chosen.display_name, other=chosen.cycle_id.display_name, cycle=cycle.display_name,
                    ))
            if kpi.direction_id and direction and kpi.direction_id != direction:
                raise ValidationError(self.env._(
                    "Direction of “%(goal)s”: the indicator “%(kpi)s” serves “%(right)s”, not “%(direction)s”. Choose that "
                    "direction, or another indicator.",
                    goal=goal.name, kpi=kpi.display_name, right=kpi.direction_id.name, direction=direction.name,
                ))

    def _missing_in_words(self):
        """A goal serves a direction, its own or that of its indicator; where the cycle has none, none is asked for."""
        return [
            self.env._("Goal “%(name)s”: choose the direction that it serves.", name=goal.name)
            for goal in self._filtered_undirected()
        ]

    def _filtered_undirected(self):
        """Return the goals that serve no direction, though their cycle has some to choose from."""
        found = self.filtered(lambda goal: not goal.direction_id and not goal.kpi_id.direction_id)
        return found.filtered("cycle_id.direction_ids")
