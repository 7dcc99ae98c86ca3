from odoo import api, fields, models
from odoo.exceptions import ValidationError

WEEKDAYS = [
    ("0", "Monday"), ("1", "Tuesday"), ("2", "Wednesday"), ("3", "Thursday"),
    ("4", "Friday"), ("5", "Saturday"), ("6", "Sunday"),
]


class OpsMeetingSeries(models.Model):
    """Meetings that come back in a rhythm, off the company's days off; a job plans the next one some days ahead."""

    _name = "ops.meeting.series"
    _description = "Series of Meetings"
    _order = "name, id"

    name = fields.Char(string="Topic", required=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, ondelete="restrict"
    )
    department_id = fields.Many2one(
        "hr.department", index="btree_not_null", ondelete="restrict", domain="[('company_id', 'in', [company_id, False])]"
    )
    type_id = fields.Many2one("ops.meeting.type", string="Kind", required=True, ondelete="restrict", index=True)

    # who
    organiser_id = fields.Many2one(
        "res.users", required=True, index=True, default=lambda self: self.env.user, ondelete="restrict"
    )
    recorder_id = fields.Many2one("res.users", index="btree_not_null", ondelete="restrict")
    chair_id = fields.Many2one("res.users", index="btree_not_null", ondelete="restrict")
    user_ids = fields.Many2many(
        "res.users", "ops_meeting_series_user_rel", "series_id", "user_id", string="Colleagues",
        domain="[('share', '=', False)]",
    )
    partner_ids = fields.Many2many(
        "res.partner", "ops_meeting_series_partner_rel", "series_id", "partner_id", string="Contacts",
        help="People without a login.",
    )
    whole_department = fields.Boolean(
        string="Everybody of the Department", help="Invite whoever works in the department when the meeting is planned."
    )

    # when
    rhythm = fields.Selection(
        [("weekly", "Weekly"), ("monthly", "Monthly"), ("quarterly", "Quarterly")], required=True, default="weekly"
    )
    interval = fields.Integer(string="Every … Weeks", default=1, required=True)
    weekday = fields.Selection(WEEKDAYS, default="0", help="Empty: the last working day of the week.")
    month = fields.Selection(
        [("1", "First Month"), ("2", "Second Month"), ("3", "Third Month")], string="Month of the Quarter", default="1"
    )
    day = fields.Integer(string="Day of the Month", default=1, help="0: the last day of the month.")
    hour = fields.Float(string="Time", default=9.0, required=True)
    duration = fields.Float(
        string="Duration (Hours)", compute="_compute_duration", store=True, readonly=False, precompute=True, required=True
    )
    day_off_rule = fields.Selection(
        [("earlier", "Earlier"), ("later", "Later")], string="On a Day Off", required=True, default="later",
        help="Where the meeting goes when its day is a day off.",
    )
    date_from = fields.Date(string="From", required=True, default=fields.Date.context_today)
    date_to = fields.Date(string="Until")
    days_ahead = fields.Integer(default=10, required=True, help="How long before it is planned.")
    call_at_once = fields.Boolean(
        string="Send the Notice at Once", help="Otherwise the organiser completes the agenda and sends the notice."
    )

    # where
    location = fields.Char()
    videocall_url = fields.Char(string="Video Call")
    meeting_ids = fields.One2many("ops.meeting", "series_id", string="Meetings", readonly=True)
    next_date = fields.Date(string="Next", compute="_compute_next_date", help="The next day that is not planned yet.")

    _interval_sane = models.Constraint("CHECK(interval BETWEEN 1 AND 52)", "Every … weeks: choose 1 to 52.")
    _day_sane = models.Constraint("CHECK(day BETWEEN 0 AND 31)", "Day of the month: choose 1 to 31, or 0 for the last day.")
    _hour_sane = models.Constraint("CHECK(hour >= 0 AND hour < 24)", "Time: choose a time of the day.")
    _duration_sane = models.Constraint(
        "CHECK(duration > 0 AND duration <= 72)", "Duration: choose more than 0 and at most 72 hours."
    )
    _days_ahead_sane = models.Constraint("CHECK(days_ahead BETWEEN 0 AND 120)", "Days ahead: choose 0 to 120.")
    _dates_in_order = models.Constraint(
        "CHECK(date_to IS NULL OR date_to >= date_from)", "Until: choose a day after the first one."
    )

    @api.depends("type_id")
    def _compute_duration(self):
        for series in self:
            series.duration = series.type_id.duration or 1.0

    @api.depends("rhythm", "interval", "weekday", "month", "day", "day_off_rule", "date_from", "date_to", "meeting_ids")
    def _compute_next_date(self):
        planned = self._planned_periods()
        for series in self:
            found = series._coming(horizon=400) if series.date_from and series.company_id else []
            following = [item.due for item in found if item.period not in planned.get(series._origin.id, ())]
            series.next_date = following[0] if following else False

    # -- whose name ----------------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self.env["ops.meeting"]._check_organiser(vals.setdefault("organiser_id", self.env.uid))
        return super().create(vals_list)

    def write(self, vals):
        if "organiser_id" in vals and any(series.organiser_id.id != vals["organiser_id"] for series in self):
            self.env["ops.meeting"]._check_organiser(vals["organiser_id"])
        return super().write(vals)

    @api.constrains("videocall_url")
    def _check_videocall_url(self):
        self.env["ops.meeting"]._check_call_links(self.mapped("videocall_url"))

    @api.constrains("department_id", "company_id", "whole_department")
    def _check_department(self):
        for series in self:
            owner = series.department_id.company_id
            if owner and owner != series.company_id:
                raise ValidationError(self.env._(
                    "Department: %(department)s belongs to another company. Choose one of %(company)s.",
                    department=series.department_id.display_name, company=series.company_id.display_name,
                ))
            if series.whole_department and not series.department_id:
                raise ValidationError(self.env._("Department: choose the department whose people are invited."))
