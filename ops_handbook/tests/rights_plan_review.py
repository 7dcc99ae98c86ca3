"""The rights matrix of review sheets, their criteria and the versions of annual plans.

``reviewer``: the person is asked for the sheet; ``led``: it is about the plan of a department that they lead; ``company``: of
another plan, by somebody else; ``own_department``: of the department in which they work; ``other_company``: of a company for
which they do not work. A plan in review, for versions a released one; the first criterion fails, with a comment.
"""

from ..tools import token
from .rights_plan import YEAR, OfPlan
from .rights_subjects import subject


class OfReview(OfPlan):
    situations = ("reviewer", "led", "company", "other_company")
    guard_role = "employee"

    def base(self, situation, role):
        """Return the plan in review, without any sheet (superuser)."""
        plan = self.env["ops.plan"].sudo().search([
            ("department_id", "=", self.department(situation, role).id), ("year", "=", YEAR),
        ])
        return plan or self.plan("company" if situation == "reviewer" else situation, "review", role)

    def sheet(self, situation, state, role):
        """Return the sheet (superuser) that stands to the role as ``situation`` says, asked for, in ``state``."""
        plan = self.base(situation, role)
        sheet = self.env["ops.plan.review"].sudo().create({
            "plan_id": plan.id, "reviewer_id": self.reviewer(situation, role, plan).id,
        })
        token.marked(sheet).write({"asked_by_id": self.case.gm_office.id})
        sheet.line_ids.write({"verdict": "pass"})
        sheet.line_ids[0].write({"verdict": "fail", "comment": "No such market"})
        if state != "draft":
            sheet._transition("cancelled" if state == "cancelled" else "submitted", "Because")
        return sheet

    def reviewer(self, situation, role, plan):
        if situation == "reviewer":
            return self.case.people[role]
        if plan.company_id == self.case.foreign:
            return self.case.foreign_reviewer
        return self.case.colleague


@subject
class PlanReview(OfReview):
    model = "ops.plan.review"
    states = ("draft", "submitted", "cancelled")
    values_to_write = {"line_ids": []}

    def new_values(self, situation, role):
        return {"plan_id": self.base(situation, role).id}

    def record(self, situation, state, role):
        return self.sheet(situation, state, role)


@subject
class PlanReviewLine(OfReview):
    """``draft``, ``submitted``: of a sheet that was not given yet, and of one that was."""

    model = "ops.plan.review.line"
    states = ("draft", "submitted")
    values_to_write = {"comment": "No market at all"}
    arguments = {"action_answer": ["adopted", "Said which"]}

    def new_values(self, situation, role):
        review = self.env["ops.plan.review"].sudo().search([("plan_id", "=", self.base(situation, role).id)], limit=1)
        return {"review_id": review.id, "criterion": "risks"}

    def record(self, situation, state, role):
        return self.sheet(situation, state, role).line_ids[0]


@subject
class PlanVersion(OfPlan):
    model = "ops.plan.version"
    situations = ("led", "own_department", "company", "other_company")
    values_to_write = {"reason": "Another one"}

    def new_values(self, situation, role):
        plan = self.env["ops.plan"].sudo().search([("department_id", "=", self.department(situation, role).id)], limit=1)
        return {"plan_id": plan.id, "version": 7}

    def record(self, situation, state, role):
        return self.plan(situation, "released", role).version_ids
