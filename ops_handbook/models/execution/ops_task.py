from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools import clock
from ...tools.ids import one_id

PRIORITIES = [("1", "High"), ("2", "Medium"), ("3", "Low")]
CONSENTS = [("asked", "Asked"), ("given", "Given"), ("declined", "Declined")]
OPEN = ("todo", "progress")
# what whoever carries a task out says about it, while all else stays as it was issued
REPORTED = {"progress", "progress_note", "evidence"}
REPORTING = dict.fromkeys(("owner", "helper", "head"), REPORTED)
# the machinery makes thousands at once: nobody is subscribed, nothing is posted; the log and one digest say who and what
QUIET = {"tracking_disable": True, "mail_create_nolog": True, "mail_create_nosubscribe": True}


class OpsTask(models.Model):
    """What one person does in a month: from the annual plan, from something decided, or routine."""

    _name = "ops.task"
    _description = "Task"
    _inherit = [
        "ops.link.mixin", "ops.form.line.mixin", "ops.transition.mixin", "ops.clock.mixin", "mail.thread", "mail.activity.mixin",
    ]
    _order = "date_end, priority, id"
    _mail_post_access = "read"
    _search_fields = {"name": "A", "description": "C", "deliverable": "C", "progress_note": "D"}

    _flow = {
        "todo": {
            "progress": {"owner", "helper", "head"}, "done": {"owner", "head"}, "unfinished": {"owner", "head"},
            "cancelled": {"head"},
        },
        "progress": {
            "todo": {"owner", "head"}, "done": {"owner", "head"}, "unfinished": {"owner", "head"}, "cancelled": {"head"},
        },
        "done": {"progress": {"owner", "head"}},
        # back to do: when its completion report is given back
        "unfinished": {"progress": {"owner", "head"}, "todo": set()},
        "cancelled": {},
    }
    _flow_named = {"owner": "owner_id"}
    _flow_reason = {"cancelled"}
    _flow_open = set(OPEN)
    _flow_closed = {"cancelled"}
    _flow_duties = {"todo": REPORTING, "progress": REPORTING, "done": {"owner": {"evidence"}, "head": {"evidence"}}}
    _flow_buttons = {
        "can_start": "progress",
        "can_done": "done",
        "can_unfinished": "unfinished",
        "can_withdraw": "cancelled",
    }
    _flow_protected = {
        "consent_state", "consent_reason", "consent_on", "consent_by_id", "added_on", "carried_from_id", "source_model", "source_id",
        "company_id", "department_id", "period", "started_on", "ended_on", "untold_since",
    }
    _form_field = "month_plan_id"

    # what is to be done
    month_plan_id = fields.Many2one("ops.month.plan", required=True, index=True, ondelete="cascade")
    plan_state = fields.Selection(related="month_plan_id.state", string="State of the Plan")
    company_id = fields.Many2one(related="month_plan_id.company_id", store=True, precompute=True, index=True)
    department_id = fields.Many2one(related="month_plan_id.department_id", store=True, precompute=True, index=True)
    period = fields.Char(related="month_plan_id.period", string="Month", store=True, precompute=True, index=True)
    month = fields.Date(related="month_plan_id.month", string="First Day of the Month")
    name = fields.Char(string="Task", required=True)
    description = fields.Text(help="What one has to know to carry it out.")
    deliverable = fields.Char(string="Deliverable Standard", help="What is there in the end, and how one sees that it is good.")
    date_start = fields.Date(string="Start")
    date_end = fields.Date(string="End", index=True)
    priority = fields.Selection(PRIORITIES, required=True, default="2", index=True)
    weight = fields.Float(digits=(6, 2), default=10.0, aggregator="sum", help="How much it counts among the tasks of the month.")

    # who carries it out
    owner_id = fields.Many2one("res.users", index=True, ondelete="restrict", domain="[('share', '=', False)]")
    job_id = fields.Many2one(
        "hr.job", string="Post", index="btree_not_null", ondelete="set null",
        help="A task goes to a post: when somebody else holds it, open tasks can follow.",
    )
    helper_ids = fields.Many2many(
        "res.users", "ops_task_helper_rel", "task_id", "user_id", string="Co-Workers", domain="[('share', '=', False)]",
        context={"active_test": False},
    )

    # where it comes from: exactly one of these
    initiative_id = fields.Many2one(
        "ops.plan.initiative", index="btree_not_null", ondelete="set null",
        domain="[('company_id', 'parent_of', company_id), ('plan_id.state', 'in', ['submitted', 'review', 'returned', 'final', 'released'])]",
    )
    initiative_share = fields.Float(
        string="Share of the Initiative (%)", digits=(6, 2), aggregator=None, help="What the breakdown expects of this month.",
    )
    source_model = fields.Char(readonly=True, copy=False, help="The record that asks for it: a resolution, a measure, an item.")
    source_id = fields.Many2oneReference(model_field="source_model", readonly=True, copy=False)
    is_routine = fields.Boolean(string="Routine")
    carried_from_id = fields.Many2one(
        "ops.task", string="Carried over from", readonly=True, copy=False, index="btree_not_null", ondelete="restrict"
    )

    # the consent of another department
    consent_department_id = fields.Many2one(
        "hr.department", string="Needs the Consent of", index="btree_not_null", ondelete="restrict",
        help="Another department without which it cannot be done; its head agrees or declines.",
    )
    consent_state = fields.Selection(CONSENTS, string="Consent", readonly=True, copy=False)
    consent_reason = fields.Text(readonly=True, copy=False)
    consent_on = fields.Datetime(readonly=True, copy=False)
    consent_by_id = fields.Many2one("res.users", readonly=True, copy=False, index="btree_not_null", ondelete="restrict")

    # how far it is
    progress = fields.Integer(string="Progress (%)", aggregator="avg", copy=False)
    progress_note = fields.Char(string="Where It Stands", copy=False)
    asks_evidence = fields.Boolean(help="It is done only when somebody can see it: in words, or in a file.")
    evidence = fields.Text(copy=False, help="What was done, and where one can see it.")
    done_on = fields.Datetime(readonly=True, copy=False)
    added_on = fields.Datetime(string="Added in the Month", readonly=True, copy=False)

    can_start = fields.Boolean(compute="_compute_can")
    can_done = fields.Boolean(compute="_compute_can")
    can_unfinished = fields.Boolean(compute="_compute_can")
    can_withdraw = fields.Boolean(compute="_compute_can")
    can_report = fields.Boolean(compute="_compute_can", help="The current user may say how far it is.")
    can_consent = fields.Boolean(compute="_compute_can", help="The current user answers for the department that is needed.")
    can_hand_over = fields.Boolean(compute="_compute_can")
    can_follow_post = fields.Boolean(compute="_compute_can", help="The current user may give it to whoever holds the post now.")

    _one_of = models.Constraint(
        "CHECK((initiative_id IS NOT NULL)::int + (COALESCE(source_id, 0) <> 0)::int + (COALESCE(is_routine, FALSE))::int <= 1)",
        "Link: a task has an initiative, a source, or is routine; choose one of them.",
    )
    _dates_sane = models.Constraint(
        "CHECK(date_end IS NULL OR date_start IS NULL OR date_end >= date_start)", "End: it lies before the start."
    )
    _progress_sane = models.Constraint("CHECK(progress BETWEEN 0 AND 100)", "Progress: choose 0 to 100 percent.")
    _weight_sane = models.Constraint("CHECK(weight IS NULL OR weight >= 0)", "Weight: it cannot be less than nothing.")
    _carried_once = models.UniqueIndex(
        "(carried_from_id) WHERE carried_from_id IS NOT NULL AND state != 'cancelled'",
        "Carried over from: this task has been carried over already.",
    )
    _page_idx = models.Index("(date_end, priority, id)")
    _department_idx = models.Index("(department_id, date_end, priority, id)")
    _owner_idx = models.Index("(owner_id, date_end, id) WHERE state IN ('todo', 'progress')")
    _unfinished_idx = models.Index("(department_id) WHERE state = 'unfinished'")
    _source_idx = models.Index("(source_model, source_id) WHERE source_id IS NOT NULL")

    @api.model
    def _selection_state(self):
        return [
            ("todo", self.env._("To Do")),
            ("progress", self.env._("In Progress")),
            ("done", self.env._("Done")),
            ("unfinished", self.env._("Unfinished")),
            ("cancelled", self.env._("Withdrawn")),
        ]

    # -- creation -------------------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        # under tracking_disable: a subscription and a message for each would cost ten times the task itself
        tasks = super(OpsTask, self.with_context(**QUIET)).create(vals_list).with_env(self.env)
        tasks._created()
        return tasks

    def _created(self):
        """Hook: what follows from new tasks, all of them together."""

    def _prepare_create(self, vals_list):
        super()._prepare_create(vals_list)
        self._say_defaults(vals_list, {"month_plan_id", "consent_department_id"})
        # sudo: what follows from the plan; whether one may add to it is asked by the access rights
        plans = self.env["ops.month.plan"].sudo().browse({self._plan_id(vals) for vals in vals_list} - {None}).exists()
        known = {plan.id: plan for plan in plans}
        issued = set(plans.filtered(lambda plan: plan.state not in (*plan._flow_open, "submitted", "filed")).ids)
        for vals in vals_list:
            plan_id = self._plan_id(vals)
            if plan := known.get(plan_id):  # said here, so that nobody else says it and thousands need not be computed
                vals.update(company_id=plan.company_id.id, department_id=plan.department_id.id, period=plan.period)
            if plan_id in issued:
                vals["added_on"] = clock.now()
            if vals.get("consent_department_id"):
                vals["consent_state"] = "asked"
        self._prepare_owners(vals_list, plans)

    @api.model
    def _plan_id(self, vals):
        """Return the id of the plan in the values of a new task; None where a program sent something else."""
        plan_id = vals.get("month_plan_id") or self.env.context.get("default_month_plan_id")
        return one_id(plan_id) or None

    # -- content --------------------------------------------------------------------------------------------------------

    def _is_linked(self):
        """Tell whether the task says where it comes from: an initiative, a source, a task carried over, or routine."""
        return bool(self.initiative_id or self.source_id or self.carried_from_id or self.is_routine)

    def _touches_month(self):
        """Tell whether the dates of the task touch the month of its plan, or are left open."""
        first = self.month_plan_id.month
        last = fields.Date.end_of(first, "month")
        begins, ends = self.date_start or first, self.date_end or last
        return begins <= last and ends >= first

    @api.constrains("owner_id", "helper_ids", "month_plan_id")
    def _check_people(self):
        for task in self.sudo():  # sudo: the choice is checked, not shown
            for user in (task.owner_id | task.helper_ids).filtered(lambda user: user.active or user.share):
                if user.share or task.company_id not in user.company_ids:
                    raise ValidationError(self.env._(
                        "Owner, Co-Workers: %(user)s does not work for %(company)s. Choose somebody who does.",
                        user=user.name, company=task.company_id.name,
                    ))

    @api.constrains("initiative_id", "month_plan_id")
    def _check_initiative(self):
        for task in self.filtered("initiative_id").sudo():  # sudo: the choice is checked, not shown
            if task.initiative_id.company_id.root_id != task.company_id.root_id:
                raise ValidationError(self.env._(
                    "Initiative: “%(initiative)s” belongs to another company.", initiative=task.initiative_id.name
                ))

    @api.constrains("consent_department_id", "month_plan_id")
    def _check_consent_department(self):
        for task in self.filtered("consent_department_id"):
            if task.consent_department_id == task.department_id:
                raise ValidationError(self.env._("Needs the consent of: this is the department itself. Choose another."))
