from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command

from ...tools.links import is_link
from ...tools.saying import saying
from .ops_meeting import NAMED

ORIGIN = {"subject_model", "subject_id", "series_id", "series_period"}
OFFICES = ("operations", "gm_office", "general_manager")  # who may call a meeting in somebody else's name
TOLD = {"name", "date_start", "date_stop", "location", "videocall_url", "attendee_ids", *NAMED}  # calendars follow these
CLOCKED = {"date_start", "is_cross_department", "type_id", "attendee_ids", "department_id", "organiser_id", "recorder_id"}


class OpsMeeting(models.Model):
    """Creation and changes: who may be named, who is invited, and what follows a change."""

    _inherit = "ops.meeting"

    def _prepare_create(self, vals_list):
        super()._prepare_create(vals_list)
        kinds = self.env["ops.meeting.type"]
        default = None
        for vals in vals_list:
            vals.setdefault("organiser_id", self.env.uid)
            self._check_organiser(vals["organiser_id"])
            if not vals.get("type_id") and default is None:
                default = self.default_get(["type_id"]).get("type_id")
            kind = kinds.browse(vals.get("type_id") or default)
            if "agenda_ids" not in vals and kind.line_ids:
                vals["agenda_ids"] = [Command.create(item) for item in kind._agenda_values()]

    @api.model_create_multi
    def create(self, vals_list):
        meetings = super().create(vals_list)
        meetings._check_origin()
        meetings._check_previous_known()
        meetings._invite_named()
        meetings._sync_notice_clock(saying(self.env)._("The meeting was planned."))
        return meetings

    def write(self, vals):
        if "organiser_id" in vals and any(meeting.organiser_id.id != vals["organiser_id"] for meeting in self):
            self._check_organiser(vals["organiser_id"])
        if vals.get("date_start") and "date_stop" not in vals:
            return self._move(vals)
        result = super().write(vals)
        if ORIGIN & vals.keys():
            self._check_origin()
        if "previous_id" in vals:
            self._check_previous_known()
        self._after_write(set(vals))
        return result

    def _move(self, vals):
        """Write a new start: each meeting lasts as long as it did."""
        start = fields.Datetime.to_datetime(vals["date_start"])
        for length, meetings in self.grouped(lambda item: item._length()).items():
            meetings.write({**vals, "date_stop": start + length})
        return True

    def _length(self):
        if self.date_start and self.date_stop:
            return self.date_stop - self.date_start
        return timedelta(hours=self.type_id.duration or 1.0)

    def _after_write(self, names):
        """Let calendars and clocks follow what was changed."""
        if names & set(NAMED):
            self._invite_named()
            self._clock_handed_over(names)
        if names & CLOCKED:
            self._sync_notice_clock(saying(self.env)._("The meeting was changed."))
        if names & TOLD:
            self._sync_events()

    @api.ondelete(at_uninstall=False)
    def _unlink_draft_only(self):
        for meeting in self:
            if meeting.state != "draft":
                raise ValidationError(self.env._(
                    "%(meeting)s is “%(state)s” and cannot be deleted; cancel it, and those invited are told.",
                    meeting=meeting.display_name, state=meeting._state_label(meeting.state),
                ))
        self._cancel_clock("C2", saying(self.env)._("The draft of the meeting was deleted."))

    # -- who is named --------------------------------------------------------------------------------------------------

    @api.model
    def _check_organiser(self, user_id):
        """Refuse to call a meeting in somebody else's name; offices may, and substitutes for whom they stand in."""
        if self.env.su or user_id in self.env.user._ops_principals().ids:
            return
        if not any(self._user_holds(office) for office in OFFICES):
            raise ValidationError(self.env._(
                "Organiser: you can call a meeting in your own name only. Ask the operations department to name somebody else."
            ))

    @api.constrains(*NAMED)
    def _check_named(self):
        for meeting in self.sudo():  # sudo: whoever may write the meeting need not read the users
            for name in NAMED:
                if meeting[name].share:
                    raise ValidationError(self.env._(
                        "%(field)s: %(user)s is not an employee; choose somebody who can log in and do it.",
                        field=self._fields[name]._description_string(self.env),
                        user=meeting[name].display_name,
                    ))

    @api.constrains("videocall_url")
    def _check_videocall_url(self):
        self._check_call_links(self.mapped("videocall_url"))

    @api.model
    def _check_call_links(self, addresses):
        """Refuse an address of a video call that no browser opens: of a meeting, and of a series."""
        if not all(is_link(address) for address in addresses if address):
            raise ValidationError(self.env._("Video call: begin with https://, or write what is no link under “Location”."))

    def _check_origin(self):
        """What a meeting is about is said by the record itself, and of a series by the series: they count it as theirs.

        No constraint of the ORM: those are asked as superuser.
        """
        if self.env.su:
            return
        if any(meeting.subject_model or meeting.subject_id for meeting in self):
            raise ValidationError(self.env._(
                "About: a meeting about a record is planned from that record, by its own button."
            ))
        if any(meeting.series_id or meeting.series_period for meeting in self):
            raise ValidationError(self.env._("Series: the meetings of a series are planned by the series itself."))

    def _subjects(self, model):
        """Return what these meetings are about, of the records of ``model`` that exist: dict meeting → id of the record.

        A form that only looks ahead names nothing that its user may not read: nobody has asked yet whether it could be saved.
        """
        about = self.filtered(lambda meeting: meeting.subject_model == model and meeting.subject_id)
        # sudo: whether it exists; who may read it is asked where it is read
        found = self.env[model].sudo().browse(about.mapped("subject_id")).exists()
        if not all(self._ids):
            found = found.sudo(False)._filtered_access("read")
        return {meeting: meeting.subject_id for meeting in about if meeting.subject_id in found._ids}

    def _check_previous_known(self):
        """Whoever names a meeting reads its topic there: it must be one that they may read.

        No constraint of the ORM: those are asked as superuser.
        """
        if not self.env.su and not self.previous_id.has_access("read"):
            raise ValidationError(self.env._("Meeting before: choose one that you may read."))

    @api.constrains("previous_id")
    def _check_previous(self):
        if self._has_cycle("previous_id"):
            raise ValidationError(self.env._("Meeting before: a meeting cannot follow itself. Choose an earlier one."))

    def _invite_named(self):
        """Whoever calls, leads or minutes a meeting attends it."""
        values = []
        for meeting in self:
            invited = meeting.sudo().attendee_ids.user_id  # sudo: those invited, whoever they are
            named = meeting.organiser_id | meeting.recorder_id | meeting.chair_id
            values += [{"meeting_id": meeting.id, "user_id": user.id} for user in named - invited]
        self.env["ops.meeting.attendee"].create(values)
