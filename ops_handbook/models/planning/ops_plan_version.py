from odoo import fields, models


class OpsPlanVersion(models.Model):
    """A plan as it was released, and as each approved change left it."""

    _name = "ops.plan.version"
    _description = "Version of an Annual Plan"
    _inherit = ["ops.version.mixin"]

    _version_of = "plan_id"
    _version_content = {
        "summary": None,
        "goal_ids": ("name", "direction_id", "kpi_id", "target"),
        "initiative_ids": ("name", "goal_id", "owner_id", "date_start", "date_end", "deliverable", "weight"),
        "resource_ids": ("name", "kind", "quantity", "amount", "date_needed", "reason"),
        "milestone_ids": ("name", "date", "owner_id", "initiative_id"),
        "risk_ids": ("name", "probability", "impact", "contingency", "owner_id"),
        "target_ids": ("goal_id", "initiative_id", "month", "value"),
    }

    plan_id = fields.Many2one("ops.plan", required=True, readonly=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="plan_id.company_id", store=True, precompute=True, index=True)

    _once = models.UniqueIndex("(plan_id, version)")
