from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ...tools import clock, token
from ...tools.moments import at_hour, local_date
from .ops_cycle_clock import CODE_OF, HELD

# kind of meeting → states of the cycle in which it may be planned
PLANNED_IN = {
    "strategy_seminar": ("preparation", "drafting"),
    "plan_review": ("drafting", "review"),
    "kick_off": ("drafting", "review", "released", "running"),
    "quarterly_review": ("released", "running", "closed"),  # the last one falls due after the year
}
FOR_ALL = {"kick_off"}  # kinds to which everybody is invited, not only whoever has to come
BEGIN = 9.0  # local hour at which a meeting is proposed to begin
QUARTERS = 4


class OpsCycle(models.Model):
    """The meetings of a cycle, planned from it: the seminar, the plan review, the kick-off, the quarterly reviews."""

    _inherit = "ops.cycle"

    meeting_count = fields.Integer(compute="_compute_meeting_count")
    next_meeting = fields.Selection(
        "_selection_next_meeting", compute="_compute_next_meeting", help="The meeting that this cycle needs next."
    )
    can_plan_meeting = fields.Boolean(compute="_compute_next_meeting")

    @api.model
    def _selection_next_meeting(self):
        kinds = dict(self.env["ops.meeting"]._fields["kind"]._description_selection(self.env))
        return [(kind, kinds[kind]) for kind in PLANNED_IN]

    @api.depends("meeting_ids")
    def _compute_meeting_count(self):
        for cycle in self:
            cycle.meeting_count = len(cycle.meeting_ids)

    @api.depends("state", "year", "meeting_ids.state", "meeting_ids.kind", "meeting_ids.cycle_quarter")
    @api.depends_context("uid")
    def _compute_next_meeting(self):
        roles = self._flow_roles()
        for cycle in self:
            meetings_sudo = cycle.sudo().meeting_ids  # sudo: which are planned
            planned = {meeting.kind for meeting in meetings_sudo if meeting.state != "cancelled"}
            fitting = [kind for kind, states in PLANNED_IN.items() if cycle.state in states and kind not in planned]
            if cycle.state == "running":  # there are four of them, and without a kick-off the year may run as well
                fitting = ["quarterly_review"]
            elif cycle.state == "closed":
                reviewed = meetings_sudo.filtered(lambda meeting: meeting.state in HELD).mapped("cycle_quarter")
                fitting = [] if cycle._quarters()[-1] in reviewed else ["quarterly_review"]
            cycle.next_meeting = fitting[0] if fitting else False
            cycle.can_plan_meeting = bool(fitting) and "gm_office" in roles.get(cycle.id, ())

    def action_plan_next_meeting(self):
        """Plan the meeting that the cycle needs next."""
        self.ensure_one()
        self.check_access("read")
        if not self.next_meeting:
            raise UserError(self.env._("All meetings of this cycle are planned: find them under Meetings."))
        return self.action_plan_meeting(self.next_meeting)

    def action_plan_meeting(self, kind, quarter=None):
        """Plan a meeting of the cycle, with the heads of all departments invited; one that is planned already is opened.

        To the kick-off everybody is invited.

        :param str kind: strategy_seminar, plan_review, kick_off or quarterly_review
        :param str quarter: of a quarterly review, like 2027-Q1; default: the first that has not been reviewed
        :return: the action that opens the meeting
        :raise UserError: there is no such meeting of a cycle, or it is too early or too late for it
        :raise AccessError: somebody else than the GM office asks
        """
        self.ensure_one()
        self.check_access("read")
        self._check_gm_office()
        self._check_plannable(kind)
        quarter = self._quarter_to_review(quarter) if kind == "quarterly_review" else False
        self._transition_lock()  # two people may press at once
        planned = self.env["ops.meeting"].sudo().search([  # sudo: one that a colleague planned is opened, not made again
            ("cycle_id", "=", self.id), ("kind", "=", kind), ("cycle_quarter", "=", quarter), ("state", "in", ("draft", "called")),
        ], limit=1)
        meeting = planned.with_env(self.env) or self._create_meeting(kind, quarter)
        return meeting._obligation_open_action()

    def _check_plannable(self, kind):
        cycle_sudo = self.sudo()  # sudo: the state decides
        if not isinstance(kind, str) or kind not in PLANNED_IN:
            raise UserError(self.env._(
                "Kind: a cycle has a strategy seminar, a plan review, a kick-off and quarterly reviews. Choose one of them."
            ))
        if cycle_sudo.state not in PLANNED_IN[kind]:
            raise UserError(self.env._(
                "%(cycle)s is “%(state)s”: this is not the time for a meeting of the kind “%(kind)s”.",
                cycle=cycle_sudo.display_name, state=self._state_label(cycle_sudo.state),
                kind=dict(self._selection_next_meeting())[kind],
            ))

    def _quarters(self):
        return [f"{self.year}-Q{number}" for number in range(1, QUARTERS + 1)]

    def _quarter_to_review(self, quarter):
        """Return the quarter that was asked for, checked; by itself the first that has no review that was held."""
        quarters = self._quarters()
        if quarter:
            if quarter not in quarters:
                raise UserError(self.env._(
                    "Quarter: choose one of %(quarters)s.", quarters=", ".join(quarters)
                ))
            return quarter
        held = set(self.sudo()._held("quarterly_review").mapped("cycle_quarter"))  # sudo: what took place
        return next((item for item in quarters if item not in held), quarters[-1])

    def _create_meeting(self, kind, quarter):
        """Create and return the draft of a meeting about this cycle; the current user calls it."""
        cycle_sudo = self.sudo()  # sudo: names and heads
        company = cycle_sudo.company_id
        begin = self._propose_begin(kind, quarter)
        needed = cycle_sudo._meeting_users(self.env.user)
        guests = cycle_sudo._meeting_guests(kind) - needed
        type_id = self.env["ops.meeting.type"].search([("kind", "=", kind)], limit=1)
        label = self.env["ops.obligation"]._label_of(quarter) if quarter else cycle_sudo.name
        meeting = self.env["ops.meeting"].create({
            "name": f"{type_id.name or dict(self._selection_next_meeting())[kind]}: {label}",
            "type_id": type_id.id,
            "company_id": company.id,
            "department_id": company.ops_gm_office_department_id.id,
            "is_cross_department": True,
            "organiser_id": self.env.uid,
            "recorder_id": self.env.uid,
            "date_start": begin,
            "attendee_ids": [
                Command.create({"user_id": user.id, "is_required": required})
                for users, required in ((needed, True), (guests, False)) for user in users
            ],
        })
        # sudo: what a meeting is about is said by the record itself, never by a client
        token.marked(meeting.sudo()).write({"subject_model": self._name, "subject_id": self.id, "cycle_quarter": quarter})
        return meeting

    def _meeting_users(self, organiser):
        """Return who has to come (superuser): the heads of all departments and the general manager."""
        heads = self.department_ids._ops_heads()
        people = self.env["res.users"].union(*heads.values(), organiser.sudo())
        people |= self.env["res.users"]._ops_of_role("general_manager", self.company_id)
        return people.filtered(lambda user: user.active and not user.share)

    def _meeting_guests(self, kind):
        """Return who may come besides (superuser): to the kick-off of the year everybody who works in its companies."""
        if kind not in FOR_ALL:
            return self.env["res.users"]
        employees = self.env["hr.employee"].search([
            ("company_id", "in", self._companies().ids), ("user_id", "!=", False),
        ])
        return employees.user_id.filtered(lambda user: user.active and not user.share)

    def _propose_begin(self, kind, quarter):
        """Return when to begin (naive UTC): on the day on which the meeting is due, or in two working days when that passed."""
        company = self.company_id.sudo()  # sudo: its calendar
        tz, now = company._ops_tz(), clock.now()
        due = self.sudo()._step_due(CODE_OF[kind], quarter or str(self.year))  # sudo: the rule
        begin = due and at_hour(local_date(due, tz), BEGIN, tz)
        if not begin or begin <= now + timedelta(hours=1):
            begin = at_hour(company._ops_workdays().add(clock.today(tz), 2), BEGIN, tz)
        return begin
