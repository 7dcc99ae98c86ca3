"""The GM office's analyses: compiled of all departments, published and frozen; the quarter's for its review (A7)."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .progress import MARCH, ProgressCase

LATER = "2027-04-06 10:00"  # Tuesday


@tagged("post_install", "-at_install")
class TestOpsProgressAnalysis(ProgressCase):
    def _analysis(self, period="2027-03", user=None):
        return self.env["ops.progress.analysis"].with_user(user or self.gm_office).create({
            "cycle_id": self.cycle.id, "period": period,
        })

    def _published(self, period="2027-03"):
        analysis = self._analysis(period)
        analysis.body = "<p>Sales are behind.</p>"
        analysis.action_publish()
        return analysis

    def _line_of(self, analysis, department, month="2027-03"):
        return analysis.sudo().line_ids.filtered(lambda line: (line.department_id, line.month) == (department, month))

    # -- compiled ------------------------------------------------------------------------------------------------------

    def test_a_department_with_nothing_to_do_yet_does_not_pull_the_figure_down(self):
        with self.at("2027-01-04 10:00"):
            plan = self._plan(self.ops_department)
            plan.sudo().goal_ids.write({"kpi_id": False})
            plan.sudo().initiative_ids.write({"date_start": "2027-04-01"})
            plan.sudo().milestone_ids.write({"date": "2027-05-31"})
            self._released(plan)
        empty = self._handed_in("2027-01", plan)
        self.assertFalse(empty.line_ids)
        self._handed_in("2027-01", self.other_plan)
        analysis = self._analysis("2027-01")
        self.assertEqual((analysis.reported_count, analysis.attainment), (2, 100))

    def test_a_month_is_compiled_with_lights_deviations_help_and_who_is_missing(self):
        self._generate("2027-03-02 08:00")
        report = self._complete(self._report(), 0.5)
        report.line_ids[0].help_needed = "A second salesman"
        report.action_submit()
        with self.at(LATER):
            analysis = self._analysis()
            mine, other = (self._line_of(analysis, department) for department in (self.department, self.other_department))
            self.assertEqual((mine.is_reported, mine.result, mine.light, mine.red_count), (True, "met", "red", 3))
            self.assertIn("Sell more (17 %): The supplier is late → Ask a second one", mine.deviations)
            self.assertEqual(mine.help_needed, "• Sell more: A second salesman")
            self.assertEqual((other.is_reported, other.result, other.red_count), (False, "overdue", 0))
            self.assertEqual((analysis.missing_count, analysis.reported_count, analysis.red_count), (1, 1, 3))
            self.assertEqual(analysis.heat_map["months"], ["2027-01", "2027-02", "2027-03"])
            row = next(row for row in analysis.heat_map["rows"] if row["department"] == "Workshop")
            self.assertEqual((row["cells"][0], row["cells"][2]["light"]), (None, "red"))

    def test_drafts_and_returned_reports_do_not_count(self):
        self._report()
        self._handed_in(plan=self.other_plan).with_user(self.gm_office).action_return("Again")
        self.assertFalse(any(self._analysis().line_ids.mapped("is_reported")))

    def test_compiling_again_keeps_remarks(self):
        analysis = self._analysis()
        line = self._line_of(analysis, self.department).with_user(self.gm_office)
        line.remark = "On holiday"
        self._handed_in()
        analysis.action_compile()
        again = self._line_of(analysis, self.department)
        self.assertEqual((again.remark, again.is_reported), ("On holiday", True))

    def test_compiling_again_keeps_each_line_for_whoever_has_it_open(self):
        analysis = self._analysis("2027-Q1")
        lines = analysis.line_ids
        self._handed_in("2027-01")
        analysis.action_compile()
        self.assertEqual(analysis.line_ids, lines)
        mine = self._line_of(analysis, self.department, "2027-01")
        self.assertEqual((mine.is_reported, mine.light, mine.attainment, bool(mine.report_id)), (True, "green", 100, True))
        mine.report_id.with_user(self.gm_office).action_return("Count again")
        analysis.action_compile()
        self.assertEqual((mine.is_reported, mine.light, mine.attainment, bool(mine.report_id)), (False, False, 0, False))

    def test_a_remark_goes_with_the_plan_that_another_department_takes_over(self):
        analysis = self._analysis()
        self._line_of(analysis, self.department).with_user(self.gm_office).remark = "On holiday"
        self.plan.with_user(self.gm_office).action_hand_over_department(self.sub_department.id, "A team of it goes on")
        analysis.action_compile()
        self.assertFalse(self._line_of(analysis, self.department))
        self.assertEqual(self._line_of(analysis, self.sub_department).remark, "On holiday")

    def test_many_drafts_are_compiled_in_as_many_statements(self):
        drafts = [self._analysis(period).sudo() for period in ("2027-01", "2027-02", "2027-03", "2027-Q1")]
        for month in ("2027-01", "2027-02", "2027-03"):
            self._handed_in(month)
        one, many = self._statements(drafts[0]), self._statements(drafts[1].concat(*drafts[2:]))
        self.assertLessEqual(many, one + 3, (one, many))

    def _statements(self, drafts):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        drafts._filtered_stale()
        drafts._compile()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_compiling_asks_no_more_for_more_departments(self):
        counts = []
        for departments in ((), range(5)):
            for index in departments:
                user = self._create_user(f"unit{index}")
                with self.at("2027-01-04 10:00"):
                    self._released(department=self._create_department(f"Unit {index}", user))
            self.env["ops.progress.analysis"].sudo().search([("cycle_id", "=", self.cycle.id)]).unlink()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._analysis().sudo()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 3, counts)

    def test_a_quarter_compiles_its_three_months_by_itself(self):
        for month in ("2027-01", "2027-02", "2027-03"):
            self._handed_in(month)
        analysis = self._analysis("2027-Q1")
        lines = analysis.line_ids.filtered(lambda line: line.department_id == self.department)
        self.assertEqual(lines.mapped("month"), ["2027-01", "2027-02", "2027-03"])
        self.assertEqual((set(lines.mapped("light")), analysis.department_count), ({"green"}, 2))

    def test_periods_are_months_and_quarters_of_the_year_once(self):
        for period in ("2027", "2027-W10", "2028-01", "soon"):
            with self.subTest(period=period), self.refused(ValidationError, "Period"):
                self._analysis(period)

    # -- published -----------------------------------------------------------------------------------------------------

    def test_published_it_stays_as_it_was(self):
        report = self._handed_in()
        with self.at(LATER):
            analysis = self._published()
            line = self._line_of(analysis, self.department)
            before = line.attainment
            report.with_user(self.gm_office).action_return("Count again")
            report.line_ids[0].write({"actual": 1, "light": "red", "cause": "Miscounted", "action": "Count"})
            report.action_submit()
            office = analysis.with_user(self.gm_office)
            for refused in (
                lambda: office.action_compile(), lambda: office.write({"body": "Fine"}),
                lambda: line.with_user(self.gm_office).write({"remark": "Late"}), lambda: office.unlink(),
            ):
                with self.assertRaises(UserError):
                    refused()
            analysis.sudo()._compile()
        self._run_job("2027-04-06 12:00")
        self.assertFalse(analysis.is_stale)
        self.assertNotEqual(report.attainment, before)
        self.assertEqual((line.exists().attainment, line.department_name, line.head_name), (before, "Workshop", "Head"))

    def test_what_is_compiled_is_not_typed(self):
        line = self._line_of(self._analysis(), self.department).with_user(self.gm_office)
        with self.refused(UserError, "compiled"):
            line.write({"light": "green"})
        for records in (line, line.sudo()):
            with self.assertRaises(UserError):
                records.unlink()
            with self.assertRaises(UserError):
                records.create({
                    "analysis_id": line.analysis_id.id, "department_id": self.department.id, "month": "2027-01",
                })

    def test_it_is_published_with_an_analysis_after_the_period(self):
        analysis = self._analysis()
        analysis.body = "<p>All well.</p>"
        with self.refused(UserError, "not over yet"):
            analysis.action_publish()
        with self.at(LATER):
            analysis.body = "<p> </p>"
            with self.refused(UserError, "what the figures"):
                analysis.action_publish()
        with self.refused(UserError, "not accepted"):
            analysis.action_accept()

    def test_heads_and_the_general_manager_are_told_and_read_it(self):
        draft = self._analysis("2027-02")
        for user in (self.head, self.operations, self.gm):
            with self.assertRaises(AccessError):
                draft.with_user(user).read(["body"])
        with self.at(LATER):
            analysis = self._published()
        self.assertIn(("Published: Progress in March 2027", [self.head.email]), self.mails())
        self.assertIn(("Published: Progress in March 2027", [self.gm.email]), self.mails())
        for user in (self.head, self.other_head, self.operations, self.gm, self.branch_head):
            self.assertTrue(analysis.with_user(user).read(["body"]))
            self.assertTrue(analysis.line_ids.with_user(user).read(["deviations"]))
        with self.assertRaises(AccessError):
            analysis.with_user(self.employee).read(["body"])

    # -- by itself -----------------------------------------------------------------------------------------------------

    def test_drafts_are_proposed_when_the_months_a6_has_passed(self):
        self._generate("2027-03-02 08:00")
        self._run_job("2027-03-30 08:00")
        self.assertFalse(self._drafts("2027-03"))
        self._run_job("2027-04-02 08:00")
        month, quarter = self._drafts("2027-03"), self._drafts("2027-Q1")
        self.assertEqual((len(month), len(quarter), len(quarter.line_ids)), (1, 1, 6))
        waiting = self._owed("D1", ("source_model", "=", month._name), ("source_id", "=", month.id))
        self.assertEqual((waiting.state, waiting.role), ("open", "gm_office"))
        month.with_user(self.gm_office).action_cancel("Not needed")
        self.assertEqual(waiting.state, "cancelled")
        self._run_job("2027-04-03 08:00")
        self.assertEqual(len(self._drafts("2027-03")), 1)

    def test_drafts_are_compiled_again_by_themselves_when_reports_come_in_or_are_due(self):
        self._generate("2027-03-02 08:00")
        analysis = self._analysis("2027-Q1")
        mine, other = (self._line_of(analysis, department) for department in (self.department, self.other_department))
        mine.with_user(self.gm_office).remark = "On holiday"
        self._run_job("2027-03-30 08:00")
        self.assertEqual((analysis.compiled_on, analysis.is_stale), (self.utc(MARCH), False), "nothing newer is known")
        report = self.Report.search([("plan_id", "=", self.plan.id), ("period", "=", "2027-03")]).with_user(self.head)
        with self.at("2027-03-30 10:00"):
            self._complete(report).action_submit()
        analysis.invalidate_recordset(["is_stale"])
        self.assertTrue(analysis.is_stale)
        self._run_job("2027-03-30 12:00")
        self.assertEqual((mine.is_reported, mine.remark, analysis.is_stale), (True, "On holiday", False))
        self.assertEqual((other.is_reported, other.result), (False, "pending"))
        with self.at("2027-03-30 14:00"):
            report.with_user(self.gm_office).action_return("Count again")
        self._run_job("2027-04-02 08:00")
        self.assertEqual((mine.is_reported, mine.remark, other.result), (False, "On holiday", "overdue"))

    def test_a_draft_is_stale_when_a_report_is_due_that_is_not_there(self):
        self._generate("2027-03-02 08:00")
        analysis = self._analysis()
        self.assertFalse(analysis.is_stale)
        with self.at(LATER):
            analysis.invalidate_recordset(["is_stale"])
            self.assertTrue(analysis.is_stale)
            analysis.action_compile()
            self.assertFalse(analysis.is_stale)

    def _drafts(self, period):
        return self.env["ops.progress.analysis"].sudo().search([("cycle_id", "=", self.cycle.id), ("period", "=", period)])

    def _run_job(self, local):
        with self.at(local), self.enter_registry_test_mode():
            self.env.ref("ops_handbook.ops_progress_cron_prefill").method_direct_trigger()

    # -- the quarterly review ------------------------------------------------------------------------------------------

    def test_the_review_of_a_quarter_has_its_compilation_beside_it(self):
        self._handed_in()
        self._run_cycle()
        with self.at(LATER):
            opened = self.cycle.with_user(self.gm_office).action_plan_meeting("quarterly_review", "2027-Q1")
        meeting = self.env["ops.meeting"].browse(opened["res_id"])
        analysis = self._drafts("2027-Q1")
        self.assertTrue(analysis.number)
        self.assertTrue(analysis.line_ids.filtered("is_reported"))
        office = meeting.with_user(self.gm_office)
        self.assertEqual(office.progress_analysis_id, analysis)
        self.assertEqual(office.action_open_progress_analysis()["res_id"], analysis.id)
        self.assertEqual(analysis.with_user(self.gm_office).action_plan_meeting()["res_id"], meeting.id)
        self.assertFalse(meeting.with_user(self.head).progress_analysis_id)

    def _run_cycle(self):
        cycle = self.cycle.sudo()
        for state in ("review", "released", "running"):
            if state in cycle._flow[cycle.state]:
                cycle._transition(state)

    def test_the_compilation_plans_the_review(self):
        self._run_cycle()
        with self.at(LATER):
            analysis = self._analysis("2027-Q1")
            meeting = self.env["ops.meeting"].browse(analysis.action_plan_meeting()["res_id"])
        self.assertEqual((meeting.sudo().cycle_quarter, meeting.with_user(self.gm_office).progress_analysis_id),
                         ("2027-Q1", analysis))
        with self.refused(UserError, "of a quarter"):
            self._analysis().action_plan_meeting()
