"""The rights matrix of minutes, answers and resolutions."""

from datetime import timedelta

from odoo.fields import Command

from ..tools import clock
from .rights import Subject, month_planned
from .rights_subjects import CompanySubject, subject


class OfMeeting(Subject):
    """``attendee``, ``organiser``, ``recorder``: what the person is on a meeting of others; ``stranger``: nobody of the roles
    takes part, the meeting is that of a department which none of them leads."""

    situations = ("attendee", "organiser", "recorder", "stranger")

    def person(self, situation, role):
        if situation == "stranger" or role == "portal":
            return self.case.third_head
        return self.case.people[role]

    def key(self, situation, state, role):
        return (situation, state, self.person(situation, role).id)

    def meeting(self, situation, role):
        """Return a meeting that was held, everybody present."""
        person, other, now = self.person(situation, role), self.case.third_head, clock.now()
        meeting = self.env["ops.meeting"].with_user(other).create({
            "name": "Press line", "company_id": self.case.company.id, "department_id": self.case.third_department.id,
            "organiser_id": other.id, "date_start": now - timedelta(hours=3), "date_stop": now - timedelta(hours=2),
            "agenda_ids": [Command.create({"name": "Oil leak"})],
            "attendee_ids": [Command.create({"user_id": user.id}) for user in person | other]
            if situation == "attendee" else [Command.create({"user_id": other.id})],
        }).with_user(self.env.user).sudo()
        if situation in ("organiser", "recorder"):
            meeting[f"{situation}_id"] = person
        meeting.action_hold()
        meeting.attendee_ids.presence = "present"
        return meeting

    def resolution(self, meeting, owner, **values):
        return self.env["ops.resolution"].create({
            "meeting_id": meeting.id, "name": "Buy a seal", "owner_id": owner.id,
            "date_due": clock.today("Asia/Shanghai") + timedelta(days=9), **values,
        })


@subject
class MeetingMinutes(OfMeeting):
    model = "ops.meeting.minutes"
    values_to_write = {"reason": "Forged"}
    harmless = ("action_print",)

    def new_values(self, situation, role):
        return {"meeting_id": self.meeting(situation, role).id, "version": 1}

    def record(self, situation, state, role):
        meeting = self.meeting(situation, role)
        meeting.action_distribute()
        return meeting.minutes_ids


@subject
class MeetingAnswer(OfMeeting):
    """Somebody else's objection, which waits for a decision; ``own``: the person's own."""

    model = "ops.meeting.answer"
    situations = (*OfMeeting.situations, "own")
    values_to_write = {"remark": "Forged"}

    def record(self, situation, state, role):
        meeting = self.meeting("attendee" if situation == "own" else situation, role)
        meeting.action_distribute()
        objects = self.person(situation, role) if situation == "own" else self.case.third_head
        meeting.with_user(objects).action_object("It was not oil")
        return meeting.answer_ids

    def new_values(self, situation, role):
        answer = self.record(situation, "-", role)
        return {
            "minutes_id": answer.minutes_id.id, "meeting_id": answer.meeting_id.id, "attendee_id": answer.attendee_id.id,
            "answer": "confirmed", "date": "2026-01-01 00:00:00",
        }


@subject
class MeetingLink(CompanySubject):
    model = "ops.meeting.link"
    situations = ("company",)
    values_to_write = {"token_hash": "forged"}

    def record(self, situation, state, role):
        meeting = OfMeeting(self.case).meeting("stranger", role)
        meeting.action_distribute()
        return self.env["ops.meeting.link"].search([("minutes_id", "=", meeting.minutes_ids.id)], limit=1)

    def new_values(self, situation, role):
        link = self.record(situation, "-", role)
        return {"minutes_id": link.minutes_id.id, "attendee_id": link.attendee_id.id, "token_hash": "x"}


@subject
class Resolution(OfMeeting):
    """``owner``: the person carries it out. State ``noted``: in minutes that are still being written."""

    model = "ops.resolution"
    situations = (*OfMeeting.situations, "owner")
    states = ("open", "done", "accepted", "cancelled", "noted")
    stages = ("noted",)
    values_to_write = {"name": "Two seals"}
    arguments = {
        "action_done": ["Bought"],
        "action_hand_over": lambda self, _record, _role: [self.case.employee_of(self.case.liaison).user_id.id, "On leave"],
        "action_make_task": month_planned,
    }

    def record(self, situation, state, role):
        if situation == "planned":  # a line that the person may write
            situation, state = "recorder", "noted"
        meeting = self.meeting("stranger" if situation == "owner" else situation, role)
        owner = self.person(situation, role) if situation == "owner" else self.case.third_head
        item = self.resolution(meeting, owner)
        if state != "noted":
            meeting.action_distribute()
        for following in {"done": ["done"], "accepted": ["done", "accepted"], "cancelled": ["cancelled"]}.get(state, []):
            item._transition(following, "Because")
        return item

    def new_values(self, situation, role):
        meeting = self.meeting("stranger" if situation == "owner" else situation, role)
        return {
            "meeting_id": meeting.id, "name": "Grease", "owner_id": self.case.third_head.id, "date_due": "2031-01-11",
        }
