from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...tools import clock


class OpsActionItemMixin(models.AbstractModel):
    """Something decided: an owner, a date, a standard by which it is accepted. Measures, resolutions, collaboration items."""

    _name = "ops.action.item.mixin"
    _description = "Action Item"
    _inherit = ["ops.transition.mixin"]
    _order = "date_due, id"

    _flow = {
        "open": {"done": {"owner"}, "cancelled": {"decider"}},
        "done": {"accepted": {"decider"}, "open": {"decider"}},
        "accepted": {},
        "cancelled": {"open": {"decider"}},
    }
    _flow_named = {"owner": "owner_id"}
    _flow_reason = {"cancelled", "open"}
    _flow_open = {"open"}
    _flow_closed = {"accepted", "cancelled"}
    # where the form that it stands on is locked, whoever carries it out still says what was done
    _flow_duties = {"open": {"owner": {"evidence"}}}
    _flow_buttons = {
        "can_done": "done",
        "can_accept": "accepted",
        "can_reopen": "open",
        "can_cancel": "cancelled",
    }

    name = fields.Char(string="What", required=True)
    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)
    owner_id = fields.Many2one("res.users", required=True, index=True, ondelete="restrict")
    department_id = fields.Many2one(
        "hr.department", compute="_compute_department_id", store=True, readonly=False, index=True, ondelete="restrict"
    )
    date_due = fields.Date(string="Due", required=True)
    acceptance_standard = fields.Char(help="How one sees that it is done.")
    needs_acceptance = fields.Boolean(help="Done only when somebody else has accepted it.")
    evidence = fields.Text(help="What was done, and where one can see it.")
    done_on = fields.Datetime(readonly=True, copy=False)
    can_done = fields.Boolean(compute="_compute_can")
    can_accept = fields.Boolean(compute="_compute_can")
    can_reopen = fields.Boolean(compute="_compute_can")
    can_cancel = fields.Boolean(compute="_compute_can")

    @api.model
    def _selection_state(self):
        return [
            ("open", self.env._("Open")),
            ("done", self.env._("Done")),
            ("accepted", self.env._("Accepted")),
            ("cancelled", self.env._("Cancelled")),
        ]

    @api.depends("owner_id", "company_id")
    def _compute_department_id(self):
        """The department of the owner, in the company of the item."""
        departments = self.env["hr.employee"]._ops_departments(self.owner_id, self.company_id)
        for item in self:
            item.department_id = departments.get((item.owner_id.id, item.company_id.id)) or item.department_id

    def _transition_values(self, state):
        values = super()._transition_values(state)
        if state == "done":
            values["done_on"] = clock.now()
        elif state == "open":
            values["done_on"] = False
        return values

    def _flow_author(self):
        """Whoever carries an item out does not accept it."""
        return self.owner_id

    # -- actions ---------------------------------------------------------------------------------------------------

    def action_done(self, evidence=None):
        """Say that the items are carried out.

        :param str evidence: what was done; kept when nothing new is said
        """
        return self._transition("done", values={"evidence": evidence} if evidence else None)

    def action_accept(self):
        """Accept what was carried out."""
        return self._transition("accepted")

    def action_reopen(self, reason=None):
        """Say that the items are not done after all, and why."""
        if reason is None:
            return self._ask_reason("action_reopen")
        return self._transition("open", reason)

    def action_cancel(self, reason=None):
        """Drop the items, and say why."""
        if reason is None:
            return self._ask_reason("action_cancel")
        return self._transition("cancelled", reason)

    @api.constrains("owner_id")
    def _check_owner(self):
        for item in self:
            if item.owner_id.share:
                raise UserError(self.env._(
                    "Owner: %(owner)s is not an employee; choose somebody who can log in and do it.",
                    owner=item.owner_id.display_name,
                ))

    def _check_owner_company(self):
        """For items that are read in their company only: refuse an owner who does not work for it."""
        for item in self:
            owner_sudo = item.owner_id.sudo()  # sudo: whom one names is checked, not shown
            if item.company_id not in owner_sudo.company_ids:
                raise ValidationError(self.env._(
                    "Owner: %(owner)s does not work for %(company)s. Choose somebody who does.",
                    owner=owner_sudo.name, company=item.company_id.display_name,
                ))
