from odoo import api, fields, models
from odoo.exceptions import UserError

DECIDERS = {"decider", "organiser"}


class OpsResolution(models.Model):
    """What a meeting decided that somebody does by a day; from the distribution of the minutes on an obligation (C5)."""

    _name = "ops.resolution"
    _description = "Resolution"
    _inherit = ["ops.form.line.mixin", "ops.action.item.mixin"]
    _order = "date_due, id"
    _search_fields = {"name": "A", "acceptance_standard": "C", "evidence": "D"}

    _form_field = "meeting_id"
    _form_standards = ("C5",)
    _flow = {
        "open": {"done": {"owner"}, "cancelled": DECIDERS | {"recorder"}},
        "done": {"accepted": DECIDERS, "open": DECIDERS},
        "accepted": {},
        "cancelled": {"open": DECIDERS},
    }
    _flow_protected = {"in_force", "date_decided"}
    _flow_hand_over = DECIDERS

    meeting_id = fields.Many2one("ops.meeting", required=True, index=True, ondelete="cascade")
    agenda_id = fields.Many2one(
        "ops.meeting.agenda", string="Agenda Item", index="btree_not_null", ondelete="set null",
        domain="[('meeting_id', '=', meeting_id)]",
    )
    meeting_state = fields.Selection(related="meeting_id.state", string="State of the Meeting")
    company_id = fields.Many2one(related="meeting_id.company_id", store=True, precompute=True, default=None)
    # noted down while people still talk: who and when may be missing until the minutes go out
    owner_id = fields.Many2one(required=False)
    date_due = fields.Date(required=False)
    in_force = fields.Boolean(
        readonly=True, copy=False, help="It was in the minutes that were distributed: it is owed, and nothing takes it away."
    )
    date_decided = fields.Date(readonly=True, copy=False, help="The date that the minutes said when they last went out.")
    client_key = fields.Char(readonly=True, copy=False, help="By this a line that a phone sends twice is written once.")

    _complete = models.Constraint(
        "CHECK(in_force IS NOT TRUE OR state = 'cancelled' OR (owner_id IS NOT NULL AND date_due IS NOT NULL))",
        "A resolution that was distributed has an owner and a due date: cancel it if nobody does it.",
    )
    _client_key_unique = models.UniqueIndex("(meeting_id, client_key) WHERE client_key IS NOT NULL")
    _owner_idx = models.Index("(owner_id, date_due, id) WHERE state = 'open'")
    _page_idx = models.Index("(date_due, id)")

    # -- computes ---------------------------------------------------------------------------------------------------------

    @api.depends("owner_id", "company_id")
    def _compute_department_id(self):
        """The department of the owner: in the company of the meeting, otherwise in their own."""
        found = self.env["hr.employee"]._ops_departments(self.owner_id)
        for item in self:
            owner = item.owner_id
            department = found.get((owner.id, item.company_id.id)) or found.get((owner.id, owner.company_id.id))
            item.department_id = department or item.department_id

    # -- who may do what --------------------------------------------------------------------------------------------------

    def _flow_extra_roles(self, roles, user, principals):
        """The organiser of the meeting decides on what others carry out; the recorder takes out what was noted wrongly."""
        extra, meeting = super()._flow_extra_roles(roles, user, principals), self.meeting_id
        if self.owner_id & principals:
            return extra
        if meeting.organiser_id & principals:
            extra = extra | {"organiser"}
        if meeting.recorder_id & principals and meeting.state in meeting._flow_open:
            extra = extra | {"recorder"}
        return extra

    def _filtered_hand_over(self):
        """Only what was distributed is handed over: before, whoever writes the minutes names the owner."""
        return super()._filtered_hand_over().filtered(lambda item: item.sudo().in_force)

    def _filtered_on_duty(self):
        return super()._filtered_on_duty() | self._filtered_form_locked()

    def write(self, vals):
        if "meeting_id" in vals and any(item.in_force and item.meeting_id.id != vals["meeting_id"] for item in self):
            raise UserError(self.env._("Meeting: a resolution that was distributed stays with its meeting."))
        return super().write(vals)

    @api.constrains("agenda_id", "meeting_id")
    def _check_agenda(self):
        for item in self:
            if item.agenda_id and item.agenda_id.meeting_id != item.meeting_id:
                raise UserError(self.env._(
                    "Agenda item: %(item)s is not on the agenda of this meeting.", item=item.agenda_id.name
                ))

    def _transition_check(self, state, reason):
        super()._transition_check(state, reason)
        for item in self.sudo():
            if state in ("done", "accepted") and not item.in_force:
                raise UserError(self.env._(
                    "“%(resolution)s” cannot be carried out yet: the minutes have not been distributed.", resolution=item.name
                ))

    @api.ondelete(at_uninstall=False)
    def _unlink_not_in_force(self):
        for item in self:
            if item.in_force:
                raise UserError(self.env._(
                    "“%(resolution)s” was distributed and is not deleted: cancel it, and say why.", resolution=item.name
                ))

    # -- the clock (C5) ---------------------------------------------------------------------------------------------------

    def _ask_acceptance(self):
        """D1: what asks for an acceptance waits for the organiser; of the organiser's own, for operations."""
        if self:
            self._start_decision()

    def _decided_by(self):
        organiser = self.meeting_id.organiser_id
        if organiser != self.owner_id and self.env["ops.obligation"]._can_answer(organiser):
            return "organiser", organiser
        return super()._decided_by()

    def _clock_decided(self, reason):
        """The minutes went out (C5): start what is new, move what the new version changed; nothing starts twice.

        An extension that was granted stays: only a date that the minutes changed moves the clock. What was in force before is
        not begun again, whether its clock runs or was waived; that is why the items of a plan (``_clock_filed``) differ.

        :param str reason: why, for the log of what was moved
        """
        items = self.filtered(lambda item: item.state == "open")
        known, fresh = items.filtered("in_force"), items.filtered(lambda item: not item.in_force)
        changed = known.filtered(lambda item: item.date_due != item.date_decided)
        items._put_in_force()
        fresh._start_clock("C5", due={item.id: item.date_due for item in fresh})
        if not known:
            return
        engine = self.env["ops.obligation"]
        engine._hand_over("C5", known, reason, role="owner", department=known._owing())
        due_of = {item.id: engine._moment(item.date_due, item.company_id) for item in changed}
        engine._move_due({item: due_of[item.source_id] for item in changed._clock_running()}, reason)

    def _put_in_force(self):
        if self:
            self.flush_recordset(["date_due"])
            self.env.cr.execute(
                "UPDATE ops_resolution SET in_force = TRUE, date_decided = date_due WHERE id = ANY(%s)", [self.ids]
            )
            self.invalidate_recordset(["in_force", "date_decided"], flush=False)
