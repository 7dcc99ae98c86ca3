"""Form 6, the work log (M4): one per person and day, written by its owner for today and some days back, moving the tasks."""

from datetime import date

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .execution import ExecutionCase

TODAY = "2027-02-16 17:00"  # Tuesday


class WorkLogCase(ExecutionCase):
    """The workshop's February is issued: ``order`` and ``show`` (asks for evidence) are the employee's, with the newcomer
    as co-worker of ``order``; ``clean`` is the newcomer's. The clock stands at ``TODAY``."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        plan = cls._issued(tasks=[
            cls._values("Order the line", is_routine=True, helper_ids=[Command.set(cls.newcomer.ids)]),
            cls._values("Show the hall", is_routine=True, asks_evidence=True),
            cls._values("Clean the hall", is_routine=True, owner_id=cls.newcomer.id),
        ])
        cls.order, cls.show, cls.clean = plan.task_ids.sorted("id")
        cls.enterClassContext(cls.at(TODAY))
        cls.Log = cls.env["ops.work.log"]

    @classmethod
    def _log(cls, user=None, date="2027-02-16", lines=(), **values):
        """Return a log of ``user`` with a line per (task, percent)."""
        user = user or cls.employee
        return cls.Log.with_user(user).create({
            "date": date, "owner_id": user.id, "note": "Helped in the store",
            "line_ids": [Command.create({"task_id": task.id, "progress": progress}) for task, progress in lines], **values,
        })


@tagged("ops_work_log")
class TestOpsWorkLog(WorkLogCase):
    def test_new_log_is_filled_with_the_open_tasks(self):
        """M4: owner or co-worker, plan issued; neither others' tasks nor such as begin later."""
        self.show.sudo()._write({"date_start": "2027-02-20"})
        self.show.invalidate_recordset()
        with Form(self.Log.with_user(self.employee)) as form:
            self.assertEqual([form.line_ids.edit(index).task_id for index in range(len(form.line_ids))], [self.order])
            form.note = "Nothing"
        log = form.record
        self.assertEqual((log.owner_id, str(log.date), log.department_id, log.company_id),
                         (self.employee, "2027-02-16", self.department, self.company))
        self.assertEqual(log.number, f"WL-20270216-{self.employee.id:04}")
        self.assertEqual((self.order.state, self.order.progress), ("todo", 0), "what nobody touched has not begun")
        with Form(self.Log.with_user(self.newcomer)) as form:
            tasks = [form.line_ids.edit(index).task_id for index in range(len(form.line_ids))]
            self.assertEqual(set(tasks), {self.order, self.clean})
            form.note = "Nothing"

    def test_saving_moves_the_tasks(self):
        log = self._log(lines=[(self.order, 40)])
        self.assertEqual((self.order.progress, self.order.state), (40, "progress"), "whoever reports has begun")
        self.assertEqual(log.line_ids.progress_before, 0)
        self.assertFalse(self.show.progress)
        log.write({"line_ids": [
            Command.update(log.line_ids.id, {"progress": 70, "note": "Two of three came"}),
            Command.create({"task_id": self.show.id, "progress": 10}),
        ]})
        self.assertEqual((self.order.progress, self.order.progress_note), (70, "Two of three came"))
        self.assertEqual(self.show.state, "progress")
        log.line_ids.filtered(lambda line: line.task_id == self.show).progress = 20
        self.assertEqual(self.show.progress, 20, "a line alone does the same")

    def test_hundred_percent_is_not_done(self):
        self._log(lines=[(self.show, 100)])
        self.assertEqual((self.show.progress, self.show.state), (100, "progress"))
        with self.refused(UserError, "Evidence"):
            self.show.with_user(self.employee).action_done()

    def test_a_co_worker_moves_the_task_a_stranger_does_not(self):
        self._log(self.newcomer, lines=[(self.order, 30)])
        self.assertEqual(self.order.progress, 30)
        with self.refused(ValidationError, "what its owner carries out"):
            self._log(lines=[(self.clean, 50)])
        self.assertEqual(self.clean.progress, 0)

    def test_a_co_worker_from_another_department(self):
        """M4: whoever helps with a task of a plan that they may not read finds it in their log, and says how far it is."""
        self.order.sudo().helper_ids |= self.liaison
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertFalse(self.order.month_plan_id.with_user(self.liaison).has_access("read"), "another department's")
        logs = self.Log.with_user(self.liaison)
        self.assertEqual(logs._tasks_of(self.liaison, date(2027, 2, 16)), self.order)
        with Form(logs) as form:
            self.assertEqual([form.line_ids.edit(index).task_id for index in range(len(form.line_ids))], [self.order])
            form.note = "Nothing"
        log = form.record
        self.assertEqual((log.department_id, log.line_ids.task_id), (self.other_department, self.order))
        offered = self.Task.with_user(self.liaison).search([
            ("worker_ids", "in", self.liaison.ids), ("state", "in", ["todo", "progress", "done"]),
            ("plan_state", "in", ["issued", "reported"]),
        ])
        self.assertEqual(offered, self.order, "as the form offers it for another line")
        log.write({"line_ids": [Command.update(log.line_ids.id, {"progress": 40})]})
        self.assertEqual((self.order.progress, self.order.state), (40, "progress"))

    def test_a_log_of_yesterday_does_not_take_today_back(self):
        self._log(lines=[(self.order, 60)])
        yesterday = self._log(date="2027-02-15", lines=[(self.order, 30)])
        self.assertEqual(self.order.progress, 60)
        self.assertEqual(yesterday.line_ids.progress, 30)

    def test_what_nobody_touched_moves_no_task(self):
        """A form that was opened before somebody else moved the task."""
        self.order.with_user(self.employee).progress = 20
        self.order.with_user(self.head).progress = 50
        log = self._log(line_ids=[Command.create({"task_id": self.order.id, "progress": 20, "progress_before": 20})])
        self.assertEqual((self.order.progress, log.line_ids.progress, log.line_ids.progress_before), (50, 50, 50))
        with self.refused(UserError, "somebody has moved it to 50 %"):
            self._log(self.newcomer, line_ids=[Command.create({"task_id": self.order.id, "progress": 30, "progress_before": 20})])
        self.assertEqual(self.order.progress, 50)

    def test_a_note_alone_does_not_take_back_what_others_said(self):
        """Saved at noon at 30 %, moved by the head to 60 % since: in the evening the owner adds but a note."""
        log = self._log(lines=[(self.order, 30), (self.show, 30)])
        first, second = log.line_ids.sorted("id")
        (self.order | self.show).with_user(self.head).write({"progress": 60})
        log.write({"line_ids": [Command.update(first.id, {"note": "Two of three came"})]})
        self.assertEqual((self.order.progress, self.order.progress_note), (60, "Two of three came"))
        self.assertEqual((first.progress, second.progress), (60, 30), "its line says what it was then; the other said nothing")
        second.note = "Half the hall"
        self.assertEqual((self.show.progress, self.show.progress_note, second.progress), (60, "Half the hall", 60))
        log.write({"line_ids": [Command.update(first.id, {"progress": 40, "note": "One went back"})]})
        self.assertEqual((self.order.progress, self.order.progress_note), (40, "One went back"), "said, it moves the task")

    def test_a_note_in_an_earlier_log_leaves_what_it_said(self):
        """A later log speaks of the task: neither the task nor what the earlier day says of it changes."""
        yesterday = self._log(date="2027-02-15", lines=[(self.order, 30)])
        self._log(lines=[(self.order, 60)])
        yesterday.write({"line_ids": [Command.update(yesterday.line_ids.id, {"note": "Forgotten"})]})
        self.assertEqual((self.order.progress, self.order.progress_note), (60, False))
        self.assertEqual(yesterday.line_ids.progress, 30)

    def test_what_does_not_run_any_more_stays(self):
        self.order.with_user(self.head).action_withdraw("Not needed")
        log = self._log(lines=[(self.order, 40)])
        self.assertEqual((self.order.progress, self.order.state, log.line_ids.progress), (0, "cancelled", 40))

    def test_done_today_is_listed(self):
        self.order.with_user(self.employee).action_done()
        self.assertIn(self.order, self.Log._tasks_of(self.employee, date(2027, 2, 16)))
        self.assertNotIn(self.order, self.Log._tasks_of(self.employee, date(2027, 2, 17)))

    def test_what_ended_unfinished_today_is_listed(self):
        """A log is owed for the day because of it: it can be spoken of, and does not move any more."""
        self.order.with_user(self.employee).progress = 40
        self.order.with_user(self.employee).action_unfinished()
        self.assertIn(self.order, self.Log._tasks_of(self.employee, date(2027, 2, 16)))
        self.assertNotIn(self.order, self.Log._tasks_of(self.employee, date(2027, 2, 17)))
        data = self.Log.with_user(self.employee).quick_save({
            "date": "2027-02-16", "version": 0, "lines": [{"task_id": self.order.id, "problem": "No lorry"}],
        })
        row = next(row for row in data["tasks"] if row["id"] == self.order.id)
        self.assertEqual((row["problem"], row["can_report"]), ("No lorry", False))
        self.assertEqual((self.order.state, self.order.progress), ("unfinished", 40))

    # -- one per person and day ---------------------------------------------------------------------------------------------

    @mute_logger("odoo.sql_db")
    def test_one_per_person_and_day(self):
        self._log()
        with self.assertRaises(Exception) as caught, self.env.cr.savepoint():
            self._log()
        self.assertIn("_once", str(caught.exception))
        self._log(self.newcomer)
        self._log(date="2027-02-15")

    def test_an_empty_log_is_none(self):
        with self.refused(UserError, "say in a line"):
            self._log(note=" ")
        with self.refused(UserError, "say in a line"):
            self._log(note=False, lines=[(self.order, self.order.progress)])
        log = self._log()
        with self.refused(UserError, "say in a line"):
            log.note = False
        log.write({"note": False, "line_ids": [Command.create({"task_id": self.order.id, "progress": 40})]})
        log.line_ids.progress = 0
        log.measure_taken = "What was typed wrongly is put right"

    def test_it_stays_with_its_person_its_day_and_its_task(self):
        log = self._log(lines=[(self.order, 10)])
        for values in ({"date": "2027-02-15"}, {"owner_id": self.newcomer.id}):
            with self.refused(UserError, "a log stays with its person"):
                log.write(values)
        log.write({"date": "2027-02-16", "owner_id": self.employee.id})
        with self.refused(UserError, "a line stays with its log"):
            log.line_ids.task_id = self.show
        with self.refused(UserError, "not copied"):
            log.copy()

    def test_the_machinery_says_where_and_when(self):
        """Neither values nor defaults of a client say where the owner worked or that it was in time."""
        forged = {"department_id": self.other_department.id, "company_id": self.branch.id, "written_on": "2027-01-01 00:00:00",
                  "is_late": False, "content_version": 9, "period": "2026-01"}
        log = self.Log.with_user(self.employee).with_context(**{f"default_{name}": value for name, value in forged.items() if name != "company_id"}).create(
            {"date": "2027-02-12", "note": "Stocktaking", **forged}
        )
        self.assertEqual((log.department_id, log.company_id, log.period, log.is_late, log.content_version),
                         (self.department, self.company, "2027-02", True, 1))
        log.write({"department_id": self.other_department.id, "is_late": False})
        self.assertEqual((log.department_id, log.is_late), (self.department, True))
        self.employee_of(self.employee).department_id = self.other_department
        self.assertEqual(log.department_id, self.department, "where the owner worked then")

    # -- when -----------------------------------------------------------------------------------------------------------------

    def test_days_that_may_be_written(self):
        """Today and back up to the company's setting, in its own time zone; never ahead; then closed for everybody."""
        for day in ("2027-02-16", "2027-02-09"):
            self._log(date=day)
        for day, text in (("2027-02-17", "not come yet"), ("2027-02-08", "closed")):
            with self.refused(UserError, text):
                self._log(date=day)
            with self.refused(UserError, text):
                self.Log.sudo().create({"date": day, "owner_id": self.employee.id, "note": "x"})
        with self.at("2027-02-17 00:30"):  # still the 16th in UTC
            self._log(date="2027-02-17")
        self.company.ops_log_days_back = 0
        with self.refused(UserError, "closed"):
            self._log(date="2027-02-15")

    def test_closed_for_everybody(self):
        log = self._log(date="2027-02-09", lines=[(self.order, 10)])
        with self.at("2027-02-17 08:00"):
            for records in (log, log.sudo()):
                with self.refused(UserError, "closed"):
                    records.note = "Later"
                with self.refused(UserError, "closed"):
                    records.line_ids.progress = 90
                with self.refused(UserError, "closed"):
                    records.line_ids.unlink()
            with self.refused(UserError, "closed"):
                log.line_ids.sudo().create({"log_id": log.id, "task_id": self.show.id, "progress": 5})
            with self.assertRaises(AccessError):
                log.check_access("write")
            with self.assertRaises(AccessError):
                self.env["ir.attachment"].with_user(self.employee).create({"name": "x", "raw": b"x", "res_model": log._name, "res_id": log.id})
            self.assertFalse(log.can_write)
        self.assertEqual((log.note, self.order.progress), ("Helped in the store", 10))

    def test_late_is_after_the_close_of_the_day(self):
        self.assertFalse(self._log().is_late)
        self.assertTrue(self._log(date="2027-02-15").is_late)
        self.company.ops_day_close_hour = 16
        self.assertTrue(self._log(self.newcomer).is_late)
