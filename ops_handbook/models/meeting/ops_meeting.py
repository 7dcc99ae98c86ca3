from datetime import timedelta

from odoo import api, fields, models

RUNS = {"organiser", "head", "operations", "gm_office", "general_manager"}  # who runs a meeting
NAMED = ("organiser_id", "recorder_id", "chair_id")  # people whom a meeting names, besides its attendees


class OpsMeeting(models.Model):
    """A meeting of any kind: called with an agenda, held, minuted; its content lives here, never on the calendar's event."""

    _name = "ops.meeting"
    _description = "Meeting"
    _inherit = ["ops.form.mixin"]
    _order = "date_start desc, id desc"
    _rec_names_search = ["number", "name"]
    _search_fields = {"name": "A", "summary": "C", "agenda_ids.name": "B", "agenda_ids.notes": "C"}

    _flow = {
        "draft": {"called": RUNS, "held": RUNS | {"recorder", "chair"}, "cancelled": RUNS},
        "called": {"held": RUNS | {"recorder", "chair"}, "cancelled": RUNS},
        "held": {"distributed": RUNS | {"recorder"}},
        "distributed": {"closed": RUNS | {"recorder", "chair"}, "held": RUNS | {"recorder"}},
        "closed": {},
        "cancelled": {},
    }
    _flow_named = {"organiser": "organiser_id", "recorder": "recorder_id", "chair": "chair_id"}
    _flow_reason = {"cancelled"}
    _flow_open = {"draft", "called", "held"}
    _flow_buttons = {
        "can_call": "called",
        "can_hold": "held",
        "can_distribute": "distributed",
        "can_correct": "held",
        "can_close": "closed",
        "can_cancel": "cancelled",
    }
    _flow_protected = {
        "event_id", "notice_late", "called_on", "attendee_user_ids", "actual_start", "actual_stop", "invite_sequence",
    }
    _form_standards = ("C2", "C3", "M5")
    _clock_met = {"M5": {"held", "distributed", "closed"}}
    _form_decision_code = None
    _form_rework_code = None

    # what it is about
    name = fields.Char(string="Topic", required=True)
    type_id = fields.Many2one(
        "ops.meeting.type", string="Kind", required=True, index=True, ondelete="restrict",
        default=lambda self: self.env["ops.meeting.type"].search([("kind", "=", "general")], limit=1),
    )
    kind = fields.Selection(related="type_id.kind", string="Sort of Meeting", store=True, index=True)
    series_id = fields.Many2one("ops.meeting.series", readonly=True, copy=False, index="btree_not_null", ondelete="restrict")
    previous_id = fields.Many2one(
        "ops.meeting", string="Meeting Before", copy=False, index="btree_not_null", ondelete="set null",
        domain="[('company_id', '=', company_id), ('id', '!=', id)]",
    )
    subject_model = fields.Char(readonly=True, copy=False)
    subject_id = fields.Many2oneReference(string="About", model_field="subject_model", readonly=True, copy=False)
    summary = fields.Html(sanitize_style=True, copy=False, help="What the meeting came to, in a few words.")
    is_cross_department = fields.Boolean(
        string="Cross-Department", compute="_compute_is_cross_department", store=True, readonly=False,
        help="Several departments meet: the notice is due a working day before, the minutes a day after (C2, C3).",
    )

    # who
    organiser_id = fields.Many2one(
        "res.users", required=True, index=True, copy=False, default=lambda self: self.env.user, ondelete="restrict"
    )
    recorder_id = fields.Many2one("res.users", index="btree_not_null", ondelete="restrict", help="Writes the minutes.")
    chair_id = fields.Many2one("res.users", index="btree_not_null", ondelete="restrict", help="Leads the meeting.")
    attendee_ids = fields.One2many("ops.meeting.attendee", "meeting_id", string="Attendees", copy=True)
    attendee_user_ids = fields.Many2many(
        "res.users", "ops_meeting_attendee_user_rel", "meeting_id", "user_id", string="Colleagues Invited",
        compute="_compute_attendee_user_ids", store=True, copy=False,
    )
    attendee_count = fields.Integer(compute="_compute_attendee_count")

    # when and where
    date_start = fields.Datetime(string="Beginning", index=True, copy=False)
    date_stop = fields.Datetime(
        string="End", compute="_compute_date_stop", store=True, readonly=False, precompute=True, copy=False
    )
    actual_start = fields.Datetime(readonly=True, copy=False)
    actual_stop = fields.Datetime(string="Actual End", readonly=True, copy=False)
    location = fields.Char()
    videocall_url = fields.Char(string="Video Call")
    event_id = fields.Many2one("calendar.event", readonly=True, copy=False, index="btree_not_null", ondelete="set null")

    # what becomes of it
    agenda_ids = fields.One2many("ops.meeting.agenda", "meeting_id", copy=True)
    called_on = fields.Datetime(string="Notice Sent", readonly=True, copy=False)
    notice_late = fields.Boolean(readonly=True, copy=False, help="The notice went out after it was due (C2).")
    note = fields.Html(string="Notes", sanitize_style=True, copy=False)

    can_call = fields.Boolean(compute="_compute_can")
    can_hold = fields.Boolean(compute="_compute_can")
    can_distribute = fields.Boolean(compute="_compute_can")
    can_correct = fields.Boolean(compute="_compute_can")

    _dates_in_order = models.Constraint(
        "CHECK(date_stop IS NULL OR date_start IS NULL OR date_stop > date_start)",
        "End: choose a time after the start.",
    )
    _actual_in_order = models.Constraint(
        "CHECK(actual_stop IS NULL OR actual_start IS NULL OR actual_stop >= actual_start)",
        "Actual end: choose a time after the actual start.",
    )
    _page_idx = models.Index("(company_id, date_start DESC, id DESC)")

    @api.model
    def _selection_state(self):
        return [
            ("draft", self.env._("Draft")),
            ("called", self.env._("Called")),
            ("held", self.env._("Held")),
            ("distributed", self.env._("Minutes Distributed")),
            ("closed", self.env._("Closed")),
            ("cancelled", self.env._("Cancelled")),
        ]

    # -- computes ----------------------------------------------------------------------------------------------------

    @api.depends("attendee_ids.user_id")
    def _compute_attendee_user_ids(self):
        for meeting in self:
            meeting.attendee_user_ids = meeting.attendee_ids.user_id

    @api.depends("attendee_ids")
    def _compute_attendee_count(self):
        for meeting in self:
            meeting.attendee_count = len(meeting.attendee_ids)

    @api.depends("type_id", "department_id", "attendee_ids.department_id")
    def _compute_is_cross_department(self):
        """Several departments meet; those below the department of the meeting belong to it."""
        for meeting in self:
            own = meeting.department_id
            departments = own | meeting.attendee_ids.department_id.filtered(lambda item, own=own: own.id not in item._ops_path())
            meeting.is_cross_department = meeting.type_id.is_cross_department or len(departments) > 1

    @api.depends("date_start", "type_id")
    def _compute_date_stop(self):
        """As long as before when the meeting is moved; as long as its kind when it is new."""
        for meeting in self:
            before = meeting._origin
            if not meeting.date_start:
                meeting.date_stop = False
            elif before.date_start and before.date_stop:
                meeting.date_stop = meeting.date_start + (before.date_stop - before.date_start)
            else:
                meeting.date_stop = meeting.date_start + timedelta(hours=meeting.type_id.duration or 1.0)

    def _compute_can(self):
        super()._compute_can()
        for meeting in self:
            meeting.can_correct = meeting.can_correct and meeting.state == "distributed"
            meeting.can_hold = meeting.can_hold and meeting.state in ("draft", "called")

    # -- creation and content ----------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        meetings = super().create(vals_list)
        # what a client sent for it does not count
        self.env.add_to_compute(self._fields["attendee_user_ids"], meetings)
        return meetings
