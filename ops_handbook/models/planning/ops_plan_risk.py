from odoo import api, fields, models

DEGREES = [("1", "Low"), ("2", "Medium"), ("3", "High")]
HIGH = 6  # probability × impact from which on a risk is a high one: 2 × 3


class OpsPlanRisk(models.Model):
    """What may go wrong, how likely and how bad, and what is done then."""

    _name = "ops.plan.risk"
    _description = "Risk"
    _inherit = ["ops.plan.part.mixin"]
    _order = "plan_id, sequence, id"

    name = fields.Char(string="Risk", required=True)
    probability = fields.Selection(DEGREES, required=True, default="2")
    impact = fields.Selection(DEGREES, required=True, default="2")
    level = fields.Selection(
        [("low", "Low"), ("medium", "Medium"), ("high", "High")], compute="_compute_level", store=True,
        help="Of probability and impact together. A high risk needs a contingency plan and an owner.",
    )
    contingency = fields.Text(string="Contingency Plan")
    owner_id = fields.Many2one("res.users", index="btree_not_null", ondelete="restrict", domain="[('share', '=', False)]")

    @api.depends("probability", "impact")
    def _compute_level(self):
        for risk in self:
            score = int(risk.probability or 1) * int(risk.impact or 1)
            risk.level = "high" if score >= HIGH else "medium" if score >= 3 else "low"

    @api.constrains("owner_id", "plan_id")
    def _check_owner_works_here(self):
        self._check_owner()

    def _missing_in_words(self):
        """A high risk has a contingency plan and an owner."""
        found = []
        for risk in self.filtered(lambda risk: risk.level == "high"):
            names = [
                self._fields[name]._description_string(self.env)
                for name in ("contingency", "owner_id") if not risk[name] or not str(risk[name]).strip()
            ]
            if names:
                found.append(self.env._(
                    "Risk “%(name)s”: it is high, so fill in %(fields)s.", name=risk.name, fields=", ".join(names)
                ))
        return found
