"""The resolution ledger: what stands in it, how late, how it is found, grouped, printed and exported; and how fast."""

from datetime import date, timedelta

from odoo.tests import tagged
from odoo.tools import SQL

from ..tools import clock
from .letters import LetterCase


@tagged("post_install", "-at_install")
class TestLedger(LetterCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Item = cls.env["ops.obligation"].with_user(cls.operations)

    def ledger(self, *leaves):
        return self.Item.search([("in_ledger", "=", True), ("company_id", "=", self.company.id), *leaves])

    def test_what_stands_in_it(self):
        """C5 and I3 stand in the ledger, M6 does not; the standard says so, and can be changed."""
        decided, measure, report = self.decided("C5"), self.decided("I3"), self.owe("M6")
        self.assertEqual(self.ledger(), (decided | measure).with_user(self.operations))
        standard = self.env.ref("ops_handbook.ops_standard_m6")
        standard.in_ledger = True
        self.assertIn(report, self.ledger().sudo())
        standard.in_ledger = False
        self.assertNotIn(report, self.ledger().sudo())

    def test_days_late(self):
        self.days_off("2026-11-30")
        item, early = self.decided(), self.decided(due="2026-12-25 23:59:59")
        with self.at("2026-12-01 09:00"):
            self.assertEqual((item.days_late, item.workdays_late, early.days_late), (6, 3, 0))
            self.assertEqual(self.ledger(("is_overdue", "=", True)).sudo(), item)
        item._set_state("waived", "Not needed")
        with self.at("2026-12-01 09:00"):
            self.assertEqual(item.days_late, 0)

    def test_letters_and_reminders(self):
        letter = self.issued()
        item, other = letter.obligation_id.with_user(self.operations), self.decided()
        self.assertEqual((item.letter_count, other.letter_count), (1, 0))
        self.assertEqual(self.ledger(("has_letters", "=", True)), item)
        self.assertEqual(self.ledger(("has_letters", "=", False)).sudo(), other)
        self.assertEqual(item.last_reminder, letter.reminder_id.moment)
        self.assertEqual(item.with_user(self.employee).letter_count, 1, "the owner knows")

    def test_groups(self):
        employee = self.employee_of(self.employee)
        item = self.decided(source_model="ops.problem", source_id=employee.id)
        groups = self.Item._read_group([("id", "=", item.id)], ["source_kind"], ["__count"])
        self.assertEqual(groups, [("ops.problem", 1)])
        self.assertEqual(self.ledger(("source_kind", "=", "ops.problem")).sudo(), item)
        shown = self.Item.formatted_read_group([("id", "=", item.id)], ["source_kind"], ["__count"])
        self.assertEqual(shown[0]["source_kind"], "ops.problem")
        self.assertTrue(self.Item.fields_get(["source_kind"])["source_kind"]["groupable"])
        for groupby in ("department_id", "responsible_id", "date_due:month"):
            self.assertTrue(self.Item._read_group([("in_ledger", "=", True)], [groupby], ["__count"]))

    def test_print(self):
        self.decided(name="First matter")
        self.decided(name="Second matter", department_id=self.other_department.id)
        with self.at("2026-11-30 10:00"):
            html = self.env["ir.actions.report"].with_user(self.operations)._render_qweb_html(
                "ops_handbook.ops_ledger_report", self.ledger().ids
            )[0].decode()
        for word in ("Resolution Ledger", "First matter", "Second matter", "Workshop", "Sales", "Late", "ops_late",
                     "As of", "11/30/2026 10:00", "Signatures", "Operations", "General Manager", "Date:"):
            self.assertIn(word, html)
        self.assertEqual(html.count("Signatures"), 1, "one block for all departments")
        paper = self.env.ref("ops_handbook.ops_ledger_report_action").paperformat_id
        self.assertEqual(paper.orientation, "Landscape")

    def test_exported_formulas_are_neutral(self):
        """What anybody may have written is text in a spreadsheet, never a formula."""
        self.operations.group_ids = [(4, self.env.ref("base.group_allow_export").id)]
        item = self.decided(name='=HYPERLINK("https://evil.example.com";"Minutes")')
        rows = item.with_user(self.operations).export_data(["name", "days_late"])["datas"]
        self.assertTrue(rows[0][0].startswith("'="))
        letter = self.drafted(item=item)
        letter.with_user(self.operations).write({"source_text": "+1+1"})
        self.assertEqual(letter.with_user(self.operations).export_data(["source_text"])["datas"], [["'+1+1"]])

    def test_own_ledger(self):
        """An owner sees what they owe, a head what the department owes."""
        mine, other = self.decided(), self.decided(responsible=self.other_head, department_id=self.other_department.id)
        for user, expected in ((self.employee, mine), (self.head, mine), (self.other_head, other), (self.newcomer, self.engine)):
            found = self.env["ops.obligation"].with_user(user).search([("in_ledger", "=", True)])
            self.assertEqual(found.sudo(), expected, user.login)

    def test_number_of_statements_does_not_grow_with_the_page(self):
        fields = {name: {} for name in (
            "name", "source_label", "date_due", "result", "days_late", "letter_count", "last_reminder",
        )}
        fields |= {name: {"fields": {"display_name": {}}} for name in ("department_id", "responsible_id")}

        def statements(count):
            for _number in range(count):
                self.decided()
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            found = self.Item.web_search_read([("in_ledger", "=", True)], fields, limit=80, order="date_due, id", count_limit=10_001)
            return self.env.cr.sql_log_count - start, len(found["records"])

        statements(1)
        (few, _rows), (many, rows) = statements(2), statements(60)
        self.assertGreaterEqual(rows, 60)
        self.assertLessEqual(many, few, f"{few} statements for a short page, {many} for a long one")


@tagged("post_install", "-at_install")
class TestLedgerPage(LetterCase):
    """100,000 items: the first page reads an index, whoever asks and in either order."""

    def test_first_page_of_a_hundred_thousand(self):
        standard = self.env.ref("ops_handbook.ops_standard_c5")
        self.env.flush_all()
        self.env.cr.execute(SQL(
            """
            INSERT INTO ops_obligation (standard_id, code, process, variant, urgent, company_id, department_id, role, responsible_id,
                                        period, round, name, date_start, date_due, date_original, state, on_time, in_ledger)
            SELECT %s, 'C5', 'collaboration', '', FALSE, %s, (%s::int[])[1 + n %% 3], 'owner', (%s::int[])[1 + n %% 40],
                   '', n, 'Item ' || n, %s, %s::timestamp + n * interval '10 minutes', %s,
                   CASE WHEN n %% 20 = 0 THEN 'open' ELSE 'done' END, TRUE, TRUE
              FROM generate_series(1, 100000) AS n
            """,
            standard.id, self.company.id,
            [self.department.id, self.other_department.id, self.ops_department.id], [self.employee.id] + [self.other_head.id] * 39,
            clock.now(), clock.now() - timedelta(days=680), date(2026, 1, 1),
        ))
        self.env.cr.execute("ANALYZE ops_obligation")
        ledger = [("in_ledger", "=", True)]
        for user in (self.operations, self.head, self.employee):
            model = self.env["ops.obligation"].with_user(user)
            for leaves, order in (
                (ledger, model._order), (ledger, "date_due, id"),
                ([*ledger, ("state", "in", ("open", "held"))], "date_due, id"),
                ([*ledger, ("is_overdue", "=", True)], "date_due, id"),
            ):
                with self.subTest(user=user.login, order=order, leaves=leaves):
                    self.assertLess(self.milliseconds(model, leaves, order), 50)

    def milliseconds(self, model, leaves, order):
        """Return how long PostgreSQL takes for the first page, planning included."""
        query = model._search(leaves, limit=80, order=order)
        best = None
        for _turn in range(3):
            self.env.cr.execute(SQL("EXPLAIN (ANALYZE, FORMAT JSON) %s", query.select()))
            plan = self.env.cr.fetchone()[0][0]
            took = plan["Planning Time"] + plan["Execution Time"]
            best = took if best is None else min(best, took)
        return best
