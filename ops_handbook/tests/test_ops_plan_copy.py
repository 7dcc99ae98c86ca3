"""Copying last year's plan forward, and entering a plan that is running already."""

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .planning import PlanningCase


@tagged("post_install", "-at_install")
class TestOpsPlanCopy(PlanningCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.last_cycle = cls._create_cycle(2026)
        cls.last_cycle.sudo()._transition("drafting")
        cls.last = cls._plan(cycle=cls.last_cycle)

    def _new(self):
        return self.env["ops.plan"].with_user(self.head).create({
            "cycle_id": self.cycle.id, "department_id": self.department.id,
        })

    def test_what_is_brought_over(self):
        self.last.initiative_ids[:1].goal_id = self.last.goal_ids[:1]
        self.last.milestone_ids.initiative_id = self.last.initiative_ids[:1]
        plan = self._new()
        self.assertTrue(plan.has_last_year)
        plan.action_copy_last_year()
        self.assertEqual(plan.goal_ids.mapped("name"), ["Sell more", "Content customers", "Fewer detours"])
        self.assertEqual(plan.goal_ids.kpi_id, self.turnover | self.satisfaction)
        self.assertEqual(plan.goal_ids.direction_id, self.growth | self.efficiency)
        line, call = plan.initiative_ids
        self.assertEqual((str(line.date_start), str(line.date_end)), ("2027-01-11", "2027-06-30"))
        self.assertEqual((line.owner_id, line.weight, line.goal_id), (self.head, 60, plan.goal_ids[:1]))
        self.assertEqual(str(plan.milestone_ids.date), "2027-05-31")
        self.assertEqual(plan.milestone_ids.initiative_id, line)
        self.assertEqual((plan.risk_ids.name, plan.risk_ids.contingency), ("The supplier is late", "Rent a line for two months"))
        self.assertFalse(plan.resource_ids)
        self.assertEqual(len(self.last.goal_ids), 3)
        self.assertTrue(call)

    def test_indicators_are_found_by_code_then_by_name(self):
        self.turnover.sudo().write({"name": "Net turnover"})
        self.satisfaction.sudo().write({"code": "CSAT"})
        plan = self._new()
        plan.action_copy_last_year()
        self.assertEqual(plan.goal_ids.mapped("kpi_id"), self.turnover | self.satisfaction)
        self.scrap.sudo().unlink()

    def test_an_indicator_that_is_gone_leaves_the_goal(self):
        self.turnover.sudo().unlink()
        plan = self._new()
        plan.action_copy_last_year()
        goal = plan.goal_ids[:1]
        self.assertEqual((goal.name, goal.kpi_id.id, goal.direction_id), ("Sell more", False, self.growth))

    def test_nobody_who_has_left_owns_anything(self):
        self.last.sudo().initiative_ids[:1].owner_id = self.newcomer
        self.last.sudo().risk_ids.owner_id = self.newcomer
        self.newcomer.sudo().active = False
        plan = self._new()
        plan.action_copy_last_year()
        self.assertEqual(plan.initiative_ids.mapped("owner_id"), self.head)
        self.assertFalse(plan.initiative_ids[:1].owner_id)
        self.assertFalse(plan.risk_ids.owner_id)

    def test_finished_initiatives_and_reached_milestones_stay_behind(self):
        last = self._released(self.last)
        last.milestone_ids.with_user(self.head).action_reach("2026-05-30")
        report = self.env["ops.progress.report"].sudo().create({
            "plan_id": last.id, "period": "2026-11", "department_id": last.department_id.id, "company_id": self.company.id,
        })
        self.env.flush_all()
        for initiative, progress in zip(last.initiative_ids, (100, 99), strict=True):
            self.env.cr.execute(
                "UPDATE ops_progress_report_line SET progress = %s WHERE initiative_id = %s", [progress, initiative.id]
            )
        self.env.cr.execute("UPDATE ops_progress_report SET state = 'submitted' WHERE id = %s", [report.id])
        self.env.invalidate_all()
        plan = self._new()
        plan.action_copy_last_year()
        self.assertEqual(plan.initiative_ids.mapped("name"), ["Call every customer"])
        self.assertFalse(plan.milestone_ids)

    def test_leap_day(self):
        cycle = self._create_cycle(2028)
        cycle.sudo()._transition("drafting")
        leap = self._plan(cycle=cycle)
        leap.milestone_ids.date = "2028-02-29"
        following = self._create_cycle(2029)
        following.sudo()._transition("drafting")
        plan = self.env["ops.plan"].with_user(self.head).create({
            "cycle_id": following.id, "department_id": self.department.id,
        })
        plan.action_copy_last_year()
        self.assertEqual(str(plan.milestone_ids.date), "2029-02-28")

    def test_what_is_there_already_stays_and_twice_changes_nothing(self):
        plan = self._new()
        plan.goal_ids = [Command.create({"name": "Sell more", "target": 7})]
        plan.action_copy_last_year()
        plan.action_copy_last_year()
        self.assertEqual(len(plan.goal_ids), 3)
        self.assertEqual(plan.goal_ids.filtered(lambda goal: goal.name == "Sell more").target, 7)
        self.assertEqual(len(plan.initiative_ids), 2)

    def test_only_into_a_plan_that_one_may_write(self):
        plan = self._new()
        for user in (self.other_head, self.employee, self.operations):
            with self.assertRaises(AccessError, msg=user.login):
                plan.with_user(user).action_copy_last_year()
        plan.action_copy_last_year()
        plan.write({name: values for name, values in self._parts(self.cycle, self.department, self.head).items()
                    if name == "resource_ids"})
        plan.action_submit()
        with self.assertRaises(AccessError):
            plan.action_copy_last_year()

    def test_without_a_plan_of_last_year(self):
        plan = self.env["ops.plan"].with_user(self.other_head).create({
            "cycle_id": self.cycle.id, "department_id": self.other_department.id,
        })
        self.assertFalse(plan.has_last_year)
        with self.refused(UserError, "has no plan of 2026"):
            plan.action_copy_last_year()


@tagged("post_install", "-at_install")
class TestOpsPlanRunning(PlanningCase):
    """A company that starts in the middle of a year enters its plans as released."""

    def test_enter_running(self):
        self._generate()
        plans = self._plan() | self._plan(self.other_department)
        plans.with_user(self.gm_office).action_enter_running("Approved by the board in January")
        self.assertEqual(plans.mapped("state"), ["released"] * 2)
        self.assertEqual(plans.mapped("entered_running"), [True] * 2)
        self.assertTrue(all(plan.released_on for plan in plans))
        self.assertEqual(plans[0].department_name, "Workshop")
        self.assertEqual(plans[0].transition_ids[-1:].reason, "Approved by the board in January")
        for code in ("A2", "A4"):
            self.assertEqual(self._owed(code, ("department_id", "=", self.department.id)).result, "met")
        self.assertEqual(len(plans.sudo().version_ids), 2)

    def test_named_twice_it_is_released_once(self):
        plan = self._plan()
        plan.browse([plan.id, plan.id]).with_user(self.gm_office).action_enter_running("So it was")
        self.assertEqual(len(plan.sudo().version_ids), 1)
        self.assertEqual(plan.transition_ids.mapped("to_state").count("released"), 1)

    def test_goals_or_initiatives_at_least(self):
        plan = self._plan(goal_ids=[], resource_ids=[], milestone_ids=[], risk_ids=[])
        plan.with_user(self.gm_office).action_enter_running("So it was")
        self.assertEqual(plan.state, "released")
        empty = self._plan(self.other_department, goal_ids=[], initiative_ids=[])
        with self.refused(UserError, "says nothing yet"):
            empty.with_user(self.gm_office).action_enter_running("So it was")

    def test_the_gm_office_alone_with_a_reason(self):
        plan = self._plan()
        for user in (self.head, self.gm, self.operations):
            with self.assertRaises(AccessError, msg=user.login):
                plan.with_user(user).action_enter_running("So it was")
        office = plan.with_user(self.gm_office)
        self.assertEqual(office.action_enter_running()["res_model"], "ops.reason.wizard")
        with self.refused(UserError, "Reason"):
            office.action_enter_running("  ")
        self._submitted(plan)
        with self.refused(UserError, "only a draft"):
            office.action_enter_running("So it was")
