from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools import clock

OPENED = ("drafting", "review", "released", "running")
KEPT = {"year", "company_id"}  # plans, numbers and deadlines are made for them


class OpsCycle(models.Model):
    """The annual cycle of a company: directions, key indicators, the departments' plans, from the seminar to the close."""

    _name = "ops.cycle"
    _description = "Annual Cycle"
    _inherit = ["mail.thread", "ops.transition.mixin", "ops.clock.mixin"]
    _order = "year desc, id desc"
    _mail_post_access = "read"

    _flow = {
        "preparation": {"drafting": {"gm_office"}, "cancelled": {"gm_office"}},
        # straight to released: a company that begins in the middle of a year enters plans that run already
        "drafting": {"review": {"gm_office"}, "released": {"gm_office"}, "cancelled": {"gm_office"}},
        "review": {"released": {"gm_office"}},
        "released": {"running": {"gm_office"}},
        "running": {"closed": {"gm_office"}},
        "closed": {},
        "cancelled": {},
    }
    _flow_reason = {"cancelled"}
    _flow_open = {"preparation", "drafting", "review"}
    _flow_decider = "gm_office"
    _flow_buttons = {
        "can_open": "drafting",
        "can_review": "review",
        "can_run": "running",
        "can_close": "closed",
        "can_cancel": "cancelled",
    }
    _form_standards = ("A1", "A3", "A5", "A7")

    name = fields.Char(compute="_compute_name", store=True, precompute=True, readonly=False, required=True)
    year = fields.Integer(required=True, index=True, aggregator=None, default=lambda self: self._default_year())
    company_id = fields.Many2one(
        "res.company", required=True, index=True, ondelete="restrict", default=lambda self: self.env.company.root_id,
        domain="[('parent_id', '=', False)]", help="Its branches take part in this cycle.",
    )
    department_id = fields.Many2one(
        related="company_id.ops_gm_office_department_id", string="GM Office", help="Runs the cycle."
    )
    department_ids = fields.Many2many(
        "hr.department", "ops_cycle_department_rel", "cycle_id", "department_id", string="Departments",
        compute="_compute_department_ids", store=True, readonly=False, copy=False, help="Those that make a plan of their own.",
    )
    direction_ids = fields.One2many("ops.direction", "cycle_id", string="Strategic Directions", copy=False)
    kpi_ids = fields.One2many("ops.kpi", "cycle_id", string="Key Indicators", copy=False)
    plan_ids = fields.One2many("ops.plan", "cycle_id", string="Department Plans", readonly=True)
    meeting_ids = fields.One2many("ops.meeting", "cycle_id", string="Meetings", readonly=True)

    can_open = fields.Boolean(compute="_compute_can")
    can_review = fields.Boolean(compute="_compute_can")
    can_run = fields.Boolean(compute="_compute_can")
    can_close = fields.Boolean(compute="_compute_can")
    can_cancel = fields.Boolean(compute="_compute_can")

    _once = models.UniqueIndex(
        "(company_id, year) WHERE state != 'cancelled'", "Year: there is a cycle of this year already. Open that one."
    )
    _year_sane = models.Constraint("CHECK(year BETWEEN 2000 AND 2200)", "Year: choose one from 2000 to 2200.")

    @api.model
    def _selection_state(self):
        return [
            ("preparation", self.env._("Preparation")),
            ("drafting", self.env._("Drafting")),
            ("review", self.env._("Review")),
            ("released", self.env._("Released")),
            ("running", self.env._("Running")),
            ("closed", self.env._("Closed")),
            ("cancelled", self.env._("Cancelled")),
        ]

    @api.model
    def _default_year(self):
        """Return the next year, or the first after it that has no cycle yet."""
        last = self.search([("company_id", "=", self.env.company.root_id.id), ("state", "!=", "cancelled")], limit=1)
        return max(clock.today(self.env.company._ops_tz()).year, last.year) + 1

    @api.model
    def _cycle_of(self, company, year):
        """Return the cycle that serves a company in a year: its own, or that of the company above it (sudo)."""
        # sudo: which cycle a form belongs to is no matter of rights; whoever reads it is asked there
        return self.sudo().search([
            ("company_id", "=", company.root_id.id), ("year", "=", year), ("state", "!=", "cancelled"),
        ], limit=1)

    def _companies(self):
        """Return the companies that take part: that of the cycle and its branches (sudo)."""
        # sudo: who takes part is decided by how the companies are built, not by who asks
        return self.env["res.company"].sudo().search([("id", "child_of", self.company_id.ids)])

    # -- computes -----------------------------------------------------------------------------------------------------

    @api.depends("year")
    def _compute_name(self):
        """Name the cycle after its year, unless somebody gave it a name of its own."""
        head, tail = self.env._("Annual plan %(year)s", year="\0").split("\0")
        for cycle in self:
            name = cycle.name or ""
            middle = name.removeprefix(head).removesuffix(tail)
            if not name.strip() or name == f"{head}{middle}{tail}" and middle.isdecimal():
                cycle.name = f"{head}{cycle.year}{tail}"
            else:
                cycle.name = name

    @api.depends("company_id")
    def _compute_department_ids(self):
        """Those that keep plans, in the company and its branches."""
        for company, cycles in self.grouped("company_id").items():
            companies = cycles._companies() if company else ()
            keepers = self.env["hr.department"].union(*(
                self.env["hr.department"]._ops_keepers(item) for item in companies
            ))
            cycles.department_ids = keepers

    # -- guards -------------------------------------------------------------------------------------------------------

    @api.constrains("company_id")
    def _check_no_branch(self):
        for cycle in self:
            if cycle.company_id.parent_id:
                raise ValidationError(self.env._(
                    "Company: %(branch)s is a branch and takes part in the cycle of %(company)s. Choose that company.",
                    branch=cycle.company_id.name, company=cycle.company_id.root_id.name,
                ))

    @api.constrains("department_ids", "company_id")
    def _check_departments(self):
        for cycle in self:
            companies = cycle._companies()
            for department in cycle.department_ids:
                if department.company_id and department.company_id not in companies:
                    raise ValidationError(self.env._(
                        "Departments: %(department)s belongs to another company. Leave it out.", department=department.name
                    ))

    @api.constrains("name")
    def _check_name(self):
        for cycle in self:
            if not (cycle.name or "").strip():
                raise ValidationError(self.env._("Name: say what the cycle is called, for instance after its year."))

    def write(self, vals):
        self._check_kept(vals)
        before = {cycle.id: cycle.department_ids for cycle in self} if "department_ids" in vals else {}
        result = super().write(vals)
        if before:
            self._departments_changed(before)
        return result

    def _check_kept(self, vals):
        """Once it has been opened, a cycle stays that of its year and company."""
        for name in KEPT & vals.keys():
            if any(
                cycle.state != "preparation" and self._fields[name].convert_to_write(cycle[name], cycle) != vals[name]
                for cycle in self
            ):
                raise ValidationError(self.env._(
                    "%(field)s: it cannot change any more, the departments write their plans for it. Cancel this cycle and "
                    "make another.", field=self._fields[name]._description_string(self.env),
                ))

    def _departments_changed(self, before):
        """Give departments that were added a draft, and keep those that have a plan already."""
        for cycle in self.sudo():  # sudo: the plans are looked at, whoever may read them
            was, now = before[cycle.id].sudo(), cycle.department_ids
            removed = was - now
            planned = cycle.plan_ids.filtered(lambda plan: plan.state != "cancelled").department_id & removed
            if planned:
                raise ValidationError(self.env._(
                    "Departments: %(names)s cannot be left out, they have a plan in this cycle. Cancel the plan first.",
                    names=", ".join(planned.mapped("name")),
                ))
            if cycle.state in OPENED:
                cycle.with_env(self.env)._create_plans(now - was)
