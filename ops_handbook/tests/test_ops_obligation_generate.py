import logging
from datetime import date, timedelta
from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo.tests import tagged

from ..models.deadline import ops_obligation_generate
from .engine import EngineCase

CRON = "ops_obligation_cron_generate"


class Killed(Exception):
    """Stands for a worker that was killed."""


@tagged("post_install", "-at_install")
class TestGenerate(EngineCase):
    def periods(self, code, department=None, company=None):
        leaves = [("department_id", "=", department.id)] if department else []
        return self.owed(code, *leaves, company=company).mapped("period")

    # -- who is asked for what ------------------------------------------------------------------------------------------

    def test_horizon_scope_and_role(self):
        """35 days ahead, for each department that keeps plans; heads answer, the last way out is operations."""
        self.generate("2026-11-02 08:00")
        departments = self.owed("M6").department_id
        self.assertEqual(departments, self.department | self.other_department | self.ops_department | self.gm_department)
        found = self.owed("M6", ("department_id", "=", self.department.id))
        self.assertEqual((found.period, found.responsible_id, found.role), ("2026-11", self.head, "head"))
        self.assertEqual(found.date_close, self.utc("2026-12-23 23:59:59"))
        self.assertEqual(found.employee_id.ids, [])
        self.assertEqual(max(self.owed("M5").mapped("date_due")), self.utc("2026-12-04 23:59:59"))
        lessons = self.owed("I5")
        self.assertEqual((len(lessons), lessons.role, lessons.responsible_id.ids), (1, "operations", []))

    def test_branch_by_its_own_calendar(self):
        """A branch's forms end with its own day; what a company owes as a whole its parent owes for both."""
        self.generate("2026-11-02 08:00")
        found = self.owed("M6", company=self.branch)
        self.assertEqual((found.department_id, found.responsible_id), (self.branch_department, self.branch_head))
        self.assertEqual(found.date_due, self.utc("2026-11-23 23:59:59", "Europe/Berlin"))
        self.assertFalse(self.owed("I5", company=self.branch))

    def test_started_branch_alone_owes_for_itself(self):
        self.company.ops_started = False
        self.generate("2026-11-02 08:00")
        self.assertTrue(self.owed("I5", company=self.branch))
        self.assertFalse(self.owed("I5"))

    def test_persons(self):
        """A standard of scope person is owed by everybody who can log in."""
        standard = self.env["ops.standard"].create({
            "code": "M6P", "name": "Self-assessment", "verb": "Write the self-assessment", "trigger": "monthly", "due_day": 15,
            "scope": "person", "role": "owner", "department_ids": [(4, self.department.id)],
        })
        ready = frozenset({"M6P"})
        with patch.object(type(standard), "_ready_codes", lambda model: ready):
            self.generate("2026-11-02 08:00")
        self.assertEqual(self.owed("M6P").responsible_id, self.head | self.employee | self.newcomer)

    def test_only_ready_standards(self):
        """A standard is ready when a form that fulfils it is installed; M4 is never a row."""
        with patch.object(type(self.Standard), "_ready_codes", lambda model: frozenset({"A6", "M4"})):
            self.generate("2026-11-02 08:00")
        self.assertEqual(set(self.Obligation.search([("company_id", "=", self.company.id)]).mapped("code")), {"A6"})

    def test_department_lists(self):
        self.standard("M6").department_ids = self.department
        self.generate("2026-11-02 08:00")
        self.assertEqual(self.owed("M6").department_id, self.department)

    def test_records_that_owe_by_the_calendar(self):
        """C4: a running collaboration owes its brief every week; here employees stand for collaborations."""
        Employee = type(self.env["hr.employee"])
        source = self.employee_of(self.employee)
        with (
            patch.object(Employee, "_clock_standards", ("C4",), create=True),
            patch.object(Employee, "_clock_sources", lambda model, code, company: source.with_env(model.env).filtered(
                lambda item: item.company_id == company), create=True),
            patch.object(Employee, "_clock_department", lambda employee: employee.department_id, create=True),
            patch.object(Employee, "_clock_since", lambda employee: None, create=True),
        ):
            self.generate("2026-11-02 08:00")
        found = self.owed("C4")
        self.assertEqual(set(found.mapped("source_id")), {source.id})
        self.assertEqual(found.mapped("period")[:2], ["2026-W45", "2026-W46"])
        self.assertEqual(found.responsible_id, self.head, "no lead is named: the head of the department")

    # -- never twice, never skipped -------------------------------------------------------------------------------------

    def test_twice_makes_nothing_new(self):
        self.generate("2026-11-02 08:00")
        before = self.Obligation.search_count([])
        with self.at("2026-11-02 09:00"), patch.object(type(self.Obligation), "_insert") as insert:
            self.Obligation._generate(self.company | self.branch)
        insert.assert_not_called()
        self.assertEqual(self.Obligation.search_count([]), before)

    def test_missed_cron(self):
        """Cron off for 3, 10, 40 days: every period is generated once, also those that fell due meanwhile."""
        for days in (3, 10, 40):
            with self.subTest(days=days):
                self.Obligation.search([("company_id", "in", (self.company | self.branch).ids)]).unlink()
                self.env["ops.standard.progress"].search([]).unlink()
                self.generate("2026-11-02 08:00")
                back = date(2026, 11, 2) + timedelta(days=days)
                self.generate(f"{back} 08:00")
                weeks = self.periods("M5", self.department)
                expected = [f"2026-W{number}" for number in range(45, 54)] + [f"2027-W{number:02}" for number in range(1, 9)]
                self.assertEqual(weeks, expected[: len(weeks)], "no week skipped, none twice")
                self.assertGreaterEqual(len(weeks), (35 + days) // 7)

    def test_cron_off_longer_than_the_horizon(self):
        self.generate("2026-11-02 08:00")
        self.generate("2027-03-20 08:00")
        self.assertEqual(
            self.periods("M6", self.department), ["2026-11", "2026-12", "2027-01", "2027-02", "2027-03", "2027-04"],
            "missed periods are asked for as well",
        )

    def test_each_day_once_over_a_year(self):
        """Daily runs over fourteen months, and a rule that changes on the way: each month once."""
        with self.at("2026-11-05 08:00"):
            self.standard("M6")._schedule_change({"due_day": 10}, date(2027, 4, 15))
        day = date(2026, 11, 2)
        with patch.object(type(self.Standard), "_ready_codes", lambda model: frozenset({"M6"})):
            while day < date(2028, 1, 1):
                self.generate(f"{day} 08:00")
                day += timedelta(days=5)
        found = self.periods("M6", self.department)
        self.assertEqual(found, sorted(set(found)))
        self.assertEqual(found[:14], ["2026-11", "2026-12"] + [f"2027-{number:02}" for number in range(1, 13)])

    def test_new_department_from_now_on(self):
        """A department that begins to keep plans owes what falls due from then on, and nothing of the past."""
        self.generate("2026-11-02 08:00")
        self.generate("2026-11-25 08:00")
        self.sub_department.ops_keeps_plans = True
        self.generate("2026-11-25 09:00")
        self.assertEqual(self.periods("M6", self.sub_department), ["2026-12"])
        self.assertEqual(self.periods("M6", self.department), ["2026-11", "2026-12"])
        self.env["ops.standard.progress"]._forget(self.company)  # the calendar changed: still nothing of the past
        self.generate("2026-11-26 08:00")
        self.assertEqual(self.periods("M6", self.sub_department), ["2026-12"])

    def test_form_installed_later_asks_from_then_on(self):
        with patch.object(type(self.Standard), "_ready_codes", lambda model: frozenset({"M6"})):
            self.generate("2026-11-02 08:00")
        self.generate("2026-12-10 08:00")
        self.assertEqual(min(self.owed("M5").mapped("date_due")), self.utc("2026-12-11 23:59:59"))
        self.env["ops.standard.progress"]._forget(self.company)  # the calendar changed
        self.generate("2026-12-11 08:00")
        self.assertEqual(min(self.owed("M5").mapped("date_due")), self.utc("2026-12-11 23:59:59"))

    def test_switched_on_again_asks_from_then_on(self):
        """A standard that was off, or kept no rows, is not asked for the time between: as a form installed later."""
        for name in ("active", "keeps_rows"):
            code = {"active": "M6", "keeps_rows": "A6"}[name]
            with self.subTest(name=name), patch.object(type(self.Standard), "_ready_codes", lambda model: frozenset({"M6", "A6"})):
                self.Obligation.search([("company_id", "in", (self.company | self.branch).ids)]).unlink()
                self.env["ops.standard.progress"].search([]).unlink()
                self.generate("2026-11-02 08:00")
                self.standard(code)[name] = False
                for day in ("2027-01-20", "2027-03-09"):
                    self.generate(f"{day} 08:00")
                    self.env["ops.standard.progress"]._forget(self.company)  # its calendar changed meanwhile
                self.standard(code)[name] = True
                self.generate("2027-03-10 08:00")
                self.assertEqual(self.periods(code, self.department), ["2026-11", "2027-03"])
                other = {"M6": "A6", "A6": "M6"}[code]
                self.assertEqual(self.periods(other, self.department)[:4], ["2026-11", "2026-12", "2027-01", "2027-02"])

    def test_company_opened_again_asks_from_then_on(self):
        self.generate("2026-11-02 08:00")
        self.env["res.users"].search([("company_id", "=", self.branch.id)]).active = False
        with self.at("2026-11-03 08:00"):
            self.branch.active = False
        with self.at("2027-03-09 08:00"):
            self.Obligation._generate()
        with self.at("2027-03-10 08:00"):
            self.branch.active = True
        self.generate("2027-03-10 08:00")
        self.assertEqual(self.periods("M6", self.branch_department, company=self.branch), ["2026-11", "2027-03"])

    def test_company_opened_again_owes_what_lies_ahead(self):
        """Closed for a week: what had been asked for ahead is owed again, what was due meanwhile is not."""
        self.generate("2026-11-02 08:00")
        owed = self.owed("M6", company=self.branch) | self.owed("M5", company=self.branch)
        before = {item.id: item.date_due for item in owed}
        self.env["res.users"].search([("company_id", "=", self.branch.id)]).active = False
        with self.at("2026-11-03 08:00"):
            dropped = owed.sorted("date_due")[-1]
            dropped._set_state("cancelled", "Not needed")
            self.branch.active = False
        self.assertEqual(set(owed.mapped("state")), {"cancelled"})
        with self.at("2026-11-10 08:00"):
            self.branch.active = True
        self.generate("2026-11-10 08:00")
        ahead = owed.filtered(lambda item: before[item.id] >= self.utc("2026-11-10 08:00")) - dropped
        self.assertTrue(ahead and owed - ahead - dropped)
        self.assertEqual((set(ahead.mapped("state")), set((owed - ahead).mapped("state"))), ({"open"}, {"cancelled"}))

    def test_a_companys_own_standard_asks_for_nothing_twice(self):
        """It takes the place of the common one, and later gives it back: each period is asked for once."""
        with patch.object(type(self.Standard), "_ready_codes", lambda model: frozenset({"M6"})):
            self.generate("2026-11-20 08:00")
            self.assertEqual(self.periods("M6", self.department), ["2026-11", "2026-12"])
            own = self.standard("M6").copy({"company_id": self.company.id})
            for day in ("2026-11-21", "2026-12-20", "2027-02-01", "2027-03-09"):
                self.generate(f"{day} 08:00")
            expected = ["2026-11", "2026-12", "2027-01", "2027-02", "2027-03"]
            self.assertEqual(self.periods("M6", self.department), expected)
            own.active = False
            self.generate("2027-03-10 08:00")
            self.assertEqual(self.periods("M6", self.department), expected)
            self.generate("2027-04-10 08:00")
            self.assertEqual(self.periods("M6", self.department), [*expected, "2027-04"])
            self.assertEqual(self.owed("M6")[-1].standard_id, self.standard("M6"))

    def test_a_companys_own_standard_takes_the_place_whatever_it_says(self):
        """One that keeps no rows, or that counts from an event, asks for nothing – and the common one does not step in."""
        own = self.standard("M6").copy({"company_id": self.company.id})
        for values in ({"keeps_rows": False}, {"trigger": "event", "event": "submission"}):
            with self.subTest(values=values), self.at("2026-11-02 08:00"):
                own.write({"keeps_rows": True, "trigger": "monthly", **values})
                codes = {
                    company: self.Obligation._standards_to_generate(company, False).mapped("code")
                    for company in (self.company, self.branch)
                }
                self.assertNotIn("M6", codes[self.company])
                self.assertIn("M6", codes[self.branch], "the rule of all others")
        self.generate("2026-11-02 08:00")
        self.assertFalse(self.owed("M6"))
        self.assertTrue(self.owed("M6", company=self.branch))
        own.active = False  # archived it is no rule: the common one counts again
        self.generate("2026-11-03 08:00")
        self.assertEqual(self.periods("M6", self.department), ["2026-11"])

    def test_a_companys_own_standard_of_another_scope(self):
        """A branch's own rule for the company as a whole: its parent owes that, and its departments nothing."""
        own = self.standard("M6").copy({"company_id": self.branch.id})
        own.scope = "company"
        self.generate("2026-11-02 08:00")
        self.assertFalse(self.owed("M6", company=self.branch))
        self.assertTrue(self.owed("M6"))

    def test_a_gap_is_after_the_companys_own_predecessor(self):
        """M1 is due 1 WD after M6 at the earliest: after the company's own M6, where there is one."""
        self.generate("2026-11-02 08:00")
        own = self.standard("M6").copy({"company_id": self.company.id, "due_day": 26})
        span = date(2027, 3, 10), date(2027, 3, 31)
        days = {
            company: [item.due for item, _revision in self.standard("M1")._occurrences(company, *span)]
            for company in (self.company, self.branch)
        }
        self.assertEqual(days, {self.company: [date(2027, 3, 29)], self.branch: [date(2027, 3, 25)]})
        with self.at("2026-11-02 08:00"):
            works = {work.standard.code for work in self.Obligation._outstanding(self.company)}
        self.assertIn("M1", works, "its predecessor is another one now: look again")
        # a circle by way of the company's own: nobody waits where it closes
        own.write({"predecessor_id": self.standard("M3").id, "gap": 1})
        found = self.standard("M1")._occurrences(self.company, date(2027, 3, 10), date(2027, 4, 30))
        self.assertEqual([item.due for item, _revision in found][:1], [date(2027, 4, 2)], "M3 on 31 March, M6 on 1 April")

    def test_start_date_may_lie_back(self):
        self.company.ops_start_date = "2026-09-20"
        self.generate("2026-11-02 08:00")
        self.assertEqual(self.periods("M6", self.department), ["2026-09", "2026-10", "2026-11"])

    def test_calendar_change_loses_no_period(self):
        """A holiday loaded late moves due days across what has been generated already: nothing is lost."""
        self.generate("2026-11-02 08:00")
        with self.at("2026-11-03 08:00"):
            self.env["resource.calendar.leaves"].create({
                "name": "Shutdown", "company_id": self.company.id, "calendar_id": self.company.resource_calendar_id.id,
                "date_from": self.utc("2026-12-07 00:00"), "date_to": self.utc("2026-12-11 23:59:59"),
            })
            self.env.cr.precommit.run()
        for day in ("2026-11-04", "2026-11-20", "2026-12-20"):
            self.generate(f"{day} 08:00")
        found = self.periods("M6", self.department)
        self.assertEqual(found, ["2026-11", "2026-12"] + (["2027-01"] if "2027-01" in found else []))
        weeks = self.periods("M5", self.department)
        self.assertEqual(weeks, sorted(set(weeks)))

    def test_existing_keep_their_due_time(self):
        """A change of a rule counts for what is made afterwards."""
        self.generate("2026-11-02 08:00")
        with self.at("2026-11-03 08:00"):
            self.standard("M6").due_day = 20
        self.generate("2026-11-20 08:00")
        found = self.owed("M6", ("department_id", "=", self.department.id))
        self.assertEqual(
            [self.utc("2026-11-23 23:59:59"), self.utc("2026-12-18 23:59:59")], found.mapped("date_due")
        )
        self.assertEqual(len(found.revision_id), 2)

    # -- as a scheduled action ------------------------------------------------------------------------------------------

    def test_cron_runs_and_reports(self):
        self.run_cron(CRON, "2026-11-02 08:00")
        self.assertEqual(self.periods("M6", self.department), ["2026-11"])

    def test_killed_anywhere(self):
        """A worker killed at any page has lost and doubled nothing: the next run goes on."""
        self.generate("2026-11-02 08:00")
        complete = sorted(self.Obligation.search([("company_id", "in", (self.company | self.branch).ids)]).mapped("code"))
        insert = type(self.Obligation)._insert
        for survives in (0, 1, 3, 7):
            with self.subTest(survives=survives):
                self.Obligation.search([("company_id", "in", (self.company | self.branch).ids)]).unlink()
                self.env["ops.standard.progress"].search([]).unlink()
                left = [survives]

                def killing(model, rows, left=left):
                    if not left[0]:
                        raise Killed
                    left[0] -= 1
                    return insert(model, rows)

                with (
                    patch.object(ops_obligation_generate, "PAGE", 2), patch.object(type(self.Obligation), "_insert", killing),
                    self.assertRaises(Killed), self.at("2026-11-02 08:00"), self.env.cr.savepoint(flush=False),
                ):
                    self.Obligation._generate(self.company | self.branch, commit=lambda count: 10)
                self.generate("2026-11-02 08:00")
                found = self.Obligation.search([("company_id", "in", (self.company | self.branch).ids)])
                self.assertEqual(sorted(found.mapped("code")), complete)

    def test_first_run_killed_in_the_middle_forgets_nothing_of_the_past(self):
        """The engine starts with a day that lies behind: what a killed first run had not come to is asked for by the next."""
        self.company.ops_start_date = self.branch.ops_start_date = "2026-09-01"
        pages = []

        def commit(count):
            pages.append(count)
            return 10 if len(pages) < 2 else 0  # the note of where to begin, one page, then its time is up

        with self.at("2026-11-02 08:00"), patch.object(ops_obligation_generate, "PAGE", 1):
            self.assertFalse(self.Obligation._generate(self.company, commit=commit))
        self.generate("2026-11-02 09:00")
        for code in ("M6", "A6", "I5"):
            self.assertEqual(min(self.periods(code)), "2026-09", code)
        # what is installed later owes nothing of the past
        self.env["ops.standard.progress"].search([("standard_id.code", "=", "I5")]).unlink()
        self.owed("I5").unlink()
        self.generate("2026-11-02 10:00")
        self.assertEqual(min(self.periods("I5")), "2026-11")

    def test_serialization_failure_is_tried_again(self):
        """Another transaction in the way: roll back and go on, the job has no retry of its own."""
        insert, failures = type(self.Obligation)._insert, [SerializationFailure("in the way")]

        def failing(model, rows):
            if failures:
                raise failures.pop()
            return insert(model, rows)

        with (
            patch.object(type(self.Obligation), "_insert", failing), patch.object(self.env.cr, "rollback") as rollback,
            self.assertLogs(ops_obligation_generate._logger, logging.INFO), self.at("2026-11-02 08:00"),
        ):
            self.Obligation._generate(self.company, commit=lambda count: 10)
        rollback.assert_called_once()
        self.assertEqual(self.periods("M6", self.department), ["2026-11"])

    def test_what_a_killed_run_left_is_not_inserted_again(self):
        """Users who write the rows that are there already must not keep the job from making the others."""
        self.generate("2026-11-02 08:00")
        self.owed("M6", ("department_id", "=", self.department.id)).sudo().unlink()
        self.env["ops.standard.progress"].search([]).unlink()
        insert, asked = type(self.Obligation)._insert, []

        def failing(model, rows):
            asked.append([row for row in rows if row["code"] == "M6"])
            if len(asked) % 2:
                raise SerializationFailure("somebody is writing these rows")
            return insert(model, rows)

        with (
            patch.object(type(self.Obligation), "_insert", failing), patch.object(self.env.cr, "rollback"),
            self.at("2026-11-02 08:00"),
        ):
            self.Obligation._generate(self.company, commit=lambda count: 10)
        first, again = filter(None, asked)
        self.assertEqual(len(first), 4)
        self.assertEqual([row["department_id"] for row in again], [self.department.id])
        self.assertEqual(len(self.owed("M6")), 4)

    def test_time_is_up_calls_itself_again(self):
        """A slice of time that is over: the job asks to be called again, and then does the rest."""
        with (
            patch.object(ops_obligation_generate, "PAGE", 2),
            patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda cron, *args, **kwargs: 0),
            patch.object(type(self.env["ir.cron"]), "_trigger") as trigger, self.at("2026-11-02 08:00"),
        ):
            self.Obligation._cron_generate()
            trigger.assert_called_once()
            self.assertLessEqual(self.Obligation.search_count([("company_id", "=", self.company.id)]), 2)
        self.generate("2026-11-02 08:00")
        self.assertEqual(self.periods("M6", self.department), ["2026-11"])

    # -- cost -----------------------------------------------------------------------------------------------------------

    def test_statements_do_not_grow_with_rows(self):
        """At most 0.03 statements a row, and a second run that looks, finds nothing and inserts nothing."""
        self.env["hr.department"].create([
            {"name": f"D{number}", "company_id": self.company.id, "ops_keeps_plans": True} for number in range(400)
        ])
        self.env.flush_all()
        with self.at("2026-11-02 08:00"):
            self.Obligation._generate(self.branch)
            before = self.env.cr.sql_log_count
            self.Obligation._generate(self.company)
            first = self.env.cr.sql_log_count - before
            rows = self.Obligation.search_count([("company_id", "=", self.company.id)])
            before = self.env.cr.sql_log_count
            self.Obligation._generate(self.company)
            second = self.env.cr.sql_log_count - before
        self.assertGreater(rows, 3500)
        self.assertLessEqual(first / rows, 0.03)
        self.assertLessEqual(second, 25)
