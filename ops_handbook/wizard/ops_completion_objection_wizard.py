from odoo import api, fields, models
from odoo.fields import Command


class OpsCompletionObjectionWizard(models.TransientModel):
    """Asks on which rulings a department objects, and why; all in one go, since it objects once."""

    _name = "ops.completion.objection.wizard"
    _description = "Object to Rulings"
    _inherit = ["ops.link.mixin"]

    report_id = fields.Many2one("ops.completion.report", required=True, readonly=True, ondelete="cascade")
    objection_until = fields.Datetime(related="report_id.objection_until", related_sudo=False)
    line_ids = fields.One2many("ops.completion.objection.wizard.line", "wizard_id", string="Rulings")

    @api.model
    def _ask(self, report):
        """Return the dialog with the rulings of a report."""
        wizard = self.create({
            "report_id": report.id,
            "line_ids": [Command.create({"line_id": line.id}) for line in report.line_ids if line.cause_ruled],
        })
        return {
            "type": "ir.actions.act_window", "res_model": self._name, "res_id": wizard.id, "views": [(False, "form")],
            "target": "new", "name": self.env._("Object to Rulings"),
            "context": {"dialog_size": "extra-large"},  # five columns, two of them sentences
        }

    def action_confirm(self):
        """Hand the objections in."""
        self.ensure_one()
        self.report_id.action_object({line.line_id.id: line.objection or "" for line in self.line_ids})
        return {"type": "ir.actions.act_window_close"}
