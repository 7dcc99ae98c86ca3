"""The strategy map: direction → indicator → goals → initiatives, as far as one may read them."""

from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .planning import PlanningCase


@tagged("post_install", "-at_install")
class TestStrategyMap(PlanningCase):
    def map_of(self, user=None, **asked):
        return self.cycle.with_user(user or self.gm_office).get_strategy_map(**asked)

    def names(self, data, key="goals"):
        return [item["name"] for item in data[key]]

    def test_everything_hangs_together(self):
        plan = self._plan()
        plan.initiative_ids[0].goal_id = plan.goal_ids[0]
        data = self.map_of()
        self.assertTrue(data["whole"])
        self.assertEqual([(item["name"], item["goal_count"]) for item in data["directions"]], [
            ("Growth", 2), ("Efficiency", 1), ("Without a Direction", 1),
        ], "an initiative without a goal stands somewhere too")
        self.assertEqual(self.names(data), ["Sell more", "Content customers", "Fewer detours"])
        self.assertEqual(data["goals"][0]["kpi_id"], self.turnover.id)
        self.assertEqual(data["goals"][0]["initiative_count"], 1)
        first = data["initiatives"][0]
        self.assertEqual((first["goal_id"], first["owner"], first["date_end"]), (plan.goal_ids[0].id, "Head", "2027-06-30"))
        self.assertEqual(data["departments"], [{"id": self.department.id, "name": "Workshop"}])
        plan.goal_ids[0].direction_id = False
        self.assertEqual(self.map_of()["goals"][0]["direction_id"], self.growth.id, "by its indicator")

    def test_what_one_may_not_read_is_not_in_it(self):
        plan = self._plan()
        self._released(self._plan(self.other_department))
        for user, count in ((self.employee, None), (self.colleague, None), (self.gm_office, 2), (self.head, 2)):
            readable = self.env["ops.plan"].with_user(user).search_count([("cycle_id", "=", self.cycle.id), (
                "id", "in", (plan | self.cycle.plan_ids).ids), ("goal_ids", "!=", False)])
            data = self.map_of(user)
            self.assertEqual(len(data["goals"]), 3 * readable, user.login)
            self.assertEqual({item["id"] for item in data["departments"]}, set(
                self.env["ops.plan"].with_user(user).search([("cycle_id", "=", self.cycle.id)]).department_id.ids))
            if count:
                self.assertEqual(readable, count)
        self.assertFalse(self.map_of(self.liaison)["goals"][3:], "another department's draft")
        with self.refused(AccessError, ""):
            self.cycle.with_user(self.portal).get_strategy_map()

    def test_a_large_map_unfolds_bit_by_bit(self):
        plan = self._plan()
        plan.initiative_ids[0].goal_id = plan.goal_ids[0]
        with patch("odoo.addons.ops_handbook.models.planning.ops_cycle_map.WHOLE", 0):
            data = self.map_of()
            self.assertEqual((data["whole"], data["goals"], data["initiatives"]), (False, [], []))
            self.assertEqual([item["goal_count"] for item in data["directions"]], [2, 1, 1])
            part = self.map_of(direction_id=self.growth.id)
            self.assertEqual((self.names(part), part["whole"]), (["Sell more", "Content customers"], False))
            self.assertEqual(self.names(self.map_of(goal_id=plan.goal_ids[0].id), "initiatives"), ["New packaging line"])
            self.assertEqual(self.names(self.map_of(goal_id=0), "initiatives"), ["Call every customer"])
            self.assertEqual(self.map_of(direction_id=self.growth.id, department_id=self.other_department.id)["goals"], [])
        part = self.map_of(direction_id=0)
        self.assertEqual((part["goals"], self.names(part, "initiatives")), ([], ["Call every customer"]))

    def test_tasks_of_the_layer_above(self):
        plan = self._plan()
        task = {"model": "ops.task", "id": 7, "name": "Order the line", "state": "To Do", "progress": 0}
        model = self.env.registry["ops.plan.initiative"]
        with patch.object(model, "_map_tasks", lambda records: {plan.initiative_ids[0].id: [task]}):
            self.assertEqual(self.map_of()["initiatives"][0]["tasks"], [task])

    def test_a_constant_number_of_queries(self):
        def cost():
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            self.map_of(self.head)
            return self.env.cr.sql_log_count - start

        self._plan()
        cost()
        few = cost()
        for department in (self.other_department, self.ops_department, self.gm_department):
            plan = self._plan(department)
            plan.initiative_ids.goal_id = plan.goal_ids[0]
        self.assertLessEqual(cost(), few + 1)
        self.assertLess(few, 40)

    def test_nonsense(self):
        for value in ("x", -1, True, [1], {"a": 1}, 2**40, 1.5):
            with self.subTest(value), self.refused(UserError, "by its number"):
                self.map_of(direction_id=value)
        self.assertEqual(self.map_of(goal_id=999_999_999), {"initiatives": []})
        self.assertTrue(self.env["ops.cycle"].with_user(self.head).get_strategy_cycles())
        action = self.cycle.with_user(self.head).action_open_strategy_map()
        self.assertEqual((action["tag"], action["context"]["active_id"]), ("ops_handbook.strategy_map", self.cycle.id))
