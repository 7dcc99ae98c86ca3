"""Prints of form 11, and of the notice."""

from odoo.tests import tagged

from .minutes import MinutesCase


@tagged("post_install", "-at_install")
class TestMeetingPrint(MinutesCase):
    def render(self, name, record, user=None, lang="en_US"):
        reports = self.env["ir.actions.report"].with_user(user or self.employee).with_context(lang=lang)
        return reports._render_qweb_html(f"ops_handbook.{name}", record.ids)[0].decode()

    def test_minutes(self):
        meeting = self.meeting(resolutions=[("更换密封圈", self.employee, "2026-11-30")])
        draft = self.render("ops_meeting_report", meeting, self.recorder)
        self.assertIn("have not been distributed", draft)
        meeting.with_user(self.recorder).action_distribute()
        html = self.render("ops_meeting_report", meeting)
        for words in (meeting.number, "Meeting Minutes", "Form 11", "It drips.", "更换密封圈", "Signatures", "Guest", "11/30/2026"):
            self.assertIn(words, html)
        self.assertNotIn("have not been distributed", html)

    def test_an_older_version_stays_what_it_was(self):
        meeting = self.distributed(resolutions=[("Buy a seal", self.employee, "2026-11-30")])
        meeting.with_user(self.recorder).action_correct("Wrong date")
        meeting.resolution_ids.with_user(self.recorder).date_due = "2026-12-07"
        meeting.with_user(self.recorder).action_distribute()
        newest = meeting.minutes_ids.filtered("is_latest")
        old, new = (self.render("ops_meeting_minutes_report", version) for version in (meeting.minutes_ids - newest, newest))
        self.assertNotIn("12/07/2026", old)
        self.assertIn("Changed since the Version before", new)
        self.assertIn("Wrong date", new)

    def test_the_kick_off_of_the_year_has_minutes_like_any_meeting(self):
        """Form 10 is that of a collaboration's kick-off (test_ops_collaboration_notice)."""
        kind = self.env["ops.meeting.type"].search([("kind", "=", "kick_off")], limit=1)
        meeting = self.distributed(type_id=kind.id, resolutions=[("Buy a seal", self.liaison, "2026-11-30")])
        html = self.render("ops_meeting_report", meeting)
        for words in ("Meeting Minutes", "Form 11", "Buy a seal"):
            self.assertIn(words, html)
        for words in ("Kick-Off Minutes", "Form 10", "Division of Labour"):
            self.assertNotIn(words, html)

    def test_notice(self):
        html = self.render("ops_meeting_notice_report", self.meeting())
        for words in ("Notice of a Meeting", "Oil leak", "Liaison", "Organiser"):
            self.assertIn(words, html)
