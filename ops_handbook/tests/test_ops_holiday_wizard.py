from datetime import date, datetime

import chinese_calendar

from odoo.addons.ops_handbook.tools.moments import UTC, local_date
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged, users

from .test_ops_calendar_day import CalendarCase


@tagged("post_install", "-at_install")
class TestOpsHolidayWizard(CalendarCase):
    def wizard(self, year=2026, **values):
        companies = self.opsadmin.company_ids
        wizards = self.env["ops.holiday.wizard"].with_user(self.opsadmin).with_context(allowed_company_ids=companies.ids)
        wizard = wizards.with_company(self.company).create({"year": year, **values})
        self.assertTrue(wizard.line_ids or not wizard.is_supported)
        return wizard

    def loaded(self, company=None):
        return self.env["resource.calendar.leaves"].search([
            ("company_id", "=", (company or self.company).id),
            ("ops_loaded", "=", True),
        ])

    def make_up(self, company=None):
        return self.env["ops.calendar.day"].search([("company_id", "=", (company or self.company).id)])

    def test_defaults_and_preview(self):
        """In November the coming year is offered; its days are shown before anything is written."""
        with Form(self.env["ops.holiday.wizard"].with_user(self.opsadmin).with_company(self.company)) as form:
            self.assertEqual((form.year, form.country_id.code), (2027, "CN"))
            self.assertTrue(form.provisional)
            form.year = 2026
            self.assertFalse(form.provisional)
            self.assertEqual(len(form.line_ids), 28)
        wizard = form.record
        self.assertEqual(wizard.company_ids, self.company)
        self.assertEqual(wizard.line_ids.filtered(lambda line: line.kind == "work").mapped("date")[-1], date(2026, 10, 10))
        self.assertEqual(wizard.line_ids[0].weekday, "Thursday")
        self.assertFalse(self.loaded() | self.loaded(self.env.company))

    def test_load_a_year(self):
        """What is loaded makes every day of the year right, for our engine and for Odoo."""
        action = self.wizard().action_load()
        self.assertIn("22 days off and 6 make-up", action["params"]["message"])
        workdays = self.company._ops_workdays()
        days = [date.fromordinal(date(2026, 1, 1).toordinal() + n) for n in range(365)]
        self.assertEqual([day for day in days if workdays.is_working(day) != chinese_calendar.is_workday(day)], [])
        leave = self.loaded().sorted("date_from")[0]
        self.assertFalse(leave.calendar_id or leave.resource_id or leave.ops_provisional)
        self.assertEqual(local_date(leave.date_from, "Asia/Shanghai"), date(2026, 1, 1))
        self.assertEqual(set(self.make_up().mapped("origin")), {"import"})
        resource = self.env["resource.resource"].create(
            {"name": "Somebody", "company_id": self.company.id, "calendar_id": self.calendar.id, "tz": "Asia/Shanghai"}
        )
        october = datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 10, 9, tzinfo=UTC)
        hours = sum((end - begin).seconds for begin, end, _meta in self.calendar._work_intervals_batch(*october, resource)[resource.id])
        self.assertEqual(hours / 3600, 8.0, "Only the 8th is worked in the first eight days of October")

    def test_loading_again_changes_nothing(self):
        self.wizard().action_load()
        before = self.loaded(), self.make_up()
        self.wizard().action_load()
        self.assertEqual((self.loaded(), self.make_up()), before)

    def test_provisional_until_announced(self):
        self.wizard(2027).action_load()
        self.assertTrue(all(self.loaded().mapped("ops_provisional")))
        self.assertFalse(self.make_up())
        wizard = self.wizard(2027)
        wizard.line_ids = [Command.create({"date": date(2027, 2, 14), "kind": "work", "name": "Make-up working day"})]
        wizard.action_load()
        self.assertTrue(self.make_up().provisional)
        self.assertTrue(self.works(date(2027, 2, 14)))

    def test_loading_again_replaces_what_was_loaded(self):
        self.wizard().action_load()
        wizard = self.wizard()
        wizard.line_ids.filtered(lambda line: line.date in (date(2026, 5, 4), date(2026, 5, 9))).selected = False
        wizard.line_ids.filtered(lambda line: line.date == date(2026, 5, 5)).name = "Our day"
        wizard.action_load()
        self.assertTrue(self.works(date(2026, 5, 4)))
        self.assertFalse(self.works(date(2026, 5, 9)))
        self.assertEqual(len(self.loaded()), 21)
        self.assertEqual(self.loaded().filtered(lambda leave: leave.name == "Our day").mapped("ops_loaded"), [True])

    def test_what_was_entered_by_hand_stays(self):
        own_day = self.day(date(2026, 5, 9), "off")
        own_leave = self.leave(date(2026, 10, 1), date(2026, 10, 3))
        self.wizard().action_load()
        self.assertEqual((own_day.kind, own_day.origin), ("off", "manual"))
        self.assertEqual(len(self.loaded()), 19, "No holiday twice on a day")
        edited = self.loaded().filtered(lambda leave: local_date(leave.date_from, "Asia/Shanghai") == date(2026, 5, 1))
        edited.name = "Founding day"
        self.assertFalse(edited.ops_loaded)
        renamed = self.make_up().filtered(lambda day: day.date == date(2026, 10, 10))
        renamed.name = "Stocktaking"
        wizard = self.wizard()
        wizard.line_ids.selected = False
        wizard.action_load()
        self.assertFalse(self.loaded())
        self.assertEqual(self.make_up(), own_day | renamed)
        self.assertTrue(own_leave.exists() and edited.exists())

    def test_beside_the_holiday_of_another_calendar(self):
        """Two public holidays may not overlap: next to one for other hours, ours is for the main hours only."""
        other = self.env["resource.calendar"].create({"name": "Part time", "company_id": self.company.id})
        self.leave(date(2026, 5, 1), calendar_id=other.id)
        self.wizard().action_load()
        self.assertEqual(self.loaded().calendar_id, self.calendar)
        self.assertFalse(self.works(date(2026, 5, 1)))

    def test_branches(self):
        """A branch in the same country is loaded too, each day in its own time zone."""
        branch = self.env["res.company"].create({
            "name": "Xinjiang", "parent_id": self.company.id, "country_id": self.env.ref("base.cn").id
        })
        branch.resource_calendar_id.tz = "Asia/Urumqi"
        abroad = self.env["res.company"].create({
            "name": "Berlin", "parent_id": self.company.id, "country_id": self.env.ref("base.de").id
        })
        self.opsadmin.company_ids |= branch | abroad
        wizard = self.wizard()
        self.assertEqual(wizard.company_ids, self.company | branch)
        wizard.action_load()
        self.assertEqual(len(self.loaded(branch)), 22)
        self.assertEqual({local_date(leave.date_from, "Asia/Urumqi") for leave in self.loaded(branch)},
                         {local_date(leave.date_from, "Asia/Shanghai") for leave in self.loaded()})
        self.assertEqual(len(self.make_up(branch)), 6)
        self.assertFalse(self.loaded(abroad))

    def test_another_country_and_region(self):
        bavaria = self.env.ref("base.state_de_by")
        wizard = self.wizard(country_id=self.env.ref("base.de").id, state_id=bavaria.id)
        self.assertIn(date(2026, 1, 6), wizard.line_ids.mapped("date"))
        self.assertFalse(wizard.provisional)
        wizard.state_id = self.env.ref("base.state_de_be")
        self.assertNotIn(date(2026, 1, 6), wizard.line_ids.mapped("date"))

    def test_names_in_the_users_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        wizards = self.env["ops.holiday.wizard"].with_user(self.opsadmin).with_company(self.company)
        names = wizards.with_context(lang="zh_CN").create({"year": 2026}).line_ids.mapped("name")
        self.assertIn("劳动节", names)
        self.assertIn("Labor Day", self.wizard().line_ids.mapped("name"))

    def test_refused(self):
        unknown = self.wizard(country_id=self.env["res.country"].create({"name": "Nowhere", "code": "QQ"}).id)
        self.assertFalse(unknown.is_supported or unknown.line_ids)
        with self.assertRaisesRegex(UserError, "another country"):
            unknown.action_load()
        wrong_year = self.wizard()
        wrong_year.line_ids = [Command.create({"date": date(2025, 5, 1), "name": "Wrong"})]
        with self.assertRaisesRegex(ValidationError, "not in 2026"):
            wrong_year.action_load()
        twice = self.wizard()
        twice.line_ids = [Command.create({"date": date(2026, 5, 1), "name": "Twice"})]
        with self.assertRaisesRegex(ValidationError, "twice"):
            twice.action_load()
        with self.assertRaisesRegex(ValidationError, "1990"):
            wrong_year.year = 99999
            wrong_year.action_load()
        theirs = self.env["res.company"].create({"name": "Theirs"})
        with self.assertRaises(AccessError):
            self.wizard(company_ids=[Command.set(theirs.ids)])
        with self.assertRaises(AccessError):
            wizard = self.wizard()
            wizard.sudo().company_ids |= theirs
            wizard.action_load()
        self.assertFalse(self.loaded())

    @users("test_opsadmin")
    def test_only_administrators(self):
        self.assertTrue(self.env["ops.holiday.wizard"].create({}))
        user = new_test_user(self.env(su=True), "no_admin", "base.group_user")
        with self.assertRaises(AccessError):
            self.env["ops.holiday.wizard"].with_user(user).create({})

    def test_uninstallation_removes_what_was_loaded(self):
        own = self.leave(date(2026, 12, 24))
        self.wizard().action_load()
        self.env["resource.calendar.leaves"]._ops_unlink_loaded()
        self.assertFalse(self.loaded())
        self.assertTrue(own.exists())
