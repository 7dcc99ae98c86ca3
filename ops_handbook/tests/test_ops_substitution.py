"""Substitutes: who may name whom, when it runs, and what the substitute may do meanwhile."""

from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import OpsCommon

HEAD = "ops_handbook.group_head"
OPERATIONS = "ops_handbook.group_operations"
GM_OFFICE = "ops_handbook.group_gm_office"
NOW = "2026-11-20 10:00"


@tagged("post_install", "-at_install")
class TestOpsSubstitution(OpsCommon):
    def setUp(self):
        super().setUp()
        self.go_to(NOW)

    def go_to(self, local, tz="Asia/Shanghai"):
        self.enterContext(self.at(local, tz))
        self.env["res.users"]._ops_refresh_rights()

    def _away(self, user, substitute, start="2026-11-20", end="2026-11-24", by=None):
        model = self.env["ops.substitution"]
        return (model.with_user(by) if by else model).create({
            "user_id": user.id, "substitute_id": substitute.id, "date_from": start, "date_to": end,
        })

    # -- what it gives ----------------------------------------------------------------------------------------------

    def test_substitute_of_a_head(self):
        self._away(self.head, self.employee)
        self.assertEqual(self.employee.ops_principal_ids, self.head)
        self.assertEqual(self.employee.ops_department_ids, self.department | self.sub_department)
        self.assertTrue(self.employee.has_group(HEAD))
        self.assertEqual(self.employee._ops_principals(), self.employee | self.head)
        self.assertEqual(self.head.ops_department_ids, self.department | self.sub_department, "the head keeps theirs")

    def test_substitute_of_an_office(self):
        self._away(self.operations, self.employee)
        self._away(self.gm_office, self.liaison)
        self._away(self.gm, self.gm_office, "2026-12-01", "2026-12-02")
        self.assertTrue(self.employee.has_group(OPERATIONS))
        self.assertFalse(self.employee.has_group(GM_OFFICE))
        self.assertTrue(self.liaison.has_group(GM_OFFICE))
        self.assertIn(self.employee, self.env["res.users"]._ops_of_role("operations", self.company))
        self.assertFalse(self.gm_office.has_group("ops_handbook.group_general_manager"), "not begun yet")

    def test_substitute_stays_in_own_companies(self):
        self._away(self.operations, self.employee)
        self.assertNotIn(self.employee, self.env["res.users"]._ops_of_role("operations", self.branch))

    def test_office_is_not_lent_into_other_companies(self):
        clerk = self._create_user("clerk", OPERATIONS)
        traveller = self._create_user("traveller", companies=self.company | self.branch)
        with self.refused(ValidationError, "Traveller also works for Operations Test Branch, where Clerk holds"):
            self._away(clerk, traveller)
        self._away(self.employee, traveller, end="2026-11-20")  # who holds no office lends none
        traveller.company_ids = self.company
        self._away(clerk, traveller)
        self.assertTrue(traveller.has_group(OPERATIONS))
        traveller.company_ids = self.company | self.branch
        self.assertFalse(traveller.has_group(OPERATIONS))
        self.assertIn(clerk, traveller.ops_principal_ids)

    def test_ends_by_the_clock(self):
        self._away(self.operations, self.employee)
        self.go_to("2026-11-24 23:59")
        self.assertTrue(self.employee.has_group(OPERATIONS))
        self.go_to("2026-11-25 00:00")
        self.assertFalse(self.employee.has_group(OPERATIONS))
        self.assertFalse(self.employee.ops_principal_ids)
        self.assertFalse(self.employee.ops_department_ids)

    def test_begins_by_the_clock_of_the_person(self):
        self._away(self.branch_head, self.branch_employee, "2026-11-21", "2026-11-21")
        self.go_to("2026-11-21 06:59")  # 23:59 in Berlin, the day before
        self.assertFalse(self.branch_employee.ops_principal_ids)
        self.go_to("2026-11-21 07:00")
        self.assertEqual(self.branch_employee.ops_principal_ids, self.branch_head)

    def test_job_is_called_when_it_begins_and_ends(self):
        self.env["ir.cron.trigger"].search([]).unlink()
        self._away(self.head, self.employee, "2026-11-23", "2026-11-24")
        moments = self.env["ir.cron.trigger"].search(
            [("cron_id", "=", self.env.ref("ops_handbook.ops_rights_cron").id)]
        ).mapped("call_at")
        self.assertIn(self.utc("2026-11-23 00:00"), moments)
        self.assertIn(self.utc("2026-11-25 00:00"), moments)

    def test_acts_for(self):
        self._away(self.head, self.employee)
        found = (self.head | self.liaison)._ops_acts_for()
        self.assertEqual(found, {self.head: self.employee, self.liaison: self.liaison})
        self.env.flush_all()
        with self.assertQueryCount(1):
            (self.head | self.liaison | self.employee | self.gm)._ops_acts_for()

    def test_chain_reaches_who_is_present(self):
        self._away(self.head, self.employee)
        self._away(self.employee, self.liaison)
        self.assertEqual(self.head._ops_acts_for()[self.head], self.liaison)
        self.assertEqual(self.liaison.ops_principal_ids, self.head | self.employee)
        self.assertFalse(self.employee.ops_principal_ids)

    def test_circle_is_safe(self):
        self._away(self.head, self.employee)
        self._away(self.employee, self.liaison)
        self._away(self.liaison, self.head)
        self.assertEqual(self.head._ops_acts_for()[self.head], self.head)
        self.assertFalse(self.head.ops_principal_ids | self.employee.ops_principal_ids)

    def test_archived_substitute_stands_in_for_nobody(self):
        self._away(self.head, self.employee)
        self.employee.active = False
        self.assertEqual(self.head._ops_acts_for()[self.head], self.head)
        self.assertFalse(self.employee.ops_department_ids)

    def test_office_taken_from_the_person_goes_from_the_substitute(self):
        self._away(self.operations, self.employee)
        self.operations.group_ids = [Command.unlink(self.env.ref(OPERATIONS).id)]
        self.assertFalse(self.employee.has_group(OPERATIONS))

    def test_office_of_who_has_left_goes_from_the_substitute(self):
        self._away(self.operations, self.employee)
        self.assertTrue(self.employee.has_group(OPERATIONS))
        self.operations.active = False
        self.assertFalse(self.employee.has_group(OPERATIONS))

    # -- rules of the data ------------------------------------------------------------------------------------------

    def _refused(self, *away):
        """Return the message with which the database refuses a substitution, as RPC shows it."""
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError) as caught, self.env.cr.savepoint():
            self._away(*away)
        return self.env["ops.substitution"]._sql_error_to_message(caught.exception)

    def test_nobody_substitutes_themself(self):
        self.assertIn("Substitute:", self._refused(self.head, self.head))

    def test_end_before_begin(self):
        self.assertIn("Until:", self._refused(self.head, self.employee, "2026-11-24", "2026-11-20"))

    def test_overlap(self):
        self._away(self.head, self.employee)
        self.assertIn("From, Until:", self._refused(self.head, self.liaison, "2026-11-24", "2026-11-30"))
        self._away(self.head, self.liaison, "2026-11-25", "2026-11-30")

    def test_substitute_must_be_an_employee_of_the_company(self):
        with self.assertRaisesRegex(ValidationError, "Substitute"):
            self._away(self.head, self.portal)
        with self.assertRaises(UserError):
            self._away(self.employee, self.branch_employee)

    # -- who may name whom --------------------------------------------------------------------------------------------

    def test_own_substitute(self):
        substitution = self._away(self.employee, self.liaison, by=self.employee)
        self.assertTrue(substitution.with_user(self.liaison).has_access("read"))
        self.assertFalse(substitution.with_user(self.liaison).has_access("write"))
        self.assertFalse(substitution.with_user(self.newcomer).has_access("read"))

    def test_of_a_colleague(self):
        with self.assertRaises(AccessError):
            self._away(self.newcomer, self.liaison, by=self.employee)
        with self.assertRaises(AccessError):
            self._away(self.gm, self.employee, by=self.employee)

    def test_moved_to_somebody_else_afterwards(self):
        substitution = self._away(self.employee, self.liaison, "2026-12-01", "2026-12-02", by=self.employee)
        with self.assertRaises(AccessError):
            substitution.write({"user_id": self.gm.id, "substitute_id": self.employee.id})

    def test_head_for_own_people(self):
        self._away(self.employee, self.newcomer, by=self.head)
        self._away(self.colleague, self.head, by=self.head)  # in the department below
        with self.assertRaises(AccessError):
            self._away(self.liaison, self.employee, by=self.head)

    def test_substitute_does_not_prolong_what_was_lent(self):
        substitution = self._away(self.head, self.employee)
        self.assertTrue(self.employee.has_group(HEAD))
        with self.assertRaises(AccessError):
            substitution.with_user(self.employee).date_to = "2027-11-20"
        with self.assertRaises(AccessError):
            self._away(self.head, self.employee, "2026-11-25", "2027-11-20", by=self.employee)
        with self.assertRaises(AccessError):
            substitution.with_user(self.employee).unlink()

    def test_administrator_names_others_but_not_themself(self):
        self._away(self.head, self.employee, by=self.admin_ops)
        with self.assertRaises(AccessError):
            self._away(self.gm, self.admin_ops, by=self.admin_ops)

    def test_head_does_not_take_the_office_of_own_people(self):
        self._away(self.gm, self.employee, by=self.gm_office)  # who leads the department of the general manager
        with self.assertRaises(AccessError):
            self._away(self.gm, self.gm_office, "2026-12-01", "2026-12-02", by=self.gm_office)

    def test_head_takes_no_office_by_way_of_a_colleague(self):
        """A substitute who is away too passes on whom they act for: in whatever order the chain is tied, not to its author."""
        clerk = self._create_user("clerk", OPERATIONS)
        self._employ(clerk, self.department)
        ties = [(self.employee, self.head), (clerk, self.employee)]
        for first, second in (ties, reversed(ties)):
            tied = self._away(*first, by=self.head)
            said = "since substitutes are away too" if second[0] == clerk else "you cannot name yourself"
            with self.refused(AccessError, said), self.cr.savepoint():
                self._away(*second, by=self.head)
            self.assertFalse(self.head.has_group(OPERATIONS))
            tied.sudo().unlink()

    def test_chains_are_looked_at_day_by_day(self):
        clerk = self._create_user("clerk", OPERATIONS)
        self._employ(clerk, self.department)
        self._away(self.newcomer, self.employee, by=self.head)
        self._away(self.employee, self.head, by=self.head)
        self.assertEqual(self.head.ops_principal_ids, self.employee | self.newcomer, "people whom they lead")
        later = self._away(clerk, self.employee, "2026-11-25", "2026-11-30", by=self.head)
        with self.refused(AccessError, "since substitutes are away too"), self.cr.savepoint():
            later.date_from = "2026-11-24"
        with self.refused(AccessError, "since substitutes are away too"), self.cr.savepoint():
            later.write({"date_from": "2026-11-20", "date_to": "2026-11-21"})

    def test_administrator_takes_no_office_by_way_of_a_colleague(self):
        self._away(self.operations_colleague, self.admin_ops, by=self.operations_colleague)
        with self.refused(AccessError, "since substitutes are away too"), self.cr.savepoint():
            self._away(self.gm, self.operations_colleague, by=self.admin_ops)

    def test_history_stays(self):
        past = self._away(self.employee, self.liaison, "2026-10-01", "2026-10-05")
        running = self._away(self.employee, self.newcomer, "2026-11-19", "2026-11-30")
        for_employee = self.env["ops.substitution"].with_user(self.employee)
        for values in ({"date_to": "2026-10-06"}, {"substitute_id": self.colleague.id}):
            with self.assertRaises(UserError):
                for_employee.browse(past.id).write(values)
        with self.assertRaises(UserError):
            for_employee.browse(running.id).substitute_id = self.colleague
        with self.assertRaises(UserError):
            for_employee.browse(running.id).unlink()
        for_employee.browse(running.id).date_to = "2026-11-19"
        self.assertFalse(self.newcomer.ops_principal_ids)

    def test_mistake_of_today_can_be_taken_back(self):
        self._away(self.employee, self.newcomer, by=self.employee).unlink()
        self.assertFalse(self.newcomer.ops_principal_ids)

    # -- telling the substitute ---------------------------------------------------------------------------------------

    def test_substitute_is_told_once_when_it_begins(self):
        substitution = self._away(self.head, self.employee, "2026-11-23", "2026-11-24")
        self.assertFalse(self._announced())
        self.go_to("2026-11-23 00:01")
        mail = self._announced()
        self.assertEqual(mail.recipient_ids, self.employee.partner_id)
        self.assertEqual(mail.subject, f"You act for {self.head.name} until 11/24/2026")
        self.assertIn("11/23/2026", mail.body_html)
        self.assertTrue(mail.ops_notice, "tried again for days when the mail server is away")
        self.assertIn(f"/odoo/ops.substitution/{substitution.id}", mail.body_html)
        self.assertFalse(self._announced())

    def _announced(self):
        before = self.env["mail.mail"].search([])
        self.env["res.users"]._ops_cron_rights()
        return self.env["mail.mail"].search([]) - before

    def test_many_are_told_in_few_queries(self):
        for i in range(8):
            self._away(self._create_user(f"away.{i}"), self.employee)
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(27):
            self.env["ops.substitution"]._announce()
            self.env.flush_all()
