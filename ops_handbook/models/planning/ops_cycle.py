from odoo import api, fields, models

from ...tools import clock


class OpsCycle(models.Model):
    """The annual cycle of a company: directions, key indicators, the departments' plans, from the seminar to the close."""

    _name = "ops.cycle"
    _description = "Annual Cycle"
    _inherit = ["mail.thread", "ops.transition.mixin", "ops.clock.mixin"]
    _order = "year desc, id desc"
    _mail_post_access = "read"

    _flow = {
        "preparation": {"drafting": {"gm_office"}, "cancelled": {"gm_office"}},
        "drafting": {"review": {"gm_office"}, "cancelled": {"gm_office"}},
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
        "can_release": "released",
        "can_run": "running",
        "can_close": "closed",
        "can_cancel": "cancelled",
    }
    _form_standards = ("A1", "A3", "A5", "A7")

    name = fields.Char(compute="_compute_name", store=True, precompute=True, readonly=False, required=True)
    year = fields.Integer(required=True, index=True, aggregator=None, default=lambda self: clock.today("UTC").year + 1)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, ondelete="restrict", default=lambda self: self.env.company.root_id,
        help="Its branches take part in this cycle.",
    )
    department_id = fields.Many2one(
        related="company_id.ops_gm_office_department_id", string="GM Office", help="Runs the cycle."
    )
    department_ids = fields.Many2many(
        "hr.department", "ops_cycle_department_rel", "cycle_id", "department_id", string="Departments",
        help="Those that make a plan of their own.",
    )
    direction_ids = fields.One2many("ops.direction", "cycle_id", string="Strategic Directions", copy=True)
    kpi_ids = fields.One2many("ops.kpi", "cycle_id", string="Key Indicators", copy=True)
    plan_ids = fields.One2many("ops.plan", "cycle_id", string="Department Plans", readonly=True)
    meeting_ids = fields.One2many("ops.meeting", "cycle_id", string="Meetings", readonly=True)

    can_open = fields.Boolean(compute="_compute_can")
    can_review = fields.Boolean(compute="_compute_can")
    can_release = fields.Boolean(compute="_compute_can")
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

    @api.depends("year")
    def _compute_name(self):
        for cycle in self:
            cycle.name = cycle.name or self.env._("Annual plan %(year)s", year=cycle.year)
