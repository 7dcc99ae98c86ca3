"""Annual plans (forms 1 and 2): who writes them, what they must say, how they are handed in, returned and made final."""

from functools import partial

from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .planning import PlanningCase


@tagged("post_install", "-at_install")
class TestOpsPlan(PlanningCase):

    # -- creation ----------------------------------------------------------------------------------------------------

    def test_heads_begin_their_own_plans(self):
        plan = self._plan()
        self.assertEqual((plan.state, plan.author_id, plan.company_id, plan.year), ("draft", self.head, self.company, 2027))
        self.assertIn("Workshop 2027", plan.display_name)
        for user in (self.employee, self.other_head, self.gm, self.admin_ops):
            with self.assertRaises(AccessError, msg=user.login):
                self._begin(self.sub_department, user)

    def _begin(self, department, user, **values):
        return self.env["ops.plan"].with_user(user).create({
            "cycle_id": self.cycle.id, "department_id": department.id, **values,
        })

    def test_gm_office_begins_plans_in_the_name_of_the_head(self):
        plan = self._begin(self.other_department, self.gm_office)
        self.assertEqual((plan.author_id, plan.create_uid), (self.other_head, self.gm_office))
        branch = self._begin(self.branch_department, self.gm_office)
        self.assertEqual((branch.author_id, branch.company_id), (self.branch_head, self.branch))
        own = self._begin(self.gm_department, self.gm_office)
        self.assertEqual(own.author_id, self.gm_office)

    def test_gm_office_writes_for_a_department_without_a_head(self):
        lost = self._create_department("Lost")
        plan = self._begin(lost, self.gm_office)
        self.assertEqual(plan.author_id, self.gm_office)
        plan.write(self._parts(self.cycle, lost, self.employee))
        plan.action_submit()  # nobody else can
        self.assertEqual(self._owed("D1", ("source_id", "=", plan.id)).role, "general_manager")

    def test_one_plan_per_cycle_and_department(self):
        self._plan()
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self._begin(self.department, self.head)
        self._plan().action_cancel("Wrong year")
        self.env.flush_all()
        self.assertTrue(self._begin(self.department, self.head))

    def test_cycle_serves_the_company_and_its_branches_only(self):
        self.assertEqual(self._plan(self.branch_department).company_id, self.branch)
        foreign = self._create_company("Elsewhere", "Asia/Shanghai", "base.cn")
        department = self._create_department("Foreign", company=foreign)
        with self.refused(ValidationError, "does not serve Elsewhere"):
            self.env["ops.plan"].sudo().create({"cycle_id": self.cycle.id, "department_id": department.id})
        with self.refused(ValidationError, "cannot be changed, since goals belong to it"):
            self._plan().cycle_id = self._create_cycle(2028).id

    def test_closed_cycle_takes_no_new_plan(self):
        old = self._create_cycle(2026)
        old.sudo()._transition("cancelled", "Not wanted")
        with self.refused(ValidationError, "Choose one that is in work"):
            self._plan(cycle=old)

    def test_plan_is_not_given_to_a_department_that_one_does_not_lead(self):
        plan = self._plan()
        with self.assertRaises(AccessError):
            plan.department_id = self.other_department
        plan.with_user(self.gm_office).department_id = self.other_department
        self.assertEqual(plan.sudo().department_id, self.other_department)

    # -- the five parts ----------------------------------------------------------------------------------------------

    def test_submission_names_the_parts_that_are_missing(self):
        plan = self._plan(goal_ids=False, milestone_ids=[], risk_ids=False)
        self.assertEqual(plan._missing_parts()[plan.id], ["Annual Goals", "Milestones", "Risks"])
        self.assertIn("Annual Goals, Milestones, Risks", plan.missing)
        with self.refused(UserError, "lacks: Annual Goals, Milestones, Risks"):
            plan.action_submit()
        self.assertEqual(plan.state, "draft")
        empty = self._begin(self.other_department, self.other_head)
        with self.refused(UserError, "Annual Goals, Key Initiatives, Resource Needs, Milestones, Risks"):
            empty.action_submit()

    def test_submission_is_checked_for_the_machinery_too(self):
        with self.refused(UserError, "lacks: Risks"):
            self._plan(risk_ids=[]).sudo()._transition("submitted")

    def test_initiatives_say_who_when_and_what(self):
        plan = self._plan()
        plan.initiative_ids[:1].write({"owner_id": False, "date_end": False, "deliverable": " "})
        with self.refused(UserError, "“New packaging line”: fill in Owner, End, Deliverable"):
            plan.action_submit()

    def test_a_goal_says_which_direction_it_serves(self):
        plan = self._plan()
        plan.goal_ids.direction_id = False
        self.assertEqual(plan.missing, "Goal “Fewer detours”: choose the direction that it serves.", "the others by their indicators")
        with self.refused(UserError, "“Fewer detours”: choose the direction that it serves"):
            plan.action_submit()
        plan.goal_ids[2].direction_id = self.growth
        plan.action_submit()
        self.assertEqual(plan.state, "submitted")

    def test_where_a_cycle_has_no_directions_goals_serve_none(self):
        plan = self._plan()
        plan.goal_ids.write({"direction_id": False, "kpi_id": False})
        self.cycle.sudo().direction_ids.unlink()
        plan.action_submit()
        self.assertEqual(plan.state, "submitted")

    def test_weights_add_up_or_are_all_empty(self):
        plan = self._plan()
        plan.initiative_ids[:1].weight = 50
        with self.refused(UserError, "add up to 90 %, not to 100 %"):
            plan.action_submit()
        plan.initiative_ids.weight = 0
        plan.action_submit()
        self.assertEqual(plan.state, "submitted")

    def test_a_high_risk_needs_a_contingency_plan_and_an_owner(self):
        plan = self._plan()
        self.assertEqual(plan.risk_ids.level, "high")
        plan.risk_ids.write({"contingency": "  ", "owner_id": False})
        with self.refused(UserError, "it is high, so fill in Contingency Plan, Owner"):
            plan.action_submit()
        plan.risk_ids.impact = "2"
        self.assertEqual(plan.risk_ids.level, "medium")
        plan.action_submit()

    def test_money_has_an_amount(self):
        plan = self._plan()
        plan.resource_ids[1:].amount = 0
        with self.refused(UserError, "“Packaging line”: say how much money"):
            plan.action_submit()

    def test_content_is_checked_whichever_way_it_comes(self):
        """RPC, x2many through the plan and import: the same sentence."""
        plan, far = self._plan(), "2028-01-05"
        line = plan.initiative_ids[:1]
        for write in (
            lambda: line.write({"date_end": far}),
            lambda: plan.write({"initiative_ids": [Command.update(line.id, {"date_end": far})]}),
            lambda: plan.write({"initiative_ids": [Command.create({"name": "Late", "date_start": far})]}),
        ):
            with self.refused(ValidationError, "lies outside 2027"), self.env.cr.savepoint():
                write()
        self.env.flush_all()
        result = self.env["ops.plan.initiative"].with_user(self.head).load(
            ["name", "plan_id/.id", "date_start"], [["Late", str(plan.id), far]]
        )
        self.assertIn("lies outside 2027", str(result["messages"]))
        self.assertEqual(len(plan.initiative_ids), 2)

    def test_what_lines_may_name(self):
        plan, other = self._plan(), self._plan(self.other_department)
        cycle = self._create_cycle(2028)
        initiative, goal = plan.initiative_ids[:1], plan.goal_ids[:1]
        cases = (
            (initiative, {"owner_id": self.branch_employee.id}, "does not work for"),
            (initiative, {"owner_id": self.portal.id}, "choose an employee who can log in"),
            (initiative, {"goal_id": other.goal_ids[:1].id}, "that you may read"),
            (goal, {"kpi_id": cycle.kpi_ids[:1].id, "direction_id": False}, "belongs to"),
            (goal, {"kpi_id": False, "direction_id": cycle.direction_ids[:1].id}, "belongs to"),
            (goal, {"direction_id": self.efficiency.id}, "serves “Growth”, not “Efficiency”"),
            (plan.milestone_ids, {"date": "2026-12-31"}, "lies outside 2027"),
            (plan.milestone_ids, {"owner_id": self.branch_employee.id}, "does not work for"),
            (plan.milestone_ids, {"initiative_id": other.initiative_ids[:1].id}, "that you may read"),
            (plan.resource_ids[:1], {"date_needed": "2029-01-01"}, "lies outside 2027"),
            (plan.risk_ids, {"owner_id": self.branch_head.id}, "does not work for"),
        )
        for line, values, text in cases:
            with self.subTest(values=values), self.refused(ValidationError, text), self.env.cr.savepoint():
                line.with_user(self.head).write(values)
                self.env.flush_all()

    @mute_logger("odoo.sql_db")
    def test_amounts_and_weights_are_sane(self):
        plan = self._plan()
        for line, values in (
            (plan.resource_ids[:1], {"quantity": -1}), (plan.resource_ids[:1], {"amount": -1}),
            (plan.initiative_ids[:1], {"weight": 101}),
            (plan.initiative_ids[:1], {"date_start": "2027-07-01", "date_end": "2027-06-01"}),
        ):
            with self.subTest(values=values), self.assertRaises(IntegrityError), self.env.cr.savepoint():
                line.write(values)
                self.env.flush_all()

    def test_a_goal_with_an_indicator_serves_its_direction(self):
        plan = self._plan()
        goal = self.env["ops.plan.goal"].with_user(self.head).create({
            "plan_id": plan.id, "name": "Less scrap", "kpi_id": self.scrap.id, "target": 2.5,
        })
        self.assertEqual(goal.direction_id, self.efficiency)
        self.assertEqual(plan.resource_ids.currency_id, self.company.currency_id)

    # -- the steps ---------------------------------------------------------------------------------------------------

    def test_content_is_locked_from_submission_on(self):
        plan = self._submitted()
        parts = ("goal_ids", "initiative_ids", "resource_ids", "milestone_ids", "risk_ids")
        for user in (self.head, self.gm_office, self.gm, self.operations):
            for name in parts:
                line = plan[name][:1].with_user(user)
                for act in (
                    partial(line.write, {"name": "Slipped in"}), line.unlink, line.copy,
                    partial(plan.with_user(user).write, {name: [Command.clear()]}),
                    partial(plan.with_user(user).write, {name: [Command.update(line.id, {"name": "Slipped in"})]}),
                ):
                    with self.assertRaises(UserError, msg=f"{user.login} {name}"):
                        act()
            for values in ({"summary": "x"}, {"state": "final"}, {"released_on": "2027-01-01"}, {"cycle_id": 1}):
                with self.assertRaises(UserError, msg=f"{user.login} {values}"):
                    plan.with_user(user).write(values)

    def test_returned_twice_with_reasons(self):
        """R1: each return opens a rework of its own; A2 stays met."""
        self._generate()
        plan = self._submitted()
        for number in (1, 2):
            with self.refused(UserError, "Reason"):
                plan.with_user(self.gm_office).action_return(" ")
            plan.with_user(self.gm_office).action_return("Figures are missing")
            rework = self._owed("R1", ("source_id", "=", plan.id), ("state", "=", "open"))
            self.assertEqual((rework.round, rework.responsible_id), (number, self.head))
            plan.with_user(self.head).action_submit()
            self.assertEqual(rework.state, "done")
        self.assertEqual(self._owed("A2", ("department_id", "=", self.department.id)).result, "met")
        self.assertEqual(plan.transition_ids.filtered(lambda line: line.to_state == "returned").mapped("reason"),
                         ["Figures are missing"] * 2)

    def test_nobody_else_takes_the_steps(self):
        plan = self._submitted()
        for user in (self.head, self.other_head, self.operations, self.gm):
            with self.assertRaises(AccessError, msg=user.login):
                plan.with_user(user).action_return("No")
        plan = self._in_review(plan)
        for user in (self.other_head, self.gm_office, self.operations):
            with self.assertRaises(AccessError, msg=user.login):
                plan.with_user(user).action_finalise()

    def test_finalise_asks_what_is_missing_for_it(self):
        plan = self._in_review()
        self.patch(type(plan), "_missing_for_final", lambda records: {record.id: ["One comment"] for record in records})
        with self.refused(UserError, "One comment"):
            plan.with_user(self.head).action_finalise()
        self.assertEqual(plan.state, "review")

    def test_own_plan_of_the_gm_office_is_decided_by_the_general_manager(self):
        plan = self._submitted(self._plan(self.gm_department))
        self.assertEqual(self._owed("D1", ("source_id", "=", plan.id)).role, "general_manager")
        with self.assertRaises(AccessError):
            plan.with_user(self.gm_office).action_return("No")
        plan.with_user(self.gm).action_return("Shorter, please")
        self.assertEqual(plan.state, "returned")

    def test_whoever_hands_it_in_does_not_review_it(self):
        """A head above hands in what the head began: a colleague in the GM office decides."""
        boss = self._create_boss("gm_office")
        plan = self._plan()
        plan.with_user(boss).action_submit()
        self.assertEqual(self._owed("D1", ("source_id", "=", plan.id)).role, "gm_office")
        for step in (partial(plan.with_user(boss).action_return, "No"), partial(plan.with_user(boss).action_start_review, [])):
            with self.assertRaises(AccessError):
                step()
        plan.with_user(self.gm_office).action_start_review([])
        self.assertEqual(plan.state, "review")

    def test_whoever_makes_it_final_does_not_release_it(self):
        boss = self._create_boss("gm_office")
        plan = self._in_review()
        plan.sudo().review_ids.filtered(lambda sheet: sheet.state == "draft")._transition("cancelled", "Not needed")
        plan.with_user(boss).action_finalise()
        self._broken_down(plan)
        with self.assertRaises(AccessError):
            plan.with_user(boss).action_release()
        plan.with_user(self.gm_office).action_release()
        self.assertEqual(plan.state, "released")

    def test_a_substitute_submits_in_the_name_of_the_head(self):
        plan = self._plan()
        self.env["ops.substitution"].sudo().create({
            "user_id": self.head.id, "substitute_id": self.employee.id,
            "company_id": self.company.id, "date_from": "2026-11-30", "date_to": "2026-12-05",
        })
        self.env["res.users"]._ops_refresh_rights()
        plan.with_user(self.employee).action_submit()
        line = plan.transition_ids.filtered(lambda line: line.to_state == "submitted")
        self.assertEqual((line.user_id, line.on_behalf_id), (self.employee, self.head))

    # -- the look of it ----------------------------------------------------------------------------------------------

    def test_lists_cost_a_constant_number_of_queries(self):
        plans = self._plan()
        fields = ["number", "department_id", "state", "date_next", "goal_count", "initiative_count", "missing", "next_step"]
        self._count_queries(plans, fields)
        one = self._count_queries(plans, fields)
        for number in range(12):
            head = self._create_user(f"many{number}")
            plans |= self._plan(self._create_department(f"Many {number}", head), head)
        self._count_queries(plans, fields)  # the rights have changed with the departments
        many = self._count_queries(plans, fields)
        self.assertLessEqual(many, one + 2)

    def _count_queries(self, plans, fields):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        plans.with_user(self.gm_office).read(fields)
        return self.cr.sql_log_count - before
