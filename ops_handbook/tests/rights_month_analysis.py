"""The rights matrix of operations' analysis of a month: they write it, heads and offices read what is published."""

from .rights_month_plan import OfMonthPlan
from .rights_subjects import CompanySubject, subject

MONTH, ANOTHER = "2026-09", "2026-10"


class OfMonthAnalysis(OfMonthPlan):
    guard_role = "operations"
    situations = ("company", "other_company")
    states = ("draft", "published", "cancelled")
    company = CompanySubject.company
    person = CompanySubject.person
    key = CompanySubject.key

    def analysis(self, situation, state, role):
        company = self.company(situation, role)
        department = self.case.foreign_department if company == self.case.foreign else self.case.third_department
        self.plan(department, "issued", MONTH)
        analysis = self.env["ops.month.analysis"].sudo().create({
            "company_id": company.id, "period": MONTH, "body": "<p>All well.</p>",
        })
        if state != "draft":
            analysis._transition(state, "Because")
        return analysis


@subject
class MonthAnalysis(OfMonthAnalysis):
    model = "ops.month.analysis"
    states_of = {"other_company": ("published",)}
    values_to_write = {"body": "<p>Not so well.</p>"}
    harmless = ("action_accept", "action_close", "action_return")

    def new_values(self, situation, role):
        return {"company_id": self.company(situation, role).id, "period": ANOTHER}

    def record(self, situation, state, role):
        return self.analysis(situation, state, role)


@subject
class MonthAnalysisLine(OfMonthAnalysis):
    """Lines are compiled; operations write a remark beside them."""

    model = "ops.month.analysis.line"
    states = ("draft", "published")
    states_of = {"other_company": ("published",)}
    values_to_write = {"remark": "Well done"}

    def new_values(self, situation, role):
        analysis = self.env["ops.month.analysis"].sudo().search([
            ("company_id", "=", self.company(situation, role).id), ("period", "=", MONTH),
        ], limit=1)
        return {"analysis_id": analysis.id}

    def record(self, situation, state, role):
        return self.analysis(situation, state, role).line_ids[:1]
