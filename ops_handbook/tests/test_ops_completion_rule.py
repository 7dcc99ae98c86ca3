"""Form 7: operations rule on what is unfinished, the department objects once, then it is final."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .completion import CompletionCase


@tagged("ops_completion")
class TestOpsCompletionRule(CompletionCase):
    def as_operations(self, report):
        return report.with_user(self.operations)

    def test_a_ruling_that_differs_from_the_proposal_says_why(self):
        report = self._submitted_report(cause="objective", kind="resource")
        line = self.line(report, self.late).with_user(self.operations)
        self.assertTrue(line.can_rule)
        with self.refused(UserError, "Reason: say why"):
            line.action_rule("subjective")
        line.action_rule("subjective", "The part was in stock.")
        self.assertEqual((line.cause_ruled, line.ruling_reason), ("subjective", "The part was in stock."))

    def test_all_unfinished_tasks_have_a_ruling_before_it_is_concluded(self):
        report = self._submitted_report()
        self.line(report, self.late).with_user(self.operations).action_rule("subjective")
        with self.refused(UserError, "“Given up”"):
            self.as_operations(report).action_accept()
        self.as_operations(report).action_rule_as_proposed()
        self.as_operations(report).action_accept()
        self.assertEqual((report.state, report.open_count), ("ruled", 0))

    def test_only_the_decider_rules_and_only_then(self):
        report = self._submitted_report()
        lines = report.line_ids.filtered(lambda line: line.result == "unfinished")
        for user in (self.head, self.gm_office):
            with self.assertRaises(AccessError):
                lines.with_user(user).action_rule("objective", "Because")
            with self.assertRaises(AccessError):
                report.with_user(user).action_accept()
        with self.assertRaises(AccessError):
            lines.with_user(self.other_head).action_rule("objective", "Because")
        with self.refused(UserError, "nothing to rule on"):
            self.line(report, self.done).with_user(self.operations).action_rule("objective", "Because")
        for nonsense in ("", "maybe", 7, ["objective"], {}):
            with self.assertRaises(ValidationError):
                lines.with_user(self.operations).action_rule(nonsense)
        ruled = self._ruled_report_of(report)
        with self.refused(UserError, "nothing to rule on"):
            self.line(ruled, self.late).with_user(self.operations).action_rule("objective", "Because")

    def _ruled_report_of(self, report):
        self.as_operations(report).action_rule_as_proposed()
        self.as_operations(report).action_accept()
        return report

    def test_whoever_hands_it_in_does_not_rule(self):
        """A head above hands in what the head began: a colleague in operations rules on it."""
        boss = self._create_boss("operations")
        report = self._said(self._report())
        report.with_user(boss).action_submit()
        lines = report.line_ids.filtered(lambda line: line.result == "unfinished").with_user(boss)
        self.assertFalse(any(lines.mapped("can_rule")))
        for step in (
            lines.action_rule_as_proposed, report.with_user(boss).action_accept,
            lambda: report.with_user(boss).action_return("More detail"),
        ):
            with self.assertRaises(AccessError):
                step()
        self.as_operations(report).action_rule_as_proposed()
        self.as_operations(report).action_accept()
        self.assertEqual(report.state, "ruled")

    def test_whoever_objects_does_not_answer_it(self):
        boss = self._create_boss("operations")
        report = self._ruled_report()
        late = self.line(report, self.late)
        report.with_user(boss).action_object({late.id: "The supplier was on strike."})
        with self.assertRaises(AccessError):
            late.with_user(boss).action_rule("objective", "You are right.")
        late.with_user(self.operations).action_rule("objective", "You are right.")
        with self.assertRaises(AccessError):
            report.with_user(boss).action_decide()
        self.as_operations(report).action_decide()
        self.assertEqual(report.state, "final")

    def test_operations_own_report_is_ruled_by_the_gm_office(self):
        plan = self._reach(self._month_plan(
            tasks=[self._values("Call", owner_id=self.operations_colleague.id, is_routine=True, date_end="2027-02-05")],
            user=self.operations, department=self.ops_department,
        ), "assigned")
        plan.action_submit()
        for step in ("filed", "issued"):
            plan.sudo()._transition(step)
        report = self._said(self._report(plan, self.operations))
        report.action_submit()
        self.assertEqual(self.owed("D1", ("source_model", "=", report._name), ("source_id", "=", report.id)).role, "gm_office")
        for user in (self.operations, self.operations_colleague):
            with self.assertRaises(AccessError):
                report.line_ids.with_user(user).action_rule("objective", "Because")
        report.line_ids.with_user(self.gm_office).action_rule_as_proposed()
        report.with_user(self.gm_office).action_accept()
        self.assertEqual(report.state, "ruled")

    def test_the_department_is_told_and_has_two_working_days(self):
        """Ruled on Monday: until the close of Wednesday (ours); one mail to the head, in their language."""
        report = self._ruled_report()
        self.assertEqual(report.objection_until, self.utc("2027-02-24 23:59:59"))
        self.assertEqual(len([subject for subject in self.told(self.head) if "Ruling" in subject]), 1)
        decision = self.owed("D1", ("source_model", "=", report._name), ("source_id", "=", report.id))
        self.assertEqual(decision.state, "done")
        trigger = self.env["ir.cron.trigger"].sudo().search([
            ("cron_id", "=", self.env.ref("ops_handbook.ops_completion_report_cron_final").id),
            ("call_at", "=", report.objection_until),
        ])
        self.assertTrue(trigger)

    def test_days_to_object_are_a_setting(self):
        self.company.ops_objection_days = 5
        self.assertEqual(self._ruled_report().objection_until, self.utc("2027-03-01 23:59:59"))

    def test_silence_makes_it_final(self):
        report = self._ruled_report()
        with self.at("2027-02-24 23:00"), self.enter_registry_test_mode():
            self.env.ref("ops_handbook.ops_completion_report_cron_final").method_direct_trigger()
        self.assertEqual(report.state, "ruled")
        with self.at("2027-02-25 00:10"), self.enter_registry_test_mode():
            self.env.ref("ops_handbook.ops_completion_report_cron_final").method_direct_trigger()
        report.invalidate_recordset()
        self.assertEqual((report.state, report.final_on), ("final", self.utc("2027-02-25 00:10")))
        self.assertEqual(
            report.line_ids.filtered("is_final"), report.line_ids.filtered(lambda line: line.result == "unfinished")
        )
        self.assertIn("Nobody objected in time", self.notes(report))
        with self.assertRaises(UserError):
            report.action_object({self.line(report, self.late).id: "Too late"})

    def test_too_late_also_when_the_job_has_not_come_by(self):
        report = self._ruled_report()
        with self.at("2027-02-25 00:10"):
            report.invalidate_recordset(["can_object"])
            self.assertFalse(report.can_object)
            with self.refused(UserError, "has passed"):
                report.action_object({self.line(report, self.late).id: "Too late"})

    def test_the_department_may_agree_at_once(self):
        report = self._ruled_report()
        for user in (self.operations, self.other_head):
            with self.assertRaises(AccessError):
                report.with_user(user).action_agree()
        report.action_agree()
        self.assertEqual(report.state, "final")

    def test_one_objection_with_all_lines_then_a_second_ruling(self):
        report = self._ruled_report()
        late, given_up = self.line(report, self.late), self.line(report, self.given_up)
        report.action_object({str(late.id): "The supplier was on strike.", str(given_up.id): "  "})
        self.assertEqual((report.state, given_up.is_final, late.is_final), ("objected", True, False))
        self.assertTrue([subject for subject in self.told(self.operations) if "Objection" in subject])
        decisions = self.owed("D1", ("source_model", "=", report._name), ("source_id", "=", report.id))
        self.assertEqual(decisions.mapped("state"), ["done", "open"])
        with self.refused(UserError, "answer it for “Late”"):
            self.as_operations(report).action_decide()
        ruling = late.with_user(self.operations)
        with self.refused(UserError, "Reason: answer"):
            ruling.action_rule("objective")
        with self.refused(UserError, "nothing to rule on"):
            given_up.with_user(self.operations).action_rule("objective", "As well")
        ruling.action_rule("objective", "You are right.")
        self.as_operations(report).action_decide()
        self.assertEqual((report.state, late.cause_ruled, late.cause_first, late.is_upheld), ("final", "objective", "subjective", True))
        self.assertEqual(late.objection_answer, "You are right.")
        self.assertTrue([subject for subject in self.told(self.head) if "Final" in subject])
        with self.assertRaises(UserError):
            report.action_object({late.id: "Once more"})

    def test_an_objection_that_is_refused(self):
        report = self._ruled_report()
        late = self.line(report, self.late)
        report.action_object({late.id: "The supplier was on strike."})
        late.with_user(self.operations).action_rule("subjective", "You ordered too late.")
        self.as_operations(report).action_decide()
        self.assertEqual((late.is_upheld, late.is_final, late.cause_ruled), (False, True, "subjective"))

    def test_objections_are_said_in_words_on_ruled_lines(self):
        report = self._ruled_report()
        for nonsense in ({}, [], "no", {"x": ""}, 3):
            with self.refused(UserError, "Objection: say"):
                report.action_object(nonsense)
        for wrong in ({self.line(report, self.done).id: "No"}, {999_999_999: "No"}):
            with self.refused(ValidationError, "Objection: choose"):
                report.action_object(wrong)
        with self.assertRaises(AccessError):
            self.as_operations(report).action_object({self.line(report, self.late).id: "No"})

    def test_nothing_unfinished_is_final_with_the_acceptance(self):
        self.late.with_user(self.employee).action_done()
        self.given_up.with_user(self.employee).action_start()
        self.given_up.with_user(self.employee).action_done()
        report = self._report()
        report.action_submit()
        self.assertEqual(report.state, "submitted", "operations look at it")
        finals = []
        self.patch(type(self.Report), "_after_final", lambda reports: finals.append(reports.ids))
        self.as_operations(report).action_accept()
        self.assertEqual((report.state, finals), ("final", [report.ids]))
        self.assertFalse(report.objection_until)

    def test_the_dialogs(self):
        report = self._submitted_report(cause="objective", kind="resource")
        lines = report.line_ids.filtered(lambda line: line.result == "unfinished").with_user(self.operations)
        opened = lines.action_rule()
        dialog = self.env[opened["res_model"]].with_user(self.operations).with_context(**opened["context"]).create({})
        self.assertEqual((dialog.ruling, dialog.about), ("objective", "Late, Given up"))
        dialog.write({"ruling": "subjective", "reason": "It was in stock."})
        dialog.action_confirm()
        self.assertEqual(set(lines.mapped("cause_ruled")), {"subjective"})
        self.as_operations(report).action_accept()
        opened = report.action_object()
        dialog = self.env[opened["res_model"]].with_user(self.head).browse(opened["res_id"])
        self.assertEqual(dialog.line_ids.line_id, lines)
        dialog.line_ids[0].objection = "It was not."
        dialog.action_confirm()
        self.assertEqual(report.state, "objected")

    def test_many_become_final_with_as_many_statements_as_one(self):
        reports = self.Report
        for month in (3, 4, 5, 6, 7):
            name = f"2027-{month:02}"
            plan = self._issued(month=f"{name}-01", tasks=[self._values("Late", name, is_routine=True, date_end=f"{name}-10")])
            report = self._said(self._report(plan))
            report.action_submit()
            self._ruled_report_of(report)
            reports |= report
        counts = []
        for found in (reports[:1], reports[1:]):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            found.sudo()._transition("final")
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 6)

    def test_those_who_decide_are_looked_for_when_somebody_objects(self):
        """Once for each office of a company, however many reports; no other step looks for them."""
        asked, find = [], type(self.Report)._deciding_users

        def counted(reports):
            asked.append(reports.ids)
            return find(reports)

        self.patch(type(self.Report), "_deciding_users", counted)
        report = self._ruled_report()
        self.assertFalse(asked)
        report.action_object({self.line(report, self.late).id: "The supplier was on strike."})
        self.assertEqual(asked, [report.ids])
        self.line(report, self.late).with_user(self.operations).action_rule("subjective", "You ordered too late.")
        self.as_operations(report).action_decide()
        self.assertEqual(asked, [report.ids])

    def test_an_office_is_looked_for_once_for_many_reports(self):
        reports = self.Report.union(*(
            self._report(self._issued(tasks=self._four(f"2027-{month:02}"), month=f"2027-{month:02}-01")) for month in range(3, 8)
        )).sudo()
        reports[:1]._deciding_users()
        counts = []
        for found in (reports[:1], reports):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            users = found._deciding_users()
            counts.append(self.env.cr.sql_log_count - before)
            for report in found:
                self.assertEqual(users[report.id] & self.operations, self.operations)
        self.assertLessEqual(counts[1], counts[0] + 2, counts)
