from odoo import api, fields, models

from ..models.execution.ops_completion_report_line import CAUSES


class OpsCompletionRuleWizard(models.TransientModel):
    """Asks for a ruling on unfinished tasks, or for the answer to an objection; the action itself decides whether the user may."""

    _name = "ops.completion.rule.wizard"
    _description = "Rule on Unfinished Tasks"

    line_ids = fields.Many2many(
        "ops.completion.report.line", "ops_completion_rule_wizard_line_rel", string="Tasks", required=True, readonly=True
    )
    about = fields.Char(string="Tasks in Words", compute="_compute_about")
    proposed = fields.Char(compute="_compute_about")
    explanation = fields.Text(compute="_compute_about")
    objection = fields.Text(compute="_compute_about")
    ruling = fields.Selection(CAUSES, required=True)
    reason = fields.Text(help="Asked for where the ruling differs from what the department proposed, and as the answer to an objection.")

    @api.model
    def _ask(self, lines):
        """Return the dialog for these lines; what they agree on is chosen already."""
        current = {line.cause_ruled or line.cause_proposed for line in lines}
        return {
            "type": "ir.actions.act_window", "res_model": self._name, "views": [(False, "form")], "target": "new",
            "name": self.env._("Answer the Objection") if any(lines.mapped("objection")) else self.env._("Ruling"),
            "context": {"default_line_ids": lines.ids, "default_ruling": current.pop() if len(current) == 1 else False},
        }

    @api.depends("line_ids")
    def _compute_about(self):
        for wizard in self:
            lines = wizard.line_ids
            lines.check_access("read")
            labels = dict(lines._fields["cause_proposed"]._description_selection(self.env))
            wizard.about = ", ".join(lines.mapped("display_name"))
            wizard.proposed = ", ".join(dict.fromkeys(labels[cause] for cause in lines.mapped("cause_proposed") if cause))
            wizard.explanation = "\n\n".join(filter(None, lines.mapped("explanation")))
            wizard.objection = "\n\n".join(filter(None, lines.mapped("objection")))

    def action_confirm(self):
        """Write the ruling down."""
        self.ensure_one()
        self.line_ids.action_rule(self.ruling or "", self.reason)
        return {"type": "ir.actions.act_window_close"}
