from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import ormcache

from ..mixins.domains import flag_search
from .ops_standard_revision import RULE_FIELDS

PROCESSES = [
    ("annual", "Annual Operating Plan"),
    ("monthly", "Monthly Tasks and Daily Execution"),
    ("collaboration", "Collaboration and Meetings"),
    ("improvement", "Problem Feedback and Improvement"),
    ("general", "General"),
]
ROLES = [
    ("head", "Department Head"),
    ("operations", "Operations"),
    ("gm_office", "GM Office"),
    ("general_manager", "General Manager"),
    ("administrator", "Administrator"),
    ("decider", "Whoever Decides"),
    ("author", "Author"),
    ("owner", "Owner"),
    ("handler", "Handler"),
    ("reporter", "Reporter"),
    ("organiser", "Organiser"),
    ("recorder", "Recorder"),
    ("lead", "Collaboration Lead"),
    ("reviewer", "Reviewer"),
]
EVENTS = [
    ("submission", "Submission"),
    ("acceptance", "Acceptance"),
    ("return", "Return"),
    ("handling", "Start of Handling"),
    ("resolution", "Resolved"),
    ("ruling", "Last Final Ruling"),
    ("meeting_start", "Start of the Meeting"),
    ("meeting_end", "End of the Meeting"),
    ("decision", "Decision to Do It"),
    ("issue", "Issue of a Letter"),
    ("review", "Start of the Review"),
    ("release", "Release of a Plan"),
    ("carried_out", "All Measures Carried Out"),
]
UNITS = [
    ("workdays", "Working Days"),
    ("days", "Days"),
    ("hours", "Hours"),
    ("own", "The Record's Own Date"),
    ("none", "Without a Date"),
]


class OpsStandard(models.Model):
    """A rule of the handbook: who does what, on which form, by when, with which reminders."""

    _name = "ops.standard"
    _description = "Standard"
    _order = "code, company_id, id"
    _rec_names_search = ["code", "name"]
    _search_fields = {"name": "A", "verb": "B", "description": "C"}

    code = fields.Char(required=True, help="Short name by which forms and people refer to the rule, e.g. M6.")
    name = fields.Char(required=True, translate=True)
    verb = fields.Char(
        required=True, translate=True, help="What is to be done, as it stands in the lists: “Submit the completion report”."
    )
    process = fields.Selection(PROCESSES, required=True, default="general")
    form_number = fields.Integer(string="Form No.", help="Number of the form in the handbook's table; 0 when there is none.")
    company_id = fields.Many2one(
        "res.company", index="btree_not_null", ondelete="cascade",
        help="Empty: the rule of all companies. A company's own rule takes the place of the common one.",
    )
    active = fields.Boolean(default=True)
    description = fields.Text(translate=True)

    # when it falls due: by the calendar …
    trigger = fields.Selection(
        [
            ("yearly", "Every Year"),
            ("quarterly", "Every Quarter"),
            ("monthly", "Every Month"),
            ("weekly", "Every Week"),
            ("daily", "Every Working Day"),
            ("event", "On an Event"),
        ],
        required=True,
        default="event",
    )
    due_month = fields.Integer(string="Month", default=12, help="Yearly: month of the year. Quarterly: 1 to 3 in the quarter.")
    due_day = fields.Integer(string="Day", default=0, help="Day of the month; 0 is its last day.")
    due_weekday = fields.Selection(
        [
            ("0", "Monday"), ("1", "Tuesday"), ("2", "Wednesday"), ("3", "Thursday"),
            ("4", "Friday"), ("5", "Saturday"), ("6", "Sunday"),
        ],
        string="Weekday",
        help="Empty: the last working day of the week.",
    )
    workdays_after = fields.Integer(
        string="Working Days after the Period", help="Due so many working days after the period; 0: on the day above."
    )
    period_offset = fields.Integer(
        string="Periods Ahead",
        help="For which period it is done: 0 the present one, 1 the next (the plan of a year is due the December before).",
    )
    # … or so much after an event
    event = fields.Selection(EVENTS)
    offset_value = fields.Float(string="Within", help="How long after the event; negative: before it.")
    offset_unit = fields.Selection(UNITS, default="workdays", required=True)
    exact = fields.Boolean(
        string="Same Hour", help="Due at the hour of the event; hours that end on a day off move to the next working day."
    )
    urgent = fields.Boolean(help="Reminders at any hour, with the duty officer.")
    # … and what days off do to it
    due_hour = fields.Float(help="Local hour at which the due day ends; 0: the company's close of the day.")
    day_off_rule = fields.Selection(
        [("earlier", "Earlier"), ("later", "Later"), ("unchanged", "Unchanged")],
        string="On a Day Off", required=True, default="earlier",
    )
    max_shift = fields.Integer(
        string="Earlier by at Most", default=3, help="Days; a longer holiday moves the due time later instead."
    )
    predecessor_id = fields.Many2one("ops.standard", string="Follows", index="btree_not_null", ondelete="restrict")
    gap = fields.Integer(help="At least so many working days after the standard that it follows.")

    # who answers for it
    scope = fields.Selection(
        [("company", "Company"), ("department", "Department"), ("person", "Person"), ("record", "Record")],
        required=True,
        default="record",
    )
    department_ids = fields.Many2many("hr.department", string="Departments", help="Empty: all that keep plans.")
    role = fields.Selection(ROLES, required=True, default="head")
    keeps_rows = fields.Boolean(
        string="Keeps Obligations", default=True, help="Off: counted when asked for, without a row for each day and person."
    )

    step_ids = fields.One2many("ops.standard.step", "standard_id", string="Reminders", copy=True)
    variant_ids = fields.One2many("ops.standard.variant", "standard_id", string="Variants", copy=True)
    revision_ids = fields.One2many("ops.standard.revision", "standard_id", string="Rule History", readonly=True)
    revision_id = fields.Many2one("ops.standard.revision", string="Rule in Force", readonly=True, copy=False)
    ready = fields.Boolean(
        compute="_compute_ready", search="_search_ready", help="A form that fulfils it is installed; only then is it asked for."
    )
    rule_text = fields.Char(string="Due", compute="_compute_rule_text")

    _code_company_uniq = models.UniqueIndex(
        "(code, COALESCE(company_id, 0))", "There is already a standard with this code."
    )
    _due_day_range = models.Constraint("CHECK(due_day BETWEEN 0 AND 31)", "Day: choose 1 to 31, or 0 for the last day.")
    _due_month_range = models.Constraint("CHECK(due_month BETWEEN 1 AND 12)", "Month: choose 1 to 12.")
    _due_hour_range = models.Constraint("CHECK(due_hour BETWEEN 0 AND 24)", "Hour: choose 0 to 24.")
    _positive = models.Constraint(
        "CHECK(gap >= 0 AND max_shift >= 0 AND workdays_after >= 0)", "Gap, shift and working days cannot be negative."
    )

    @api.depends("code", "name")
    def _compute_display_name(self):
        for standard in self:
            standard.display_name = f"{standard.code} {standard.name}" if standard.code else standard.name

    def _compute_ready(self):
        ready = self._ready_codes()
        for standard in self:
            standard.ready = standard.code in ready

    @flag_search
    def _search_ready(self):
        return [("code", "in", list(self._ready_codes()))]

    @api.model
    @ormcache()
    def _ready_codes(self):
        """Return the codes that an installed form fulfils."""
        forms = [model for model in self.env.registry.values() if not model._abstract]
        codes = {code for model in forms for code in getattr(model, "_form_standards", ())}
        codes |= {getattr(model, "_form_decision_code", None) for model in forms}
        codes |= {getattr(model, "_form_rework_code", None) for model in forms}
        return frozenset(codes - {None})

    @api.model
    @ormcache("code")
    def _models_fulfilling(self, code):
        """Return the names of the models whose records fulfil the standard ``code``."""
        return tuple(sorted(
            name for name, model in self.env.registry.items()
            if not model._abstract and code in getattr(model, "_form_standards", ())
        ))

    @api.model
    def _get(self, code, company):
        """Return the standard in force for a company, its own or the common one; sudo, empty when none is active."""
        # sudo: the engine applies the rules, whoever's form it is
        return self.sudo().browse(self._get_id(code, company.id))

    @api.model
    @ormcache("code", "company_id")
    def _get_id(self, code, company_id):
        found = self.sudo().search([("code", "=", code), ("company_id", "in", [company_id, False])])
        own = found.filtered("company_id")
        return (own or found)[:1].ids

    def _for(self, company):
        """Return the standard that holds for a company in place of this one: the company's own of its code, if it has one."""
        return self and (self._get(self.code, company) or self)

    # -- guards -----------------------------------------------------------------------------------------------------

    @api.constrains("predecessor_id", "trigger", "gap")
    def _check_predecessor(self):
        for standard in self:
            before = standard.predecessor_id
            if before and before.trigger != standard.trigger:
                raise ValidationError(self.env._(
                    "Follows: %(before)s does not recur like %(standard)s. Choose a standard with the same rhythm.",
                    before=before.display_name, standard=standard.display_name,
                ))
        if self._has_cycle("predecessor_id"):
            raise ValidationError(self.env._("Follows: a standard cannot follow itself, not even by way of others."))

    @api.model_create_multi
    def create(self, vals_list):
        standards = super().create(vals_list)
        self.env.registry.clear_cache()
        standards._revise()
        return standards

    def write(self, vals):
        result = super().write(vals)
        if {"code", "company_id", "active"} & vals.keys():
            self.env.registry.clear_cache()
        if RULE_FIELDS & vals.keys():
            self._revise()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_unused(self):
        # sudo: obligations of other companies count as well
        if self.env["ops.obligation"].sudo().search_count([("standard_id", "in", self.ids)], limit=1):
            raise UserError(self.env._("A standard that has been asked for cannot be deleted: archive it instead."))

    def unlink(self):
        self.env.registry.clear_cache()
        self.write({"revision_id": False})
        return super().unlink()
