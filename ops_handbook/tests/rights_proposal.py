"""The rights matrix of proposals for the handbook."""

from .rights import Subject
from .rights_subjects import subject

PATHS = {
    "draft": (), "submitted": ("submitted",), "accepted": ("submitted", "accepted"), "declined": ("submitted", "declined"),
    "settled": ("submitted", "accepted", "settled"), "cancelled": ("cancelled",),
}


@subject
class ArticleProposal(Subject):
    """``own``: of the role, for an article of nobody; ``article_owner``: of somebody else, for an article that the role owns."""

    model = "ops.article.proposal"
    situations = ("own", "other_department", "of_operations", "article_owner", "other_company")
    states = tuple(PATHS)
    states_of = {
        "of_operations": ("draft", "submitted", "accepted"), "article_owner": ("draft", "submitted", "accepted", "settled"),
        "other_company": ("draft", "submitted"),
    }
    values_to_write = {"wanted": "Twice a week"}

    def person(self, situation, role):
        """Return who proposed it."""
        if situation == "article_owner":
            if role == "portal":
                return None
            return self.case.foreigner if role == "outsider" else self.case.newcomer
        if situation == "own" and role == "portal":
            return None
        return super().person(situation, role)

    def key(self, situation, state, role):
        owner = role if situation == "article_owner" else None
        return (situation, state, self.person(situation, role).id, owner)

    def article(self, situation, role):
        """Return the published article of the company in question."""
        company = self.person(situation, role).company_id
        owner = self.case.people[role] if situation == "article_owner" else self.env["res.users"]
        name = f"Filters of {owner.name or company.name}"
        if found := self.env["ops.article"].search([("name", "=", name)]):
            return found
        handbook = self.env["ops.handbook"].create({"name": f"Handbook of {company.name}", "company_id": company.id})
        article = self.env["ops.article"].create({"name": name, "handbook_id": handbook.id, "owner_id": owner.id})
        version = article.sudo()._revise()
        version.body = "<p>Monthly</p>"
        version._transition("submitted")
        version._transition("published")
        return article

    def new_values(self, situation, role):
        """Of somebody else: nobody proposes in another's name."""
        signed = {} if situation == "own" else {"author_id": self.person(situation, role).id}
        return {"article_id": self.article(situation, role).id, "wanted": "Weekly", **signed}

    def record(self, situation, state, role):
        proposal = self.env["ops.article.proposal"].sudo().create({
            **self.new_values(situation, role), "author_id": self.person(situation, role).id,
        })
        for step in PATHS[state]:
            values = {"version_id": proposal.article_id.sudo()._revise().id} if step == "accepted" else None
            proposal._transition(step, "Because", values=values)
        return proposal
