"""The tree of a handbook: numbers, order, for whom an article is, and who finds it."""

from psycopg2.errors import ForeignKeyViolation

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .handbook import HandbookCase


@tagged("post_install", "-at_install")
class TestArticle(HandbookCase):
    # -- the tree ------------------------------------------------------------------------------------------------------

    def test_numbers_and_order_of_the_book(self):
        first = self.article("Purpose", parent=self.chapter, sequence=5)
        book = self.Article.search([("handbook_id", "=", self.handbook.id)])
        self.assertEqual(
            [(article.outline, article.name) for article in book],
            [("1", "Monthly plan"), ("1.1", "Purpose"), ("1.2", "Breakdown"), ("1.2.1", "Hand in"), ("2", "Sales")],
        )
        self.assertEqual(self.step.display_name, "1.2.1 Hand in")
        first.with_user(self.operations).sequence = 20
        self.assertEqual((first.outline, self.step.outline), ("1.2", "1.1.1"))
        first.with_user(self.operations).active = False
        self.process.with_user(self.operations).parent_id = False
        self.assertEqual((self.process.outline, self.step.outline, self.other_chapter.outline), ("2", "2.1", "3"))

    def test_numbers_are_the_same_for_whoever_reads_less(self):
        self.publish(self.other_chapter)
        self.assertEqual(self.other_chapter.with_user(self.liaison).outline, "2")

    def test_no_cycle_and_one_handbook(self):
        with self.refused(ValidationError, "part of itself"):
            self.chapter.parent_id = self.step
        other = self.env["ops.handbook"].create({"name": "Another", "company_id": self.company.id})
        with self.refused(ValidationError, "is in another handbook"):
            self.article("Stray", parent=self.chapter, handbook_id=other.id)
        with self.refused(ValidationError, "stays in its handbook"):
            self.step.with_user(self.operations).handbook_id = other

    def test_what_has_texts_is_archived_not_deleted(self):
        self.publish(self.step)
        with self.refused(UserError, "archive it instead"):
            self.step.with_user(self.operations).unlink()
        with self.refused(UserError, "Archive it"):
            self.handbook.with_user(self.admin_ops).unlink()
        with self.refused(UserError, "Archive it"):
            self.handbook.with_user(self.admin_ops).company_id = self.branch
        self.other_chapter.with_user(self.operations).unlink()

    def test_machinery_is_not_given_at_creation(self):
        forged = {"is_published": True, "is_listed": True, "sort_path": "0", "scope_group_ids": [Command.set([1])]}
        for values, context in ((forged, {}), ({}, {f"default_{name}": value for name, value in forged.items()})):
            article = self.Article.with_user(self.operations).with_context(**context).create(
                {"name": "Forged", "handbook_id": self.handbook.id, **values}
            )
            self.assertFalse(article.is_published or article.is_listed or article.scope_group_ids)
            self.assertNotEqual(article.sort_path, "0")

    # -- for whom ------------------------------------------------------------------------------------------------------

    def scope(self, article):
        found = article._effective_scope()[article.id]
        return found["departments"], found["groups"], found["company"]

    def test_scope_comes_from_above(self):
        nothing = self.env["hr.department"], self.env["res.groups"], self.company
        self.assertEqual(self.scope(self.step), nothing)
        heads = self.env.ref("ops_handbook.group_head")
        self.handbook.with_user(self.admin_ops).group_ids = heads
        self.chapter.with_user(self.operations).department_ids = self.department
        workshop = self.department | self.sub_department
        self.assertEqual(self.scope(self.step), (workshop, heads, self.company))
        self.step.with_user(self.operations).department_ids = self.sub_department
        self.assertEqual(self.scope(self.step)[0], self.sub_department)
        self.step.with_user(self.operations).write({"department_ids": [Command.clear()], "parent_id": self.other_chapter.id})
        self.assertEqual(self.scope(self.step)[0], self.other_department)

    def test_scope_follows_the_departments(self):
        self.chapter.with_user(self.operations).department_ids = self.department
        third = self._create_department("Paint shop", parent=self.department)
        self.assertIn(third, self.scope(self.step)[0])
        third.parent_id = self.other_department
        self.assertNotIn(third, self.scope(self.step)[0])
        self.assertIn(third, self.scope(self.other_chapter)[0])

    def test_a_scope_does_not_become_everybody(self):
        """Deleting the department for which something is written would show it to all."""
        department = self._create_department("Short-lived")
        self.other_chapter.department_ids = department
        self.env.flush_all()
        with mute_logger("odoo.sql_db"), self.assertRaises(ForeignKeyViolation) as caught:
            department.unlink()
            self.env.flush_all()
        self.assertIn("ops_article", str(caught.exception))

    def test_both_directions_agree_with_each_other_and_with_the_rules(self):
        """_users_in_scope, _in_scope_of and the record rules say the same of everybody who leads and owns nothing."""
        self.step.department_ids = self.sub_department
        self.process.group_ids = self.env.ref("ops_handbook.group_head")
        articles = self.chapter | self.process | self.step | self.other_chapter
        for article in articles:
            self.publish(article)
        users, told = articles._users_in_scope(), {}
        people = (
            self.employee | self.colleague | self.newcomer | self.liaison | self.head | self.other_head | self.branch_employee
            | self.branch_head | self.portal
        )
        for user in people:
            told[user] = articles._in_scope_of(user)
            self.assertEqual(told[user], articles.filtered(lambda item, user=user: user in users[item.id]), user.login)
            if user != self.portal:
                self.assertEqual(self.Article.with_user(user).search([("id", "in", articles.ids)]), told[user] | (
                    articles.filtered(lambda item, user=user: item.scope_department_ids & user.ops_department_ids)
                ), user.login)
        self.assertEqual(told[self.employee], self.chapter)
        self.assertEqual(told[self.colleague], self.chapter, "not a head")
        self.assertEqual(told[self.branch_employee], self.chapter, "a branch reads the handbook of its company")
        self.assertEqual(told[self.other_head], self.chapter | self.process | self.other_chapter)
        self.assertFalse(told[self.portal])

    def test_another_company_reads_nothing(self):
        stranger = self._create_user("stranger", companies=self._create_company("Elsewhere", "Asia/Tokyo", "base.jp"))
        self.publish(self.step)
        self.assertFalse(self.Article.with_user(stranger).search([("handbook_id", "=", self.handbook.id)]))
        self.assertNotIn(stranger, self.step._users_in_scope()[self.step.id])
        common = self.env["ops.handbook"].create({"name": "For all", "company_id": False, "lang_id": self.english.id})
        article = self.article("Everywhere", handbook_id=common.id)
        version = self.publish(article)
        self.assertEqual(version.with_user(stranger).name, "Everywhere")
        self.assertIn(stranger, article._users_in_scope()[article.id])
        self.assertEqual(self.owed("H1", ("source_id", "=", article.id)).company_id, self.company)

    def test_scopes_of_many_cost_the_same(self):
        articles = self.Article.with_user(self.operations).create([
            {"name": f"Article {index}", "handbook_id": self.handbook.id, "parent_id": self.chapter.id} for index in range(30)
        ]).with_env(self.env)
        for index, article in enumerate(articles[:6]):
            article.department_ids = (self.department, self.other_department)[index % 2]
        for records in (articles[:2], articles):
            self.env.flush_all()
            self.env.invalidate_all()
            with self.assertQueryCount(8):
                records._users_in_scope()
            self.env.invalidate_all()
            with self.assertQueryCount(12):
                records._in_scope_of(self.employee)

    # -- who finds it --------------------------------------------------------------------------------------------------

    def test_readers_find_published_texts_only(self):
        self.draft(self.step)
        reader = self.Version.with_user(self.employee)
        self.assertFalse(reader.search([("article_id", "=", self.step.id)]))
        self.assertFalse(self.step.with_user(self.employee).has_access("read"))
        first = self.publish(self.step)
        second = self.publish(self.step, body="<p>New</p>")
        self.draft(self.step, body="<p>Newer</p>")
        self.assertEqual(reader.search([("article_id", "=", self.step.id)]), second)
        self.assertFalse(first.with_user(self.employee).has_access("read"))
        self.assertEqual(
            self.Article.with_user(self.employee).search([("handbook_id", "=", self.handbook.id)]),
            self.chapter | self.process | self.step, "the chapters above it as well",
        )
        self.chapter.with_user(self.operations).active = False
        self.step.with_user(self.operations).active = False
        self.assertFalse(reader.search([("article_id", "=", self.step.id)]), "archived")

    def test_administrators_configure_and_read_like_employees(self):
        version = self.draft(self.step)
        self.assertFalse(version.with_user(self.admin_ops).has_access("read"))
        self.step.with_user(self.admin_ops).department_ids = self.department
        with self.assertRaises(AccessError):
            self.step.with_user(self.admin_ops)._revise("en_US")

    def test_scope_of_what_is_published_is_the_administrators(self):
        self.publish(self.step)
        for values in ({"department_ids": [Command.set(self.department.ids)]}, {"parent_id": self.other_chapter.id},
                       {"group_ids": [Command.set(self.env.ref("ops_handbook.group_head").ids)]}):
            with self.refused(AccessError, "decided by the administrators"):
                self.step.with_user(self.operations).write(values)
        with self.refused(AccessError, "decided by the administrators"):
            self.chapter.with_user(self.gm_office).department_ids = self.department
        self.step.with_user(self.operations).parent_id = self.chapter  # for the same people
        self.step.with_user(self.admin_ops).department_ids = self.department
        self.assertEqual(self.scope(self.step)[0], self.department | self.sub_department)
