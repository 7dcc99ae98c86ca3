from hashlib import sha256
from secrets import token_urlsafe

from odoo import api, fields, models


class OpsMeetingLink(models.Model):
    """The private link by which one attendee answers one version of the minutes; only its hash is here, nobody reads it."""

    _name = "ops.meeting.link"
    _description = "Private Link to Answer Minutes"
    _rec_name = "minutes_id"
    _log_access = False

    minutes_id = fields.Many2one("ops.meeting.minutes", required=True, readonly=True, index=True, ondelete="cascade")
    attendee_id = fields.Many2one("ops.meeting.attendee", required=True, readonly=True, index=True, ondelete="cascade")
    token_hash = fields.Char(required=True, readonly=True)

    _token_unique = models.UniqueIndex("(token_hash)")

    @api.model
    def _hash(self, private):
        return sha256((private or "").encode()).hexdigest()

    @api.model
    def _make(self, minutes, attendees):
        """Return a new address for each of ``attendees``: dict id → path; nobody can read one again."""
        tokens = {attendee.id: token_urlsafe(32) for attendee in attendees}
        # sudo: nobody has a right on the links
        self.sudo().create([
            {"minutes_id": minutes.id, "attendee_id": attendee_id, "token_hash": self._hash(private)}
            for attendee_id, private in tokens.items()
        ])
        return {attendee_id: f"/ops/minutes/{private}" for attendee_id, private in tokens.items()}

    @api.model
    def _by_token(self, private):
        """Return the link of a private token (sudo), empty when there is none. It is found by hash: time tells nothing."""
        links_sudo = self.sudo()  # sudo: whoever has the token is its attendee
        return links_sudo.search([("token_hash", "=", self._hash(private))], limit=1) if private else links_sudo.browse()

    def _page_values(self):
        """Return what the page behind the link tells: which meeting, when, which version, and what was answered."""
        self.ensure_one()
        meeting, minutes = self.minutes_id.meeting_id, self.minutes_id
        company = meeting.company_id
        start = meeting.actual_start or meeting.date_start
        return {
            "company": company.name,
            "meeting": meeting.name,
            "number": meeting.number,
            "date": self.env["ir.qweb.field.datetime"].value_to_html(
                start, {"tz_name": company._ops_tz(), "hide_seconds": True}
            ) if start else "",
            "version": minutes.version,
            "is_latest": minutes.is_latest,
            "is_open": minutes.is_latest and meeting.state == "distributed",
            "answer": self.attendee_id.answer if minutes.is_latest else "none",
            "remark": self.attendee_id.remark or "",
        }
