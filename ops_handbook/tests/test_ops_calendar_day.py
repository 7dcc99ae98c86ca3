from datetime import date, datetime, timedelta
from unittest.mock import patch

import chinese_calendar
import holidays

from odoo import fields
from odoo.addons.ops_handbook.tools.clock import frozen
from odoo.addons.ops_handbook.tools.moments import at_hour, close_of_day
from odoo.addons.ops_handbook.tools.workdays import due_after
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import TransactionCase, new_test_user, tagged, users


class CalendarCase(TransactionCase):
    """A Chinese company with a calendar of its own, in the middle of November 2026."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(frozen_clock(datetime(2026, 11, 20, 2, 0)))
        cls.company = cls.env["res.company"].create({"name": "Dingfeng", "country_id": cls.env.ref("base.cn").id})
        cls.calendar = cls.company.resource_calendar_id
        cls.calendar.tz = "Asia/Shanghai"
        cls.opsadmin = new_test_user(
            cls.env,
            "test_opsadmin",
            "base.group_user,ops_handbook.group_administrator",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    @classmethod
    def leave(cls, first, last=None, company=None, **values):
        """A public holiday of whole local days."""
        company = company or cls.company
        return cls.env["resource.calendar.leaves"].with_company(company).create({
            "name": "Holiday",
            "date_from": at_hour(first, 0.0, company._ops_tz()),
            "date_to": close_of_day(last or first, company._ops_tz()),
            **values,
        })

    @classmethod
    def day(cls, on, kind="work", company=None):
        return cls.env["ops.calendar.day"].create({"company_id": (company or cls.company).id, "date": on, "kind": kind})

    def works(self, on, company=None):
        return (company or self.company)._ops_workdays().is_working(on)


def frozen_clock(moment):
    """The clock as a patcher, held for a whole class."""

    class Patcher:
        def start(self):
            self.context = frozen(moment)
            return self.context.__enter__()

        def stop(self):
            self.context.__exit__(None, None, None)

    return Patcher()


@tagged("post_install", "-at_install")
class TestOpsCalendarDay(CalendarCase):
    # ------------------------------------------------------------------
    # What the days are made of
    # ------------------------------------------------------------------

    def test_china_from_the_database(self):
        """2018–2026, loaded as leaves and exceptions, equal chinesecalendar on every day."""
        statutory = holidays.country_holidays("CN", years=range(2018, 2027))
        for day in statutory:
            self.leave(day)
        for day in statutory.weekend_workdays:
            if 2018 <= day.year <= 2026:
                self.day(day)
        workdays = self.company._ops_workdays()
        days = [date(2018, 1, 1) + timedelta(days=n) for n in range(3287)]
        worked = set(workdays.between(days[0], days[-1]))
        self.assertEqual([day for day in days if (day in worked) != chinese_calendar.is_workday(day)], [])
        self.assertEqual(workdays.add(date(2026, 2, 13), 2), date(2026, 2, 24))
        self.assertEqual(workdays.add(date(2026, 9, 30), 3), date(2026, 10, 10))
        self.assertEqual(
            due_after(datetime(2026, 9, 21, 1, 0), -1, "workdays", workdays), datetime(2026, 9, 20, 15, 59, 59)
        )

    def test_exceptions_win_over_week_and_leaves(self):
        self.assertFalse(self.works(date(2026, 11, 21)))
        self.day(date(2026, 11, 21))
        self.assertTrue(self.works(date(2026, 11, 21)))
        self.leave(date(2026, 11, 21), date(2026, 11, 24))
        self.assertTrue(self.works(date(2026, 11, 21)))
        self.assertFalse(self.works(date(2026, 11, 23)))
        self.day(date(2026, 11, 25), "off")
        self.assertFalse(self.works(date(2026, 11, 25)))

    def test_a_leave_must_cover_the_working_hours(self):
        monday = date(2026, 11, 23)
        morning = self.leave(monday, date_to=at_hour(monday, 12.0, "Asia/Shanghai"))
        self.assertTrue(self.works(monday))
        self.leave(monday, date_from=at_hour(monday, 13.0, "Asia/Shanghai"), date_to=at_hour(monday, 17.0, "Asia/Shanghai"))
        self.assertFalse(self.works(monday), "Two leaves that together take all hours make a day off")
        morning.unlink()
        self.assertTrue(self.works(monday))
        self.leave(date(2026, 11, 24), date_from=at_hour(date(2026, 11, 24), 8.0, "Asia/Shanghai"))
        self.assertFalse(self.works(date(2026, 11, 24)))

    def test_leaves_that_are_not_ours(self):
        days = [date(2026, 11, day) for day in range(23, 28)]
        other = self.env["resource.calendar"].create({"name": "Other", "company_id": self.company.id})
        resource = self.env["resource.resource"].create({"name": "Somebody", "company_id": self.company.id})
        self.leave(days[0], calendar_id=other.id)
        self.leave(days[1], resource_id=resource.id)
        self.leave(days[2], time_type="other")
        self.leave(days[3], company=self.env.company)
        ours = self.leave(days[4], calendar_id=self.calendar.id)
        ours.write({"date_from": at_hour(days[4], 0.0, "Asia/Shanghai"), "date_to": close_of_day(days[4], "Asia/Shanghai")})
        self.assertEqual(list(map(self.works, days)), [True, True, True, True, False])

    def test_flexible_missing_and_empty_calendars(self):
        self.calendar.write({"schedule_type": "flexible", "hours_per_day": 8.0})
        self.assertEqual(self.company._ops_working_hours()[0], ((8.0, 16.0),))
        self.assertTrue(self.works(date(2026, 11, 20)))
        self.assertFalse(self.works(date(2026, 11, 21)))
        self.leave(date(2026, 11, 20))
        self.assertFalse(self.works(date(2026, 11, 20)))
        self.company.resource_calendar_id = False
        self.assertEqual(self.company._ops_working_hours()[4], ((9.0, 18.0),))
        self.assertTrue(self.works(date(2026, 11, 19)))
        self.assertEqual(self.company._ops_tz(), self.company.partner_id.tz or "UTC")
        self.company.resource_calendar_id = self.calendar
        self.calendar.schedule_type = "fully_fixed"
        self.calendar.attendance_ids.unlink()
        self.assertTrue(self.works(date(2026, 11, 19)))

    def test_two_weeks(self):
        """A Saturday that is worked every other week."""
        self.calendar.switch_calendar_type()
        self.env["resource.calendar.attendance"].create({
            "name": "Saturday",
            "calendar_id": self.calendar.id,
            "dayofweek": "5",
            "week_type": "1",
            "hour_from": 8,
            "hour_to": 12,
        })
        week_type = self.env["resource.calendar.attendance"].get_week_type
        for saturday in (date(2026, 11, 21), date(2026, 11, 28), date(2027, 1, 2)):
            self.assertEqual(self.works(saturday), week_type(saturday) == 1)
        self.assertEqual(self.company._ops_working_hours()[5], ((8.0, 12.0),))
        self.assertEqual(self.company._ops_working_hours()[0], ((8.0, 12.0), (13.0, 17.0)))

    # ------------------------------------------------------------------
    # Branches
    # ------------------------------------------------------------------

    def _branch(self, country, tz):
        branch = self.env["res.company"].create({
            "name": f"Branch {country}",
            "parent_id": self.company.id,
            "country_id": self.env.ref(f"base.{country}").id,
        })
        branch.resource_calendar_id = self.env["resource.calendar"].create(
            {"name": f"Hours {country}", "company_id": branch.id, "tz": tz}
        )
        return branch

    def test_branch_of_the_same_country(self):
        """Holidays come from above; the branch's own exceptions are nearer."""
        branch = self._branch("cn", "Asia/Urumqi")
        self.leave(date(2026, 11, 23), date(2026, 11, 24))
        self.day(date(2026, 11, 21))
        self.assertFalse(self.works(date(2026, 11, 23), branch))
        self.assertTrue(self.works(date(2026, 11, 21), branch))
        self.day(date(2026, 11, 21), "off", branch)
        self.day(date(2026, 11, 23), "work", branch)
        self.assertFalse(self.works(date(2026, 11, 21), branch))
        self.assertTrue(self.works(date(2026, 11, 23), branch))
        self.assertTrue(self.works(date(2026, 11, 21)))

    def test_branch_in_another_country(self):
        """Own holidays, own time zone, summer time in both directions."""
        branch = self._branch("de", "Europe/Berlin")
        self.leave(date(2026, 11, 23))
        self.day(date(2026, 11, 21))
        self.assertTrue(self.works(date(2026, 11, 23), branch))
        self.assertFalse(self.works(date(2026, 11, 21), branch))
        workdays = branch._ops_workdays()
        self.assertEqual(workdays.tz, "Europe/Berlin")
        friday = datetime(2026, 3, 27, 17, 30)  # before the clock goes forward: 18:30
        self.assertEqual(due_after(friday, 1, "workdays", workdays), datetime(2026, 3, 30, 21, 59, 59))
        friday = datetime(2026, 10, 23, 16, 30)  # before it goes back: 18:30
        self.assertEqual(due_after(friday, 1, "workdays", workdays), datetime(2026, 10, 26, 22, 59, 59))
        self.assertEqual(self.company._ops_workdays().tz, "Asia/Shanghai")

    def test_user_of_a_branch_sees_its_days(self):
        """Somebody without access to the company above gets the same answer."""
        branch = self._branch("cn", "Asia/Shanghai")
        self.day(date(2026, 11, 21))
        user = new_test_user(
            self.env, "branch_only", "base.group_user", company_id=branch.id, company_ids=[Command.set(branch.ids)]
        )
        self.assertTrue(self.works(date(2026, 11, 21), branch.with_user(user)))

    # ------------------------------------------------------------------
    # Cache and announcement
    # ------------------------------------------------------------------

    def _announced(self, change):
        """The companies that the engine hears of when ``change`` is made, in order of its calls."""
        heard = []
        self.env.cr.flush()
        company_class = self.env.registry["res.company"]
        with patch.object(company_class, "_ops_calendar_changed", lambda companies: heard.append(companies)):
            change()
            self.env.cr.flush()
        return heard

    def test_cached_answers_cost_no_query(self):
        self.company._ops_workdays()
        self.company._ops_working_hours()
        self.env.invalidate_all()
        with self.assertQueryCount(0):
            self.company._ops_workdays().add(date(2026, 11, 20), 100)
            self.company._ops_working_hours()

    def test_each_change_is_seen_and_announced_once(self):
        branch = self._branch("cn", "Asia/Shanghai")
        both, line = self.company | branch, self.calendar.attendance_ids[0]
        day, leave = self.day(date(2026, 11, 21)), self.leave(date(2026, 11, 25))
        changes = {
            "day": lambda: day.write({"kind": "off"}),
            "days": lambda: (self.day(date(2026, 11, 22)), self.day(date(2026, 11, 28))),
            "no day": lambda: day.unlink(),
            "leave": lambda: leave.write({"date_to": close_of_day(date(2026, 11, 26), "Asia/Shanghai")}),
            "new leave": lambda: self.leave(date(2026, 12, 25)),
            "no leave": lambda: leave.unlink(),
            "hours": lambda: line.write({"hour_from": 7}),
            "new hours": lambda: line.copy({"dayofweek": "5"}),
            "no hours": lambda: line.unlink(),
            "zone": lambda: self.calendar.write({"tz": "Asia/Tokyo"}),
            "country": lambda: self.company.write({"country_id": self.env.ref("base.jp").id}),
        }
        for name, change in changes.items():
            with self.subTest(name):
                before = self.company._ops_workdays()
                self.assertEqual(self._announced(change), [both])
                self.assertIsNot(self.company._ops_workdays(), before)

    def test_what_does_not_matter_is_not_announced(self):
        other = self.env["resource.calendar"].create({"name": "Other", "company_id": self.company.id})
        resource = self.env["resource.resource"].create({"name": "Somebody", "company_id": self.company.id})
        day, leave = self.day(date(2026, 11, 21)), self.leave(date(2026, 11, 25))
        self.company._ops_workdays()

        def change():
            day.name = leave.name = "Founding day"
            other.tz = "Asia/Tokyo"
            other.attendance_ids[0].unlink()
            self.calendar.name = "Our hours"
            self.calendar.attendance_ids[0].name = "Early"
            own = self.leave(date(2026, 11, 27), resource_id=resource.id)
            own.date_to += timedelta(days=1)
            own.unlink()

        before = self.company._ops_workdays()
        self.assertEqual(self._announced(change), [])
        self.assertIs(self.company._ops_workdays(), before)

    def test_personal_time_off_costs_no_query(self):
        """The hooks on leaves ask nothing of the database for somebody's own time off."""
        resource = self.env["resource.resource"].create({"name": "Somebody", "company_id": self.company.id})
        leave = self.leave(date(2026, 11, 25), resource_id=resource.id)
        with self.assertQueryCount(0):
            self.assertFalse(leave._ops_companies())
            leave._ops_by_hand()

    # ------------------------------------------------------------------
    # The table
    # ------------------------------------------------------------------

    def test_one_exception_a_day(self):
        self.day(date(2026, 11, 21))
        with self.assertRaisesRegex(Exception, "already has an exception|unique"), self.env.cr.savepoint():
            self.day(date(2026, 11, 21), "off")
        self.assertTrue(self.day(date(2026, 11, 21), company=self.env.company))

    def test_edited_by_hand(self):
        loaded = self.day(date(2026, 11, 21))
        loaded.origin = "import"
        loaded.provisional = True
        self.assertEqual(loaded.origin, "import")
        loaded.name = "Family day"
        self.assertEqual(loaded.origin, "manual")
        self.assertEqual(loaded.display_name, "2026-11-21 Family day")

    @users("test_opsadmin")
    def test_administrator_owns_the_table(self):
        days = self.env["ops.calendar.day"]
        day = days.create({"date": fields.Date.to_date("2026-11-21"), "kind": "work"})
        self.assertEqual(day.company_id, self.env.company)
        day.kind = "off"
        day.unlink()

    def test_everybody_reads_and_nobody_else_writes(self):
        user = new_test_user(
            self.env, "reader", "base.group_user", company_id=self.company.id, company_ids=[Command.set(self.company.ids)]
        )
        here = self.day(date(2026, 11, 21))
        elsewhere = self.day(date(2026, 11, 21), company=self.env["res.company"].create({"name": "Elsewhere"}))
        days = self.env["ops.calendar.day"].with_user(user)
        self.assertEqual(days.search([("id", "in", (here | elsewhere).ids)]), here)
        for attempt in (
            lambda: days.create({"date": date(2026, 11, 22)}),
            lambda: here.with_user(user).write({"kind": "off"}),
            lambda: here.with_user(user).unlink(),
        ):
            with self.assertRaises(AccessError):
                attempt()

    def test_everybody_finds_them_in_a_menu(self):
        """Below Deadlines: by which days a due time moves is no secret."""
        user = new_test_user(
            self.env, "reader", "base.group_user", company_id=self.company.id, company_ids=[Command.set(self.company.ids)]
        )
        menus = self.env["ir.ui.menu"].with_user(user)
        visible = menus.browse(menus._visible_menu_ids()).sudo()
        found = visible.filtered(
            lambda menu: menu.action == self.env.ref("ops_handbook.ops_calendar_day_action") and menu.parent_id in visible
        )
        self.assertEqual(found, self.env.ref("ops_handbook.ops_calendar_day_menu_read"))
        self.assertEqual(found.parent_id, self.env.ref("ops_handbook.ops_menu_obligations"))
        self.assertLessEqual(found.parent_id | found.parent_id.parent_id, visible)
