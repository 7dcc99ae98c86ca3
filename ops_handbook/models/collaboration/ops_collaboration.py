from odoo import Command, api, fields, models
from odoo.exceptions import ValidationError

from ...tools import token

PRIORITIES = [("1", "High"), ("2", "Medium"), ("3", "Low")]
RATINGS = [("1", "Poor"), ("2", "Below Expectation"), ("3", "As Expected"), ("4", "Good"), ("5", "Excellent")]
STEERED = ("filed", "running")  # its items can be made and changed


class OpsCollaboration(models.Model):
    """Form 9: a department asks others for help; from the request by way of the kick-off to the requester's assessment."""

    _name = "ops.collaboration"
    _description = "Collaboration Request"
    _inherit = ["ops.source.mixin", "ops.form.mixin"]
    _order = "submitted_on desc, id desc"
    _rec_names_search = ["number", "name"]
    _search_fields = {"name": "A", "goal": "B", "background": "C", "deliverable_standard": "C", "assessment": "D"}

    _flow = {
        "draft": {"submitted": {"author", "head", "registrar"}, "cancelled": {"author", "head", "registrar"}},
        "returned": {"submitted": {"author", "head", "registrar"}, "cancelled": {"author", "head", "registrar"}},
        "submitted": {
            "returned": {"decider"}, "filed": {"decider"}, "cancelled": {"author", "head", "registrar", "decider"},
        },
        # it begins to run when its kick-off is held, so no role is named for that step
        "filed": {"running": set(), "cancelled": {"author", "head", "decider"}},
        "running": {"done": {"lead", "lead_head"}, "cancelled": {"author", "head", "decider"}},
        "done": {"closed": {"author", "head"}, "running": {"author", "head"}},
        "closed": {},
        "cancelled": {},
    }
    _flow_named = {"lead": "lead_id"}
    _flow_reason = {"returned", "cancelled"}
    _flow_duties = {
        state: {"decider": {"lead_id"}, "lead_head": {"lead_id"}} for state in ("submitted", *STEERED)
    }
    _flow_buttons = {
        "can_submit": "submitted",
        "can_return": "returned",
        "can_accept": "filed",
        "can_file": "filed",
        "can_finish": "done",
        "can_close": "closed",
        "can_cancel": "cancelled",
    }
    _flow_protected = {"kickoff_id", "running_since", "finished_on", "rating", "assessment", "liaison_user_ids"}

    # what is asked
    name = fields.Char(string="Matter", required=True)
    background = fields.Text(help="What has led to this, and what has been tried.")
    goal = fields.Text(help="What shall be achieved together.")
    deliverable_standard = fields.Text(help="What is handed over in the end, and how one sees that it is good.")
    date_expected = fields.Date(string="Expected Completion")
    priority = fields.Selection(PRIORITIES, required=True, default="2", index=True)
    party_ids = fields.One2many("ops.collaboration.party", "collaboration_id", string="Parties", copy=True)

    # who carries it
    lead_department_id = fields.Many2one(
        "hr.department", index=True, ondelete="restrict", help="Answers for the whole."
    )
    lead_id = fields.Many2one(
        "res.users", compute="_compute_lead_id", store=True, readonly=False, index=True, copy=False,
        ondelete="restrict", help="Writes the weekly brief and says when all is done. Empty: the head of the lead department.",
    )
    liaison_user_ids = fields.Many2many(
        "res.users", "ops_collaboration_liaison_rel", string="Liaisons", readonly=True, copy=False,
        context={"active_test": False},
    )

    # what becomes of it
    kickoff_id = fields.Many2one("ops.meeting", string="Kick-Off", readonly=True, copy=False, index=True, ondelete="set null")
    meeting_ids = fields.One2many("ops.meeting", "collaboration_id", string="Meetings", readonly=True)
    item_ids = fields.One2many("ops.collaboration.item", "collaboration_id", string="Items", copy=False)
    brief_ids = fields.One2many("ops.collaboration.brief", "collaboration_id", string="Briefs", readonly=True)
    running_since = fields.Datetime(readonly=True, copy=False)
    finished_on = fields.Datetime(string="Done on", readonly=True, copy=False)
    rating = fields.Selection(RATINGS, readonly=True, copy=False)
    assessment = fields.Text(readonly=True, copy=False, help="What the requester thinks of the result.")

    can_file = fields.Boolean(compute="_compute_can")
    can_finish = fields.Boolean(compute="_compute_can")
    can_resume = fields.Boolean(compute="_compute_can", help="The requester may say that it is not done after all.")
    can_plan_kickoff = fields.Boolean(compute="_compute_can")
    can_steer = fields.Boolean(compute="_compute_can", help="The current user may make and change items.")
    can_change_lead = fields.Boolean(compute="_compute_can")
    can_write_brief = fields.Boolean(compute="_compute_can")

    @api.model
    def _selection_state(self):
        return [
            ("draft", self.env._("Draft")),
            ("returned", self.env._("Returned")),
            ("submitted", self.env._("Submitted")),
            ("filed", self.env._("Filed")),
            ("running", self.env._("Running")),
            ("done", self.env._("Done")),
            ("closed", self.env._("Closed")),
            ("cancelled", self.env._("Cancelled")),
        ]

    # -- computes ----------------------------------------------------------------------------------------------------

    @api.depends("lead_department_id")
    def _compute_lead_id(self):
        """The head of the lead department, until somebody else is named."""
        heads = self.lead_department_id._ops_heads()
        for request in self:
            request.lead_id = heads.get(request.lead_department_id.id) or False

    def _compute_can(self):
        super()._compute_can()
        roles = self._flow_roles()
        for request in self:
            held, state = roles[request.id], request.state
            steers = bool(held & {"decider", "lead", "lead_head"})
            request.can_resume = state == "done" and bool(held & {"author", "head"})
            request.can_plan_kickoff = state == "filed" and bool(held & {"decider", "operations"})
            request.can_steer = state in STEERED and steers
            request.can_change_lead = any(
                "lead_id" in names for role, names in self._flow_duties.get(state, {}).items() if role in held
            )
            request.can_write_brief = state in ("running", "done") and bool(held & {"lead", "lead_head"})

    # -- creation and content ----------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        requests = super().create(vals_list)
        requests._check_requester()
        return requests

    def _check_requester(self):
        """Refuse a request of somebody who leads no department: only heads ask, and those who stand in for them."""
        if self.env.su:
            return
        for request in self.sudo():  # sudo: what the author leads is asked, not shown
            if not request.department_id or request.department_id not in request.author_id.ops_department_ids:
                raise ValidationError(self.env._(
                    "Department: only its head, or their substitute, can ask other departments for help. Ask the head of "
                    "%(department)s to write the request.",
                    department=request.department_id.name or self.env._("your department"),
                ))

    def write(self, vals):
        changes_lead = "lead_id" in vals and {request.id: request.lead_id for request in self.sudo()}
        result = super().write(vals)
        if "department_id" in vals:
            self._check_requester()
        if changes_lead:
            self.filtered(lambda request: request.sudo().lead_id != changes_lead[request.id])._lead_changed()
        return result

    @api.constrains("lead_id", "lead_department_id")
    def _check_lead(self):
        for request in self.sudo():  # sudo: the choice is checked, not shown
            if request.lead_id.share:
                raise ValidationError(self.env._("Lead: choose an employee who can log in."))
            company = request.lead_department_id.company_id
            if request.lead_id.active and company and company not in request.lead_id.company_ids:
                raise ValidationError(self.env._(
                    "Lead: %(lead)s does not work for %(company)s, to which the lead department belongs. Choose somebody who does.",
                    lead=request.lead_id.name, company=company.name,
                ))

    @api.constrains("party_ids", "department_id")
    def _check_parties(self):
        for request in self:
            if request.department_id & request.sudo().party_ids.department_id:
                raise ValidationError(self.env._(
                    "Parties: %(department)s asks itself. Name the departments whose help you need.",
                    department=request.department_id.name,
                ))

    # -- for the layers and screens above ----------------------------------------------------------------------------

    def _lead_department(self):
        """Return the department that answers for the whole: the lead department, else the requester's."""
        return self.lead_department_id or self.department_id

    def _refresh_liaisons(self):
        """Keep the liaisons as the record rules read them."""
        for request in self.sudo():  # sudo: the machinery's own field
            liaisons = request.party_ids.filtered(lambda party: party.state != "released").liaison_id
            if liaisons != request.liaison_user_ids:
                token.marked(request).write({"liaison_user_ids": [Command.set(liaisons.ids)]})

    def _parties_of(self, departments):
        """Return which party a department belongs to: dict (collaboration id, department id) → party (sudo)."""
        # sudo: parties are found, not shown
        paths = {department.id: department.sudo()._ops_path() for department in departments}
        found = {}
        for request in self.sudo():
            by_department = {party.department_id.id: party for party in request.party_ids}
            for department, path in paths.items():
                party = next((by_department[item] for item in path if item in by_department), None)
                if party:
                    found[request.id, department] = party
        return found

    def _count_of(self, model, domain=()):
        # sudo: a count betrays nothing; what is counted is read with the user's own rights
        groups = self.env[model].sudo()._read_group(
            [("collaboration_id", "in", self.ids), *domain], ["collaboration_id"], ["__count"]
        )
        return {request.id: count for request, count in groups}
