from odoo import api, fields, models


class OpsCollaborationCloseWizard(models.TransientModel):
    """The requester's assessment, with which a collaboration is closed."""

    _name = "ops.collaboration.close.wizard"
    _description = "Assess and Close a Collaboration"

    collaboration_id = fields.Many2one("ops.collaboration", required=True, readonly=True, ondelete="cascade")
    deliverable_standard = fields.Text(related="collaboration_id.deliverable_standard", related_sudo=False)
    rating = fields.Selection(
        [("1", "Poor"), ("2", "Below Expectation"), ("3", "As Expected"), ("4", "Good"), ("5", "Excellent")], required=True,
    )
    assessment = fields.Text(required=True)

    @api.model_create_multi
    def create(self, vals_list):
        wizards = super().create(vals_list)
        wizards.collaboration_id.check_access("read")  # the dialog shows its matter
        return wizards

    def write(self, vals):
        result = super().write(vals)
        self.collaboration_id.check_access("read")
        return result

    def action_confirm(self):
        """Close with this assessment."""
        self.ensure_one()
        self.collaboration_id.action_close(self.rating, self.assessment)
        return {"type": "ir.actions.act_window_close"}
