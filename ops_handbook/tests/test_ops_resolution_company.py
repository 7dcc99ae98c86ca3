"""What somebody of another company owes is in their work, and opens."""

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .minutes import MinutesCase


@tagged("post_install", "-at_install")
class TestResolutionCompany(MinutesCase):
    def test_owed_by_somebody_of_another_company(self):
        """C5: a meeting may span companies; whoever owes its resolution finds it, and their head."""
        meeting = self.distributed(
            people=self.branch_employee | self.employee, resolutions=[("Send the seals", self.branch_employee, "2026-11-30")],
        )
        item = self.env["ops.obligation"].sudo().search([
            ("code", "=", "C5"), ("source_model", "=", "ops.resolution"), ("source_id", "=", meeting.resolution_ids.id),
        ])
        self.assertNotIn(item.company_id, self.branch_employee.company_ids)
        mine = self.env["ops.my.work"].with_user(self.branch_employee).get_data()
        self.assertIn(item.id, [row["id"] for rows in mine["lists"].values() for row in rows])
        action = item.with_user(self.branch_employee).action_open_form()
        self.assertEqual((action["res_model"], action["res_id"]), ("ops.resolution", meeting.resolution_ids.id))
        for user, found in ((self.branch_head, item), (self.liaison, item.browse())):
            self.assertEqual(self.env["ops.obligation"].with_user(user).search([("id", "=", item.id)]), found)

    def test_more_time_is_asked_for_by_whoever_owes_it(self):
        """Extension: asked for from another company, decided by operations of the meeting's."""
        meeting = self.distributed(
            people=self.branch_employee | self.employee, resolutions=[("Send the seals", self.branch_employee, "2026-11-30")],
        )
        item = self.obligations("C5", meeting.resolution_ids)
        values = {"obligation_id": item.id, "kind": "extension", "reason": "No ship", "date_until": "2026-12-05 10:00:00"}
        changes = self.env["ops.obligation.change"]
        change = changes.with_user(self.branch_employee).create(values)
        self.branch_head.group_ids += self.env.ref("ops_handbook.group_operations")  # of the branch, not of the company
        for user in (self.branch_employee, self.branch_head):
            with self.assertRaises(AccessError), self.cr.savepoint():
                change.with_user(user).action_approve()
        change.with_user(self.operations).action_approve()
        self.assertEqual(str(item.date_due), "2026-12-05 10:00:00")
        self.assertFalse(changes.with_user(self.liaison).search([("id", "=", change.id)]))
