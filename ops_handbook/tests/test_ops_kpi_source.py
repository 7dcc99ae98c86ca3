"""Rules that read actual figures: what they may name, that they only read, and what they leave alone."""

import psycopg2

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.planning import ops_kpi_source_read
from ..tools import token
from .planning import PlanningCase

HOSTILE = [
    "__import__('os').system('id')", "[('state', '=', __import__('os'))]", "[(1, '=', 1)] + env['res.users'].search([])",
    "[('state', '=', lambda: 1)]", "[x for x in (1, 2)]", "{'state': 'done'}", "[('state', '=')]", "'state'", "[", "[" * 5000,
    "[('state', 'in', [('id', '=', 1)])]", "[('state', 'any', [('id', '=', 1)])]", "[('state', 'not any!', [])]", "[('state', '=?', 'x')]",
    "[('author_id', 'any', [('password', 'like', 'a')])]", "[('author_id.password', 'like', 'a')]", "[('author_id.login', '=', 'admin')]",
    "[('author_id', 'ilike', 'admin')]", "[('nothing', '=', 1)]", "[('state.name', '=', 1)]", "[('display_name', '=', 'x')]",
    "[('message_ids.body', 'ilike', 'secret')]", "['&', ('state', '=', 'draft')]", "['!']", "['%']", "[('state', 'inselect', ('SELECT 1', []))]",
    "[('state', '=', b'x')]", "[('state', 'in', 'draft')]", "[('state', '=', ['draft'])]", "[('id', 'in', {'a': 1})]", "[('state', '=', 'x')" + " " * 3000 + "]",
    "[('can_edit', '=', True)]",
]


@tagged("post_install", "-at_install")
class TestOpsKpiSource(PlanningCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.enterClassContext(cls.at("2027-04-20 10:00"))
        cls.plan = cls._plan()
        token.marked(cls.cycle.sudo()).write({"state": "running"})
        cls.other_kpi = cls.env["ops.kpi"].sudo().create({
            "cycle_id": cls.cycle.id, "code": "PROB", "name": "Problems", "department_id": cls.ops_department.id,
        })
        cls.plan.sudo().write({"goal_ids": [(0, 0, {"name": "Fewer problems", "kpi_id": cls.other_kpi.id, "target": 12})]})
        token.marked(cls.plan.sudo()).write({"state": "released"})

    def rule(self, user=None, **values):
        return self.env["ops.kpi.source"].with_user(user or self.admin_ops).create({
            "name": "Problems", "code": "PROB", "company_id": self.company.id, "model": "ops.problem",
            "domain": "[('category', '=', 'process')]", "date_field": "occurred_on", "department_path": "department_id", **values,
        })

    def problem(self, local, department=None, category="process", **values):
        return self.env["ops.problem"].sudo().create({
            "name": "Oil", "category": category, "occurred_on": self.utc(local), "company_id": self.company.id,
            "department_id": (department or self.department).id, **values,
        })

    def values(self):
        return {
            (value.department_id, value.month): (value.value, value.origin)
            for value in self.env["ops.kpi.value"].sudo().search([("kpi_id", "=", self.other_kpi.id)])
        }

    # -- what it reads ------------------------------------------------------------------------------------------------

    def test_counts_by_department_and_month(self):
        """Months are those of the company's calendar: the last hour of March in Shanghai is March."""
        self.problem("2027-03-31 23:30")
        self.problem("2027-04-01 00:30")
        self.problem("2027-04-19 09:00")
        self.problem("2027-04-19 09:00", self.other_department)
        self.problem("2027-04-19 09:00", category="other")
        self.problem("2027-02-28 23:59")
        rule = self.rule()
        rule.action_read()
        self.assertFalse(rule.last_error)
        self.assertEqual(self.values(), {
            (self.department, "2027-03"): (1, "rule"), (self.department, "2027-04"): (2, "rule"),
            (self.other_department, "2027-04"): (1, "rule"),
        })
        self.assertEqual(rule.last_count, 3)
        self.env["ops.problem"].sudo().search([("company_id", "=", self.company.id)]).write({"category": "other"})
        rule.action_read()
        self.assertEqual(self.values()[self.department, "2027-04"], (0, "rule"), "a department with a goal of it has none")

    def test_reckons(self):
        for day, hours in (("2027-04-02 09:00", 2.5), ("2027-04-03 09:00", 4)):
            problem = self.problem(day)
            self.env.flush_all()
            self.env.cr.execute("UPDATE ops_problem SET hours_to_accept = %s WHERE id = %s", [hours, problem.id])
        self.env.invalidate_all()
        for aggregate, expected in (("sum", 6.5), ("avg", 3.25), ("min", 2.5), ("max", 4.0), ("count", 2)):
            with self.subTest(aggregate=aggregate), Undone(self):
                rule = self.rule(aggregate=aggregate, measure="hours_to_accept")
                found = {figure["month"]: figure["value"] for figure in rule.get_figures()}
                self.assertEqual(found["2027-04"], expected)
                self.assertEqual("2027-03" in found, aggregate in ("sum", "count"), "nothing is no average")

    def test_without_a_department(self):
        self.problem("2027-04-02 09:00")
        self.rule(department_path=False).action_read()
        self.assertEqual(self.values()[self.ops_department, "2027-04"], (1, "rule"), "whoever answers for the indicator")
        self.rule(department_path=False, department_id=self.other_department.id, domain="[]").action_read()
        self.assertEqual(self.values()[self.other_department, "2027-04"], (1, "rule"))

    def test_only_the_companies_of_the_cycle(self):
        stranger = self._create_company("Stranger", "Asia/Tokyo", "base.jp")
        elsewhere = self._create_department("Elsewhere", company=stranger)
        self.problem("2027-04-02 09:00", elsewhere, company_id=stranger.id)
        self.problem("2027-04-02 09:00", self.branch_department, company_id=self.branch.id)
        self.rule().action_read()
        self.assertIn((self.branch_department, "2027-04"), self.values())
        self.assertNotIn((elsewhere, "2027-04"), self.values())

    def test_not_of_all_companies_together(self):
        """Records that belong to no company and no department would be counted for each company of the database."""
        values = {"model": "res.country", "domain": "[]", "date_field": "create_date", "department_path": False}
        self._create_company("Stranger", "Asia/Tokyo", "base.jp")
        with self.assertRaisesRegex(ValidationError, "those of all companies would count"), self.cr.savepoint():
            self.rule(**values)
        with self.assertRaisesRegex(ValidationError, "those of all companies would count"), self.cr.savepoint():
            self.rule().write(values)
        others = self.env["res.company"].sudo().search([("parent_id", "=", False), ("id", "!=", self.company.id)])
        self.env.cr.execute("UPDATE res_company SET parent_id = %s WHERE id IN %s", [self.company.id, tuple(others.ids)])
        self.env.invalidate_all()
        rule = self.rule(**values)  # alone in its database
        self.assertFalse(rule._problem())
        self.env.cr.execute("UPDATE res_company SET parent_id = NULL WHERE id IN %s", [tuple(others.ids)])
        self.env.invalidate_all()
        rule.action_read()
        self.assertIn("those of all companies would count", rule.last_error)

    # -- what it leaves alone -------------------------------------------------------------------------------------------

    def test_figures_of_people_stay(self):
        self.problem("2027-04-02 09:00")
        typed = self.env["ops.kpi.value"].with_user(self.gm_office).create({
            "kpi_id": self.other_kpi.id, "department_id": self.department.id, "month": "2027-04", "value": 7,
        })
        rule = self.rule()
        rule.action_read()
        self.assertEqual((typed.value, typed.origin), (7, "typed"))
        rule.overwrite = True
        rule.action_read()
        self.assertEqual((typed.value, typed.origin, typed.source_id), (1, "rule", rule))

    def test_settled_months_stay(self):
        """A6: what an accepted progress report says is not read anew, not even by a rule that may overwrite."""
        report = self.env["ops.progress.report"].sudo().create({
            "plan_id": self.plan.id, "department_id": self.department.id, "company_id": self.company.id, "period": "2027-03",
        })
        token.marked(report).write({"state": "accepted"})
        rule = self.rule(overwrite=True)
        rule.action_read()
        self.assertFalse(rule.last_error)
        self.assertEqual(set(self.values()), {(self.department, "2027-04")})

    def test_trying_writes_nothing(self):
        self.problem("2027-04-02 09:00")
        rule = self.rule()
        action = rule.action_try()
        self.assertIn("Workshop, 2027-04: 1", action["params"]["message"])
        self.assertFalse(self.values())
        self.assertFalse(rule.last_run)

    # -- what goes wrong ------------------------------------------------------------------------------------------------

    def test_hostile_domains(self):
        for domain in HOSTILE:
            with self.subTest(domain=domain[:80]), self.refused(ValidationError, "Domain"):
                self.rule(domain=domain)
        rule = self.rule()
        with self.refused(ValidationError, "Domain"):
            rule.domain = HOSTILE[0]

    def test_good_domains(self):
        for domain in (
            "[]", "", "[('category', 'in', ['process', 'other'])]", "['|', ('round', '>', 1), '!', ('name', 'ilike', 'oil')]",
            f"[('department_id', 'child_of', {self.department.id})]", "[('department_id.name', '=', 'Workshop')]",
            "[('author_id', '=', False)]", "[['is_anonymous', '=', False]]", "[('occurred_on', '>=', '2027-01-01')]",
            "['&', ('round', '=', 0), ('round', '=', 0), ('round', '<', 5)]",
        ):
            with self.subTest(domain=domain):
                self.rule(domain=domain or "[]", active=False).get_figures()

    def test_what_may_not_be_named(self):
        for values, text in (
            ({"model": "res.users"}, "holds secrets"), ({"model": "ir.config_parameter"}, "holds secrets"),
            ({"model": "ir.attachment"}, "holds secrets"), ({"model": "res.users.apikeys"}, "holds secrets"),
            ({"model": "ops.chat.bot"}, "holds secrets"), ({"model": "ops.meeting.link"}, "holds secrets"), ({"model": "mail.message"}, "holds secrets"),
            ({"model": "ops.form.mixin"}, "holds secrets"), ({"model": "ops.reason.wizard"}, "holds secrets"),
            ({"model": "no.such.model"}, "there is no “no.such.model”"), ({"model": "hr.employee"}, "may not read"),
            ({"date_field": "nothing"}, "no field “nothing”"), ({"date_field": "name"}, "no date"), ({"date_field": "department_id.create_date"}, "no date"),
            ({"aggregate": "sum"}, "say of which field"), ({"aggregate": "sum", "measure": "name"}, "no number"),
            ({"aggregate": "sum", "measure": "id"}, "no number"), ({"aggregate": "max", "measure": "token_hash"}, "not for everybody"),
            ({"aggregate": "sum", "measure": "repeat_count"}, "not stored"), ({"aggregate": "sum", "measure": "nothing"}, "no field"),
            ({"department_path": "author_id"}, "does not lead"), ({"department_path": "photo_ids.company_id"}, "holds secrets"),
            ({"department_path": "author_id.department_id"}, "holds secrets"), ({"company_path": "department_id"}, "does not lead"),
            ({"domain": "[('token_hash', 'like', 'a')]"}, "not for everybody"),
        ):
            with self.subTest(values=values), self.refused(ValidationError, text):
                self.rule(**values)

    def test_what_was_stored_is_checked_again(self):
        """A field that is gone, or a rule that came in by SQL, is noted on the rule and breaks nothing else."""
        self.problem("2027-04-02 09:00")
        broken = self.rule()
        good = self.rule(code="TURN", domain="[]")
        self.env.flush_all()
        self.env.cr.execute("UPDATE ops_kpi_source SET domain = %s WHERE id = %s", [HOSTILE[1], broken.id])
        self.env.invalidate_all()
        (broken | good).action_read()
        self.assertIn("Domain", broken.last_error)
        self.assertFalse(good.last_error)
        with self.refused(UserError, "Domain"):
            broken.get_figures()

    def test_nothing_is_written_while_it_reads(self):
        """Whatever a field or an extension does meanwhile: the transaction can only read, and goes on afterwards."""
        rule = self.rule()
        with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.errors.ReadOnlySqlTransaction), rule._read_only():
            self.env.cr.execute("UPDATE ops_kpi_source SET name = 'Hacked'")
        with rule._read_only():
            self.env.cr.execute("SHOW statement_timeout")
            self.assertEqual(self.env.cr.fetchone(), ("10s",))
        rule.name = "Still writable"
        self.env.flush_all()
        self.env.cr.execute("SHOW statement_timeout")
        self.assertEqual(self.env.cr.fetchone(), ("0",))

    def test_slow_rules_are_stopped(self):
        rule = self.rule()
        self.patch(ops_kpi_source_read, "SECONDS", 0.05)
        self.patch(type(rule), "_figures", lambda self: self.env.cr.execute("SELECT pg_sleep(5)"))
        with mute_logger("odoo.sql_db"):
            rule.action_read()
        self.assertIn("longer than", rule.last_error)
        self.assertFalse(self.values())

    # -- who --------------------------------------------------------------------------------------------------------------

    def test_who_writes_rules(self):
        rule = self.rule()
        self.assertTrue(rule.with_user(self.gm_office).has_access("read"))
        for user in (self.gm_office, self.gm, self.operations, self.head, self.employee):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.rule(user, code="TURN")
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                rule.with_user(user).action_read()
        with self.assertRaises(AccessError):
            rule.with_user(self.head).get_figures()

    def test_queries_do_not_grow(self):
        for number in range(10):
            self.problem("2027-04-02 09:00", self._create_department(f"Department {number}"))
        rule = self.rule()
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(60):
            rule.action_read()
            self.env.flush_all()
        self.assertEqual(len(self.values()), 12)


class Undone:
    """Takes back what happens within the block."""

    def __init__(self, case):
        self.env = case.env

    def __enter__(self):
        self.env.flush_all()
        self.env.cr.execute("SAVEPOINT source_test")

    def __exit__(self, *_error):
        self.env.cr.execute("ROLLBACK TO SAVEPOINT source_test; RELEASE SAVEPOINT source_test")
        self.env.transaction.clear()
