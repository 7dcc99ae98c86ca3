"""M4: on which days a log is missing – holidays, make-up days, time off, part time, two weeks, time zones, one statement."""

from datetime import date, timedelta

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .execution import ExecutionCase

DAY = timedelta(days=1)


def days(month, *numbers, year=2026):
    return [date(year, month, number) for number in numbers]


@tagged("ops_work_log_missing")
class TestOpsWorkLogMissing(ExecutionCase):
    """The employee has a task in progress from 1 September 2026 on; it is November, and a Chinese calendar."""

    NOW = "2026-12-01 10:00"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls._issued()
        cls.task = cls.plan.task_ids.filtered(lambda task: task.owner_id == cls.employee)
        cls.Missing = cls.env["ops.work.log.missing"]
        cls.Rate = cls.env["ops.work.log.rate"]
        cls.companies = cls.company | cls.branch
        cls.companies.ops_start_date = "2026-01-01"
        cls._ran(cls.task, date(2026, 9, 1))
        cls.env.flush_all()

    @classmethod
    def _ran(cls, task, first, last=None, owner=None, department=None):
        """Let a task have been in progress from ``first`` to ``last``."""
        cls.env.cr.execute(
            "INSERT INTO ops_task_days (task_id, owner_id, department_id, date_from, date_to) VALUES (%s, %s, %s, %s, %s)",
            [task.id, (owner or task.owner_id).id, (department or task.department_id).id, first, last],
        )

    def missing(self, first, last, user=None, **options):
        """Return the days on which ``user`` (the employee) misses a log."""
        rows = self.Missing._missing(first, last, companies=self.companies, **options)
        return [day for person, day, _department, _company in rows if person == (user or self.employee).id]

    def november(self, first=16, last=20, user=None):
        return [day.day for day in self.missing(date(2026, 11, first), date(2026, 11, last), user)]

    def logged(self, *numbers):
        """Let the employee write logs of days in November, each in its evening."""
        for number in numbers:
            with self.at(f"2026-11-{number} 18:00"):
                self.env["ops.work.log"].with_user(self.employee).create({"date": f"2026-11-{number}", "note": "Swept"})
        self.env.flush_all()

    def holiday(self, first, last, **values):
        return self.env["resource.calendar.leaves"].with_company(self.company).create({
            "name": "Holiday", "date_from": self.utc(first), "date_to": self.utc(last), **values,
        })

    def away(self, first, last, user=None, tz="Asia/Shanghai"):
        """Time off of a person, as Odoo's own time off writes it."""
        resource = self.employee_of(user or self.employee).resource_id
        return self.env["resource.calendar.leaves"].create({
            "name": "Away", "resource_id": resource.id, "calendar_id": resource.calendar_id.id,
            "company_id": resource.company_id.id, "time_type": "leave",
            "date_from": self.utc(first, tz), "date_to": self.utc(last, tz),
        })

    def schedule(self, lines, user=None, **values):
        """Give a person a schedule of their own: list of (weekday, week or False, from, to)."""
        calendar = self.env["resource.calendar"].create({
            "name": "Own", "tz": "Asia/Shanghai", "company_id": self.company.id, **values,
            "attendance_ids": [Command.clear()] + [
                Command.create({
                    "name": "Work", "dayofweek": str(weekday), "week_type": week, "hour_from": begins, "hour_to": ends,
                    "day_period": "morning" if begins < 12 else "afternoon",
                })
                for weekday, week, begins, ends in lines
            ],
        })
        self.employee_of(user or self.employee).resource_calendar_id = calendar
        self.env.flush_all()
        return calendar

    # -- which days -----------------------------------------------------------------------------------------------------

    def test_m4_working_days(self):
        """M4: every working day on which somebody has a task in progress, and no other."""
        self.assertEqual(self.november(14, 23), [16, 17, 18, 19, 20, 23])
        self.assertFalse(self.missing(date(2026, 8, 24), date(2026, 8, 31)), "not begun yet")
        self.assertFalse(self.november(user=self.newcomer), "their task is not in progress")

    def test_m4_a_log_is_enough(self):
        self.logged(16, 18)
        self.assertEqual(self.november(), [17, 19, 20])

    def test_m4_holidays_and_make_up_days_of_china(self):
        """M4: the National Day of 2026 with its make-up days of 20 September and 10 October."""
        for day in range(1, 8):
            self.holiday(f"2026-10-{day:02} 00:00", f"2026-10-{day:02} 23:59")
        self.env["ops.calendar.day"].create([
            {"company_id": self.company.id, "date": day, "kind": "work"} for day in (date(2026, 9, 20), date(2026, 10, 10))
        ])
        self.assertEqual(self.missing(date(2026, 9, 18), date(2026, 9, 21)), days(9, 18, 20, 21))
        self.assertEqual(self.missing(date(2026, 9, 30), date(2026, 10, 12)), days(9, 30) + days(10, 8, 9, 10, 12))

    def test_m4_away(self):
        """M4: a day wholly away asks for nothing; half a day does, and two halves of a day are a day."""
        self.away("2026-11-17 00:00", "2026-11-17 23:59")
        self.away("2026-11-18 08:00", "2026-11-18 12:00")
        self.assertEqual(self.november(), [16, 18, 19, 20])
        self.away("2026-11-18 13:00", "2026-11-18 18:00")
        self.assertEqual(self.november(), [16, 19, 20])

    def test_m4_away_over_a_month(self):
        self.away("2026-11-18 13:00", "2026-11-25 12:00")
        self.assertEqual(self.november(16, 27), [16, 17, 18, 25, 26, 27])

    def test_m4_other_hours_are_no_time_off(self):
        self.away("2026-11-17 00:00", "2026-11-17 23:59").time_type = "other"
        self.assertIn(17, self.november())

    def test_m4_part_time(self):
        """M4: whoever works three days a week owes three logs, and nothing on a make-up day."""
        self.schedule([(weekday, False, 9, 17) for weekday in (0, 1, 2)])
        self.env["ops.calendar.day"].create({"company_id": self.company.id, "date": "2026-11-21", "kind": "work"})
        self.assertEqual(self.november(16, 23), [16, 17, 18, 23])

    def test_m4_own_hours_of_all_days(self):
        """Early shift: another schedule with the same days works on make-up days as well."""
        self.schedule([(weekday, False, 6, 14) for weekday in range(5)])
        self.env["ops.calendar.day"].create({"company_id": self.company.id, "date": "2026-11-21", "kind": "work"})
        self.assertEqual(self.november(19, 23), [19, 20, 21, 23])
        self.away("2026-11-19 06:00", "2026-11-19 14:00")
        self.away("2026-11-21 06:00", "2026-11-21 14:00")
        self.assertEqual(self.november(19, 23), [20, 23])

    def test_m4_two_weeks(self):
        """M4: a schedule of two weeks, Monday to Wednesday in one and Thursday to Friday in the other."""
        lines = [(weekday, "0", 9, 17) for weekday in (0, 1, 2)] + [(weekday, "1", 9, 17) for weekday in (3, 4)]
        self.schedule(lines, two_weeks_calendar=True)
        line = self.env["resource.calendar.attendance"]
        expected = [
            day.day for day in (date(2026, 11, 16) + n * DAY for n in range(12))
            if day.weekday() in ((3, 4) if line.get_week_type(day) else (0, 1, 2))
        ]
        self.assertEqual(self.november(16, 27), expected)
        self.assertEqual(len(expected), 5)

    def test_m4_flexible(self):
        """M4: whoever chooses their own hours owes the company's days, and none when away the whole day."""
        self.schedule([], schedule_type="flexible", hours_per_day=8)
        self.assertEqual(self.november(), [16, 17, 18, 19, 20])
        self.away("2026-11-17 00:00", "2026-11-17 23:59")
        self.assertEqual(self.november(), [16, 18, 19, 20])
        self.employee_of(self.employee).resource_calendar_id = False
        self.assertEqual(self.november(), [16, 18, 19, 20])

    def test_m4_closed_by_the_own_schedule(self):
        """Leaves of a schedule that only some people have."""
        calendar = self.schedule([(weekday, False, 9, 17) for weekday in range(5)])
        self.holiday("2026-11-18 00:00", "2026-11-18 23:59", calendar_id=calendar.id)
        self.assertEqual(self.november(), [16, 17, 19, 20])

    def test_m4_schedule_changes_in_the_month(self):
        """M4: each day by the schedule and the department of that day."""
        part = self.schedule([(0, False, 9, 17)], self.newcomer)
        employee = self.employee_of(self.employee)
        employee.version_id.date_version = "2026-01-01"
        employee.create_version({
            "date_version": date(2026, 11, 19), "resource_calendar_id": part.id, "department_id": self.other_department.id,
        })
        self.env.flush_all()
        rows = self.Missing._missing(date(2026, 11, 16), date(2026, 11, 24), companies=self.company, users=self.employee)
        self.assertEqual([(day.day, department) for _user, day, department, _company in rows], [
            (16, self.department.id), (17, self.department.id), (18, self.department.id), (23, self.other_department.id),
        ])

    def test_m4_branch_in_another_time_zone(self):
        """M4: people of the branch owe its days; its day closes in Berlin, and their time off is theirs."""
        user = self.branch_employee
        self._ran(self.task, date(2026, 11, 1), owner=user)
        self.holiday("2026-11-17 00:00", "2026-11-17 23:59")
        self.assertEqual(self.november(), [16, 18, 19, 20])
        self.assertEqual(self.november(user=user), [16, 17, 18, 19, 20])
        self.away("2026-11-18 09:00", "2026-11-18 18:00", user, "Europe/Berlin")
        self.assertEqual(self.november(user=user), [16, 17, 19, 20])
        with self.at("2026-11-19 02:00"):
            self.assertEqual(self.november()[-1], 18)
            self.assertEqual(self.november(user=user)[-1], 17, "in Berlin it is the evening of the 18th")

    def test_m4_today_before_the_close(self):
        """M4: today is missing when the day has closed, not before."""
        with self.at("2026-11-18 17:59"):
            self.assertEqual(self.november(), [16, 17])
        self.company.ops_day_close_hour = 18.0
        with self.at("2026-11-18 18:01"):
            self.assertEqual(self.november(), [16, 17, 18])
        with self.at("2026-11-18 17:59"):
            self.assertEqual(self.november(), [16, 17])

    def test_m4_who_has_left(self):
        """M4: nobody owes anything after the day on which they left."""
        employee = self.employee_of(self.employee)
        employee.departure_date = date(2026, 11, 17)
        self.assertEqual(self.november(), [16, 17])
        employee.action_archive()
        self.employee.active = False
        self.env.flush_all()
        self.assertEqual(self.november(), [16, 17])
        employee.with_context(active_test=False).departure_date = False
        self.assertEqual(self.november(), [])

    def test_m4_substituted(self):
        """M4: whoever is away with a substitute owes nothing; the substitute owes for what is their own."""
        self.env["ops.substitution"].create({
            "user_id": self.employee.id, "substitute_id": self.newcomer.id, "date_from": "2026-11-17", "date_to": "2026-11-18",
        })
        self.assertEqual(self.november(), [16, 19, 20])
        self.assertEqual(self.november(user=self.newcomer), [])

    def test_m4_engine_not_started(self):
        self.company.ops_start_date = "2026-11-19"
        self.assertEqual(self.november(), [19, 20])
        self.company.ops_started = False
        self.assertEqual(self.november(), [])

    def test_m4_switched_off(self):
        self.env["ops.standard"].search([("code", "=", "M4")]).active = False
        self.assertEqual(self.november(), [])

    def test_m4_without_an_employee(self):
        """A user whom nobody employs owes the days of their company, in the department of the task."""
        user = self._create_user("freelance")
        self._ran(self.task, date(2026, 11, 1), owner=user)
        rows = self.Missing._missing(date(2026, 11, 20), date(2026, 11, 23), companies=self.company, users=user)
        self.assertEqual(rows, [(user.id, day, self.department.id, self.company.id) for day in days(11, 20, 23)])

    # -- one statement --------------------------------------------------------------------------------------------------

    def test_m4_one_statement(self):
        """M4: one statement for one person and for five hundred."""
        users = self.env["res.users"].create([
            {"name": f"Person {number}", "login": f"person.{number}.test", "company_id": self.company.id,
             "company_ids": [Command.set(self.company.ids)]} for number in range(500)
        ])
        self._employ(users, self.department)
        for user in users:
            self._ran(self.task, date(2026, 11, 1), owner=user)
        self.env.flush_all()
        first, last = date(2026, 11, 1), date(2026, 11, 30)
        self.Missing._missing(first, last, companies=self.companies)  # the days of the companies are cached from here on
        for people in (users[:1], users):
            with self.assertQueryCount(1):
                rows = self.Missing._missing(first, last, companies=self.companies, users=people)
            self.assertEqual(len(rows), 21 * len(people))

    # -- as lists and figures -------------------------------------------------------------------------------------------

    def test_list_asks_only_for_its_days(self):
        """M4: the list computes the days that its filters speak of, and a record is found again by its id."""
        Missing = self.Missing.with_user(self.employee)
        found = Missing.search([("date", ">=", "2026-11-16"), ("date", "<", "2026-11-21")], order="date")
        self.assertEqual([row.day for row in found.mapped("date")], [16, 17, 18, 19, 20])
        self.env.invalidate_all()
        again = Missing.browse(found.ids)
        self.assertEqual(again.exists(), found)
        self.assertEqual(again.mapped("date"), days(11, 16, 17, 18, 19, 20))
        self.assertEqual(again.owner_id, self.employee)
        self.assertFalse(Missing.browse(found.ids[0] + 5).exists(), "a Saturday is no working day")
        either = Missing.search(["|", ("date", "=", "2026-09-02"), ("date", "=", "2026-11-20")])
        self.assertEqual(either.mapped("date"), [date(2026, 11, 20), date(2026, 9, 2)])
        groups = Missing.formatted_read_group(
            [("date", ">=", "2026-10-01"), ("date", "<=", "2026-11-30")], ["date:month"], ["nbr:sum"]
        )
        self.assertEqual([group["nbr:sum"] for group in groups], [22, 21])
        self.assertEqual(Missing.search_count([("is_mine", "=", True), ("date", "=", "2026-11-20")]), 1)

    def test_this_month_in_words(self):
        """The filters of the screen are words of the client: this month, last month."""
        with self.at("2026-12-15 10:00", python=True):
            last = self.Missing.with_user(self.employee).search([("date", ">=", "today =1d -1m"), ("date", "<", "today =1d")])
        self.assertEqual({(day.month) for day in last.mapped("date")}, {11})
        self.assertEqual(len(last), 21)

    def test_rights(self):
        """M4: one's own, and heads those of their departments; nobody else sees who misses a log."""
        self._ran(self.task, date(2026, 11, 1), owner=self.liaison, department=self.other_department)
        domain = [("date", "=", "2026-11-20")]

        def seen(user):
            return self.Missing.with_user(user).search(domain).owner_id

        self.assertEqual(seen(self.employee), self.employee)
        self.assertEqual(seen(self.head), self.employee)
        self.assertEqual(seen(self.other_head), self.liaison)
        for user in (self.newcomer, self.operations, self.gm_office, self.gm, self.branch_head):
            self.assertFalse(seen(user), user.name)
        with self.assertRaises(AccessError):
            self.Missing.with_user(self.portal).search(domain)

    def test_rate(self):
        """M4: figures by department and month: for heads of their own, for operations, GM office and manager of all."""
        self._ran(self.task, date(2026, 11, 1), owner=self.liaison, department=self.other_department)
        self.logged(16, 17, 18)
        domain = [("date", ">=", "2026-11-01"), ("date", "<=", "2026-11-30"), ("company_id", "=", self.company.id)]

        def figures(user):
            groups = self.Rate.with_user(user).formatted_read_group(
                domain, ["department_id"], ["owed_nbr:sum", "logged_nbr:sum", "rate:avg"]
            )
            return {group["department_id"][0]: (group["owed_nbr:sum"], group["logged_nbr:sum"], round(group["rate:avg"], 1))
                    for group in groups}

        own, other = {self.department.id: (21, 3, 14.3)}, {self.other_department.id: (21, 0, 0.0)}
        self.assertEqual(figures(self.head), own)
        for user in (self.operations, self.gm_office, self.gm):
            self.assertEqual(figures(user), {**own, **other}, user.name)
        with self.assertRaises(AccessError):
            figures(self.employee)
        row = self.Rate.with_user(self.operations).search([*domain, ("date", "=", "2026-11-16")])
        self.assertEqual(sorted(row.mapped("rate")), [0.0, 100.0])
        self.env.invalidate_all()
        self.assertEqual(row.exists(), row)
        self.assertEqual(
            self.Rate._figures(date(2026, 11, 1), date(2026, 11, 30), self.company),
            {self.department.id: (21, 3), self.other_department.id: (21, 0)},
        )

    def test_open_the_log_of_a_day(self):
        """M4: from a missing day to its log: one's own, while it can be written."""
        with self.at("2026-11-18 10:00"):
            rows = self.Missing.with_user(self.employee).search([("date", ">=", "2026-10-19")])
            near, far = rows.sorted("date")[-1:], rows.sorted("date")[:1]
            self.assertEqual((near.can_write, far.can_write), (True, False))
            action = near.action_open_log()
            self.assertEqual(action["params"], {"day": "2026-11-17", "owner_id": self.employee.id})
            self.assertEqual(self.env["ops.work.log"].with_user(self.employee).quick_form("2026-11-17")["date"], "2026-11-17")
            with self.refused(UserError, "is closed"):
                far.action_open_log()
            with self.refused(UserError, "writes this log"):
                near.with_user(self.head).action_open_log()


@tagged("ops_work_log_missing")
class TestOpsTaskDays(ExecutionCase):
    """Which days a task was in progress, whoever owns it by now."""

    def setUp(self):
        super().setUp()
        self.plan = self._issued()
        self.task = self.plan.task_ids.filtered(lambda task: task.owner_id == self.employee)

    def spells(self):
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT owner_id, date_from, date_to FROM ops_task_days WHERE task_id = %s ORDER BY id", [self.task.id]
        )
        return self.env.cr.fetchall()

    def step(self, local, method, *args, user=None):
        with self.at(local):
            getattr(self.task.with_user(user or self.employee), method)(*args)

    def test_begun_and_done(self):
        """M4: local days of the company: begun at 01:00 in Shanghai, which is the day before in UTC."""
        self.step("2027-02-02 01:00", "action_start")
        self.assertEqual((self.task.started_on, self.task.ended_on), (date(2027, 2, 2), False))
        self.step("2027-02-05 09:00", "action_done")
        self.assertEqual((self.task.started_on, self.task.ended_on), (date(2027, 2, 2), date(2027, 2, 5)))
        self.assertEqual(self.spells(), [(self.employee.id, date(2027, 2, 2), date(2027, 2, 5))])

    def test_opened_again(self):
        """The days between count for nothing."""
        self.step("2027-02-02 09:00", "action_start")
        self.step("2027-02-05 09:00", "action_done")
        self.step("2027-02-10 09:00", "action_start")
        self.assertEqual((self.task.started_on, self.task.ended_on), (date(2027, 2, 2), False))
        self.assertEqual(self.spells(), [
            (self.employee.id, date(2027, 2, 2), date(2027, 2, 5)), (self.employee.id, date(2027, 2, 10), None),
        ])

    def test_begun_by_mistake(self):
        self.step("2027-02-02 09:00", "action_start")
        self.step("2027-02-02 09:05", "action_move", "todo")
        self.assertFalse(self.task.started_on)
        self.assertEqual(self.spells(), [])

    def test_done_at_once(self):
        """Nothing was in progress: no log is owed, but the day is known."""
        self.step("2027-02-02 09:00", "action_done")
        self.assertEqual((self.task.started_on, self.task.ended_on), (date(2027, 2, 2),) * 2)
        self.assertEqual(self.spells(), [])

    def test_given_up_before_it_began(self):
        self.step("2027-02-02 09:00", "action_unfinished")
        self.assertEqual((self.task.started_on, self.task.ended_on), (False, False))

    def test_handed_over(self):
        """M4: the one before owes up to the day before, the next one from that day on."""
        self.step("2027-02-02 09:00", "action_start")
        self.step("2027-02-08 09:00", "action_hand_over", self.newcomer.id, "On leave", user=self.head)
        self.assertEqual(self.task.started_on, date(2027, 2, 2))
        self.assertEqual(self.spells(), [
            (self.employee.id, date(2027, 2, 2), date(2027, 2, 7)), (self.newcomer.id, date(2027, 2, 8), None),
        ])

    def test_handed_over_the_day_it_began(self):
        self.step("2027-02-02 09:00", "action_start")
        self.step("2027-02-02 10:00", "action_hand_over", self.newcomer.id, "On leave", user=self.head)
        self.assertEqual(self.spells(), [(self.newcomer.id, date(2027, 2, 2), None)])

    def test_withdrawn(self):
        self.step("2027-02-02 09:00", "action_start")
        self.step("2027-02-03 09:00", "action_withdraw", "Not needed", user=self.head)
        self.assertEqual(self.spells()[0][2], date(2027, 2, 3))
        self.assertEqual(self.task.ended_on, date(2027, 2, 3))

    def test_nobody_else_writes_the_days(self):
        """M4: neither the owner nor the head says from when to when a task was in progress."""
        for user in (self.employee, self.head):
            for name in ("started_on", "ended_on"):
                with self.assertRaises(UserError):
                    self.task.with_user(user).write({name: "2027-02-01"})
        with self.assertRaises(UserError):
            self.env["ops.task.days"].with_user(self.admin_ops).search([])

    def test_many_in_few_statements(self):
        counts = {}
        for number, month in ((4, "2027-03"), (104, "2027-04")):
            plan = self._issued(tasks=[self._values(f"T {i}", month, is_routine=True) for i in range(number)], month=f"{month}-01")
            tasks = self.Task.with_user(self.head).browse(plan.task_ids.ids)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            tasks.action_start()
            tasks.action_done()
            self.env.flush_all()
            counts[number] = self.env.cr.sql_log_count - before
        self.assertLessEqual(counts[104], counts[4] + 8, counts)
