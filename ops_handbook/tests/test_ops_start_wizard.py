from lxml import etree

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form

from .common import OpsCommon


class TestOpsStartWizard(OpsCommon):
    """Configuration → Start: before it nothing is asked of anybody, and it raises nobody's rights."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.company | cls.branch).write({"ops_started": False, "ops_start_date": False})
        cls.system = cls._create_user("system", "base.group_system", cls.company | cls.branch)
        cls.system.group_ids += cls.env.ref("ops_handbook.group_administrator") + cls.env.ref("hr.group_hr_user")

    def wizard(self, user, company=None):
        company = company or self.company
        return self.env["ops.start.wizard"].with_user(user).with_company(company).create({"company_id": company.id})

    def test_nothing_before_start(self):
        with self.at("2026-11-04 10:00"):
            self.env["ops.obligation"].sudo()._generate(self.company)
            problem = self.env["ops.problem"].with_user(self.employee).with_company(self.company).create({
                "name": "Leak", "description": "Water on the floor", "proposed_severity": "1",
            })
            problem.action_submit()
        self.assertFalse(self.env["ops.obligation"].sudo().search([("company_id", "=", self.company.id)]))

    def test_starts(self):
        with self.at("2026-11-04 10:00"):
            wizard = self.wizard(self.system)
            wizard.write({
                "load_holidays": True, "start_date": "2026-11-09", "duty_officer_id": self.operations.id,
                "operations_department_id": self.ops_department.id,
            })
            wizard.action_start()
        self.assertTrue(self.company.ops_started)
        self.assertFalse(self.branch.ops_started, "a branch has a start of its own")
        self.assertEqual(str(self.company.ops_start_date), "2026-11-09")
        self.assertEqual(self.company.ops_duty_officer_id, self.operations)
        self.assertEqual(self.company.ops_operations_department_id, self.ops_department)
        loaded = self.env["resource.calendar.leaves"].search([
            ("company_id", "=", self.company.id), ("ops_loaded", "=", True),
        ])
        self.assertTrue(loaded, "this year's holidays are in the company's calendar")

    def test_departments(self):
        with self.at("2026-11-04 10:00"):
            wizard = self.wizard(self.system)
            wizard.load_holidays = False
            lines = {line.department_id: line for line in wizard.line_ids}
            self.assertEqual(
                set(lines), set(self.env["hr.department"].search([("company_id", "=", self.company.id)]))
            )
            lines[self.sub_department].write({
                "keeps_plans": True, "manager_id": self.employee_of(self.colleague).id,
            })
            lines[self.other_department].keeps_plans = False
            wizard.action_start()
        self.assertTrue(self.sub_department.ops_keeps_plans)
        self.assertFalse(self.other_department.ops_keeps_plans)
        self.assertEqual(self.sub_department.manager_id.user_id, self.colleague)
        self.assertTrue(self.colleague.has_group("ops_handbook.group_head"), "leading a department gives its rights")

    def test_missing_head_is_counted(self):
        wizard = self.wizard(self.system)
        wizard.line_ids.keeps_plans = True
        self.assertEqual(wizard.missing_head_count, 1, "the assembly line has no head of its own")
        led = wizard.line_ids.filtered("manager_id")[:1]
        led.manager_id = self.env["hr.employee"].create({"name": "Without a login", "company_id": self.company.id})
        self.assertEqual(wizard.missing_head_count, 2, "a head who cannot log in answers for nothing")

    def test_administrator_without_system_rights(self):
        """Who configures may start the engine, but raise nobody's rights: not their own either."""
        with self.at("2026-11-04 10:00"):
            self.wizard(self.admin_ops).action_start()
            self.assertTrue(self.company.ops_started)
            wizard = self.wizard(self.admin_ops)
            wizard.operations_user_ids += self.admin_ops
            with self.assertRaises(AccessError):
                wizard.action_start()
        self.assertFalse(self.admin_ops.has_group("ops_handbook.group_operations"))

    def test_holidays_without_system_rights(self):
        """The start loads holidays for the system administrator only: others are not offered it, and load them by the menu."""
        arch = etree.fromstring(self.env["ops.start.wizard"].with_user(self.admin_ops).get_view(view_type="form")["arch"])
        self.assertEqual(arch.find(".//field[@name='load_holidays']").get("invisible"), "not is_system")
        leaves, ours = self.env["resource.calendar.leaves"], [("company_id", "=", self.company.id), ("ops_loaded", "=", True)]
        with self.at("2026-11-04 10:00"):
            self.wizard(self.admin_ops).action_start()
            self.assertFalse(leaves.search(ours))
            self.env["ops.holiday.wizard"].with_user(self.admin_ops)._load(self.company, 2026)
        self.assertTrue(leaves.search(ours))

    def test_sender_needs_system_rights(self):
        wizard = self.wizard(self.admin_ops)
        wizard.sender = "somebody@else.example.com"
        with self.assertRaises(AccessError):
            wizard.action_start()
        self.assertFalse(self.company.ops_started)

    def test_roles(self):
        with self.at("2026-11-04 10:00"):
            wizard = self.wizard(self.system)
            wizard.load_holidays = False
            wizard.operations_user_ids = self.operations | self.employee
            wizard.action_start()
        self.assertTrue(self.employee.has_group("ops_handbook.group_operations"))
        self.assertFalse(self.operations_colleague.has_group("ops_handbook.group_operations"))

    def test_nobody_in_operations(self):
        group = self.env.ref("ops_handbook.group_operations")
        group.user_ids -= self.operations | self.operations_colleague
        with self.at("2026-11-04 10:00"), self.assertRaisesRegex(UserError, "Operations"):
            self.wizard(self.system).action_start()
        self.assertFalse(self.company.ops_started)

    def test_others_cannot(self):
        for user in (self.employee, self.head, self.operations, self.gm_office, self.gm):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.wizard(user)

    def test_form(self):
        form = Form(self.env["ops.start.wizard"].with_user(self.system).with_company(self.company))
        self.assertEqual(form.calendar_id, self.company.resource_calendar_id)
        self.assertEqual(len(form.line_ids), 5)

    def test_address_of_problem_reports(self):
        """The address by which reports come in by e-mail is asked for here; only the system administrator sets it."""
        wizard = self.wizard(self.system)
        self.assertFalse(wizard.problem_alias_name)
        wizard.write({"load_holidays": False, "problem_alias_name": " start-problems "})
        wizard.action_start()
        alias = self.company.ops_problem_alias_id
        self.assertEqual((alias.alias_name, alias.alias_model_id.model), ("start-problems", "ops.problem"))
        again = self.wizard(self.admin_ops)
        self.assertEqual(again.problem_alias_name, "start-problems", "others see it")
        again.action_start()
        self.assertEqual(self.company.ops_problem_alias_id, alias, "left as it is nothing is touched")
        again.problem_alias_name = "other-problems"
        with self.assertRaises(AccessError):
            again.action_start()
        cleared = self.wizard(self.system)
        cleared.write({"load_holidays": False, "problem_alias_name": False})
        cleared.action_start()
        self.assertFalse(self.company.ops_problem_alias_id)

    def test_only_in_a_company_of_ones_own(self):
        """Over RPC as well: who belongs to one company does not start another, nor name its departments' heads."""
        wizard = self.wizard(self.admin_ops)
        (self.admin_ops).write({"company_ids": [(6, 0, self.branch.ids)], "company_id": self.branch.id})
        with self.at("2026-11-04 10:00"), self.assertRaises(AccessError):
            wizard.action_start()
        self.assertFalse(self.company.ops_started)
