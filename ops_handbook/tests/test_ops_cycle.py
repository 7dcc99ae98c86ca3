"""The annual cycle: its states, content and departments."""

from odoo.tests import tagged

from .planning import PlanningCase


@tagged("post_install", "-at_install")
class TestOpsCycle(PlanningCase):
    def test_shared_base(self):
        plan = self._released()
        self.assertEqual(plan.state, "released")
