"""The rights matrix of readings: who sees that somebody was asked to read, and who confirms it."""

from .rights import Subject
from .rights_subjects import subject


@subject
class Reading(Subject):
    """``own``: what the role itself is to read; the others: somebody of the departments that :data:`rights.RELATED` names."""

    model = "ops.article.reading"
    situations = ("own", "own_department", "below", "other_department", "other_company", "program")
    states = ("asked", "confirmed", "obsolete")
    states_of = dict.fromkeys(("own_department", "below", "other_department", "other_company", "program"), ("asked",))
    values_to_write = {"state": "confirmed"}

    def person(self, situation, role):
        if role == "portal" and situation == "own":
            return None
        return super().person(situation, role)

    def version(self):
        """Return a published text for everybody, of a handbook of all companies."""
        handbooks = self.env["ops.handbook"].sudo()
        handbook = handbooks.search([("name", "=", "Rights of Readers")]) or handbooks.create({"name": "Rights of Readers"})
        if not handbook.article_ids:
            article = handbook.article_ids.create({"name": "Everybody", "handbook_id": handbook.id})
            version = self.env["ops.article.version"].sudo().create({
                "article_id": article.id, "name": "Everybody", "body": "<p>Read this.</p>", "lang_id": handbook.lang_id.id,
            })
            version._transition("submitted")
            version._transition("published")
        return handbook.article_ids.version_ids

    def new_values(self, situation, role):
        return {"version_id": self.version().id, "reader_id": self.case.people["employee"].id}

    def record(self, situation, state, role):
        person = self.person(situation, role)
        reading = self.env["ops.article.reading"]._ask([(self.version().id, person.id)])
        if state == "confirmed":
            reading.with_user(person).action_confirm()
        if state == "obsolete":
            reading._retire([(reading.id, "scope")])
        return reading
