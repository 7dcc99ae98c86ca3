from odoo import api, fields, models


class OpsMeetingMinutes(models.Model):
    """Minutes as they were distributed: a correction is another version, and this one stays as it was."""

    _name = "ops.meeting.minutes"
    _description = "Minutes of a Meeting"
    _inherit = ["ops.version.mixin"]

    _version_of = "meeting_id"
    _version_content = {
        "name": None, "actual_start": None, "actual_stop": None, "location": None, "chair_id": None, "recorder_id": None,
        "attendee_ids": ("partner_id", "presence"),
        "agenda_ids": ("name", "presenter_id", "notes"),
        "summary": None,
        "resolution_ids": (
            "name", "owner_id", "department_id", "date_due", "acceptance_standard", "needs_acceptance", "agenda_id", "state",
        ),
    }

    meeting_id = fields.Many2one("ops.meeting", required=True, readonly=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="meeting_id.company_id", store=True, precompute=True, index=True)
    answer_ids = fields.One2many("ops.meeting.answer", "minutes_id", string="Answers of the Attendees", readonly=True)
    is_latest = fields.Boolean(string="In Force", compute="_compute_is_latest")

    _once = models.UniqueIndex("(meeting_id, version)")

    @api.depends("version", "meeting_id.minutes_ids")
    def _compute_is_latest(self):
        for minutes in self:
            minutes.is_latest = minutes.version == max(minutes.meeting_id.sudo().minutes_ids.mapped("version"), default=0)

    @api.model
    def _body_of(self, meeting):
        """Return how the minutes of ``meeting`` look: in the language and the time zone of its company.

        The same for everybody, because what is frozen is what everybody confirms.
        """
        company = meeting.company_id.sudo()
        languages = [code for code, _name in self.env["res.lang"].get_installed()]
        lang = company.partner_id.lang if company.partner_id.lang in languages else self.env.lang
        context = {"lang": lang, "tz": company._ops_tz()}
        meeting_sudo = meeting.sudo().with_context(**context)  # sudo: names of people and departments
        return self.env["ir.qweb"].with_context(**context).sudo()._render(
            "ops_handbook.ops_meeting_minutes_body", {"meeting": meeting_sudo, "lang": lang}
        )

    def action_print(self):
        """Print these versions (forms 10 and 11)."""
        return self.env.ref("ops_handbook.ops_meeting_minutes_report_action").report_action(self)
