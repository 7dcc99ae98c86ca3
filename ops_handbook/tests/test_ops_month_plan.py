"""Form 5: the month plan from the draft to the issue, who takes which step, and what it must hold."""

from psycopg2.errors import UniqueViolation

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .execution import ExecutionCase


@tagged("ops_month_plan")
class TestOpsMonthPlan(ExecutionCase):
    def test_from_the_draft_to_the_issue(self):
        plan = self._month_plan()
        self.assertRegex(plan.number, r"^MP-2027-\d{4}$")
        self.assertEqual((plan.period, plan.state, plan.author_id), ("2027-02", "draft", self.head))
        self._reach(plan, "issued")
        self.assertEqual(plan.state, "issued")
        self.assertTrue(plan.assigned_on and plan.submitted_on and plan.issued_on)
        self.assertEqual(
            plan.sudo().transition_ids.sorted("id").mapped("to_state"), ["assigned", "submitted", "filed", "issued"]
        )

    def test_any_day_becomes_the_first_of_its_month(self):
        plan = self._month_plan(month="2027-03-17")
        self.assertEqual((str(plan.month), plan.period), ("2027-03-01", "2027-03"))
        with self.refused(ValidationError, "Month"):
            self._month_plan(month="soon")

    def test_a_plan_is_made_for_the_month_to_come(self):
        self.assertEqual(self.MonthPlan.with_user(self.head).new({}).period, "2027-02")

    @mute_logger("odoo.sql_db")
    def test_one_per_department_and_month(self):
        plan = self._month_plan()
        with self.assertRaises(UniqueViolation), self.env.cr.savepoint():
            self._month_plan()
        plan.action_cancel("Twice")
        self.assertTrue(self._month_plan())

    def test_figures_follow_what_is_typed(self):
        """While a saved plan is edited on screen its figures are those of the rows as they stand there."""
        plan = self._month_plan().with_user(self.head)
        before = plan.task_count
        with Form(plan) as form:
            with form.task_ids.new() as row:
                row.name = "Check the machines"
                row.owner_id = self.employee
                row.is_routine = True
            self.assertEqual(form.task_count, before + 1)
            self.assertGreater(form.routine_share, 0)
        self.assertEqual(plan.task_count, before + 1)

    # -- who ------------------------------------------------------------------------------------------------------------

    def test_only_the_head_writes(self):
        for user in (self.employee, self.other_head, self.gm_office, self.operations):
            with self.assertRaises(UserError):
                self._month_plan(user=user)
        plan = self._month_plan()
        for user in (self.employee, self.other_head, self.operations, self.gm_office):
            with self.assertRaises(UserError):
                plan.with_user(user).action_assign()

    def test_operations_file_and_issue_but_not_their_own(self):
        plan = self._reach(self._month_plan(), "submitted")
        with self.assertRaises(AccessError):
            plan.action_file()
        plan.with_user(self.operations).action_file()
        with self.assertRaises(AccessError):
            plan.action_issue()
        own = self._month_plan(
            tasks=[self._values("Chase", owner_id=self.operations.id, is_routine=True)], user=self.operations,
            department=self.ops_department,
        )
        self._reach(own, "submitted")
        for user in (self.operations, self.operations_colleague):
            with self.assertRaises(AccessError):
                own.with_user(user).action_file()
        own.with_user(self.gm_office).action_file()
        own.with_user(self.gm_office).action_issue()
        self.assertEqual(own.state, "issued")

    def test_another_reviewer_than_the_head_and_operations(self):
        """Because a head both writes and reviews, a company, or a department, names somebody else."""
        self.company.ops_month_plan_reviewer_id = self.gm
        self.department.ops_month_plan_reviewer_id = self.liaison
        plan = self._reach(self._month_plan(), "submitted")
        self.assertEqual(plan.sudo().reviewer_id, self.liaison)
        with self.assertRaises(AccessError):
            plan.with_user(self.operations).action_file()
        asked = self.owed("D1", ("source_model", "=", "ops.month.plan"), ("source_id", "=", plan.id))
        self.assertEqual(asked.responsible_id, self.liaison)
        plan.with_user(self.liaison).action_file()
        asked = self.owed("D1", ("source_model", "=", "ops.month.plan"), ("source_id", "=", plan.id))
        self.assertEqual(asked.mapped("state"), ["done", "open"])
        self.assertEqual(asked[1].role, "operations")
        plan.with_user(self.operations).action_issue()
        self.assertEqual(set(asked.mapped("state")), {"done"})

    def test_a_reviewer_who_has_left_blocks_nobody(self):
        self.company.ops_month_plan_reviewer_id = self.liaison
        plan = self._reach(self._month_plan(), "submitted")
        self.liaison.active = False
        plan.with_user(self.operations).action_file()
        self.assertEqual(plan.state, "filed")

    def test_D1_of_a_reviewer_who_leaves_is_operations(self):
        """Whoever may file it by then is asked, not the head who wrote it; the log says why."""
        self.company.ops_month_plan_reviewer_id = self.liaison
        plan = self._reach(self._month_plan(), "submitted")
        asked = self._decision(plan)
        self.assertEqual(asked.responsible_id, self.liaison)
        self.liaison.active = False
        self.assertEqual((asked.role, asked.responsible_id), ("operations", self.env["res.users"]))
        self.assertIn("Liaison has left", self.notes(asked))

    def test_a_head_does_not_review_what_they_wrote(self):
        self.company.ops_month_plan_reviewer_id = self.head
        plan = self._reach(self._month_plan(), "submitted")
        with self.assertRaises(AccessError):
            plan.action_file()
        asked = self.owed("D1", ("source_model", "=", plan._name), ("source_id", "=", plan.id))
        self.assertEqual((asked.role, plan.with_user(self.operations).can_file), ("operations", True))
        plan.with_user(self.operations).action_file()
        self.assertEqual(plan.state, "filed")

    # -- nobody decides on what they handed in -----------------------------------------------------------------------------

    def _refuses(self, user, plan):
        """Assert that a user neither files nor returns a plan."""
        mine = plan.with_user(user)
        self.assertFalse(mine.can_file or mine.can_return)
        for step in (lambda: mine.action_file(), lambda: mine.action_return("Again")):
            with self.assertRaises(AccessError):
                step()

    def _take_office(self, office, users):
        users.write({"group_ids": [Command.unlink(self.env.ref(f"ops_handbook.group_{office}").id)]})

    def _decision(self, plan):
        return self.owed("D1", ("source_model", "=", plan._name), ("source_id", "=", plan.id))[-1:]

    def test_whoever_hands_it_in_does_not_decide(self):
        """A head above hands in what somebody else began: a colleague in operations files and issues it."""
        boss = self._create_boss("operations")
        plan = self._reach(self._month_plan(), "assigned")
        plan.with_user(boss).action_submit()
        self.assertEqual((plan.author_id, plan.sudo().submitted_by_id, self._decision(plan).role), (self.head, boss, "operations"))
        self._refuses(boss, plan)
        plan.with_user(self.operations).action_file()
        with self.assertRaises(AccessError):
            plan.with_user(boss).action_issue()
        plan.with_user(self.operations).action_return("Who orders it?")
        plan.action_submit()
        self.assertTrue(plan.with_user(boss).can_file, "this time its head handed it in")

    def test_a_reviewer_who_hands_it_in_does_not_review(self):
        self.company.ops_month_plan_reviewer_id = boss = self._create_boss("operations")
        plan = self._reach(self._month_plan(), "assigned")
        plan.with_user(boss).action_submit()
        self._refuses(boss, plan)
        self.assertEqual((self._decision(plan).role, plan.sudo().reviewer_id), ("operations", boss))
        plan.with_user(self.operations).action_file()

    def test_without_a_colleague_the_next_office_decides(self):
        boss = self._create_boss("operations")
        self._take_office("operations", self.operations | self.operations_colleague)
        plan = self._reach(self._month_plan(), "assigned")
        plan.with_user(boss).action_submit()
        self.assertEqual(self._decision(plan).role, "gm_office")
        self._refuses(boss, plan)
        plan.with_user(self.gm_office).action_file()
        plan.with_user(self.gm_office).action_issue()

    def test_where_nobody_else_could_they_decide_after_all(self):
        boss = self._create_boss("operations")
        self._take_office("operations", self.operations | self.operations_colleague)
        self._take_office("gm_office", self.gm_office)
        self._take_office("general_manager", self.gm)
        plan = self._reach(self._month_plan(), "assigned")
        plan.with_user(boss).action_submit()
        self.assertEqual(self._decision(plan).role, "operations")
        plan.with_user(boss).action_file()
        plan.with_user(boss).action_issue()

    def _to_decide(self, user):
        """Return what stands in somebody's My work to be decided."""
        rows = self.env["ops.my.work"].with_user(user).get_data()["lists"]["decision"]
        return self.Obligation.browse(row["id"] for row in rows)

    def _mine(self, user):
        return self.env["ops.obligation"].with_user(user).search([("is_mine", "=", True)]).sudo()

    def test_D1_is_not_theirs_who_handed_it_in(self):
        """Their colleague finds it in My work; where nobody else could decide they do after all, and find it."""
        boss = self._create_boss("operations")
        plan = self._reach(self._month_plan(), "assigned")
        plan.with_user(boss).action_submit()
        asked = self._decision(plan)
        for user, theirs in ((boss, False), (self.operations, True)):
            self.assertEqual(asked in self._to_decide(user), theirs, user.name)
            self.assertEqual(asked in self._mine(user), theirs, user.name)
            self.assertEqual(asked.with_user(user).is_mine, theirs, user.name)
        self._take_office("operations", self.operations | self.operations_colleague)
        self._take_office("gm_office", self.gm_office)
        self._take_office("general_manager", self.gm)
        self.env.invalidate_all()
        self.assertIn(asked, self._to_decide(boss))
        self.assertIn(asked, self._mine(boss))

    def test_D1_is_not_theirs_who_stand_in_for_whoever_handed_it_in(self):
        plan = self._reach(self._month_plan(), "assigned")
        self.newcomer.group_ids += self.env.ref("ops_handbook.group_operations")
        self.department.manager_id = self.employee_of(self.newcomer)
        plan.with_user(self.newcomer).action_submit()
        self.env["ops.substitution"].create({
            "user_id": self.newcomer.id, "substitute_id": self.operations_colleague.id,
            "date_from": "2027-01-18", "date_to": "2027-01-25",
        })
        self.env["res.users"]._ops_refresh_rights()
        asked = self._decision(plan)
        for user in (self.newcomer, self.operations_colleague):
            self._refuses(user, plan)
            self.assertNotIn(asked, self._to_decide(user), user.name)
        self.assertIn(asked, self._to_decide(self.operations))

    def test_handed_in_by_a_substitute_it_is_neithers(self):
        """A new head in operations was away: neither they nor their substitute decide."""
        plan = self._reach(self._month_plan(), "assigned")
        self.newcomer.group_ids += self.env.ref("ops_handbook.group_operations")
        self.department.manager_id = self.employee_of(self.newcomer)
        self.env["ops.substitution"].create({
            "user_id": self.newcomer.id, "substitute_id": self.colleague.id, "date_from": "2027-01-18", "date_to": "2027-01-25",
        })
        self.env["res.users"]._ops_refresh_rights()
        plan.with_user(self.colleague).action_submit()
        plan_sudo = plan.sudo()
        self.assertEqual((plan_sudo.submitted_by_id, plan_sudo.submitted_for_id), (self.colleague, self.newcomer))
        for user in (self.colleague, self.newcomer):
            self._refuses(user, plan)
        plan.with_user(self.operations).action_file()

    def test_what_the_machinery_hands_in_keeps_nobody_out(self):
        plan = self._reach(self._month_plan(), "assigned")
        plan.with_user(self.operations).sudo()._transition("submitted")
        self.assertFalse(plan.sudo().submitted_by_id)
        plan.with_user(self.operations).action_file()

    def test_readers(self):
        """Employees read what was issued to their department, also in the line below it; others nothing."""
        plan = self._month_plan()
        tasks = plan.task_ids
        for user in (self.employee, self.colleague, self.liaison, self.admin_ops):
            self.assertFalse(plan.with_user(user).has_access("read"), user.login)
        self._reach(plan, "assigned")
        self.assertTrue(tasks[0].with_user(self.employee).has_access("read"), "the owner")
        self.assertFalse(tasks[0].with_user(self.newcomer).has_access("read"))
        self._reach(plan, "issued")
        for user in (self.employee, self.newcomer, self.colleague, self.gm, self.gm_office):
            self.assertTrue(plan.with_user(user).has_access("read"), user.login)
            self.assertTrue(tasks[0].with_user(user).has_access("read"), user.login)
        for user in (self.liaison, self.other_head, self.admin_ops, self.branch_head):
            self.assertFalse(plan.with_user(user).has_access("read"), user.login)

    def test_a_returned_plan_is_told_to_its_head(self):
        """One mail with the reason, in the language of whoever leads the department by then."""
        plan = self._reach(self._month_plan(), "submitted")
        self.env["res.lang"]._activate_lang("zh_CN")
        self.department.manager_id = self.employee_of(self.newcomer)
        self.newcomer.sudo().lang = "zh_CN"
        plan.with_user(self.operations).action_return("Which hall?")
        mail = self.env["mail.mail"].sudo().search([("body_html", "like", f"/odoo/ops-month-plans/{plan.id}")])
        self.assertEqual((len(mail), mail.recipient_ids), (1, self.newcomer.partner_id))
        self.assertIn("Which hall?", mail.body_html)
        self.assertIn("2027年2月", mail.subject)

    # -- the lock ---------------------------------------------------------------------------------------------------------

    def test_content_is_locked_from_the_submission_on(self):
        plan = self._reach(self._month_plan(), "assigned")
        plan.summary = "The line comes first"
        plan.task_ids[0].name = "Order the new line"
        self._reach(plan, "submitted")
        with self.assertRaises(AccessError):
            plan.summary = "Too late"
        with self.assertRaises(AccessError):
            plan.task_ids[0].name = "Too late"
        with self.assertRaises(AccessError):
            plan.write({"task_ids": [(0, 0, self._values("Slipped in", is_routine=True))]})
        with self.assertRaises(AccessError):
            self.Task.with_user(self.head).create({**self._values("Slipped in"), "month_plan_id": plan.id})
        plan.with_user(self.operations).action_return("Who orders it?")
        plan.task_ids[0].name = "Order it"
        plan.action_submit()
        self.assertEqual(plan.state, "submitted")

    def test_month_and_department_stay_from_the_assignment_on(self):
        """M1, M2: they are met for this department and month."""
        plan = self._month_plan()
        plan.month = "2027-03-15"
        self.assertEqual((plan.period, set(plan.task_ids.mapped("period"))), ("2027-03", {"2027-03"}))
        plan.month = "2027-02-01"
        plan.action_assign()
        for returned in (False, True):
            for values in ({"month": "2027-03-01"}, {"department_id": self.other_department.id}):
                for user in (self.head, self.env.user):
                    with self.refused(UserError, "cancel it and make another"), self.env.cr.savepoint():
                        plan.with_user(user).write(values)
            plan.write({"month": "2027-02-20", "department_id": self.department.id, "summary": "The same month"})
            if not returned:
                plan.action_submit()
                with self.assertRaises(AccessError):
                    plan.month = "2027-03-01"
                plan.with_user(self.operations).action_return("Who orders it?")
        self.assertEqual((plan.state, plan.period, plan.department_id), ("returned", "2027-02", self.department))

    def test_a_plan_is_not_given_to_a_department_that_one_does_not_lead(self):
        plan = self._month_plan()
        with self.assertRaises(AccessError):
            plan.department_id = self.other_department
        self.other_department.sudo().manager_id = self.employee_of(self.head)
        self.env["res.users"]._ops_refresh_rights()
        plan.department_id = self.other_department
        self.assertEqual(set(plan.sudo().task_ids.department_id), set(self.other_department))

    def test_a_stale_save_is_refused(self):
        """Head and substitute edit the same plan: the second is told who was faster, nothing is lost."""
        plan = self._month_plan()
        version = plan.content_version
        plan.write({"summary": "First", "content_version": version})
        with self.refused(UserError, "was changed by"):
            plan.write({"summary": "Second", "content_version": version})

    def test_lines_do_not_touch_their_plan(self):
        """hot_parent: many write lines of one plan at once; none of them writes its row."""
        plan = self._month_plan()
        self.env.flush_all()
        self.env.cr.execute("SELECT xmin, content_version FROM ops_month_plan WHERE id = %s", [plan.id])
        before = self.env.cr.fetchone()
        task = self.Task.with_user(self.head).create({**self._values("One more", is_routine=True), "month_plan_id": plan.id})
        task.write({"weight": 20})
        task.unlink()
        self.env.flush_all()
        self.env.cr.execute("SELECT xmin, content_version FROM ops_month_plan WHERE id = %s", [plan.id])
        self.assertEqual(self.env.cr.fetchone(), before)

    # -- what it must hold --------------------------------------------------------------------------------------------------

    def test_an_empty_plan_is_not_assigned(self):
        with self.refused(UserError, "Tasks: there is none"):
            self._month_plan(tasks=[]).action_assign()

    def test_M1_every_task_has_an_owner(self):
        plan = self._month_plan(tasks=[self._values("Nobody's", owner_id=False, job_id=False), self._values("Somebody's")])
        with self.refused(UserError, "“Nobody's”"):
            plan.action_assign()

    def test_a_task_without_link_is_not_filed_and_all_are_named(self):
        plan = self._month_plan(tasks=[self._values("Loose"), self._values("Adrift"), self._values("Fine", is_routine=True)])
        plan.action_assign()
        with self.assertRaises(UserError) as caught:
            plan.action_submit()
        self.assertIn("“Loose”, “Adrift”", str(caught.exception))
        self.assertNotIn("Fine", str(caught.exception))
        self.assertIn("“Loose”, “Adrift”", plan.missing)
        plan.task_ids.filtered(lambda task: task.name != "Fine").is_routine = True
        plan.action_submit()

    def test_dates_outside_the_month(self):
        plan = self._month_plan(tasks=[
            self._values("Long ago", date_start="2026-12-01", date_end="2027-01-31", is_routine=True),
            self._values("Across", date_start="2027-01-15", date_end="2027-03-15", is_routine=True),
        ])
        plan.action_assign()
        with self.assertRaises(UserError) as caught:
            plan.action_submit()
        self.assertIn("“Long ago”", str(caught.exception))
        self.assertNotIn("Across", str(caught.exception))

    def test_january_links_to_a_plan_that_is_not_released(self):
        """The links follow the release; a plan that nobody has submitted does not count."""
        annual = self._plan(department=self.other_department)
        plan = self._month_plan(
            tasks=[self._values("Order", initiative_id=annual.initiative_ids[0].id)], user=self.other_head,
            department=self.other_department,
        )
        plan.action_assign()
        with self.refused(UserError, "has not been submitted"):
            plan.action_submit()
        self._submitted(annual)
        self._reach(plan, "issued")
        self.assertEqual(plan.task_ids.initiative_id, annual.initiative_ids[0])

    def test_too_much_routine_warns_operations(self):
        plan = self._month_plan(tasks=[
            self._values("Sweep", is_routine=True, weight=50),
            self._values("Build", initiative_id=self.annual.initiative_ids[0].id, weight=50),
        ])
        self.assertEqual((plan.routine_share, plan.routine_is_high), (50.0, True))
        self._reach(plan, "submitted")
        self.assertTrue([subject for subject in self.told(self.operations) if "Much routine" in subject])
        self.assertIn("50", self.notes(plan))
        self.company.ops_routine_limit = 60
        self.env.invalidate_all()
        self.assertFalse(plan.routine_is_high)

    def test_only_drafts_are_deleted(self):
        plan = self._month_plan()
        plan.action_assign()
        with self.refused(UserError, "cancel it instead"):
            plan.unlink()
        self._month_plan(month="2027-03-01").unlink()

    def test_a_cancelled_plan_takes_its_tasks_along(self):
        plan = self._reach(self._month_plan(), "assigned")
        plan.action_cancel("The department is dissolved")
        self.assertEqual(set(plan.task_ids.mapped("state")), {"cancelled"})
