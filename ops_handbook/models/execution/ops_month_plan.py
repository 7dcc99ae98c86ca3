from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...tools import clock, token
from ...tools.recurrence import next_period, period_bounds, period_of
from ...tools.words import month_in_words

WRITES = {"author", "head"}
PUBLISHED = ("issued", "reported", "closed")  # everybody of the department reads it


class OpsMonthPlan(models.Model):
    """Form 5: the tasks of a department for a month, from the assignment to posts (M1, M2) to the issue (M3)."""

    _name = "ops.month.plan"
    _description = "Month Plan"
    _inherit = ["ops.link.mixin", "ops.form.mixin"]
    _order = "month desc, department_id, id desc"
    _rec_names_search = ["number", "department_id", "period"]
    _search_fields = {"summary": "C"}

    _flow = {
        "draft": {"assigned": WRITES, "cancelled": WRITES},
        "assigned": {"submitted": WRITES, "cancelled": WRITES},
        "returned": {"submitted": WRITES, "cancelled": WRITES},
        "submitted": {"returned": {"reviewer", "decider"}, "filed": {"reviewer"}, "cancelled": WRITES},
        # cancelled: only where another department carries it on (ops_month_plan_reorganise.py), so no role is named for that step
        "filed": {"returned": {"decider"}, "issued": {"decider"}, "cancelled": set()},
        # the completion report moves it on; closed: where none comes (ops_month_plan_unreported.py)
        "issued": {"reported": set(), "closed": {"decider"}},
        "reported": {"closed": {"decider"}, "issued": set()},
        "closed": {},
        "cancelled": {},
    }
    _flow_reason = {"returned", "cancelled"}
    _flow_open = {"draft", "assigned", "returned"}
    _flow_buttons = {
        "can_assign": "assigned",
        "can_submit": "submitted",
        "can_return": "returned",
        "can_file": "filed",
        "can_accept": "filed",
        "can_issue": "issued",
        "can_close": "closed",
        "can_cancel": "cancelled",
    }
    _flow_protected = {"period", "reviewer_id", "assigned_on", "issued_on", "routine_told_on", "successor_id"}
    _form_registrars = set()
    _form_rework_role = "head"
    _form_standards = ("M1", "M2", "M3")
    _clock_met = {
        "M1": {"assigned", "submitted", "returned", "filed", *PUBLISHED},
        "M2": {"submitted", "returned", "filed", *PUBLISHED},
    }

    month = fields.Date(
        required=True, index=True, copy=False, default=lambda self: self._default_month(),
        help="Any day of the month; it becomes its first.",
    )
    period = fields.Char(compute="_compute_period", store=True, precompute=True, index=True, help="Like 2027-03.")
    summary = fields.Text(string="What Matters This Month", help="In a few words, for whoever reads only these.")
    reviewer_id = fields.Many2one(
        "res.users", readonly=True, copy=False, index="btree_not_null", ondelete="restrict",
        help="Files or returns it; empty: operations do.",
    )
    assigned_on = fields.Datetime(readonly=True, copy=False)
    issued_on = fields.Datetime(readonly=True, copy=False)
    task_ids = fields.One2many("ops.task", "month_plan_id", string="Tasks", copy=True)

    can_assign = fields.Boolean(compute="_compute_can")
    can_file = fields.Boolean(compute="_compute_can")
    can_issue = fields.Boolean(compute="_compute_can")
    can_add = fields.Boolean(compute="_compute_can", help="The current user may add tasks to the issued plan.")

    _once = models.UniqueIndex(
        "(department_id, period) WHERE state != 'cancelled'",
        "Month: the department has a plan for it already. Open that one.",
    )

    @api.model
    def _selection_state(self):
        return [
            ("draft", self.env._("Draft")),
            ("assigned", self.env._("Assigned")),
            ("returned", self.env._("Returned")),
            ("submitted", self.env._("Submitted")),
            ("filed", self.env._("Filed")),
            ("issued", self.env._("Issued")),
            ("reported", self.env._("Reported")),
            ("closed", self.env._("Closed")),
            ("cancelled", self.env._("Cancelled")),
        ]

    @api.model
    def _default_month(self):
        """A plan is made for the month to come."""
        today = clock.today(self.env.company._ops_tz())
        return period_bounds(next_period(period_of(today, "monthly")))[0]

    # -- computes -------------------------------------------------------------------------------------------------------

    @api.depends("month")
    def _compute_period(self):
        for plan in self:
            plan.period = plan.month and period_of(plan.month, "monthly")

    @api.depends("number", "month", "department_id.name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for plan in self:
            month = plan.month and month_in_words(plan.month, self.env.lang or "en_US")
            # sudo: the name of the department belongs to that of the form
            plan.display_name = " · ".join(filter(None, [plan.number, plan.department_id.sudo().name, month])) or self.env._("New")

    def _compute_can(self):
        super()._compute_can()
        addable = set(self._filtered_addable().ids)
        for plan in self:
            plan.can_add = plan.id in addable

    # -- who may do what ------------------------------------------------------------------------------------------------

    def _flow_extra_roles(self, roles, user, principals):
        """``reviewer``: was named to review it; nobody was: whoever decides. Never whoever wrote it or handed it in."""
        barred = self._flow_barred()
        if barred & principals:
            return set()
        named = self.reviewer_id.filtered("active") - barred  # they review nothing: then operations do
        reviews = bool(named & principals) if named else "decider" in roles
        return {"reviewer"} if reviews else set()

    def _flow_holders(self, roles, users):
        holders = super()._flow_holders(roles, users)
        if "reviewer" in roles:
            holders |= self.reviewer_id & users
        return holders

    def _filtered_addable(self):
        """Return the issued plans to which the current user may add tasks, or take them out: the head, during the month."""
        issued = self.filtered(lambda plan: plan.sudo().state == "issued")  # sudo: the state decides
        if self.env.su or not issued:
            return issued
        roles = issued._flow_roles()
        return issued.filtered(lambda plan: "head" in roles[plan.id])

    # -- creation and content -------------------------------------------------------------------------------------------

    def _prepare_create(self, vals_list):
        for vals in vals_list:
            if vals.get("month"):
                vals["month"] = self._first_day(vals["month"])
        self.flush_model(["state"])  # one that has just been cancelled stands in nobody's way
        super()._prepare_create(vals_list)

    def write(self, vals):
        if vals.get("month"):
            vals = {**vals, "month": self._first_day(vals["month"])}
        if vals.keys() & {"month", "department_id"} and not token.holds(self.env):
            self.check_access("write")  # first: the message names the plan
            self._check_kept_month(vals)
        result = super().write(vals)
        if "department_id" in vals and not self.env.su:
            self.check_access("write")  # given to another department: the writer must write for that one as well
        return result

    def _check_kept_month(self, vals):
        """M1 and M2 are met for one department and month: a plan that was assigned stays theirs."""
        for name, plan in self._said_otherwise(vals, ("month", "department_id")):
            if plan.state != "draft":
                raise UserError(self.env._(
                    "%(field)s of %(plan)s cannot be changed, since it was assigned: cancel it and make another.",
                    field=self._fields[name]._description_string(self.env), plan=plan.display_name,
                ))

    @api.model
    def _first_day(self, day):
        """Return the first day of the month of ``day`` (a date, or as a program writes it)."""
        try:
            return fields.Date.to_date(day).replace(day=1)
        except (AttributeError, TypeError, ValueError):
            raise ValidationError(self.env._("Month: this is not a day. Write it like 2027-03-01.")) from None

    @api.constrains("department_id")
    def _check_department(self):
        for plan in self:
            if not plan.department_id:
                raise ValidationError(self.env._("Department: choose the one whose tasks these are."))

    def _transition_values(self, state):
        values = super()._transition_values(state)
        if state == "assigned":
            values["assigned_on"] = clock.now()
        elif state == "issued" and "reported" not in self.mapped("state"):  # else its completion report is given back
            values["issued_on"] = clock.now()
        return values

    # -- the steps ------------------------------------------------------------------------------------------------------

    def action_assign(self):
        """Assign the tasks to posts (M1): whoever carries one out sees it from now on."""
        return self._transition("assigned")

    def action_file(self):
        """File what was submitted: every task is linked, and every department that is needed agrees."""
        return self._transition("filed")

    def action_accept(self, *decision):
        """File what was submitted; the name that all forms share."""
        if decision:
            return super().action_accept(*decision)
        return self.action_file()

    def action_issue(self):
        """Issue what was filed (M3): the tasks begin, and their owners are told."""
        return self._transition("issued")
