from odoo import models
from odoo.tools import format_datetime, groupby

from ...tools import clock
from ...tools.icalendar import Person, invitation

TEMPLATES = {
    "invitation": "ops_handbook.ops_meeting_mail_invitation",
    "update": "ops_handbook.ops_meeting_mail_update",
    "cancellation": "ops_handbook.ops_meeting_mail_cancellation",
}
STATUS = {"accepted": "ACCEPTED", "declined": "DECLINED", "tentative": "TENTATIVE"}


class OpsMeetingInvitation(models.Model):
    """The mails: in the receiver's language and time zone, each with a calendar file that mail clients understand."""

    _inherit = "ops.meeting.invitation"

    def _send(self, meeting):
        """Queue the mails of these items, all of one meeting."""
        users = self._users()
        rows = self._event_attendees(meeting)
        for kind, group in groupby(self, key=lambda item: item.kind):
            items = self.browse(item.id for item in group if item.partner_id.email)
            if not items:
                continue
            file = items._calendar_file(meeting, kind, rows)
            mails = [item._mail(meeting, users.get(item.partner_id), rows.get(item.partner_id), file) for item in items]
            queued = self.env["ops.notice"]._queue(TEMPLATES[kind], mails)
            if meeting.organiser_id.email:  # answers are the organiser's, as those of the mail programs
                queued.write({"reply_to": meeting.organiser_id.email_formatted})

    def _users(self):
        """Return who of those told can log in: dict partner → user."""
        found = self.env["res.users"].search([("partner_id", "in", self.partner_id.ids), ("share", "=", False)])
        return {user.partner_id: user for user in found}

    def _event_attendees(self, meeting):
        """Return the replies in the calendar: dict partner → ``calendar.attendee``."""
        return {row.partner_id: row for row in meeting.event_id.attendee_ids}

    def _calendar_file(self, meeting, kind, rows):
        """Return the attachment that all mails of this kind share; what is told to those taken out names them only."""
        required = {line.partner_id: line.is_required for line in meeting.attendee_ids}
        only_some = kind == "cancellation" and meeting.state != "cancelled"
        partners = self.partner_id if only_some else meeting.event_id.partner_ids
        content = invitation(
            "CANCEL" if kind == "cancellation" else "REQUEST",
            meeting._calendar_uid(), max(self.mapped("sequence")), meeting.date_start, meeting.date_stop, meeting.name,
            stamp=clock.now(),
            organiser=Person(meeting.organiser_id.name, meeting.organiser_id.email_normalized),
            attendees=[
                Person(
                    partner.name, partner.email_normalized,
                    STATUS.get(rows[partner].state, "NEEDS-ACTION") if partner in rows else "NEEDS-ACTION",
                    required.get(partner, True),
                )
                for partner in partners
            ],
            description=meeting._agenda_text(), location=meeting.location or meeting.videocall_url or "",
            url=meeting._own_url(),
        )
        return self.env["ir.attachment"].create({
            "name": "invite.ics", "raw": content, "mimetype": "text/calendar", "res_model": self._name, "res_id": self[:1].id,
        })

    def _mail(self, meeting, user, attendee, file):
        """Return one mail as ``ops.notice`` takes it; a link that needs a login is for those who have one."""
        partner = self.partner_id
        lang, tz = partner.lang or self.env.lang, partner.tz or meeting.company_id._ops_tz()
        base, agenda = meeting.get_base_url(), meeting._agenda_rows(bool(user))
        answer = not user and self.kind != "cancellation" and attendee
        links = {
            f"{name}_url": f"{base}/calendar/meeting/{name}?token={attendee.access_token}&id={meeting.event_id.id}"
            for name in ("accept", "decline")
        } if answer else {}
        return {
            "object": meeting, "user": user, "partner": partner, "company": meeting.company_id, "attachments": file,
            "summary": meeting.name,
            "when": format_datetime(self.env, meeting.date_start, tz=tz, lang_code=lang),
            "until": format_datetime(self.env, meeting.date_stop, tz=tz, lang_code=lang),
            "timezone": tz,
            "agenda": agenda,
            "has_material": any(row["files"] or row["file_count"] for row in agenda),
            "url": meeting._own_url() if user else None,
            "accept_url": links.get("accept_url"), "decline_url": links.get("decline_url"),
        }
