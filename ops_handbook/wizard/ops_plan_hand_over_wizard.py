from odoo import fields, models


class OpsPlanHandOverWizard(models.TransientModel):
    """Asks which department carries plans on, and why; the action itself decides whether the user may."""

    _name = "ops.plan.hand.over.wizard"
    _description = "Hand Over to Another Department"

    plan_ids = fields.Many2many("ops.plan", string="Plans", readonly=True, required=True)
    company_ids = fields.Many2many("res.company", compute="_compute_company_ids")
    department_id = fields.Many2one(
        "hr.department", string="Carried on by", required=True, domain="[('company_id', 'in', company_ids)]",
        help="If it has a plan of that year already, this one is closed and says who carries on.",
    )
    reason = fields.Text(required=True)

    def _compute_company_ids(self):
        for wizard in self:
            wizard.plan_ids._origin.check_access("read")
            # sudo: which companies take part in a cycle is no secret of those who hand its plans over
            top = wizard.sudo().plan_ids.cycle_id.company_id
            wizard.company_ids = wizard.env["res.company"].sudo().search([("id", "child_of", top.ids)])

    def action_confirm(self):
        """Hand over as chosen."""
        self.ensure_one()
        self.plan_ids.action_hand_over_department(self.department_id.id, self.reason)
        return {"type": "ir.actions.act_window_close"}
