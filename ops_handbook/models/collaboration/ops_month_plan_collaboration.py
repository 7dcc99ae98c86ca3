from odoo import api, models


class OpsMonthPlan(models.Model):
    """What a department does for a collaboration belongs on its month plan."""

    _inherit = "ops.month.plan"

    @api.model
    def _prefill_sources(self, plans):
        found = super()._prefill_sources(plans)
        items = self._prefill_action_items(plans, "ops.collaboration.item")
        return {plan_id: known + items.get(plan_id, []) for plan_id, known in found.items()}


class OpsCollaborationItem(models.Model):
    """Those that a meeting resolved stand on month plans as its resolutions."""

    _inherit = "ops.collaboration.item"

    @api.model
    def _task_domain(self):
        return [*super()._task_domain(), ("collaboration_id.state", "in", ("filed", "running")), ("resolution_id", "=", False)]

    def _task_source(self):
        return self.resolution_id or self
