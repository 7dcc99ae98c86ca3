"""Meetings with minutes, for the tests of what follows a meeting."""

from ..tools import clock
from .common import OpsCommon

NOW = "2026-11-24 10:00"  # a Tuesday


class MinutesCase(OpsCommon):
    """A meeting that ``head`` organises and ``newcomer`` minutes; ``employee`` and ``liaison`` attend, a guest stays away."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.recorder = cls.newcomer
        cls.guest = cls.env["res.partner"].create({"name": "Guest", "email": "guest@test.example.com", "lang": "en_US"})
        cls.startClassPatcher(clock.frozen(cls.utc(NOW)))

    @classmethod
    def startClassPatcher(cls, context):
        context.__enter__()
        cls.addClassCleanup(context.__exit__, None, None, None)

    def meeting(self, people=None, resolutions=(), **values):
        """Return a meeting that was held yesterday; who attended is noted."""
        people = self.employee | self.liaison if people is None else people
        meeting = self.env["ops.meeting"].with_user(self.head).create({
            "name": "Press line", "company_id": self.company.id, "department_id": self.department.id,
            "recorder_id": self.recorder.id, "date_start": self.utc("2026-11-23 14:00"),
            "date_stop": self.utc("2026-11-23 15:00"),
            "attendee_ids": [(0, 0, {"user_id": user.id, "presence": "present"}) for user in people]
            + [(0, 0, {"partner_id": self.guest.id, "presence": "absent"})],
            "agenda_ids": [(0, 0, {"name": "Oil leak", "notes": "<p>It drips.</p>"})],
            **values,
        })
        meeting.action_hold()
        meeting.attendee_ids.filtered(lambda line: line.presence == "expected").presence = "present"
        for name, owner, day in resolutions:
            self.resolve(meeting, name, owner, day)
        return meeting

    def resolve(self, meeting, name="Buy a seal", owner=None, day="2026-11-30", **values):
        return self.env["ops.resolution"].with_user(self.recorder).create({
            "meeting_id": meeting.id, "name": name, "owner_id": (self.employee if owner is None else owner).id, "date_due": day, **values,
        })

    def distributed(self, *args, **values):
        meeting = self.meeting(*args, **values)
        meeting.with_user(self.recorder).action_distribute()
        return meeting

    def mails_to(self, partner):
        return self.env["mail.mail"].sudo().search([("recipient_ids", "in", partner.ids)], order="id")
