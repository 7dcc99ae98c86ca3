from odoo import api, models


class OpsObligation(models.Model):
    """A proposal for the handbook that no owner decides on is operations', never that of its author's head."""

    _inherit = "ops.obligation"

    @api.model
    def _answers(self, role, department, source=None, responsible=None):
        found, user = super()._answers(role, department, source, responsible)
        if source is not None and source._name == "ops.article.proposal" and found != role:
            return source._flow_deciding_office(), self.env["res.users"]
        return found, user
