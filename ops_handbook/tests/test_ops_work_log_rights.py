"""Who writes and who reads a work log, and what happens when two devices save it."""

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_ops_work_log import WorkLogCase


@tagged("ops_work_log")
class TestOpsWorkLogRights(WorkLogCase):
    # -- two devices ------------------------------------------------------------------------------------------------------------

    def test_a_stale_save_is_refused(self):
        log = self._log(lines=[(self.order, 10)])
        version = log.content_version
        log.write({"note": "From the phone", "content_version": version})
        with self.refused(UserError, "Nothing of it is lost"):
            log.write({"note": "From the desk", "content_version": version})
        self.assertEqual(log.note, "From the phone")
        version = log.content_version
        log.line_ids.problem = "No lorry"
        self.assertGreater(log.content_version, version, "a line is part of what was read")

    # -- who ----------------------------------------------------------------------------------------------------------------------

    def test_nobody_writes_anothers(self):
        log = self._log(lines=[(self.order, 10)])
        for user in (self.newcomer, self.head, self.operations, self.gm, self.admin_ops):
            with self.assertRaises(AccessError):
                log.with_user(user).write({"note": "Nothing done"})
            with self.assertRaises(AccessError):
                log.line_ids.with_user(user).write({"progress": 0})
            with self.assertRaises(UserError):
                log.line_ids.with_user(user).create({"log_id": log.id, "task_id": self.show.id})
            with self.assertRaises(AccessError):
                self.Log.with_user(user).create({"owner_id": self.employee.id, "date": "2027-02-15", "note": "Nothing done"})

    def test_substitutes_write_in_the_owners_name(self):
        self._substitute(self.employee, self.newcomer)
        log = self.Log.with_user(self.newcomer).create({
            "owner_id": self.employee.id, "note": "For him", "line_ids": [Command.create({"task_id": self.show.id, "progress": 30})],
        })
        self.assertEqual((log.owner_id, log.writer_id, self.show.progress), (self.employee, self.newcomer, 30))
        self.assertFalse(self._log(date="2027-02-15").writer_id)

    def _substitute(self, away, instead):
        self.env["ops.substitution"].sudo().create({
            "user_id": away.id, "substitute_id": instead.id, "date_from": "2027-02-10", "date_to": "2027-02-28",
        })
        self.env["res.users"]._ops_refresh_rights()
        self.env.invalidate_all()

    def test_who_reads(self):
        """The owner and the heads, also those above; neither peers nor any office, by whatever way."""
        self._log(lines=[(self.order, 10)], problem="Nobody helps")
        below = self._log(self.colleague)
        for user in (self.employee, self.head):
            self.assertTrue(self.Log.with_user(user).search([]))
        self.assertIn(below, self.Log.with_user(self.head).search([]), "a department below")
        Line = self.env["ops.work.log.line"]
        for user in (self.newcomer, self.other_head, self.operations, self.gm_office, self.gm, self.admin_ops):
            with self.subTest(user=user.login):
                logs, lines = self.Log.with_user(user), Line.with_user(user)
                self.assertFalse(logs.search([("owner_id", "=", self.employee.id)]))
                self.assertFalse(logs._read_group([("owner_id", "=", self.employee.id)], ["problem"], ["__count"]))
                self.assertFalse(lines._read_group([("task_id", "=", self.order.id)], [], ["__count"])[0][0])
                self.assertFalse(logs.name_search("Employee"))
                if self.order.with_user(user).has_access("read"):
                    self.assertFalse(self.order.with_user(user).log_line_count)
                    self.assertFalse(self.order.with_user(user).log_line_ids)
                    self.assertFalse(self.Task.with_user(user).search([("log_line_ids.note", "!=", False)]))
                    self.assertFalse(self.Task.with_user(user).search([("log_line_ids.owner_id", "=", self.employee.id)]))
        self.assertEqual(self.order.with_user(self.head).log_line_count, 1)
        self.assertEqual(self.order.with_user(self.employee).action_open_logs()["domain"], [("task_id", "in", self.order.ids)])

    def test_views_of_heads(self):
        log = self._log()
        logs = self.Log.with_user(self.head)
        self.assertEqual(logs.search([("in_my_departments", "=", True), ("owner_id", "=", self.employee.id)]), log)
        self.assertFalse(logs.search([("is_mine", "=", True)]))
        self.assertTrue(log.with_user(self.head).in_my_departments)
        self.assertFalse(log.with_user(self.head).can_write)
        self.assertIn("Employee", log.display_name)
