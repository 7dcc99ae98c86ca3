"""The rights matrix of breakdowns, actual figures and the rules that read them.

``led``: of a department that the person leads; ``own_department``: of the department in which they work; ``company``: of
another department of their company; ``other_company``: of a company for which they do not work.
"""

from odoo import Command

from ..tools import token
from .rights_plan import YEAR, OfPart, OfPlan
from .rights_subjects import CompanySubject, subject


@subject
class Target(OfPart):
    """A month of an initiative; the second initiative of the plan has none yet."""

    model, part = "ops.plan.target", "initiative_ids"
    states = ("draft", "submitted", "final", "released")
    values_to_write = {"value": 100}

    def new_values(self, situation, role):
        plan_id = super().new_values(situation, role)["plan_id"]
        free = self.env["ops.plan.initiative"].sudo().search([("plan_id", "=", plan_id)]).filtered(lambda line: not line.target_ids)
        return {"initiative_id": free[:1].id, "month": f"{YEAR}-02", "value": 100}

    def plan(self, situation, state, role, year=YEAR):
        plan = super().plan(situation, state, role, year)
        token.PLAN.on(plan).write({"initiative_ids": [Command.create({"name": "Without months"})]})
        return plan

    def record(self, situation, state, role):
        plan = self.plan(situation, state, role)
        initiative = plan.initiative_ids.filtered("date_start")
        token.PLAN.on(initiative.target_ids).unlink()
        return token.PLAN.on(self.env["ops.plan.target"].sudo()).create({
            "initiative_id": initiative.id, "month": f"{YEAR}-03", "value": 100,
        }).with_env(self.env)


@subject
class KpiValue(OfPlan):
    """A figure of an indicator that the department answers for."""

    model = "ops.kpi.value"
    situations = ("led", "company", "other_company")
    states = ("preparation", "running")
    states_of = {"other_company": ("running",)}
    values_to_write = {"value": 12}

    def new_values(self, situation, role):
        return self.values(situation, self.states_of.get(situation, self.states)[0], role, "02")

    def record(self, situation, state, role):
        return self.env["ops.kpi.value"].sudo().create(self.values(situation, state, role, "03"))

    def values(self, situation, state, role, month):
        department = self.department(situation, role)
        cycle, kpis = self.cycle(department.company_id), self.env["ops.kpi"].sudo()
        values = {"cycle_id": cycle.id, "name": "Scrap", "department_id": department.id}
        kpi = kpis.search([(name, "=", value) for name, value in values.items()]) or kpis.create(values)
        token.marked(cycle).write({"state": state})
        return {"kpi_id": kpi.id, "department_id": department.id, "month": f"{YEAR}-{month}", "value": 10}


@subject
class KpiSource(CompanySubject):
    model = "ops.kpi.source"
    values_to_write = {"name": "Another rule"}

    def new_values(self, situation, role, code="NEW"):
        return {
            "name": "Problems", "code": code, "company_id": self.company(situation, role).id, "model": "ops.problem",
            "date_field": "occurred_on",
        }

    def record(self, situation, state, role):
        return self.env["ops.kpi.source"].create(self.new_values(situation, role, "OLD"))


@subject
class KpiReport(KpiValue):
    """Targets and actual figures side by side: nobody writes them."""

    model = "ops.kpi.report"
    situations = ("led", "own_department", "company", "other_company")
    states_of = {"own_department": ("running",), "other_company": ("running",)}
    values_to_write = {"month": "2024-04"}

    def record(self, situation, state, role):
        value = super().record(situation, state, role)
        self.env.flush_all()
        return self.env["ops.kpi.report"].sudo().search([("kpi_id", "=", value.kpi_id.id), ("kind", "=", "actual")])
