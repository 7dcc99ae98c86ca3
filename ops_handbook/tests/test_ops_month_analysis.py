"""Operations' analysis of a month: compiled of all departments, published and frozen; its causes are the progress report's."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .completion import CompletionCase


@tagged("post_install", "-at_install")
class TestOpsMonthAnalysis(CompletionCase):
    LATER = "2027-03-01 10:00"

    def analysis(self, period="2027-02", user=None):
        return self.env["ops.month.analysis"].with_user(user or self.operations).create({"period": period})

    def published(self, period="2027-02"):
        analysis = self.analysis(period)
        analysis.body = "<p>The parts come late.</p>"
        analysis.action_publish()
        return analysis

    def line_of(self, analysis, department=None):
        department = department or self.department
        return analysis.sudo().line_ids.filtered(lambda line: line.department_id == department)

    def month_of_sales(self, state="issued"):
        plan = self._month_plan(
            tasks=[self._values("Call", owner_id=self.liaison.id, initiative_id=self.annual.initiative_ids[0].id)],
            user=self.other_head, department=self.other_department,
        )
        return self._reach(plan, state)

    def test_where_nothing_was_due_there_is_no_completion_to_count(self):
        self.final()
        sales = self.month_of_sales()  # its one task ends after the report: running
        self._report(sales, user=self.other_head).action_submit()
        analysis = self.analysis()
        line = self.line_of(analysis, self.other_department)
        self.assertEqual((line.is_reported, line.running_count, line.light), (True, 1, False))
        self.assertEqual(analysis.completion, self.line_of(analysis).completion)
        means = self.env["ops.month.analysis.line"]._read_group(
            [("analysis_id", "=", analysis.id), ("is_reported", "=", True)], [], ["completion:avg", "routine_share:avg"]
        )
        self.assertEqual(means[0][0], analysis.completion)

    def final(self, plan=None, **causes):
        report = self._said(self._report(plan), **causes)
        report.action_submit()
        report.with_user(self.operations).action_rule_as_proposed()
        report.with_user(self.operations).action_accept()
        if report.state == "ruled":
            report.action_agree()
        return report

    # -- compiled ------------------------------------------------------------------------------------------------------

    def test_a_month_is_compiled_by_department_weight_and_number(self):
        self.generate()
        self.month_of_sales()
        self.final()
        with self.at(self.LATER):
            analysis = self.analysis()
            mine, sales = self.line_of(analysis), self.line_of(analysis, self.other_department)
        figures = ("task_count", "done_count", "running_count", "unfinished_count", "subjective_count", "objective_count")
        self.assertEqual([mine[name] for name in figures], [4, 1, 1, 2, 2, 0])
        self.assertEqual((mine.completion, mine.completion_by_count, mine.light), (50.0, 33.3, "red"))
        self.assertEqual((mine.result, mine.is_reported, mine.is_final), ("met", True, True))
        self.assertEqual((mine.routine_share, mine.routine_limit, mine.routine_is_high), (100.0, 40.0, True))
        self.assertEqual((sales.is_reported, sales.result, sales.task_count, sales.light), (False, "overdue", 1, False))
        self.assertEqual((analysis.missing_count, analysis.routine_high_count, analysis.completion), (4, 1, 50.0))
        self.assertEqual((mine.department_name, mine.head_name), ("Workshop", "Head"))

    def test_causes_are_said_in_the_language_of_the_reader(self):
        self.final()
        line = self.line_of(self.analysis())
        self.assertIn("• Late: Subjective – Not Carried Out – The part came late.", line.causes)
        self.assertNotIn("Subjective", line.facts[0]["task"])
        self.assertEqual(line.facts[0]["ruled"], "subjective")

    def test_only_proposed_is_told_apart(self):
        self._submitted_report(cause="objective", kind="resource")
        line = self.line_of(self.analysis())
        self.assertIn("Objective (proposed) – Resource Not Delivered", line.causes)
        self.assertEqual((line.objective_count, line.is_final), (0, False))

    def test_a_cause_of_the_last_three_months_is_a_repeat(self):
        """Only of the same department, of the same kind, and not before."""
        self.final()
        with self.at("2027-03-22 10:00"):
            march = self._issued(month="2027-03-01", tasks=self._four("2027-03"))
            self.final(march)
            line = self.line_of(self.analysis("2027-03"))
            self.assertEqual(line.repeat_count, line.unfinished_count)
            self.assertTrue(line.repeat_count)
            self.assertIn("again, as in 2027-02", line.causes)
        with self.at("2027-06-22 10:00"):
            june = self._issued(month="2027-06-01", tasks=[self._values("Late", "2027-06", is_routine=True, date_end="2027-06-10")])
            report = self._said(self._report(june))
            report.line_ids.filtered(lambda item: item.task_id in june.task_ids).cause_kind = "skill"
            report.action_submit()
            kinds = {fact["task"]: fact["before"] for fact in self.line_of(self.analysis("2027-06")).facts if fact["kind"] == "skill"}
            self.assertEqual(kinds, {"Late": []})

    def test_compiling_again_keeps_remarks_and_says_when_it_should_be(self):
        with self.at("2027-02-22 09:00"):
            analysis = self.analysis()
        line = self.line_of(analysis).with_user(self.operations)
        line.remark = "On holiday"
        self.assertFalse(analysis.is_stale)
        self.final()
        analysis.invalidate_recordset(["is_stale"])
        self.assertTrue(analysis.is_stale)
        analysis.action_compile()
        again = self.line_of(analysis)
        self.assertEqual((again.remark, again.is_reported), ("On holiday", True))
        self.assertFalse(analysis.is_stale)

    def test_drafts_and_returned_reports_do_not_count(self):
        self._report()
        self.assertFalse(self.line_of(self.analysis()).is_reported)

    def test_branches_are_compiled_with_their_parent(self):
        self._month_plan(
            tasks=[self._values("Branch", owner_id=self.branch_employee.id, is_routine=True)], user=self.branch_head,
            department=self.branch_department,
        )
        companies = (self.branch | self.company).ids
        analysis = self.env["ops.month.analysis"].with_user(self.operations).with_context(allowed_company_ids=companies).create({
            "period": "2027-02",
        })
        self.assertEqual(analysis.company_id, self.company)
        self.assertTrue(self.line_of(analysis, self.branch_department))

    def test_the_trend_shows_twelve_months(self):
        self.final()
        heat = self.analysis().heat_map
        self.assertEqual((heat["months"][0], heat["months"][-1], len(heat["months"])), ("2026-03", "2027-02", 12))
        row = next(row for row in heat["rows"] if row["department"] == "Workshop")
        self.assertEqual((row["cells"][0], row["cells"][-1]["light"], row["cells"][-1]["attainment"]), (None, "red", 50.0))
        action = self.analysis_action()
        self.assertEqual(action["res_model"], "ops.month.analysis.line")

    def analysis_action(self):
        return self.env["ops.month.analysis"].search([], limit=1).line_ids[:1].action_open_trend()

    def test_compiling_asks_no_more_for_more_departments(self):
        counts = []
        for departments in (range(1), range(1, 7)):
            for index in departments:
                user = self._create_user(f"unit{index}")
                unit = self._create_department(f"Unit {index}", user)
                plan = self._month_plan(tasks=[
                    self._values("Left", owner_id=user.id, is_routine=True, date_end="2027-02-10"),
                    self._values("Done", owner_id=user.id, is_routine=True),
                ], user=user, department=unit)
                self._reach(plan, "issued")
                report = self._said(self._report(plan, user))
                report.action_submit()
            self.env["ops.month.analysis"].sudo().search([]).unlink()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.analysis()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 3, counts)

    def test_periods_are_months_once(self):
        for period in ("2027", "2027-Q1", "soon", "2027-13"):
            with self.subTest(period=period), self.refused(ValidationError, "Month"):
                self.analysis(period)

    # -- published -----------------------------------------------------------------------------------------------------

    def test_published_it_stays_as_it_was(self):
        report = self._submitted_report()
        analysis = self.published()
        line = self.line_of(analysis)
        before = (line.subjective_count, line.causes, line.completion)
        report.with_user(self.operations).action_rule_as_proposed()
        report.with_user(self.operations).action_accept()
        office = analysis.with_user(self.operations)
        for refused in (
            lambda: office.action_compile(), lambda: office.write({"body": "Fine"}), lambda: office.unlink(),
            lambda: line.with_user(self.operations).write({"remark": "Late"}), lambda: office.action_cancel("No"),
        ):
            with self.assertRaises(UserError):
                refused()
        analysis.sudo()._compile()
        line = self.line_of(analysis)
        self.assertEqual((line.subjective_count, line.causes, line.completion), before)

    def test_what_is_compiled_is_not_typed(self):
        line = self.line_of(self.analysis()).with_user(self.operations)
        with self.refused(UserError, "compiled"):
            line.write({"light": "green"})
        for records in (line, line.sudo()):
            with self.assertRaises(UserError):
                records.unlink()
            with self.assertRaises(UserError):
                records.create({"analysis_id": line.analysis_id.id, "department_id": self.other_department.id})

    def test_it_is_published_with_words(self):
        analysis = self.analysis()
        analysis.body = "<p> </p>"
        with self.refused(UserError, "what the figures"):
            analysis.action_publish()
        for action in (analysis.action_accept, analysis.action_close, analysis.action_return):
            with self.refused(UserError, "published, not"):
                action()
        later = self.analysis("2027-09")
        later.body = "<p>Early.</p>"
        with self.refused(UserError, "not begun"):
            later.action_publish()

    def test_heads_gm_office_and_general_manager_are_told_and_read_it(self):
        draft = self.analysis("2027-01")
        for user in (self.head, self.gm_office, self.gm, self.employee):
            with self.assertRaises(AccessError):
                draft.with_user(user).read(["body"])
        self.month_of_sales()
        analysis = self.published()
        for user in (self.head, self.other_head, self.gm_office, self.gm):
            self.assertEqual(self.told(user).count("Published: Tasks of February 2027"), 1, user.name)
            self.assertTrue(analysis.with_user(user).read(["body"]))
            self.assertTrue(analysis.line_ids.with_user(user).read(["causes"]))
        with self.assertRaises(AccessError):
            analysis.with_user(self.employee).read(["body"])
        with self.assertRaises(AccessError):
            analysis.with_user(self.head).action_compile()

    # -- by itself -----------------------------------------------------------------------------------------------------

    def drafts(self, period="2027-02"):
        return self.env["ops.month.analysis"].sudo().search([("company_id", "=", self.company.id), ("period", "=", period)])

    def run_job(self, local):
        with self.at(local), self.enter_registry_test_mode():
            self.env.ref("ops_handbook.ops_month_plan_cron_close").method_direct_trigger()

    def test_drafted_when_all_reports_are_final(self):
        self.generate()
        self._submitted_report()
        self.run_job("2027-02-25 10:00")
        self.assertFalse(self.drafts())
        report = self.Report.search([])
        report.with_user(self.operations).action_rule_as_proposed()
        report.with_user(self.operations).action_accept()
        report.action_agree()
        self.run_job("2027-02-25 11:00")
        draft = self.drafts()
        self.assertEqual((len(draft), draft.state, len(self.line_of(draft))), (1, "draft", 1))
        waiting = self.owed("D1", ("source_model", "=", draft._name), ("source_id", "=", draft.id))
        self.assertEqual((waiting.state, waiting.role), ("open", "operations"))
        draft.with_user(self.operations).action_cancel("Not needed")
        self.assertEqual(waiting.state, "cancelled")
        self.run_job("2027-02-26 10:00")
        self.assertEqual(len(self.drafts()), 1, "what was cancelled is not made again")

    def test_drafted_at_the_latest_when_the_month_is_over(self):
        self.generate()
        self.month_of_sales()
        self.final()
        self.run_job("2027-02-26 10:00")
        self.assertFalse(self.drafts(), "sales has not reported")
        self.run_job("2027-03-01 10:00")
        self.assertEqual(len(self.drafts()), 1)
        self.assertFalse(self.drafts("2027-01"), "nobody planned that month")

    # -- the next progress report ----------------------------------------------------------------------------------------

    def test_a6_takes_its_causes_from_the_rulings(self):
        """A6: nobody types twice why a task of an initiative was not finished."""
        first, second = self.annual.initiative_ids
        self.late._write({"initiative_id": first.id, "is_routine": False})
        self.late.invalidate_recordset()
        report = self.env["ops.progress.report"].sudo().new({"plan_id": self.annual.id, "period": "2027-02", "author_id": self.head.id})
        self.assertNotIn("cause", report._prefill_facts(report).get((report.id, first.id), {}))
        self.final()
        facts = report._prefill_facts(report)
        self.assertEqual(facts[report.id, first.id]["cause"], "• Late: Subjective – Not Carried Out – The part came late.")
        self.assertNotIn("cause", facts.get((report.id, second.id), {}))
        march = report.new({"plan_id": self.annual.id, "period": "2027-03", "author_id": self.head.id})
        self.assertNotIn("cause", march._prefill_facts(march).get((march.id, first.id), {}))
