"""What was not finished goes on in the next month, once and with its history; done after all, it lives once (§2, carry-over)."""

from ast import literal_eval

from lxml import etree

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import SQL

from ..tools import token
from .completion import CompletionCase


@tagged("post_install", "-at_install")
class TestOpsTaskCarry(CompletionCase):
    def month(self, state=None, month="2027-03-01", user=None, department=None, prefill=False):
        """Return a month plan with one task of its own, in ``state``."""
        owner = user or self.newcomer
        plan = self._month_plan(
            tasks=[self._values("Own", month[:7], owner_id=owner.id, is_routine=True, weight=90)], month=month,
            **({"user": user, "department": department} if user else {}),
        )
        return self._reach(plan, state) if state else plan

    def carried(self, plan):
        return plan.sudo().task_ids.filtered("carried_from_id")

    def final(self):
        report = self._ruled_report()
        report.action_agree()
        return report

    # -- the run -------------------------------------------------------------------------------------------------------

    def test_a_plan_in_the_making_gets_them_with_the_submission(self):
        for state in (None, "assigned"):
            with self.subTest(state=state), self.env.cr.savepoint() as undone:
                march = self.month(state)
                self._submitted_report()
                self.assertEqual(set(self.carried(march).mapped("name")), {"Late", "Given up"})
                self.assertEqual(set(self.carried(march).mapped("added_on")), {False})
                self.assertEqual({str(task.date_start) + str(task.date_end) for task in self.carried(march)}, {"2027-03-012027-03-31"})
                self.assertEqual(self.carried(march).carried_from_id, self.late | self.given_up)
                undone.rollback()
                self.env.invalidate_all()

    def test_what_runs_waits_for_the_ruling_and_gets_them_as_additions(self):
        for state in ("submitted", "filed", "issued"):
            with self.subTest(state=state), self.env.cr.savepoint() as undone:
                march = self.month(state)
                report = self._submitted_report()
                self.assertFalse(self.carried(march), "the report may still be returned")
                self.env["mail.mail"].sudo().search([]).unlink()
                report.with_user(self.operations).action_rule_as_proposed()
                report.with_user(self.operations).action_accept()
                added = self.carried(march)
                self.assertEqual(set(added.mapped("name")), {"Late", "Given up"})
                self.assertTrue(all(added.mapped("added_on")))
                self.assertEqual(set(added.mapped("change_label")), {"added"})
                self.assertEqual(len(self.changes_told(self.operations_colleague)), 1, "one mail for all of them")
                self.assertFalse(self.changes_told(self.operations), "they concluded the ruling themselves")
                theirs = [subject for subject in self.told(self.employee) if "Your tasks" in subject]
                self.assertEqual(len(theirs), 1 if state == "issued" else 0)
                undone.rollback()
                self.env.invalidate_all()

    def test_no_plan_yet_loses_nothing(self):
        self._submitted_report()
        self.assertEqual(set(self.carried(self.month()).mapped("name")), set(), "made by hand, without filling in")
        self.MonthPlan._carry_over()
        march = self.MonthPlan.search([("period", "=", "2027-03"), ("department_id", "=", self.department.id)])
        self.assertEqual(set(self.carried(march).mapped("name")), {"Late", "Given up"})

    def test_nothing_twice(self):
        march = self.month()
        self._submitted_report()
        self.assertFalse(self.MonthPlan._carry_over())
        march._prefill()
        self.assertEqual(len(self.carried(march)), 2)

    def test_a_plan_that_has_its_initiative_already_gets_it_all_the_same(self):
        self.late._write({"initiative_id": self.annual.initiative_ids[0].id, "is_routine": False})
        self.late.invalidate_recordset()
        march = self._month_plan(month="2027-03-01", tasks=[
            self._values("Its share of March", "2027-03", initiative_id=self.late.initiative_id.id),
        ])
        march._prefill()
        self.assertEqual(self.carried(march).carried_from_id, self.late | self.given_up)
        self.assertEqual(len(march.task_ids.filtered(lambda task: task.initiative_id == self.late.initiative_id)), 2)
        self.assertFalse(march._prefill())

    def test_withdrawn_and_running_tasks_are_not_carried(self):
        self.late.action_withdraw("Not needed")
        march = self.month()
        self._submitted_report()
        self.assertEqual(self.carried(march).mapped("name"), ["Given up"])

    def test_what_was_reported_as_running_goes_on_under_its_own_plan(self):
        """Overdue or given up meanwhile, it stands in the next report; a plan filled in before does not begin with it as well."""
        self.final()
        with self.at("2027-03-10 10:00"):
            march = self._with(self.month())
            self.assertEqual(set(self.carried(march).mapped("name")), {"Late", "Given up"})
            self.long.with_user(self.employee).action_unfinished()
            self.assertFalse(march._prefill())

    def test_a_plan_that_was_reported_or_is_over_takes_nothing(self):
        march, april = self.month("issued"), self.month(month="2027-04-01")
        march.sudo()._transition("reported")
        self._submitted_report()
        self.assertFalse(self.carried(march))
        self.assertEqual(len(self.carried(april)), 2)

    def test_the_job_finds_what_was_left(self):
        self._submitted_report()
        march = self.month()
        self.run_job("2027-02-25 10:00")
        self.assertEqual(len(self.carried(march)), 2)

    def run_job(self, local):
        with self.at(local), self.enter_registry_test_mode():
            self.env.ref("ops_handbook.ops_month_plan_cron_close").method_direct_trigger()

    def test_one_that_is_broken_stops_nobody(self):
        self._submitted_report()
        march = self.month()
        create, broken = type(self.Task)._create_prefilled, self.late.id

        def refuse(tasks, vals_list):
            if any(vals["carried_from_id"] == broken for vals in vals_list):
                raise UserError("Broken")
            return create(tasks, vals_list)

        self.patch(type(self.Task), "_create_prefilled", refuse)
        with self.at("2027-02-25 10:00"), self.enter_registry_test_mode(), self.assertLogs("odoo.addons.ops_handbook", "ERROR"):
            self.env.ref("ops_handbook.ops_month_plan_cron_close").method_direct_trigger()
        self.assertEqual(self.carried(march).mapped("name"), ["Given up"])

    def test_many_departments_in_the_same_statements(self):
        counts = []
        for number in (1, 60):
            plan = self._issued(month=f"2026-{12 - len(counts):02}-01", tasks=[
                self._values(f"Left {index}", f"2026-{12 - len(counts):02}", is_routine=True, weight=0) for index in range(number)
            ])
            plan.task_ids.sudo()._transition("unfinished")
            self.env.flush_all()
            plan._write({"state": "closed"})
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertEqual(len(self.MonthPlan._carry_over()), number)
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 4, counts)
        self.assertEqual(len(self.carried(self.plan)), 61, "the next month that is not over")

    def test_the_job_looks_no_further_into_what_was_carried_over(self):
        """However much was left unfinished in all the years: reports are looked at for what waits, not for what goes on since."""
        for month, number in (("2026-11", 40), ("2026-12", 1)):
            plan = self._issued(month=f"{month}-01", tasks=[
                self._values(f"Left {index}", month, is_routine=True, weight=0) for index in range(number)
            ])
            plan.task_ids.sudo()._transition("unfinished")
            self.env.flush_all()
            plan._write({"state": "closed"})
            self.env.invalidate_all()
            if number > 1:
                self.assertEqual(len(self.MonthPlan._carry_over()), number)
        self.env.flush_all()
        self.assertEqual([task for task, _plan in self.MonthPlan._to_carry_over(self.department)], plan.task_ids.ids)
        self.assertLess(self.looked_at("ops_completion_report_line"), 5)

    def looked_at(self, table):
        """Return how often the statement of the job looks into ``table``."""
        def loops(node):
            own = node["Actual Loops"] if node.get("Relation Name") == table else 0
            return own + sum(loops(child) for child in node.get("Plans", ()))

        statement = self.MonthPlan._carry_sql(self.department, None, (0,))
        [[[found]]] = self.env.execute_query(SQL("EXPLAIN (ANALYZE, FORMAT JSON) %s", statement))
        return loops(found["Plan"])

    # -- lives once ----------------------------------------------------------------------------------------------------

    def test_done_after_all_it_lives_once(self):
        march = self.month()
        march._prefill()
        self.assertIn("Given up", self.carried(march).mapped("name"))
        self.given_up.with_user(self.employee).action_start()
        self.assertNotIn("Given up", self.carried(march).mapped("name"))
        self.given_up.with_user(self.employee).action_done()
        self._submitted_report()
        self.assertEqual(self.carried(march).mapped("name"), ["Late"])

    def test_overdue_and_filled_in_ahead_it_is_done_in_its_month(self):
        march = self.month()
        march._prefill()
        self.assertIn("Late", self.carried(march).mapped("name"), "overdue: March begins with it")
        self.late.with_user(self.employee).action_done()
        self.assertNotIn("Late", self.carried(march).mapped("name"))

    def test_what_has_begun_in_the_next_month_is_done_there(self):
        march = self._reach(self._with(self.month()), "issued")
        self.carried(march).filtered(lambda task: task.name == "Given up").with_user(self.employee).write({"progress": 30})
        with self.refused(UserError, "March 2027"):
            self.given_up.with_user(self.employee).action_start()

    def _with(self, plan):
        plan._prefill()
        return plan

    def test_a_report_that_is_given_back_takes_them_back(self):
        march = self.month()
        report = self._submitted_report()
        self.assertEqual(len(self.carried(march)), 2)
        report.with_user(self.operations).action_return("Again")
        self.assertEqual(self.carried(march).mapped("name"), ["Given up"], "its owner gave it up before the report")
        self.assertEqual(self.late.state, "todo")
        report.action_submit()
        self.assertEqual(len(self.carried(march)), 2)

    def test_what_was_done_meanwhile_goes_back_with_it(self):
        march = self.month()
        report = self._submitted_report()
        self._reach(march, "issued")
        later = self.carried(march).filtered(lambda task: task.name == "Late")
        later.with_user(self.employee).write({"progress": 60, "progress_note": "Nearly"})
        report.with_user(self.operations).action_return("Again")
        self.assertEqual((self.late.progress, self.late.progress_note, later.state), (60, "Nearly", "cancelled"))
        self.assertFalse(later.carried_from_id, "it may be carried over again")

    # -- not carried over ----------------------------------------------------------------------------------------------

    def test_the_head_decides_that_it_does_not_go_on_and_says_why(self):
        march = self.month()
        self._submitted_report()
        later = self.carried(march).filtered(lambda task: task.name == "Late").with_user(self.head)
        self.assertTrue(later.can_withdraw)
        with self.refused(UserError, "withdraw it and say why"):
            later.unlink()
        with self.refused(UserError, "Reason"):
            later.action_withdraw(" ")
        later.action_withdraw("The customer has cancelled")
        self.assertEqual(later.state, "cancelled")
        self.assertIn("The customer has cancelled", self.notes(later))
        self.assertFalse(self.MonthPlan._carry_over())
        self.assertFalse(march._prefill().filtered(lambda task: task.name == "Late"))
        self.assertFalse(self.month(month="2027-04-01")._prefill().filtered(lambda task: task.name == "Late"))

    def test_nobody_else_takes_it_out_of_a_plan_in_the_making(self):
        march = self.month("assigned")
        self._submitted_report()
        later = self.carried(march)[0]
        for user in (self.employee, self.other_head, self.operations):
            with self.assertRaises(UserError):
                later.with_user(user).action_withdraw("Not me")
        self.assertEqual(later.state, "todo")

    def test_a_cancelled_plan_gives_them_back(self):
        march = self.month("assigned")
        self._submitted_report()
        march.action_cancel("Start again")
        again = self.month()
        self.MonthPlan._carry_over()
        self.assertEqual(len(self.carried(again)), 2)

    def test_source_and_initiative_go_along(self):
        self.late._write({"source_model": "ops.month.plan", "source_id": self.plan.id, "is_routine": False})
        self.late.invalidate_recordset()
        march = self.month()
        self._submitted_report()
        later = self.carried(march).filtered(lambda task: task.name == "Late")
        self.assertEqual((later.source_model, later.source_id), ("ops.month.plan", self.plan.id))

    def test_what_its_source_does_not_ask_for_any_more_is_not_carried(self):
        """Done or cancelled, it comes back neither with the job nor with Fill In; opened again, it does."""
        resolution = self._resolution(self.employee)
        self.late._write({"source_model": resolution._name, "source_id": resolution.id, "is_routine": False})
        self.late.invalidate_recordset()
        march = self.month()
        self._submitted_report()
        self.assertEqual(self.carried(march).carried_from_id, self.late | self.given_up)
        for end in ("done", "cancelled"):
            resolution.sudo()._transition(end, "The hall is sold")
            self.assertEqual(self.carried(march).carried_from_id, self.given_up)
            self.assertFalse(self.MonthPlan._carry_over())
            self.assertFalse(march._prefill().filtered("carried_from_id"))
            resolution.sudo()._transition("open", "Not sold after all")
            self.assertEqual(self.MonthPlan._carry_over().carried_from_id, self.late)

    def test_a_closed_annual_plan_stops_nothing_that_is_carried_over(self):
        """Its link was checked in its first month; what is new does not link to a plan that is over."""
        initiative = self.annual.initiative_ids[0]
        self.late._write({"initiative_id": initiative.id, "is_routine": False})
        self.annual._write({"state": "closed"})
        self.late.invalidate_recordset()
        self.annual.invalidate_recordset()
        march = self.month()
        self._submitted_report()
        self.assertIn(initiative, self.carried(march).initiative_id)
        self._reach(march, "issued")
        april = self._month_plan(month="2027-04-01", tasks=[self._values("New", "2027-04", initiative_id=initiative.id)])
        april.action_assign()
        with self.refused(UserError, "does not count any more: “New”"):
            april.action_submit()

    def test_a_carried_task_with_another_initiative_is_checked(self):
        march = self.month()
        self._submitted_report()
        draft = self._plan(department=self.other_department)
        later = self.carried(march).filtered(lambda task: task.name == "Late")
        later.write({"is_routine": False, "initiative_id": draft.initiative_ids[0].id})
        march.action_assign()
        with self.refused(UserError, "has not been submitted"):
            march.action_submit()

    def test_K1_the_other_department_goes_along(self):
        """Its consent that was given stays given; what it has not agreed to is asked anew."""
        answered = {"consent_state": "given", "consent_on": "2027-01-25 02:00:00", "consent_by_id": self.other_head.id}
        for task, answer in ((self.late, answered), (self.given_up, {"consent_state": "declined", "consent_reason": "No van free"})):
            token.marked(task.sudo()).write({"consent_department_id": self.other_department.id, **answer})
        march = self.month("assigned")
        self._submitted_report()
        later = {task.name: task for task in self.carried(march)}
        given, asked = later["Late"], later["Given up"]
        self.assertEqual((given | asked).consent_department_id, self.other_department)
        self.assertEqual(
            (given.consent_state, str(given.consent_on), given.consent_by_id), ("given", "2027-01-25 02:00:00", self.other_head)
        )
        self.assertEqual((asked.consent_state, asked.consent_reason, asked.consent_by_id.id), ("asked", False, False))
        clocks = self.owed("K1", ("source_model", "=", "ops.task"), ("source_id", "in", (given | asked).ids))
        self.assertEqual([(clock.source_id, clock.state, clock.responsible_id) for clock in clocks], [(asked.id, "open", self.other_head)])
        self._reach(march, "submitted")
        with self.refused(UserError, "“Given up” (Sales)"):
            march.with_user(self.operations).action_file()
        asked.with_user(self.other_head).action_consent()
        march.with_user(self.operations).action_file()

    # -- what runs on ---------------------------------------------------------------------------------------------------

    def test_my_tasks_show_what_runs_on_a_reported_plan(self):
        """The filter of the view, also for an owner who may not read the plan."""
        token.marked(self.late.sudo()).write({"date_end": "2027-02-26", "owner_id": self.liaison.id})
        arch = etree.fromstring(self.Task.get_view(view_type="search")["arch"])
        domain = literal_eval(arch.find(".//filter[@name='running']").get("domain"))
        tasks = self.plan.sudo().task_ids

        def shown(user):
            return self.Task.with_user(user).search([*domain, ("is_mine", "=", True), ("month_plan_id", "=", self.plan.id)]).sudo()

        self.assertEqual((shown(self.employee), shown(self.liaison)), (tasks - self.late, self.late), "all of a month that is issued")
        self._submitted_report()
        self.assertEqual((shown(self.employee), shown(self.liaison)), (self.long, self.late))
        self.assertEqual(tasks._filtered_running(), self.long | self.late)

    # -- who does not work there any more ------------------------------------------------------------------------------

    def test_who_left_the_company_stops_no_report(self):
        """Their company was taken off the list of an owner and a co-worker who still log in: their tasks wait for an owner."""
        self.late._write({"owner_id": self.colleague.id})
        self.late.sudo().helper_ids = self.employee | self.newcomer
        self.env.flush_all()
        self.late.invalidate_recordset()
        march = self.month()
        (self.employee | self.colleague).sudo().write({"company_ids": [Command.set(self.branch.ids)], "company_id": self.branch.id})
        self._submitted_report()
        later = self.carried(march)
        self.assertEqual(set(later.mapped("name")), {"Late", "Given up"})
        self.assertFalse(later.owner_id, "the head names one, the post's holder does not work there either")
        self.assertEqual(later.helper_ids, self.newcomer)
        self.assertEqual(later.filtered(lambda task: task.name == "Given up").job_id, self.fitter)

    def test_what_runs_goes_to_the_head_when_its_owner_left_the_company(self):
        march = self.month("issued")
        self.employee.sudo().write({"company_ids": [Command.set(self.branch.ids)], "company_id": self.branch.id})
        self._ruled_report()
        self.assertEqual(self.carried(march).owner_id, self.head)

    # -- history -------------------------------------------------------------------------------------------------------

    def chain(self, months=("2027-03-01", "2027-04-01")):
        """Carry the first task on over ``months``; return the last one."""
        task = self.late
        self.late.sudo()._transition("unfinished")
        for month in months:
            plan = self.month(month=month)
            plan._prefill()
            task = self.carried(plan).filtered(lambda item, name=task.name: item.name == name)
            self._reach(plan, "issued")
            if month != months[-1]:
                task.sudo()._transition("unfinished")
        return task

    def test_the_chain_is_told(self):
        task = self.chain().with_user(self.employee)
        self.assertEqual(task.history, "2027-02 → 2027-03 → 2027-04")
        self.assertEqual((task.carry_count, task.first_period, str(task.original_end)), (2, "2027-02", "2027-02-12"))
        self.assertEqual((task.carry_label, task.is_repeated), ("2 times", True))
        self.assertEqual((self.done.carry_label, self.done.is_repeated, self.done.history), (False, False, "2027-02"))
        found = self.Task.with_user(self.employee).search([("is_repeated", "=", True)])
        self.assertEqual(found, task)
        self.assertNotIn(task, self.Task.search([("is_repeated", "=", False)]))
        opened = self.Task.search(self.late.action_open_history()["domain"])
        self.assertEqual(opened.mapped("period"), ["2027-02", "2027-03", "2027-04"])

    def test_chains_of_a_page_in_one_statement(self):
        tasks = self.chain() | self.plan.task_ids
        self.env.flush_all()
        self.env.invalidate_all()
        tasks.mapped("carried_from_id")
        before = self.env.cr.sql_log_count
        tasks.mapped("carry_label")
        self.assertEqual(self.env.cr.sql_log_count - before, 1)
