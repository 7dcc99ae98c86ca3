"""M5: the weekly meeting of a department begins with its late, open and coming tasks, and is there with one click."""

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .execution import ExecutionCase

WEDNESDAY = "2027-02-10 10:10"
FRIDAY = "2027-02-12 09:00"


@tagged("ops_meeting_week")
class TestOpsMeetingWeek(ExecutionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls._issued(tasks=[
            cls._values("Order the line", initiative_id=cls.annual.initiative_ids[0].id, date_end="2027-02-26"),
            cls._values("Clean the hall", is_routine=True, date_end="2027-02-05"),
            cls._values("Train two people", is_routine=True, date_end="2027-02-17"),
            cls._values("Count the stock", is_routine=True, date_start="2027-02-22", date_end="2027-02-26"),
            cls._values("Paint the doors", is_routine=True, date_end="2027-02-04"),
        ])
        cls.order, cls.clean, cls.train, cls.count, cls.paint = (
            cls.plan.task_ids.filtered(lambda task, name=name: task.name.startswith(name))
            for name in ("Order", "Clean", "Train", "Count", "Paint")
        )
        cls.weekly = cls.env.ref("ops_handbook.ops_meeting_type_weekly")
        cls.Meeting = cls.env["ops.meeting"]

    def meeting(self, user=None, start=FRIDAY, **values):
        with self.at(WEDNESDAY):
            return self.Meeting.with_user(user or self.head).create({
                "name": "Weekly", "type_id": self.weekly.id, "department_id": self.department.id,
                "company_id": self.company.id, "date_start": self.utc(start),
                "attendee_ids": [Command.create({"user_id": self.employee.id})], **values,
            })

    def listed(self, meeting, at=WEDNESDAY, user=None):
        """Return what the items of the agenda list at a time: dict group → names."""
        with self.at(at):
            meeting.invalidate_recordset()
            meeting.agenda_ids.invalidate_recordset()
            items = meeting.with_user(user or self.head).agenda_ids
            return {item.task_group: item.task_ids.mapped("name") for item in items if item.task_group}

    # -- the agenda ---------------------------------------------------------------------------------------------------------

    def test_the_agenda_lists_the_departments_tasks(self):
        """M5: late and unfinished tasks first, then what is in work, then what falls due; a task of a later week under none."""
        with self.at(WEDNESDAY):
            self.paint.with_user(self.head).action_unfinished()
        meeting = self.meeting()
        self.assertEqual(meeting.agenda_ids.filtered("task_group").mapped("task_group"), ["late", "open", "coming"])
        self.assertEqual(self.listed(meeting), {
            "late": ["Paint the doors", "Clean the hall"], "open": ["Order the line"], "coming": ["Train two people"],
        })
        with self.at(WEDNESDAY):
            self.assertEqual(meeting.task_ids.mapped("name")[:2], ["Paint the doors", "Clean the hall"])
            self.assertEqual(meeting.task_count, 4)

    def test_refreshed_until_it_begins_and_nothing_typed_is_lost(self):
        meeting = self.meeting()
        item = meeting.agenda_ids[0]
        item.write({"name": "What we owe", "notes": "<p>Ask Sales</p>"})
        meeting.agenda_ids[1].unlink()
        with self.at("2027-02-11 10:00"):
            self.clean.with_user(self.employee).action_done()
        self.assertEqual(self.listed(meeting, "2027-02-11 11:00"), {"late": ["Paint the doors"], "coming": ["Train two people"]})
        self.assertEqual((item.name, str(item.notes)), ("What we owe", "<p>Ask Sales</p>"))

    def test_what_is_done_in_the_meeting_stays_on_its_agenda(self):
        meeting = self.meeting()
        with self.at("2027-02-12 09:10"):
            self.clean.with_user(self.employee).action_done()
        self.assertIn("Clean the hall", self.listed(meeting, "2027-02-12 09:20")["late"])
        version = meeting.agenda_ids[0].content_version
        with self.at("2027-02-12 09:30"):
            meeting.action_hold()
        self.assertEqual(meeting.agenda_ids[0].content_version, version, "whoever writes the minutes can still save them")
        with self.at("2027-02-12 18:00"):
            self.train.with_user(self.employee).action_done()
        held = self.listed(meeting, "2027-02-15 10:00")
        self.assertEqual(held["late"], ["Paint the doors", "Clean the hall"])
        self.assertEqual(held["coming"], ["Train two people"], "as it was when the meeting began")

    def test_carried_over_tasks_come_as_those_of_the_new_month(self):
        with self.at(WEDNESDAY):
            self.paint.with_user(self.head).action_unfinished()
            march = self._month_plan(month="2027-03-01", tasks=[])
            self.env["ops.task"]._create_prefilled([{**self.paint._carried_values(), "month_plan_id": march.id}])
        self.assertNotIn("Paint the doors", self.listed(self.meeting())["late"])

    def test_everybody_sees_what_they_may_read(self):
        """A guest of another department attends the meeting and reads none of its tasks."""
        meeting = self.meeting(attendee_ids=[Command.create({"user_id": self.liaison.id})])
        with self.at(WEDNESDAY):
            meeting.action_call()
            self.assertFalse(meeting.with_user(self.liaison).task_ids)
            self.assertEqual([row["tasks"] for row in meeting.with_user(self.liaison).get_minutes()["agenda"]], [[]] * 4)
        with self.at(FRIDAY):
            meeting.action_hold()
            meeting.invalidate_recordset()
            self.assertFalse(meeting.with_user(self.liaison).agenda_ids.task_ids)
            self.assertTrue(meeting.with_user(self.head).agenda_ids.task_ids)
            self.env.invalidate_all()
            self.assertFalse(meeting.with_user(self.liaison).agenda_ids.kept_task_ids)

    def test_meetings_without_a_department_list_nothing(self):
        meeting = self.meeting(user=self.gm, department_id=False)
        meeting.sudo().department_id = False
        self.assertFalse(any(self.listed(meeting, user=self.gm).values()))

    # -- the screen of the minutes --------------------------------------------------------------------------------------

    def test_a_note_on_a_task_goes_to_the_task(self):
        meeting = self.meeting(attendee_ids=[Command.create({"user_id": self.newcomer.id})])
        with self.at("2027-02-12 08:50"):
            meeting.action_call()
            rows = meeting.get_minutes()["agenda"]
            row = rows[0]["tasks"][0]
            self.assertEqual((row["name"], row["owner"], row["is_late"]), ("Paint the doors", "Employee", True))
            self.assertTrue(row["can_report"])
            task = self.paint.with_user(self.head)
            task.write({"progress_note": "Paint comes on Monday", "content_version": row["content_version"]})
            with self.refused(UserError, "Reload"):
                task.write({"progress_note": "Tuesday", "content_version": row["content_version"]})
            rows = meeting.with_user(self.newcomer).get_minutes()["agenda"][0]["tasks"]
            self.assertEqual((rows[0]["note"], rows[0]["can_report"]), ("Paint comes on Monday", False))

    # -- M5 in one click ------------------------------------------------------------------------------------------------

    def week(self, at=WEDNESDAY, department=None, period="2027-W06"):
        with self.at(at):
            self.generate()
        return self.owed("M5", ("department_id", "=", (department or self.department).id), ("period", "=", period))

    def opened(self, obligation, user=None, at=WEDNESDAY):
        with self.at(at):
            action = obligation.with_user(user or self.head).sudo(False).action_open_form()
        return self.Meeting.browse(action["res_id"]), action

    def test_one_click_plans_this_weeks_meeting(self):
        """M5: the meeting is there, everybody of the department and its teams is invited, the tasks are on its agenda."""
        week = self.week()
        meeting, _action = self.opened(week)
        self.assertEqual((meeting.kind, meeting.department_id, meeting.state), ("weekly", self.department, "draft"))
        self.assertEqual(meeting.attendee_ids.user_id, self.employee | self.newcomer | self.colleague | self.head)
        self.assertEqual(meeting.date_start, self.utc("2027-02-10 10:30"), "in the next half hour")
        self.assertEqual(meeting.agenda_ids.mapped("task_group"), ["late", "open", False, "coming"])
        self.assertEqual(self.opened(week)[0], meeting, "nothing twice")
        with self.at("2027-02-10 11:00"):
            meeting.with_user(self.head).action_hold()
        self.assertEqual(week.state, "done")
        self.assertEqual(week.form_id, meeting.id)
        self.assertEqual(self.opened(week)[0], meeting)

    def test_the_meeting_of_another_week(self):
        coming, _action = self.opened(self.week(period="2027-W07"))
        self.assertEqual(coming.date_start, self.utc("2027-02-19 09:00"), "its last working day, when the company opens")
        evening, _action = self.opened(self.week(), at="2027-02-10 20:40")
        self.assertEqual(evening.date_start, self.utc("2027-02-11 09:00"), "the next working day")
        late, _action = self.opened(self.week(at="2027-02-10 20:40", department=self.other_department),
                                    user=self.other_head, at="2027-02-15 20:40")
        self.assertEqual(late.date_start, self.utc("2027-02-15 21:00"), "late: at once")

    def test_the_departments_own_series_goes_first(self):
        with self.at(WEDNESDAY):
            series = self.env["ops.meeting.series"].with_user(self.head).create({
                "name": "Friday round", "type_id": self.weekly.id, "department_id": self.department.id,
                "company_id": self.company.id, "weekday": "4", "hour": 8.5, "whole_department": True, "days_ahead": 0,
            })
        meeting, _action = self.opened(self.week())
        self.assertEqual((meeting.series_id, meeting.date_start), (series, self.utc("2027-02-12 08:30")))

    def test_only_who_leads_the_department_plans_its_meeting(self):
        week = self.week()
        before = self.Meeting.search_count([])
        with self.at(WEDNESDAY):
            action = self.Meeting.with_user(self.operations)._obligation_open_action(week.with_user(self.operations))
        self.assertFalse(action["res_id"])
        self.assertEqual(self.Meeting.search_count([]), before)

    # -- many at once -------------------------------------------------------------------------------------------------------

    def statements(self, action):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        action()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def series(self, number):
        with self.at(WEDNESDAY):
            return self.env["ops.meeting.series"].create([
                {"name": f"Round {place}", "type_id": self.weekly.id, "department_id": self.department.id,
                 "company_id": self.company.id, "organiser_id": self.head.id, "weekday": "4", "days_ahead": 7}
                for place in range(number)
            ])

    def test_many_series_at_once(self):
        """The tasks on the agenda cost nothing when the meetings of many departments are planned: none is read or copied."""
        with self.at(WEDNESDAY):
            self.series(2)._create_due()
            plain = self.statements(self.series(10)._create_due)
            self.weekly.line_ids.task_group = False
            without = self.statements(self.series(10)._create_due)
        self.assertLessEqual(plain, without + 2, (plain, without))
        self.assertLessEqual(plain, 10 * 20)

    def test_reading_many_agendas(self):
        """Two hundred weekly meetings list their tasks with one search, and are held with one statement more."""
        with self.at(WEDNESDAY):
            meetings = self.Meeting.create([
                {"name": f"Weekly {place}", "type_id": self.weekly.id, "department_id": self.department.id,
                 "company_id": self.company.id, "organiser_id": self.head.id, "date_start": self.utc(FRIDAY)}
                for place in range(60)
            ])
            few = self.statements(lambda: meetings[:3].agenda_ids.mapped("task_count"))
            many = self.statements(lambda: meetings.agenda_ids.mapped("task_count"))
            self.assertLessEqual(many, few + 1, (few, many))
            kept = self.statements(lambda: meetings.agenda_ids.filtered("task_group")._keep_tasks())
            self.assertLessEqual(kept, few + 4, (few, kept))
