"""The quick entry of the work log: one call to open, one to save, whatever the number of tasks."""

from datetime import date
from unittest.mock import patch

from psycopg2.errors import UniqueViolation

from odoo import Command
from odoo.exceptions import AccessError, ConcurrencyError, UserError
from odoo.tests import tagged

from .test_ops_work_log import WorkLogCase

PHOTO = {"name": "hall.jpg", "data": "aGVsbG8="}


@tagged("ops_work_log")
class TestOpsWorkLogQuick(WorkLogCase):
    def form(self, user=None, *args):
        return self.Log.with_user(user or self.employee).quick_form(*args)

    def save(self, lines=(), user=None, **values):
        return self.Log.with_user(user or self.employee).quick_save({
            "date": "2027-02-16", "version": 0, "lines": [{"task_id": task.id, **said} for task, said in lines], **values,
        })

    def row(self, data, task):
        return next(row for row in data["tasks"] if row["id"] == task.id)

    def test_the_day_is_shown_in_one_call(self):
        """M4: written or not, with the tasks of the day."""
        data = self.form()
        self.assertEqual((data["date"], data["today"], data["first"], data["log"]), ("2027-02-16", "2027-02-16", "2027-02-09", False))
        self.assertEqual([row["id"] for row in data["tasks"]], (self.order | self.show).ids)
        self.assertTrue(self.row(data, self.order)["can_report"])
        self.assertTrue(self.row(data, self.order)["can_done"])
        self.assertFalse(self.row(self.form(self.newcomer), self.order)["can_done"], "a co-worker does not close")
        self.assertEqual(self.Log.with_user(self.employee).action_open_today()["tag"], "ops_handbook.work_log")
        keys = [button["key"] for button in self.env["ops.my.work"].with_user(self.employee).get_data()["buttons"]]
        self.assertEqual(keys, ["report", "log"])

    def test_three_tasks_are_saved_at_once(self):
        self.order.with_user(self.employee).progress = 20
        data = self.save([(self.show, {"seen": 0, "progress": 50, "note": "Half the hall"})], note="Phone calls")
        self.assertEqual((self.show.progress, self.show.progress_note, self.show.state), (50, "Half the hall", "progress"))
        log = self.Log.browse(data["log"]["id"])
        self.assertEqual(log.note, "Phone calls")
        self.assertEqual({line.task_id: line.progress for line in log.line_ids}, {self.order: 20, self.show: 50},
                         "what is being worked on stands in the log, also where nothing moved")
        again = self.save([(self.order, {"seen": 20, "progress": 75, "problem": "No lorry", "measure_taken": "Called another"})],
                          version=data["log"]["version"])
        self.assertEqual((self.order.progress, again["log"]["note"]), (75, "Phone calls"))
        self.assertEqual(self.row(again, self.order)["problem"], "No lorry")
        self.assertEqual(again["logged"], ["2027-02-16"])

    def test_done_with_a_photo(self):
        """Evidence is asked for here as on the task; all or nothing."""
        with self.refused(UserError, "Evidence"):
            self.save([(self.order, {"seen": 0, "progress": 30}), (self.show, {"seen": 0, "done": True})])
        self.assertFalse(self.Log.search([("owner_id", "=", self.employee.id)]))
        self.assertEqual(self.order.progress, 0)
        data = self.save([(self.show, {"seen": 0, "done": True, "files": [PHOTO]}), (self.order, {"seen": 0, "done": True, "evidence": "Slip 7"})])
        self.assertEqual((self.show.state, self.order.state, self.order.evidence), ("done", "done", "Slip 7"))
        self.assertEqual(self.show.sudo().message_attachment_count, 1)
        self.assertFalse(self.row(data, self.show)["can_report"])
        self.save([(self.show, {"done": True, "files": [PHOTO]})], version=data["log"]["version"])
        self.assertEqual(self.show.sudo().message_attachment_count, 1, "sent twice, handed in once")
        with self.refused(UserError, "what its owner carries out"):
            self.save([(self.order, {"done": True})], user=self.head)

    def test_a_co_worker_does_not_close(self):
        with self.assertRaises(UserError):
            self.save([(self.order, {"seen": 0, "done": True})], user=self.newcomer)
        self.assertEqual(self.order.state, "todo")

    def test_a_co_worker_from_another_department(self):
        """M4: the plan on which the task stands is not theirs to read; today's log shows the task all the same."""
        self.order.sudo().helper_ids |= self.liaison
        self.env.flush_all()
        self.env.invalidate_all()
        data = self.form(self.liaison)
        self.assertEqual([row["id"] for row in data["tasks"]], self.order.ids)
        self.assertTrue(self.row(data, self.order)["can_report"])
        self.assertFalse(self.row(data, self.order)["can_done"])
        self.save([(self.order, {"seen": 0, "progress": 30})], user=self.liaison)
        self.assertEqual((self.order.progress, self.order.state), (30, "progress"))

    def test_phone_and_desk_lose_nothing(self):
        data = self.save([(self.order, {"seen": 0, "progress": 30})])
        for version in (0, data["log"]["version"] - 1):
            with self.refused(UserError, "Nothing of it is lost") as _caught:
                self.save([(self.order, {"seen": 0, "progress": 60})], version=version)
        with self.refused(UserError, "out of date"):
            self.save([(self.order, {"seen": 30, "progress": 60})], version=3, date="2027-02-15")
        self.order.with_user(self.head).progress = 80
        with self.refused(UserError, "somebody has moved it to 80 %"):
            self.save([(self.order, {"seen": 30, "progress": 60})], version=data["log"]["version"])
        self.assertEqual(self.order.progress, 80)

    def test_a_note_alone_does_not_take_back_what_others_said(self):
        data = self.save([(self.order, {"seen": 0, "progress": 30})])
        self.order.with_user(self.head).progress = 60
        data = self.save([(self.order, {"note": "Two of three came"})], version=data["log"]["version"])
        self.assertEqual((self.order.progress, self.order.progress_note), (60, "Two of three came"))
        self.assertEqual((self.row(data, self.order)["progress"], self.row(data, self.order)["logged"]), (60, 60))

    def test_of_two_companies_it_is_written_for_the_chosen_one(self):
        self.branch.sequence, self.company.sequence = 1, 2
        both = self._create_user("both", companies=self.company | self.branch)
        self._employ(both, self.department)
        self._employ(both, self.branch_department)
        logs = self.Log.with_user(both).with_context(allowed_company_ids=self.company.ids)
        with self.at("2027-02-16 05:00"):  # in Berlin it is still the 15th
            self.assertEqual(logs.quick_form()["today"], "2027-02-16")
            data = logs.quick_save({"date": "2027-02-16", "version": 0, "note": "Two desks"})
        log = self.Log.sudo().browse(data["log"]["id"])
        self.assertEqual((log.company_id, log.department_id), (self.company, self.department))

    def test_two_first_saves_at_once(self):
        """The second is served again by the server, and then finds the log of the first."""
        def collide(*_args):
            raise UniqueViolation

        with patch.object(type(self.Log), "create", collide), self.assertRaises(ConcurrencyError):
            self.save([(self.order, {"seen": 0, "progress": 30})])

    def test_days_and_people(self):
        data = self.form(None, "2027-02-12")
        self.assertEqual(data["date"], "2027-02-12")
        for day, text in (("2027-02-17", "not come yet"), ("2027-02-01", "closed"), ("soon", "choose one"), (7, "choose one")):
            with self.refused(UserError, text):
                self.form(None, day)
            with self.refused(UserError, text):
                self.save(date=day, note="x")
        for owner in (self.newcomer.id, -1, "x", [1], True):
            with self.refused(AccessError, "by its owner"):
                self.form(None, None, owner)
            with self.refused(AccessError, "by its owner"):
                self.save(owner_id=owner, note="x")

    def test_nonsense_is_answered_in_words(self):
        task = self.order.id
        for values in (
            None, [], {"x": 1}, {"lines": 5}, {"lines": [5]}, {"lines": [{"task_id": "x"}]}, {"lines": [{"task_id": task, "x": 1}]},
            {"lines": [{"task_id": task}, {"task_id": task}]}, {"lines": [{"task_id": task, "progress": 101}]},
            {"lines": [{"task_id": task, "progress": True}]}, {"lines": [{"task_id": task, "note": "x" * 501}]},
            {"lines": [{"task_id": task, "note": 3}]}, {"lines": [{"task_id": 2**31 - 1, "progress": 3}]},
            {"lines": [{"task_id": task, "files": 3}]}, {"lines": [{"task_id": task, "files": [{}]}]},
            {"lines": [{"task_id": task, "evidence": 3}]}, {"note": 4}, {}, {"version": "x", "note": "x"},
        ):
            with self.subTest(values=values), self.assertRaises(UserError):
                self.Log.with_user(self.employee).quick_save(values)

    def test_what_begins_later_is_told_apart(self):
        self.show.sudo()._write({"date_start": "2027-02-20"})
        self.show.invalidate_recordset()
        data = self.form()
        self.assertEqual([row["is_upcoming"] for row in data["tasks"]], [False, True])

    # -- how much it costs ---------------------------------------------------------------------------------------------------

    def statements(self, action):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        action()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def _many(self, number, month):
        plan = self._month_plan(month=month, tasks=[
            self._values(f"Task {index}", month[:7], is_routine=True) for index in range(number)
        ])
        return self._reach(plan, "issued").task_ids

    def test_a_number_of_statements_that_does_not_grow(self):
        """Opening and saving a log of 40 tasks costs what one of 4 costs."""
        counts = {}
        for number, month, today in ((4, "2027-03-01", "2027-03-16"), (40, "2027-04-01", "2027-04-16")):
            (self.env["ops.task"].search([("owner_id", "=", self.employee.id), ("state", "in", ("todo", "progress"))])
             .with_user(self.head)._transition("done"))
            tasks = self._many(number, month)
            with self.at(f"{today} 17:00"):
                lines = [(task, {"seen": 0, "progress": 10 + index % 80, "note": f"Step {index}"}) for index, task in enumerate(tasks)]
                data = {}
                opened = self.statements(lambda: self.form())
                first = self.statements(lambda lines=lines, data=data, today=today: data.update(self.save(lines, date=today)))
                more = [(task, {"seen": 10 + index % 80, "progress": 11 + index % 80}) for index, task in enumerate(tasks)]
                second = self.statements(lambda more=more, data=data, today=today: self.save(more, date=today, version=data["log"]["version"]))
                counts[number] = (opened, first, second)
                self.assertEqual(tasks.mapped("progress"), [11 + index % 80 for index in range(number)])
        for few, many in zip(counts[4], counts[40], strict=True):
            self.assertLessEqual(many, few + 6, counts)
        self.assertLessEqual(counts[4][0], 35, counts)

    def test_form_saves_in_a_number_of_statements_that_does_not_grow(self):
        counts = {}
        for number, month, today in ((4, "2027-03-01", "2027-03-16"), (24, "2027-04-01", "2027-04-16")):
            tasks = self._many(number, month)
            with self.at(f"{today} 17:00"):
                counts[number] = self.statements(lambda tasks=tasks, today=today: self._log(
                    date=date.fromisoformat(today), lines=[(task, 10 + index) for index, task in enumerate(tasks)]
                ))
                log = self.Log.search([("date", "=", today)])
                counts[-number] = self.statements(lambda log=log: log.with_user(self.employee).write({
                    "line_ids": [Command.update(line.id, {"progress": 50}) for line in log.line_ids]
                }))
        self.assertLessEqual(counts[24], counts[4] + 6, counts)
        self.assertLessEqual(counts[-24], counts[-4] + 6, counts)
