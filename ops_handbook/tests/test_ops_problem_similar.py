"""Similar earlier problems, offered without telling more than the user may know."""

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .problems import ProblemCase


@tagged("post_install", "-at_install")
class TestOpsProblemSimilar(ProblemCase):

    def found(self, text, user=None, **options):
        problems = self.env["ops.problem"].with_user(user or self.operations).with_company(self.company)
        return [item["name"] for item in problems._similar(text, **options)]

    def test_chinese_and_english(self):
        self.report(name="2号装配线气压不足")
        self.report(name="Air pressure of line 2 is low")
        self.report(name="食堂排队时间长")
        self.assertEqual(self.found("气压不足"), ["2号装配线气压不足"])
        self.assertEqual(self.found("装配线气压又不足了"), ["2号装配线气压不足"])
        self.assertEqual(self.found("low AIR pressure"), ["Air pressure of line 2 is low"])
        self.assertEqual(self.found("油漆脱落"), [])
        self.assertEqual(self.found(""), [])
        self.assertEqual(self.found("气"), [])

    def test_no_more_than_one_may_know(self):
        """Of others' reports only what operations accepted, and only number, title and state."""
        problem = self.report(self.liaison, name="工资表错误", description="秘密的内容")
        self.assertEqual(self.found("工资表错误", self.employee), [])
        self.assertEqual(self.found("工资表错误", self.liaison), ["工资表错误"])
        self.accept(problem)
        offered = self.env["ops.problem"].with_user(self.employee).with_company(self.company)._similar("工资表错误")
        self.assertEqual(set(offered[0]), {"id", "number", "name", "state", "state_label", "likeness"})
        self.assertEqual(self.found("工资表错误", self.branch_employee, company=self.branch), [])
        door = self.env["ops.problem"].sudo().with_user(1)
        anonymous = door._report([{
            "name": "夜班有人绕过联锁", "is_anonymous": True, "author_id": False, "company_id": self.company.id}])
        self.accept(anonymous)
        self.assertEqual(self.found("夜班有人绕过联锁", self.employee), [])
        self.assertEqual(self.found("夜班有人绕过联锁", self.operations), ["夜班有人绕过联锁"])

    def test_hint_on_the_form(self):
        self.accept(self.report(name="气压不足 <b>x</b>"))
        draft = self.env["ops.problem"].with_user(self.employee).create({"name": "气压不足", "company_id": self.company.id})
        self.assertIn("气压不足", draft.similar_hint)
        self.assertNotIn("<b>", draft.similar_hint)

    def test_index_serves_the_query(self):
        self.env["ops.problem"]._similar("气压不足")
        self.env.cr.execute("SELECT indexdef FROM pg_indexes WHERE tablename = 'ops_problem' AND indexdef LIKE '%gin%'")
        self.assertTrue(self.env.cr.fetchall())

    def test_a_link_betrays_no_title(self):
        """The name of what one links to is shown, so that only what one may know can be linked to."""
        hidden = self.report(self.liaison, name="工资表错误")
        with self.assertRaisesRegex(ValidationError, "Repeats: "):
            self.env["ops.problem"].with_user(self.employee).create({"name": "x", "repeat_of_id": hidden.id})
        with self.assertRaisesRegex(ValidationError, "Repeats: "):
            self.env["ops.problem"].with_user(self.employee).with_context(default_repeat_of_id=hidden.id).create({"name": "x"})
        draft = self.env["ops.problem"].with_user(self.employee).create({"name": "x"})
        self.env["ir.default"].set("ops.problem", "repeat_of_id", hidden.id, user_id=self.employee.id)
        with self.assertRaisesRegex(ValidationError, "Repeats: "):
            draft.create({"name": "x"})
        with self.assertRaisesRegex(ValidationError, "Repeats: "):
            draft.write({"repeat_of_id": hidden.id})
        self.accept(hidden)
        draft.write({"repeat_of_id": hidden.id})
        self.assertEqual(draft.repeat_of_id, hidden)
