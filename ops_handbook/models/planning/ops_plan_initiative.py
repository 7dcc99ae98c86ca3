from odoo import api, fields, models
from odoo.tools import float_compare


class OpsPlanInitiative(models.Model):
    """A key initiative: who does what from when to when, and what is there in the end."""

    _name = "ops.plan.initiative"
    _description = "Key Initiative"
    _inherit = ["ops.plan.part.mixin"]
    _order = "plan_id, sequence, id"
    _search_fields = {"name": "A", "deliverable": "C"}

    name = fields.Char(string="Initiative", required=True)
    goal_id = fields.Many2one(
        "ops.plan.goal", index="btree_not_null", ondelete="set null", domain="[('plan_id', '=', plan_id)]"
    )
    owner_id = fields.Many2one("res.users", index="btree_not_null", ondelete="restrict", domain="[('share', '=', False)]")
    date_start = fields.Date(string="Start")
    date_end = fields.Date(string="End")
    deliverable = fields.Char(help="What is there in the end, and how one sees that it is good.")
    weight = fields.Float(
        digits=(6, 2), string="Weight (%)", aggregator="sum",
        help="Its share of the plan. The weights of all initiatives add up to 100, or all are empty.",
    )
    milestone_ids = fields.One2many("ops.plan.milestone", "initiative_id", string="Milestones")
    target_ids = fields.One2many("ops.plan.target", "initiative_id", string="Breakdown")

    _dates_sane = models.Constraint(
        "CHECK(date_end IS NULL OR date_start IS NULL OR date_end >= date_start)", "End: it lies before the start."
    )
    _weight_sane = models.Constraint(
        "CHECK(weight IS NULL OR weight BETWEEN 0 AND 100)", "Weight: choose 0 to 100 percent."
    )

    @api.constrains("owner_id", "plan_id")
    def _check_owner_works_here(self):
        self._check_owner()

    @api.constrains("date_start", "date_end", "plan_id")
    def _check_dates_in_year(self):
        self._check_in_year("date_start")
        self._check_in_year("date_end")

    @api.constrains("goal_id", "plan_id")
    def _check_goal(self):
        self._check_same_plan("goal_id")

    def _missing_in_words(self):
        """An initiative has an owner, a start, an end and a deliverable; weights add up to 100, or there are none."""
        found = []
        for initiative in self:
            names = [
                self._fields[name]._description_string(self.env)
                for name in ("owner_id", "date_start", "date_end", "deliverable") if not initiative[name] or not str(initiative[name]).strip()
            ]
            if names:
                found.append(self.env._(
                    "Initiative “%(name)s”: fill in %(fields)s.", name=initiative.name, fields=", ".join(names)
                ))
        total = sum(self.mapped("weight"))
        if total and float_compare(total, 100, precision_digits=2):
            found.append(self.env._(
                "Weights of the initiatives: they add up to %(total)s %%, not to 100 %%. Correct them, or leave all empty.",
                total=f"{total:g}",
            ))
        return found
