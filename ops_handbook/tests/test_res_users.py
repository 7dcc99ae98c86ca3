"""Whose departments, in whose name, and the groups that follow from an office."""

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import OpsCommon

HEAD, BY_OFFICE = "ops_handbook.group_head", "ops_handbook.group_head_auto"


@tagged("post_install", "-at_install")
class TestResUsers(OpsCommon):
    def test_head_acts_for_own_department_and_below(self):
        self.assertEqual(self.head.ops_department_ids, self.department | self.sub_department)
        self.assertFalse(self.employee.ops_department_ids)
        self.assertEqual(self.branch_head.ops_department_ids, self.branch_department)

    def test_manager_gets_head_right_by_office(self):
        self.assertTrue(self.head.has_group(HEAD))
        self.assertIn(self.env.ref(BY_OFFICE), self.head.group_ids)
        self.assertFalse(self.employee.has_group(HEAD))

    def test_new_manager_replaces_old(self):
        self.department.manager_id = self.employee_of(self.employee)
        self.assertEqual(self.employee.ops_department_ids, self.department | self.sub_department)
        self.assertTrue(self.employee.has_group(HEAD))
        self.assertFalse(self.head.ops_department_ids)
        self.assertFalse(self.head.has_group(HEAD))

    def test_right_given_by_hand_stays(self):
        self.head.group_ids = [Command.link(self.env.ref(HEAD).id)]
        self.department.manager_id = False
        self.assertFalse(self.head.ops_department_ids)
        self.assertNotIn(self.env.ref(BY_OFFICE), self.head.group_ids)
        self.assertTrue(self.head.has_group(HEAD))

    def test_archiving_the_last_department_takes_the_right_away(self):
        (self.department | self.sub_department).active = False
        self.assertFalse(self.head.has_group(HEAD))
        self.assertFalse(self.head.ops_department_ids)

    def test_archived_department_stays_with_the_head_above(self):
        self.sub_department.active = False
        self.assertIn(self.sub_department, self.head.ops_department_ids)

    def test_moved_department_follows_its_parent(self):
        self.sub_department.parent_id = self.other_department
        self.assertEqual(self.head.ops_department_ids, self.department)
        self.assertIn(self.sub_department, self.other_head.ops_department_ids)

    def test_new_department_below(self):
        line = self.env["hr.department"].create(
            {"name": "Line 2", "parent_id": self.sub_department.id, "company_id": self.company.id}
        )
        self.assertIn(line, self.head.ops_department_ids)

    def test_deleted_department(self):
        department = self.env["hr.department"].create({
            "name": "Short-lived", "manager_id": self.employee_of(self.employee).id, "company_id": self.company.id,
        })
        self.assertTrue(self.employee.has_group(HEAD))
        department.unlink()
        self.assertFalse(self.employee.has_group(HEAD))

    def test_archived_or_moved_employee_leads_nothing(self):
        self.employee_of(self.head).active = False
        self.assertFalse(self.head.ops_department_ids)
        successor = self._create_user("successor")
        self.employee_of(self.other_head).user_id = successor
        self.assertFalse(self.other_head.ops_department_ids)
        self.assertEqual(successor.ops_department_ids, self.other_department)

    def test_archived_user_leads_nothing(self):
        self.head.active = False
        self.assertFalse(self.head.ops_department_ids)
        self.assertNotIn(self.env.ref(BY_OFFICE), self.head.group_ids)

    def test_manager_with_a_portal_user_gets_nothing(self):
        self.department.manager_id = self.env["hr.employee"].create({
            "name": "Outside manager", "user_id": self.portal.id, "company_id": self.company.id,
        })
        self.assertFalse(self.portal.ops_department_ids)
        self.assertTrue(self.portal.share)

    def test_rights_cannot_be_written(self):
        for values in (
            {"ops_department_ids": [Command.link(self.other_department.id)]},
            {"ops_principal_ids": [Command.link(self.gm.id)]},
        ):
            with self.assertRaises(AccessError):
                self.env["res.users"].browse(self.head.id).write(values)
            with self.assertRaises(AccessError):
                self.head.with_user(self.head).write(values)

    def test_cron_repairs_what_no_hook_saw(self):
        self.env.cr.execute("DELETE FROM ops_user_department_rel WHERE user_id = %s", [self.head.id])
        self.env.cr.execute(
            "UPDATE hr_department SET manager_id = %s WHERE id = %s",
            [self.employee_of(self.employee).id, self.other_department.id],
        )
        self.env.invalidate_all()
        with self.enter_registry_test_mode():
            self.env.ref("ops_handbook.ops_rights_cron").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(self.head.ops_department_ids, self.department | self.sub_department)
        self.assertTrue(self.employee.has_group(HEAD))
        self.assertFalse(self.other_head.has_group(HEAD))

    def test_rule_cache_is_cleared_only_when_something_differs(self):
        refresh = self.env["res.users"]._ops_refresh_rights
        self.assertFalse(refresh())
        self.env.cr.execute("DELETE FROM ops_user_department_rel WHERE user_id = %s", [self.head.id])
        self.assertTrue(refresh())
        self.assertFalse(refresh())

    def test_of_role(self):
        of_role = self.env["res.users"]._ops_of_role
        found = of_role("operations", self.company)
        self.assertIn(self.operations, found)
        self.assertIn(self.operations_colleague, found)
        self.assertNotIn(self.head, found)
        self.assertIn(self.operations, of_role("operations", self.branch))
        self.operations.company_ids = self.company
        self.assertNotIn(self.operations, of_role("operations", self.branch))
        self.operations_colleague.active = False
        self.assertNotIn(self.operations_colleague, of_role("operations", self.company))
        with self.assertRaises(KeyError):
            of_role("nobody", self.company)

    # -- cost -------------------------------------------------------------------------------------------------------

    def test_refresh_costs_the_same_for_many(self):
        refresh = self.env["res.users"]._ops_refresh_rights
        refresh()
        self.env.flush_all()
        with self.assertQueryCount(9):
            refresh()
        heads = self._many_heads(200)
        self.env.cr.execute("DELETE FROM ops_user_department_rel")
        self.env.cr.execute(
            "DELETE FROM res_groups_users_rel WHERE gid = %s", [self.env.ref(BY_OFFICE).id]
        )
        self.env.invalidate_all()
        self.env["res.groups"]._get_group_definitions()
        with self.assertQueryCount(11):
            refresh()
        self.assertTrue(all(user.has_group(HEAD) for user in heads))

    def _many_heads(self, count):
        users = self.env["res.users"].create([
            {
                "name": f"Head {i}", "login": f"head.{i}.test", "company_id": self.company.id,
                "company_ids": [Command.set(self.company.ids)],
            }
            for i in range(count)
        ])
        employees = self.env["hr.employee"].create([
            {"name": user.name, "user_id": user.id, "company_id": self.company.id} for user in users
        ])
        self.env["hr.department"].create([
            {"name": employee.name, "manager_id": employee.id, "company_id": self.company.id} for employee in employees
        ])
        return users

    def test_hooks_are_silent_when_not_concerned(self):
        calls = []
        self.patch(type(self.env["res.users"]), "_ops_refresh_rights", lambda users: calls.append(users))
        self.env["hr.employee"].create({"name": "Somebody", "company_id": self.company.id})
        self.env["hr.department"].create({"name": "Somewhere", "company_id": self.company.id})
        self.employee_of(self.employee).write({"job_title": "Fitter"})
        self.department.write({"color": 3})
        self.employee.write({"signature": "E."})
        self.assertFalse(calls)
        self.department.write({"manager_id": False})
        self.assertTrue(calls)
