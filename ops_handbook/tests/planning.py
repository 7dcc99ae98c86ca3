"""The annual plan of the test company, in every state, for the tests of process 1."""

import re

from odoo import Command

from .common import OpsCommon

MONTHS = tuple(f"2027-{month:02}" for month in range(1, 13))


class PlanningCase(OpsCommon):
    """The cycle of 2027 of the test company (its branch takes part), being drafted; the clock stands at ``NOW``.

    Directions: ``growth``, ``efficiency``. Indicators: ``turnover`` (money, adds up), ``satisfaction`` (a level, %),
    ``scrap`` (a level, lower is better). No plan is there yet: ``_plan`` writes one with its five parts.
    """

    NOW = "2026-12-01 10:00"  # Tuesday

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.enterClassContext(cls.at(cls.NOW))
        # other companies of the database are no concern of these tests
        cls.env["res.company"].search([("id", "not in", (cls.company | cls.branch).ids)]).ops_started = False
        (cls.company | cls.branch).ops_start_date = "2026-11-01"
        cls.Obligation = cls.env["ops.obligation"].sudo()
        cls.cycle = cls._create_cycle()
        cls.growth, cls.efficiency = cls.cycle.direction_ids
        cls.turnover, cls.satisfaction, cls.scrap = cls.cycle.kpi_ids
        cls.cycle.sudo()._transition("drafting")

    @classmethod
    def _create_cycle(cls, year=2027, **values):
        """Return a cycle in preparation with two directions and three indicators."""
        cycle = cls.env["ops.cycle"].with_user(cls.gm_office).create({
            "year": year,
            "company_id": cls.company.id,
            "direction_ids": [
                Command.create({"sequence": 1, "name": "Growth"}),
                Command.create({"sequence": 2, "name": "Efficiency"}),
            ],
            **values,
        }).with_env(cls.env)
        growth, efficiency = cycle.direction_ids
        cls.env["ops.kpi"].create([
            {
                "cycle_id": cycle.id, "sequence": 1, "code": "TURN", "name": "Turnover", "direction_id": growth.id,
                "currency_id": cls.company.currency_id.id, "baseline": 1_000_000, "target": 1_200_000, "weight": 50,
                "is_additive": True, "department_id": cls.other_department.id,
            },
            {
                "cycle_id": cycle.id, "sequence": 2, "code": "SAT", "name": "Customer satisfaction", "unit": "%",
                "direction_id": growth.id, "digits": 1, "baseline": 90, "target": 95, "weight": 30, "is_additive": False,
                "department_id": cls.other_department.id,
            },
            {
                "cycle_id": cycle.id, "sequence": 3, "code": "SCRAP", "name": "Scrap", "unit": "%",
                "direction_id": efficiency.id, "digits": 1, "baseline": 4, "target": 2.5, "weight": 20,
                "better": "lower", "is_additive": False, "department_id": cls.department.id,
            },
        ])
        return cycle

    # -- plans, step by step ------------------------------------------------------------------------------------------

    @classmethod
    def _head_of(cls, department):
        """Return who writes the plan of ``department``; the test's departments all have a head."""
        return department.manager_id.user_id

    @classmethod
    def _plan(cls, department=None, user=None, cycle=None, **values):
        """Return the draft of a complete plan of ``department`` (default: the workshop), written by its head.

        Where the cycle has a draft of the department already that one is completed.
        """
        department, cycle = department or cls.department, cycle or cls.cycle
        user = user or cls._head_of(department)
        values = {**cls._parts(cycle, department, user), **values}
        found = cls.env["ops.plan"].search([
            ("cycle_id", "=", cycle.id), ("department_id", "=", department.id), ("state", "!=", "cancelled"),
        ]).with_user(user)
        if found:
            found.write(values)
            return found
        return found.create({
            "cycle_id": cycle.id, "department_id": department.id, "company_id": department.company_id.id, **values,
        })

    @classmethod
    def _parts(cls, cycle, department, owner):
        """Return the values of the five parts of a plan."""
        growth, efficiency = cycle.direction_ids[:2]
        turnover, satisfaction = cycle.kpi_ids[:2]
        year = cycle.year
        return {
            "summary": f"<p>What {department.name} sets out to do.</p>",
            "goal_ids": [
                Command.create({
                    "sequence": 1, "name": "Sell more", "direction_id": growth.id, "kpi_id": turnover.id, "target": 120_000,
                }),
                Command.create({
                    "sequence": 2, "name": "Content customers", "direction_id": growth.id, "kpi_id": satisfaction.id,
                    "target": 95,
                }),
                Command.create({"sequence": 3, "name": "Fewer detours", "direction_id": efficiency.id}),
            ],
            "initiative_ids": [
                Command.create({
                    "sequence": 1, "name": "New packaging line", "owner_id": owner.id, "date_start": f"{year}-01-11",
                    "date_end": f"{year}-06-30", "deliverable": "1,000 boxes an hour", "weight": 60,
                }),
                Command.create({
                    "sequence": 2, "name": "Call every customer", "owner_id": owner.id, "date_start": f"{year}-04-01",
                    "date_end": f"{year}-11-30", "deliverable": "A note of each call", "weight": 40,
                }),
            ],
            "resource_ids": [
                Command.create({"kind": "headcount", "name": "Fitter", "quantity": 2, "reason": "Second shift"}),
                Command.create({
                    "kind": "budget", "name": "Packaging line", "amount": 80_000, "date_needed": f"{year}-02-01",
                    "reason": "The old one is worn out",
                }),
            ],
            "milestone_ids": [
                Command.create({"name": "The line runs", "date": f"{year}-05-31", "owner_id": owner.id}),
            ],
            "risk_ids": [
                Command.create({
                    "name": "The supplier is late", "probability": "2", "impact": "3",
                    "contingency": "Rent a line for two months", "owner_id": owner.id,
                }),
            ],
        }

    @classmethod
    def _submitted(cls, plan=None, **values):
        """Return a plan that its head handed in."""
        plan = plan or cls._plan(**values)
        plan.action_submit()
        return plan

    @classmethod
    def _in_review(cls, plan=None, **values):
        """Return a plan that is being reviewed: by whoever began it, nobody else is asked for a sheet."""
        plan = plan or cls._plan(**values)
        if plan.state in ("draft", "returned"):
            cls._submitted(plan)
        plan.with_user(cls._office_of(plan)).action_start_review([])
        return plan

    @classmethod
    def _office_of(cls, plan):
        """Return who decides on a plan: the GM office; on its own the general manager."""
        return cls.gm if plan.sudo()._flow_deciding_office() == "general_manager" else cls.gm_office

    @classmethod
    def _final(cls, plan=None, **values):
        """Return a plan that is final; the GM office let everybody off who had not given a sheet."""
        plan = plan or cls._plan(**values)
        if plan.state != "review":
            cls._in_review(plan)
        plan.sudo().review_ids.filtered(lambda sheet: sheet.state == "draft")._transition("cancelled", "Not needed")
        plan.sudo()._transition("final")
        return plan

    @classmethod
    def _broken_down(cls, plan):
        """Break the goals and initiatives of a plan down to months: even parts, levels, and percent of the whole."""
        rows = []
        for goal in plan.sudo().goal_ids.filtered("kpi_id"):
            value = goal.target / 12 if goal.kpi_id.is_additive else goal.target
            rows += [{"goal_id": goal.id, "month": month, "value": value} for month in cls._months(plan)]
        for initiative in plan.sudo().initiative_ids:
            shares = [8] * 11 + [12]
            rows += [
                {"initiative_id": initiative.id, "month": month, "value": share}
                for month, share in zip(cls._months(plan), shares, strict=True)
            ]
        cls.env["ops.plan.target"].sudo().create([{"plan_id": plan.id, **row} for row in rows])
        return plan

    @classmethod
    def _months(cls, plan):
        return [f"{plan.sudo().year}{month[4:]}" for month in MONTHS]

    @classmethod
    def _released(cls, plan=None, **values):
        """Return a plan that was released with its breakdown."""
        plan = plan or cls._plan(**values)
        if plan.state != "final":
            cls._final(plan)
        cls._broken_down(plan)
        cls._step(plan, "action_release")
        return plan

    @classmethod
    def _step(cls, plan, action):
        """Take a step of the GM office by its button."""
        getattr(plan.with_user(cls._office_of(plan)), action)()

    # -- what the tests ask -------------------------------------------------------------------------------------------

    def _generate(self, local=None):
        """Let the engine ask for what falls due in the weeks after ``local``."""
        with self.at(local or self.NOW):
            self.Obligation._generate(self.company | self.branch)

    def _owed(self, code, *leaves):
        """Return the obligations of a standard in the company and its branch, those due first coming first."""
        companies = (self.company | self.branch).ids
        return self.Obligation.search(
            [("code", "=", code), ("company_id", "in", companies), *leaves], order="date_due, department_id, id"
        )

    def render(self, name, record, user=None, lang="en_US"):
        """Return a report as its reader gets it (default: the head), as HTML in one line."""
        reports = self.env["ir.actions.report"].with_user(user or self.head).with_context(lang=lang)
        html = reports._render_qweb_html(f"ops_handbook.{name}", record.ids)[0].decode()
        return re.sub(r"\s+", " ", html)

    def assertSays(self, html, *words):
        for text in words:
            self.assertIn(text, html)
