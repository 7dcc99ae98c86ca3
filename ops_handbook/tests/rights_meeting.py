"""The rights matrix of meetings, their lines, kinds and series."""

from datetime import timedelta

from odoo.fields import Command

from ..tools import clock
from .rights import Subject
from .rights_subjects import CompanySubject, subject

NAMED = ("recorder", "chair", "attendee")


class OfMeeting(Subject):
    """``own``: the person organises it; ``recorder``, ``chair``, ``attendee``: what they are on a meeting of a department
    that none of the roles leads, in the company (the outsider takes part across companies); ``stranger``: nobody of the
    roles takes part in that."""

    def person(self, situation, role):
        if situation == "stranger" or (role == "portal" and situation != "other_company"):
            return self.case.third_head
        return super().person(situation, role)

    def key(self, situation, state, role):
        named = situation in NAMED or situation == "own"
        return (situation, state, self.person(situation, role).id, role if named else None)

    def meeting(self, situation, state, role):
        """Return a meeting in ``state``, with one item and whoever the situation names."""
        person, third = self.person(situation, role), self.case.third_head
        organiser = third if situation in NAMED else person
        home, now = self.case.department_of(organiser), clock.now()
        ahead = timedelta(days=20) if state in ("draft", "called", "cancelled") else -timedelta(hours=3)
        other = self.case.foreigner if organiser.company_id == self.case.foreign else third
        invited = (other if organiser != other else self.env["res.users"]) | (
            person if situation == "attendee" else self.env["res.users"]
        )
        meeting = self.env["ops.meeting"].create({
            "name": "Press line", "company_id": home.company_id.id, "department_id": home.id,
            "author_id": organiser.id, "organiser_id": organiser.id,
            "date_start": now + ahead, "date_stop": now + ahead + timedelta(hours=1),
            "agenda_ids": [Command.create({"name": "Oil leak"})],
            "attendee_ids": [
                *(Command.create({"user_id": user.id}) for user in invited | organiser),
                Command.create({"partner_id": self.case.portal.partner_id.id}),
            ],
            **({f"{situation}_id": person.id} if situation in ("recorder", "chair") else {}),
        })
        steps = {
            "draft": (), "called": ("call",), "held": ("hold",), "distributed": ("hold", "distribute"),
            "closed": ("hold", "distribute", "close"), "cancelled": ("cancel",),
        }[state]
        for step in steps:
            getattr(meeting, f"action_{step}")(*(["Because"] if step == "cancel" else []))
            if step == "hold":
                meeting.attendee_ids.presence = "present"
        return meeting


@subject
class Meeting(OfMeeting):
    model = "ops.meeting"
    situations = (
        "own", "recorder", "chair", "attendee", "own_department", "below", "other_department", "other_company",
    )
    states = ("draft", "called", "held", "distributed", "closed", "cancelled")
    states_of = {
        **dict.fromkeys(NAMED, ("draft", "called", "held", "distributed")),
        "own_department": ("draft", "called", "held", "distributed"), "below": ("draft", "held"),
        "other_department": ("draft", "called", "held", "distributed"), "other_company": ("draft", "called", "distributed"),
    }
    values_to_write = {"name": "Press line, again"}
    harmless = ("action_write_minutes",)
    arguments = {
        "action_object": ["It was not oil"],
        "find_minutes_people": ["a"],
        "save_minutes_notes": lambda self, record, role: [record.agenda_ids[:1].id, "Said"],
        "save_minutes_presence": lambda self, record, role: [record.attendee_ids[:1].id, "absent"],
        "save_minutes_resolution": lambda self, record, role: ["Buy a seal"],
    }

    def new_values(self, situation, role):
        organiser = self.case.third_head if situation in NAMED else self.person(situation, role)
        home = self.case.department_of(organiser)
        return {"name": "Another", "company_id": home.company_id.id, "department_id": home.id}

    def record(self, situation, state, role):
        return self.meeting(situation, state, role)


class LineOfMeeting(OfMeeting):
    situations = ("own", "recorder", "chair", "attendee", "stranger", "other_company")
    states = ("open", "locked")

    def form(self, situation, state, role):
        # those of the guards: a line of a locked meeting of the person, and one of an open meeting
        state = {"owner": "locked", "planned": "open"}.get(situation, state)
        situation = "own" if situation in ("owner", "planned") else situation
        return self.meeting(situation, "called" if state == "open" else "distributed", role)


@subject
class MeetingAgenda(LineOfMeeting):
    model = "ops.meeting.agenda"
    values_to_write = {"name": "Another topic"}

    def new_values(self, situation, role):
        return {"meeting_id": self.form(situation, "open", role).id, "name": "Slipped in"}

    def record(self, situation, state, role):
        return self.form(situation, state, role).agenda_ids[:1]


@subject
class MeetingAttendee(LineOfMeeting):
    model = "ops.meeting.attendee"
    values_to_write = {"presence": "absent"}

    def new_values(self, situation, role):
        return {"meeting_id": self.form(situation, "open", role).id, "user_id": self.case.newcomer.id}

    def record(self, situation, state, role):
        lines = self.form(situation, state, role).attendee_ids
        return lines.filtered(lambda line: line.partner_id == self.case.portal.partner_id)


@subject
class MeetingSeries(OfMeeting):
    model = "ops.meeting.series"
    situations = ("own", "own_department", "other_department", "other_company")
    values_to_write = {"name": "Another"}

    def new_values(self, situation, role):
        home = self.case.department_of(self.person(situation, role))
        return {
            "name": "Weekly", "type_id": self.env.ref("ops_handbook.ops_meeting_type_weekly").id,
            "company_id": home.company_id.id, "department_id": home.id, "duration": 1.0,
        }

    def record(self, situation, state, role):
        return self.env["ops.meeting.series"].create({
            **self.new_values(situation, role), "organiser_id": self.person(situation, role).id,
        })


class SharedSubject(CompanySubject):
    situations = ("company",)


@subject
class MeetingType(SharedSubject):
    model = "ops.meeting.type"
    values_to_write = {"name": "Another"}

    def new_values(self, situation, role):
        return {"name": "Of our own"}

    def record(self, situation, state, role):
        return self.env["ops.meeting.type"].create(self.new_values(situation, role))


@subject
class MeetingTypeLine(SharedSubject):
    model = "ops.meeting.type.line"
    values_to_write = {"name": "Another"}

    def new_values(self, situation, role):
        return {"name": "Topic", "type_id": self.env.ref("ops_handbook.ops_meeting_type_general").id}

    def record(self, situation, state, role):
        return self.env["ops.meeting.type.line"].create(self.new_values(situation, role))


@subject
class MeetingInvitation(SharedSubject):
    model = "ops.meeting.invitation"
    values_to_write = {"sequence": 7}

    def new_values(self, situation, role):
        meeting = OfMeeting(self.case).meeting("stranger", "draft", role)
        return {"meeting_id": meeting.id, "partner_id": self.case.third_head.partner_id.id, "kind": "update", "sequence": 1}

    def record(self, situation, state, role):
        return self.env["ops.meeting.invitation"].create(self.new_values(situation, role))
