"""Figures of settled obligations: counted by the database itself, and always what the analysis model says."""

from datetime import date

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .engine import EngineCase


@tagged("post_install", "-at_install")
class TestOpsObligationStat(EngineCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Stat = cls.env["ops.obligation.stat"].sudo()
        cls.people = cls.env["hr.employee"].concat(*(cls.employee_of(user) for user in (
            cls.employee, cls.newcomer, cls.colleague, cls.head, cls.liaison, cls.other_head,
        )))
        with cls.at("2026-11-02 10:00"):
            cls.items = cls.Obligation._start("C5", cls.people, due=date(2026, 11, 10), responsible=cls.employee)
        cls.env.flush_all()

    def counted(self):
        """Return what the sums say: dict (department, month, result) → number."""
        self.env.flush_all()
        names = ("met", "late", "missed", "waived")
        groups = self.Stat._read_group(
            [("company_id", "in", (self.company | self.branch).ids)], ["company_id", "department_id", "standard_id", "period_month:day"],
            [f"{name}_nbr:sum" for name in names],
        )
        return {(*key, name): number for *key, in_all in ((*row[:4], row[4:]) for row in groups)
                for name, number in zip(names, in_all, strict=True) if number}

    def reported(self):
        """Return what the analysis model says of what is settled, in the same shape."""
        settled = self.Obligation.search([("state", "in", ("done", "waived"))])
        groups = self.env["ops.obligation.report"].sudo()._read_group(
            [("obligation_id", "in", settled.ids), ("company_id", "in", (self.company | self.branch).ids)],
            ["company_id", "department_id", "standard_id", "period_month:day", "result"], ["__count"],
        )
        return {tuple(key): number for *key, number in groups}

    def assertAgree(self, *expected):
        found = self.counted()
        self.assertEqual(found, self.reported())
        results = {}
        for key, number in found.items():
            results[key[-1]] = results.get(key[-1], 0) + number
        self.assertEqual(results, dict(expected))

    def fulfil(self, item, local):
        with self.at(local):
            self.Obligation._fulfil("C5", self.env["hr.employee"].browse(item.source_id))

    def test_what_is_open_is_not_counted(self):
        self.assertAgree()

    def test_met_late_missed_waived(self):
        met, late, missed, waived, extended, cancelled = self.items
        self.fulfil(met, "2026-11-10 12:00")
        self.fulfil(late, "2026-11-12 12:00")
        missed.date_close = self.utc("2026-11-15 00:00:00")
        self.fulfil(missed, "2026-11-20 12:00")
        with self.at("2026-11-09 10:00"):
            self.Obligation._move_due({extended: self.utc("2026-11-30 23:59:59")}, "Granted.", extended=True)
            waived._set_state("waived", "Granted.")
            self.Obligation._cancel("C5", self.env["hr.employee"].browse(cancelled.source_id), "Not needed.")
        self.fulfil(extended, "2026-11-29 12:00")
        self.assertAgree(("met", 2), ("late", 1), ("missed", 1), ("waived", 1))

    def test_taken_back_corrected_moved_deleted(self):
        first, second, *_rest = self.items
        self.fulfil(first, "2026-11-10 12:00")
        self.fulfil(second, "2026-11-12 12:00")
        self.assertAgree(("met", 1), ("late", 1))
        first.write({"state": "open", "date_done": False, "on_time": False})
        self.assertAgree(("late", 1))
        second.write({"date_close": self.utc("2026-11-11 00:00:00")})
        self.assertAgree(("missed", 1))
        second.department_id = self.other_department
        second.date_original = self.utc("2026-12-03 12:00:00")
        self.assertAgree(("missed", 1))
        self.assertIn(date(2026, 12, 1), {key[3] for key in self.counted()})
        self.env.cr.execute("DELETE FROM ops_obligation WHERE id = %s", [second.id])  # nobody may; whoever does is counted
        self.env.invalidate_all()
        self.assertAgree()

    def test_the_month_is_that_of_the_company(self):
        """The last minute of November in Shanghai is still its afternoon in UTC; in Berlin the first hour of a month begins the day before."""
        item = self.items[0]
        item.date_original = self.utc("2026-12-01 00:30:00")
        self.assertEqual(item.date_original.month, 11, "in UTC")
        self.fulfil(item, "2026-11-10 12:00")
        self.assertEqual({key[3] for key in self.counted()}, {date(2026, 12, 1)})
        self.assertAgree(("met", 1))

    def test_counted_anew_it_is_the_same_in_fewer_rows(self):
        for item in self.items:
            self.fulfil(item, "2026-11-10 12:00")
        self.items[0].write({"state": "open", "date_done": False, "on_time": False})
        before, rows = self.counted(), self.Stat.search_count([])
        with self.enter_registry_test_mode():
            self.env.ref("ops_handbook.ops_obligation_stat_cron").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(self.counted(), before)
        self.assertLess(self.Stat.search_count([]), rows)
        self.assertEqual(len(self.Stat._read_group(
            [], ["company_id", "department_id", "standard_id", "period_month:day"], ["__count"], having=[("__count", ">", 1)]
        )), 0)

    def test_the_company_moves_to_another_time_zone(self):
        item = self.items[0]
        item.date_original = self.utc("2026-12-01 00:30:00")
        self.fulfil(item, "2026-11-10 12:00")
        cron = self.env.ref("ops_handbook.ops_obligation_stat_cron")
        self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)]).unlink()
        self.company.resource_calendar_id.tz = "Europe/Berlin"
        self.assertTrue(self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)]), "at once, not at night")
        self.Stat._cron_rebuild()
        self.assertEqual({key[3] for key in self.counted()}, {date(2026, 11, 1)})
        self.assertAgree(("met", 1))

    def test_a_time_zone_that_the_database_does_not_know(self):
        """Odoo offers names that a system may have no more: nothing stops for that."""
        self.env.cr.execute("SELECT ops_obligation_stat_zone('Nowhere/Atlantis'), ops_obligation_stat_zone(NULL), ops_obligation_stat_zone('Asia/Tokyo')")
        self.assertEqual(self.env.cr.fetchone(), ("UTC", "UTC", "Asia/Tokyo"))

    def test_an_installation_counts_what_is_there(self):
        self.fulfil(self.items[0], "2026-11-10 12:00")
        self.Stat._uninstall()
        self.fulfil(self.items[1], "2026-11-10 12:00")
        self.assertNotEqual(self.counted(), self.reported())
        self.Stat._install()
        self.assertAgree(("met", 2))
        self.fulfil(self.items[2], "2026-11-10 12:00")
        self.assertAgree(("met", 3))

    def test_who_reads_it(self):
        self.fulfil(self.items[0], "2026-11-10 12:00")
        self.env.flush_all()
        ours = [("company_id", "=", self.company.id)]
        with self.assertRaises(AccessError):
            self.Stat.with_user(self.employee).sudo(False).search_count(ours)
        department = self.items[0].department_id
        for user, reads in ((self.operations, True), (self.gm_office, True), (self.gm, True), (department.manager_id.user_id, True)):
            self.assertEqual(bool(self.Stat.with_user(user).sudo(False).search_count(ours)), reads, user.name)
        self.assertFalse(self.Stat.with_user(self.branch_head).sudo(False).search_count([]))
