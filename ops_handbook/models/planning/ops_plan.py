from odoo import api, fields, models


class OpsPlan(models.Model):
    """Forms 1 and 2: what a department sets out to do in a year, from the draft to the release and every change after it."""

    _name = "ops.plan"
    _description = "Annual Plan"
    _inherit = ["ops.form.mixin"]
    _order = "year desc, department_id, id desc"
    _rec_names_search = ["number", "department_id"]

    _flow = {
        "draft": {"submitted": {"author", "head"}, "released": {"gm_office"}, "cancelled": {"author", "head", "decider"}},
        "returned": {"submitted": {"author", "head"}, "cancelled": {"author", "head", "decider"}},
        "submitted": {"review": {"decider"}, "returned": {"decider"}, "cancelled": {"decider"}},
        "review": {"returned": {"decider"}, "final": {"author", "head"}},
        "final": {"returned": {"decider"}, "released": {"decider"}},
        "released": {"closed": {"decider"}},
        "closed": {},
        "cancelled": {},
    }
    _flow_reason = {"returned", "cancelled"}
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
    _flow_protected = {"entered_running", "acknowledged_on", "acknowledged_by_id", "acknowledged_version", "released_on"}
    _form_standards = ("A2", "A4")

    cycle_id = fields.Many2one("ops.cycle", required=True, index=True, ondelete="restrict")
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

    can_review = fields.Boolean(compute="_compute_can")
    can_finalise = fields.Boolean(compute="_compute_can")
    can_release = fields.Boolean(compute="_compute_can")

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
