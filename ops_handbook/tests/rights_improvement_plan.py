"""The rights matrix of improvement plans and their measures."""

from odoo import Command

from ..tools import token
from .rights import month_planned
from .rights_month_plan import OfMonthPlan
from .rights_subjects import subject

STEPS = {
    "draft": (), "submitted": ("submitted",), "returned": ("submitted", "returned"), "accepted": ("submitted", "accepted"),
    "closed": ("submitted", "accepted", "closed"), "cancelled": ("cancelled",),
}
MEASURE_STEPS = {"open": (), "done": ("done",), "accepted": ("done", "accepted"), "cancelled": ("cancelled",)}


class OfImprovement(OfMonthPlan):
    """An improvement plan as the machinery makes it, with one measure, in the state that is wanted."""

    def department(self, situation, role):
        if situation == "led":
            return self.case.department if role == "head" else None
        return super().department(situation, role)

    def owner(self, situation, role):
        """Return who carries the measure out."""
        if situation == "owner":
            return self.case.people[role]
        department = self.department(situation, role)
        return self.case.newcomer if situation == "led" else department.manager_id.user_id or self.case.foreigner

    def improvement(self, situation, state, role):
        """Return the improvement plan of a department in ``state``; from the acceptance on its measure is carried out."""
        department = self.department(situation, role)
        plans = self.env["ops.improvement.plan"].sudo()
        if found := plans.search([("department_id", "=", department.id)], limit=1):
            return found
        report = self.env["ops.completion.report"].sudo().create({"month_plan_id": self.plan(department, "issued").id})
        token.marked(report.line_ids).write({"cause_kind": "skill", "cause_ruled": "subjective", "is_final": True})
        token.marked(report).write({"state": "final"})
        report._after_final()
        plan = report.improvement_ids
        plan.write({"root_cause": "A worn broom", "measure_ids": [Command.create({
            "name": "New broom", "owner_id": self.owner(situation, role).id, "date_due": "2031-06-10", "needs_acceptance": True,
        })]})
        for step in STEPS[state]:
            if step == "accepted":
                plan.measure_ids._transition("done")
                plan.measure_ids._transition("accepted")
            plan._transition(step, "Because")
        return plan


@subject
class ImprovementPlan(OfImprovement):
    """``company``: of operations; ``led``: of the department that the role leads; ``owner``: they carry a measure out."""

    model = "ops.improvement.plan"
    situations = ("company", "led", "owner", "other_department", "other_company")
    states = tuple(STEPS)
    states_of = {"other_company": ("draft", "submitted")}
    values_to_write = {"root_cause": "No broom at all"}
    arguments = {"action_close": ["It is clean"]}

    def new_values(self, situation, role):
        department = self.department(situation, role)
        report = self.env["ops.completion.report"].sudo().search([("department_id", "=", department.id)], limit=1)
        return {"completion_id": report.id}

    def record(self, situation, state, role):
        return self.improvement(situation, state, role)


@subject
class ImprovementMeasure(OfImprovement):
    """``planned``: on a plan that the role is writing; ``owner``: they carry it out; ``led``: somebody of their department
    carries it out; else it stands on the plan of somebody else."""

    model = "ops.improvement.measure"
    situations = ("company", "planned", "owner", "led", "other_department", "other_company")
    states = tuple(MEASURE_STEPS)
    states_of = {"planned": ("open",), "other_company": ("open",)}
    values_to_write = {"name": "Two brooms"}
    arguments = {
        "action_done": ["Swept"],
        "action_hand_over": lambda self, record, _role: [self.successor(record.sudo()).id, "On leave"],
        "action_make_task": month_planned,
    }

    def successor(self, measure):
        """Return somebody else of the measure's company."""
        return self.case.foreigner if measure.company_id == self.case.foreign else self.case.colleague

    def new_values(self, situation, role):
        plan = self.improvement(situation, "draft" if situation == "planned" else "submitted", role)
        return {"plan_id": plan.id, "name": "Mop", "owner_id": self.owner(situation, role).id, "date_due": "2031-06-11"}

    def record(self, situation, state, role):
        measure = self.improvement(situation, "draft" if situation == "planned" else "submitted", role).measure_ids
        for step in MEASURE_STEPS[state]:
            measure._transition(step, "Because")
        return measure
