from odoo import api, fields, models


class OpsPlanChange(models.Model):
    """Form 4: what of a released plan shall change and why; nothing else changes one."""

    _name = "ops.plan.change"
    _description = "Plan Change Request"
    _inherit = ["ops.form.mixin"]
    _order = "submitted_on desc, id desc"

    _flow = {
        "draft": {"submitted": {"author", "head"}, "cancelled": {"author", "head"}},
        "returned": {"submitted": {"author", "head"}, "cancelled": {"author", "head"}},
        "submitted": {
            "returned": {"decider"}, "checked": {"decider"}, "approved": {"small_decider"}, "rejected": {"decider"},
            "cancelled": {"author", "head"},
        },
        "checked": {
            "returned": {"general_manager"}, "approved": {"general_manager"}, "rejected": {"general_manager"},
            "cancelled": {"author", "head"},
        },
        "approved": {},
        "rejected": {},
        "cancelled": {},
    }
    _flow_reason = {"returned", "rejected", "cancelled"}
    _flow_closed = {"approved", "rejected", "cancelled"}
    _flow_decider = "gm_office"
    _flow_buttons = {
        "can_submit": "submitted",
        "can_return": "returned",
        "can_check": "checked",
        "can_approve": "approved",
        "can_accept": "approved",
        "can_reject": "rejected",
        "can_cancel": "cancelled",
    }

    plan_id = fields.Many2one(
        "ops.plan", required=True, index=True, ondelete="restrict", domain="[('state', '=', 'released')]"
    )
    cycle_id = fields.Many2one(related="plan_id.cycle_id", store=True, precompute=True, index=True)
    reason = fields.Text(help="What has happened that the plan did not know.")
    impact = fields.Text(help="On whom and what the change has effects, and on which figures.")
    line_ids = fields.One2many("ops.plan.change.line", "change_id", string="Changes", copy=True)
    previous_id = fields.Many2one("ops.plan.change", string="Reworked From", readonly=True, copy=False, index="btree_not_null",
                                  ondelete="restrict")
    version_id = fields.Many2one("ops.plan.version", string="Made", readonly=True, copy=False, index="btree_not_null",
                                 ondelete="restrict")
    can_check = fields.Boolean(compute="_compute_can")
    can_approve = fields.Boolean(compute="_compute_can")
    can_reject = fields.Boolean(compute="_compute_can")

    @api.model
    def _selection_state(self):
        return [
            ("draft", self.env._("Draft")),
            ("returned", self.env._("Returned")),
            ("submitted", self.env._("Submitted")),
            ("checked", self.env._("Checked")),
            ("approved", self.env._("Approved")),
            ("rejected", self.env._("Rejected")),
            ("cancelled", self.env._("Cancelled")),
        ]


class OpsPlanChangeLine(models.Model):
    """One change of a request: old value → new value, a line added, or a line taken out."""

    _name = "ops.plan.change.line"
    _description = "Change of a Plan"
    _inherit = ["ops.form.line.mixin"]
    _order = "change_id desc, sequence, id"

    _form_field = "change_id"

    change_id = fields.Many2one("ops.plan.change", required=True, index=True, ondelete="cascade")
    plan_id = fields.Many2one(related="change_id.plan_id", store=True, precompute=True, index=True)
    company_id = fields.Many2one(related="change_id.company_id", store=True, precompute=True, index=True)
    sequence = fields.Integer(default=10)
    name = fields.Char(string="What Changes")
