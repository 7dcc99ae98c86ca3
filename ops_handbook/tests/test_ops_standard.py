import logging
from datetime import date

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.deadline import ops_standard_schedule
from .engine import EngineCase

PROCESSES = {
    "annual": ["A1", "A2", "A3", "A4", "A5", "A6", "A7"],
    "monthly": ["M1", "M2", "M3", "M4", "M5", "M6", "M7"],
    "collaboration": ["C1", "C2", "C3", "C4", "C5"],
    "improvement": ["I1", "I2", "I3", "I4", "I5"],
}


@tagged("post_install", "-at_install")
class TestStandard(EngineCase):
    def due(self, code, first, last, company=None):
        """Return the due days of a standard as {period: day}."""
        company = company or self.company
        found = self.standard(code)._occurrences(company, date.fromisoformat(first), date.fromisoformat(last))
        return {item.period: item.due.isoformat() for item, _revision in found}

    # -- what is shipped ------------------------------------------------------------------------------------------------

    def test_all_24_standards_are_shipped(self):
        """A1–A7, M1–M7, C1–C5, I1–I5 are active, each in its process, with words and a first revision."""
        for process, codes in PROCESSES.items():
            for code in codes:
                with self.subTest(code=code):
                    standard = self.standard(code)
                    self.assertEqual((standard.process, standard.code, standard.active), (process, code, True))
                    self.assertTrue(standard.verb and standard.name and standard.revision_id)
        self.assertEqual(sum(map(len, PROCESSES.values())), 24)
        for code in ("R1", "D1", "P1"):
            self.assertEqual(self.standard(code).code, code)

    def test_due_days_of_the_annual_process(self):
        """A1 to A5: the plan of a year is due in December of the year before; A7: 10 WD after the quarter."""
        found = {code: self.due(code, "2026-12-01", "2027-01-31") for code in ("A1", "A2", "A3", "A4", "A5", "A7")}
        self.assertEqual(found["A1"], {"2027": "2026-12-10"})
        self.assertEqual(found["A2"], {"2027": "2026-12-18"}, "20 December 2026 is a Sunday: earlier")
        self.assertEqual(found["A3"], {"2027": "2026-12-25"})
        self.assertEqual(found["A4"], {"2027": "2026-12-31"})
        self.assertEqual(found["A5"], {"2027": "2027-01-05"})
        self.assertEqual(found["A7"], {"2026-Q4": "2027-01-14"})

    def test_due_days_of_the_monthly_process(self):
        """A6, M6, M1, M2, M3, M5, I5 in August 2026, when the 23rd is a Sunday."""
        found = {code: self.due(code, "2026-08-01", "2026-08-31") for code in ("A6", "M6", "M1", "M2", "M3", "I5")}
        self.assertEqual(found["M6"], {"2026-08": "2026-08-21"})
        self.assertEqual(found["M1"], {"2026-09": "2026-08-25"})
        self.assertEqual(found["M2"], {"2026-09": "2026-08-28"})
        self.assertEqual(found["M3"], {"2026-09": "2026-08-31"})
        self.assertEqual(found["A6"], {"2026-08": "2026-08-31"})
        self.assertEqual(found["I5"], {"2026-08": "2026-08-31"})
        self.assertEqual(
            list(self.due("M5", "2026-11-02", "2026-11-15").values()), ["2026-11-06", "2026-11-13"], "last WD of the week"
        )

    def test_month_end_forms_never_collide(self):
        """M6, M1, M2, M3 follow each other in every month, each at least 1 WD after the one before."""
        workdays = self.company._ops_workdays()
        days = {}
        for code in ("M6", "M1", "M2", "M3"):
            found = self.standard(code)._occurrences(self.company, date(2024, 1, 1), date(2026, 12, 31))
            days[code] = {item.base: item.due for item, _revision in found}
        for base in sorted(days["M6"]):
            chain = [days[code].get(base) for code in ("M6", "M1", "M2", "M3")]
            for before, after in zip(chain, chain[1:], strict=False):
                if after:
                    self.assertGreaterEqual(workdays.count(before, after), 1, f"{base}: {chain}")

    def test_i1_i2_clocks_by_level(self):
        """I1: 1 WD, level 1 in 4 hours; I2: level 1 in 24 clock hours, level 2 in 3 WD, level 3 in 5 WD."""
        friday = self.utc("2026-11-20 18:30")
        found = {}
        for code, variant in (("I1", ""), ("I1", "level1"), ("I2", "level1"), ("I2", "level2"), ("I2", "level3")):
            standard = self.standard(code)
            found[code, variant] = standard._due_of_event(standard.revision_id, self.company, friday, variant)
        self.assertEqual(found["I1", ""], self.utc("2026-11-23 23:59:59"))
        self.assertEqual(found["I1", "level1"], self.utc("2026-11-20 22:30"))
        self.assertEqual(found["I2", "level1"], self.utc("2026-11-21 18:30"))
        self.assertEqual(found["I2", "level2"], self.utc("2026-11-25 23:59:59"))
        self.assertEqual(found["I2", "level3"], self.utc("2026-11-27 23:59:59"))

    def test_events_of_the_other_processes(self):
        """C1: 2 WD; C2: 1 WD before; C3: 24 h, on a day off the next WD same hour; I4, M7, P1: 3 WD; R1: 1 WD."""
        friday = self.utc("2026-11-20 15:00")
        expected = {
            "C1": "2026-11-24 23:59:59", "C2": "2026-11-19 23:59:59", "C3": "2026-11-23 15:00", "I4": "2026-11-25 23:59:59",
            "M7": "2026-11-25 23:59:59", "P1": "2026-11-25 23:59:59", "R1": "2026-11-23 23:59:59",
        }
        for code, local in expected.items():
            standard = self.standard(code)
            due = standard._due_of_event(standard.revision_id, self.company, friday)
            self.assertEqual(due, self.utc(local), code)
        for code in ("C5", "I3", "D1"):
            standard = self.standard(code)
            self.assertIsNone(standard._due_of_event(standard.revision_id, self.company, friday), code)

    def test_m4_keeps_no_rows(self):
        """M4, the daily log, is counted when asked for: millions of rows would say nothing."""
        self.assertFalse(self.standard("M4").keeps_rows)

    # -- ready ----------------------------------------------------------------------------------------------------------

    def test_ready_is_searchable(self):
        self.assertTrue(self.standard("A1").ready)
        self.assertIn(self.standard("A1"), self.Standard.search([("ready", "=", True)]))
        self.assertNotIn(self.standard("A1"), self.Standard.search([("ready", "=", False)]))

    # -- revisions ------------------------------------------------------------------------------------------------------

    def test_a_change_makes_a_revision(self):
        standard = self.standard("M6")
        before = standard.revision_id
        with self.at("2026-11-10 10:00"):
            standard.due_day = 20
        self.assertNotEqual(standard.revision_id, before)
        self.assertEqual(standard.revision_id.changed, ["due_day"])
        self.assertEqual((before.rule["due_day"], standard.revision_id.rule["due_day"]), (23, 20))
        with self.assertRaises(UserError):
            before.rule = {}

    def test_no_revision_for_words(self):
        standard = self.standard("M6")
        before = standard.revision_id
        standard.write({"name": "Report", "due_day": 23})
        self.assertEqual(standard.revision_id, before)

    def test_a_variant_belongs_to_the_rule(self):
        standard = self.standard("I2")
        with self.at("2026-11-10 10:00"):
            standard.variant_ids.filtered(lambda variant: variant.key == "level2").offset_value = 2
        self.assertEqual(standard.revision_id._values("level2")["offset_value"], 2)
        self.assertEqual(standard.revision_id.changed, ["variant_ids"])

    def test_each_period_once_whatever_moves(self):
        """M6 moved from the 23rd to the 10th, and to the 28th: no month is skipped and none comes twice."""
        for day in (10, 28):
            with self.subTest(day=day), self.at("2026-11-12 10:00"):
                standard = self.standard("M6")
                standard._schedule_change({"due_day": day}, date(2027, 1, 15))
                found = self.due("M6", "2026-11-01", "2027-04-30")
                self.assertEqual(list(found), [f"2026-{m}" for m in (11, 12)] + [f"2027-0{m}" for m in (1, 2, 3, 4)])
                self.assertEqual(found["2026-12"], "2026-12-23")
                self.assertEqual(found["2027-01"], "2027-01-22" if day == 10 else "2027-01-28")
                self.assertEqual(found["2027-02"], "2027-02-10" if day == 10 else "2027-02-26")

    def test_planned_change_comes_into_force_by_the_clock(self):
        standard = self.standard("M6")
        with self.at("2026-11-12 10:00"):
            planned = standard._schedule_change({"due_day": 20}, date(2027, 1, 1))
            self.assertEqual(standard.due_day, 23)
        with self.at("2027-01-01 12:00"):
            self.Standard._apply_planned_changes()
        self.assertEqual((standard.due_day, standard.revision_id), (20, planned))

    def test_a_change_today_keeps_what_is_planned(self):
        standard = self.standard("M6")
        with self.at("2026-11-12 10:00"):
            standard._schedule_change({"due_day": 20}, date(2027, 1, 1))
            standard.max_shift = 1
        rule = standard._revision_at(date(2027, 1, 1)).rule
        self.assertEqual((rule["due_day"], rule["max_shift"]), (20, 1))

    def test_planned_changes_keep_each_other(self):
        """One planned later for an earlier day is not undone by the one after it; of one day both count."""
        standard = self.standard("M1")
        with self.at("2026-11-12 10:00"):
            standard._schedule_change({"due_day": 20}, date(2027, 3, 1))
            standard._schedule_change({"gap": 2}, date(2027, 2, 1))
            standard._schedule_change({"max_shift": 1}, date(2027, 3, 1))
        expected = {(2027, 1, 31): (25, 1, 3), (2027, 2, 1): (25, 2, 3), (2027, 3, 1): (20, 2, 1)}

        def said():
            rules = {day: standard._revision_at(date(*day)).rule for day in expected}
            return {day: (rule["due_day"], rule["gap"], rule["max_shift"]) for day, rule in rules.items()}

        self.assertEqual(said(), expected)
        with self.at("2026-11-13 10:00"):
            standard.day_off_rule = "later"
        self.assertEqual(said(), expected)
        self.assertEqual(standard._revision_at(date(2027, 3, 1)).rule["day_off_rule"], "later")
        with self.at("2027-03-01 12:00"):
            self.Standard._apply_planned_changes()
        self.assertEqual((standard.due_day, standard.gap, standard.max_shift), (20, 2, 1))

    def test_planned_change_lies_ahead_and_names_a_rule(self):
        with self.at("2026-11-12 10:00"):
            with self.refused(ValidationError, "after today"):
                self.standard("M6")._schedule_change({"due_day": 20}, date(2026, 11, 12))
            with self.refused(ValidationError, "no part of the rule"):
                self.standard("M6")._schedule_change({"code": "X"}, date(2026, 12, 12))

    def test_no_change_is_planned_that_no_rule_can_have(self):
        """Said when it is planned: on its day it would stop the clock of every company."""
        standard = self.standard("M6")
        impossible = {
            "due_month": (13, "1 to 12"), "due_day": (45, "0 to 31"), "due_hour": (30.0, "0 to 24"), "gap": (-1, "0 to 250"),
            "day_off_rule": (False, "choose one"), "role": (False, "choose one"),
        }
        with self.at("2026-11-12 10:00"):
            for name, (value, text) in impossible.items():
                with self.subTest(name=name), self.refused(ValidationError, text):
                    standard._schedule_change({name: value}, date(2027, 1, 1))
            with self.refused(ValidationError, "0 to 31"):
                self.plan(self.admin_ops, due_day=45)
            with self.refused(ValidationError, "choose one"):
                self.plan(self.admin_ops, day_off_rule=False)
            standard._schedule_change({"due_weekday": False, "due_day": 0, "workdays_after": 0}, date(2027, 1, 1))

    def test_a_change_that_cannot_be_applied_keeps_nothing_else_back(self):
        """One planned before such values were refused: it is logged; the other changes come into force, and holds end."""
        broken, sound = self.standard("M6"), self.standard("M1")
        with self.at("2026-11-12 10:00"):
            held = self.Obligation._start("C5", self.employee_of(self.employee), due=date(2026, 11, 25))
            held._hold(self.utc("2026-11-12 10:00"), self.utc("2026-11-13 10:00"), "Wait")
            broken._freeze({**broken._snapshot(), "due_day": 45}, date(2027, 1, 1), names=["due_day"])
            sound._schedule_change({"due_day": 20}, date(2027, 1, 1))
        with self.assertLogs(ops_standard_schedule._logger, logging.ERROR), mute_logger("odoo.sql_db"):
            self.run_cron("ops_obligation_cron_upkeep", "2027-01-01 12:00")
        self.assertEqual((broken.due_day, sound.due_day, held.state), (23, 20, "open"))

    # -- guards ---------------------------------------------------------------------------------------------------------

    def test_only_the_administrator_writes_standards(self):
        for user in (self.employee, self.head, self.operations, self.gm_office, self.gm):
            self.assertEqual(self.standard("M6").with_user(user).code, "M6")
            with self.assertRaises(AccessError):
                self.standard("M6").with_user(user).due_day = 1
        self.standard("M6").with_user(self.admin_ops).due_day = 22
        self.assertEqual(self.standard("M6").due_day, 22)

    def test_a_predecessor_has_the_same_rhythm_and_no_circle(self):
        with self.refused(ValidationError, "recur"):
            self.standard("M6").predecessor_id = self.standard("A1")
        with self.refused(ValidationError, "follow itself"):
            self.standard("M6").predecessor_id = self.standard("M3")

    def test_one_standard_per_code_and_company(self):
        values = {"code": "X1", "name": "X", "verb": "Do X"}
        self.Standard.create([values, {**values, "company_id": self.company.id}])
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.Standard.create(values)

    def test_a_company_may_have_its_own(self):
        own = self.standard("I1").copy({"company_id": self.branch.id})
        self.assertEqual(self.Standard._get("I1", self.branch), own)
        self.assertEqual(self.Standard._get("I1", self.company), self.standard("I1"))
        self.standard("I1").active = False
        self.assertFalse(self.Standard._get("I1", self.company))

    def test_duplicate_makes_the_current_companys_own(self):
        """The button Duplicate: with its reminders and variants; the common rule stays everybody else's."""
        common = self.standard("I2").with_user(self.admin_ops).with_company(self.branch)
        own = common.copy()
        self.assertEqual((own.code, own.company_id, own.name), ("I2", self.branch, common.name))
        self.assertEqual(own._snapshot(), common._snapshot(), "variants included")
        self.assertEqual(len(own.variant_ids), 3)

        def ladder(standard):
            return sorted((step.variant or "", step.sequence, step.anchor, step.value, step.receiver) for step in standard.step_ids)

        self.assertEqual(ladder(own), ladder(common))
        self.assertGreater(len(own.step_ids), 7)
        self.assertEqual(self.Standard._get("I2", self.branch), own.sudo())
        self.assertEqual(self.Standard._get("I2", self.company), self.standard("I2"))

    def test_duplicate_says_why_it_cannot(self):
        """A code stands once for each company, an archived rule included."""
        common = self.standard("I1").with_user(self.admin_ops).with_company(self.company)
        own = common.copy()
        with self.refused(UserError, "own rule"):
            own.copy()
        with self.refused(UserError, "a rule of its own for I1 already"):
            common.copy()
        own.active = False
        with self.refused(UserError, "may be archived"):
            common.copy()

    def test_what_was_asked_for_is_archived_not_deleted(self):
        unused = self.standard("C1").copy({"code": "X2"})
        unused.unlink()
        self.Obligation._start("C1", self.employee_of(self.employee))
        with self.refused(UserError, "archive"):
            self.standard("C1").unlink()

    def test_steps_are_sane(self):
        step = self.standard("M6").step_ids[0]
        with self.assertRaises(ValidationError):
            step.value = -1
        with self.assertRaises(ValidationError):
            step.write({"anchor": "fraction", "unit": "workdays"})

    # -- changes planned on screen --------------------------------------------------------------------------------------

    def plan(self, user, **values):
        wizard = self.env["ops.standard.plan.wizard"].with_user(user).with_context(
            default_standard_id=self.standard("M6").id
        ).create({"date_effective": "2027-01-01", **values})
        return wizard.action_plan()

    def test_plan_a_change(self):
        """The administrator changes a rule from a later day on; what is planned can be seen and withdrawn."""
        standard = self.standard("M6")
        with self.at("2026-11-12 10:00"):
            self.plan(self.admin_ops, due_day=20)
            self.assertTrue(standard.has_planned)
            planned = standard._planned_revisions()[0]
            self.assertEqual((planned.changed, planned.rule["due_day"], standard.due_day), (["due_day"], 20, 23))
            self.assertEqual(planned.summary, "Day: 20")
            standard.with_user(self.admin_ops).action_withdraw_planned()
            self.assertFalse(standard.has_planned)

    def test_plan_asks_for_a_difference(self):
        with self.at("2026-11-12 10:00"), self.refused(UserError, "Nothing differs"):
            self.plan(self.admin_ops)

    def test_only_the_administrator_plans(self):
        with self.at("2026-11-12 10:00"), self.assertRaises(AccessError):
            self.plan(self.operations, due_day=20)

    def test_a_planned_change_in_use_stays(self):
        """What obligations were made from cannot be withdrawn."""
        with self.at("2026-11-12 10:00"):
            self.plan(self.admin_ops, due_day=20)
        self.generate("2026-12-20 08:00")
        with self.at("2026-12-21 08:00"), self.refused(UserError, "already been applied"):
            self.standard("M6").action_withdraw_planned()

    def test_revision_in_words(self):
        standard = self.standard("M2")
        with self.at("2026-11-12 10:00"):
            standard.write({"day_off_rule": "later", "predecessor_id": self.standard("M6").id})
        self.assertIn("On a Day Off: Later", standard.revision_id.summary)
        self.assertIn("Follows: M6 Completion report", standard.revision_id.summary)

    def test_open_what_it_asked_for(self):
        action = self.standard("M6").action_open_obligations()
        self.assertEqual((action["res_model"], action["domain"]), (
            "ops.obligation", [("standard_id", "in", self.standard("M6").ids)]
        ))
        self.assertEqual(self.standard("M6").action_plan_change()["res_model"], "ops.standard.plan.wizard")
