from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...tools import clock
from ...tools.ids import one_id, some_ids
from ...tools.moments import DAY, at_hour
from ...tools.recurrence import period_bounds, period_of

WRITES = {"author", "lead", "lead_head"}
WRITTEN_IN = ("running", "done")  # states of the collaboration in which briefs are written


class OpsCollaborationBrief(models.Model):
    """Form 12: what a collaboration has done in a week, what comes next, what is at risk, where help is needed (C4)."""

    _name = "ops.collaboration.brief"
    _description = "Collaboration Brief"
    _inherit = ["ops.form.mixin"]
    _order = "week_start desc, id desc"
    _search_fields = {"done": "C", "next": "C", "risks": "C", "help": "C"}

    _flow = {
        "draft": {"filed": WRITES, "cancelled": WRITES},
        "returned": {"filed": WRITES, "cancelled": WRITES},
        # handing it in files it: nobody has to decide, but operations may send it back
        "filed": {"returned": {"decider"}, "cancelled": set()},
        "cancelled": {},
    }
    _flow_open = {"draft", "returned"}
    _flow_closed = {"cancelled"}
    _flow_buttons = {"can_submit": "filed", "can_return": "returned", "can_cancel": "cancelled"}
    _flow_protected = {"period"}
    _form_registrars = set()
    _form_standards = ("C4",)
    _clock_met = {"C4": {"filed", "returned"}}
    _form_decision_code = None

    collaboration_id = fields.Many2one(
        "ops.collaboration", required=True, index=True, ondelete="restrict", domain="[('state', '=', 'running')]"
    )
    name = fields.Char(string="Subject", compute="_compute_name")
    week_start = fields.Date(
        string="Week", required=True, default=lambda self: self._monday(clock.today(self.env.company._ops_tz())),
        help="Any day of the week; it becomes its Monday.",
    )
    period = fields.Char(compute="_compute_period", store=True, index=True)
    done = fields.Text(compute="_compute_prefilled", store=True, readonly=False, precompute=True)
    next = fields.Text(compute="_compute_prefilled", store=True, readonly=False, precompute=True)
    risks = fields.Text(compute="_compute_prefilled", store=True, readonly=False, precompute=True)
    help = fields.Text(string="Help Needed")
    previous_ids = fields.Many2many("ops.collaboration.brief", string="Briefs Before", compute="_compute_previous_ids")

    _week_uniq = models.UniqueIndex(
        "(collaboration_id, period) WHERE state != 'cancelled'", "The brief of this week exists already: open it instead."
    )

    @api.model
    def _selection_state(self):
        return [
            ("draft", self.env._("Draft")),
            ("returned", self.env._("Returned")),
            ("filed", self.env._("Filed")),
            ("cancelled", self.env._("Cancelled")),
        ]

    # -- computes ----------------------------------------------------------------------------------------------------

    @api.depends("collaboration_id.name", "week_start")
    @api.depends_context("lang")
    def _compute_name(self):
        for brief in self:
            # sudo: the name of what the brief is about
            subject = brief.collaboration_id.sudo().name or ""
            brief.name = f"{subject} · {brief.period}" if subject and brief.period else subject

    @api.depends("number", "name")
    def _compute_display_name(self):
        super()._compute_display_name()

    @api.depends("week_start")
    def _compute_period(self):
        for brief in self:
            brief.period = brief.week_start and period_of(brief.week_start, "weekly")

    @api.depends("collaboration_id", "week_start")
    def _compute_prefilled(self):
        """What the items say: finished this week, due by the end of the next, overdue; what somebody wrote stays."""
        # sudo: see _lines_of_items; the clocks of the items of all briefs are asked together
        ahead = self.sudo().collaboration_id.item_ids._filtered_ahead()
        for brief in self:
            if not brief.collaboration_id or not brief.week_start or brief.state not in (False, "draft"):
                continue
            lines = brief._lines_of_items(ahead)
            for name in ("done", "next", "risks"):
                if not brief[name]:
                    brief[name] = "\n".join(f"• {line}" for line in lines[name]) or False

    def _lines_of_items(self, ahead):
        """Return what the items of the collaboration come to in this week: dict of lists of lines.

        What is on hold comes next when the day to which that moved it does; what was cancelled or waived is nowhere.

        :param ahead: of the items of all briefs those that are still owed and not late
        """
        # sudo: whoever writes the brief steers the collaboration and reads all its items
        request = self.collaboration_id.sudo()
        tz, items = request.company_id._ops_tz(), request.item_ids.filtered(lambda item: item.state != "cancelled")
        monday = self._monday(self.week_start)
        begin, end = at_hour(monday, 0.0, tz), at_hour(monday + 7 * DAY, 0.0, tz)
        finished = items.filtered(lambda item: item.done_on and begin <= item.done_on < end)
        overdue = items.filtered(lambda item: item.state == "open" and item.is_late)
        coming = (items & ahead).filtered(lambda item: item.date_due_now < monday + 14 * DAY)
        return {
            "done": [f"{item.name} ({item.owner_id.name})" for item in finished],
            "next": [self._line_ahead(item) for item in coming],
            "risks": [
                self.env._("Overdue since %(day)s: %(item)s", day=item.date_due_now, item=self._line_ahead(item))
                for item in overdue
            ],
        }

    @api.model
    def _line_ahead(self, item):
        progress = f", {item.progress} %" if item.progress else ""
        note = f" – {item.progress_note}" if item.progress_note else ""
        return f"{item.name} ({item.owner_id.name}, {item.date_due_now}{progress}){note}"

    @api.depends("collaboration_id", "week_start")
    def _compute_previous_ids(self):
        by_request = {}
        for brief in self.search([("collaboration_id", "in", self.collaboration_id.ids), ("state", "=", "filed")]):
            by_request.setdefault(brief.collaboration_id, self.browse())
            by_request[brief.collaboration_id] |= brief
        for brief in self:
            filed = by_request.get(brief.collaboration_id, self.browse())
            brief.previous_ids = filed.filtered(
                lambda other, brief=brief: brief.week_start and other.week_start < brief.week_start
            )[:8]

    @api.model
    def _monday(self, day):
        return day - day.weekday() * DAY

    # -- who and when ------------------------------------------------------------------------------------------------

    def _flow_extra_roles(self, roles, user, principals):
        """``lead``: leads the collaboration; ``lead_head``: leads the department that leads it."""
        found, request = set(), self.collaboration_id
        if request.lead_id & principals:
            found.add("lead")
        if request._lead_department() & user.ops_department_ids:
            found.add("lead_head")
        return found

    def _prepare_create(self, vals_list):
        for vals in vals_list:
            vals.setdefault("collaboration_id", self.env.context.get("default_collaboration_id"))
            if vals.get("week_start"):
                vals["week_start"] = self._monday(fields.Date.to_date(vals["week_start"]))
        # sudo: the brief takes company and department from its collaboration; whoever may create is checked by the rules
        requests = self.env["ops.collaboration"].sudo().browse(some_ids([vals["collaboration_id"] for vals in vals_list])).exists()
        known = {request.id: request for request in requests}
        for vals in vals_list:
            request = known.get(one_id(vals["collaboration_id"]))
            if not request:
                raise ValidationError(self.env._("Collaboration: choose the one that the brief is about."))
            if request.state not in WRITTEN_IN:
                request.with_env(self.env).check_access("read")  # first: the message names it
                raise UserError(self.env._(
                    "%(record)s is “%(state)s”: briefs are written while it is running.",
                    record=request.display_name, state=request._state_label(request.state),
                ))
            vals["company_id"], vals["department_id"] = request._lead_company().id, request._lead_department().id
        self.flush_model(["state"])  # one that has just been cancelled stands in nobody's way
        super()._prepare_create(vals_list)

    def write(self, vals):
        if not self.env.su and "collaboration_id" in vals and any(
            brief.collaboration_id.id != vals["collaboration_id"] for brief in self
        ):
            raise ValidationError(self.env._("Collaboration: a brief stays with it. Write a new one for the other."))
        if vals.get("week_start"):
            vals = {**vals, "week_start": self._monday(fields.Date.to_date(vals["week_start"]))}
        return super().write(vals)

    def _transition_values(self, state):
        values = super()._transition_values(state)
        if state == "filed":
            values["submitted_on"] = clock.now()
        return values

    def _transition_check(self, state, reason):
        super()._transition_check(state, reason)
        if state == "filed":
            for brief in self.sudo():  # sudo: the content decides
                if not any((brief[name] or "").strip() for name in ("done", "next", "risks", "help")):
                    raise UserError(self.env._(
                        "Done, Next: say in a line what was done this week or what comes, then file the brief."
                    ))

    def _after_transition(self, previous, reason):
        super()._after_transition(previous, reason)
        for brief in self.sudo().filtered(lambda brief: brief.state == "filed"):  # sudo: see _transition
            self.env["ops.obligation"]._fulfil_domain("C4", [
                ("source_model", "=", "ops.collaboration"), ("source_id", "=", brief.collaboration_id.id),
                ("period", "=", brief.period),
            ], form=brief)

    def _clock_cancelled(self, previous, reason):
        """A week is asked for again (C4) only while somebody can still write its brief."""
        asked = self.filtered(lambda brief: brief.sudo().collaboration_id.state in WRITTEN_IN)  # sudo: the state decides
        super(OpsCollaborationBrief, asked)._clock_cancelled(previous, reason)

    def _clock_met_key(self, code):
        request = self.collaboration_id
        return request.company_id.id, request._clock_department().id, (request._name, request.id), self.period

    @api.constrains("week_start")
    def _check_week(self):
        for brief in self:
            if brief.week_start > clock.today(brief.company_id._ops_tz()):
                raise ValidationError(self.env._("Week: it has not begun yet. Choose this week or an earlier one."))

    # -- actions -----------------------------------------------------------------------------------------------------

    def action_submit(self):
        """File the brief of the week (C4)."""
        return self._transition("filed")

    def action_accept(self, *decision):
        """A brief is filed when it is handed in; there is nothing to accept."""
        raise UserError(self.env._("A brief is filed when it is handed in; return it if something is missing."))

    def action_close(self):
        """A brief is filed when it is handed in; there is nothing to close."""
        raise UserError(self.env._("A brief is filed when it is handed in; there is nothing to close."))

    def action_open_collaboration(self):
        """Open the collaboration that the brief is about."""
        self.ensure_one()
        return self.collaboration_id._obligation_open_action()

    @api.model
    def _obligation_defaults(self, obligation):
        """Return what a new brief for an obligation begins with: its collaboration and its week."""
        first, _last = period_bounds(obligation.period)
        return {"collaboration_id": obligation.source_id, "week_start": first}
