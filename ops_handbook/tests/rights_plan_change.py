"""The rights matrix of change requests and their lines.

The situations are those of the plan that shall change (see ``rights_plan``); the change is one that the general manager decides.
"""

from odoo import Command

from .rights_plan import YEAR, OfPlan
from .rights_subjects import subject

PATHS = {
    "draft": (), "submitted": ("submitted",), "returned": ("submitted", "returned"), "checked": ("submitted", "checked"),
    "approved": ("submitted", "checked", "approved"), "rejected": ("submitted", "rejected"),
    "cancelled": ("submitted", "cancelled"),
}


class OfPlanChange(OfPlan):
    """A request that gives a goal another name, written by whoever leads the department."""

    situations = ("led", "company", "of_gm_office", "other_company")

    def line(self, plan):
        goal = plan.goal_ids[:1]
        return {"target_model": "ops.plan.goal", "target_id": goal.id, "target_field": "name", "new_json": {"name": "Sell less"}}

    def released(self, situation, role):
        """Return the released plan, made when it is needed."""
        return self.env["ops.plan"].sudo().search([
            ("department_id", "=", self.department(situation, role).id), ("year", "=", YEAR),
        ]) or self.plan(situation, "released", role)

    def change(self, situation, state, role):
        plan = self.released(situation, role)
        change = self.env["ops.plan.change"].sudo().create({
            "plan_id": plan.id, "author_id": self.somebody(plan.department_id).id, "reason": "Customers left",
            "impact": "Turnover", "line_ids": [Command.create(self.line(plan))],
        })
        for step in PATHS.get(state, PATHS["submitted"]):
            change._transition(step, "Because")
        return change


@subject
class PlanChange(OfPlanChange):
    model = "ops.plan.change"
    states = tuple(PATHS)
    states_of = {"of_gm_office": ("submitted", "checked"), "other_company": ("draft", "submitted")}
    values_to_write = {"reason": "Another reason"}
    harmless = ("action_change_part", "action_add_part", "action_take_out_part")  # they open a window

    def new_values(self, situation, role):
        return {"plan_id": self.released(situation, role).id, "reason": "Customers left"}

    def record(self, situation, state, role):
        return self.change(situation, state, role)


@subject
class PlanChangeLine(OfPlanChange):
    model = "ops.plan.change.line"
    states = ("draft", "submitted")
    states_of = {"of_gm_office": ("submitted",), "other_company": ("submitted",)}
    values_to_write = {"new_json": {"name": "Sell nothing"}}
    harmless = ("action_edit",)

    def new_values(self, situation, role):
        change = self.change(situation, "draft", role)
        change.line_ids.unlink()
        return {"change_id": change.id, **self.line(change.plan_id)}

    def record(self, situation, state, role):
        return self.change(situation, state, role).line_ids
