"""One renderer and one door into the mail queue for all our mails."""

import logging
import time
from unittest.mock import patch

from markupsafe import Markup

from odoo.tests import tagged
from odoo.tools import html2plaintext, mute_logger

from .problems import ProblemCase

_logger = logging.getLogger(__name__)

RENDERER = "odoo.addons.ops_handbook.models.mixins.ops_notice_render"


@tagged("post_install", "-at_install")
class TestOpsNotice(ProblemCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.notice = cls.env["ops.notice"]
        cls.template = cls.env["mail.template"].create({
            "name": "Test", "model_id": cls.env["ir.model"]._get_id("hr.department"),
            "subject": "{{ object.name }}: {{ ctx.get('count', 0) }} <b>",
            "body_html": '<p>Hello <t t-out="user.name"/>, <a href="/web">open</a> <t t-out="text or \'\'"/></p>',
        })
        cls.template.with_context(lang="fr_FR").body_html = '<p>Bonjour <t t-out="user.name"/></p>'

    def mail(self, **values):
        return {"object": self.department, "user": self.employee, "count": 2, "text": "<i>", **values}

    def test_subject_body_sender_and_receiver(self):
        mail = self.notice._queue(self.template, [self.mail()])
        self.assertEqual(mail.subject, f"{self.department.name}: 2 <b>")
        self.assertIn(f"Hello {self.employee.name}, ", mail.body_html)
        self.assertIn("&lt;i&gt;", mail.body_html)
        self.assertIn(f'href="{self.department.get_base_url()}/web"', mail.body_html, "a mail knows no relative links")
        self.assertEqual((mail.recipient_ids, mail.email_to), (self.employee.partner_id, False))
        self.assertEqual((mail.email_from, mail.author_id), (self.company.email_formatted, self.company.partner_id))
        self.assertEqual((mail.model, mail.res_id, mail.state, mail.ops_notice), (False, False, "outgoing", True))
        self.assertIn("auto-generated", mail.headers)

    def test_each_in_the_language_of_the_receiver(self):
        self.employee.lang = "fr_FR"
        partner = self.env["res.partner"].create({"name": "Guest", "email": "guest@example.com", "lang": "fr_FR"})
        mails = self.notice._queue(self.template, [
            self.mail(), self.mail(user=self.colleague), self.mail(user=None, partner=partner),
            self.mail(user=None, email="a@example.com", lang="fr_FR"), self.mail(user=None, email="b@example.com"),
        ])
        words = {mail.recipient_ids.name or mail.email_to: html2plaintext(mail.body_html).split()[0] for mail in mails}
        self.assertEqual(words, {
            self.employee.name: "Bonjour", self.colleague.name: "Hello", "Guest": "Bonjour", "a@example.com": "Bonjour",
            "b@example.com": "Hello",
        })

    def test_selection_labels_are_in_the_language_of_the_receiver(self):
        """A ``t-field`` in a template speaks the receiver's language, not that of whoever pressed the button."""
        self.template.with_context(lang="fr_FR").body_html = '<p t-out="object.env.lang"/>'
        self.employee.lang = "fr_FR"
        self.assertEqual(self.notice._queue(self.template, [self.mail()]).body_html, "<p>fr_FR</p>")

    def test_attachments_are_linked(self):
        files = self.env["ir.attachment"].create([{"name": "a.txt", "raw": b"a"}, {"name": "b.txt", "raw": b"b"}])
        self.template.attachment_ids = files[0]
        mails = self.notice._queue(self.template, [self.mail(attachments=files[1]), self.mail(user=self.colleague)])
        self.assertEqual([mail.attachment_ids for mail in mails], [files, files[0]])

    @mute_logger(RENDERER)
    def test_a_broken_template_falls_back_to_plain_text(self):
        self.env.cr.execute(
            "UPDATE mail_template SET body_html = jsonb_build_object('en_US', %s) WHERE id = %s",
            ('<p t-out="1 / 0">x</p>', self.template.id),
        )
        self.env.invalidate_all()
        mails = self.notice._queue(self.template, [
            self.mail(), self.mail(plain=Markup("<p>Plain</p>"), summary="Summary"),
        ])
        self.assertIn(f"/odoo/hr.department/{self.department.id}", mails[0].body_html)
        self.assertEqual(mails[0].subject, self.department.display_name)
        self.assertEqual((mails[1].body_html, mails[1].subject), ("<p>Plain</p>", "Summary"))

    def test_a_template_that_is_gone(self):
        mails = [self.mail(), self.mail(plain=Markup("<p>Plain</p>"), summary="Summary")]
        self.assertEqual(self.notice._queue("ops_handbook.no_such_template", mails).subject, "Summary")
        self.template.active = False  # unlike a deletion this outlives an upgrade
        self.assertEqual(self.notice._queue(self.template, mails).subject, "Summary")

    def test_the_templates_own_receivers(self):
        """Without a receiver in the mail the fields of the template say whom it reaches, as administrators see them."""
        self.template.write({
            "email_to": "{{ object.name }}@example.com", "email_cc": "cc@example.com", "email_from": "x@example.com",
            "lang": "fr_FR", "partner_to": "{{ user.partner_id.id }}", "reply_to": "answers@example.com",
        })
        mail = self.notice._queue(self.template, [{"object": self.department}])
        self.assertEqual(mail.recipient_ids, self.env.user.partner_id)
        self.assertEqual(mail.email_to, f"{self.department.name}@example.com")
        self.assertEqual((mail.email_cc, mail.email_from, mail.reply_to),
                         ("cc@example.com", "x@example.com", "answers@example.com"))
        self.assertIn("Bonjour", mail.body_html)
        self.template.write({"email_to": False, "partner_to": False})
        self.assertFalse(self.notice._queue(self.template, [{"object": self.department}]), "nobody is named")

    def test_nobody_needs_rights_to_be_told(self):
        notice = self.notice.with_user(self.newcomer)
        mail = notice._queue(self.template, [self.mail(object=self.department.with_user(self.newcomer))])
        self.assertEqual(mail.recipient_ids, self.employee.partner_id)


@tagged("post_install", "-at_install")
class TestManyNotices(ProblemCase):
    """A thousand reporters are told in a constant number of statements (they were told one by one)."""

    def measure(self, tell):
        """Return statements, seconds and compiled texts that ``tell()`` takes."""
        qweb = type(self.env["ir.qweb"])
        compiled, generate = [], qweb._generate_code
        self.env.flush_all()
        self.env.invalidate_all()
        with patch.object(qweb, "_generate_code", lambda engine, source: compiled.append(1) or generate(engine, source)):
            statements, start = self.env.cr.sql_log_count, time.process_time()
            tell()
            self.env.flush_all()
        return self.env.cr.sql_log_count - statements, time.process_time() - start, len(compiled)

    def test_a_thousand_notices(self):
        problems = self.report_many(1_000)
        template = self.env.ref("ops_handbook.ops_problem_mail_received").sudo()
        problems[:1]._notify("ops_problem_mail_received")  # what is cached at the first time
        few, _seconds, _compiled = self.measure(lambda: problems[:20]._notify("ops_problem_mail_received"))
        many, seconds, compiled = self.measure(lambda: problems._notify("ops_problem_mail_received"))
        one_by_one, slow, _compiled = self.measure(lambda: template.send_mail_batch(problems[:200].ids))
        _logger.info("1,000 notices: %s SQL, %.2f s; 200 of send_mail_batch: %s SQL, %.2f s", many, seconds, one_by_one, slow)
        self.assertFalse(compiled, "the template has been compiled before")
        self.assertLess(many, few + 25, "reading and writing in Odoo's own batches")
        self.assertLess(seconds, slow, "a thousand of ours beside 200 of Odoo's")


@tagged("post_install", "-at_install")
class TestTexts(ProblemCase):

    def test_the_menu_shows_our_texts_and_no_others(self):
        """Changing a text needs no programmer: Configuration, Mail Texts, also those that speak to a person."""
        other = self.env["mail.template"].create({"name": "Other", "model_id": self.env["ir.model"]._get_id("res.users")})
        action = self.env.ref("ops_handbook.mail_template_action").with_user(self.admin_ops).run()
        shown = self.env["mail.template"].with_user(self.admin_ops).search(action["domain"])
        ours = self.env["ir.model.data"].search([("module", "=", "ops_handbook"), ("model", "=", "mail.template")])
        self.assertEqual(set(shown.ids), set(ours.mapped("res_id")))
        self.assertIn("res.users", shown.mapped("model"))
        self.assertNotIn(other, shown)
        for user, expected in ((self.admin_ops, True), (self.employee, False)):
            menus = self.env["ir.ui.menu"].with_user(user)._visible_menu_ids()
            menu = self.env.ref("ops_handbook.mail_template_menu")
            self.assertEqual({menu.id, menu.parent_id.id} <= set(menus), expected, user.login)


@tagged("post_install", "-at_install")
class TestSentNotices(ProblemCase):

    def test_what_is_not_to_be_kept_is_deleted_when_it_was_sent(self):
        """The private link of a report stays in no table: templates with *Auto Delete* hold for our own sending too."""
        kept, gone = self.env["mail.mail"].create([
            {"subject": "kept", "auto_delete": False, "ops_notice": True, "state": "sent"},
            {"subject": "gone", "auto_delete": True, "ops_notice": True, "state": "sent"},
        ])
        failed = gone.copy({"state": "exception"})
        (kept | gone | failed)._ops_forget_sent()
        self.assertEqual((kept | gone | failed).exists(), kept | failed)
        self.report()
        self.assertTrue(self.env["mail.mail"].sudo().search([("ops_notice", "=", True)], order="id desc", limit=1).auto_delete)
