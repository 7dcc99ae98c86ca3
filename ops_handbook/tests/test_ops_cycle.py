"""The annual cycle: its states, content and departments, and who may do what."""

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .planning import PlanningCase


@tagged("post_install", "-at_install")
class TestOpsCycle(PlanningCase):
    def office(self, cycle=None):
        return (cycle or self.cycle).with_user(self.gm_office)

    def fresh(self, year=2028, **values):
        return self._create_cycle(year, **values)

    # -- content ------------------------------------------------------------------------------------------------------

    def test_shared_base(self):
        plan = self._released()
        self.assertEqual(plan.state, "released")
        self.assertEqual(self.cycle.state, "released", "the cycle is released with its first plan")

    def test_name_follows_the_year_until_somebody_names_it(self):
        cycle = self.fresh()
        self.assertEqual(cycle.name, "Annual plan 2028")
        cycle.year = 2030
        self.assertEqual(cycle.name, "Annual plan 2030")
        cycle.name = "The big year"
        cycle.year = 2031
        self.assertEqual(cycle.name, "The big year")
        with self.refused(ValidationError, "Name"):
            cycle.name = "  "

    def test_departments_are_those_that_keep_plans_branches_included(self):
        keepers = self.department | self.other_department | self.ops_department | self.gm_department | self.branch_department
        self.assertEqual(self.cycle.department_ids & (keepers | self.sub_department), keepers)

    def test_a_branch_has_no_cycle_of_its_own(self):
        with self.refused(ValidationError, "is a branch"):
            self.env["ops.cycle"].create({"year": 2029, "company_id": self.branch.id})
        self.assertEqual(self.env["ops.cycle"]._cycle_of(self.branch, 2027), self.cycle)
        self.assertFalse(self.env["ops.cycle"]._cycle_of(self.branch, 2026))

    @mute_logger("odoo.sql_db")
    def test_one_cycle_per_company_and_year(self):
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.fresh(2027)
        self.office().action_cancel("Wrong directions")
        self.env.flush_all()
        self.assertTrue(self.fresh(2027), "a cancelled one is in nobody's way")

    def test_departments_of_another_company_are_refused(self):
        foreign = self.env["hr.department"].create({"name": "Foreign", "company_id": self.env["res.company"].create({"name": "F"}).id})
        with self.refused(ValidationError, "another company"):
            self.cycle.department_ids = [Command.link(foreign.id)]

    def test_weights_and_targets_are_warned_about_not_refused(self):
        self.assertFalse(self.cycle.warning)
        self.turnover.weight = 40
        self.scrap.target = 5
        self.assertIn("add up to 90 %", self.cycle.warning)
        self.assertIn("Scrap: The target lies above the baseline", self.cycle.warning)
        self.satisfaction.target = 80
        self.assertIn("below the baseline", self.satisfaction.hint)

    def test_figures_of_an_indicator(self):
        with self.refused(ValidationError, "more than 1 decimals"):
            self.scrap.target = 2.55
        with self.refused(ValidationError, "too large"):
            self.turnover.target = 1e15
        with self.refused(ValidationError, "give it a name"):
            self.turnover.name = " "
        with self.refused(ValidationError, "Direction: give it a name"):
            self.growth.name = " "
        self.turnover.code = "  "
        self.assertFalse(self.turnover.code)
        other = self.fresh()
        with self.refused(ValidationError, "belongs to another cycle"):
            self.turnover.direction_id = other.direction_ids[0]

    @mute_logger("odoo.sql_db")
    def test_codes_are_unique_whatever_their_case(self):
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.scrap.code = "turn "
            self.env.flush_all()

    def test_what_goals_refer_to_is_not_deleted(self):
        self._plan()
        with self.refused(ValidationError, "Workshop refer to it"):
            self.turnover.with_user(self.gm_office).unlink()
        with self.refused(ValidationError, "Workshop refer to it"):
            self.growth.with_user(self.gm_office).unlink()
        self.scrap.with_user(self.gm_office).unlink()

    def test_year_and_company_stay_once_it_is_open(self):
        with self.refused(ValidationError, "cannot change any more"):
            self.office().year = 2031

    # -- opening ------------------------------------------------------------------------------------------------------

    def test_opening_drafts_a_plan_for_each_department(self):
        cycle = self.office(self.fresh())
        cycle.action_open()
        self.assertEqual(cycle.state, "drafting")
        plans = cycle.sudo().plan_ids
        self.assertEqual(plans.department_id, cycle.department_ids.sudo())
        by_department = {plan.department_id: plan for plan in plans}
        plan = by_department[self.department]
        self.assertEqual((plan.state, plan.author_id, plan.company_id), ("draft", self.head, self.company))
        self.assertEqual(by_department[self.branch_department].company_id, self.branch)
        self.assertEqual(by_department[self.branch_department].author_id, self.branch_head)
        self.assertEqual(len({(item.company_id, item.number) for item in plans}), len(plans))
        self.assertFalse(plan.message_ids.filtered(lambda message: message.message_type == "email"))

    def test_opening_tells_the_heads(self):
        self._generate()
        self.office(self.fresh()).action_open()
        told = [receivers for subject, receivers in self.mails() if "please write the plan of Workshop" in subject]
        self.assertEqual(told, [[self.head.email]])
        body = self.env["mail.mail"].sudo().search([("subject", "ilike", "plan of Workshop")]).body_html
        self.assertIn("Growth", body)
        self.assertIn("/odoo/ops-plans/", body)

    def test_opening_says_until_when(self):
        """A2: the mail names the due day that is asked for."""
        self._generate("2027-12-01 10:00")
        with self.at("2027-12-01 11:00"):
            self.office(self.fresh()).action_open()
        body = self.env["mail.mail"].sudo().search([("subject", "ilike", "plan of Workshop")]).body_html
        self.assertIn("12/20/2027", body)

    def test_opening_says_what_is_missing(self):
        empty = self.env["ops.cycle"].with_user(self.gm_office).create({
            "year": 2029, "company_id": self.company.id, "department_ids": [Command.clear()],
        })
        with self.refused(UserError, "Strategic directions: write at least one"):
            empty.action_open()

    def test_departments_added_later_get_a_draft(self):
        cycle = self.office(self.fresh())
        cycle.department_ids = self.department
        cycle.action_open()
        cycle.department_ids = [Command.link(self.other_department.id)]
        self.assertEqual(cycle.sudo().plan_ids.department_id, self.department | self.other_department)
        with self.refused(ValidationError, "Workshop cannot be left out"):
            cycle.department_ids = [Command.unlink(self.department.id)]
        self.assertTrue(cycle.can_add_departments)
        cycle.action_add_departments()
        self.assertIn(self.branch_department, cycle.sudo().plan_ids.department_id)
        cycle.invalidate_recordset()
        self.assertFalse(cycle.can_add_departments)
        with self.refused(AccessError, "The GM office runs"):
            cycle.with_user(self.operations).action_add_departments()

    def test_opening_takes_notice_of_plans_that_run_already(self):
        """A company that begins in the middle of a year enters its plans while the cycle is being prepared."""
        cycle = self.fresh()
        plan = self._plan(cycle=cycle).with_user(self.gm_office)
        plan.action_enter_running("Approved by the board in January")
        self.assertEqual((plan.state, cycle.state), ("released", "preparation"))
        self.office(cycle).action_open()
        self.assertEqual(cycle.state, "released")

    def test_a_department_without_a_head_gets_a_draft_too(self):
        headless = self.env["hr.department"].create({
            "name": "Headless", "company_id": self.company.id, "ops_keeps_plans": True,
        })
        cycle = self.office(self.fresh())
        cycle.action_open()
        plan = cycle.sudo().plan_ids.filtered(lambda item: item.department_id == headless)
        self.assertEqual((plan.state, plan.author_id), ("draft", self.env["res.users"]))

    def test_opening_costs_the_same_for_many_departments(self):
        """Query budget: 200 departments cost hardly more statements than 20."""
        counts = []
        for year, number in ((2040, 20), (2041, 200)):
            departments = self.env["hr.department"].create([
                {"name": f"D{year}-{index}", "company_id": self.company.id, "ops_keeps_plans": True,
                 "manager_id": self.department.manager_id.id}
                for index in range(number)
            ])
            cycle = self.office(self._create_cycle(year, department_ids=[Command.set(departments.ids)]))
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            cycle.action_open()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(len(cycle.sudo().plan_ids), number)
        # what grows: pages of a hundred or a thousand rows
        self.assertLessEqual(counts[1], counts[0] + 25, counts)
        self.assertLessEqual(counts[1], 150, counts)

    # -- last year ----------------------------------------------------------------------------------------------------

    def test_copy_of_last_year(self):
        months = [f"2027-{month:02}" for month in range(1, 13)]
        rows = [(self.turnover.id, self.department.id, month, 100_000.0) for month in months]
        rows += [(self.turnover.id, self.other_department.id, "2027-12", 5_000.0)]
        rows += [(self.satisfaction.id, self.department.id, "2027-11", 93.0)]
        for kpi, department, month, value in rows:
            self.env.cr.execute(
                "INSERT INTO ops_kpi_value (kpi_id, cycle_id, company_id, department_id, month, value, origin)"
                " VALUES (%s, %s, %s, %s, %s, %s, 'typed')",
                (kpi, self.cycle.id, self.company.id, department, month, value),
            )
        cycle = self.env["ops.cycle"].with_user(self.gm_office).create({
            "year": 2028, "company_id": self.company.id,
            "direction_ids": [Command.create({"name": "Growth", "description": "Ours"})],
        })
        cycle.action_copy_last_year()
        self.assertEqual(cycle.direction_ids.mapped("name"), ["Growth", "Efficiency"])
        self.assertEqual(cycle.direction_ids[0].description, "Ours", "what is there stays")
        kpis = {kpi.code: kpi for kpi in cycle.kpi_ids}
        self.assertEqual(kpis["TURN"].baseline, 1_205_000, "what the year came to")
        self.assertEqual(kpis["SAT"].baseline, 95, "its figures are not complete: what it was to come to")
        self.assertEqual(kpis["TURN"].target, 0)
        self.assertEqual((kpis["SCRAP"].direction_id.name, kpis["SCRAP"].better), ("Efficiency", "lower"))
        self.assertEqual(kpis["SCRAP"].direction_id.cycle_id, cycle)
        cycle.action_copy_last_year()
        self.assertEqual(len(cycle.kpi_ids), 3, "copied once")

    def test_copy_needs_a_year_before(self):
        cycle = self.office(self._create_cycle(2035))
        with self.refused(UserError, "no cycle of 2034"):
            cycle.action_copy_last_year()

    # -- the end ------------------------------------------------------------------------------------------------------

    def test_close_with_the_year_closes_its_plans(self):
        plan = self._released()
        self.office().action_run()
        with self.refused(UserError, "from 1 January 2028 on"):
            self.office().action_close()
        owed = self._owed("V2", ("source_id", "=", plan.id))
        self.assertEqual(owed.state, "open")
        with self.at("2028-01-20 10:00"):
            self.office().action_close()
        self.assertEqual((self.cycle.state, plan.state), ("closed", "closed"))
        self.assertEqual(owed.state, "cancelled", "nobody can acknowledge a plan that is closed")

    def test_cancel_takes_plans_and_meetings_along(self):
        plan = self._submitted()
        action = self.office().action_plan_meeting("strategy_seminar")
        meeting = self.env["ops.meeting"].browse(action["res_id"])
        with self.refused(UserError, "Reason"):
            self.office().action_cancel(" ")
        self.office().action_cancel("Merger")
        self.assertEqual((self.cycle.state, plan.state, meeting.state), ("cancelled", "cancelled", "cancelled"))

    def test_release_of_all_that_is_final(self):
        ready, waiting = self._final(), self._final(department=self.other_department)
        self._broken_down(ready)
        cycle = self.office()
        self.assertTrue(cycle.can_release_plans)
        missing = {waiting.id: ["The months of Sell more miss 5."]}
        self.patch(type(self.env["ops.plan"]), "_missing_for_release", lambda plans: {
            plan.id: missing.get(plan.id, []) for plan in plans
        })
        answer = cycle.action_release()
        self.assertEqual((ready.state, waiting.state, self.cycle.state), ("released", "final", "released"))
        self.assertIn("1 plans were released.", answer["params"]["message"])
        self.assertIn("Sales: The months of Sell more miss 5.", answer["params"]["message"])
        with self.refused(UserError, "No plan can be released now. Sales: The months"):
            cycle.action_release()
        with self.refused(AccessError, "The GM office runs"):
            self.cycle.with_user(self.operations).action_release()

    def test_the_office_does_not_release_its_own_plan(self):
        plan = self._final(department=self.gm_department)
        self._broken_down(plan)
        with self.refused(UserError, "released by the general manager"):
            self.office().action_release()

    # -- rights -------------------------------------------------------------------------------------------------------

    def test_only_the_office_takes_the_steps(self):
        cycle = self.fresh()
        for user in (self.employee, self.head, self.operations, self.gm, self.admin_ops, self.branch_head):
            with self.subTest(user.name), self.assertRaises(AccessError):
                cycle.with_user(user).action_open()

    def test_state_is_not_written(self):
        with self.refused(UserError, "cannot be written directly"):
            self.office().state = "released"
        with self.refused(UserError, "cannot be written directly"):
            self.env["ops.cycle"].with_user(self.gm_office).create({"year": 2033, "company_id": self.company.id, "state": "running"})

    def test_who_reads(self):
        released = self._create_cycle(2036)
        released.sudo()._transition("drafting")
        released.sudo()._transition("released")
        both = (self.cycle | released).sudo(False)
        for user, expected in (
            (self.employee, released), (self.branch_employee, released), (self.head, both), (self.branch_head, both),
            (self.operations, both), (self.gm, both), (self.admin_ops, both), (self.gm_office, both),
        ):
            with self.subTest(user.name):
                for model, field in (("ops.cycle", "id"), ("ops.direction", "cycle_id"), ("ops.kpi", "cycle_id")):
                    found = self.env[model].with_user(user).search([(field, "in", both.ids)])
                    self.assertEqual(set(found.mapped("id") if field == "id" else found.cycle_id.ids), set(expected.ids), model)

    def test_who_writes_content(self):
        for user in (self.gm_office, self.admin_ops):
            self.growth.with_user(user).name = f"Growth by {user.name}"
        for user in (self.employee, self.head, self.operations, self.gm):
            with self.subTest(user.name), self.assertRaises(AccessError):
                self.turnover.with_user(user).target = 7

    def test_released_content_is_locked(self):
        self._released()
        with self.refused(AccessError, "cannot be changed now"):
            self.scrap.with_user(self.gm_office).target = 2
        with self.assertRaises(UserError):
            self.turnover.with_user(self.gm_office).target = 7
        with self.refused(AccessError, "cannot be changed now"):
            self.env["ops.direction"].with_user(self.gm_office).create({"cycle_id": self.cycle.id, "name": "Late"})
        with self.assertRaises(UserError):
            self.office().write({"kpi_ids": [Command.update(self.turnover.id, {"target": 7})]})

    def test_an_opened_cycle_is_not_deleted(self):
        with self.refused(UserError, "cannot be deleted; cancel it instead"):
            self.office().unlink()
        self.office(self.fresh()).unlink()
