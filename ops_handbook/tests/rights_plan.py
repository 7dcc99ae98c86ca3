"""The rights matrix of the annual plans and their five parts.

``led``: the plan of a department that the person leads; ``own_department``: of the department in which they work;
``company``: of another department of their company; ``reviewer``: which they review; ``owner``: in which they carry out an
initiative; ``of_gm_office``: of the GM office itself; ``other_company``: of a company for which they do not work.
"""

from odoo import Command

from .rights import Subject
from .rights_subjects import subject

PATHS = {
    "draft": (), "submitted": ("submitted",), "returned": ("submitted", "returned"), "review": ("submitted", "review"),
    "final": ("submitted", "review", "final"), "released": ("submitted", "review", "final", "released"),
    "closed": ("submitted", "review", "final", "released", "closed"), "cancelled": ("cancelled",),
}
YEAR = 2024  # over, so that its milestones can be reached
LEADS = {"head": "department", "operations": "ops_department", "gm_office": "gm_department", "outsider": "foreign_department"}


class OfPlan(Subject):
    """A plan with a line in each part, in the state that is wanted."""

    situations = ("led", "own_department", "company", "other_company")
    guard_role = "head"  # who takes part in the first situation

    def company(self, situation, role):
        foreign = (situation == "other_company") != (role == "outsider")
        return self.case.foreign if foreign else self.case.company

    def department(self, situation, role):
        """Return whose plan it is; None when the situation does not exist for that role."""
        case = self.case
        if situation == "led":
            return role in LEADS and getattr(case, LEADS[role]) or None
        if situation == "own_department":
            person = case.people[role]
            return None if role in LEADS or role == "portal" else case.department_of(person)
        if situation == "of_gm_office":
            return case.gm_department if role in ("operations", "gm_office", "general_manager", "administrator") else None
        if situation in ("reviewer", "owner") and role in ("portal", "outsider"):
            return None
        return case.foreign_second if self.company(situation, role) == case.foreign else case.third_department

    def person(self, situation, role):
        return self.department(situation, role) and self.case.people[role]

    def key(self, situation, state, role):
        department = self.department(situation, role)
        return (situation, state, department.id, role if situation in ("reviewer", "owner") else None)

    def cycle(self, company, year=YEAR):
        """Return the cycle of a company, made when it is needed."""
        cycles = self.env["ops.cycle"].sudo()
        found = cycles.search([("company_id", "=", company.id), ("year", "=", year)])
        return found or cycles.create({"company_id": company.id, "year": year})

    def line_values(self, year=YEAR):
        """Return the values of one line of each part."""
        return {
            "goal_ids": {"name": "Sell more"},
            "initiative_ids": {
                "name": "New line", "date_start": f"{year}-01-11", "date_end": f"{year}-06-30", "deliverable": "A line",
            },
            "resource_ids": {"name": "Line", "amount": 80_000},
            "milestone_ids": {"name": "The line runs", "date": f"{year}-05-31"},
            "risk_ids": {"name": "The supplier is late"},
        }

    def plan(self, situation, state, role, year=YEAR):
        """Return the plan (superuser) that stands to the role as ``situation`` says, in ``state``."""
        department, person = self.department(situation, role), self.case.people[role]
        lines = self.line_values(year)
        lines["initiative_ids"]["owner_id"] = (person if situation == "owner" else self.somebody(department)).id
        plan = self.env["ops.plan"].sudo().create({
            "cycle_id": self.cycle(department.company_id, year).id, "department_id": department.id,
            "author_id": self.somebody(department).id,
            **{name: [Command.create(values)] for name, values in lines.items()},
        })
        for step in PATHS.get(state, PATHS["released"]):
            plan._transition(step, "Because")
            if step == state == "final":
                plan.action_split()  # what is not broken down is not released
            if step == "review" and situation == "reviewer":
                self.env["ops.plan.review"].sudo().create({
                    "plan_id": plan.id, "reviewer_id": person.id, "author_id": person.id,
                    "company_id": plan.company_id.id, "department_id": plan.department_id.id,
                })
        return plan

    def somebody(self, department):
        """Return who leads a department, else somebody of its company."""
        other = self.case.foreigner if department.company_id == self.case.foreign else self.case.newcomer
        return department.manager_id.user_id or other


@subject
class Plan(OfPlan):
    model = "ops.plan"
    situations = ("led", "own_department", "company", "reviewer", "owner", "of_gm_office", "other_company")
    states = tuple(PATHS)
    states_of = {
        "own_department": ("draft", "review", "released", "closed"), "reviewer": ("review",),
        "owner": ("review", "released"), "of_gm_office": ("submitted", "final"), "other_company": ("draft", "released"),
    }
    values_to_write = {"summary": "<p>Another year</p>"}
    # they open a window, what is behind it asks again
    harmless = ("action_export_workbook", "action_import_workbook", "action_request_change", "action_write_review")
    arguments = {
        "action_start_review": lambda self, record, _role: [self.reviewers(record).ids],
        "action_ask_reviewers": lambda self, record, _role: [self.reviewers(record).ids],
        "save_breakdown": [[]],
        "action_hand_over_department": lambda self, record, _role: [self.successor(record).id, "Merged"],
    }

    def successor(self, plan):
        return self.case.spare_departments[plan.company_id]

    def reviewers(self, plan):
        return self.case.foreigner if plan.company_id == self.case.foreign else self.case.liaison

    def new_values(self, situation, role):
        department = self.department(situation, role)
        return {"cycle_id": self.cycle(department.company_id, YEAR + 1).id, "department_id": department.id}

    def record(self, situation, state, role):
        if situation == "led" and state in ("draft", "returned"):
            self.plan(situation, "draft", role, YEAR - 1)  # to copy from
        return self.plan(situation, state, role)


class OfPart(OfPlan):
    """A line of a plan: it is written as its plan is."""

    states = ("draft", "released")
    states_of = {"own_department": ("released",), "other_company": ("released",)}
    part = None  # the field of the plan

    def new_values(self, situation, role):
        plan = self.env["ops.plan"].sudo().search([
            ("department_id", "=", self.department(situation, role).id), ("year", "=", YEAR),
        ]) or self.plan(situation, self.states_of.get(situation, self.states)[0], role)
        return {"plan_id": plan.id, **self.line_values()[self.part]}

    def record(self, situation, state, role):
        return self.plan(situation, state, role)[self.part]


@subject
class Goal(OfPart):
    model, part = "ops.plan.goal", "goal_ids"
    values_to_write = {"name": "Sell less"}


@subject
class Initiative(OfPart):
    model, part = "ops.plan.initiative", "initiative_ids"
    values_to_write = {"name": "Old line"}


@subject
class Resource(OfPart):
    model, part = "ops.plan.resource", "resource_ids"
    values_to_write = {"name": "Two lines"}


@subject
class Milestone(OfPart):
    model, part = "ops.plan.milestone", "milestone_ids"
    states = ("draft", "released", "reached")
    stages = ("reached",)
    states_of = {"own_department": ("released",), "other_company": ("released",)}
    values_to_write = {"name": "The line stands"}

    def record(self, situation, state, role):
        milestones = super().record(situation, "released" if state == "reached" else state, role)
        if state == "reached":
            milestones.with_user(self.somebody(milestones.department_id)).sudo().action_reach(f"{YEAR}-05-30")
        return milestones


@subject
class Risk(OfPart):
    model, part = "ops.plan.risk", "risk_ids"
    values_to_write = {"name": "The supplier is early"}
