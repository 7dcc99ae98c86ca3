"""Lessons of the month (I5) and the case library."""

from datetime import date

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .problems import ProblemCase


@tagged("post_install", "-at_install")
class TestOpsLesson(ProblemCase):

    def lesson(self, month="2026-11-01"):
        return self.env["ops.lesson"].with_user(self.operations).with_company(self.company).create({"month": month})

    def november(self):
        """Report four problems in November, one of them closed, and one in December of local time."""
        with self.at("2026-11-01 00:30"):
            first = self.report(category="process", name="气压不足")
        with self.at("2026-11-10 10:00"):
            second = self.resolved(category="process", name="气压又不足", description="Employee 说气压不足")
            second.with_user(self.operations).repeat_of_id = first
        with self.at("2026-11-11 10:00"):
            second.with_user(self.employee).action_verify(True)
            urgent = self.report(proposed_severity="1", name="Smoke")
        with self.at("2026-11-12 10:00"):
            self.accept(urgent, "1")
            self.report(self.liaison).with_user(self.liaison).action_cancel("By mistake")
        with self.at("2026-12-01 00:30"):
            self.report(name="December")
        return first, second, urgent

    def test_figures(self):
        self.november()
        with self.at("2026-12-01 09:00"):
            lesson = self.lesson()
            with self.assertQueryCount(60):
                lesson.action_compile()
        figures = {(figure.kind, figure.category or figure.level or figure.department_id): figure for figure in lesson.figure_ids}
        total = figures["total", self.env["hr.department"]]
        self.assertEqual((total.problem_count, total.closed_count, total.repeat_count), (3, 1, 1))
        self.assertEqual(total.hours_to_accept, 12, "0 and 24 hours; what is not accepted yet does not count")
        self.assertEqual(figures["category", "process"].problem_count, 2)
        self.assertEqual(figures["level", "1"].problem_count, 1)
        self.assertEqual(figures["department", self.department].problem_count, 2)
        self.assertEqual(lesson.problem_count, 3)

    def test_publish_fulfils_i5(self):
        """I5 is met by publishing; a case needs its decision and names nobody."""
        self.november()
        obligation = self.env["ops.obligation"]._insert([self.i5_row()])
        with self.at("2026-11-30 15:00"):
            lesson = self.lesson()
            with self.assertRaisesRegex(UserError, "compile"):
                lesson.action_publish()
            lesson.action_compile()
            lesson.action_pick()
            self.assertEqual(set(lesson.line_ids.mapped("name")), {"Smoke", "气压又不足"})
            with self.assertRaisesRegex(UserError, "decision"):
                lesson.action_publish()
            lesson.line_ids.decision = "share"
            case = lesson.line_ids.filtered(lambda line: line.name != "Smoke")
            self.assertIn("Measure 0", case.remedy)
            with self.assertRaisesRegex(UserError, "reporter"):
                lesson.action_publish()
            case.write({"story": "气压不足", "decision": "revise_handbook"})
            with self.assertRaisesRegex(UserError, "article"):
                lesson.action_publish()
            handbook = self.env["ops.handbook"].create({"name": "Handbook", "company_id": self.company.id})
            article = self.env["ops.article"].create({"name": "Filters", "handbook_id": handbook.id})
            case.write({"change_wanted": "Check the filter weekly", "article_id": article.id})
            lesson.action_publish()
        self.assertEqual((obligation.state, obligation.on_time, obligation.form_id), ("done", True, lesson.id))
        for change in (
            lambda: case.write({"story": "x"}),
            lambda: case.unlink(),
            lambda: lesson.write({"summary": "x"}),
            lambda: lesson.action_compile(),
            lambda: self.env["ops.lesson.line"].with_user(self.operations).create({"name": "x", "lesson_id": lesson.id}),
        ):
            with self.assertRaises(AccessError):
                change()

    def i5_row(self):
        standard = self.env["ops.standard"]._get("I5", self.company)
        return {
            **standard._frozen_columns(standard.revision_id),
            "company_id": self.company.id, "role": "operations", "period": "2026-11",
            "date_start": self.utc("2026-11-01 00:00"), "date_due": self.utc("2026-11-30 23:59:59"),
            "date_original": self.utc("2026-11-30 23:59:59"),
        }

    def test_case_library_is_for_everybody_once_published(self):
        with self.at("2026-11-30 15:00"):
            lesson = self.lesson()
            self.env["ops.lesson.line"].with_user(self.operations).create({
                "name": "Filter", "lesson_id": lesson.id, "decision": "share", "problem_id": self.report().id})
            cases = self.env["ops.lesson.line"].with_user(self.employee)
            self.assertFalse(cases.search([]) | cases.browse())
            self.assertFalse(self.env["ops.lesson"].with_user(self.head).search([]))
            lesson.action_compile()
            lesson.action_publish()
        case = cases.search([])
        self.assertEqual(case.name, "Filter")
        with self.assertRaises(AccessError):
            case.read(["problem_id"])
        self.assertFalse(self.env["ops.lesson.line"].with_user(self.branch_employee).search([]))
        for user in (self.employee, self.head, self.gm_office):
            with self.assertRaises(AccessError):
                self.env["ops.lesson"].with_user(user).create({"month": "2026-01-01"})

    def test_one_per_month(self):
        lesson = self.lesson("2026-10-17")
        self.assertEqual((lesson.month, lesson.period), (date(2026, 10, 1), "2026-10"))
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.lesson("2026-10-02")
        with self.assertRaises(ValidationError):
            self.lesson("2099-01-01")

    def test_obligation_opens_the_month(self):
        obligation = self.env["ops.obligation"]._insert([self.i5_row()])
        action = obligation.with_user(self.operations).action_open_form()
        self.assertEqual(action["res_model"], "ops.lesson")
        self.assertEqual(str(action["context"]["default_month"]), "2026-11-01")
