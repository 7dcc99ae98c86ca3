from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import NO_ACCESS

from ...tools import clock, token

LEVELS = [("1", "Urgent"), ("2", "Important"), ("3", "General")]
CATEGORIES = [("process", "Process"), ("resource", "Resource"), ("execution", "Execution"), ("other", "Other")]
CHANNELS = [
    ("web", "Web"), ("quick", "Quick Form"), ("email", "E-Mail"), ("qr", "QR Code"), ("registered", "Registered"),
]


class OpsProblem(models.Model):
    """Form 14: what somebody found wrong, and everything that becomes of it until they find it solved.

    The reference form: whatever is true of it is true of every form.
    """

    _name = "ops.problem"
    _description = "Problem Report"
    _inherit = ["ops.form.mixin"]
    _order = "submitted_on desc, id desc"
    _rec_names_search = ["number", "name"]
    _search_fields = {"name": "A", "description": "C", "impact": "D", "suggestion": "D", "immediate_measure": "D", "resolution": "C"}

    _flow = {
        "draft": {"new": {"author", "registrar"}, "cancelled": {"author", "registrar"}},
        "returned": {"new": {"author", "registrar"}, "cancelled": {"author", "registrar", "decider"}},
        "new": {
            "accepted": {"decider"}, "rejected": {"decider"}, "returned": {"decider"},
            "cancelled": {"author", "registrar"},
        },
        "accepted": {"handling": {"handler", "responsible"}, "cancelled": {"decider"}},
        "handling": {"resolved": {"handler", "responsible"}, "cancelled": {"decider"}},
        "resolved": {"closed": {"reporter", "verifier"}, "handling": {"reporter", "verifier"}},
        "closed": {},
        "rejected": {},
        "cancelled": {},
    }
    _flow_named = {"handler": "handler_id"}
    _flow_reason = {"returned", "rejected", "cancelled"}
    _flow_closed = {"closed", "rejected", "cancelled"}
    _flow_duties = {
        "new": {"decider": {"repeat_of_id"}},
        "accepted": {"decider": {"repeat_of_id"}},
        "handling": {"decider": {"repeat_of_id"}, "handler": {"immediate_measure"}, "responsible": {"immediate_measure"}},
        "resolved": {"decider": {"repeat_of_id"}},
        "closed": {"decider": {"repeat_of_id"}},
    }
    _flow_buttons = {
        "can_submit": "new",
        "can_accept": "accepted",
        "can_reject": "rejected",
        "can_return": "returned",
        "can_start": "handling",
        "can_resolve": "resolved",
        "can_verify": "closed",
        "can_close": "closed",
        "can_cancel": "cancelled",
    }
    _flow_protected = {
        "severity", "responsible_department_id", "handler_id", "accepted_on", "started_on", "resolved_on", "verified_on",
        "round", "reject_reason", "resolution",
    }

    # what happened
    name = fields.Char(string="Subject", required=True)
    description = fields.Text(string="What Happened")
    occurred_on = fields.Datetime(default=lambda self: clock.now())
    impact = fields.Text(string="Scope of Impact")
    suggestion = fields.Text()
    category = fields.Selection(CATEGORIES, required=True, default="other", index=True)
    proposed_severity = fields.Selection(
        LEVELS, string="Proposed Level", required=True, default="3",
        help="Urgent: hits core business or customers. Important: hits a department's efficiency or cost. General: slight.",
    )
    photo_ids = fields.Many2many("ir.attachment", "ops_problem_photo_rel", string="Photos", copy=False)

    # who says so
    channel = fields.Selection(CHANNELS, required=True, default="web", readonly=True, copy=False)
    is_anonymous = fields.Boolean(string="Anonymous", readonly=True, copy=False)
    contact = fields.Char(
        copy=False, groups="ops_handbook.group_operations,ops_handbook.group_gm_office",
        help="How to reach a reporter who has no account, e.g. an e-mail address.",
    )
    token_hash = fields.Char(copy=False, index="btree_not_null", groups=NO_ACCESS, exportable=False, prefetch=False)

    # what operations decided
    severity = fields.Selection(LEVELS, string="Level Decided", readonly=True, copy=False)
    level = fields.Selection(LEVELS, compute="_compute_level", store=True, index=True, help="As decided; before, as proposed.")
    responsible_department_id = fields.Many2one(
        "hr.department", string="Responsible", readonly=True, copy=False, index=True, ondelete="restrict"
    )
    handler_id = fields.Many2one("res.users", readonly=True, copy=False, index=True, ondelete="restrict")
    reject_reason = fields.Text(readonly=True, copy=False)
    repeat_of_id = fields.Many2one(
        "ops.problem", string="Repeats", copy=False, index="btree_not_null", ondelete="set null",
        domain="[('company_id', '=', company_id), ('id', '!=', id)]",
    )
    repeat_ids = fields.One2many("ops.problem", "repeat_of_id", string="Repeated by", readonly=True)
    repeat_count = fields.Integer(string="Repeats Later", compute="_compute_counts")

    # what was done
    immediate_measure = fields.Char(copy=False)
    resolution = fields.Text(string="How It Was Resolved", readonly=True, copy=False, help="What was achieved, in the words of whoever resolved it.")
    round = fields.Integer(readonly=True, copy=False, help="Grows when the solution was found not effective.")
    plan_ids = fields.One2many("ops.problem.plan", "problem_id", string="Handling Plans", readonly=True)
    measure_ids = fields.One2many("ops.problem.measure", "problem_id", string="Measures", readonly=True)
    verification_ids = fields.One2many("ops.problem.verification", "problem_id", string="Verifications", readonly=True)
    plan_count = fields.Integer(compute="_compute_counts")
    measure_count = fields.Integer(compute="_compute_counts")
    measure_done_count = fields.Integer(compute="_compute_counts")
    verification_count = fields.Integer(compute="_compute_counts")

    # when
    accepted_on = fields.Datetime(readonly=True, copy=False)
    started_on = fields.Datetime(readonly=True, copy=False)
    resolved_on = fields.Datetime(readonly=True, copy=False)
    verified_on = fields.Datetime(readonly=True, copy=False)
    hours_to_accept = fields.Float(compute="_compute_hours", store=True, aggregator="avg")
    hours_to_start = fields.Float(compute="_compute_hours", store=True, aggregator="avg")
    hours_to_resolve = fields.Float(compute="_compute_hours", store=True, aggregator="avg")

    can_reject = fields.Boolean(compute="_compute_can")
    can_start = fields.Boolean(compute="_compute_can")
    can_resolve = fields.Boolean(compute="_compute_can")
    can_verify = fields.Boolean(compute="_compute_can")
    can_regrade = fields.Boolean(compute="_compute_can")
    can_assign = fields.Boolean(compute="_compute_can")
    can_link = fields.Boolean(compute="_compute_can", help="The current user may say which problem this one repeats.")

    # an anonymous report names nobody, whatever door it comes through (1 is the superuser of the door)
    _anonymous = models.Constraint(
        "CHECK(NOT is_anonymous OR (author_id IS NULL AND contact IS NULL AND create_uid = 1))",
        "Anonymous: such a report names nobody; use the public report page without logging in.",
    )

    @api.model
    def _selection_state(self):
        return [
            ("draft", self.env._("Draft")),
            ("returned", self.env._("Returned")),
            ("new", self.env._("To Accept")),
            ("accepted", self.env._("Accepted")),
            ("handling", self.env._("Handling")),
            ("resolved", self.env._("Resolved")),
            ("closed", self.env._("Closed")),
            ("rejected", self.env._("Rejected")),
            ("cancelled", self.env._("Cancelled")),
        ]

    # -- computes ----------------------------------------------------------------------------------------------------

    @api.depends("severity", "proposed_severity")
    def _compute_level(self):
        for problem in self:
            problem.level = problem.severity or problem.proposed_severity

    @api.depends("submitted_on", "accepted_on", "started_on", "resolved_on")
    def _compute_hours(self):
        for problem in self:
            for name, moment in (
                ("hours_to_accept", problem.accepted_on),
                ("hours_to_start", problem.started_on),
                ("hours_to_resolve", problem.resolved_on),
            ):
                passed = moment and problem.submitted_on and moment - problem.submitted_on
                problem[name] = passed.total_seconds() / 3600 if passed else 0.0

    @api.depends("plan_ids", "measure_ids.state", "verification_ids", "repeat_ids")
    def _compute_counts(self):
        """Counts of what hangs on the problem; of all of it, since a count betrays nothing."""
        plans, sheets = self._count_by_problem("ops.problem.plan"), self._count_by_problem("ops.problem.verification")
        measures = self._count_by_problem("ops.problem.measure", [("state", "!=", "cancelled")])
        done = self._count_by_problem("ops.problem.measure", [("state", "in", ("done", "accepted"))])
        repeats = self._count_by_problem("ops.problem", key="repeat_of_id")
        for problem in self:
            problem.plan_count, problem.verification_count = plans.get(problem.id, 0), sheets.get(problem.id, 0)
            problem.measure_count, problem.measure_done_count = measures.get(problem.id, 0), done.get(problem.id, 0)
            problem.repeat_count = repeats.get(problem.id, 0)

    def _count_by_problem(self, model, domain=(), key="problem_id"):
        # sudo: a count betrays nothing; what is counted is read with the user's own rights
        groups = self.env[model].sudo()._read_group([(key, "in", self.ids), *domain], [key], ["__count"])
        return {problem.id: count for problem, count in groups}

    def _compute_can(self):
        super()._compute_can()
        roles = self._flow_roles()
        for problem in self:
            held, active = roles[problem.id], problem.state in ("accepted", "handling")
            problem.can_start = problem.can_start and problem.state == "accepted"
            problem.can_regrade = active and "decider" in held
            problem.can_assign = active and bool(held & {"decider", "responsible"})
            duties = self._flow_duties.get(problem.state, {})
            problem.can_link = any("repeat_of_id" in duties[role] for role in held & set(duties))

    # -- creation and content ----------------------------------------------------------------------------------------

    def _prepare_create(self, vals_list):
        super()._prepare_create(vals_list)
        for vals in vals_list:
            vals["round"] = 1
            if not self.env.su:
                others = vals.get("author_id") != self.env.uid and "author_id" in vals
                asked = vals.get("channel", self.env.context.get("default_channel"))
                registered = asked == "registered" and self._user_holds("operations")
                fallback = "quick" if asked == "quick" else "web"
                vals["channel"] = "registered" if others or registered else fallback
                vals["is_anonymous"] = False

    @api.model_create_multi
    def create(self, vals_list):
        problems = super().create(vals_list)
        problems._bind_photos()
        return problems

    def write(self, vals):
        result = super().write(vals)
        if "photo_ids" in vals:
            self._bind_photos()
        return result

    def _bind_photos(self):
        """Attach the photos to their report, so that its rights and its lock are theirs."""
        for problem in self:
            # sudo: a photo that somebody else uploaded must be seen to be refused
            for photo in problem.sudo().photo_ids:
                if (photo.res_model, photo.res_id) == (self._name, problem.id):
                    continue
                if photo.res_id or (not self.env.su and photo.create_uid.id != self.env.uid):
                    raise ValidationError(self.env._(
                        "Photos: one of them belongs to something else. Upload it here again."
                    ))
                photo.write({"res_model": self._name, "res_id": problem.id})

    def _note_change(self, values, reason):
        """Write fields of the machinery without a change of state, with its line in the log."""
        # sudo: permission was decided by the caller, see _require
        token.marked(self.sudo()).write(values)
        self.env["ops.form.transition"]._log(self, {problem.id: problem.state for problem in self}, None, reason)
