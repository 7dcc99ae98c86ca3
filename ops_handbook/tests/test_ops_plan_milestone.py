"""Milestones: reached while the plan is locked, by its owner or the head; where each stands."""

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .planning import PlanningCase


@tagged("post_install", "-at_install")
class TestOpsPlanMilestone(PlanningCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        plan = cls._plan()
        plan.milestone_ids.owner_id = cls.employee
        cls.plan = cls._released(plan)
        cls.milestone = cls.plan.milestone_ids

    def test_where_it_stands(self):
        """Searched as it is shown, on both sides of each border."""
        for local, status in (
            ("2027-05-16 12:00", "open"), ("2027-05-17 12:00", "near"), ("2027-05-31 23:30", "near"), ("2027-06-01 00:30", "late"),
        ):
            with self.at(local):
                self._assert_status(status)
        with self.at("2027-06-02 09:00"):
            self.milestone.with_user(self.employee).action_reach("2027-05-31")
            self._assert_status("reached")
            self.milestone.with_user(self.employee).action_unreach("A part is missing")
            self.milestone.with_user(self.employee).action_reach()
            self._assert_status("reached_late")

    def _assert_status(self, status):
        self.milestone.invalidate_recordset(["status"])
        self.assertEqual(self.milestone.status, status)
        company = self.env["ops.plan.milestone"].with_context(allowed_company_ids=self.company.ids).with_company(self.company)
        for key in ("open", "near", "late", "reached", "reached_late"):
            found = company.search([("status", "=", key), ("id", "=", self.milestone.id)])
            self.assertEqual(bool(found), key == status, key)
            self.assertEqual(bool(company.search([("status", "!=", key), ("id", "=", self.milestone.id)])), key != status, key)

    def test_the_year_view_says_whose_it_is_and_where_it_stands(self):
        with self.at("2027-06-02 09:00"):
            self.milestone.invalidate_recordset(["status"])
            year = self.milestone.with_context(**self.plan.with_user(self.gm_office).action_open_milestones()["context"])
            self.assertEqual(year.display_name, "The line runs · Workshop · Late")
            self.assertEqual(self.milestone.display_name, "The line runs")

    def test_owner_and_head_say_that_it_is_reached(self):
        with self.at("2027-05-20 10:00"):
            for user in (self.other_head, self.newcomer, self.gm_office, self.operations, self.gm):
                with self.assertRaises(UserError, msg=user.login):
                    self.milestone.with_user(user).action_reach()
            for user in (self.employee, self.head):
                mine = self.milestone.with_user(user)
                self.assertTrue(mine.can_reach)
                mine.action_reach()
                self.assertEqual(str(mine.reached_on), "2027-05-20")
                mine.action_unreach("Wrong")
            reasons = self.plan.transition_ids.mapped("reason")
            self.assertIn("Milestone “The line runs” reached on 2027-05-20.", reasons)
            self.assertIn("Milestone “The line runs” is not reached after all: Wrong", reasons)

    def test_nothing_else_changes(self):
        for user in (self.employee, self.head, self.gm_office):
            for values in ({"date": "2027-06-30"}, {"reached_on": "2027-05-01"}, {"name": "x"}, {"owner_id": user.id}):
                with self.assertRaises(UserError, msg=f"{user.login} {values}"):
                    self.milestone.with_user(user).write(values)

    def test_reached_is_not_written_into_a_draft(self):
        plan = self._plan(self.other_department)
        line = plan.milestone_ids
        for write in (
            lambda: line.write({"reached_on": "2027-01-01"}),
            lambda: plan.write({"milestone_ids": [Command.create({"name": "x", "date": "2027-01-01", "reached_on": "2027-01-01"})]}),
            lambda: line.create({"plan_id": plan.id, "name": "x", "date": "2027-01-01", "reached_on": "2027-01-01"}),
        ):
            with self.refused(UserError, "cannot be written directly"):
                write()
        new = line.with_context(default_reached_on="2027-01-01").create({"plan_id": plan.id, "name": "x", "date": "2027-01-01"})
        self.assertFalse(new.reached_on)
        with self.refused(UserError, "while a plan is released"):
            line.action_reach()

    def test_days_that_make_no_sense(self):
        mine = self.milestone.with_user(self.head)
        with self.at("2027-05-20 10:00"):
            with self.refused(ValidationError, "lies ahead"):
                mine.action_reach("2027-05-21")
            with self.refused(ValidationError, "give a day like"):
                mine.action_reach("soon")
            mine.action_reach("2027-05-01")
            with self.refused(UserError, "was reached on 2027-05-01 already"):
                mine.action_reach()
            self.assertEqual(mine.action_unreach()["res_model"], "ops.reason.wizard")
            with self.refused(UserError, "Reason"):
                mine.action_unreach(" ")

    def test_people_of_another_department_read_it_when_they_own_it(self):
        plan = self._plan(self.other_department)
        plan.milestone_ids.with_user(self.other_head).owner_id = self.newcomer
        theirs = plan.milestone_ids.with_user(self.newcomer)
        with self.assertRaises(AccessError):
            theirs.read(["name"])
        self._released(plan)
        self.assertEqual(theirs.read(["name"])[0]["name"], "The line runs")
        with self.assertRaises(AccessError):
            theirs.with_user(self.colleague).read(["name"])
