"""The rights matrix of the handbook's core: handbooks, articles, versions."""

from .rights_subjects import CompanySubject, subject

PATHS = {
    "draft": (), "submitted": ("submitted",), "returned": ("submitted", "returned"), "published": ("submitted", "published"),
    "superseded": ("submitted", "published"), "cancelled": ("cancelled",),
}
TEXT = "<p>By the 25th of each month.</p>"


class OfHandbook(CompanySubject):
    """``company``: for everybody; ``other_department``: for a department that is nobody's among the roles."""

    situations = ("company", "other_department", "other_company")

    def person(self, situation, role):
        if situation == "other_department":
            return None if role in ("outsider", "portal") else self.case.third_head
        return self.company(situation, role)

    def company(self, situation, role):
        return self.case.company if situation == "other_department" else super().company(situation, role)

    def key(self, situation, state, role):
        return (situation, state, self.company(situation, role).id)

    def handbook(self, situation, role):
        return self.env["ops.handbook"].sudo().create({
            "name": "Handbook", "company_id": self.company(situation, role).id,
            "department_ids": [(6, 0, self.case.third_department.ids if situation == "other_department" else [])],
        })

    def article(self, situation, role):
        return self.env["ops.article"].sudo().create({"name": "Breakdown", "handbook_id": self.handbook(situation, role).id})

    def version(self, situation, state, role, article=None):
        """Return a version that somebody who is nobody among the roles wrote, in ``state``."""
        article = article or self.article(situation, role)
        company = self.company(situation, role)
        author = self.case.foreigner if company == self.case.foreign else self.case.operations_colleague
        version = self.env["ops.article.version"].sudo().create({
            "article_id": article.id, "name": "Breakdown", "body": TEXT, "author_id": author.id,
            "company_id": company.id, "lang_id": self.env.ref("base.lang_en").id,
        })
        for step in PATHS[state]:
            version._transition(step, "Because")
        if state == "superseded":
            self.version(situation, "published", role, article)
        return version


@subject
class Handbook(OfHandbook):
    model = "ops.handbook"
    situations = ("company", "other_company")
    values_to_write = {"name": "Renamed"}

    def new_values(self, situation, role):
        return {"name": "Another", "company_id": self.company(situation, role).id}

    def record(self, situation, state, role):
        return self.handbook(situation, role)


@subject
class Article(OfHandbook):
    """A published article, and one that is not (``draft``)."""

    model = "ops.article"
    states = ("draft", "published")
    stages = ("draft", "published")
    states_of = {"other_department": ("published",), "other_company": ("published",)}
    values_to_write = {"sequence": 30}
    harmless = ("action_propose",)

    def new_values(self, situation, role):
        return {"name": "Another", "handbook_id": self.env["ops.handbook"].sudo().search(
            [("company_id", "=", self.company(situation, role).id), ("name", "=", "Handbook")], limit=1
        ).id}

    def record(self, situation, state, role):
        article = self.article(situation, role)
        if state == "published":
            self.version(situation, "published", role, article)
        return article


@subject
class ArticleVersion(OfHandbook):
    model = "ops.article.version"
    guard_role = "operations"
    states = tuple(PATHS)
    states_of = {"other_department": ("draft", "published"), "other_company": ("draft", "published")}
    values_to_write = {"reason": "Clearer"}
    harmless = ("action_close", "action_compare", "action_read")

    def new_values(self, situation, role):
        article = self.env["ops.article"].sudo().search(
            [("company_id", "=", self.company(situation, role).id), ("name", "=", "Breakdown")], limit=1
        )
        article = article or self.article(situation, role)
        chinese = self.env["res.lang"].with_context(active_test=False).search([("code", "=", "zh_CN")])
        return {"article_id": article.id, "name": "Breakdown", "body": TEXT, "lang_id": chinese.id}

    def record(self, situation, state, role):
        return self.version(situation, state, role)
