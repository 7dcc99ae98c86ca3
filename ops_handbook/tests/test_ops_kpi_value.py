"""Actual figures: who writes which, in which month, and that what is settled stays."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..tools import token
from .planning import PlanningCase


@tagged("post_install", "-at_install")
class TestOpsKpiValue(PlanningCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.enterClassContext(cls.at("2027-04-20 10:00"))
        cls.plan = cls._plan()
        token.marked(cls.cycle.sudo()).write({"state": "running"})
        cls.Value = cls.env["ops.kpi.value"]

    def figure(self, user, kpi=None, department=None, month="2027-03", value=10, **values):
        return self.Value.with_user(user).create({
            "kpi_id": (kpi or self.turnover).id, "department_id": (department or self.department).id, "month": month,
            "value": value, **values,
        })

    def test_who_types_what(self):
        """The GM office all of them, heads those of their departments, others none."""
        self.figure(self.gm_office, department=self.other_department)
        self.figure(self.head, month="2027-01")
        self.figure(self.head, self.scrap, month="2027-01")
        with self.refused(AccessError, "neither answers for"):
            plan = self.plan.sudo()
            plan.goal_ids.filtered("kpi_id").write({"kpi_id": False})
            self.figure(self.head, self.satisfaction)
        for user, department in ((self.head, self.other_department), (self.employee, self.department), (self.gm, self.department),
                                 (self.operations, self.department), (self.admin_ops, self.department)):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.figure(user, department=department, month="2027-02")

    def test_what_is_no_number_is_refused_in_words(self):
        for value in ([[0, 0, {}]], {"x": 1}, "None", "\u202eevil"):
            with self.subTest(value=value), self.refused(UserError, "Value: this is not a number"):
                self.figure(self.head, month="2027-01", value=value)
        with self.subTest(value=1e308), self.refused(ValidationError, "too large"):
            self.figure(self.head, month="2027-01", value=1e308)

    def test_where_it_comes_from(self):
        typed = self.figure(self.head, origin="report")
        self.assertEqual(typed.origin, "typed", "a client does not say so")
        typed.sudo().write({"origin": "report"})
        typed.write({"value": 12, "origin": "rule"})
        self.assertEqual(typed.origin, "typed")
        answer = self.Value.with_user(self.gm_office).with_context(import_file=True).load(
            ["kpi_id", "department_id", "month", "value"], [["TURN", "Workshop", "2027-01", "5"], ["TURN", "Sales", "2027-01", "6"]]
        )
        self.assertEqual(self.Value.browse(answer["ids"]).mapped("origin"), ["imported"] * 2, answer)

    def test_months(self):
        for month in ("2026-12", "2027-13", "2027-3", "March", "2028-01"):
            with self.subTest(month=month), self.refused(ValidationError, "is no month of 2027"):
                self.figure(self.head, month=month)
        with self.refused(ValidationError, "has not begun"):
            self.figure(self.head, month="2027-05")
        self.figure(self.head, month="2027-04")

    def test_departments_of_the_cycle(self):
        branch = self.figure(self.gm_office, department=self.branch_department)
        self.assertTrue(branch)
        stranger = self._create_company("Stranger", "Asia/Tokyo", "base.jp")
        with self.refused(ValidationError, "takes no part"):
            self.figure(self.env.user, department=self._create_department("Elsewhere", company=stranger))

    def test_rounded_as_the_indicator_is_counted(self):
        self.assertEqual(self.figure(self.head, value=10.005).value, 10.01)
        level = self.figure(self.gm_office, self.satisfaction, value=93.14)
        self.assertEqual(level.value, 93.1)
        level.value = 93.16
        self.assertEqual(level.value, 93.2)
        for value in (float("nan"), float("inf"), 1e15):
            with self.subTest(value=value), self.refused(ValidationError, "too large"):
                level.value = value

    def test_settled_with_the_progress_report(self):
        """A6: figures of a month whose report is accepted stay what they are, for everybody."""
        value = self.figure(self.head)
        token.marked(self.plan.sudo()).write({"state": "released"})
        report = self.env["ops.progress.report"].sudo().create({
            "plan_id": self.plan.id, "department_id": self.department.id, "company_id": self.company.id, "period": "2027-03",
        })
        token.marked(report).write({"state": "accepted"})
        self.assertTrue(value.is_settled)
        for user in (self.head, self.gm_office, self.env.user):
            with self.subTest(user=user.login), self.refused(UserError, "settled"):
                value.with_user(user).value = 11
            with self.subTest(user=user.login), self.refused(UserError, "settled"):
                value.with_user(user).unlink()
            with self.subTest(user=user.login), self.refused(UserError, "settled"):
                self.figure(user, self.satisfaction)
        token.marked(report).write({"state": "returned"})
        value.with_user(self.head).value = 11

    def test_actuals(self):
        self.figure(self.head, value=10)
        self.figure(self.gm_office, department=self.other_department, month="2027-01", value=20)
        self.env.flush_all()
        with self.assertQueryCount(1):
            actuals = self.Value._actuals(
                self.turnover | self.scrap, self.department | self.other_department, ["2027-01", "2027-02", "2027-03"]
            )
        self.assertEqual(actuals, {
            (self.turnover.id, self.department.id, "2027-03"): 10, (self.turnover.id, self.other_department.id, "2027-01"): 20,
        })

    def test_who_reads(self):
        value = self.figure(self.gm_office)
        self.assertTrue(value.with_user(self.branch_employee).has_access("read"), "a branch reads the cycle that it takes part in")
        token.marked(self.cycle.sudo()).write({"state": "review"})
        self.env.flush_all()
        self.assertFalse(value.with_user(self.employee).has_access("read"), "employees read released cycles")
        self.assertTrue(value.with_user(self.other_head).has_access("read"))

    def test_targets_and_actuals_side_by_side(self):
        """Of released plans; a month without a figure has a target alone, and the other way round."""
        self.plan.sudo().action_split()
        self.figure(self.head, value=9_000)
        self.figure(self.gm_office, department=self.other_department, month="2027-01", value=20)
        self.env.flush_all()
        report = self.env["ops.kpi.report"].with_user(self.gm_office)
        self.assertFalse(report.search([("kind", "=", "target"), ("cycle_id", "=", self.cycle.id)]), "not released yet")
        token.marked(self.plan.sudo()).write({"state": "released"})
        self.env.flush_all()
        mine = [("kpi_id", "=", self.turnover.id), ("department_id", "=", self.department.id)]
        rows = report.search([*mine, ("kind", "=", "target")], order="month")
        self.assertEqual((len(rows), rows[2].figure, rows[2].amount, rows[2].quarter), (12, 10_000, 10_000, "2027-Q1"))
        self.assertEqual(report.search([*mine, ("kind", "=", "actual")]).mapped("amount"), [9_000])
        sums = report._read_group([("kpi_id", "=", self.turnover.id)], ["kind"], ["amount:sum"])
        self.assertEqual(dict(sums), {"target": 120_000, "actual": 9_020})
        levels = report._read_group([("kpi_id", "=", self.satisfaction.id)], ["kind"], ["level:avg", "amount:sum"])
        self.assertEqual(levels, [("target", 95, 0)], "twelve levels are no sum")
        action = self.satisfaction.with_user(self.gm_office).action_open_figures()
        self.assertEqual((action["domain"], action["context"]["graph_measure"]), ([("kpi_id", "in", self.satisfaction.ids)], "level"))
