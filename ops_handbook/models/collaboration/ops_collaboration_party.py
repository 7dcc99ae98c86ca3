from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...tools import clock, token
from ...tools.ids import one_id
from ...tools.saying import saying
from ...tools.words import typed

ASKED = {"name", "request", "resources", "department_id"}  # what the head has agreed to
TAKES_PART = ("asked", "accepted", "declined", "required")
CONSENTING = ("submitted", "filed", "running")  # states of the request in which its parties answer


class OpsCollaborationParty(models.Model):
    """A department whose help is asked for: its head agrees or declines, and names a liaison."""

    _name = "ops.collaboration.party"
    _description = "Party of a Collaboration"
    _inherit = ["ops.form.line.mixin", "ops.transition.mixin", "ops.clock.mixin"]
    _order = "collaboration_id, id"
    _rec_name = "department_id"

    _flow = {
        "asked": {"accepted": {"consenter"}, "declined": {"consenter"}},
        "accepted": {"declined": {"consenter"}},
        "declined": {"accepted": {"consenter"}, "required": {"decider"}, "released": {"decider"}},
        "required": {"released": {"decider"}},
        "released": {"required": {"decider"}},
    }
    _flow_reason = {"declined", "required", "released"}
    _flow_open = {"asked"}
    _flow_closed = {"released"}
    _flow_duties = {state: {"consenter": {"liaison_id"}} for state in TAKES_PART}
    _flow_buttons = {
        "can_accept": "accepted",
        "can_decline": "declined",
        "can_require": "required",
        "can_release": "released",
    }
    _flow_protected = {"reason", "answered_on"}
    _form_field = "collaboration_id"
    _form_standards = ("K1",)

    collaboration_id = fields.Many2one("ops.collaboration", required=True, index=True, ondelete="cascade")
    collaboration_state = fields.Selection(related="collaboration_id.state", string="State of the Request")
    company_id = fields.Many2one(
        "res.company", compute="_compute_company_id", store=True, precompute=True, index=True,
        help="That of the department: its working days count.",
    )
    department_id = fields.Many2one("hr.department", required=True, index=True, ondelete="restrict")
    request = fields.Text(string="What Is Asked of It", required=True)
    resources = fields.Text(help="People, machines, budget, and for how long.")
    reason = fields.Text(readonly=True, copy=False, help="Why it declined, or why operations decided so.")
    answered_on = fields.Datetime(readonly=True, copy=False)
    liaison_id = fields.Many2one(
        "res.users", index=True, copy=False, ondelete="restrict",
        help="Speaks for the department in this collaboration. Until somebody is named it is the head.",
    )
    acting_liaison_id = fields.Many2one("res.users", string="Speaks for It", compute="_compute_acting_liaison_id")
    head_id = fields.Many2one("res.users", compute="_compute_acting_liaison_id")

    # what it is about, for the head who reads it on a phone
    matter = fields.Char(related="collaboration_id.name")
    goal = fields.Text(related="collaboration_id.goal")
    deliverable_standard = fields.Text(related="collaboration_id.deliverable_standard")
    date_expected = fields.Date(related="collaboration_id.date_expected")
    requester_id = fields.Many2one(related="collaboration_id.author_id", string="Requester")
    requesting_department_id = fields.Many2one(related="collaboration_id.department_id", string="Asking Department")

    can_accept = fields.Boolean(compute="_compute_can")
    can_decline = fields.Boolean(compute="_compute_can")
    can_require = fields.Boolean(compute="_compute_can")
    can_release = fields.Boolean(compute="_compute_can")
    can_name_liaison = fields.Boolean(compute="_compute_can")

    _once = models.UniqueIndex(
        "(collaboration_id, department_id)", "Parties: a department is asked once; put all that you ask of it in one line."
    )

    @api.model
    def _selection_state(self):
        return [
            ("asked", self.env._("Asked")),
            ("accepted", self.env._("Agreed")),
            ("declined", self.env._("Declined")),
            ("required", self.env._("Required")),
            ("released", self.env._("Let Off")),
        ]

    @api.depends("department_id.company_id", "collaboration_id.company_id")
    def _compute_company_id(self):
        for party in self:
            party.company_id = party.department_id.company_id or party.collaboration_id.company_id

    @api.depends("liaison_id.active", "department_id")
    def _compute_acting_liaison_id(self):
        """A silent head is the liaison until they name one, and again when the liaison has left."""
        heads = self.department_id._ops_heads()
        for party in self:
            party.head_id = heads.get(party.department_id.id) or False
            party.acting_liaison_id = party.liaison_id if party.liaison_id.active else party.head_id

    @api.depends("collaboration_id.display_name", "department_id.name")
    def _compute_display_name(self):
        for party in self:
            party.display_name = " – ".join(filter(None, [
                party.collaboration_id.sudo().display_name,  # sudo: the name of what one is asked for
                party.department_id.sudo().name,
            ]))

    @api.depends("collaboration_id.state")
    def _compute_can(self):
        super()._compute_can()
        roles = self._flow_roles()
        for party in self:
            held = roles[party.id]
            party.can_name_liaison = bool(party.id) and party.state != "released" and "consenter" in held

    # -- who may do what ---------------------------------------------------------------------------------------------

    def _flow_extra_roles(self, roles, user, principals):
        """``consenter``: leads the department; where nobody does, operations answer for it."""
        if self.collaboration_id.state not in CONSENTING:
            return set()
        if "head" in roles:
            return {"consenter"}
        stands_in = "operations" in roles and not self.head_id and not self._kept_from_consent() & principals
        return {"consenter"} if stands_in else set()

    def _kept_from_consent(self):
        """Nobody agrees to what they ask for; nor to what they handed in, as long as a colleague in operations can."""
        author, handed_in = self._flow_author(), self._flow_handed_in_by()
        return author | handed_in if self._flow_others_of("operations", handed_in) else author

    def _flow_holders(self, roles, users):
        return super()._flow_holders(roles | ({"head"} if "consenter" in roles else set()), users)

    def _flow_author(self):
        """Operations do not overrule a refusal of what they asked for themselves."""
        return self.collaboration_id.author_id

    def _flow_handed_in_by(self):
        """Nor does whoever handed the request in decide on a refusal."""
        return self.collaboration_id._flow_handed_in_by()

    def _next_states(self):
        """Parties answer from the submission on, and operations decide until it is done."""
        allowed = super()._next_states()
        closed = self.sudo().filtered(lambda party: party.collaboration_id.state not in CONSENTING)
        return {**allowed, **dict.fromkeys(closed.ids, set())}

    def _filtered_locked(self):
        """A returned request is open, whatever its parties have answered; else it is locked as a whole."""
        return self._filtered_form_locked()

    def _filtered_on_duty(self):
        return self.filtered(lambda party: party.sudo().collaboration_id.state in CONSENTING)  # sudo: the state decides

    @api.ondelete(at_uninstall=False)
    def _unlink_draft_only(self):
        for party in self:
            if party.collaboration_id.state not in party.collaboration_id._flow_open:
                raise UserError(self.env._(
                    "%(record)s: a party of a request that was handed in cannot be taken out; operations can release it.",
                    record=party.display_name,
                ))

    # -- content -----------------------------------------------------------------------------------------------------

    def write(self, vals):
        if "liaison_id" in vals and self._filtered_on_duty() != self:
            self._refuse_liaison()
        before = {party.id: party.liaison_id for party in self.sudo()}  # sudo: to see what changes
        if "department_id" in vals and any(party.department_id.id != vals["department_id"] for party in self):
            vals = {"liaison_id": False, **vals}  # whoever was named speaks for the department that was asked before
        result = super().write(vals)
        if ASKED & vals.keys() and not token.holds(self.env):
            self._ask_anew()
        if "liaison_id" in vals:
            changed = token.cleared(self).sudo().filtered(lambda party: party.liaison_id != before[party.id])  # sudo: as above
            changed.collaboration_id._refresh_liaisons()
            changed._notify_liaison()
            changed._invite_speakers()
        return result

    def unlink(self):
        requests = self.sudo().collaboration_id  # sudo: the machinery's own field follows
        result = super().unlink()
        requests._refresh_liaisons()
        return result

    @api.model_create_multi
    def create(self, vals_list):
        if any(vals.get("liaison_id") for vals in vals_list):
            self._refuse_liaison()
        # said here for each, so that no default of a client can say it
        return super().create([{**vals, "liaison_id": False} for vals in vals_list])

    def _refuse_liaison(self):
        """The requester does not choose who speaks for somebody else's department, nor for one that is not asked."""
        raise ValidationError(self.env._(
            "Liaison: the head of the department names them once the request has been submitted."
        ))

    def _ask_anew(self):
        """Whoever agreed agreed to what was asked then: what was changed since is asked again."""
        answered = self.sudo().filtered(lambda party: party.state != "asked")  # sudo: the machinery's own fields
        if answered:
            token.marked(answered).write({"state": "asked", "reason": False, "answered_on": False})
            self.env["ops.form.transition"]._log(
                answered, dict.fromkeys(answered.ids, "accepted"), "asked", saying(self.env)._("The request was changed.")
            )

    @api.constrains("liaison_id", "department_id")
    def _check_liaison(self):
        for party in self.sudo().filtered("liaison_id"):  # sudo: the choice is checked, not shown
            if party.liaison_id.share:
                raise ValidationError(self.env._("Liaison: choose an employee who can log in."))
            if party.liaison_id.active and party.company_id not in party.liaison_id.company_ids:
                raise ValidationError(self.env._(
                    "Liaison: %(liaison)s does not work for %(company)s. Choose somebody who does.",
                    liaison=party.liaison_id.name, company=party.company_id.name,
                ))

    # -- actions -----------------------------------------------------------------------------------------------------

    def action_accept(self, liaison_id=None):
        """Agree to what is asked (K1).

        :param int liaison_id: who speaks for the department; none: as it is, the head until somebody is named
        """
        values = {"answered_on": clock.now(), "reason": False}
        if liaison_id is not None:
            values["liaison_id"] = self._checked_liaison(liaison_id)
        return self._transition("accepted", values=values)

    def action_decline(self, reason=None):
        """Decline, and say why; operations decide (K1)."""
        if reason is None:
            return self._ask_reason("action_decline")
        return self._transition("declined", reason, {"answered_on": clock.now(), "reason": typed(reason)})

    def action_name_liaison(self, liaison_id):
        """Name who speaks for the department from now on.

        :param int liaison_id: the user; 0: the head again
        """
        self.write({"liaison_id": self._checked_liaison(liaison_id)})
        return True

    def action_require(self, reason=None):
        """Decide that the department takes part although it declined, and say why."""
        if reason is None:
            return self._ask_reason("action_require")
        return self._transition("required", reason, {"reason": typed(reason)})

    def action_release(self, reason=None):
        """Decide that the department need not take part, and say why."""
        if reason is None:
            return self._ask_reason("action_release")
        return self._transition("released", reason, {"reason": typed(reason)})

    def action_open_collaboration(self):
        """Open the request."""
        self.ensure_one()
        return self.collaboration_id._obligation_open_action()

    def _checked_liaison(self, liaison_id):
        """Return the id of a user that a program sent, or False for nobody."""
        # sudo: whether somebody exists; what they may be named for is a constraint
        if found := self.env["res.users"].sudo().browse(one_id(liaison_id)).exists():
            return found.id
        if not liaison_id:
            return False
        raise ValidationError(self.env._("Liaison: choose an employee who can log in."))
