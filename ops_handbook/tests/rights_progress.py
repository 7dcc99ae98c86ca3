"""The rights matrix of progress reports and of the analyses of the GM office.

Reports: ``led``: of a department that the person leads; ``company``: of another department of their company;
``of_gm_office``: of the GM office itself; ``other_company``: of a company for which they do not work.
"""

from .rights_plan import YEAR, OfPlan
from .rights_subjects import CompanySubject, subject

PATHS = {
    "draft": (), "submitted": ("submitted",), "returned": ("submitted", "returned"), "accepted": ("submitted", "accepted"),
    "closed": ("submitted", "accepted", "closed"), "cancelled": ("cancelled",),
}


class OfReport(OfPlan):
    """A report on a released plan, complete, in the state that is wanted."""

    def report(self, situation, state, role):
        plan = self.plan(situation, "released", role)
        report = self.env["ops.progress.report"].sudo().create({"plan_id": plan.id, "period": f"{YEAR}-03"})
        report.line_ids.write({"actual": 100})
        for step in PATHS[state]:
            report._transition(step, "Because")
        return report


@subject
class ProgressReport(OfReport):
    model = "ops.progress.report"
    situations = ("led", "company", "of_gm_office", "other_company")
    states = tuple(PATHS)
    states_of = {"of_gm_office": ("submitted",), "other_company": ("draft", "submitted")}
    values_to_write = {"summary": "All well"}

    def new_values(self, situation, role):
        plan = self.plan(situation, "released", role, YEAR - 1)
        return {"plan_id": plan.id, "period": f"{YEAR - 1}-03"}

    def record(self, situation, state, role):
        return self.report(situation, state, role)


@subject
class ProgressReportLine(OfReport):
    """Lines are made and taken out by the machinery alone."""

    model = "ops.progress.report.line"
    situations = ("led", "company", "other_company")
    states = ("draft", "submitted")
    states_of = {"other_company": ("submitted",)}
    values_to_write = {"cause": "The supplier is late"}

    def new_values(self, situation, role):
        plan = self.env["ops.plan"].sudo().search([
            ("department_id", "=", self.department(situation, role).id), ("year", "=", YEAR),
        ], limit=1)
        return {"report_id": plan.report_ids[:1].id, "goal_id": plan.goal_ids[:1].id}

    def record(self, situation, state, role):
        return self.report(situation, state, role).line_ids


class OfAnalysis(OfReport, CompanySubject):
    """The analysis of a month over all departments of a company."""

    guard_role = "gm_office"
    situations = ("company", "other_company")
    states = ("draft", "published", "cancelled")
    states_of = {"other_company": ("published",)}

    def department(self, situation, role):
        return self.case.foreign_second if self.company(situation, role) == self.case.foreign else self.case.third_department

    def person(self, situation, role):
        return self.company(situation, role)

    def key(self, situation, state, role):
        return CompanySubject.key(self, situation, state, role)

    def analysis(self, situation, state, role):
        report = self.report(situation, "submitted", role)
        analysis = self.env["ops.progress.analysis"].sudo().create({
            "cycle_id": report.cycle_id.id, "period": f"{YEAR}-03", "body": "<p>All well.</p>",
        })
        if state != "draft":
            analysis._transition(state, "Because")
        return analysis


@subject
class ProgressAnalysis(OfAnalysis):
    model = "ops.progress.analysis"
    values_to_write = {"body": "<p>Not so well.</p>"}
    harmless = ("action_accept", "action_close")

    def new_values(self, situation, role):
        return {"cycle_id": self.cycle(self.company(situation, role)).id, "period": f"{YEAR}-04"}

    def record(self, situation, state, role):
        return self.analysis(situation, state, role)


@subject
class ProgressAnalysisLine(OfAnalysis):
    """Lines are compiled; the GM office writes a remark beside them."""

    model = "ops.progress.analysis.line"
    states = ("draft", "published")
    values_to_write = {"remark": "Well done"}

    def new_values(self, situation, role):
        analysis = self.env["ops.progress.analysis"].sudo().search([
            ("company_id", "=", self.company(situation, role).id), ("period", "=", f"{YEAR}-03"),
        ], limit=1)
        return {"analysis_id": analysis.id, "month": f"{YEAR}-03"}

    def record(self, situation, state, role):
        return self.analysis(situation, state, role).line_ids
