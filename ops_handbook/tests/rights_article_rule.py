"""The rights matrix of changes of standards, which are lines of a version of the handbook."""

from .rights_handbook import OfHandbook
from .rights_subjects import subject


@subject
class ArticleRule(OfHandbook):
    """On a version of somebody who is nobody among the roles, in each of its stages."""

    model = "ops.article.rule"
    states = ("draft", "submitted", "published")
    stages = states
    guard_role = "operations"
    values_to_write = {"due_day": 19}

    def standard(self, situation, role, code):
        return self.env["ops.standard"].sudo().create({
            "code": code, "name": "A rule", "verb": "Do it", "trigger": "monthly", "due_day": 23,
            "company_id": self.company(situation, role).id,
        })

    def new_values(self, situation, role):
        version = self.version(situation, "draft", role)
        return {"version_id": version.id, "standard_id": self.standard(situation, role, "Z21").id, "due_day": 20}

    def record(self, situation, state, role):
        version = self.version(situation, "draft", role)
        line = self.env["ops.article.rule"].sudo().create({
            "version_id": version.id, "standard_id": self.standard(situation, role, "Z20").id, "due_day": 20,
        })
        for step in {"draft": (), "submitted": ("submitted",), "published": ("submitted", "published")}[state]:
            version._transition(step, "Because")
        return line
