"""The rights matrix of the annual cycle, its directions and key indicators.

``company``: the cycle of a company in which the person works; ``branch``: that of the company above the person's branch;
``other_company``: of another company.
"""

from odoo import Command

from ..tools import token
from .rights_subjects import CompanySubject, subject

PATHS = {
    "preparation": (), "drafting": ("drafting",), "review": ("drafting", "review"),
    "released": ("drafting", "review", "released"), "running": ("drafting", "review", "released", "running"),
    "closed": ("drafting", "review", "released", "running", "closed"), "cancelled": ("drafting", "cancelled"),
}
MEETING = {"preparation": "strategy_seminar", "drafting": "plan_review", "running": "quarterly_review",
           "closed": "quarterly_review"}
YEAR = 2024  # over, so that it can be closed


class OfCycle(CompanySubject):
    """A cycle with a direction, an indicator and a department, and the year before to copy from."""

    states = tuple(PATHS)

    def cycle(self, situation, role, state, year=YEAR):
        company = self.company(situation, role)
        department = self.case.foreign_second if company == self.case.foreign else self.case.third_department
        cycle = self.env["ops.cycle"].create({
            "year": year, "company_id": company.id, "department_ids": [Command.set(department.ids)],
            "direction_ids": [Command.create({"name": "Growth"})],
        })
        self.env["ops.kpi"].create({"cycle_id": cycle.id, "name": "Turnover", "direction_id": cycle.direction_ids.id})
        for step in PATHS.get(state, PATHS["running"]):  # whatever a test calls locked
            cycle._transition(step, "Because")
        return cycle


@subject
class Cycle(OfCycle):
    model = "ops.cycle"
    values_to_write = {"name": "Another year"}
    harmless = ("action_export_workbook", "action_import_workbook")  # they open a window, what is behind it asks again
    arguments = {
        "action_plan_meeting": lambda self, record, _role: [MEETING.get(record.state, "kick_off")],
        "action_remind_step": ["A2"],
    }

    def new_values(self, situation, role):
        return {"year": 2035, "company_id": self.company(situation, role).id}

    def record(self, situation, state, role):
        self.cycle(situation, role, "running", YEAR - 1)
        cycle = self.cycle(situation, role, state)
        if state == "review":
            plan = self.env["ops.plan"].create({
                "cycle_id": cycle.id, "department_id": cycle.department_ids.id, "company_id": cycle.company_id.id,
                "author_id": False,
            })
            token.marked(plan).write({"state": "final"})
        return cycle


class OfCycleLine(OfCycle):
    """A line of the cycle; told in the states of the cycle that make a difference."""

    states = ("preparation", "running")

    def record(self, situation, state, role):
        return self.cycle(situation, role, state)[self.field]

    def new_values(self, situation, role):
        return {"cycle_id": self.cycle(situation, role, "preparation", YEAR + 1).id, "name": "Another"}


@subject
class Direction(OfCycleLine):
    model = "ops.direction"
    field = "direction_ids"
    values_to_write = {"description": "Where we want to go"}


@subject
class Kpi(OfCycleLine):
    model = "ops.kpi"
    field = "kpi_ids"
    values_to_write = {"target": 7.0}
