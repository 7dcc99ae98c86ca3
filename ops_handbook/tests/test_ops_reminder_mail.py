"""What the reminders look like, by which channel they go, and what happens when the mail server is away."""

import json
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from unittest.mock import patch

from lxml import html

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.deadline import mail_mail
from ..tools import clock
from .test_ops_reminder import ReminderCommon

BROWSER_KEYS = {  # of a browser that was made for this test: the public half, and a shared secret
    "p256dh": "BNcRdreALRFXTkOOUHK1EtK2wtaz5Ry4YfYCA_0QTpQtUbVlUls0VJXg7A8u-Ts1XbjhazAkj7I99e8QcYP7DkM",
    "auth": "tBHItJI5svbpez7KI4CCXg",
}


class PushServer(BaseHTTPRequestHandler):
    """A push service as browsers have one: it takes what is encrypted and says so."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.received.append((self.path, dict(self.headers), body))
        self.send_response(self.server.answer)
        self.end_headers()

    def log_message(self, *args):
        """Be quiet."""


class MailCommon(ReminderCommon):
    def body(self, mail):
        return html.fromstring(mail.body_html)

    def text(self, mail):
        return " ".join(self.body(mail).text_content().split())


@tagged("post_install", "-at_install")
class TestReminderDigest(MailCommon):
    def test_names_what_is_owed_and_the_rule_and_links_to_the_form(self):
        item = self.owe()
        mail = self.remind("2026-11-24 09:00")
        text = self.text(mail)
        self.assertEqual(mail.subject, "1 due")
        for words in (item.display_name, item.standard_id.verb, "M6", item.standard_id.name, "1 day left", "Workshop"):
            self.assertIn(words, text)
        link = self.body(mail).xpath("//a/@href")[0]
        self.assertEqual(link, f"{self.env['ops.obligation'].get_base_url()}/odoo/ops.obligation/{item.id}")

    def test_link_opens_what_started_the_clock(self):
        source = self.env["res.partner"].create({"name": "source"})
        self.owe(source_model=source._name, source_id=source.id)
        mail = self.remind("2026-11-24 09:00")
        self.assertIn(f"/odoo/res.partner/{source.id}", self.body(mail).xpath("//a/@href")[0])

    def test_late_ones_first_and_counted_in_the_subject(self):
        with self.at("2026-11-21 10:00"):
            due = self.owe(due="2026-11-26 23:59:59", start="2026-11-02 09:00")
            late = self.owe(due="2026-11-20 23:59:59", start="2026-11-02 09:00")
        mails = self.remind("2026-11-23 09:00")
        mail = mails.filtered(lambda mail: self.head.partner_id in mail.recipient_ids)
        self.assertEqual(mail.subject, "1 due, 1 late")
        text = self.text(mail)
        self.assertLess(text.index(late.name), text.index(due.name))
        self.assertIn("2 days late", text)

    def test_in_the_language_of_the_receiver(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        item = self.owe()
        item.standard_id.with_context(lang="fr_FR").verb = "Remettre le rapport"
        template = self.env.ref("ops_handbook.ops_reminder_template_digest")
        french = template.body_html.replace("Hello", "Bonjour")
        template.with_context(lang="fr_FR").body_html = french
        self.owe(responsible=self.other_head)
        self.head.lang = "fr_FR"
        mails = self.remind("2026-11-20 09:00")
        by_reader = {mail.recipient_ids: self.text(mail) for mail in mails}
        self.assertIn("Remettre le rapport", by_reader[self.head.partner_id])
        self.assertIn("Bonjour", by_reader[self.head.partner_id])
        self.assertIn("Hello", by_reader[self.other_head.partner_id])
        self.assertIn(self.env["ops.standard"]._get("M6", self.company).verb, by_reader[self.other_head.partner_id])

    def test_edited_template_is_used_and_compiled_once(self):
        template = self.env.ref("ops_handbook.ops_reminder_template_digest")
        template.body_html = '<p>Edited for <t t-out="object.name"/>: <t t-out="len(lines or [])"/></p>'
        template.subject = "Edited: {{ ctx.get('summary', '') }}"
        people = self.head | self.other_head | self.gm_office
        for person in people:
            self.owe(responsible=person)
        qweb = type(self.env["ir.qweb"])
        compiled, compile_ = [], qweb._generate_code

        def generate(engine, source):
            compiled.append(source)
            return compile_(engine, source)

        with patch.object(qweb, "_generate_code", generate):
            mails = self.remind("2026-11-20 09:00")
        self.assertEqual(set(mails.mapped("subject")), {"Edited: 1 due"})
        self.assertEqual({self.text(mail) for mail in mails}, {f"Edited for {person.name}: 1" for person in people})
        self.assertEqual(len(compiled), 2, "subject and body, once each")

    @mute_logger("odoo.addons.ops_handbook.models.mixins.ops_notice_render")
    def test_broken_template_does_not_silence_reminders(self):
        template = self.env.ref("ops_handbook.ops_reminder_template_digest")
        self.env.cr.execute(
            "UPDATE mail_template SET body_html = jsonb_build_object('en_US', %s) WHERE id = %s",
            ('<p t-out="1 / 0">x</p>', template.id),
        )
        self.env.invalidate_all()
        item = self.owe()
        mail = self.remind("2026-11-20 09:00")
        self.assertIn(item.display_name, self.text(mail))
        self.assertTrue(self.body(mail).xpath("//a/@href"))

    def bring_the_stamp(self, item):
        """Give the first step of the ladder of an obligation a text of its own; return its template."""
        template = self.env["mail.template"].create({
            "name": "bring the stamp", "model_id": self.env["ir.model"]._get_id("ops.obligation"),
            "body_html": '<p>Bring the stamp to <t t-out="object.department_id.name"/>, <t t-out="user.name"/>.</p>',
        })
        item.standard_id.step_ids.filtered(lambda step: step.value == 3 and step.anchor == "before_due").template_id = template
        return template

    def test_text_of_a_step_of_its_own(self):
        self.bring_the_stamp(self.owe())
        self.assertIn("Bring the stamp to Workshop, Head.", self.text(self.remind("2026-11-20 09:00")))

    def test_text_of_a_step_is_rendered_once_in_a_language(self):
        """However many people it goes to; each reads what concerns them."""
        self.env["res.lang"]._activate_lang("fr_FR")
        self.gm_office.lang = "fr_FR"
        for user in (self.head, self.other_head, self.gm_office):
            for _number in range(2):
                item = self.owe(responsible=user)
        template, notice, rendered = self.bring_the_stamp(item), type(self.env["ops.notice"]), []
        template.with_context(lang="fr_FR").body_html = '<p>Apporter le tampon, <t t-out="user.name"/>.</p>'
        render = notice._render

        def counting(model, chosen, mails):
            if chosen.id == template.id:
                rendered.append((chosen.env.lang, len(mails)))
            return render(model, chosen, mails)

        with patch.object(notice, "_render", counting):
            mails = self.remind("2026-11-20 09:00")
        self.assertEqual(sorted(rendered), [("en_US", 4), ("fr_FR", 2)])
        by_reader = {mail.recipient_ids: self.text(mail) for mail in mails}
        for user, text in (
            (self.head, "Bring the stamp to Workshop, Head."), (self.other_head, "Bring the stamp to Workshop, Other Head."),
            (self.gm_office, f"Apporter le tampon, {self.gm_office.name}."),
        ):
            self.assertEqual(by_reader[user.partner_id].count(text), 2)

    def test_names_are_neutral(self):
        item = self.owe(name="<script>alert(1)</script>")
        mail = self.remind("2026-11-20 09:00")
        self.assertFalse(self.body(mail).xpath("//script"))
        self.assertIn("<script>alert(1)</script>", self.text(mail))
        self.assertTrue(item)

    def test_one_line_for_an_obligation_that_reaches_somebody_twice(self):
        item = self.owe(responsible=self.gm_office, department_id=self.gm_department.id)
        mails = self.remind("2026-11-30 09:00")
        mail = mails.filtered(lambda mail: self.gm_office.partner_id in mail.recipient_ids)
        self.assertEqual(self.text(mail).count(item.display_name), 1)


@tagged("post_install", "-at_install")
class TestReminderActivity(MailCommon):
    def test_activity_without_mail_or_follower(self):
        item = self.owe()
        item.standard_id.step_ids.filtered(lambda step: step.anchor == "before_due").channel = "activity"
        self.assertFalse(self.remind("2026-11-20 09:00"))
        self.remind("2026-11-24 09:00")
        self.assertEqual(item.activity_ids.user_id, self.head)
        self.assertEqual(len(item.activity_ids), 1)
        self.assertEqual(str(item.activity_ids.date_deadline), "2026-11-25")
        self.assertEqual(item.activity_ids.summary, item.display_name)
        self.assertFalse(item.message_follower_ids)
        self.assertFalse(item.message_ids.filtered(lambda message: message.message_type != "notification"))

    def test_without_a_mailbox_it_is_an_activity(self):
        self.head.email = False
        item = self.owe()
        self.assertFalse(self.remind("2026-11-20 09:00"))
        self.assertEqual(item.activity_ids.user_id, self.head)
        self.assertEqual(self.log(item).state, "sent")

    def test_activity_goes_when_it_is_settled(self):
        item = self.owe()
        item._schedule_activities([(item, self.head)])
        item._close(clock.now(), lambda _item: None)
        self.assertFalse(item.activity_ids)

    def test_statements_for_many(self):
        pairs = [(self.owe(), (self.head, self.other_head)[number % 2]) for number in range(60)]
        self.engine._schedule_activities(pairs[:2])
        self.env.flush_all()
        start = self.env.cr.sql_log_count
        self.engine._schedule_activities(pairs)
        self.env.flush_all()
        self.assertLess(self.env.cr.sql_log_count - start, 25)


@tagged("post_install", "-at_install")
class TestReminderPush(MailCommon):
    """I1 at level 1 pushes: through Odoo's own web push, to a real endpoint."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["mail.push.device"].get_web_push_vapid_public_key()
        cls.server = HTTPServer(("127.0.0.1", 0), PushServer)
        cls.server.received, cls.server.answer = [], 201
        thread = threading.Thread(target=cls.server.serve_forever, daemon=True)
        thread.start()
        cls.addClassCleanup(thread.join)
        cls.addClassCleanup(cls.server.server_close)
        cls.addClassCleanup(cls.server.shutdown)

    def device(self, user):
        return self.env["mail.push.device"].sudo().create({
            "partner_id": user.partner_id.id,
            "endpoint": f"http://127.0.0.1:{self.server.server_port}/{user.login}",
            "keys": json.dumps(BROWSER_KEYS),
        })

    def urgent(self):
        with self.at("2026-11-21 23:00"):
            return self.owe("I1", variant="level1", urgent=True, start="2026-11-21 23:00", due="2026-11-22 01:00")

    def test_push_reaches_the_endpoint_and_urgent_goes_by_mail_too(self):
        self.device(self.head)
        item = self.urgent()
        mails = self.remind("2026-11-21 23:00")
        self.assertIn(self.head, self.readers(mails))
        push = self.env["mail.push"].sudo().search([])
        payload = json.loads(push.payload)
        self.assertEqual(payload["title"], item.display_name)
        self.assertEqual(payload["options"]["data"], {"model": "ops.obligation", "res_id": item.id})
        push._push_notification_to_endpoint()
        path, headers, body = self.server.received.pop()
        self.assertEqual(path, f"/{self.head.login}")
        self.assertEqual(headers["Content-Encoding"], "aes128gcm")
        self.assertNotIn(item.display_name.encode(), body)
        self.assertFalse(self.env["mail.push"].sudo().search([]))

    def test_without_a_device_it_goes_by_mail(self):
        item = self.owe()
        item.standard_id.step_ids.filtered(lambda step: step.anchor == "before_due").channel = "push"
        self.assertEqual(self.readers(self.remind("2026-11-20 09:00")), self.head)
        self.device(self.head)
        self.assertFalse(self.remind("2026-11-24 09:00"))
        self.assertEqual(len(self.env["mail.push"].sudo().search([])), 1)

    def test_several_come_as_one_notification(self):
        self.device(self.head)
        for item in (self.owe(), self.owe()):
            item.standard_id.step_ids.filtered(lambda step: step.anchor == "before_due").channel = "push"
        self.remind("2026-11-20 09:00")
        push = self.env["mail.push"].sudo().search([])
        self.assertEqual(json.loads(push.payload)["title"], "2 due")


@tagged("post_install", "-at_install")
class TestReminderUpkeep(MailCommon):
    def upkeep(self):
        with self.enter_registry_test_mode():
            self.env.ref("ops_handbook.ops_reminder_cron_mail").method_direct_trigger()
        self.env.invalidate_all()

    def test_mail_server_down_for_a_day(self):
        self.owe()
        mail = self.remind("2026-11-20 09:00")
        for _hour in range(24):
            mail.write({"state": "exception", "failure_reason": "Connection refused"})  # what Odoo does then
            self.upkeep()
            self.assertEqual(mail.state, "outgoing")
        self.assertFalse(mail.failure_reason)

    def test_wrong_addresses_and_mails_of_others_are_left_alone(self):
        self.owe()
        ours = self.remind("2026-11-20 09:00")
        ours.write({"state": "exception", "failure_type": "mail_email_invalid"})
        other = self.env["mail.mail"].create({"subject": "of somebody else", "state": "exception"})
        self.upkeep()
        self.assertEqual((ours.state, other.state), ("exception", "exception"))

    def test_sent_mails_are_cleared_away_in_batches(self):
        self.owe()
        ours = self.remind("2026-11-20 09:00")
        other = self.env["mail.mail"].create({"subject": "of somebody else", "state": "sent"})
        ours.state = "sent"
        self.upkeep()
        self.assertTrue(ours.exists())
        with patch.object(mail_mail, "KEEP", timedelta(days=-400)):
            self.upkeep()
        self.assertFalse(ours.exists())
        self.assertTrue(other.exists())
