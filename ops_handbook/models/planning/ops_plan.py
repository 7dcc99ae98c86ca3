from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ...tools.ids import some_ids
from ...tools.roles import ROLE_GROUPS

WRITERS = {"head", "writer"}  # whose plan it is: see ``_flow_extra_roles``


class OpsPlan(models.Model):
    """Forms 1 and 2: what a department sets out to do in a year, from the draft to the release and every change after it."""

    _name = "ops.plan"
    _description = "Annual Plan"
    _inherit = ["ops.link.mixin", "ops.form.mixin"]
    _order = "year desc, department_id, id desc"
    _rec_names_search = ["number", "department_id"]
    _search_fields = {"summary": "C"}

    _flow = {
        "draft": {"submitted": WRITERS, "released": {"decider"}, "cancelled": {*WRITERS, "decider"}},
        "returned": {"submitted": WRITERS, "cancelled": {*WRITERS, "decider"}},
        "submitted": {"review": {"decider"}, "returned": {"decider"}, "cancelled": {"decider"}},
        # cancelled: only where another department carries it on (ops_plan_reorganise.py), so no role is named for that step
        "review": {"returned": {"decider"}, "final": WRITERS, "cancelled": set()},
        "final": {"returned": {"decider"}, "released": {"decider"}, "cancelled": set()},
        "released": {"closed": {"decider"}},
        "closed": {},
        "cancelled": {},
    }
    _flow_reason = {"returned", "cancelled"}
    _flow_handed_in = {"submitted", "final"}
    _flow_decider = "gm_office"
    _flow_buttons = {
        "can_submit": "submitted",
        "can_review": "review",
        "can_return": "returned",
        "can_accept": "final",
        "can_finalise": "final",
        "can_release": "released",
        "can_close": "closed",
        "can_cancel": "cancelled",
    }
    _flow_protected = {
        "entered_running", "successor_id", "final_on",
        "acknowledged_on", "acknowledged_by_id", "acknowledged_version",
    }
    _form_standards = ("A2", "A4")
    _shows_standards = {"V2": None}  # started and met by acknowledging alone, whatever becomes of the plan
    _form_registrars = {"gm_office"}

    cycle_id = fields.Many2one(
        "ops.cycle", required=True, index=True, ondelete="restrict", default=lambda self: self._default_cycle(),
        domain="[('state', 'not in', ['closed', 'cancelled'])]",
    )
    year = fields.Integer(related="cycle_id.year", store=True, precompute=True, index=True, aggregator=None)
    summary = fields.Html(help="What the year is about, for readers in a hurry.", sanitize_style=True)

    # the five parts
    goal_ids = fields.One2many("ops.plan.goal", "plan_id", string="Annual Goals", copy=True)
    initiative_ids = fields.One2many("ops.plan.initiative", "plan_id", string="Key Initiatives", copy=True)
    resource_ids = fields.One2many("ops.plan.resource", "plan_id", string="Resource Needs", copy=True)
    milestone_ids = fields.One2many("ops.plan.milestone", "plan_id", string="Milestones", copy=True)
    risk_ids = fields.One2many("ops.plan.risk", "plan_id", string="Risks", copy=True)

    # what becomes of it
    review_ids = fields.One2many("ops.plan.review", "plan_id", string="Review Sheets", readonly=True)
    target_ids = fields.One2many("ops.plan.target", "plan_id", string="Breakdown", copy=False)
    version_ids = fields.One2many("ops.plan.version", "plan_id", string="Versions", readonly=True)
    change_ids = fields.One2many("ops.plan.change", "plan_id", string="Change Requests", readonly=True)
    report_ids = fields.One2many("ops.progress.report", "plan_id", string="Progress Reports", readonly=True)
    entered_running = fields.Boolean(readonly=True, copy=False, help="Entered when it was running already, as released.")
    released_on = fields.Datetime(readonly=True, copy=False)
    acknowledged_version = fields.Integer(readonly=True, copy=False, aggregator=None)
    acknowledged_on = fields.Datetime(readonly=True, copy=False)
    acknowledged_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict", index="btree_not_null")
    successor_id = fields.Many2one(
        "hr.department", string="Carried on by", readonly=True, copy=False, ondelete="restrict", index="btree_not_null",
        help="The department that took over what this plan set out to do, after a reorganisation.",
    )

    can_review = fields.Boolean(compute="_compute_can")
    can_finalise = fields.Boolean(compute="_compute_can")
    can_release = fields.Boolean(compute="_compute_can")
    can_enter_running = fields.Boolean(compute="_compute_can")
    can_hand_over = fields.Boolean(compute="_compute_can", help="The GM office may give it to another department.")

    _once = models.UniqueIndex(
        "(cycle_id, department_id) WHERE state != 'cancelled'",
        "Department: it has a plan in this cycle already. Open that one.",
    )

    @api.model
    def _selection_state(self):
        return [
            ("draft", self.env._("Draft")),
            ("returned", self.env._("Returned")),
            ("submitted", self.env._("Submitted")),
            ("review", self.env._("In Review")),
            ("final", self.env._("Final")),
            ("released", self.env._("Released")),
            ("closed", self.env._("Closed")),
            ("cancelled", self.env._("Cancelled")),
        ]

    @api.depends("number", "year", "department_id.name", "department_name")
    def _compute_display_name(self):
        for plan in self.sudo():  # sudo: a plan is called by its department, whoever may read departments
            parts = [plan.number, plan._department_title(), str(plan.year or "")]
            plan.display_name = " ".join(filter(None, parts)) or self.env._("New")

    def _department_title(self):
        """Return the name of the department; of a plan that is over, the name that it had then."""
        over = self.state in self._flow_closed
        return (over and self.department_name) or self.department_id.name or ""

    # -- who may do what ---------------------------------------------------------------------------------------------

    def _flow_extra_roles(self, roles, user, principals):
        """``writer``: the author, as long as the department has no head; a plan is its department's, not of whoever once led it.

        Of a closed branch the offices of the cycle's company keep their roles: nobody works for it any more.
        """
        found = set()
        if self.author_id & principals and not self.department_id._ops_heads().get(self.department_id.id):
            found.add("writer")
        if self.company_id and not self.company_id.active and self.cycle_id.company_id in user.company_ids:
            found |= {role for role, group in ROLE_GROUPS.items() if user.has_group(group)}
            if self._flow_deciding_office() in found and not self._flow_barred() & principals:
                found.add("decider")
        return found

    def _compute_can(self):
        super()._compute_can()
        roles = self._flow_roles()
        for plan in self:
            office = "gm_office" in roles[plan.id]
            plan.can_release = plan.can_release and plan.state == "final"
            plan.can_enter_running = "decider" in roles[plan.id] and plan.state == "draft"
            plan.can_hand_over = office and bool(plan.id) and plan.state not in self._flow_closed

    # -- creation and content ----------------------------------------------------------------------------------------

    @api.model
    def _default_cycle(self):
        """Return the latest cycle in work that serves the company."""
        return self.env["ops.cycle"].search([
            ("company_id", "parent_of", self.env.company.ids), ("state", "not in", ("closed", "cancelled")),
        ], limit=1)

    def _prepare_create(self, vals_list):
        """The company is the department's; what the GM office begins for a department is written in its head's name."""
        departments = self.env["hr.department"].browse(
            some_ids([vals.get("department_id") for vals in vals_list])
        ).exists().sudo()  # sudo: who leads them and where is asked; the rules say for whom one may write
        heads, office = departments._ops_heads(), not self.env.su and self._user_holds("gm_office")
        for vals in vals_list:
            department = departments.filtered(lambda found, vals=vals: found.id == vals.get("department_id"))
            if department.company_id:
                vals["company_id"] = department.company_id.id
            head = heads.get(department.id)
            if office and head and "author_id" not in vals and department not in self.env.user.ops_department_ids:
                if department.company_id in head.company_ids:
                    vals["author_id"] = head.id
        super()._prepare_create(vals_list)

    @api.constrains("cycle_id", "company_id", "department_id")
    def _check_served(self):
        """A cycle serves its company and the branches of it; a closed one takes no new plan."""
        for plan in self:
            company, cycle = plan.company_id, plan.cycle_id
            if str(cycle.company_id.id) not in (company.parent_path or "").split("/"):
                raise ValidationError(self.env._(
                    "Cycle: %(cycle)s is that of %(owner)s, it does not serve %(company)s. Choose the cycle of your company.",
                    cycle=cycle.display_name, owner=cycle.company_id.name, company=company.name,
                ))
            if cycle.state in ("closed", "cancelled") and plan.state in self._flow_open:
                raise ValidationError(self.env._(
                    "Cycle: %(cycle)s is “%(state)s”. Choose one that is in work.",
                    cycle=cycle.display_name, state=cycle._state_label(cycle.state),
                ))
            if not plan.department_id:
                raise ValidationError(self.env._("Department: say whose plan this is."))

    def write(self, vals):
        if "cycle_id" in vals:
            for plan in self:
                if plan.cycle_id.id != vals["cycle_id"]:
                    raise ValidationError(self.env._(
                        "Cycle: it cannot be changed, since goals belong to it. Cancel this plan and write one in the other "
                        "cycle; “Copy Last Year's Plan” brings over what stays."
                    ))
        result = super().write(vals)
        if "department_id" in vals and not self.env.su:
            self.check_access("write")  # given to another department: the writer must write for that one as well
        return result

    # -- for the layers and screens above ----------------------------------------------------------------------------

    @api.model
    def _current_domain(self):
        """Return the domain of the plans that count: whatever was not cancelled."""
        return Domain("state", "!=", "cancelled")

    @api.model
    def _plans_of(self, departments, years):
        """Return the plans that count: dict (department id, year) → plan (sudo).

        :param departments: ``hr.department``
        :param years: list of integers
        """
        # sudo: found for the machinery, not shown
        found = self.sudo().search(
            self._current_domain() & Domain("department_id", "in", departments.ids) & Domain("year", "in", list(years))
        )
        return {(plan.department_id.id, plan.year): plan for plan in found}

    def _freeze_names(self):
        """Names are frozen at the release already: a year is long, and departments change in it."""
        super()._freeze_names()
        # sudo: the machinery's own fields
        released = self.sudo().filtered(lambda plan: plan.state == "released" and not plan.department_name)
        released._freeze_names_now()
