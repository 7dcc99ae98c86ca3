"""The breakdown of plans: the months come to the year after whatever anybody does (A5, issue of the annual plan)."""

import os
from contextlib import contextmanager
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ..tools import apportion, token
from .planning import MONTHS, PlanningCase

SEQUENCES = 1000 if os.environ.get("OPS_FULL") else 100


class BreakdownCase(PlanningCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls._plan().with_user(cls.head)
        cls.goal, cls.level = cls.plan.goal_ids[:2]
        cls.line, cls.calls = cls.plan.initiative_ids

    def months(self, record):
        """Return the figures of a goal or an initiative by month, as the database has them."""
        self.env.flush_all()
        self.env.cr.execute(SQL(
            "SELECT month, value::text FROM ops_plan_target WHERE %s = %s ORDER BY month",
            SQL.identifier(record._breakdown_field), record.id,
        ))
        return {month: Decimal(value) for month, value in self.env.cr.fetchall()}

    def values(self, record):
        return [float(value) for value in self.months(record).values()]

    def cells(self, record, **months):
        """Return cells of the grid: ``m03=5`` is March."""
        return [
            {record._breakdown_field: record.id, "month": f"2027-{name[1:]}", "value": value} for name, value in months.items()
        ]

    def rows(self, record, user=None):
        return self.env["ops.plan.target"].with_user(user or self.head).search([(record._breakdown_field, "=", record.id)])

    @contextmanager
    def undone(self):
        """Take back what happens within the block."""
        self.env.flush_all()
        self.env.cr.execute("SAVEPOINT breakdown_test")
        try:
            yield
        finally:
            self.env.cr.execute("ROLLBACK TO SAVEPOINT breakdown_test; RELEASE SAVEPOINT breakdown_test")
            self.env.transaction.clear()

    def as_state(self, state):
        """Let the plan be in ``state``, whoever would have to do what for it."""
        token.marked(self.plan.sudo()).write({"state": state})


@tagged("post_install", "-at_install")
class TestOpsPlanTarget(BreakdownCase):
    def test_even_split(self):
        """A5: goals with an indicator and initiatives are broken down; a goal without is not."""
        self.plan.action_split()
        self.assertEqual(self.values(self.goal), [10_000.0] * 12)
        self.assertEqual(self.values(self.level), [95.0] * 12, "a level is held")
        self.assertEqual(list(self.months(self.line)), list(MONTHS[:6]), "from the start to the end")
        self.assertEqual(self.values(self.line), [16.67] * 4 + [16.66] * 2)
        self.assertEqual(list(self.months(self.calls)), list(MONTHS[3:11]))
        self.assertFalse(self.months(self.plan.goal_ids[2]))
        self.assertEqual(self.plan._missing_for_release(), {self.plan.id: []})
        self.assertEqual(self.rows(self.goal)[2].quarter, "2027-Q1")

    def test_split_by_weights(self):
        self.plan.action_split([1, 1, 2, *[0] * 9])
        self.assertEqual(self.values(self.goal), [30_000, 30_000, 60_000, *[0] * 9])
        self.assertEqual(self.values(self.level), [95] * 12, "a level without a weight in December has nothing to follow")
        self.plan.action_split("workdays", replace=True)
        self.assertEqual(sum(self.months(self.goal).values()), 120_000)
        self.assertGreater(len(set(self.values(self.goal))), 1)
        self.plan.action_split([2] * 12, replace=True)
        self.assertEqual(self.values(self.goal), [10_000] * 12)
        for wrong in ([1, 2], "tomorrow", [-1] * 12, [float("nan")] * 12, ["1"] * 12, {"a": 1}, 7, [True] * 12):
            with self.subTest(weights=wrong), self.refused(ValidationError, "twelve numbers"):
                self.plan.action_split(wrong)

    def test_split_leaves_what_is_there(self):
        self.plan.action_split()
        self.plan.save_breakdown(self.cells(self.goal, m01=9_000, m02=11_000))
        self.plan.action_split([1, *[0] * 11])
        self.assertEqual(self.values(self.goal)[:2], [9_000, 11_000])

    def test_split_by_last_years_figures(self):
        before = self._create_cycle(year=2026)
        kpi = before.kpi_ids[0]
        self.env["ops.kpi.value"].sudo().create([
            {"kpi_id": kpi.id, "department_id": self.department.id, "month": f"2026-{month:02}", "value": value}
            for month, value in ((1, 10), (2, 30))
        ])
        self.assertEqual(self.plan.get_breakdown()["rows"][0]["last_year"], [10, 30, *[0] * 10])
        self.plan.action_split("actuals")
        self.assertEqual(self.values(self.goal), [30_000, 90_000, *[0] * 10])
        self.assertEqual(self.values(self.level), [95] * 12, "evenly where there are no figures")

    # -- the sum ------------------------------------------------------------------------------------------------------

    def test_by_how_much_it_misses(self):
        """A5: the parts of an additive figure sum to the year, and the message says by how much they miss."""
        self.plan.action_split()
        row = self.rows(self.goal)[0]
        with self.refused(ValidationError, "42 too little"):
            row.value = 9_958
        with self.refused(ValidationError, "0.5 too much"):
            row.value = 10_000.5
        with self.refused(ValidationError, "42 too little"):
            self.plan.save_breakdown(self.cells(self.goal, m01=9_958))
        with self.refused(ValidationError, "the last month is 90, the year is 95: 5 too little"):
            self.plan.save_breakdown(self.cells(self.level, m12=90))
        with self.refused(ValidationError, "the months come to 99.99 %, the whole is 100 %: 0.01 too little"):
            self.plan.save_breakdown(self.cells(self.line, m06=16.65))
        with self.refused(ValidationError, "2027-06 must be from 0 to 100"):
            self.plan.save_breakdown(self.cells(self.line, m05=33.33, m06=-0.01))
        with self.refused(ValidationError, "lacks 2027-01. Give all twelve months, or none."):
            row.unlink()
        self.rows(self.goal).unlink()
        self.assertFalse(self.months(self.goal))

    def test_several_cells_at_once(self):
        self.plan.action_split()
        first, second = self.rows(self.goal)[:2]
        self.plan.write({"target_ids": [Command.update(first.id, {"value": 1}), Command.update(second.id, {"value": 19_999})]})
        self.goal.write({"target_ids": [Command.update(first.id, {"value": 2}), Command.update(second.id, {"value": 19_998})]})
        self.assertEqual(self.values(self.goal)[:3], [2, 19_998, 10_000])
        for record in (self.plan, self.goal):
            with self.refused(ValidationError, "1 too much"):
                record.write({"target_ids": [Command.update(first.id, {"value": 3})]})
        with self.refused(ValidationError, "10,000 too much"):
            self.plan.write({"goal_ids": [Command.update(self.goal.id, {"target_ids": [Command.update(first.id, {"value": 10_002})]})]})

    def test_months_are_months_of_the_year(self):
        values = {"goal_id": self.goal.id, "value": 0}
        for month in ("2026-12", "2028-01", "2027-13", "2027-1", "March", "", "2027-01-01"):
            with self.subTest(month=month), self.assertRaises(UserError), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                self.env["ops.plan.target"].with_user(self.head).create({**values, "month": month})
        with self.refused(ValidationError, "belongs to another plan"):
            other = self._plan(self.other_department)
            self.env["ops.plan.target"].sudo().create({
                "plan_id": other.id, "goal_id": self.goal.id, "month": "2027-01", "value": 1,
            })
        self.plan.action_split()
        with self.refused(ValidationError, "cannot be changed"):
            self.rows(self.goal)[0].month = "2027-02"
        with self.refused(ValidationError, "cannot be changed"):
            self.rows(self.goal)[0].goal_id = self.level

    def test_goal_without_indicator(self):
        with self.refused(ValidationError, "has no key indicator"):
            self.plan.goal_ids[2]._set_breakdown([0] * 12)

    def test_figures_are_rounded_as_they_are_counted(self):
        self.plan.action_split()
        self.plan.save_breakdown(self.cells(self.goal, m01=9_999.994, m02=10_000.006))
        self.assertEqual(self.values(self.goal)[:2], [9_999.99, 10_000.01])
        self.goal.target = 100.005
        self.assertEqual(self.goal.target, 100.01)
        self.assertEqual(sum(self.months(self.goal).values()), Decimal("100.01"))

    def test_nonsense(self):
        self.plan.action_split()
        cell = {"goal_id": self.goal.id, "month": "2027-01", "value": 1}
        for cells in (
            7, "cells", {"a": 1}, [7], [{}], [{**cell, "goal_id": 0}], [{**cell, "goal_id": "1"}], [{**cell, "month": 3}],
            [{**cell, "month": []}], [{**cell, "value": "x"}], [{**cell, "value": None}], [{**cell, "value": True}], [{**cell, "plan_id": 1}],
            [{**cell, "initiative_id": self.line.id}], [{**cell, "value": float("nan")}], [{**cell, "value": 1e300}],
            [{**cell, "goal_id": self._plan(self.other_department).goal_ids[0].id}],
        ):
            with self.subTest(cells=cells), self.assertRaises(ValidationError):
                self.plan.save_breakdown(cells)
        for value in (float("nan"), float("inf"), 1e16):
            with self.assertRaises(ValidationError):
                self.rows(self.goal)[0].value = value
        self.assertEqual(self.values(self.goal), [10_000] * 12)

    def test_large_figures_stay_exact(self):
        """Odoo's rounding of 123456789012.35 to six decimals would leave 123456789012.350113."""
        self.goal.target = 123_456_789_012.35
        self.plan.action_split()
        self.assertEqual(sum(self.months(self.goal).values()), Decimal("123456789012.35"))

    # -- the year changes ---------------------------------------------------------------------------------------------

    def test_months_follow_the_year(self):
        self.plan.action_split([1, 3, *[0] * 10])
        self.goal.target = 60_000
        self.assertEqual(self.values(self.goal)[:3], [15_000, 45_000, 0])
        self.level.target = 80
        self.assertEqual(self.values(self.level), [80] * 12)
        self.goal.write({"target": 100, "target_ids": [
            Command.update(row.id, {"value": 100 if row.month == "2027-05" else 0}) for row in self.rows(self.goal)
        ]})
        self.assertEqual(self.values(self.goal)[4], 100)

    def test_months_follow_the_indicator(self):
        self.plan.action_split()
        self.turnover.write({"currency_id": self.env.ref("base.JPY").id})
        self.goal.target = 100
        self.assertEqual(self.values(self.goal), [8] * 8 + [9] * 4)
        self.turnover.is_additive = False
        self.assertEqual(self.values(self.goal)[-1], 100)
        self.goal.kpi_id = False
        self.assertFalse(self.months(self.goal))

    def test_months_follow_the_dates(self):
        self.plan.action_split()
        self.line.date_end = "2027-03-31"
        self.assertEqual(self.values(self.line), [33.34, 33.33, 33.33, 0, 0, 0])
        self.line.write({"date_start": "2027-03-01", "date_end": "2027-04-30"})
        self.assertEqual(self.values(self.line), [0, 0, 100, 0, 0, 0])

    def test_months_that_are_over_keep_their_figure(self):
        """What an approved change makes of a plan in the middle of the year."""
        self.plan.action_split()
        self.as_state("released")
        goal = token.PLAN.on(self.goal.sudo())
        with self.at("2027-07-10 09:00"):
            goal._apply_target(target=150_000)
            self.assertEqual(self.values(self.goal), [10_000] * 6 + [15_000] * 6)
            goal._apply_target(months={"2027-08": 14_000, "2027-09": 16_000})
            self.assertEqual(self.values(self.goal)[6:9], [15_000, 14_000, 16_000])
            goal._apply_target(target=151_000, months={"2027-12": 16_000})
            self.assertEqual(self.values(self.goal)[11], 16_000)
            with self.refused(ValidationError, "1,000 too little"):
                goal._apply_target(months={"2027-08": 13_000})
            token.PLAN.on(self.level.sudo())._apply_target(target=97)
            self.assertEqual(self.values(self.level), [95] * 6 + [97] * 6)
        with self.at("2028-01-10 09:00"):
            goal._apply_target(target=75_500)
            self.assertEqual(sum(self.months(self.goal).values()), 75_500, "the year is over: all follow")

    # -- who, and when ------------------------------------------------------------------------------------------------

    def test_who_breaks_down_when(self):
        """Head while the plan is open and when it is final, GM office from submitted to final, nobody once it is released."""
        self.plan.sudo().action_split()
        may = {
            "draft": (self.head,), "returned": (self.head,), "submitted": (self.gm_office,), "review": (self.gm_office,),
            "final": (self.head, self.gm_office), "released": (), "closed": (), "cancelled": (),
        }
        everybody = (self.head, self.gm_office, self.other_head, self.employee, self.operations, self.gm, self.admin_ops)
        for state, users in may.items():
            for user in everybody:
                with self.subTest(state=state, user=user.login), self.undone():
                    self.as_state(state)
                    self.env.flush_all()
                    plan, rows = self.plan.with_user(user), self.rows(self.goal, self.env.user).with_user(user)
                    cells = [[str(row), value] for row, value in zip(rows[:2].ids, ("1", "19999"), strict=True)]
                    calls = (
                        lambda plan=plan: plan.save_breakdown(self.cells(self.goal, m01=1, m02=19_999)),
                        lambda plan=plan: plan.action_split(replace=True),
                        lambda rows=rows: rows[:1].write({"value": 10_000}),
                        lambda rows=rows: rows.unlink(),
                        lambda rows=rows, cells=cells: rows.load([".id", "value"], cells)["ids"] or self.fail_with_access(),
                    )
                    for call in calls:
                        if user in users:
                            with self.undone():
                                call()
                        else:
                            with self.assertRaises(UserError), self.undone():
                                call()
                    self.assertEqual(plan.sudo().with_user(user).can_break_down, user in users)

    def fail_with_access(self):
        raise AccessError("refused by the import")

    def test_forged_marks_open_nothing(self):
        self.plan.action_split()
        rows = self.rows(self.goal)
        for mark in (True, "<ops token>", {}, 1):
            with self.subTest(mark=mark), self.refused(ValidationError, "too little"):
                rows.with_context(ops_breakdown_token=mark)[0].value = 1
        self.as_state("released")
        for mark in (True, {}, 1):
            with self.subTest(mark=mark), self.assertRaises(UserError):
                rows.with_context(ops_breakdown_token=mark, ops_plan_token=mark, ops_token=mark)[0].value = 10_000
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.env.cr.savepoint():
            rows[0].copy()
        with self.assertRaises(AccessError):
            self.plan.write({"target_ids": [Command.clear()]})

    def test_import(self):
        """New months by import, and changed ones: all rows, or none."""
        fields = ["goal_id/.id", "month", "value"]
        rows = [[str(self.goal.id), month, "10000"] for month in MONTHS]
        target = self.env["ops.plan.target"].with_user(self.head)
        refused = target.load(fields, rows[:-1])
        self.assertFalse(refused["ids"])
        self.assertIn("2027-12", str(refused["messages"]))
        self.assertEqual(len(target.load(fields, rows)["ids"]), 12)
        first, second = self.rows(self.goal)[:2].ids
        self.assertTrue(target.load([".id", "value"], [[str(first), "1"], [str(second), "19999"]])["ids"])
        refused = target.load([".id", "value"], [[str(first), "2"], [str(second), "19999"]])
        self.assertFalse(refused["ids"])
        self.assertEqual(self.values(self.goal)[:2], [1, 19_999])

    def test_stale_grid(self):
        self.plan.action_split()
        data = self.plan.get_breakdown()
        now = self.plan.save_breakdown(self.cells(self.goal, m01=1, m02=19_999), data["version"])
        self.assertGreater(now["version"], data["version"])
        with self.refused(ValidationError, "changed while you were editing"):
            self.plan.save_breakdown(self.cells(self.goal, m01=10_000, m02=10_000), data["version"])
        self.plan.save_breakdown(self.cells(self.goal, m01=10_000, m02=10_000), now["version"])
        version = self.plan.breakdown_version
        self.goal.target = 1
        self.assertGreater(self.plan.breakdown_version, version, "who changes the year changes the months")

    # -- release ------------------------------------------------------------------------------------------------------

    def test_what_is_missing_for_the_release(self):
        missing = self.plan._missing_for_release()[self.plan.id]
        self.assertEqual(len(missing), 4)
        self.assertIn("“Sell more” is not broken down to months", missing[0])
        self.plan.action_split()
        # as if it had come in by SQL
        self.env.cr.execute("UPDATE ops_plan_target SET value = value - 42 WHERE goal_id = %s AND month = '2027-02'", [self.goal.id])
        self.env.invalidate_all()
        missing = self.plan._missing_for_release()[self.plan.id]
        self.assertEqual(len(missing), 1)
        self.assertIn("42 too little", missing[0])

    # -- the grid -----------------------------------------------------------------------------------------------------

    def test_what_the_grid_gets(self):
        data = self.plan.get_breakdown()
        self.assertEqual([row["name"] for row in data["rows"]], [
            "Sell more", "Content customers", "New packaging line", "Call every customer",
        ])
        goal, level, line = data["rows"][:3]
        self.assertEqual((goal["cells"], goal["year"], goal["additive"], goal["step"]), ([None] * 12, 120_000, True, "0.01"))
        self.assertEqual((level["additive"], level["step"], level["unit"]), (False, "0.1", "%"))
        self.assertEqual((line["open"], line["year"]), (list(range(6)), 100))
        self.assertEqual((data["months"][0]["key"], len(data["workdays"]), data["can_edit"]), ("2027-01", 12, True))
        self.assertFalse(self.plan.with_user(self.gm_office).get_breakdown()["can_edit"])
        with self.assertRaises(AccessError):
            self.plan.with_user(self.branch_employee).get_breakdown()

    def test_rows_find_their_plan_together(self):
        """Rows that do not say their plan cost no statement each to find it."""
        self.plan.sudo().write({"goal_ids": [
            Command.create({"name": f"Goal {n}", "kpi_id": self.turnover.id, "target": 1_200}) for n in range(10)
        ]})
        goals = self.plan.goal_ids.filtered(lambda goal: goal.name.startswith("Goal "))
        self._statements_to_make_rows(goals[0])  # what is read once is read
        few, many = self._statements_to_make_rows(goals[1]), self._statements_to_make_rows(goals[2:])
        self.assertLessEqual(many, few + 10)
        self.assertEqual((goals.target_ids.plan_id, len(goals.target_ids)), (self.plan, 120))

    def _statements_to_make_rows(self, goals):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.env["ops.plan.target"].with_user(self.head).create([
            {"goal_id": goal.id, "month": month, "value": 100} for goal in goals for month in MONTHS
        ])
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_a_row_says_what_it_is_a_part_of(self):
        """An empty goal beside an initiative, as forms send it, says nothing; without either the row is refused."""
        targets = self.env["ops.plan.target"].with_user(self.head)
        row = targets.create({"goal_id": False, "initiative_id": self.line.id, "month": "2027-02", "value": 100})
        self.assertEqual(row.plan_id, self.plan)
        for values in ({}, {"goal_id": 0}, {"goal_id": "1"}, {"goal_id": True}, {"initiative_id": 2**40}):
            with self.subTest(values=values), self.refused(ValidationError, "of which goal or initiative"):
                targets.create({**values, "month": "2027-03", "value": 1})

    def test_queries_do_not_grow(self):
        """Loading, saving and splitting twenty goals and initiatives costs as much as a few."""
        self.plan.sudo().write({
            "goal_ids": [Command.create({"name": f"Goal {n}", "kpi_id": self.turnover.id, "target": 1_000 + n}) for n in range(17)],
            "initiative_ids": [Command.create({"name": f"Initiative {n}"}) for n in range(18)],
        })
        plan = self.plan
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(60):
            plan.action_split()
            self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(35):
            data = plan.get_breakdown()
        self.assertEqual(len(data["rows"]), 39)
        cells = [
            cell for row in data["rows"] if row["field"] == "goal_id" and row["additive"]
            for cell in ({"goal_id": row["id"], "month": "2027-01", "value": 1}, {
                "goal_id": row["id"], "month": "2027-02", "value": row["cells"][0] + row["cells"][1] - 1,
            })
        ]
        self.env.invalidate_all()
        with self.assertQueryCount(60):
            plan.save_breakdown(cells, data["version"])
            self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(35):
            plan._missing_for_release()


figures = st.integers(-(10**9), 10**9)
weights = st.lists(st.integers(0, 1000), min_size=12, max_size=12)
EDITS = st.one_of(
    st.tuples(st.just("cells"), st.dictionaries(st.integers(0, 11), figures, min_size=1, max_size=6)),
    st.tuples(st.just("loose"), st.dictionaries(st.integers(0, 11), figures, min_size=1, max_size=6)),
    st.tuples(st.just("quarter"), st.integers(0, 3), figures),
    st.tuples(st.just("split"), st.one_of(st.none(), weights, st.just("workdays"))),
    st.tuples(st.just("year"), figures),
    st.tuples(st.just("change"), figures, st.integers(1, 12)),
    st.tuples(st.just("request"), figures),
    st.tuples(st.just("months_request"), st.integers(0, 11), st.integers(0, 11), figures),
    st.tuples(st.just("counted"), st.one_of(st.integers(0, 6), st.sampled_from(["CNY", "JPY", "KWD"]))),
)


@tagged("post_install", "-at_install")
class TestOpsPlanTargetSequences(BreakdownCase):
    """Whatever sequence of edits, splits and approved changes: the months of an additive figure come to the year."""

    def test_large_figures_stay_as_they_are(self):
        """Odoo's own rounding to six decimals makes 575205803.000001 of 575205803: the months would not come to the year."""
        self.plan.action_split()
        for edit in (("year", 575205803), ("split", None), ("counted", 6), ("year", 575205803), ("counted", "JPY")):
            getattr(self, f"do_{edit[0]}")(*edit[1:])
            self.check()

    def test_any_sequence(self):
        self.plan.action_split()
        self.env.flush_all()
        self.approved = 0

        @settings(max_examples=SEQUENCES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @given(st.lists(EDITS, min_size=1, max_size=5))
        def run(sequence):
            with self.undone():
                for edit in sequence:
                    with self.subTest(edit=edit):
                        getattr(self, f"do_{edit[0]}")(*edit[1:])
                        self.check()

        run()
        self.assertGreater(self.approved, SEQUENCES // 20, "requests were really approved")

    def check(self):
        months, goal = self.months(self.goal), self.goal.sudo()
        self.assertEqual(list(months), list(MONTHS))
        self.assertEqual(sum(months.values()), goal._breakdown_year())
        self.assertEqual(float(goal._breakdown_year()), goal.target)
        self.assertFalse(self.plan._missing_for_release()[self.plan.id])

    def unit(self):
        return self.goal.sudo()._breakdown_step()

    def parts(self):
        return list(self.months(self.goal).values())

    def save(self, parts):
        self.plan.save_breakdown([
            {"goal_id": self.goal.id, "month": month, "value": float(part)} for month, part in zip(MONTHS, parts, strict=True)
        ])

    def do_cells(self, counts):
        """The grid: some cells are typed, the rest is put on the others."""
        step = self.unit()
        self.save(apportion.spread(self.parts(), {index: count * step for index, count in counts.items()}, step))

    def do_loose(self, counts):
        """A program writes single months: refused unless they happen to add up, and nothing is changed."""
        before = self.parts()
        try:
            with self.env.cr.savepoint():
                rows = self.rows(self.goal)
                self.plan.write({"target_ids": [
                    Command.update(rows[index].id, {"value": float(count * self.unit())}) for index, count in counts.items()
                ]})
        except ValidationError:
            self.assertEqual(self.parts(), before)

    def do_quarter(self, quarter, count):
        step = self.unit()
        self.save(apportion.spread_quarter(self.parts(), quarter, count * step, step))

    def do_split(self, shares):
        self.plan.action_split(shares, replace=True)

    def do_year(self, count):
        self.goal.target = float(count * self.unit())

    def do_change(self, count, month):
        """An approved change in ``month`` of the year: what is over keeps its figure."""
        self.as_state("released")
        before = self.parts()
        with self.at(f"2027-{month:02}-15 09:00"):
            token.PLAN.on(self.goal.sudo())._apply_target(target=float(count * self.unit()))
        self.assertEqual(self.parts()[:month - 1], before[:month - 1])
        self.as_state("draft")

    def request(self, *lines):
        """A change request goes all the way; what it may not ask for is refused before anything has changed."""
        before = self.parts()
        self.as_state("released")
        try:
            with self.env.cr.savepoint():
                change = self.env["ops.plan.change"].with_user(self.head).create({
                    "plan_id": self.plan.id, "reason": "The supplier closed", "impact": "Turnover",
                })
                change._propose([
                    {"kind": "change", "target_model": record._name, "target_id": record.id, "target_field": name, "new_json": value}
                    for record, name, value in lines
                ])
                change.action_submit()
                change.with_user(self.gm_office).action_check()
                change.with_user(self.gm).action_approve()
            self.assertEqual(change.state, "approved")
            self.approved += 1
        except UserError:
            self.assertEqual(self.parts(), before)
        self.as_state("draft")

    def do_request(self, count):
        """The year of a released plan becomes another one by an approved request."""
        self.request((self.goal, "target", float(count * self.unit())))

    def do_months_request(self, one, other, count):
        """An approved request moves an amount from one month to another."""
        rows, amount = self.rows(self.goal, self.env.user), float(count * self.unit())
        if one != other:
            self.request((rows[one], "value", rows[one].value - amount), (rows[other], "value", rows[other].value + amount))

    def do_counted(self, unit):
        """The indicator is counted otherwise: other decimals, or another currency."""
        if isinstance(unit, int):
            self.turnover.write({"digits": unit, "currency_id": False})
        else:
            self.turnover.currency_id = self.env["res.currency"].with_context(active_test=False).search([("name", "=", unit)])
