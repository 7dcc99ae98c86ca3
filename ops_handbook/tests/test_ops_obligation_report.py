from datetime import date, timedelta

from odoo.tests import tagged
from odoo.tools import SQL

from ..models.deadline.ops_obligation_insert import NEW_ROW
from .engine import EngineCase
from .letters import LetterCase


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


@tagged("post_install", "-at_install")
class TestReportRepeats(EngineCase):
    """Repeat rate: of what was late or missed, how much was so the time before, too."""

    def setUp(self):
        super().setUp()
        self.items = self.Obligation.browse()

    def owe(self, code, due, done=None, **values):
        """Make what the workshop owes at the end of a local day, done at a local time (None: not yet)."""
        standard, moment = self.standard(code), self.utc(f"{due} 23:59:59")
        item = self.Obligation._insert([{
            **NEW_ROW, **standard._frozen_columns(standard.revision_id), "company_id": self.company.id,
            "department_id": self.department.id, "role": "head", "responsible_id": self.head.id, "period": due[:7],
            "date_start": moment - timedelta(days=30), "date_due": moment, "date_original": moment, **values,
        }])
        if done:
            item._close(self.utc(done), lambda _item: None)
        self.items |= item
        return item

    def decided(self, user, due, done, **values):
        """Make what somebody answers for by name (C5)."""
        values = {"source_model": "hr.employee", "source_id": len(self.items) + 1, "role": "owner", **values}
        return self.owe("C5", due, done, responsible_id=user.id, period="", **values)

    def rates(self, *groupby, local="2027-01-05 10:00", user=None):
        """Return the repeat rate of each group; False where nothing was late or missed."""
        report = self.env["ops.obligation.report"].with_user(user or self.operations)
        with self.at(local):
            groups = report._read_group([("obligation_id", "in", self.items.ids)], groupby, ["repeat_rate:avg"])
        return {key: rate if rate is False else round(float(rate), 1) for *keys, rate in groups for key in keys or [None]}

    def two_departments(self):
        """M6: the workshop late, late again, in time, late; sales in time, missed, then late."""
        self.owe("M6", "2026-09-23", "2026-09-25 12:00")
        self.owe("M6", "2026-10-23", "2026-10-24 12:00")
        self.owe("M6", "2026-11-23", "2026-11-20 12:00")
        self.owe("M6", "2026-12-23", "2026-12-24 12:00")
        sales = {"department_id": self.other_department.id, "responsible_id": self.other_head.id}
        self.owe("M6", "2026-09-23", "2026-09-20 12:00", **sales)
        self.owe("M6", "2026-10-23", date_close=self.utc("2026-11-23 23:59:59"), **sales)
        self.owe("M6", "2026-11-23", **sales)

    def test_of_what_was_not_in_time(self):
        """M6: of five that were late or missed two followed upon one that was."""
        self.two_departments()
        self.assertEqual(self.rates(), {None: 40.0})
        self.assertEqual(self.rates("department_id"), {self.department: 33.3, self.other_department: 50.0})
        self.assertEqual(self.rates("standard_id"), {self.standard("M6"): 40.0})
        self.assertEqual(self.rates("result"), {"met": False, "late": 50.0, "missed": 0.0})
        self.assertEqual(self.rates("period_month:month"), {
            date(2026, 9, 1): 0.0, date(2026, 10, 1): 50.0, date(2026, 11, 1): 100.0, date(2026, 12, 1): 0.0,
        })

    def test_the_list_behind_it(self):
        self.two_departments()
        with self.at("2027-01-05 10:00"):
            again = self.env["ops.obligation.report"].with_user(self.operations).search(
                [("obligation_id", "in", self.items.ids), ("repeat_rate", ">", 0)], order="date_original"
            )
            self.assertEqual(again.mapped("department_id"), self.department | self.other_department)
            self.assertEqual(again.mapped("period"), ["2026-10", "2026-11"])

    def test_what_is_in_no_rate_is_passed_over(self):
        """M6: late, waived, on hold, cancelled, late: the last repeats the first."""
        self.owe("M6", "2026-08-21", "2026-08-24 12:00")
        with self.at("2026-09-20 10:00"):
            self.owe("M6", "2026-09-23")._set_state("waived", "Granted.")
            self.owe("M6", "2026-10-23")._set_state("cancelled", "Not needed.")
        self.owe("M6", "2026-11-23").write({
            "state": "held", "hold_since": self.utc("2026-11-01 10:00:00"), "hold_until": self.utc("2027-02-01 10:00:00"),
        })
        last = self.owe("M6", "2026-12-23", "2026-12-24 12:00")
        self.assertEqual(self.rates(), {None: 50.0})
        self.items = last
        self.assertEqual(self.rates(), {None: 100.0}, "also where the earlier ones are not among what is shown")

    def test_the_clock_decides(self):
        """M6: what was given more time is not late yet, and is later."""
        first = self.owe("M6", "2026-09-23")
        with self.at("2026-09-20 10:00"):
            self.Obligation._move_due({first: self.utc("2026-12-31 23:59:59")}, "Granted.", extended=True)
        self.owe("M6", "2026-10-23", "2026-10-24 12:00")
        self.assertEqual(self.rates(local="2026-11-01 10:00"), {None: 0.0})
        self.assertEqual(self.rates(local="2027-01-05 10:00"), {None: 50.0})

    def test_persons_own_only(self):
        """C5: who answers by name repeats what they owed themselves; nobody learns how a colleague did."""
        self.decided(self.employee, "2026-11-10", "2026-11-12 12:00")
        self.decided(self.newcomer, "2026-11-11", "2026-11-13 12:00")
        self.decided(self.employee, "2026-11-17", "2026-11-19 12:00")
        self.assertEqual(self.rates("responsible_id", user=self.employee), {self.employee: 50.0})
        self.assertEqual(self.rates("responsible_id", user=self.newcomer), {self.newcomer: 0.0})
        self.assertEqual(self.rates("responsible_id", user=self.colleague), {})
        nobody = self.env["res.users"]
        for user in (self.head, self.operations, self.gm_office, self.gm):
            self.assertEqual(self.rates("responsible_id", user=user), {nobody: 33.3}, user.name)
        self.assertEqual(self.rates("responsible_id", user=self.other_head), {})

    def test_due_at_the_same_moment(self):
        """C5: what was due together is no repeat of each other; the next one is."""
        for _number in range(3):
            self.decided(self.employee, "2026-11-10", "2026-11-12 12:00")
        self.assertEqual(self.rates(), {None: 0.0})
        self.decided(self.employee, "2026-11-17", "2026-11-19 12:00")
        self.assertEqual(self.rates(), {None: 25.0})

    def test_a_department_under_another_head(self):
        """M6: the department repeats it, whoever leads it by now; of what each person owes, each for themselves."""
        self.owe("M6", "2026-09-23", "2026-09-25 12:00")
        self.owe("M6", "2026-10-23", "2026-10-26 12:00", responsible_id=self.other_head.id)
        self.assertEqual(self.rates(), {None: 50.0})
        for user, day in ((self.employee, "2026-11-23"), (self.newcomer, "2026-12-23")):
            self.owe("M6", day, "2026-12-30 12:00", responsible_id=user.id, employee_id=self.employee_of(user).id)
        self.assertEqual(self.rates(), {None: 25.0})

    def test_records_that_owe_again_and_again(self):
        """C4: the brief of each collaboration follows upon its own."""
        lead = {"role": "lead", "responsible_id": self.liaison.id, "source_model": "hr.employee"}
        for source, done in ((1, "2026-11-09 12:00"), (2, "2026-11-06 12:00")):
            self.owe("C4", "2026-11-06", done, period="2026-W45", source_id=source, **lead)
        for source in (1, 2):
            self.owe("C4", "2026-11-13", "2026-11-16 12:00", period="2026-W46", source_id=source, **lead)
        self.assertEqual(self.rates("period"), {"2026-W45": 0.0, "2026-W46": 50.0})

    def test_a_rule_of_the_companys_own_counts_as_the_common_one(self):
        own = self.standard("M6").with_company(self.company).copy()
        self.owe("M6", "2026-09-23", "2026-09-25 12:00")
        self.owe("M6", "2026-10-23", "2026-10-26 12:00", standard_id=own.id)
        self.assertEqual(self.rates("standard_id"), {self.standard("M6"): 0.0, own: 100.0})

    def test_companies_apart(self):
        """A1 is a whole company's: what its branch owes is no repeat of it."""
        office = {"department_id": None, "role": "gm_office", "responsible_id": None}
        self.owe("A1", "2025-12-10", "2025-12-12 12:00", **office)
        self.owe("A1", "2026-06-10", "2026-06-12 12:00", **office, company_id=self.branch.id)
        self.assertEqual(self.rates(), {None: 0.0})
        self.owe("A1", "2026-12-10", "2026-12-12 12:00", **office)
        self.assertEqual(self.rates("company_id"), {self.company: 50.0, self.branch: 0.0})

    def plan(self, columns):
        """Return how the database reads columns of the figures, in words."""
        rows = self.env.execute_query(SQL(
            "EXPLAIN SELECT department_id, %s FROM (%s) AS figures GROUP BY department_id",
            columns, self.env["ops.obligation.report"]._table_query,
        ))
        return "\n".join(line for (line,) in rows)

    def test_what_nobody_asks_for_costs_nothing(self):
        """Of a million rows neither letters are counted nor what was owed before is looked up, unless it is shown."""
        for option in ("enable_seqscan", "enable_sort"):  # a few rows are read and sorted faster than found
            self.env.cr.execute(SQL("SET LOCAL %s = off", SQL.identifier(option)))
        plain = self.plan(SQL("avg(on_time_rate), avg(closing_rate), sum(due_nbr)"))
        for name in ("ops_reminder_letter", "SubPlan", "former"):
            self.assertNotIn(name, plain)
        letters = self.plan(SQL("sum(letters_nbr)"))
        self.assertIn("ops_reminder_letter", letters)
        self.assertNotIn("SubPlan", letters)
        repeats = self.plan(SQL("avg(repeat_rate)"))
        self.assertIn("ops_obligation_former_idx", repeats)
        self.assertNotIn("ops_reminder_letter", repeats)


@tagged("post_install", "-at_install")
class TestReportLetters(LetterCase):
    """Letters sent: those that were issued about what was due, and not withdrawn."""

    def setUp(self):
        """C5: two letters about an item of the workshop were issued, the third is a draft; the only one to sales was withdrawn."""
        super().setUp()
        self.item = self.decided()
        self.other = self.decided(department_id=self.other_department.id, responsible=self.liaison)
        self.remind("2026-11-26 09:00")
        self.issue(self.letters(self.item | self.other))
        with self.at("2026-11-26 11:00"):
            self.letters(self.other).with_user(self.operations).action_cancel("Sent by mistake")
        self.remind("2026-12-01 09:00")
        self.issue(self.letters(self.item)[-1], "2026-12-01 09:30")
        self.remind("2026-12-04 09:00")

    def sent(self, *groupby, user=None):
        report = self.env["ops.obligation.report"].with_user(user or self.operations)
        with self.at("2026-12-05 10:00"):
            groups = report._read_group(
                [("obligation_id", "in", (self.item | self.other).ids)], groupby, ["letters_nbr:sum"]
            )
        return {key: number for *keys, number in groups for key in keys or [None]}

    def test_letters_sent(self):
        self.assertEqual(self.letters(self.item).mapped("state"), ["issued", "issued", "draft"])
        self.assertEqual(self.sent(), {None: 2})
        self.assertEqual(self.sent("department_id"), {self.department: 2, self.other_department: 0})
        self.assertEqual(self.sent("standard_id"), {self.env.ref("ops_handbook.ops_standard_c5"): 2})
        self.assertEqual(self.sent("period_month:month"), {date(2026, 11, 1): 2}, "when it was due, not when they went out")
        self.assertEqual((self.item.letter_count, self.other.letter_count), (2, 0), "one definition")

    def test_persons_own_only(self):
        nobody = self.env["res.users"]
        self.assertEqual(self.sent("responsible_id", user=self.employee), {self.employee: 2})
        self.assertEqual(self.sent("responsible_id", user=self.liaison), {self.liaison: 0})
        self.assertEqual(self.sent("responsible_id", user=self.head), {nobody: 2})
        self.assertEqual(self.sent("responsible_id", user=self.other_head), {nobody: 0})
        self.assertEqual(self.sent("responsible_id", user=self.newcomer), {})

    def test_how_many_is_no_secret_of_whoever_reads_them(self):
        """The second letter went to the GM office in copy, none to the general manager: both see how many there were."""
        for user, readable in ((self.operations, 3), (self.gm_office, 1), (self.gm, 0)):
            self.assertEqual(self.sent(user=user), {None: 2}, user.name)
            letters = self.env["ops.reminder.letter"].with_user(user)
            self.assertEqual(letters.search_count([("obligation_id", "=", self.item.id)]), readable, user.name)

    def test_the_cockpit_counts_the_same(self):
        """As far as one reads them: those issued of each level."""
        for user, cells in ((self.operations, [[1], [1]]), (self.gm_office, [[1]]), (self.gm, [])):
            with self.at("2026-12-05 10:00"):
                charts = self.env["ops.cockpit"].with_user(user).get_data()["charts"]
            self.assertEqual(next(chart["cells"] for chart in charts if chart["key"] == "letters"), cells, user.name)
