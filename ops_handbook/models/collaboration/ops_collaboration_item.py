from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

COPIED = ("name", "owner_id", "department_id", "date_due", "acceptance_standard", "needs_acceptance")
REPORTED = {"progress", "progress_note", "evidence"}


class OpsCollaborationItem(models.Model):
    """What somebody does for a collaboration by a date: division of labour, as the kick-off fixed it, or added by hand (C5)."""

    _name = "ops.collaboration.item"
    _description = "Collaboration Item"
    _inherit = ["ops.form.line.mixin", "ops.action.item.mixin"]
    _order = "date_due, id"
    _search_fields = {"name": "A", "acceptance_standard": "C", "evidence": "D"}

    _flow = {
        "open": {"done": {"owner", "liaison", "head"}, "cancelled": {"steering"}},
        "done": {"accepted": {"accepting"}, "open": {"accepting", "steering"}},
        "accepted": {},
        "cancelled": {"open": {"steering"}},
    }
    _flow_duties = {"open": {"owner": REPORTED, "liaison": REPORTED, "head": REPORTED}}
    _flow_hand_over = {"steering"}
    _flow_protected = {"resolution_id"}
    _form_field = "collaboration_id"
    _form_standards = ("C5",)

    collaboration_id = fields.Many2one("ops.collaboration", required=True, index=True, ondelete="cascade")
    collaboration_state = fields.Selection(related="collaboration_id.state", string="State of the Collaboration")
    company_id = fields.Many2one(
        compute="_compute_company_id", store=True, default=None, required=False,
        help="That of the department: its working days count.",
    )
    party_id = fields.Many2one(
        "ops.collaboration.party", string="Side", compute="_compute_party_id", store=True, index="btree_not_null",
        ondelete="set null", help="The party whose department carries it out.",
    )
    resolution_id = fields.Many2one(
        "ops.resolution", readonly=True, copy=False, index="btree_not_null", ondelete="restrict",
        help="The resolution of a meeting that says so: its clock is this item's clock.",
    )
    progress = fields.Integer(string="Progress (%)", aggregator="avg")
    progress_note = fields.Char(string="Where It Stands", copy=False)
    can_report = fields.Boolean(compute="_compute_can", help="The current user may say how far it is.")

    _progress_sane = models.Constraint("CHECK(progress BETWEEN 0 AND 100)", "Progress: choose 0 to 100 percent.")
    _resolution_once = models.UniqueIndex("(resolution_id) WHERE resolution_id IS NOT NULL")

    @api.depends("owner_id")
    def _compute_department_id(self):
        """The department of the owner: in the company of the collaboration, otherwise in their own."""
        found = self.env["hr.employee"]._ops_departments(self.owner_id)
        for item in self:
            owner, company = item.owner_id, item.collaboration_id.company_id
            department = found.get((owner.id, company.id)) or found.get((owner.id, owner.company_id.id))
            item.department_id = department or item.department_id

    @api.depends("department_id.company_id", "collaboration_id.company_id")
    def _compute_company_id(self):
        for item in self:
            item.company_id = item.department_id.company_id or item.collaboration_id.company_id

    @api.depends("department_id", "collaboration_id.party_ids.department_id")
    def _compute_party_id(self):
        parties = self.collaboration_id._parties_of(self.department_id)
        for item in self:
            item.party_id = parties.get((item.collaboration_id.id, item.department_id.id)) or False

    def _compute_can(self):
        super()._compute_can()
        roles = self._flow_roles()
        for item in self:
            item.can_report = item.state == "open" and bool(roles[item.id] & {"owner", "liaison", "head"})

    # -- who may do what ---------------------------------------------------------------------------------------------

    def _flow_extra_roles(self, roles, user, principals):
        """``liaison``: speaks for the side that carries it out; ``steering``: lead or operations; ``accepting``: accepts what
        somebody else has done, as the lead or as the requester."""
        found, request = set(), self.collaboration_id
        if self.party_id.acting_liaison_id & principals:
            found.add("liaison")
        leads = bool(request.lead_id & principals) or bool(request._lead_department() & user.ops_department_ids)
        if leads or (request._flow_deciding_office() in roles and not request._flow_barred() & principals):
            found.add("steering")
        requests = bool(request.author_id & principals) or bool(request.department_id & user.ops_department_ids)
        if (leads or requests) and not self.owner_id & principals:
            found.add("accepting")
        return found

    def _filtered_form_locked(self):
        """Items come and change while the collaboration is filed or running, by the hand of whoever steers it."""
        # sudo: the collaboration decides, also where the user may not read it
        requests = self.sudo().collaboration_id.with_env(self.env)
        steered = set(requests._filtered_steered().ids)
        return self.filtered(lambda item: item.sudo().collaboration_id.id not in steered or item.sudo().resolution_id)

    def _filtered_on_duty(self):
        # sudo: the state decides
        running = self.filtered(lambda item: item.sudo().collaboration_id.state in ("filed", "running"))
        return (super()._filtered_on_duty() | self._filtered_form_locked()) & running

    def _is_waiting(self):
        """Tell whether the collaboration must wait for this item."""
        return self.state == "open" or (self.state == "done" and self.needs_acceptance)

    def _transition_check(self, state, reason):
        super()._transition_check(state, reason)
        for item in self.sudo():  # sudo: the state decides
            if item.collaboration_id.state not in ("filed", "running") and not self.env.su:
                raise UserError(self.env._(
                    "“%(item)s” cannot change any more: its collaboration is “%(state)s”.",
                    item=item.name, state=item.collaboration_id._state_label(item.collaboration_id.state),
                ))

    @api.constrains("owner_id", "department_id")
    def _check_owner_company(self):
        for item in self.sudo():  # sudo: the choice is checked, not shown
            owner = item.owner_id.filtered("active") if not item.resolution_id else item.owner_id.browse()
            if owner and item.company_id and item.company_id not in owner.company_ids:
                raise ValidationError(self.env._(
                    "Owner: %(owner)s does not work for %(company)s. Choose somebody who does.",
                    owner=item.owner_id.name, company=item.company_id.name,
                ))

    def action_open_collaboration(self):
        """Open the collaboration."""
        self.ensure_one()
        return self.collaboration_id._obligation_open_action()
