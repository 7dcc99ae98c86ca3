"""The rights matrix of collaborations, their parties, items and briefs.

In all situations but those that say otherwise, somebody who is nobody among the roles asked for the collaboration.
"""

from odoo import Command

from .rights import Subject, month_planned
from .rights_subjects import subject

PATHS = {
    "draft": (), "submitted": ("submitted",), "returned": ("submitted", "returned"), "filed": ("submitted", "filed"),
    "running": ("submitted", "filed", "running"), "done": ("submitted", "filed", "running", "done"),
    "closed": ("submitted", "filed", "running", "done", "closed"), "cancelled": ("submitted", "cancelled"),
}
PARTY_PATHS = {
    "asked": (), "accepted": ("accepted",), "declined": ("declined",), "required": ("declined", "required"),
    "released": ("declined", "released"),
}
LED = ("asked", "party", "drafted", "consenter", "side", "requester")  # situations of those who lead a department


class OfCollaboration(Subject):
    """What collaborations and what hangs on them need to come about."""

    def led_by(self, role):
        """Return the department that a role leads; None when it leads none."""
        return {
            "head": self.case.department, "operations": self.case.ops_department, "gm_office": self.case.gm_department,
            "outsider": self.case.foreign_department,
        }.get(role)

    def person(self, situation, role):
        if situation in LED and not self.led_by(role):
            return None
        if role == "portal" and situation not in ("company", "stranger", "other_company"):
            return None
        return super().person(situation, role)

    def third(self, person):
        """Return a department and a user of the person's company that have nothing to do with any role."""
        if person.company_id == self.case.foreign:
            return self.case.foreign_second, self.case.foreigner
        return self.case.third_department, self.case.third_head

    def other(self, person):
        """Return a second department of the person's company that nobody among the roles leads."""
        return self.case.quiet_departments[self.case.foreign if person.company_id == self.case.foreign else self.case.company]

    def request(self, person, state, *, author=None, lead=None, lead_department=None, party=None, liaison=None, registrar=None):
        """Return a collaboration in ``state``, of a company in which ``person`` works."""
        third, somebody = self.third(person)
        author = author or somebody
        home = self.case.department_of(author) if author != somebody else third
        quiet = self.other(person)
        if lead and not lead_department:
            lead_department = quiet
        request = self.env["ops.collaboration"].with_user(registrar or self.env.user).sudo().create({
            "name": "New line", "goal": "Faster", "deliverable_standard": "Twice", "date_expected": "2031-01-10",
            "author_id": author.id, "department_id": home.id, "company_id": home.company_id.id,
            "lead_department_id": (lead_department or quiet).id,
            "lead_id": (lead or somebody).id,
            "party_ids": [Command.create({"department_id": (party or quiet).id, "request": "Two people"})],
        }).with_user(self.env.user).sudo()
        for step in PATHS[state]:
            request._transition(step, "Because", {"rating": "4", "assessment": "Good"} if step == "closed" else None)
            if step == "submitted" and liaison:
                request.party_ids.liaison_id = liaison
        return request


@subject
class Collaboration(OfCollaboration):
    """``company``: operations registered it for a head; ``asked``: the person asked; ``party``: their department is asked;
    ``liaison``, ``lead``: the person is named so."""

    model = "ops.collaboration"
    situations = ("company", "asked", "party", "liaison", "lead", "of_operations", "other_company")
    states = tuple(PATHS)
    states_of = {
        "liaison": ("submitted", "filed", "running", "done", "closed"),
        "lead": ("submitted", "filed", "running", "done", "closed"),
    }
    values_to_write = {"name": "Another line"}
    harmless = ("action_write_brief",)
    arguments = {"action_close": ["4", "Good"]}

    def person(self, situation, role):
        if situation == "company":
            return self.case.outsider if role == "outsider" else self.case.operations
        return super().person(situation, role)

    def new_values(self, situation, role):
        person = self.person(situation, role)
        author = {"asked": person, "of_operations": person}.get(situation) or self.third(person)[1]
        home = self.led_by(role) if situation == "asked" else self.case.department_of(author)
        if situation == "company":
            author = self.case.outsider if role == "outsider" else self.case.third_head
            home = self.case.foreign_department if role == "outsider" else self.case.third_department
        return {
            "name": "Help", "department_id": home.id, "author_id": author.id, "company_id": home.company_id.id,
        }

    def record(self, situation, state, role):
        person = self.person(situation, role)
        if situation == "company":
            return self.request(person, state, registrar=person)
        if situation in ("asked", "of_operations", "other_company"):
            return self.request(person, state, author=person)
        if situation == "party":
            return self.request(person, state, party=self.led_by(role))
        return self.request(person, state, **{situation: person})


@subject
class CollaborationParty(OfCollaboration):
    """``drafted``: of a request that the person is writing; ``asked``: that they handed in; ``consenter``: they lead the
    department; ``liaison``: they are named; ``company``: none of this."""

    model = "ops.collaboration.party"
    situations = ("company", "drafted", "asked", "consenter", "liaison", "other_company")
    states = tuple(PARTY_PATHS)
    states_of = {"drafted": ("asked",)}
    values_to_write = {"request": "Four people"}
    arguments = {
        "action_name_liaison": lambda self, record, _role: [
            (self.case.foreigner if record.company_id == self.case.foreign else self.case.newcomer).id
        ],
    }

    def person(self, situation, role):
        if situation == "company":
            return self.case.outsider if role == "outsider" else self.case.operations
        return super().person(situation, role)

    def base(self, situation, role):
        person = self.person(situation, role)
        if situation == "drafted":
            return self.request(person, "draft", author=person)
        if situation in ("asked", "other_company"):
            return self.request(person, "submitted", author=person)
        if situation == "consenter":
            return self.request(person, "submitted", party=self.led_by(role))
        return self.request(person, "submitted", liaison=person if situation == "liaison" else None)

    def new_values(self, situation, role):
        request = self.base(situation, role)
        department = self.case.spare_departments[request.company_id]
        return {"collaboration_id": request.id, "department_id": department.id, "request": "A van"}

    def record(self, situation, state, role):
        party = self.base(situation, role).party_ids
        for step in PARTY_PATHS.get(state, ("accepted",)):
            party._transition(step, "Because")
        return party


@subject
class CollaborationItem(OfCollaboration):
    """``planned``: the person leads the collaboration; ``owner``: carries it out; ``liaison``: speaks for the side that does;
    ``side``: leads its department; ``requester``: asked for the collaboration; ``stranger``: none of this."""

    model = "ops.collaboration.item"
    situations = ("planned", "owner", "liaison", "side", "requester", "stranger", "other_company")
    states = ("open", "done", "accepted", "cancelled")
    values_to_write = {"name": "Two belts"}
    arguments = {
        "action_done": ["Here it is"],
        "action_hand_over": lambda self, record, _role: [
            self.new_owner(record).id, "On leave",
        ],
        "action_make_task": month_planned,
    }

    def new_owner(self, item):
        if item.company_id != self.case.foreign:
            return self.case.newcomer
        return self.case.outsider if item.owner_id == self.case.foreigner else self.case.foreigner

    def base(self, situation, role):
        """Return (running collaboration, values of an item of it)."""
        person = self.person(situation, role)
        owner, department = self.third(person)[1], self.other(person)
        if situation == "planned":
            request = self.request(person, "running", lead=person)
        elif situation == "liaison":
            request = self.request(person, "running", liaison=person)
        elif situation == "side":
            department = self.led_by(role)
            request = self.request(person, "running", party=department)
        elif situation in ("requester", "other_company"):
            request = self.request(person, "running", author=person)
        else:
            request = self.request(person, "running")
        if situation == "owner":
            owner = person
        return request, {
            "collaboration_id": request.id, "name": "A belt", "owner_id": owner.id, "date_due": "2031-01-11",
            "department_id": department.id, "needs_acceptance": True,
        }

    def person(self, situation, role):
        if situation == "stranger":
            return self.case.outsider if role == "outsider" else self.case.employee
        return super().person(situation, role)

    def new_values(self, situation, role):
        return self.base(situation, role)[1]

    def record(self, situation, state, role):
        item = self.env["ops.collaboration.item"].create(self.base(situation, role)[1])
        for step in {"done": ("done",), "accepted": ("done", "accepted"), "cancelled": ("cancelled",)}.get(state, ()):
            item._transition(step, "Because")
        return item


@subject
class CollaborationBrief(OfCollaboration):
    """``own``: the person leads and wrote it; ``side``: they lead the lead department; ``requester``: asked for the
    collaboration; ``stranger``: none of this."""

    model = "ops.collaboration.brief"
    situations = ("own", "side", "requester", "stranger", "other_company")
    states = ("draft", "returned", "filed", "cancelled")
    values_to_write = {"done": "Much more"}
    harmless = ("action_accept", "action_close")

    def person(self, situation, role):
        if situation == "stranger":
            return self.case.outsider if role == "outsider" else self.case.employee
        return super().person(situation, role)

    def base(self, situation, role):
        person = self.person(situation, role)
        if situation == "own":
            return self.request(person, "running", lead=person)
        if situation == "side":
            return self.request(person, "running", lead_department=self.led_by(role))
        return self.request(person, "running", author=person if situation in ("requester", "other_company") else None)

    def new_values(self, situation, role):
        return {"collaboration_id": self.base(situation, role).id, "done": "Much"}

    def record(self, situation, state, role):
        request = self.base(situation, role)
        brief = self.env["ops.collaboration.brief"].create({
            "collaboration_id": request.id, "done": "Much", "author_id": request.lead_id.id,
        })
        for step in {"filed": ("filed",), "returned": ("filed", "returned"), "cancelled": ("cancelled",)}.get(state, ()):
            brief._transition(step, "Because")
        return brief
