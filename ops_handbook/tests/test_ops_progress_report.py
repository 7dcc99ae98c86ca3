"""Progress reports (form 3, A6): filled in from what is known, handed in complete, their figures counted and locked."""

import runpy
from unittest.mock import patch

from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import file_path, mute_logger

from .progress import ProgressCase


@tagged("post_install", "-at_install")
class TestOpsProgressReport(ProgressCase):
    # -- filled in -----------------------------------------------------------------------------------------------------

    def test_a_report_is_made_with_a_line_per_goal_with_an_indicator_and_per_running_initiative(self):
        report = self._report()
        self.assertEqual(report.line_ids.mapped("name"), ["Sell more", "Content customers", "New packaging line"])
        self.assertEqual((report.department_id, report.quarter), (self.department, "2027-Q1"))
        self.assertEqual(self._report("2027-01", self.other_plan).author_id, self.other_head)

    def test_reports_in_work_follow_an_approved_change(self):
        report, goals = self._report(), self.plan.sudo().goal_ids
        line = self._line(report, "New packaging line")
        line.actual = 21
        self._changed(
            {"kind": "change", "target_model": "ops.plan.goal", "target_id": goals[0].id, "target_field": "target", "new_json": 240_000},
            {"kind": "remove", "target_model": "ops.plan.goal", "target_id": goals[1].id},
        )
        money = self._line(report, "Sell more")
        self.assertEqual((money.target, money.target_to_date), (22_000, 42_000), "January and February are over")
        self.assertFalse(self._line(report, "Content customers"))
        self.assertEqual(line.actual, 21, "what was typed stays")

    def _changed(self, *lines):
        """Have a change of the plan approved; ``lines`` as the dialog hands them in."""
        change = self.env["ops.plan.change"].with_user(self.head).create({
            "plan_id": self.plan.id, "reason": "The supplier closed", "impact": "Turnover of spring",
        })
        change._propose(list(lines))
        change.action_submit()
        change.with_user(self.gm_office).action_check()
        change.with_user(self.gm).action_approve()

    def _measured_by_orders(self):
        """Have the goal that turnover measures measured by another indicator, and return that."""
        orders = self.env["ops.kpi"].create({
            "cycle_id": self.cycle.id, "name": "Orders", "unit": "pieces", "digits": 0, "direction_id": self.growth.id,
            "target": 120,
        })
        values = {"kpi_id": orders.id, "target": 120}
        self._changed(*(
            {"kind": "change", "target_model": "ops.plan.goal", "target_id": self.plan.sudo().goal_ids[0].id, "target_field": name,
             "new_json": value}
            for name, value in values.items()
        ))
        return orders

    def test_figures_of_one_indicator_do_not_count_for_another(self):
        february, march = self._handed_in("2027-02"), self._report()
        self._line(march, "Sell more").write({"actual": 7_000, "cause": "Two customers less"})
        orders = self._measured_by_orders()
        line, said = self._line(march, "Sell more"), self._line(february, "Sell more")
        self.assertEqual((line.kpi_id, line.unit, line.target, line.target_to_date), (orders, "pieces", 10, 30))
        self.assertEqual((line.actual_before, line.actual, line.cause), (0, 0, "Two customers less"), "those were turnover")
        self.assertEqual((said.kpi_id, said.actual), (self.turnover, 10_000), "what was handed in is what it was")
        february.action_cancel("Wrong figures")
        self.assertFalse(self.env["ops.kpi.value"].search([("kpi_id", "=", self.turnover.id), ("month", "=", "2027-02")]))

    def test_rework_begins_with_the_plan_as_it_is_by_then(self):
        report = self._handed_in()
        orders = self._measured_by_orders()
        self.assertEqual(self._line(report, "Sell more").kpi_id, self.turnover)
        report.with_user(self.gm_office).action_return("The plan has changed")
        line = self._line(report, "Sell more")
        self.assertEqual((line.kpi_id, line.target, line.actual), (orders, 10, 0))
        self.assertEqual(self._line(report, "Content customers").actual, 95, "what was typed stays")
        self.assertFalse(self.env["ops.kpi.value"].search([
            ("kpi_id", "=", self.turnover.id), ("department_id", "=", self.department.id), ("month", "=", "2027-03"),
        ]), "no report says it any more")

    def test_an_indicator_of_which_only_reports_speak_is_not_deleted(self):
        orders, goal = self._measured_by_orders(), self.plan.sudo().goal_ids[0]
        self._handed_in("2027-02")
        self._changed(*(
            {"kind": "change", "target_model": "ops.plan.goal", "target_id": goal.id, "target_field": name, "new_json": value}
            for name, value in (("kpi_id", self.turnover.id), ("target", 120_000))
        ))
        with self.refused(ValidationError, "Workshop refer to it"):
            orders.unlink()

    def test_an_upgrade_knows_by_what_goals_were_measured(self):
        """19.0.1.6.0 keeps the indicator on the line: of older reports that of their time, of drafts today's."""
        february, march = self._handed_in("2027-02"), self._report()
        with self.at("2027-03-30 10:00"):
            orders = self._measured_by_orders()
        self.env.flush_all()
        self.env.cr.execute("UPDATE ops_progress_report_line SET kpi_id = NULL")
        self.env.invalidate_all()
        script = file_path("ops_handbook/migrations/19.0.1.6.0/post-report-indicators.py")
        runpy.run_path(script)["migrate"](self.env.cr, "19.0.1.5.0")
        self.assertEqual(self._line(february, "Sell more").kpi_id, self.turnover)
        self.assertEqual(self._line(march, "Sell more").kpi_id, orders)
        self.assertEqual(self._line(february, "Content customers").kpi_id, self.satisfaction)
        self.assertFalse(self._line(march, "New packaging line").kpi_id)

    def test_additive_figures_add_up_and_levels_do_not(self):
        self.env["ops.kpi.value"].create([
            {"kpi_id": kpi.id, "department_id": self.department.id, "month": month, "value": value}
            for kpi, month, value in (
                (self.turnover, "2027-01", 9_000), (self.turnover, "2027-02", 11_000), (self.turnover, "2027-03", 7_000),
                (self.satisfaction, "2027-02", 80), (self.satisfaction, "2027-03", 95),
            )
        ])
        report = self._report()
        money, level = self._line(report, "Sell more"), self._line(report, "Content customers")
        self.assertEqual((money.target, money.target_to_date, money.actual), (10_000, 30_000, 7_000))
        self.assertEqual((money.actual_before, money.actual_to_date, money.attainment), (20_000, 27_000, 90))
        self.assertEqual((money.light, level.light), ("amber", "green"))
        self.assertEqual((level.target_to_date, level.actual_to_date, level.attainment), (95, 95, 100))

    def test_lower_is_better(self):
        with self.at("2027-01-04 10:00"):
            plan = self._plan(self.ops_department)
            plan.sudo().goal_ids[0].write({"kpi_id": self.scrap.id, "target": 2.5})
            self._released(plan)
        report = self._report(plan=plan)
        line = self._line(report, "Sell more")
        line.actual = 3.0
        self.assertEqual((line.attainment, line.light), (80, "amber"))
        line.actual = 2.0
        self.assertEqual((line.attainment, line.light), (120, "green"))

    def test_initiatives_are_measured_by_the_breakdown_and_carry_last_months_progress(self):
        february = self._report("2027-02")
        line = self._line(february, "New packaging line")
        self.assertEqual((line.target, line.target_to_date, line.actual), (8, 16, 0))
        line.write({"actual": 14, "cause": "The floor was wet", "action": "Dry it"})
        self._complete_but(february, line)
        february.action_submit()
        march = self._line(self._report(), "New packaging line")
        self.assertEqual((march.actual, march.previous_progress, march.previous_cause), (14, 14, "The floor was wet"))
        self.assertEqual((march.attainment, march.light), (58.33, "red"))

    def _complete_but(self, report, line):
        kept = {name: line[name] for name in ("actual", "cause", "action")}
        self._complete(report)
        line.write(kept)

    def test_finished_and_later_initiatives_are_left_out(self):
        self._handed_in("2027-01", share=100)  # 100 % done
        self.assertEqual(self.plan.sudo().initiative_ids[0].progress, 100)
        self.assertFalse(self._line(self._report("2027-02"), "New packaging line"))
        self.assertFalse(self._line(self._report("2027-03"), "Call every customer"))

    def test_refreshing_keeps_what_was_typed(self):
        report = self._report()
        money, level = self._line(report, "Sell more"), self._line(report, "Content customers")
        money.actual = 12_000
        self.env["ops.kpi.value"].create([
            {"kpi_id": kpi.id, "department_id": self.department.id, "month": "2027-03", "value": 90}
            for kpi in (self.turnover, self.satisfaction)
        ])
        report.action_refresh()
        self.assertEqual((money.actual, level.actual), (12_000, 90))
        report.action_refresh()
        self.assertEqual((money.actual, level.actual), (12_000, 90))

    def test_the_hook_says_what_the_tasks_know(self):
        initiative = self.plan.sudo().initiative_ids[0]
        self.patch(type(self.Report), "_prefill_facts", lambda model, reports: {
            (report.id, initiative.id): {"progress": 40, "cause": "Two tasks were late"} for report in reports
        })
        line = self._line(self._report(), "New packaging line")
        self.assertEqual((line.actual, line.cause, line.light), (40, "Two tasks were late", "green"))

    def test_thresholds_are_the_companys(self):
        self.company.write({"ops_progress_green": 90, "ops_progress_amber": 50})
        report = self._complete(self._report("2027-01"), 0.9)
        self.assertEqual(set(report.line_ids.mapped("light")), {"green"})
        self.assertEqual((report.light, report.attainment, report.green_count), ("green", 90, 3))

    def test_many_reports_are_filled_in_with_no_more_queries(self):
        plans = [self._released_in_january(self._create_department(f"Unit {index}", user)) for index, user in enumerate(
            self._create_user(f"unit{index}") for index in range(6)
        )]
        counts = []
        for batch in (plans[:1], plans[1:]):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.Report.create([{"plan_id": plan.id, "period": "2027-03"} for plan in batch])
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 3, counts)
        self.assertLessEqual(counts[0], 60)

    def _released_in_january(self, department):
        with self.at("2027-01-04 10:00"):
            return self._released(department=department)

    # -- what is refused -----------------------------------------------------------------------------------------------

    def test_one_report_a_month(self):
        self._report()
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self._report()
            self.env.flush_all()

    def test_months_are_of_the_year_begun_and_of_a_released_plan(self):
        for period, text in (
            ("2027-13", "2027-03"), ("March", "2027-03"), ("2027-Q1", "2027-03"), ("2026-12", "2027"), ("2027-05", "not begun"),
        ):
            with self.subTest(period=period), self.refused(ValidationError, text):
                self._report(period)
        draft = self._plan(self.ops_department)
        with self.refused(ValidationError, "released"):
            self._report(plan=draft)

    def test_what_the_machinery_fills_in_is_not_typed(self):
        report = self._report()
        line = report.line_ids[0]
        for values in ({"target_to_date": 1}, {"attainment": 100}, {"actual_before": 5}, {"goal_id": False}, {"prefilled": {}}):
            with self.subTest(values=values), self.refused(UserError, "cannot be typed"):
                line.write(values)
        for records in (line, line.sudo()):
            with self.assertRaises(UserError):
                records.unlink()
            with self.assertRaises(UserError):
                records.create({"report_id": report.id, "goal_id": line.goal_id.id})
        with self.refused(ValidationError, "stay what they are"):
            report.write({"period": "2027-02"})

    def test_an_incomplete_report_is_refused_with_all_that_is_missing(self):
        report = self._report()
        self._line(report, "New packaging line").actual = 5
        with self.assertRaises(UserError) as caught:
            report.action_submit()
        message = str(caught.exception)
        for part in ("Sell more", "Content customers", "actual figure", "comes from", "what is done"):
            self.assertIn(part, message)
        self.assertEqual(report.state, "draft")

    def test_a_better_light_than_proposed_needs_a_reason(self):
        report = self._complete(self._report())
        line = self._line(report, "New packaging line")
        line.write({"actual": 10, "light": "green"})
        self.assertEqual(line.light_proposed, "red")
        with self.refused(UserError, "comes from"):
            report.action_submit()
        line.cause = "It runs since yesterday, the meter lags behind"
        report.action_submit()
        self.assertEqual(line.light, "green")

    def test_nought_is_said(self):
        report = self._complete(self._report())
        line = self._line(report, "Sell more")
        line.write({"actual": 0, "cause": "Closed", "action": "Open"})
        with self.refused(UserError, "Really Zero"):
            report.action_submit()
        line.is_zero = True
        report.action_submit()

    # -- handed in -----------------------------------------------------------------------------------------------------

    def test_a6_is_met_by_the_report_of_department_and_month(self):
        self._generate("2027-03-02 08:00")
        owed = self._owed("A6", ("department_id", "=", self.department.id), ("period", "=", "2027-03"))
        others = self._owed("A6", ("department_id", "!=", self.department.id), ("period", "=", "2027-03"))
        report = self._handed_in()
        self.assertEqual((owed.state, owed.result, owed.form_id), ("done", "met", report.id))
        self.assertEqual(set(others.mapped("state")), {"open"})
        with self.at("2027-04-05 10:00"):
            late = self._handed_in(plan=self.other_plan)
        found = others.filtered(lambda item: item.department_id == self.other_department)
        self.assertEqual((found.result, found.form_id), ("late", late.id))
        self.assertEqual(report.state, "submitted")

    def test_figures_become_actual_figures_and_the_plan_shows_the_progress(self):
        report = self._handed_in(share=0.5)
        value = self.env["ops.kpi.value"].search([("kpi_id", "=", self.turnover.id), ("month", "=", "2027-03")])
        self.assertEqual((value.value, value.origin, value.department_id), (5_000, "report", self.department))
        initiative = self.plan.sudo().initiative_ids[0]
        self.assertEqual((initiative.progress, initiative.light, initiative.progress_period), (12, "red", "2027-03"))
        self.assertEqual(self.plan.sudo().goal_ids[0].light, "red")
        report.with_user(self.gm_office).action_return("Look again")
        line = self._line(report, "New packaging line")
        line.actual = 24
        report.action_submit()
        self.assertEqual((initiative.progress, initiative.light), (24, "green"))
        report.action_cancel("Wrong plan")
        self.assertEqual((initiative.progress, initiative.light, initiative.progress_period), (0, False, False))

    def test_figures_of_a_cancelled_report_are_taken_back_with_it(self):
        """What a withdrawn report said is no actual figure any more; what somebody else said stays."""
        typed = self.env["ops.kpi.value"].with_user(self.gm_office).create({
            "kpi_id": self.satisfaction.id, "department_id": self.department.id, "month": "2027-02", "value": 90,
        })
        march = self._report("2027-03")
        report = self._report("2027-02")
        self._complete(report)
        self._line(report, "Content customers").write({"actual": 90, "cause": "As typed", "action": "Ask them"})
        report.action_submit()
        values = self.env["ops.kpi.value"].sudo().search([("department_id", "=", self.department.id), ("month", "=", "2027-02")])
        self.assertEqual({value.kpi_id: value.origin for value in values}, {self.turnover: "report", self.satisfaction: "typed"})
        self.assertEqual(self._line(march, "Sell more").actual_before, 10_000)
        report.action_cancel("Figures of another department")
        self.assertEqual(values.exists(), typed)
        self.assertEqual(self._line(march, "Sell more").actual_before, 0)
        again = self._handed_in("2027-02", share=0.5)
        self.assertEqual(len(values.search([("department_id", "=", self.department.id), ("month", "=", "2027-02")])), 2)
        self.assertEqual(again.state, "submitted")

    def test_progress_of_a_plan_is_not_typed(self):
        draft = self._plan(self.ops_department)
        with self.refused(UserError, "progress reports"):
            draft.initiative_ids[0].write({"progress": 100})
        made = draft.initiative_ids.with_context(default_progress=50).create({
            "plan_id": draft.id, "name": "Another", "progress": 70,
        })
        self.assertFalse(made.progress)

    def test_later_drafts_begin_where_a_report_ends(self):
        march = self._report()
        self._handed_in("2027-02")
        self.assertEqual(self._line(march, "Sell more").actual_before, 10_000)
        self.assertEqual(self._line(march, "New packaging line").actual, 16)

    def test_returned_analysed_accepted_by_the_gm_office(self):
        report = self._handed_in()
        office = report.with_user(self.gm_office)
        office.write({"analysis": "On the way"})
        with self.refused(AccessError, ""):
            office.write({"summary": "Nice"})
        with self.refused(UserError, "Reason"):
            office.action_return("")
        office.action_return("Say more")
        mails = self.env["mail.mail"].sudo().search([("subject", "like", "Returned:"), ("body_html", "like", "ops-progress-reports")])
        self.assertEqual((len(mails), mails.recipient_ids), (1, self.head.partner_id))
        self.assertIn("Say more", mails.body_html)
        self.assertEqual(self._owed("R1", ("source_id", "=", report.id), ("source_model", "=", report._name)).state, "open")
        report.action_submit()
        with self.refused(AccessError, "somebody else"):
            report.action_accept()
        office.action_accept()
        self.assertEqual(report.state, "accepted")

    def test_whoever_hands_it_in_does_not_accept_it(self):
        """A head above hands in what the head began: a colleague in the GM office decides."""
        boss = self._create_boss("gm_office")
        report = self._complete(self._report())
        report.with_user(boss).action_submit()
        with self.assertRaises(AccessError):
            report.with_user(boss).action_accept()
        with self.assertRaises(AccessError):
            report.with_user(boss).action_return("Say more")
        report.with_user(self.gm_office).action_accept()
        self.assertEqual(report.state, "accepted")

    def test_many_are_accepted_at_once(self):
        reports = self._handed_in() | self._handed_in(plan=self.other_plan)
        reports.with_user(self.gm_office).action_accept()
        self.assertEqual(set(reports.mapped("state")), {"accepted"})

    def test_accepted_months_are_settled(self):
        self._accepted()
        value = self.env["ops.kpi.value"].search([("kpi_id", "=", self.turnover.id), ("month", "=", "2027-03")])
        with self.refused(UserError, "settled"):
            value.write({"value": 1})
        with self.refused(UserError, "settled"):
            value.unlink()
        with self.refused(UserError, "settled"):
            value.create({
                "kpi_id": self.scrap.id, "department_id": self.department.id, "month": "2027-03", "value": 1,
            })

    # -- people and departments move -----------------------------------------------------------------------------------

    def test_a_new_head_writes_and_the_old_one_does_not(self):
        report = self._report()
        self.department.manager_id = self.employee_of(self.newcomer)
        self.env["res.users"]._ops_refresh_rights()
        mine = report.with_user(self.newcomer)
        self._complete(mine)
        mine.action_submit()
        self.assertEqual(report.sudo().state, "submitted")
        with self.assertRaises(AccessError):
            report.with_user(self.head).read(["summary"])

    def test_a_merged_department_is_reported_on_by_whoever_took_over(self):
        accepted, draft = self._accepted("2027-02"), self._report()
        self.department.write({"parent_id": self.other_department.id, "active": False})
        self.env["res.users"]._ops_refresh_rights()
        self.assertTrue(accepted.with_user(self.other_head).read(["summary"]))
        mine = self._complete(draft.with_user(self.other_head))
        mine.action_submit()
        self.assertEqual(draft.sudo().state, "submitted")
        self.assertEqual(self._line(mine, "Sell more").actual_before, 10_000)

    def _rework_of(self, report):
        return self._owed("R1", ("source_model", "=", report._name), ("source_id", "=", report.id))

    def test_whoever_leads_the_department_by_then_reworks_a_report(self):
        """R1: asked of the head of the day of the return, and of every head after them."""
        report = self._handed_in()
        self.department.manager_id = self.employee_of(self.newcomer)
        report.with_user(self.gm_office).action_return("Say more")
        rework = self._rework_of(report)
        self.assertEqual(rework.responsible_id, self.newcomer)
        for user in (self.employee, self.newcomer):
            self.department.manager_id = self.employee_of(user)
            self.assertEqual(rework.responsible_id, user)
        report.with_user(self.newcomer).action_submit()
        self.assertEqual((rework.state, report.sudo().author_id), ("done", self.head))

    def test_rework_goes_along_with_a_plan_that_is_handed_over(self):
        """R1: what was returned is reworked by whoever took the plan over."""
        report = self._handed_in()
        report.with_user(self.gm_office).action_return("Say more")
        buyer = self._create_user("buyer")
        purchasing = self._create_department("Purchasing", buyer)
        self.plan.with_user(self.gm_office).action_hand_over_department(purchasing.id, "Merged")
        rework = self._rework_of(report)
        self.assertEqual((rework.state, rework.department_id, rework.responsible_id), ("open", purchasing, buyer))
        report.with_user(buyer).action_submit()
        self.assertEqual(rework.state, "done")

    def test_who_took_over_a_plan_signs_the_reports_that_were_not_handed_in(self):
        """What the old department handed in keeps its name; what the new one goes on with gets the names of the day it is closed."""
        accepted, draft = self._accepted("2027-02"), self._report()
        buyer = self._create_user("buyer")
        purchasing = self._create_department("Purchasing", buyer)
        self.plan.with_user(self.gm_office).action_hand_over_department(purchasing.id, "Merged")
        self.assertEqual(
            [(report.department_name, report.head_name) for report in (accepted, draft)], [("Workshop", "Head"), (False, False)]
        )
        self._complete(draft.with_user(buyer)).action_submit()
        for step in ("action_accept", "action_close"):
            getattr(draft.with_user(self.gm_office), step)()
        self.assertEqual((draft.department_name, draft.head_name), ("Purchasing", "Buyer"))

    # -- from the obligation -------------------------------------------------------------------------------------------

    def test_the_obligation_opens_the_report_filled_in(self):
        self._generate("2027-03-02 08:00")
        owed = self._owed("A6", ("department_id", "=", self.department.id), ("period", "=", "2027-03"))
        action = owed.with_user(self.head).action_open_form()
        report = self.Report.browse(action["res_id"])
        self.assertEqual((report.plan_id, report.period, len(report.line_ids)), (self.plan, "2027-03", 3))
        self.assertEqual(owed.with_user(self.head).action_open_form()["res_id"], report.id)
        without = self._owed("A6", ("department_id", "=", self.gm_department.id), ("period", "=", "2027-03"))
        with self.refused(UserError, "no released plan"):
            without.with_user(self.gm_office).action_open_form()

    def test_the_job_makes_the_drafts_of_the_month_some_days_ahead_of_a6(self):
        self._generate("2027-03-02 08:00")
        self._run_job("2027-03-15 08:00")
        self.assertFalse(self._of_march())
        self._run_job("2027-03-26 08:00")
        reports = self._of_march()
        self.assertEqual(reports.plan_id, self.plan | self.other_plan)
        self.assertEqual(reports.author_id, self.head | self.other_head)
        self.assertEqual(reports.mapped("line_count"), [3, 3])
        self._run_job("2027-03-26 12:00")
        self.assertEqual(len(self._of_march()), 2)

    def test_a_plan_that_cannot_be_reported_on_stops_nobody_and_the_job_goes_on_where_it_was(self):
        self._generate("2027-03-02 08:00")
        model, broken = type(self.Report), self.plan
        real = model._prefill

        def prefill(reports):
            if broken in reports.plan_id:
                raise ValueError("broken")
            return real(reports)

        with patch.object(model, "_prefill", prefill), mute_logger("odoo.addons.ops_handbook.models.mixins.ir_cron"):
            self._run_job("2027-03-26 08:00")
        self.assertEqual(self._of_march().plan_id, self.other_plan)
        self._run_job("2027-03-26 12:00")
        self.assertEqual(self._of_march().plan_id, self.plan | self.other_plan)

    def _of_march(self):
        return self.Report.search([("cycle_id", "=", self.cycle.id), ("period", "=", "2027-03")])

    def _run_job(self, local):
        with self.at(local), self.enter_registry_test_mode():
            self.env.ref("ops_handbook.ops_progress_cron_prefill").method_direct_trigger()
