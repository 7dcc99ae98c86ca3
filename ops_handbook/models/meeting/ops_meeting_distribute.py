from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import groupby

from ...tools import clock, token
from ...tools.saying import saying

# how many names one message lists before it says "and others"
NAMED = 5


class OpsMeeting(models.Model):
    """The minutes: checked, frozen, sent to everybody invited; taken back only to send a corrected version (C5, R1)."""

    _inherit = "ops.meeting"

    resolution_ids = fields.One2many("ops.resolution", "meeting_id", string="Resolutions")
    minutes_ids = fields.One2many("ops.meeting.minutes", "meeting_id", string="Versions of the Minutes", readonly=True)
    resolution_count = fields.Integer(compute="_compute_minutes_counts")
    minutes_count = fields.Integer(compute="_compute_minutes_counts")

    @api.depends("resolution_ids", "minutes_ids")
    def _compute_minutes_counts(self):
        for meeting in self:
            meeting.resolution_count = len(meeting.resolution_ids)
            meeting.minutes_count = len(meeting.minutes_ids)

    # -- verbs ------------------------------------------------------------------------------------------------------------

    def action_distribute(self):
        """Freeze the minutes as a version and send it to everybody invited (C3); the resolutions begin to run (C5)."""
        return self._transition("distributed")

    def action_correct(self, reason=None):
        """Take distributed minutes back to correct them; what goes out next is a new version.

        :param str reason: why; stands in the new version
        """
        if reason is None:
            return self._ask_reason("action_correct")
        return self._transition("held", reason)

    def _transition_check(self, state, reason):
        super()._transition_check(state, reason)
        meetings = self.sudo()  # sudo: the flow has said who may
        if state == "held" and not reason and "distributed" in meetings.mapped("state"):
            raise UserError(self.env._("Reason: say what has to be corrected in the minutes."))
        if state == "distributed":
            meetings._check_minutes_complete()
        if state == "closed" and (waiting := meetings.answer_ids.filtered("is_waiting")):
            raise UserError(self.env._(
                "%(meeting)s cannot be closed: answer the objection of %(who)s first, or correct the minutes.",
                meeting=waiting[0].meeting_id.display_name, who=waiting[0].partner_id.name,
            ))

    def _check_minutes_complete(self):
        """Refuse to distribute what is not complete; the message names all that is missing (C3)."""
        for meeting in self:
            if missing := meeting._missing_in_minutes():
                raise UserError(self.env._(
                    "The minutes of %(meeting)s cannot be distributed yet:\n%(missing)s",
                    meeting=meeting.display_name, missing="\n".join(f"• {text}" for text in missing),
                ))

    def _missing_in_minutes(self):
        """Return what is missing for a distribution, as sentences."""
        missing = []
        if not self.attendee_ids:
            missing.append(self.env._("Attendees: say who was invited."))
        # whoever need not come need not be looked for either: to some meetings everybody is invited
        unknown = self.attendee_ids.filtered(lambda line: line.is_required and line.presence == "expected").partner_id
        if unknown:
            names = ", ".join(unknown[:NAMED].mapped("name")) + (" …" if len(unknown) > NAMED else "")
            missing.append(self.env._("Presence: note whether they were there: %(names)s", names=names))
        day = fields.Datetime.context_timestamp(
            self.with_context(tz=self.company_id._ops_tz()), self.actual_start or self.date_start or clock.now()
        ).date()
        for item in self.resolution_ids.filtered(lambda item: item.state == "open"):
            wanting = [
                self._resolution_label(name) for name in ("owner_id", "date_due") if not item[name]
            ]
            if wanting:
                missing.append(self.env._(
                    "Resolution “%(name)s”: %(fields)s is missing.", name=item.name, fields=", ".join(wanting)))
            elif item.date_due < day and item.date_due != item.date_decided:
                missing.append(self.env._(
                    "Resolution “%(name)s”: %(field)s lies before the meeting.", name=item.name,
                    field=self._resolution_label("date_due")))
        return missing

    def _resolution_label(self, name):
        return self.env["ops.resolution"]._fields[name]._description_string(self.env)

    # -- what follows -----------------------------------------------------------------------------------------------------

    def _became_held(self, previous):
        """A correction is asked for within a working day (R1): minutes that were taken back are not forgotten."""
        super()._became_held(previous)
        taken_back = self.filtered(lambda meeting: previous[meeting.id] == "distributed")
        if taken_back:
            taken_back._start_clock(
                "R1", round=taken_back._next_rounds("R1"), role="recorder",
                responsible={meeting.id: meeting._clock_named("recorder") for meeting in taken_back},
            )

    def _clock_handed_over(self, names):
        super()._clock_handed_over(names)
        if names & {"organiser_id", "recorder_id"}:
            self._hand_over_clock("R1", "recorder")

    def _became_distributed(self, previous):
        super()._became_distributed(previous)
        versions = {meeting: meeting._publish_minutes() for meeting in self}
        self._fulfil("R1")
        self.answer_ids._fulfil("D1")  # a new version settles what was objected to the one before
        self._ask_answers_anew()
        for meeting, version in versions.items():
            meeting.resolution_ids._clock_decided(saying(self.env)._(
                "Version %(version)s of the minutes: %(reason)s", version=version.version, reason=version.reason or "–"
            ))
            meeting._mail_minutes(version)

    def _publish_minutes(self):
        """Freeze and return the version that goes out now."""
        minutes = self.env["ops.meeting.minutes"]
        materials = self.agenda_ids.attachment_ids | self.env["ir.attachment"].search([
            ("res_model", "=", self._name), ("res_id", "=", self.id), ("res_field", "=", False),
        ])
        return minutes._publish(self, minutes._body_of(self), self._correction_reason(), materials)

    def _kickoff_contacts(self):
        """Hook of the layers above: the division of labour in the minutes of a collaboration's kick-off (form 10).

        :return: list of dicts with ``department``, ``contacts`` (users) and ``resolutions``; None for the minutes of any other
            meeting (form 11)
        """
        return None

    def _correction_reason(self):
        """Return why there is another version; nothing for the first."""
        taken_back = self.transition_ids.filtered(lambda step: step.from_state == "distributed" and step.to_state == "held")
        return taken_back.sorted("id")[-1:].reason

    def _ask_answers_anew(self):
        answered = self.attendee_ids.filtered(lambda attendee: attendee.answer != "none")
        token.marked(answered).write({"answer": "none", "answered_on": False, "remark": False})

    def _mail_minutes(self, version):
        """Queue the minutes for each attendee, in their language, with their own links to confirm or object."""
        attendees, base = self.attendee_ids, self.get_base_url()
        paths = self.env["ops.meeting.link"]._make(version, attendees)
        older = version._older()[version]
        mails = []
        for lang, group in groupby(attendees, key=lambda attendee: attendee.partner_id.lang or self.env.lang):
            worded = version.with_context(lang=lang)
            changes = worded._render_changes(worded._diff(older.with_context(lang=lang))) if older else ""
            mails += [
                {
                    "object": self, "partner": attendee.partner_id, "version": version.version,
                    "body": version.body or "", "changes": changes, "reason": version.reason or "",
                    "confirm": f"{base}{paths[attendee.id]}?answer=confirmed",
                    "disagree": f"{base}{paths[attendee.id]}?answer=objected",
                    "open": f"{base}/odoo/ops-meetings/{self.id}" if attendee.user_id else "",
                    "private": True,
                }
                for attendee in group
            ]
        self.env["ops.notice"]._queue("ops_handbook.ops_meeting_mail_minutes", mails)

    def _log_note(self, text):
        """Append a note to the log of these meetings."""
        self.env["ops.form.transition"]._log(self, {meeting.id: meeting.state for meeting in self}, None, text)

    # -- windows ----------------------------------------------------------------------------------------------------------

    def action_open_resolutions(self):
        """Open what these meetings decided."""
        action = self.env["ir.actions.act_window"]._for_xml_id("ops_handbook.ops_resolution_action")
        return {**action, "domain": [("meeting_id", "in", self.ids)], "context": {"create": False}}

    def action_open_minutes(self):
        """Open the versions of the minutes that went out."""
        action = self.env["ir.actions.act_window"]._for_xml_id("ops_handbook.ops_meeting_minutes_action")
        return {**action, "domain": [("meeting_id", "in", self.ids)]}

    def action_open_answers(self):
        """Open what the attendees answered."""
        action = self.env["ir.actions.act_window"]._for_xml_id("ops_handbook.ops_meeting_answer_action")
        return {**action, "domain": [("meeting_id", "in", self.ids)]}
