from odoo import fields, models


class OpsCompletionObjectionWizardLine(models.TransientModel):
    """One ruling, as the dialog asks about it."""

    _name = "ops.completion.objection.wizard.line"
    _description = "Ruling to Object to"
    _inherit = ["ops.link.mixin"]
    _order = "id"

    wizard_id = fields.Many2one("ops.completion.objection.wizard", required=True, ondelete="cascade", index=True)
    line_id = fields.Many2one("ops.completion.report.line", string="Task", required=True, readonly=True, ondelete="cascade")
    cause_proposed = fields.Selection(related="line_id.cause_proposed", related_sudo=False)
    cause_ruled = fields.Selection(related="line_id.cause_ruled", related_sudo=False)
    ruling_reason = fields.Text(related="line_id.ruling_reason", related_sudo=False)
    objection = fields.Text(help="Why the ruling is wrong; empty: you accept it.")
