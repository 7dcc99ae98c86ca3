"""The cockpit: the figures of a year, for whom, and that every figure opens the list that it counts."""

from datetime import date

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .engine import EngineCase

NOW = "2026-12-03 10:00"


@tagged("post_install", "-at_install")
class TestOpsCockpit(EngineCase):
    """C5 is owed by people of three departments: of the workshop one met, one late, one open and overdue, one on hold."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        people = (cls.employee, cls.newcomer, cls.head, cls.colleague, cls.liaison, cls.other_head)
        sources = cls.env["hr.employee"].concat(*(cls.employee_of(user) for user in people))
        with cls.at("2026-11-02 10:00"):
            for source in sources:
                cls.Obligation._start("C5", source, due=date(2026, 11, 10), responsible=source.user_id, department=source.department_id)
        found = cls.Obligation.search([("code", "=", "C5"), ("company_id", "=", cls.company.id)])
        by_user = {item.responsible_id: item for item in found}
        cls.met, cls.late, cls.overdue, cls.below, cls.other_met, cls.coming = (by_user[user] for user in people)
        for item, moment in ((cls.met, "2026-11-10 12:00"), (cls.late, "2026-11-14 12:00"), (cls.other_met, "2026-11-10 12:00")):
            with cls.at(moment):
                cls.Obligation._fulfil("C5", cls.env["hr.employee"].browse(item.source_id))
        with cls.at("2026-11-09 10:00"):
            cls.Obligation._move_due({cls.coming: cls.utc("2026-12-20 18:00:00")}, "Later.")
        cls.enterClassContext(cls.at(NOW))
        cls.env.flush_all()

    def cockpit(self, user=None):
        return self.env["ops.cockpit"].with_user(user or self.operations)

    def data(self, user=None, **view):
        return self.cockpit(user).get_data(**view)

    def row(self, data, department):
        return next(row for row in data["heat"] if row["key"] == department.id)

    def listed(self, user, *figure, **view):
        """Return how many records the list behind a figure shows."""
        action = self.cockpit(user).action_open_figure(*figure, **view)
        return self.env[action["res_model"]].with_user(user).search_count(action["domain"])

    # -- figures ---------------------------------------------------------------------------------------------------------

    def test_rates_are_those_of_the_analysis(self):
        row = self.row(self.data(), self.department)
        november = row["months"][10]
        self.assertEqual(november, {"due": 3, "on_time": 33.3, "closing": 66.7, "coming": 0})
        self.assertEqual(row["year"], november)
        [(due, on_time, closing)] = self.env["ops.obligation.report"].sudo()._read_group(
            [("department_id", "=", self.department.id), ("period_month", "=", "2026-11-01")], [],
            ["due_nbr:sum", "on_time_rate:avg", "closing_rate:avg"],
        )
        self.assertEqual((due, round(on_time, 1), round(closing, 1)), (3, 33.3, 66.7))

    def test_the_year_and_its_months(self):
        data = self.data(self.other_head)
        self.assertEqual(data["total"]["met"], 1)
        self.assertEqual(data["total"]["pending"], 1, "its due time was moved to December; it was originally due in November")
        self.assertEqual([month["met"] for month in data["ring"]], [0] * 10 + [1, 0])
        self.assertEqual((data["year"], len(data["months"]), data["months"][10]["key"]), (2026, 12, "2026-11-01"))
        self.assertFalse(self.data(self.other_head, year=2025)["heat"])
        self.assertIn(2026, data["years"])

    def test_the_clock_decides(self):
        """What was pending is overdue later, without anybody having written it."""
        self.assertEqual(self.data(self.other_head)["overdue"], 0)
        with self.at("2026-12-21 10:00"):
            data = self.data(self.other_head)
        self.assertEqual((data["overdue"], data["total"]["late"], data["total"]["closing"]), (1, 1, 50))

    def test_a_hold_is_not_due(self):
        self.overdue.write({"state": "held", "hold_since": self.utc("2026-11-11 10:00:00"), "hold_until": self.utc("2026-12-30 10:00:00")})
        total = self.data(self.head, department_id=self.department.id)["total"]
        self.assertEqual(total["held"], 1)

    def test_overdue_by_age(self):
        chart = next(chart for chart in self.data(self.head)["charts"] if chart["key"] == "overdue")
        self.assertEqual([cells[0] for cells in chart["cells"]], [0, 0, 0, 2, 0], "for 23 days")
        self.assertEqual(chart["rows"][3]["label"], "14 to 29 days")

    def test_charts_of_the_processes(self):
        keys = [chart["key"] for chart in self.data()["charts"]]
        self.assertEqual(keys, ["overdue", "letters", "tasks", "problems"])

    def test_problems_by_level_and_age(self):
        problems = self.env["ops.problem"]
        with self.at("2026-10-20 10:00"):
            old = problems.with_user(self.employee)._report([
                {"name": "Oil on the floor", "company_id": self.company.id, "proposed_severity": "1"}])
        problems.with_user(self.employee)._report([{"name": "Noise", "company_id": self.company.id, "proposed_severity": "3"}])
        before = self.listed(self.operations, "problems", "1", "2")
        self.assertGreaterEqual(before, 1)
        old.with_user(self.operations).action_accept(severity="1", department_id=self.other_department.id)
        chart = next(chart for chart in self.data(self.other_head)["charts"] if chart["key"] == "problems")
        self.assertEqual(chart["cells"], [[0, 0, 1], [0, 0, 0], [0, 0, 0]])
        self.assertEqual(self.listed(self.other_head, "problems", "1", "2"), 1)

    # -- lists -----------------------------------------------------------------------------------------------------------

    def test_every_figure_opens_what_it_counts(self):
        for user in (self.operations, self.head, self.gm):
            data = self.data(user)
            with self.subTest(user=user.name):
                self.assertEqual(self.listed(user, "due"), data["total"]["due"])
                self.assertEqual(self.listed(user, "coming"), data["total"]["coming"])
                self.assertEqual(self.listed(user, "overdue"), data["overdue"])
                for month, figure in zip(data["months"], data["ring"], strict=True):
                    self.assertEqual(self.listed(user, "due", "", month["key"]), figure["due"])
                for result in ("met", "late", "missed", "pending", "held", "waived"):
                    self.assertEqual(self.listed(user, "result", result), data["total"][result], result)
                for row in data["heat"]:
                    self.assertEqual(self.listed(user, "due", row["key"]), row["year"]["due"], row["name"])
                    self.assertEqual(self.listed(user, "due", row["key"], "2026-11-01"), row["months"][10]["due"], row["name"])
                for chart in data["charts"]:
                    for row, numbers in zip(chart["rows"], chart["cells"], strict=True):
                        for column, number in zip(chart["columns"], numbers, strict=True):
                            self.assertEqual(
                                self.listed(user, chart["key"], row["key"], column["key"]), number, (chart["key"], row, column)
                            )

    def test_a_month_is_that_of_the_company(self):
        """Half past midnight in Shanghai is the day before in UTC: the list has what the month of the figure has."""
        self.met.write({"date_original": self.utc("2026-11-01 00:30")})
        self.late.write({"date_original": self.utc("2026-11-30 23:30")})
        self.other_met.write({"date_original": self.utc("2027-01-01 00:30")})
        self.env.flush_all()
        for month, met, late in (("2026-10-01", 0, 0), ("2026-11-01", 1, 3), ("2026-12-01", 0, 0), ("", 1, 3)):
            with self.subTest(month=month):
                self.assertEqual(self.listed(self.gm, "result", "met", month), met)
                self.assertEqual(self.listed(self.gm, "result", "late", month), late)
        self.assertEqual(self.listed(self.gm, "result", "met", "2027-01-01", year=2027), 1)
        self.test_every_figure_opens_what_it_counts()

    def test_what_is_no_figure(self):
        for figure in (("nothing",), ("__class__",), (None,), (7,), ("due", "x"), ("due", [1]), ("due", "", "2026-13-01"), ("result", "x"),
                       ("overdue", "9"), ("overdue", "x"), ("letters", "x"), ("tasks", "x"), ("problems", "9"), ("problems", "1", "7")):
            with self.subTest(figure), self.assertRaises(ValidationError):
                self.cockpit().action_open_figure(*figure)
        for year in (0, -1, "x", [1], 10**9, True, 2026.5, 9999):
            self.assertEqual(self.data(year=year)["year"], 2026)
            self.assertEqual(self.data(department_id=year)["department"], False)

    # -- for whom --------------------------------------------------------------------------------------------------------

    def test_heads_see_their_departments(self):
        self.assertEqual({row["key"] for row in self.data(self.head)["heat"]}, {self.department.id, self.sub_department.id})
        self.assertEqual({row["id"] for row in self.data(self.head)["departments"]}, {self.department.id, self.sub_department.id})
        self.assertEqual({row["key"] for row in self.data(self.other_head)["heat"]}, {self.other_department.id})
        self.assertGreaterEqual(len(self.data()["heat"]), 3)

    def test_a_department_with_those_below(self):
        chosen = self.data(department_id=self.department.id)
        self.assertEqual(chosen["department"], self.department.id)
        self.assertEqual({row["key"] for row in chosen["heat"]}, {self.department.id, self.sub_department.id})
        self.assertEqual(self.listed(self.operations, "due", department_id=self.department.id), chosen["total"]["due"])
        elsewhere = self.data(self.head, department_id=self.other_department.id)
        self.assertEqual(elsewhere["department"], False, "nobody else's")
        self.assertEqual(elsewhere["total"], self.data(self.head)["total"])

    def test_substitutes_and_strangers(self):
        for user in (self.employee, self.liaison, self.portal, self.admin_ops):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                self.data(user)
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                self.cockpit(user).action_open_figure("due")
        self.env["ops.substitution"].create({
            "user_id": self.other_head.id, "substitute_id": self.employee.id, "date_from": "2026-12-01", "date_to": "2026-12-05",
        })
        self.assertEqual(self.data(self.employee)["total"], self.data(self.other_head)["total"])

    def test_companies_chosen(self):
        branch = self.cockpit().with_context(allowed_company_ids=self.branch.ids).get_data()
        self.assertFalse({row["key"] for row in branch["heat"]} & {self.department.id, self.other_department.id})
        self.assertEqual(self.data(self.branch_head)["total"]["met"], 0)

    # -- cost ------------------------------------------------------------------------------------------------------------

    def test_a_constant_number_of_statements(self):
        self.data()
        counts = []
        for more in (0, 30):
            departments = [self._create_department(f"More {number}") for number in range(more)]
            for department in departments:
                self.Obligation._insert([{
                    "standard_id": self.met.standard_id.id, "code": "C5", "process": self.met.process, "company_id": self.company.id,
                    "department_id": department.id, "role": "head", "period": f"more-{department.id}", "date_start": self.utc("2026-11-01 10:00:00"),
                    "date_due": self.utc("2026-11-10 10:00:00"), "date_original": self.utc("2026-11-10 10:00:00"),
                }])
            self.env.flush_all()
            self.env.invalidate_all()
            self.data()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.data()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)
        self.assertLessEqual(counts[0], 30)
