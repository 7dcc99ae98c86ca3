"""Security: nobody learns the name of what they may not read by naming its number, and nobody says what follows by itself."""

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .planning import PlanningCase

SECRET = "Secret of another company"


@tagged("post_install", "-at_install")
class TestOpsLinkMixin(PlanningCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.foreign = cls._create_company("Link Test Foreign", "Asia/Tokyo", "base.jp")
        cls.foreign_department = cls._create_department(SECRET, company=cls.foreign)
        cls.foreign_cycle = cls.env["ops.cycle"].sudo().create({"year": 2027, "company_id": cls.foreign.id})
        cls.foreign_direction = cls.env["ops.direction"].sudo().create({"cycle_id": cls.foreign_cycle.id, "name": SECRET})
        cls.foreign_kpi = cls.env["ops.kpi"].sudo().create({
            "cycle_id": cls.foreign_cycle.id, "name": SECRET, "direction_id": cls.foreign_direction.id,
            "department_id": cls.foreign_department.id,
        })
        cls.foreign_plan = cls.env["ops.plan"].sudo().create({
            "cycle_id": cls.foreign_cycle.id, "department_id": cls.foreign_department.id, "author_id": cls.gm.id,
            "goal_ids": [Command.create({"name": SECRET})],
            "milestone_ids": [Command.create({"name": SECRET, "date": "2027-03-01"})],
            "initiative_ids": [Command.create({"name": SECRET})],
        })
        cls.env.flush_all()

    def untold(self, call, *args):
        """Carry a call out that is refused without a word about what is hidden."""
        self.env.flush_all()
        self.env.transaction.clear()
        with self.assertRaises(UserError) as caught, self.env.cr.savepoint():
            call(*args)
        text = str(caught.exception)
        for hidden in (SECRET, self.foreign_plan.number, "Link Test Foreign"):
            self.assertNotIn(hidden, text)

    def test_links_to_what_one_may_not_read_are_refused_without_its_name(self):
        plan = self._plan()
        goal, kpi, direction = plan.goal_ids[:1], self.foreign_kpi, self.foreign_direction
        milestone, head = plan.milestone_ids[:1], plan.env.user
        values = self.env["ops.kpi.value"].with_user(head)
        targets = self.env["ops.plan.target"].with_user(head)
        self.untold(goal.write, {"kpi_id": kpi.id})
        self.untold(goal.write, {"direction_id": direction.id})
        self.untold(milestone.write, {"initiative_id": self.foreign_plan.initiative_ids.id})
        self.untold(plan.write, {"goal_ids": [Command.create({"name": "Mine", "kpi_id": kpi.id})]})
        self.untold(values.create, {"kpi_id": kpi.id, "department_id": self.department.id, "month": "2020-01", "value": 1})
        self.untold(values.with_context(default_kpi_id=kpi.id).create, {"department_id": self.department.id, "month": "2020-01"})
        self.untold(values.create, {
            "kpi_id": self.scrap.id, "department_id": self.foreign_department.id, "month": "2026-11", "value": 1,
        })
        self.untold(targets.create, {"plan_id": plan.id, "goal_id": self.foreign_plan.goal_ids.id, "month": "2027-01", "value": 1})
        self.untold(targets.create, {"goal_id": self.foreign_plan.goal_ids.id, "month": "2027-01", "value": 1})
        self.untold(self.env["ops.plan"].with_user(head).create, {
            "cycle_id": self.foreign_cycle.id, "department_id": self.department.id,
        })
        self.untold(self.env["ops.progress.report"].with_user(head).create, {"plan_id": self.foreign_plan.id, "period": "2025-01"})

    def test_writing_what_one_may_not_read_tells_nothing(self):
        """A refusal names a record only to whoever may read it."""
        head = self._head_of(self.department)
        self.foreign_plan.goal_ids.kpi_id = self.foreign_kpi
        before = self.env["ops.kpi"].sudo().create({
            "cycle_id": self.foreign_cycle.sudo().create({"year": 2026, "company_id": self.foreign.id}).id, "name": SECRET,
        })
        value = self.env["ops.kpi.value"].sudo().create({
            "kpi_id": before.id, "department_id": self.foreign_department.id, "month": "2026-01", "value": 1,
        })
        self.env.cr.execute("UPDATE ops_plan SET state = 'released' WHERE id = %s", [self.foreign_plan.id])
        self.env.invalidate_all()
        for record, vals in (
            (self.foreign_plan, {"summary": "x"}), (self.foreign_plan, {"cycle_id": self.cycle.id}),
            (self.foreign_plan.goal_ids, {"name": "x"}), (self.foreign_plan.milestone_ids, {"name": "x"}),
            (self.foreign_kpi, {"name": "x"}), (self.foreign_direction, {"name": "x"}),
            (value, {"value": 2}),
        ):
            for user in (head, self.gm_office):
                self.untold(record.with_user(user).write, vals)
                self.untold(record.with_user(user).unlink)

    def test_what_follows_from_the_plan_is_not_said_by_clients(self):
        """Record rules go by company and department of a line: nobody gives them other ones."""
        plan = self._plan()
        goal = plan.goal_ids[:1]
        forged = {"department_id": self.other_department.id, "company_id": self.branch.id}
        goal.write(forged)
        made = goal.create({"plan_id": plan.id, "name": "Forged", **forged})
        meant = goal.with_context(**{f"default_{name}": value for name, value in forged.items()}).create({
            "plan_id": plan.id, "name": "Forged by context",
        })
        self.env.flush_all()
        self.env.invalidate_all()
        for record in goal | made | meant:
            self.assertEqual((record.department_id, record.company_id), (plan.department_id, plan.company_id))

    def test_change_dialog_shows_nothing_of_other_plans(self):
        plan = self._released()
        head = plan.env.user
        change = self.env["ops.plan.change"].with_user(head).create({"plan_id": plan.id, "reason": "New", "impact": "None"})
        wizard = self.env["ops.plan.change.wizard"].with_user(head)
        self.env.flush_all()
        self.env.transaction.clear()
        for model, field, record in (
            ("ops.plan.goal", "item_goal_id", self.foreign_plan.goal_ids), ("ops.kpi", "item_kpi_id", self.foreign_kpi),
        ):
            self.env.transaction.clear()
            try:
                with self.env.cr.savepoint():
                    dialog = wizard.create({"change_id": change.id, "target_model": model, field: record.id})
                    self.env.flush_all()
                    self.env.transaction.clear()
                    told = str(dialog.read())
            except (AccessError, UserError) as error:
                told = str(error)
            self.assertNotIn(SECRET, told)

    def told(self, call, *args):
        """Return all that a call says, whether it answers or refuses."""
        self.env.flush_all()
        self.env.transaction.clear()
        try:
            with self.env.cr.savepoint():
                return str(call(*args))
        except UserError as error:
            return str(error)

    def test_change_dialog_looks_ahead_at_nothing_of_others(self):
        """What the dialog computes it computes as the user who looks ahead, not as superuser."""
        own = self._released()
        head = own.env.user
        draft = self._plan(self.ops_department)
        draft.milestone_ids.name = SECRET
        other = self._released(self._plan(self.other_department))
        change = self.env["ops.plan.change"].with_user(self.other_head).create({"plan_id": other.id, "reason": "New", "impact": "None"})
        change._propose([
            {"kind": "add", "target_model": "ops.plan.risk", "new_json": {"name": SECRET, "probability": "1", "impact": "1"}},
            {"kind": "change", "target_model": "ops.plan.goal", "target_id": other.goal_ids[0].id, "target_field": "name",
             "new_json": SECRET},
        ])
        added = change.line_ids.filtered(lambda line: line.kind == "add")
        self.assertFalse(draft.milestone_ids.with_user(head).has_access("read"))
        self.assertFalse(added.with_user(head).has_access("read"))
        self.assertTrue(other.goal_ids.with_user(head).has_access("read"), "released plans are everybody's to read")
        dialog = self.env["ops.plan.change.wizard"].with_user(head)
        for values in (
            {"kind": "change", "target_model": "ops.plan.milestone", "item_milestone_id": draft.milestone_ids.id},
            {"kind": "add", "target_model": "ops.plan.risk", "line_id": added.id},
            {"kind": "change", "target_model": "ops.plan.goal", "item_goal_id": other.goal_ids[0].id, "change_id": change.id},
        ):
            self.assertNotIn(SECRET, self.told(dialog.onchange, values, [], {"value_name": {}}), values)
        values = {"kind": "change", "target_model": "ops.plan.goal", "item_goal_id": own.goal_ids[0].id}
        self.assertIn(own.goal_ids[0].name, self.told(dialog.onchange, values, [], {"value_name": {}}), "their own they see")

    def test_review_dialog_names_nobody_for_a_plan_one_may_not_read(self):
        self.cycle.sudo().department_ids = self.department | self.other_department | self.branch_department
        draft = self._plan(self.other_department)
        dialog = self.env["ops.plan.review.wizard"].with_user(self.employee)
        self.assertFalse(draft.with_user(self.employee).has_access("read"))
        told = self.told(lambda: dialog.create({"plan_ids": [Command.set(draft.ids)]}).reviewer_ids.mapped("name"))
        self.assertNotIn(self.branch_head.name, told)

    def test_import_dialog_names_no_cycle_of_a_plan_one_may_not_read(self):
        dialog = self.env["ops.plan.import.wizard"].with_user(self.employee)
        told = self.told(dialog.onchange, {"plan_id": self.foreign_plan.id}, [], {"cycle_id": {"fields": {"display_name": {}}}})
        self.assertNotIn(f"'id': {self.foreign_cycle.id}", told)

    def test_whoever_is_let_off_a_review_reads_the_plan_no_longer(self):
        """What a sheet opens closes with it: the months as well as the parts."""
        plan = self._broken_down(self._in_review())
        plan.with_user(self.gm_office).action_ask_reviewers(self.employee.ids)
        parts = plan.sudo().goal_ids
        months = plan.sudo().target_ids
        self.assertTrue(parts.with_user(self.employee).has_access("read") and months.with_user(self.employee).has_access("read"))
        plan.sudo().review_ids.filtered(lambda sheet: sheet.reviewer_id == self.employee)._transition("cancelled", "Let off")
        self.env.flush_all()
        self.env.transaction.clear()
        for records in (plan.sudo(), parts, months):
            self.assertFalse(records.with_user(self.employee)._filtered_access("read"), records._name)
