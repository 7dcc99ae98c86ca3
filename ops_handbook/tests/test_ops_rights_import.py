"""Odoo's import of people, departments and logins: everybody's rights follow once, at its end, and no client puts them off."""

from contextlib import suppress

from odoo.models import BaseModel
from odoo.tests import tagged

from ..tools import token
from .common import OpsCommon

ONCE = ["_ops_led_departments", "_ops_homes"]  # what a refresh asks first: who leads what, and where people work
HEADS = (".id", "manager_id/.id")


@tagged("post_install", "-at_install")
class TestOpsRightsImport(OpsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        values = [cls._user_values(f"worker.{number}") for number in range(25)]
        # without passwords, which take their time
        cls.people = cls.env["res.users"].create([{name: its[name] for name in its if name != "password"} for its in values])
        cls.staff = cls._employ(cls.people, cls.department)
        cls.env.flush_all()

    def load(self, model, columns, rows, **context):
        return self.env[model].with_context(**context).load(list(columns), [[str(cell) for cell in row] for row in rows])

    def imported(self, *args, **context):
        answer = self.load(*args, **context)
        self.assertTrue(answer["ids"], answer["messages"])

    def refreshed(self):
        """Return the list to which each refresh adds what it asks."""
        asked, users = [], type(self.env["res.users"])

        def counting(name, method):
            def count(model, *args):
                asked.append(name)
                return method(model, *args)

            return count

        for name in ONCE:
            self.patch(users, name, counting(name, getattr(users, name)))
        return asked

    def test_people(self):
        """However many rows there are."""
        asked = self.refreshed()
        for number, place in ((5, self.other_department), (25, self.sub_department)):
            with self.subTest(rows=number):
                asked.clear()
                rows = [(employee.id, employee.user_id.id, place.id) for employee in self.staff[:number]]
                self.imported("hr.employee", (".id", "user_id/.id", "department_id/.id"), rows)
                self.assertEqual(asked, ONCE)
                self.assertTrue(all(place in user.ops_home_department_ids for user in self.people[:number]))
                self.assertNotIn(self.other_department, self.people[24].ops_home_department_ids)

    def test_departments_and_logins(self):
        asked, (first, second) = self.refreshed(), self.people[:2]
        rows = [(self.department.id, self.staff[0].id), (self.other_department.id, self.staff[1].id)]
        self.imported("hr.department", HEADS, rows)
        self.assertEqual(asked, ONCE)
        self.assertEqual(first.ops_department_ids, self.department | self.sub_department)
        self.assertEqual(second.ops_department_ids, self.other_department)
        self.assertTrue(second.has_group("ops_handbook.group_head"))
        self.assertFalse(self.head.ops_department_ids | self.other_head.ops_department_ids)
        asked.clear()
        self.imported("res.users", (".id", "active"), [(first.id, "false"), (second.id, "false")])
        self.assertEqual(asked, ONCE)
        self.assertFalse((first | second).ops_department_ids)

    def test_a_single_write_is_followed_at_once(self):
        asked = self.refreshed()
        self.staff[0].department_id = self.other_department
        self.assertEqual(asked, ["_ops_homes"])
        self.assertIn(self.other_department, self.people[0].ops_home_department_ids)
        self.other_department.manager_id = self.staff[0]
        self.assertEqual(asked, ["_ops_homes", *ONCE])
        self.assertEqual(self.people[0].ops_department_ids, self.other_department)

    def test_a_refused_import_changes_no_rights(self):
        """The first row was written before the second one was refused."""
        rows = [(self.department.id, self.staff[0].id), (self.other_department.id, -5)]
        self.assertFalse(self.load("hr.department", HEADS, rows)["ids"])
        self.assertEqual(self.head.ops_department_ids, self.department | self.sub_department)
        self.assertFalse(self.people[0].ops_department_ids)

    def test_an_import_that_breaks_off_is_made_up_for(self):
        """Whoever goes on with what was written until then finds the rights up to date, at the latest when it is committed."""
        department, manager = self.department, self.staff[0]

        def broken(records, _fields, _data):
            records.browse(department.id).manager_id = manager
            raise ValueError("Broken")

        self.patch(BaseModel, "load", broken)
        with suppress(ValueError):
            self.env["hr.department"].load([], [])
        self.assertFalse(self.people[0].ops_department_ids)
        self.env.cr.flush()
        self.assertEqual(self.people[0].ops_department_ids, self.department | self.sub_department)

    def test_no_client_puts_it_off(self):
        """Nor does a mark whose import is over."""
        over = token.Errand()
        over.end()
        forged = [self.department.with_context(**{token.RIGHTS.key: mark}) for mark in (True, {"value": True})]
        for department, manager in zip([*forged, token.RIGHTS.on(self.department, over)], self.staff, strict=False):
            department.manager_id = manager
            self.assertIn(self.department, manager.user_id.ops_department_ids)
            self.assertFalse(over.is_owed)
        rows = [(self.other_department.id, self.staff[3].id)]
        self.imported("hr.department", HEADS, rows, **{token.RIGHTS.key: True})
        self.assertEqual(self.people[3].ops_department_ids, self.other_department)
