"""Tasks: who moves them, who says how far they are, what is added and withdrawn in the month, and that nobody goes round."""

import operator
from ast import literal_eval

from lxml import etree
from psycopg2.errors import CheckViolation

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..tools import token
from .execution import ExecutionCase


@tagged("ops_task")
class TestOpsTask(ExecutionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls._issued()
        cls.task, cls.routine = cls.plan.task_ids
        cls.mine = cls.task.with_user(cls.employee)

    # -- post and owner -------------------------------------------------------------------------------------------------

    def test_a_task_goes_to_a_post(self):
        plan = self._month_plan(month="2027-03-01", tasks=[
            {"name": "Fit", "job_id": self.fitter.id}, {"name": "Pack", "owner_id": self.newcomer.id},
        ])
        self.assertEqual(plan.task_ids.mapped("owner_id"), self.employee | self.newcomer)
        self.assertEqual(plan.task_ids.mapped("job_id"), self.fitter | self.packer)

    def test_open_tasks_follow_the_post(self):
        self.employee_of(self.employee).job_id = False
        self.employee_of(self.newcomer).job_id = self.fitter
        self.assertTrue(self.task.with_user(self.head).can_follow_post)
        with self.assertRaises(AccessError):
            self.mine.action_follow_post()
        self.task.with_user(self.head).action_follow_post("She fits now")
        self.assertEqual(self.task.owner_id, self.newcomer)
        self.assertIn("She fits now", self.notes(self.task))
        self.assertTrue(self.told(self.newcomer))
        with self.refused(UserError, "nobody else"):
            self.task.with_user(self.head).action_follow_post()

    def test_handed_over(self):
        task = self.task.with_user(self.head)
        self.assertEqual(task.action_hand_over()["res_model"], "ops.hand.over.wizard")
        with self.refused(UserError, "Reason"):
            task.action_hand_over(self.newcomer.id, " ")
        with self.assertRaises(AccessError):
            self.mine.action_hand_over(self.newcomer.id, "No time")
        for nobody in (self.portal, self.branch_employee):
            with self.assertRaises(ValidationError):
                task.action_hand_over(nobody.id, "On leave")
        wizard = self.env["ops.hand.over.wizard"].with_user(self.head).create({
            "res_model": "ops.task", "res_ids": task.ids, "owner_id": self.newcomer.id, "reason": "On leave",
        })
        wizard.action_confirm()
        self.assertEqual(self.task.owner_id, self.newcomer)
        self.task.with_user(self.newcomer).action_done()
        with self.refused(UserError, "must be open"):
            task.action_hand_over(self.employee.id, "Back again")

    def test_owners_work_for_the_company(self):
        for user in (self.branch_employee, self.portal):
            with self.refused(ValidationError, "does not work for"):
                self._month_plan(month="2027-03-01", tasks=[{"name": "Fit", "owner_id": user.id}])

    # -- the link -----------------------------------------------------------------------------------------------------------

    @mute_logger("odoo.sql_db")
    def test_exactly_one_link(self):
        plan = self._month_plan(month="2027-03-01")
        with self.assertRaises(CheckViolation), self.env.cr.savepoint():
            plan.task_ids[0].write({"is_routine": True})
            self.env.flush_all()

    def test_a_source_is_the_machinerys(self):
        """Whoever could name any record as a source would read its name."""
        plan = self._month_plan(month="2027-03-01")
        forged = {"source_model": "res.users", "source_id": self.gm.id}
        with self.refused(UserError, "cannot be written directly"):
            self.Task.with_user(self.head).create({**self._values("Peep"), "month_plan_id": plan.id, **forged})
        with self.refused(UserError, "cannot be written directly"):
            plan.task_ids[0].write(forged)
        for name, value in forged.items():
            task = self.Task.with_user(self.head).with_context(**{f"default_{name}": value}).create(
                {**self._values("Peep"), "month_plan_id": plan.id}
            )
            self.assertFalse(task.source_id or task.source_model)

    def test_a_duplicate_comes_from_nothing(self):
        resolution = self._resolution(self.employee)
        plan = self._month_plan(month="2027-03-01")
        task = plan.task_ids[0]
        token.marked(task.sudo()).write({"initiative_id": False, "source_model": resolution._name, "source_id": resolution.id})
        copied = task.copy()
        self.assertEqual((copied.name, copied.month_plan_id, copied.owner_id), (task.name, plan, task.owner_id))
        self.assertFalse(copied.source_model or copied.source_id)
        again = plan.copy({"month": "2027-04-01"})
        self.assertEqual((again.period, len(again.task_ids), again.state), ("2027-04", 3, "draft"))
        self.assertFalse(any(again.task_ids.mapped("source_id")))

    def test_a_duplicate_in_the_month_is_added_to_it(self):
        """Only whoever may add duplicates; what comes of it is new, whatever became of the one that it came from."""
        for user in (self.employee, self.other_head, self.operations):
            with self.assertRaises(UserError):
                self.task.with_user(user).copy()
        self.mine.action_start()
        copied = self.task.with_user(self.head).copy()
        self.assertEqual((copied.month_plan_id, copied.state, copied.change_label), (self.plan, "todo", "added"))
        self.assertTrue(copied.added_on)
        self.assertTrue(self.changes_told(self.operations))

    def test_a_task_is_of_the_department_of_its_plan(self):
        plan = self._month_plan(month="2027-03-01")
        with self.refused(UserError, "cannot be written directly"):
            self.Task.with_user(self.head).create(
                {**self._values("Stray"), "month_plan_id": plan.id, "department_id": self.other_department.id}
            )
        with self.refused(UserError, "cannot be written directly"):
            plan.task_ids[0].department_id = self.other_department
        self.assertEqual(plan.task_ids.department_id, self.department)

    # -- states ---------------------------------------------------------------------------------------------------------------

    def test_todo_progress_done(self):
        self.mine.action_start()
        self.assertEqual(self.task.state, "progress")
        self.mine.action_done("It stands in hall 3")
        self.assertEqual((self.task.state, self.task.progress, self.task.evidence), ("done", 100, "It stands in hall 3"))
        self.assertTrue(self.task.done_on)
        self.mine.action_start()
        self.assertEqual((self.task.state, self.task.progress, self.task.done_on), ("progress", 90, False))
        self.mine.action_unfinished()
        self.assertEqual(self.task.state, "unfinished")

    def test_the_state_is_not_written(self):
        for user in (self.employee, self.head, self.operations, self.gm):
            with self.assertRaises(UserError):
                self.task.with_user(user).write({"state": "done"})
            with self.assertRaises(UserError):
                self.task.with_user(user).web_save({"state": "done"}, {"state": {}})
        self.assertEqual(self.task.state, "todo")

    def test_a_card_is_dragged_by_the_same_rules(self):
        self.mine.action_move("progress")
        self.mine.action_move("done")
        self.assertEqual(self.task.state, "done")
        with self.assertRaises(AccessError):
            self.task.with_user(self.newcomer).action_move("progress")
        with self.refused(UserError, "no such column"):
            self.mine.action_move("nowhere")
        dialog = self.routine.with_user(self.head).action_move("cancelled")
        self.assertEqual(dialog["res_model"], "ops.reason.wizard")

    def test_nothing_runs_before_the_issue(self):
        plan = self._reach(self._month_plan(month="2027-03-01"), "assigned")
        with self.refused(UserError, "Tasks run while it is issued"):
            plan.task_ids[0].with_user(self.employee).action_start()
        with self.assertRaises(AccessError):
            plan.task_ids[0].with_user(self.employee).write({"progress": 10})

    def test_evidence_where_it_is_asked_for(self):
        plan = self._issued(month="2027-03-01", tasks=[
            self._values("Show it", date_start="2027-03-01", date_end="2027-03-10", is_routine=True, asks_evidence=True),
        ])
        task = plan.task_ids.with_user(self.employee)
        with self.refused(UserError, "Evidence"):
            task.action_done()
        task.action_done("See hall 3")
        self.assertEqual(task.state, "done")

    def test_a_photo_is_evidence(self):
        plan = self._issued(month="2027-03-01", tasks=[
            self._values("Show it", date_start="2027-03-01", date_end="2027-03-10", is_routine=True, asks_evidence=True),
        ])
        task = plan.task_ids.with_user(self.employee)
        with self.assertRaises(AccessError):
            task.with_user(self.newcomer).add_evidence([{"name": "x.png", "data": "aGVsbG8="}])
        with self.refused(UserError, "Evidence"):
            task.add_evidence([{"name": "x.png"}])
        task.add_evidence([{"name": "hall.png", "data": "aGVsbG8="}])
        task.action_done()
        self.assertEqual(task.state, "done")
        self.assertEqual(task.sudo().message_attachment_count, 1)

    # -- duties -----------------------------------------------------------------------------------------------------------------

    def test_the_owner_says_how_far_it_is_and_nothing_else(self):
        self.mine.write({"progress": 40, "progress_note": "Ordered"})
        self.assertEqual((self.task.progress, self.task.state), (40, "progress"), "whoever reports has begun")
        for values in ({"name": "Easier"}, {"date_end": "2027-12-31"}, {"weight": 1}, {"owner_id": self.newcomer.id}):
            with self.assertRaises(AccessError):
                self.mine.write(values)
        with self.assertRaises(AccessError):
            self.mine.unlink()
        for user in (self.newcomer, self.other_head, self.gm):
            with self.assertRaises(AccessError):
                self.task.with_user(user).write({"progress": 50})

    def test_a_co_worker_reports_but_does_not_close(self):
        plan = self._issued(month="2027-03-01", tasks=[
            self._values("Together", date_start="2027-03-01", date_end="2027-03-10", is_routine=True,
                         helper_ids=[(6, 0, self.newcomer.ids)]),
        ])
        task = plan.task_ids.with_user(self.newcomer)
        task.progress = 30
        self.assertEqual(task.state, "progress")
        with self.assertRaises(AccessError):
            task.action_done()

    # -- during the month ---------------------------------------------------------------------------------------------------------

    def test_added_in_the_month(self):
        """The head adds; it is marked, its owner and operations are told; nobody else adds."""
        values = {**self._values("Repair the roof", is_routine=True), "month_plan_id": self.plan.id}
        for user in (self.employee, self.other_head, self.operations):
            with self.assertRaises(UserError):
                self.Task.with_user(user).create(dict(values))
        with self.assertRaises(UserError):
            self.Task.with_user(self.head).create({**values, "added_on": False, "consent_state": "given"})
        task = self.Task.with_user(self.head).create(values)
        self.assertEqual((bool(task.added_on), task.change_label), (True, "added"))
        self.assertTrue(self.told(self.employee))
        self.assertTrue(self.changes_told(self.operations))
        with self.assertRaises(AccessError):
            task.name = "Something else"
        with self.refused(UserError, "Link"):
            self.Task.with_user(self.head).create({**self._values("Loose"), "month_plan_id": self.plan.id})

    def test_withdrawn_in_the_month(self):
        with self.assertRaises(AccessError):
            self.mine.action_withdraw("No time")
        self.assertEqual(self.task.with_user(self.head).action_withdraw()["res_model"], "ops.reason.wizard")
        self.task.with_user(self.head).action_withdraw("The customer called it off")
        self.assertEqual((self.task.state, self.task.change_label), ("cancelled", "withdrawn"))
        self.assertTrue(self.changes_told(self.operations))
        self.assertTrue([subject for subject in self.told(self.employee) if "withdrawn" in subject])

    def test_one_mail_for_all_tasks_of_an_owner(self):
        self.env["mail.mail"].sudo().search([]).unlink()
        self._issued(month="2027-03-01", tasks=[
            self._values(f"Number {number}", date_start="2027-03-01", date_end="2027-03-10", is_routine=True)
            for number in range(5)
        ])
        self.assertEqual(len([subject for subject in self.told(self.employee) if "tasks" in subject.lower()]), 1)

    # -- screens --------------------------------------------------------------------------------------------------------------------

    def test_late_is_a_question_of_the_clock(self):
        self.assertFalse(self.task.is_late)
        with self.at("2027-02-27 01:00"):
            self.env.invalidate_all()
            self.assertTrue(self.task.is_late)
            tasks = self.Task.with_user(self.employee)
            self.assertIn(self.task, tasks.search([("is_late", "=", True)]))
            self.assertNotIn(self.task, tasks.search([("is_late", "=", False)]))

    def test_mine(self):
        tasks = self.Task.with_user(self.employee)
        self.assertEqual(tasks.search([("is_mine", "=", True), ("month_plan_id", "=", self.plan.id)]), self.mine)
        self.assertEqual(tasks.search([("is_mine", "=", False), ("month_plan_id", "=", self.plan.id)]), self.routine)
        self.assertIn(self.routine, tasks.search([("in_my_departments", "=", True)]))

    def test_who_carries_it_out(self):
        """Owner and co-workers, found by number and by name; whom it is not; and nobody."""
        self.task.sudo().helper_ids |= self.liaison
        self.assertEqual(self.task.worker_ids, self.employee | self.liaison)

        def found(compared, value):
            return self.Task.with_user(self.head).search([("worker_ids", compared, value), ("month_plan_id", "=", self.plan.id)])

        self.assertEqual(found("in", self.employee.ids), self.task)
        self.assertEqual(found("in", (self.liaison | self.newcomer).ids), self.task | self.routine)
        self.assertEqual(found("not in", self.liaison.ids), self.routine)
        self.assertEqual(found("ilike", self.liaison.name), self.task)
        self.assertEqual((found("=", False), found("!=", False)), (self.Task, self.task | self.routine))

    def test_this_month_also_where_one_may_not_read_the_plan(self):
        """The filter of the view, for a co-worker from another department; the month is that of their own clock."""
        self.task.sudo().helper_ids |= self.liaison
        self.env.flush_all()
        self.env.invalidate_all()
        arch = etree.fromstring(self.Task.get_view(view_type="search")["arch"])
        domain = literal_eval(arch.find(".//filter[@name='this_month']").get("domain"))
        self.assertFalse(self.plan.with_user(self.liaison).has_access("read"), "another department's")
        domain = [*domain, ("month_plan_id", "=", self.plan.id)]
        for moment, shown in (
            ("2027-01-31 23:30", self.Task), ("2027-02-01 00:30", self.task),
            ("2027-02-28 23:30", self.task), ("2027-03-01 00:30", self.Task),
        ):
            with self.subTest(moment=moment), self.at(moment, python=True):
                self.assertEqual(self.Task.with_user(self.liaison).search(domain), shown)

    def test_this_week_begins_on_monday(self):
        """Also east of Greenwich: neither the Sunday before, nor without the Sunday at its end."""
        arch = etree.fromstring(self.Task.get_view(view_type="search")["arch"])
        domain = literal_eval(arch.find(".//filter[@name='this_week']").get("domain"))
        for day, shown in (("2027-02-14", False), ("2027-02-15", True), ("2027-02-21", True), ("2027-02-22", False)):
            token.marked(self.task.sudo()).write({"date_end": day})
            with self.subTest(day=day), self.at("2027-02-17 10:00", python=True):
                found = self.Task.with_user(self.employee).search([*domain, ("month_plan_id", "=", self.plan.id)])
                self.assertEqual(self.task in found, shown)

    def _undated(self):
        """Return tasks of March 2027, one for each way in which days are left out: dict name → task."""
        days = {
            "End": {"date_end": "2027-03-10"}, "Start": {"date_start": "2027-03-10"}, "Neither": {},
            "Later": {"date_start": "2027-04-05"}, "Both": {"date_start": "2027-02-15", "date_end": "2027-03-05"},
        }
        plan = self._month_plan(month="2027-03-01", tasks=[
            {"name": name, "owner_id": self.employee.id, "is_routine": True, **dates} for name, dates in days.items()
        ])
        return {task.name: task for task in plan.task_ids}

    def test_the_calendar_shows_tasks_that_lack_a_day(self):
        """Its domain, as the web client makes it of the view's own attributes; nothing that it reads is empty."""
        tasks = self._undated()
        view = etree.fromstring(self.Task.get_view(view_type="calendar")["arch"])
        start, stop = view.get("date_start"), view.get("date_stop")
        self.assertEqual(view.get("edit"), "0", "nothing is dragged that was not written")

        def shown(first, last):
            domain = [(start, "<=", last), (stop, ">=", first), ("month_plan_id", "=", tasks["End"].month_plan_id.id)]
            rows = self.Task.with_user(self.head).search_read(domain, ["name", start, stop])
            self.assertTrue(all(row[start] and row[stop] for row in rows))
            return {row["name"]: f"{row[start]:%m-%d} {row[stop]:%m-%d}" for row in rows}

        self.assertEqual(shown("2027-03-01", "2027-03-31"), {
            "End": "03-10 03-10", "Start": "03-10 03-31", "Neither": "03-01 03-31", "Both": "02-15 03-05",
        })
        self.assertEqual(set(shown("2027-02-01", "2027-02-28")), {"Both"})
        self.assertEqual(shown("2027-04-01", "2027-04-30"), {"Later": "04-05 04-05"})

    def test_what_is_found_by_the_days_of_the_calendar_is_what_is_read(self):
        tasks = self.Task.union(*self._undated().values())
        days = [fields.Date.to_date(day) for day in (
            "2027-02-15", "2027-02-28", "2027-03-01", "2027-03-05", "2027-03-10", "2027-03-30", "2027-03-31", "2027-04-05",
        )]
        compared = {
            "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "=": operator.eq, "!=": operator.ne,
        }
        for name in ("calendar_start", "calendar_end"):
            for sign, compare in compared.items():
                for day in days:
                    with self.subTest(name=name, sign=sign, day=day):
                        self.assertEqual(
                            tasks.search([("id", "in", tasks.ids), (name, sign, day)]),
                            tasks.filtered(lambda task, name=name, compare=compare, day=day: compare(task[name], day)),
                        )
            self.assertFalse(tasks.search([("id", "in", tasks.ids), (name, "=", False)]))
        self.assertIs(tasks._search_calendar_start("ilike", "2027"), NotImplemented)

    def test_where_it_comes_from_in_words(self):
        self.assertEqual(self.task.source_label, "New packaging line")
        self.assertEqual(self.routine.source_label, "Routine")
        with self.refused(UserError, "Source"):
            self.mine.action_open_source()

    def test_figures_of_the_plan(self):
        self.mine.action_done()
        self.assertEqual((self.plan.task_count, self.plan.done_count, self.plan.completion), (2, 1, 75.0))
