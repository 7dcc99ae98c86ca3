from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools.ids import one_id

CLOSED = ("approved", "rejected", "cancelled")


class OpsPlanChange(models.Model):
    """Form 4: what of a released plan shall change and why; nothing else changes one."""

    _name = "ops.plan.change"
    _description = "Plan Change Request"
    _inherit = ["ops.form.mixin"]
    _order = "submitted_on desc, id desc"
    _rec_names_search = ["number", "reason"]
    _search_fields = {"reason": "C", "impact": "C"}

    _flow = {
        "draft": {"submitted": {"author", "head"}, "cancelled": {"author", "head"}},
        "returned": {"submitted": {"author", "head"}, "cancelled": {"author", "head"}},
        "submitted": {
            "returned": {"checker"}, "checked": {"checker"}, "approved": {"small_decider"}, "rejected": {"checker"},
            "cancelled": {"author", "head"},
        },
        "checked": {
            "returned": {"manager"}, "approved": {"manager"}, "rejected": {"manager"}, "cancelled": {"author", "head"},
        },
        "approved": {},
        "rejected": {},
        "cancelled": {},
    }
    _flow_reason = {"returned", "rejected", "cancelled"}
    _flow_closed = set(CLOSED)
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
    _flow_protected = {"version_id", "previous_id"}
    _form_rework_role = "head"
    _form_registrars = set()  # only heads ask for a change of their plan, in their own name

    plan_id = fields.Many2one(
        "ops.plan", required=True, index=True, ondelete="restrict", domain="[('state', '=', 'released')]"
    )
    cycle_id = fields.Many2one(related="plan_id.cycle_id", store=True, precompute=True, index=True)
    reason = fields.Text(help="What has happened that the plan did not know.")
    impact = fields.Text(help="On whom and what the change has effects, and on which figures.")
    date_effective = fields.Date(
        string="Carried out from", copy=False,
        help="From this day on work follows the change; left empty: from the approval. The plan itself says it with the approval.",
    )
    line_ids = fields.One2many("ops.plan.change.line", "change_id", string="Changes", copy=True)
    line_count = fields.Integer(string="Number of Changes", compute="_compute_line_count")
    previous_id = fields.Many2one("ops.plan.change", string="Reworked From", readonly=True, copy=False, index="btree_not_null",
                                  ondelete="restrict")
    rework_ids = fields.One2many("ops.plan.change", "previous_id", string="Reworked As", readonly=True)
    version_id = fields.Many2one("ops.plan.version", string="Made", readonly=True, copy=False, index="btree_not_null",
                                 ondelete="restrict")

    can_check = fields.Boolean(compute="_compute_can")
    can_approve = fields.Boolean(compute="_compute_can")
    can_reject = fields.Boolean(compute="_compute_can")
    can_rework = fields.Boolean(compute="_compute_can", help="The current user may write it anew.")

    @api.model
    def _selection_state(self):
        return [
            ("draft", self.env._("Draft")),
            ("returned", self.env._("Returned")),
            ("submitted", self.env._("Submitted")),
            ("checked", self.env._("Checked")),
            ("approved", self.env._("Approved")),
            ("rejected", self.env._("Rejected")),
            ("cancelled", self.env._("Withdrawn")),
        ]

    @api.depends("number", "plan_id.department_id.name", "plan_id.year")
    def _compute_display_name(self):
        for change in self:
            plan_sudo = change.sudo().plan_id  # sudo: department and year stand on every form about the plan
            change.display_name = " ".join(filter(None, [
                change.number, plan_sudo.department_id.name, plan_sudo.year and str(plan_sudo.year),
            ])) or self.env._("New")

    @api.depends("line_ids")
    def _compute_line_count(self):
        for change in self:
            change.line_count = len(change.line_ids)

    def _compute_can(self):
        super()._compute_can()
        roles = self._flow_roles()
        for change in self:
            change.can_rework = (
                change.state in ("rejected", "cancelled") and not change.sudo().rework_ids  # sudo: whether there is one
                and bool(roles[change.id] & {"author", "head"})
            )

    # -- who decides ---------------------------------------------------------------------------------------------------

    def _flow_extra_roles(self, roles, user, principals):
        """Neither who wrote a request nor who handed it in decides on it; the GM office only on what is small."""
        extra = set()
        if self._flow_barred() & principals:
            return extra
        if "decider" in roles:
            extra.add("checker")
            if self._flow_deciding_office() == "general_manager" or self._is_small():
                extra.add("small_decider")
        if "general_manager" in roles:
            extra.add("manager")
        return extra

    def _flow_holders(self, roles, users):
        """Substitutes act for whoever holds the office behind our own names of the roles."""
        offices = {"checker": "decider", "small_decider": "decider", "manager": "general_manager"}
        return super()._flow_holders({offices.get(role, role) for role in roles}, users)

    # -- creation and content ------------------------------------------------------------------------------------------

    def _prepare_create(self, vals_list):
        """A request takes company and department from its plan: whoever writes it chooses the plan only."""
        for vals in vals_list:
            vals.setdefault("plan_id", self.env.context.get("default_plan_id"))
            vals["plan_id"] = one_id(vals["plan_id"]) or False
        plans = self._known_plans(vals["plan_id"] for vals in vals_list)
        for vals in vals_list:
            plan = plans.get(vals["plan_id"])
            if not plan:
                raise ValidationError(self.env._("Plan: choose the plan that shall change."))
            vals["company_id"] = plan.company_id.id
            vals["department_id"] = plan.department_id.id
        super()._prepare_create(vals_list)

    @api.model
    def _known_plans(self, ids):
        """Return the plans (sudo) that a request may be written about: dict id → released plan; refuse the others."""
        plans = self.env["ops.plan"].browse({plan_id for plan_id in ids if plan_id}).exists()
        plans.check_access("read")  # first: the messages name the plan
        for plan_sudo in plans.sudo():  # sudo: state, company and department of the plan; the request asks its own rules
            if plan_sudo.state != "released":
                raise ValidationError(self.env._(
                    "Plan: %(plan)s is “%(state)s”. A change is asked for once a plan is released; before that it is edited.",
                    plan=plan_sudo.display_name, state=plan_sudo._state_label(plan_sudo.state),
                ))
        return {plan.id: plan for plan in plans.sudo()}

    @api.model_create_multi
    def create(self, vals_list):
        changes = super().create(vals_list)
        changes._check_asker()
        return changes

    def _check_asker(self):
        """Refuse a request of somebody who does not lead the plan's department, and does not stand in for its head."""
        if self.env.su:
            return
        led = self.env.user.sudo().ops_department_ids  # sudo: what the user leads is asked, not shown
        for change_sudo in self.sudo():
            if change_sudo.department_id not in led:
                raise ValidationError(self.env._(
                    "Plan: only the head of %(department)s, or their substitute, can ask for a change of its plan.",
                    department=change_sudo.department_id.name,
                ))

    def write(self, vals):
        if not self.env.su and {"plan_id", "department_id"} & set(vals):
            self._check_plan_kept(vals)
        return super().write(vals)

    def _check_plan_kept(self, vals):
        for change in self:
            for name in {"plan_id", "department_id"} & set(vals):
                if change[name].id != vals[name]:
                    raise ValidationError(self.env._(
                        "%(field)s: a request stays with its plan. Write a new one for the other plan.",
                        field=self._fields[name]._description_string(self.env),
                    ))

    def _propose(self, changes):
        """Write lines on this open request, in the place of those that say something of the same.

        :param list changes: dicts of ``kind`` (change, add, remove), ``target_model``, ``target_id``, ``target_field`` and
            ``new_json`` (the value, or a dict of values by field for an addition)
        :return: the lines
        """
        self.ensure_one()
        self.check_access("write")
        keys = ("target_model", "target_id", "target_field")
        named = {tuple(change.get(key) or False for key in keys) for change in changes if change.get("target_id")}
        self.line_ids.filtered(
            lambda line: line.target_id and (line.target_model, line.target_id, line.target_field or False) in named
        ).unlink()
        return self.env["ops.plan.change.line"].create([{**change, "change_id": self.id} for change in changes])
