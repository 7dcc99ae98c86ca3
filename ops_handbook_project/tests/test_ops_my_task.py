"""What one person has to do for month plans and projects, in one list; both keep their record rules."""

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .projects import ProjectCase


@tagged("post_install", "-at_install", "ops_handbook_project")
class TestOpsMyTask(ProjectCase):
    def rows(self, user=None, domain=()):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.env["ops.my.task"].with_user(user or self.employee).search(list(domain))

    def test_side_by_side(self):
        self.drill.date_deadline = "2027-01-19 17:00:00"  # the 20th in Shanghai
        rows = self.rows()
        self.assertEqual(set(rows.mapped("name")), {"Drill the holes", "Order the line", "Paint the doors"})
        drill = rows.filtered(lambda row: row.origin == "project")
        self.assertEqual((drill.place, str(drill.date_end), drill.state), ("Fitting", "2027-01-20", "progress"))
        self.assertEqual(drill.action_open()["res_model"], "project.task")
        self.assertEqual(drill.action_open()["res_id"], self.drill.id)
        order = rows.filtered(lambda row: row.task_id == self.task)
        self.assertEqual((order.place, order.period, order.state), ("Workshop", "2027-01", "todo"))
        self.assertEqual(order.action_open()["res_id"], self.task.id)
        with self.at("2027-01-21 10:00"):
            self.assertEqual(self.rows(domain=[("is_late", "=", True)]), drill)
            self.assertTrue(drill.is_late)
            self.assertNotIn(drill, self.rows(domain=[("is_late", "=", False)]))

    def test_states_are_of_one_kind(self):
        for state, ours in (("02_changes_requested", "progress"), ("1_done", "done"), ("1_canceled", "cancelled")):
            self.drill.state = state
            self.assertEqual(self.rows(domain=[("origin", "=", "project")]).state, ours)

    def test_a_linked_task_stands_there_once(self):
        self.task.with_user(self.employee).project_task_id = self.drill
        self.assertEqual(set(self.rows().mapped("name")), {"Order the line", "Paint the doors"})

    def test_both_rules_hold(self):
        """What a colleague has to do is not there, nor what is private, nor what is still being planned."""
        self.assertFalse(self.rows(self.newcomer))
        hidden = self._project_task("Hidden", self.secret)
        self.env["ops.month.plan"].with_user(self.head).create({
            "department_id": self.department.id, "company_id": self.company.id, "month": "2027-03-01",
            "task_ids": [(0, 0, self._values("Planned", "2027-03"))],
        })
        names = self.rows().mapped("name")
        self.assertNotIn("Planned", names, "the draft of a month plan is not theirs to read")
        self.assertEqual("Hidden" in names, hidden.with_user(self.employee).has_access("read"))
        foreign = self.rows()[:1].with_user(self.newcomer)
        self.assertFalse(foreign.search([("id", "=", foreign.id)]))

    def test_nobody_writes_it(self):
        row = self.rows()[:1]
        for write in (lambda: row.write({"name": "x"}), lambda: row.unlink(), lambda: row.create({"name": "x"})):
            with self.assertRaises(AccessError):
                write()
        with self.assertRaises(AccessError):
            self.env["ops.my.task"].with_user(self.portal).search([])

    def test_one_statement_however_many(self):
        self._project_task("More")
        rows = self.env["ops.my.task"].with_user(self.employee)
        def statements():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            rows.search_read([], ["name", "origin", "place", "date_end", "state", "is_late"])
            return self.env.cr.sql_log_count - before

        few = statements()
        for number in range(20):
            self._project_task(f"Part {number}")
        self.assertLessEqual(statements(), few + 1)
