"""Versions of articles: written, reviewed by somebody else, published, superseded; H1, D1 and R1 of them."""

from datetime import date

from psycopg2.errors import UniqueViolation

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..tools import token
from .handbook import TEXT, HandbookCase


@tagged("post_install", "-at_install")
class TestArticleVersion(HandbookCase):
    # -- writing -------------------------------------------------------------------------------------------------------

    def test_draft_begins_on_what_is_published(self):
        first = self.publish(self.step, name="Hand it in")
        second = self.step.with_user(self.operations)._revise("en_US")
        self.assertEqual((second.base_id, second.name, second.body, second.change_kind), (first, "Hand it in", first.body, "minor"))
        self.assertEqual(self.step.with_user(self.gm_office)._revise("en_US"), second, "one open draft per article and language")

    def test_first_text_is_major_and_its_translation_minor(self):
        """What nobody has read yet is to be confirmed; nobody confirms again because there is a translation now."""
        main = self.draft(self.step)
        self.assertEqual(main.change_kind, "major")
        self.assertEqual(self.draft(self.step, lang="zh_CN", name="提交").change_kind, "major", "nothing is published yet")
        self.publish(self.process)
        self.assertEqual(self.draft(self.process, lang="zh_CN", name="分解").change_kind, "minor")
        self.publish(self.chapter, lang="zh_CN", name="月度计划")
        self.assertEqual(self.draft(self.chapter).change_kind, "major", "whoever reads the main language was not asked yet")

    def test_one_open_draft_per_language(self):
        self.draft(self.step)
        values = {"article_id": self.step.id, "name": "Another", "lang_id": self.english.id}
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation):
            self.Version.with_user(self.operations).create(values)
        self.assertEqual(self.draft(self.step, lang="zh_CN", name="提交").lang_id, self.chinese)

    def test_owner_writes_but_no_other_employee(self):
        self.step.owner_id = self.employee
        version = self.draft(self.step, user=self.employee)
        self.assertEqual(version.author_id, self.employee)
        version.action_submit()
        self.publish(self.process)
        with self.refused(AccessError, "Propose a change"):
            self.process.with_user(self.employee)._revise()

    def test_a_language_that_is_none(self):
        for nonsense in ("xx_XX", [["id", "in", [1, 2]]], 7):
            with self.assertRaisesRegex(ValidationError, "Language"):
                self.step.with_user(self.operations).action_revise(nonsense)

    def test_version_stays_where_it_was_begun(self):
        version = self.draft(self.step)
        with self.refused(ValidationError, "stays where it was begun"):
            version.article_id = self.process
        with self.refused(ValidationError, "stays where it was begun"):
            version.lang_id = self.chinese

    def test_empty_text_is_not_handed_in(self):
        version = self.draft(self.step, body="<p><br></p>")
        with self.refused(UserError, "says nothing yet"):
            version.action_submit()

    # -- who publishes -------------------------------------------------------------------------------------------------

    def test_nobody_publishes_what_they_wrote(self):
        """D1: neither who wrote it, nor who wrote in it, nor who handed it in publishes it."""
        version = self.draft(self.step, user=self.gm_office)
        version.with_user(self.operations).write({"reason": "Clearer"})
        version.with_user(self.operations).action_submit()
        for user in (self.gm_office, self.operations):
            with self.refused(AccessError, "never by whoever"):
                version.with_user(user).action_publish()
        version.with_user(self.gm).action_publish()
        self.assertEqual((version.state, version.published_by_id), ("published", self.gm))

    def test_editing_a_draft_is_writing_it(self):
        version = self.draft(self.step)
        version.with_user(self.gm_office).body = TEXT + "<p>More</p>"
        version.action_submit()
        self.assertFalse(version.with_user(self.gm_office).can_publish)
        self.assertTrue(version.with_user(self.gm).can_publish)

    def test_whatever_is_published_was_written_by_somebody(self):
        """Who has to read it again, and why it changes, is said by whoever writes: they do not publish it."""
        for article, values in ((self.step, {"change_kind": "minor"}), (self.process, {"reason": "Clearer"})):
            version = self.draft(article)
            version.with_user(self.gm_office).write(values)
            version.action_submit()
            self.assertFalse(version.with_user(self.gm_office).can_publish, values)
            self.assertTrue(version.with_user(self.gm).can_publish, values)

    def test_exchanging_a_picture_is_writing(self):
        """A picture of a draft is part of its text; a file that it does not show is none."""
        files = self.env["ir.attachment"]
        for article, change in (
            (self.step, lambda picture: picture.write({"raw": b"another"})), (self.process, lambda picture: picture.unlink()),
        ):
            upload = files.with_user(self.operations).create({"name": "a.png", "raw": b"one"})
            version = self.draft(article, body=f'<p><img src="/web/image/{upload.id}/a.png"></p>')
            other = files.with_user(self.gm_office).create({
                "name": "b.png", "raw": b"two", "res_model": version._name, "res_id": version.id,
            })
            self.assertEqual((upload.res_id, version.writer_ids), (version.id, self.operations))
            change(upload.with_user(self.gm_office))
            self.assertEqual(version.writer_ids, self.operations | self.gm_office)
            other.unlink()
            version.action_submit()
            self.assertFalse(version.with_user(self.gm_office).can_publish)
            self.assertTrue(version.with_user(self.gm).can_publish)

    def test_named_approvers_publish_and_nobody_else(self):
        """D1: of one approver it is that person's, in My work."""
        self.handbook.approver_ids = self.other_head
        version = self.submit(self.step)
        owed = self.owed("D1", ("source_model", "=", version._name), ("source_id", "=", version.id))
        self.assertEqual((owed.role, owed.responsible_id), ("reviewer", self.other_head))
        with self.refused(AccessError, "decided by somebody else"):
            version.with_user(self.gm_office).action_publish()
        self.assertEqual(version.with_user(self.other_head).read(["name"])[0]["name"], version.name)
        version.with_user(self.other_head).action_publish()
        self.assertEqual((owed.state, owed.done_by_id), ("done", self.other_head))

    def test_office_decides_where_nobody_or_several_are_named(self):
        """D1"""
        self.assertEqual(self._decision(self.submit(self.step)).role, "gm_office")
        self.assertEqual(self._decision(self.submit(self.process, user=self.gm_office)).role, "general_manager")
        self.handbook.approver_ids = self.other_head | self.head
        self.assertEqual(self._decision(self.submit(self.chapter)).mapped("role"), ["gm_office"])

    def test_nobody_names_themself_to_publish(self):
        """D1: who configures does not approve; somebody else may name them, and they others."""
        handbook, both = self.handbook.with_user(self.admin_ops), self.company | self.branch
        self.env["ops.substitution"].create({
            "user_id": self.gm_office.id, "substitute_id": self.admin_ops.id, "date_from": "2027-01-18", "date_to": "2027-01-29",
        })
        for users in (self.admin_ops, self.other_head | self.admin_ops, self.gm_office):
            with self.refused(AccessError, "you cannot name yourself"), self.cr.savepoint():
                handbook.approver_ids = users
            with self.refused(AccessError, "you cannot name yourself"), self.cr.savepoint():
                handbook.create({"name": "Mine", "company_id": self.company.id, "approver_ids": [Command.set(users.ids)]})
        handbook.approver_ids = self.other_head
        second = self._create_user("second.administrator", "ops_handbook.group_administrator", both)
        handbook.with_user(second).approver_ids = self.other_head | self.admin_ops
        handbook.approver_ids = self.head | self.admin_ops
        self.assertEqual(self.handbook.approver_ids, self.head | self.admin_ops)

    def test_approver_who_wrote_it_leaves_it_to_the_office(self):
        self.handbook.approver_ids = self.operations
        version = self.submit(self.step)
        self.assertEqual(self._decision(version).role, "gm_office")
        version.with_user(self.gm_office).action_publish()

    def test_only_approver_leaves(self):
        """D1: the office decides then, neither the head of whoever wrote it nor operations; R1 stays with its author."""
        self.handbook.approver_ids = self.other_head
        owed, rework = self._decision(self.submit(self.step)), self.submit(self.process)
        rework.with_user(self.other_head).action_return("Too short")
        self.other_head.active = False
        self.assertEqual((owed.role, owed.responsible_id), ("gm_office", self.env["res.users"]))
        own = self.owed("R1", ("source_model", "=", rework._name), ("source_id", "=", rework.id))
        self.assertEqual(own.responsible_id, self.operations)

    def test_other_approvers(self):
        """D1 follows whom the handbook names; what is decided already stays as it was."""
        version, decided = self.submit(self.step), self.publish(self.process)
        owed, done = self._decision(version), self._decision(decided)
        handbook = self.handbook.with_user(self.admin_ops)
        for approvers, role, user in (
            (self.other_head, "reviewer", self.other_head),
            (self.head, "reviewer", self.head),
            (self.operations, "gm_office", self.env["res.users"]),  # wrote it
            (self.head | self.other_head, "gm_office", self.env["res.users"]),
        ):
            handbook.approver_ids = approvers
            self.assertEqual((owed.role, owed.responsible_id), (role, user))
        self.assertEqual((done.state, done.role), ("done", "gm_office"))
        handbook.approver_ids = self.head
        version.with_user(self.head).action_publish()
        self.assertEqual((owed.state, owed.done_by_id), ("done", self.head))

    def _decision(self, version):
        return self.owed("D1", ("source_model", "=", version._name), ("source_id", "=", version.id))

    def test_return_asks_for_rework(self):
        """R1, D1: returned with a reason, reworked, decided in a second round."""
        version = self.submit(self.step)
        with self.refused(UserError, "Reason"):
            version.with_user(self.gm_office).action_return("")
        version.with_user(self.gm_office).action_return("Too short")
        rework = self.owed("R1", ("source_id", "=", version.id), ("source_model", "=", version._name))
        self.assertEqual((rework.state, rework.responsible_id), ("open", self.operations))
        version.body = TEXT + "<p>Longer</p>"
        version.action_submit()
        self.assertEqual(rework.state, "done")
        self.assertEqual(self._decision(version).mapped("state"), ["open", "done"][::-1])

    def test_a_version_is_not_closed(self):
        version = self.submit(self.step)
        approver = version.with_user(self.gm_office)
        with self.refused(UserError, "published, not closed"):
            approver.action_close()
        self.assertTrue(approver.action_accept() and version.state == "published")

    # -- publishing ----------------------------------------------------------------------------------------------------

    def test_publishing_takes_the_place_of_the_one_before(self):
        first = self.publish(self.step)
        second = self.publish(self.step, name="Hand in the breakdown", body="<p>New</p>")
        self.assertEqual((first.state, second.state, first.version, second.version), ("superseded", "published", 1, 2))
        self.assertEqual((first.superseded_on, first.body), (second.published_on, TEXT))
        self.assertEqual((self.step.name, self.step.is_published), ("Hand in the breakdown", True))

    def test_languages_are_published_each_on_their_own(self):
        self.publish(self.step, name="Hand in")
        chinese = self.publish(self.step, lang="zh_CN", name="提交", body="<p>每月25日前。</p>")
        self.assertEqual(chinese.version, 1)
        self.assertEqual((self.step.name, self.step.with_context(lang="zh_CN").name), ("Hand in", "提交"))
        english, reader = self.publish(self.process), self.Article.with_context(lang="zh_CN")
        self.assertEqual(reader.browse(self.step.id).current_version_id, chinese)
        self.assertEqual(reader.browse(self.process.id).current_version_id, english, "the main language stands in")

    def test_outdated_draft_says_who_published_what(self):
        """Optimistic: a draft that was written on something else than what is published is not published."""
        self.publish(self.step)
        version = self.submit(self.step, body="<p>Late</p>")
        token.marked(version.sudo()).write({"base_id": False})
        with self.refused(UserError, "Gmoffice published version 1 of “Hand in” on 01/20/2027"):
            version.with_user(self.gm_office).action_publish()

    def test_many_are_published_in_a_constant_number_of_statements(self):
        articles = self.Article.union(*(self.article(f"Article {index}", parent=self.chapter) for index in range(12)))
        versions = articles.with_user(self.operations)._revise("en_US")
        versions.write({"body": TEXT})
        versions.action_submit()
        self.env.flush_all()
        self.env.invalidate_all()
        versions[:2].with_user(self.gm_office).action_publish()
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        versions[2:].with_user(self.gm_office).action_publish()
        self.env.flush_all()
        self.assertLess(self.env.cr.sql_log_count - before, 120)
        self.assertEqual(set(versions.mapped("version")), {1})

    # -- immutable -----------------------------------------------------------------------------------------------------

    def test_pictures_of_a_published_text_are_its_own(self):
        """What an upload shows later is not what was published; and no file becomes readable by its number."""
        files = self.env["ir.attachment"]
        upload = files.with_user(self.operations).create({"name": "a.png", "raw": b"one"})
        elsewhere = files.create({"name": "b.png", "raw": b"two", "res_model": "res.partner", "res_id": self.operations.partner_id.id})
        secret = files.with_user(self.gm).create({"name": "secret.png", "raw": b"three"})
        pictures = "".join(f'<img src="/web/image/{file.id}-abc/x.png?access_token=xyz">' for file in (upload, elsewhere, secret))
        version = self.publish(self.step, body=f"<p>{pictures}</p>")
        held = files.search([("res_model", "=", version._name), ("res_id", "=", version.id)], order="id")
        self.assertEqual(held.mapped("raw"), [b"one", b"two"])
        copy = held - upload
        self.assertIn(f"/web/image/{upload.id}-abc/x.png", version.body)
        self.assertIn(f'"/web/image/{copy.id}/x.png"', version.body)
        self.assertNotIn("xyz", version.body)
        self.assertEqual(copy.with_user(self.employee).raw, b"two")
        self.assertFalse(secret.with_user(self.employee).has_access("read"))
        for user in (self.operations, self.gm_office, self.admin_ops):
            for file in held.with_user(user):
                with self.assertRaises(AccessError):
                    file.raw = b"forged"
                with self.assertRaises(AccessError):
                    file.unlink()
        # the next version shows them as its own, since nobody reads those of the one before any more
        following = self.publish(self.step, body=version.body + "<p>More</p>")
        self.assertNotIn(f"/web/image/{copy.id}/", following.body)
        self.assertEqual(len(files.search([("res_model", "=", version._name), ("res_id", "=", following.id)])), 2)

    def test_title_of_a_published_article_is_published(self):
        self.publish(self.step)
        with self.refused(UserError, "Publish a version with another title"):
            self.step.with_user(self.operations).name = "Forged"
        with self.assertRaises(UserError):
            self.step.with_user(self.admin_ops).update_field_translations("name", {"zh_CN": "伪造"})
        for name, value in (("is_published", False), ("standard_ids", [Command.clear()]), ("scope_group_ids", [])):
            with self.assertRaises(UserError):
                self.step.with_user(self.operations).write({name: value})

    def test_text_is_clean_through_every_door(self):
        """Hostile HTML is text afterwards: create, write, import, from the article."""
        hostile = '<p onclick="x()">Hi<script>alert(1)</script><iframe src="//x"></iframe></p>'
        version = self.draft(self.step, body=hostile)
        self.assertEqual(version.body, "<p>Hi</p>")
        mimic = '<div class="position-fixed modal">Hi</div>'  # Odoo's own cleaning leaves this as it is
        begun = self.Version.with_user(self.operations).with_context(default_body=mimic).create({
            "article_id": self.chapter.id, "name": "By default",
        })
        self.assertNotIn("modal", begun.body)
        self.assertFalse(self.Version.with_user(self.operations).load([".id", "body"], [[str(version.id), hostile]])["messages"])
        self.assertEqual(version.body, "<p>Hi</p>")
        self.process.with_user(self.operations).version_ids = [
            Command.create({"name": "Through", "body": hostile, "lang_id": self.english.id})
        ]
        self.assertEqual(self.process.version_ids.body, "<p>Hi</p>")

    # -- H1 --------------------------------------------------------------------------------------------------------------

    def test_review_is_owed_when_its_date_comes(self):
        """H1: publishing sets the next review, by the handbook's months; the owner owes it."""
        self.step.owner_id = self.employee
        self.publish(self.step)
        owed = self.owed("H1")
        self.assertEqual(self.step.date_review, date(2028, 1, 20))
        self.assertEqual((owed.responsible_id, owed.state, owed.date_due), (self.employee, "open", self.utc("2028-01-20 23:59:59")))
        self.publish(self.step, body="<p>New</p>")
        self.assertEqual(self.owed("H1").mapped("state"), ["done", "open"])

    def test_reviewed_without_a_change(self):
        """H1: whoever looks it through says what they looked at; nobody puts it off by writing a date."""
        self.publish(self.step)
        owed = self.owed("H1")
        self.assertEqual((owed.role, owed.responsible_id), ("operations", self.env["res.users"]))
        with self.refused(UserError, "follows from the last one"):
            self.step.with_user(self.operations).date_review = "2040-01-01"
        with self.refused(UserError, "only a published article is reviewed"):
            self.step.with_user(self.employee).action_reviewed("Looked at it")
        with self.at("2027-12-01 10:00"):
            self.step.with_user(self.operations).action_reviewed("Still true")
        self.assertEqual((owed.state, self.step.date_review), ("done", date(2028, 12, 1)))

    def test_review_follows_date_owner_and_archive(self):
        """H1; of a handbook that is never reviewed nothing is owed."""
        self.handbook.review_months = 0
        self.publish(self.process)
        self.assertFalse(self.owed("H1") or self.process.date_review)
        self.handbook.review_months = 12
        self.publish(self.step)
        owed = self.owed("H1")
        self.step.with_user(self.admin_ops).write({"date_review": "2027-06-30", "owner_id": self.employee.id})
        self.assertEqual((owed.date_due, owed.responsible_id), (self.utc("2027-06-30 23:59:59"), self.employee))
        self.step.with_user(self.admin_ops).active = False
        self.assertEqual(owed.state, "cancelled")
        self.step.with_user(self.admin_ops).active = True
        again = self.owed("H1") - owed
        self.assertEqual((again.state, again.round, again.date_due), ("open", owed.round + 1, owed.date_due))
        self.step.with_user(self.admin_ops).active = True
        self.assertEqual(self.owed("H1"), owed | again, "it was in use already")

    def test_review_follows_the_handbook(self):
        """H1: nothing of a handbook that is archived is looked through, until it is in use again."""
        self.publish(self.step)
        self.publish(self.process)
        self.process.with_user(self.admin_ops).active = False
        owed = self.owed("H1", ("source_id", "=", self.step.id))
        self.handbook.with_user(self.admin_ops).active = False
        self.assertEqual(owed.state, "cancelled")
        self.step.with_user(self.admin_ops).date_review = "2027-06-30"
        self.process.with_user(self.admin_ops).active = True
        self.assertFalse(self.owed("H1", ("state", "=", "open")), "it is part of what is archived")
        self.process.with_user(self.admin_ops).active = False
        self.handbook.with_user(self.admin_ops).active = True
        again = self.owed("H1", ("state", "=", "open"))
        self.assertEqual((again.source_id, again.date_due), (self.step.id, self.utc("2027-06-30 23:59:59")))
