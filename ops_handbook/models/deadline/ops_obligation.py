from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, format_date

from ...tools import clock
from ...tools.recurrence import period_bounds, period_trigger
from ...tools.results import is_running, result_at
from ...tools.words import month_in_words, quarter_in_words
from ..mixins.domains import flag_search
from .ops_standard import PROCESSES, ROLES

OPEN_STATES = ("open", "held")


class OpsObligation(models.Model):
    """One occurrence of a standard for one department, person or record, with its due time.

    Made, moved and closed by the engine alone: nobody has the right to create, write or delete one.
    Whether it is late is a question put to the clock when it is asked, not to a nightly job.
    """

    _name = "ops.obligation"
    _description = "Obligation"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date_due desc, id desc"
    _rec_names_search = ["name", "standard_id.name", "code"]
    _mail_post_access = "read"

    # the rule, as it stood
    standard_id = fields.Many2one("ops.standard", required=True, readonly=True, ondelete="restrict", index=True)
    revision_id = fields.Many2one(
        "ops.standard.revision", string="Rule", readonly=True, ondelete="restrict", index="btree_not_null"
    )
    code = fields.Char(required=True, readonly=True)
    process = fields.Selection(PROCESSES, required=True, readonly=True)
    variant = fields.Char(required=True, readonly=True, default="")
    urgent = fields.Boolean(readonly=True)

    # who answers
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="restrict")
    department_id = fields.Many2one("hr.department", readonly=True, ondelete="restrict")
    employee_id = fields.Many2one("hr.employee", readonly=True, ondelete="restrict", index="btree_not_null")
    role = fields.Selection(ROLES, required=True, readonly=True)
    responsible_id = fields.Many2one(
        "res.users", string="Answers", readonly=True, ondelete="restrict", help="Empty when anybody of the role answers."
    )

    # for what
    period = fields.Char(required=True, readonly=True, default="")
    period_label = fields.Char(string="For", compute="_compute_period_label")
    round = fields.Integer(required=True, readonly=True, default=0)
    source_model = fields.Char(readonly=True)
    source_id = fields.Many2oneReference(string="Started by", model_field="source_model", readonly=True)
    form_model = fields.Char(readonly=True)
    form_id = fields.Many2oneReference(string="Fulfilled by", model_field="form_model", readonly=True)
    name = fields.Char(string="Subject", readonly=True)

    # when
    date_start = fields.Datetime(string="Since", required=True, readonly=True)
    date_event = fields.Datetime(
        string="Event", readonly=True,
        help="What the due time is reckoned from when that is not the start of the clock, e.g. the meeting to call (C2).",
    )
    date_due = fields.Datetime(string="Due", readonly=True)
    date_original = fields.Datetime(string="Originally Due", readonly=True)
    date_close = fields.Datetime(
        string="Period Closes", readonly=True, help="When the next one falls due: what is not fulfilled by then is missed."
    )
    due_by_rule = fields.Boolean(readonly=True, help="The due time follows from the rule and moves with the calendar.")
    date_next_step = fields.Datetime(string="Next Reminder", readonly=True)

    # what became of it
    state = fields.Selection(
        [("open", "Open"), ("held", "On Hold"), ("done", "Done"), ("waived", "Waived"), ("cancelled", "Cancelled")],
        required=True,
        readonly=True,
        default="open",
    )
    date_done = fields.Datetime(string="Fulfilled on", readonly=True)
    done_by_id = fields.Many2one(
        "res.users", string="Fulfilled by User", readonly=True, ondelete="restrict", index="btree_not_null"
    )
    on_behalf_id = fields.Many2one(
        "res.users", string="In the Name of", readonly=True, ondelete="restrict", index="btree_not_null"
    )
    on_time = fields.Boolean(readonly=True)
    extended = fields.Boolean(readonly=True, help="The due time was extended when it was asked for in time.")
    hold_since = fields.Datetime(readonly=True)
    hold_until = fields.Datetime(string="On Hold until", readonly=True)
    hold_hours = fields.Float(string="Time on Hold (Hours)", readonly=True)

    result = fields.Selection(
        [
            ("pending", "Pending"),
            ("met", "Met"),
            ("late", "Late"),
            ("missed", "Missed"),
            ("held", "On Hold"),
            ("waived", "Waived"),
            ("cancelled", "Cancelled"),
        ],
        compute="_compute_result",
        search="_search_result",
    )
    is_overdue = fields.Boolean(string="Overdue", compute="_compute_result", search="_search_is_overdue")

    change_ids = fields.One2many("ops.obligation.change", "obligation_id", string="Holds, Extensions, Waivers", readonly=True)
    transition_ids = fields.One2many(
        "ops.form.transition", "res_id", string="Log", domain=[("res_model", "=", "ops.obligation")], readonly=True
    )

    # the same thing is asked for once, whoever asks and however often
    _key_uniq = models.UniqueIndex(
        "(standard_id, company_id, COALESCE(department_id, 0), COALESCE(employee_id, 0), COALESCE(source_model, ''),"
        " COALESCE(source_id, 0), period, round)"
    )
    _department_idx = models.Index("(department_id, date_due DESC, id DESC)")
    _due_idx = models.Index("(date_due DESC, id DESC)")
    _company_idx = models.Index("(company_id, date_due DESC, id DESC)")
    _responsible_idx = models.Index("(responsible_id, date_due DESC, id DESC)")
    _open_idx = models.Index("(responsible_id, date_due) WHERE state IN ('open', 'held')")
    _open_role_idx = models.Index("(role, company_id, date_due) WHERE state IN ('open', 'held')")
    _open_department_idx = models.Index("(department_id, date_due) WHERE state IN ('open', 'held')")
    _next_step_idx = models.Index("(date_next_step) WHERE date_next_step IS NOT NULL AND state = 'open'")
    _hold_idx = models.Index("(hold_until) WHERE state = 'held'")
    _source_idx = models.Index("(source_model, source_id, code) WHERE source_id IS NOT NULL")
    _form_idx = models.Index("(form_model, form_id) WHERE form_id IS NOT NULL")

    # -- words --------------------------------------------------------------------------------------------------------

    @api.depends("standard_id.verb", "name", "period")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for obligation in self:
            verb = obligation.standard_id.verb or obligation.code or ""
            obligation.display_name = self._title(verb, obligation.name or obligation.period_label)

    @api.model
    def _title(self, verb, subject):
        """Return what is to be done in words: the verb of the standard and the subject."""
        return f"{verb}: {subject}" if subject else verb

    @api.depends("period")
    @api.depends_context("lang")
    def _compute_period_label(self):
        for obligation in self:
            obligation.period_label = self._label_of(obligation.period)

    @api.model
    def _label_of(self, period):
        """Return a period key in the words of the user's language: 2026-12 is “December 2026”."""
        try:
            kind, (first, _last) = period_trigger(period), period_bounds(period)
        except ValueError:
            return period or ""
        locale = self.env.lang or "en_US"
        if kind == "monthly":
            return month_in_words(first, locale)
        if kind == "quarterly":
            return quarter_in_words(first, locale)
        return format_date(self.env, first) if kind == "daily" else period

    # -- the clock ----------------------------------------------------------------------------------------------------

    @api.depends("state", "date_due", "date_done", "date_close", "on_time", "hold_until")
    def _compute_result(self):
        now = clock.now()
        for obligation in self:
            obligation.result = obligation._result_at(now)
            obligation.is_overdue = obligation._is_running(now) and bool(obligation.date_due and obligation.date_due < now)

    def _is_running(self, now):
        """Tell whether the clock runs at ``now``: also when a hold has just ended and the job has not come by yet."""
        return is_running(now, self.state, self.hold_until)

    def _result_at(self, now):
        """Return what has become of the obligation at the moment ``now`` (naive UTC)."""
        return result_at(
            now, self.state, self.date_due, self.date_done, self.date_close, self.on_time, self.hold_until
        )

    @api.model
    def _domain_of_result(self, result, now):
        """Return the domain of the obligations with a result at the moment ``now``; the mirror of :meth:`_result_at`."""
        running = Domain("state", "=", "open") | (Domain("state", "=", "held") & Domain("hold_until", "<=", now))
        overdue = running & Domain("date_due", "<", now)
        done_late = Domain("state", "=", "done") & Domain("on_time", "!=", True)
        # a comparison of two columns: it finds few, since few periods close on something done late
        closed_before = Domain.custom(to_sql=lambda model, alias, query: model._sql_done_after_close(alias))
        return {
            "waived": Domain("state", "=", "waived"),
            "cancelled": Domain("state", "=", "cancelled"),
            "held": Domain("state", "=", "held") & Domain("hold_until", ">", now),
            "met": Domain("state", "=", "done") & Domain("on_time", "=", True),
            "pending": running & (Domain("date_due", "=", False) | Domain("date_due", ">=", now)),
            "missed": (overdue & Domain("date_close", "<", now)) | (done_late & closed_before),
            "late": (overdue & (Domain("date_close", "=", False) | Domain("date_close", ">=", now)))
            | (done_late & ~closed_before),
        }[result]

    def _sql_done_after_close(self, alias):
        return SQL("COALESCE(%s > %s, FALSE)", SQL.identifier(alias, "date_done"), SQL.identifier(alias, "date_close"))

    def _search_result(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        now = clock.now()
        known = set(dict(self._fields["result"].selection))
        domain = Domain.OR(self._domain_of_result(result, now) for result in known & set(value))
        return domain if operator == "in" else ~domain

    @flag_search
    def _search_is_overdue(self):
        now = clock.now()
        running = Domain("state", "=", "open") | (Domain("state", "=", "held") & Domain("hold_until", "<=", now))
        return running & Domain("date_due", "<", now)

    # -- mail ---------------------------------------------------------------------------------------------------------

    def message_subscribe(self, partner_ids=None, subtype_ids=None):
        """Nobody follows an obligation: reminders go to whoever answers, and an activity must not add a follower."""
        return True

    def _message_auto_subscribe(self, updated_values, followers_existing_policy="skip"):
        return True

    # -- screens ------------------------------------------------------------------------------------------------------

    def action_open_form(self):
        """Open the form that fulfils the obligation: the one in work, or a new one filled with what is known."""
        self.ensure_one()
        for model, record_id in ((self.form_model, self.form_id), (self.source_model, self.source_id)):
            if model in self.env and hasattr(self.env[model], "_obligation_open_action"):
                if record := self.env[model].browse(record_id or ()).exists():
                    return record._obligation_open_action(self)
        for model in self.env.registry.values():
            if not model._abstract and self.code in getattr(model, "_form_standards", ()):
                return self.env[model._name]._obligation_open_action(self)
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "name": self.display_name,
        }
