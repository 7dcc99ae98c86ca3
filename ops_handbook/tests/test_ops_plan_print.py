"""Prints of forms 1 to 4, of review sheets and analyses, and of the company's whole plan."""

from odoo.tests import tagged

from .planning import PlanningCase


@tagged("post_install", "-at_install")
class TestPlanPrint(PlanningCase):
    def test_form_1(self):
        html = self.render("ops_plan_report", self._plan())
        self.assertSays(html, "Annual Operating Plan", "Draft", "Form 1", "Sell more", "New packaging line", "Fitter", "The line runs",
                        "Rent a line for two months", "Signatures", "Department Head")
        empty = self._plan(self.other_department, goal_ids=[], initiative_ids=[], resource_ids=[], milestone_ids=[], risk_ids=[])
        empty.write({name: [(5,)] for name in ("goal_ids", "initiative_ids", "resource_ids", "milestone_ids", "risk_ids")})
        self.assertEqual(self.render("ops_plan_report", empty, self.other_head).count("None."), 5)

    def test_form_2_has_the_months(self):
        plan = self._plan()
        self.assertSays(self.render("ops_plan_final_report", plan), "Not Released Yet", "Nothing is broken down")
        html = self.render("ops_plan_final_report", self._released(plan))
        self.assertSays(html, "Form 2", "Version", "Breakdown by Month and Quarter", "10,000", "30,000", "120,000", "Q4", "Jan", "Dec")
        self.assertNotIn("Not Released Yet", html)
        chinese = self.render("ops_plan_final_report", plan, lang="zh_CN")
        self.assertSays(chinese, "1月", "12月")
        html = self.render("ops_plan_version_report", plan.version_ids)
        self.assertSays(html, "Published on", "Sell more")

    def test_the_companys_plan(self):
        self._released()
        self._plan(self.other_department)
        html = self.render("ops_cycle_report", self.cycle, self.employee)
        self.assertSays(html, self.cycle.name, "Growth", "Customer satisfaction", "1,200,000", "Workshop", "Contents",
                        "New packaging line")
        self.assertIn("Not released yet", html)
        self.assertEqual(html.count("Rent a line for two months"), 1, "drafts are not in it")

    def test_the_companys_plan_costs_the_same_for_more_departments(self):
        def cost():
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            self.render("ops_cycle_report", self.cycle, self.gm_office)
            return self.env.cr.sql_log_count - start

        self._released()
        self._released(self._plan(self.ops_department))
        cost()
        few = cost()
        self._released(self._plan(self.other_department))
        self._released(self._plan(self.branch_department))
        self.assertLessEqual(cost(), few + 2)

    def test_form_3_form_4_and_sheets(self):
        plan = self._in_review()
        sheet = plan.review_ids[:1]
        if sheet:
            self.assertSays(self.render("ops_plan_review_report", sheet, sheet.reviewer_id), "Review Sheet", "Coverage of Risks")
        plan = self._released(self._plan(self.other_department))
        change = self.env["ops.plan.change"].with_user(self.other_head).create({
            "plan_id": plan.id, "reason": "The market has changed", "impact": "None on others",
        })
        initiative = plan.initiative_ids[0]
        self.env["ops.plan.change.line"].with_user(self.other_head).create({
            "change_id": change.id, "target_model": "ops.plan.initiative", "target_id": initiative.id,
            "target_field": "deliverable", "new_json": "2,000 boxes an hour",
        })
        self.assertSays(self.render("ops_plan_change_report", change, self.other_head), "Form 4", "The market has changed",
                        "1,000 boxes an hour", "2,000 boxes an hour", "Old Value")
        with self.at("2027-02-01 10:00"):
            report = self.env["ops.progress.report"].with_user(self.other_head).create({"plan_id": plan.id, "period": "2027-01"})
        self.assertSays(self.render("ops_progress_report_report", report, self.other_head), "Form 3", "2027-01", "Sell more",
                        "Corrective Action")

    def test_analysis(self):
        self._released()
        with self.at("2027-02-01 10:00"):
            analysis = self.env["ops.progress.analysis"].with_user(self.gm_office).create({
                "cycle_id": self.cycle.id, "period": "2027-01",
            })
        self.assertSays(self.render("ops_progress_analysis_report", analysis, self.gm_office), "Monthly Analysis", "2027-01", "Draft")
