"""The models of the rights matrix, each with its records in every situation and state."""

from datetime import timedelta

from ..tools import clock
from .rights import Subject

SUBJECTS = {}


def subject(cls):
    """Register a subject under the name of its model."""
    SUBJECTS[cls.model] = cls
    return cls


class CompanySubject(Subject):
    """Something that belongs to a company and to nobody in it."""

    situations = ("company", "other_company")

    def company(self, situation, role):
        foreign = (situation == "other_company") != (role == "outsider")
        return self.case.foreign if foreign else self.case.company

    def person(self, situation, role):
        return self.company(situation, role)

    def key(self, situation, state, role):
        return (state, self.company(situation, role).id)


@subject
class Substitution(Subject):
    model = "ops.substitution"
    situations = ("own", "own_department", "below", "other_department", "other_company", "substitute")
    values_to_write = {"reason": "Holiday"}

    def person(self, situation, role):
        if situation == "substitute":  # whoever calls stands in for somebody whom they do not lead
            return super().person("other_department", role)
        return super().person(situation, role)

    def key(self, situation, state, role):
        return (situation, role)

    def new_values(self, situation, role, days=20):
        person, substitute = self.person(situation, role), self.case.third_head
        if situation == "substitute":
            substitute = self.case.people[role]
        elif person.company_id == self.case.foreign:
            substitute = self.case.outsider if person == self.case.foreigner else self.case.foreigner
        day = clock.now().date() + timedelta(days=days)
        return {
            "user_id": person.id, "substitute_id": substitute.id,
            "date_from": str(day), "date_to": str(day + timedelta(days=3)),
        }

    def record(self, situation, state, role):
        return self.env["ops.substitution"].create(self.new_values(situation, role, days=10))


@subject
class CalendarDay(CompanySubject):
    model = "ops.calendar.day"
    values_to_write = {"name": "Make-up day"}

    def new_values(self, situation, role, day="2031-05-03"):
        return {"company_id": self.company(situation, role).id, "date": day, "kind": "work", "name": "Make-up day"}

    def record(self, situation, state, role):
        return self.env["ops.calendar.day"].create(self.new_values(situation, role, "2031-05-10"))


@subject
class FormNumber(CompanySubject):
    model = "ops.form.number"
    situations = ("company",)
    values_to_write = {"prefix": "XX"}

    def new_values(self, situation, role):
        return {"name": "Another", "model": "res.partner", "prefix": "AN"}

    def record(self, situation, state, role):
        return self.env["ops.form.number"].create({"name": "Test", "model": "res.partner.test", "prefix": "TE"})
