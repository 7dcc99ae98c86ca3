"""The announcement of what was published (H2): one mail for each person, with what changes and why."""

from unittest.mock import patch

from odoo.tests import tagged

from ..models.handbook import ops_article_reading_ask, ops_article_reading_notice, ops_article_version_reading
from .test_ops_article_reading import ReadingCase


@tagged("post_install", "-at_install")
class TestReadingNotice(ReadingCase):
    def body(self, user):
        """Return the text of the one announcement that somebody was sent."""
        mail = self.env["mail.mail"].sudo().search([("ops_notice", "=", True), ("recipient_ids", "in", user.partner_id.ids)])
        self.assertEqual(len(mail), 1)
        return mail.body_html

    def test_major_is_announced_to_whoever_is_asked(self):
        """With the reason and a link to what changed; not to those outside the scope."""
        self.major(self.other_chapter)
        self.env["mail.mail"].sudo().search([]).unlink()
        version = self.major(self.other_chapter, reason="Customers waited too long")
        self.assertEqual(self.told(self.liaison), ["Please read and confirm: Sales"])
        self.assertFalse(self.told(self.employee))
        body = self.body(self.liaison)
        self.assertIn("Customers waited too long", body)
        self.assertIn(f"/odoo/handbook/{self.other_chapter.id}?compare={version.id}", body)
        self.assertIn("version 2", body)

    def test_first_version_has_nothing_to_compare_with(self):
        self.major(self.chapter)
        self.assertNotIn("compare=", self.body(self.employee))

    def test_published_together_announced_together(self):
        """A whole handbook published at once: one mail a person, not one an article."""
        versions = self.Version.union(*(
            self.submit(article, change_kind="major") for article in (self.chapter, self.process, self.other_chapter)
        ))
        versions.with_user(self.gm_office)._publish_now()
        self.assertEqual(self.told(self.employee), ["Please read and confirm: 2 articles of the handbook"])
        self.assertEqual(self.told(self.liaison), ["Please read and confirm: 3 articles of the handbook"])
        self.assertEqual(len(self.mails()), len(self.everybody))
        self.assertIn("Breakdown", self.body(self.employee))

    def test_in_the_receivers_language(self):
        self.newcomer.lang = "zh_CN"
        self.publish(self.chapter, change_kind="minor")
        versions = self.Version.union(
            self.submit(self.chapter, change_kind="major"), self.submit(self.chapter, lang="zh_CN", name="月度计划", change_kind="major")
        )
        versions.with_user(self.gm_office)._publish_now()
        self.assertIn("月度计划", self.told(self.newcomer)[0])
        self.assertNotIn("Monthly plan", self.body(self.newcomer))
        self.assertIn("Monthly plan", self.body(self.employee))

    def test_minor_is_listed_only(self):
        """No mail; whoever may read it finds it among what is new."""
        version = self.publish(self.other_chapter, change_kind="minor")
        self.assertFalse(self.mails())
        action = self.env.ref("ops_handbook.ops_article_version_action_new")
        self.assertEqual(action.res_model, "ops.article.version")
        news = [("state", "=", "published"), ("in_my_language", "=", True)]
        self.assertIn(version, self.Version.with_user(self.liaison).search(news))
        self.assertNotIn(version, self.Version.with_user(self.employee).search(news))
        # in the reader's language; where there is no text in it, in another
        chinese = self.Version.with_user(self.liaison).with_context(lang="zh_CN")
        self.assertIn(version, chinese.search(news))
        translated = self.publish(self.other_chapter, lang="zh_CN", name="销售", change_kind="minor")
        self.assertEqual(chinese.search([*news, ("article_id", "=", self.other_chapter.id)]), translated)
        self.assertEqual((version | translated).with_user(self.liaison).filtered("in_my_language"), version)

    def test_large_publications_are_left_to_the_job(self):
        """Whoever publishes for thousands does not wait: the job asks and tells, batch by batch, each person once."""
        with (
            patch.object(ops_article_version_reading, "BATCH", 3), patch.object(ops_article_reading_ask, "BATCH", 3),
            patch.object(ops_article_reading_notice, "BATCH", 3),
        ):
            self.major(self.chapter)
            self.assertFalse(self.readings() or self.mails())
            self.job()
            self.assertEqual(self.readings().reader_id, self.everybody)
            self.assertEqual(len(self.mails()), len(self.everybody))
            self.assertTrue(all(self.readings().mapped("told_on")))
            self.job()
            self.assertEqual(len(self.mails()), len(self.everybody))
            self.env["mail.mail"].sudo().search([]).unlink()
            self.major(self.chapter)
            self.job()
            self.assertEqual(len(self.readings()), len(self.everybody))
            self.assertEqual(len(self.mails()), len(self.everybody))

    def test_statements_do_not_grow_with_the_readers(self):
        """Asking and telling twice as many people takes the same number of statements."""
        def measure(count, article):
            users = self.env["res.users"]
            for number in range(count):
                users |= self._create_user(f"{article.id}.{number}")
            department = self._create_department(f"D{article.id}")
            self._employ(users, department)
            article.sudo().department_ids = department
            version = self.submit(article, change_kind="major")
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            version.with_user(self.gm_office).action_publish()
            self.env.flush_all()
            self.assertEqual(self.readings(("article_id", "=", article.id)).reader_id, users)
            return self.env.cr.sql_log_count - before

        measure(1, self.chapter)
        few, many = measure(4, self.article("Four")), measure(16, self.article("Sixteen"))
        self.assertLessEqual(many, few + 3)
