"""The rights matrix of completion reports: compiled by the head, ruled on by operations, objected to by the head."""

from .rights_month_plan import OfMonthPlan
from .rights_subjects import subject

PATHS = {
    "draft": (), "submitted": ("submitted",), "returned": ("submitted", "returned"), "ruled": ("submitted", "ruled"),
    "objected": ("submitted", "ruled", "objected"), "final": ("submitted", "ruled", "final"), "cancelled": ("cancelled",),
}
MONTH, ANOTHER = "2031-07", "2031-08"


class OfCompletion(OfMonthPlan):
    """``led``: of the department that the role leads; ``company``: of another one; ``of_operations``: of operations themselves."""

    guard_role = "head"
    situations = ("led", "company", "of_operations", "other_company")

    def department(self, situation, role):
        if situation == "of_operations":
            return None if role in ("outsider", "portal") else self.case.ops_department
        if situation == "company":
            return None if role == "outsider" else self.case.third_department
        return super().department(situation, role)

    def report(self, department, state, month=MONTH):
        """Return the report of a department on one unfinished task, in ``state``; what the next step asks for is there."""
        plan = self.plan(department, "issued", month)
        report = self.env["ops.completion.report"].sudo().create({"month_plan_id": plan.id})
        report.line_ids.write({"cause_proposed": "objective", "cause_kind": "resource", "explanation": "No brooms"})
        for step in PATHS[state]:
            if step == "objected":
                report.action_object({report.line_ids.id: "Not so"})
                report.line_ids.action_rule("subjective", "It is so")
                continue
            report._transition(step, "Because")
            if step == "submitted":
                report.line_ids.action_rule_as_proposed()
        return report


@subject
class CompletionReport(OfCompletion):
    model = "ops.completion.report"
    states = tuple(PATHS)
    states_of = {"of_operations": ("submitted", "ruled"), "other_company": ("draft", "submitted")}
    values_to_write = {"summary": "Too little time"}
    arguments = {
        "action_object": lambda self, record, _role: [{str(record.sudo().line_ids[:1].id): "Not so"}],
    }

    def new_values(self, situation, role):
        return {"month_plan_id": self.plan(self.department(situation, role), "issued", ANOTHER).id}

    def record(self, situation, state, role):
        return self.report(self.department(situation, role), state)


@subject
class CompletionReportLine(OfCompletion):
    """Lines are made and taken out by the machinery alone."""

    model = "ops.completion.report.line"
    states = ("draft", "submitted", "objected", "final")
    states_of = {"of_operations": ("submitted",), "other_company": ("submitted",)}
    values_to_write = {"explanation": "No brooms at all"}
    arguments = {"action_rule": ["subjective", "They lay there"]}

    def new_values(self, situation, role):
        line = self.report(self.department(situation, role), "draft", ANOTHER).line_ids
        return {"report_id": line.report_id.id, "task_id": line.task_id.id}

    def record(self, situation, state, role):
        return self.report(self.department(situation, role), state).line_ids
