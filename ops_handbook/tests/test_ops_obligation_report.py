from datetime import date

from odoo.tests import tagged

from .engine import EngineCase


@tagged("post_install", "-at_install")
class TestReport(EngineCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Report = cls.env["ops.obligation.report"].sudo()
        sources = cls.env["hr.employee"].concat(*(cls.employee_of(user) for user in (
            cls.employee, cls.newcomer, cls.colleague, cls.head, cls.liaison, cls.other_head, cls.gm,
        )))
        with cls.at("2026-11-02 10:00"):
            cls.items = cls.Obligation._start("C5", sources, due=date(2026, 11, 10), responsible=cls.employee)
        by_source = {item.source_id: item for item in cls.items}
        cls.met, cls.late, cls.late_long, cls.extended, cls.waived, cls.pending, cls.cancelled = (
            by_source[source.id] for source in sources
        )
        for item, moment in ((cls.met, "2026-11-10 12:00"), (cls.late, "2026-11-12 23:59:59"), (cls.late_long, "2026-11-20 23:59:59")):
            with cls.at(moment):
                cls.Obligation._fulfil("C5", cls.env["hr.employee"].browse(item.source_id))
        with cls.at("2026-11-09 10:00"):
            cls.Obligation._move_due({cls.extended: cls.utc("2026-11-15 23:59:59")}, "Granted.", extended=True)
            cls.waived._set_state("waived", "Granted.")
            cls.Obligation._cancel("C5", cls.env["hr.employee"].browse(cls.cancelled.source_id), "Not needed.")
            cls.Obligation._move_due({cls.pending: cls.utc("2026-12-31 23:59:59")}, "Later.")
        with cls.at("2026-11-14 10:00"):
            cls.Obligation._fulfil("C5", cls.env["hr.employee"].browse(cls.extended.source_id))

    def figures(self, *aggregates, local="2026-11-25 10:00", user=None, groupby=()):
        with self.at(local):
            report = self.Report.with_user(user).sudo(False) if user else self.Report
            return report._read_group([("obligation_id", "in", self.items.ids)], groupby, aggregates)

    def test_rates(self):
        """Met, late, late, met after an extension: 2 of 4 on time, 1 of 4 by the original due times."""
        found = self.figures(
            "nbr:sum", "due_nbr:sum", "met_nbr:sum", "late_nbr:sum", "waived_nbr:sum", "on_time_rate:avg",
            "on_time_original_rate:avg", "closing_rate:avg",
        )[0]
        self.assertEqual(found, (7, 4, 2, 2, 1, 50.0, 25.0, 100.0))

    def test_extension_rate(self):
        self.assertAlmostEqual(self.figures("extension_rate:avg")[0][0], 100 / 6, msg="of all but the cancelled one")

    def test_median_delay(self):
        """Late by 2 and by 10 days: the median of the two is 6; nothing that was met counts."""
        self.assertAlmostEqual(self.figures("delay_days:avg")[0][0], 6.0)

    def test_the_clock_decides(self):
        """The same rows tell other figures at another moment."""
        before = self.figures("due_nbr:sum", "closing_rate:avg", local="2026-11-25 10:00")[0]
        after = self.figures("due_nbr:sum", "closing_rate:avg", local="2027-01-05 10:00")[0]
        self.assertEqual(before, (4, 100.0))
        self.assertEqual(after, (5, 80.0))

    def test_dimensions(self):
        found = self.figures("nbr:sum", groupby=["process", "standard_id"])
        self.assertEqual(found, [("collaboration", self.standard("C5"), 7)])
        found = self.figures("nbr:sum", groupby=["department_id"])
        self.assertEqual(dict(found), {
            self.department: 3, self.sub_department: 1, self.other_department: 2, self.gm_department: 1,
        })
        self.assertEqual(self.figures("nbr:sum", groupby=["period_month:month"]), [(date(2026, 11, 1), 7)])

    def test_month_by_the_local_clock(self):
        """Due at the end of a month in Shanghai is due in that month, though it is still afternoon in Greenwich."""
        with self.at("2026-11-02 10:00"):
            item = self.Obligation._start("C5", self.company.ops_operations_department_id, due=self.utc("2026-12-01 00:30"), responsible=self.head)
        self.assertEqual(self.Report.search([("obligation_id", "=", item.id)]).period_month, date(2026, 12, 1))

    def test_hold_time(self):
        self.pending.hold_hours = 12
        self.assertEqual(self.figures("hold_hours:sum")[0][0], 12.0)

    def test_persons_own_only(self):
        """Figures by person are shown to that person alone; heads and operations see the department's."""
        self.assertEqual(self.figures("nbr:sum", user=self.employee, groupby=["responsible_id"])[0], (self.employee, 7))
        for user, count in ((self.head, 4), (self.operations, 7), (self.gm, 7)):
            found = self.figures("nbr:sum", user=user, groupby=["responsible_id"])
            self.assertEqual(found, [(self.env["res.users"], count)], user.name)
        self.assertFalse(self.figures("nbr:sum", user=self.newcomer, groupby=["responsible_id"]))

    def test_nobody_writes_figures(self):
        for user in (self.employee, self.operations, self.admin_ops):
            for operation in ("create", "write", "unlink"):
                self.assertFalse(self.Report.with_user(user).sudo(False).has_access(operation))
