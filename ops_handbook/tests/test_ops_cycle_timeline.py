"""The steps of a cycle: due dates, who is late, and reminding (A1 to A7)."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import SQL

from ..tools import clock
from .planning import PlanningCase


@tagged("post_install", "-at_install")
class TestOpsCycleTimeline(PlanningCase):
    def steps(self, user=None, at=None):
        with self.at(at or self.NOW):
            return {step["code"]: step for step in self.cycle.with_user(user or self.gm_office).get_timeline()}

    def test_without_obligations_the_rule_says_when(self):
        steps = self.steps()
        self.assertEqual(list(steps), ["A1", "A2", "A3", "A4", "A5", "A6", "A7"])
        self.assertEqual({code: step["due"][:10] for code, step in steps.items()}, {
            # UTC: the close of the local day before
            "A1": "2026-12-10", "A2": "2026-12-18", "A3": "2026-12-25", "A4": "2026-12-31", "A5": "2027-01-05",
            "A6": "2027-01-29", "A7": "2027-04-14",
        })
        self.assertEqual({step["result"] for step in steps.values()}, {"pending"})
        self.assertFalse(any(step["can_remind"] for step in steps.values()))

    def test_who_is_late(self):
        """A2: who has not handed in is named, and leads to the plan."""
        self._generate()
        plan = self._submitted()
        other = self._plan(self.other_department)
        step = self.steps(at="2026-12-21 10:00")["A2"]
        total = len(self.cycle.department_ids)
        self.assertEqual((step["total"], step["done"], step["late"]), (total, 1, total - 1))
        self.assertEqual((step["result"], step["settled"], step["can_remind"]), ("late", False, True))
        waiting = {row["department"]: row for row in step["waiting"]}
        self.assertNotIn(plan.department_id.name, waiting)
        self.assertEqual(waiting["Sales"], {"department": "Sales", "plan_id": other.id, "result": "late"})
        self.assertFalse(waiting["Operations"]["plan_id"])
        self.assertIn("Branch workshop", waiting)

    def test_a_head_sees_names_of_their_own_only(self):
        self._generate()
        self._plan()
        step = self.steps(self.other_head, "2026-12-21 10:00")["A2"]
        self.assertEqual([row["department"] for row in step["waiting"]], ["Sales"])
        self.assertEqual(step["hidden"], len(self.cycle.department_ids) - 1)
        self.assertFalse(step["can_remind"])

    def test_an_employee_sees_a_released_cycle_without_names(self):
        self._generate()
        self._released()
        step = self.steps(self.employee, "2027-01-04 10:00")["A2"]
        self.assertFalse(step["waiting"])
        with self.assertRaises(AccessError):
            self._create_cycle(2033).with_user(self.employee).get_timeline()

    def test_meeting_of_a_step(self):
        self._generate()
        action = self.cycle.with_user(self.gm_office).action_plan_meeting("strategy_seminar")
        step = self.steps()["A1"]
        self.assertEqual(step["meeting"], {"id": action["res_id"], "start": "2026-12-10 01:00:00", "held": False})
        meeting = self.env["ops.meeting"].browse(action["res_id"]).with_user(self.gm_office)
        with self.at("2026-12-10 16:00"):
            meeting.action_hold(self.utc("2026-12-10 09:00"), self.utc("2026-12-10 15:00"))
        step = self.steps(at="2026-12-11 10:00")["A1"]
        self.assertEqual((step["result"], step["settled"], step["meeting"]["held"]), ("met", True, True))
        # the liaison was not invited: no way to the meeting for them
        self.cycle.sudo()._transition("released")
        self.assertFalse(self.steps(self.liaison)["A1"]["meeting"]["id"])

    def test_what_recurs_shows_the_period_that_counts(self):
        """A6: the first month in which something is open."""
        self._released()
        self._generate("2027-01-05 08:00")
        self._generate("2027-02-05 08:00")
        step = self.steps(at="2027-02-10 10:00")["A6"]
        self.assertEqual((step["period"], step["label"]), ("2027-01", "January 2027"))
        self.assertEqual([period["period"] for period in step["periods"]], ["2027-01", "2027-02"])
        self.Obligation._fulfil_domain("A6", [("period", "=", "2027-01")], moment=self.utc("2027-01-29 10:00"))
        step = self.steps(at="2027-02-10 10:00")["A6"]
        self.assertEqual(step["period"], "2027-02")
        self.assertEqual(step["periods"][0]["result"], "met")

    def test_what_nobody_can_catch_up_with(self):
        """A6: a month whose period is over is missed, and no longer the one that counts."""
        self._released()
        self._generate("2027-01-05 08:00")
        self._generate("2027-02-05 08:00")
        step = self.steps(at="2027-02-27 10:00")["A6"]
        self.assertEqual((step["period"], [period["result"] for period in step["periods"]]), ("2027-02", ["missed", "late"]))
        step = self.steps(at="2027-04-10 10:00")["A6"]
        self.assertEqual((step["period"], step["result"]), ("2027-02", "missed"))

    def test_remind(self):
        """A2: one click of the GM office reminds all who are open, once an hour."""
        self._generate()
        self._submitted()
        with self.at("2026-12-21 10:00"):
            office = self.cycle.with_user(self.gm_office)
            answer = office.action_remind_step("A2")
            self.assertIn(f"{len(self.cycle.department_ids) - 1} reminders", answer["params"]["message"])
            self.assertEqual(office.action_remind_step("A2")["params"]["type"], "warning")
        reminders = self.env["ops.obligation.reminder"].sudo().search([("obligation_id.code", "=", "A2")])
        self.assertNotIn(self.department, reminders.obligation_id.department_id)
        self.assertIn(self.branch_department, reminders.obligation_id.department_id)

    def test_only_the_office_reminds(self):
        self._generate()
        for user in (self.head, self.operations, self.gm, self.admin_ops):
            with self.subTest(user.name), self.assertRaises(AccessError):
                self.cycle.with_user(user).action_remind_step("A2")
        with self.refused(UserError, "Step: choose one of A1"):
            self.cycle.with_user(self.gm_office).action_remind_step("C5")

    def test_the_year_is_found_by_an_index(self):
        """Among all that was owed besides: neither everything nor all of the company is read."""
        self._generate()
        self.env.flush_all()
        self.env.cr.execute(SQL(
            """
            INSERT INTO ops_obligation (standard_id, code, process, variant, urgent, company_id, department_id, role, period, round,
                                        name, date_start, date_due, date_original, state, on_time, in_ledger)
            SELECT %s, 'C5', 'collaboration', '', FALSE, %s, %s, 'owner', '', n, 'Item ' || n, %s, %s, %s, 'done', TRUE, FALSE
              FROM generate_series(1, 20000) AS n
            """,
            self.env.ref("ops_handbook.ops_standard_c5").id, self.company.id, self.department.id, *[clock.now()] * 3,
        ))
        self.env.cr.execute("ANALYZE ops_obligation")
        query = self.Obligation._search(self.cycle.sudo()._timeline_domain())
        plan = "\n".join(line for (line,) in self.env.execute_query(SQL("EXPLAIN %s", query.select())))
        self.assertIn("ops_obligation_former_idx", plan)

    def test_the_number_of_statements_does_not_grow(self):
        """Query budget: 1,000 departments cost what 10 cost."""
        counts = []
        for number in (10, 990):
            departments = self.env["hr.department"].create([
                {"name": f"D{number}-{index}", "company_id": self.company.id, "ops_keeps_plans": True,
                 "manager_id": self.department.manager_id.id}
                for index in range(number)
            ])
            self.cycle.department_ids |= departments
            self._generate()
            self.env.flush_all()
            self.env.invalidate_all()
            self.cycle.with_user(self.gm_office).get_timeline()  # what is cached for everybody
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            step = self.steps(at="2026-12-21 10:00")["A2"]
            counts.append(self.env.cr.sql_log_count - before)
            self.assertGreaterEqual(len(step["waiting"]), number)
        self.assertLessEqual(counts[1], counts[0] + 10, counts)
        self.assertLessEqual(counts[1], 90, counts)
