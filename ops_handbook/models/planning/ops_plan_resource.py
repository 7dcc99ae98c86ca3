from odoo import api, fields, models


class OpsPlanResource(models.Model):
    """What a department needs for its plan: people, money, equipment."""

    _name = "ops.plan.resource"
    _description = "Resource Need"
    _inherit = ["ops.plan.part.mixin"]
    _order = "plan_id, sequence, id"

    kind = fields.Selection(
        [("headcount", "Headcount"), ("budget", "Budget"), ("equipment", "Equipment")], required=True, default="budget"
    )
    name = fields.Char(string="What", required=True)
    quantity = fields.Float(digits=(16, 2), default=1.0)
    amount = fields.Monetary()
    currency_id = fields.Many2one(
        "res.currency", compute="_compute_currency_id", store=True, readonly=False, precompute=True, required=True,
        ondelete="restrict", help="By default that of the company.",
    )
    date_needed = fields.Date(string="Needed By")
    reason = fields.Char(string="Why")
    initiative_id = fields.Many2one(
        "ops.plan.initiative", index="btree_not_null", ondelete="set null", domain="[('plan_id', '=', plan_id)]"
    )

    _quantity_sane = models.Constraint("CHECK(quantity >= 0)", "Quantity: it cannot be less than nothing.")
    _amount_sane = models.Constraint("CHECK(amount IS NULL OR amount >= 0)", "Amount: it cannot be less than nothing.")

    @api.depends("plan_id.company_id")
    def _compute_currency_id(self):
        for need in self:
            need.currency_id = need.currency_id or (need.plan_id.company_id or self.env.company).currency_id

    @api.constrains("initiative_id", "plan_id")
    def _check_initiative(self):
        self._check_same_plan("initiative_id")

    @api.constrains("date_needed", "plan_id")
    def _check_date_needed(self):
        self._check_in_year("date_needed")

    def _missing_in_words(self):
        """Money is asked for with an amount, people and equipment with a number."""
        found = []
        for need in self:
            if need.kind == "budget" and not need.amount:
                found.append(self.env._("Resource “%(name)s”: say how much money, in Amount.", name=need.name))
            elif need.kind != "budget" and not need.quantity:
                found.append(self.env._("Resource “%(name)s”: say how many, in Quantity.", name=need.name))
        return found
