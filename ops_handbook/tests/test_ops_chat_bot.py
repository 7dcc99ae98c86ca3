"""Chat bots: what WeCom, DingTalk and Feishu take, by their own rules, over real HTTPS."""

import json
import os
from datetime import UTC, timedelta
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tests.common import _super_send
from odoo.tools import mute_logger

from ..models.deadline.ops_obligation_notice import Notice
from ..tools import clock, webhook
from . import chat_service
from .chat_service import KEYS, SECRETS, ChatService
from .test_ops_reminder import ReminderCommon

LOGGER = "odoo.addons.ops_handbook.models.deadline.ops_chat_message_send"


class ChatCommon(ReminderCommon):
    """A company in whose reminders “the working day before” speaks through bots; the services are on this machine."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.service = ChatService(now=lambda: clock.now().replace(tzinfo=UTC).timestamp())
        cls.addClassCleanup(cls.service.stop)
        # requests asks this variable which certificates to trust: nothing is switched off
        cls.startClassPatcher(patch.dict(os.environ, {"REQUESTS_CA_BUNDLE": cls.service.certificate}))
        cls.startClassPatcher(patch.object(webhook, "TIMEOUT", 1.0))
        cls.env["ir.config_parameter"].set_param("ops_handbook.chat_hosts", cls.service.host)
        cls.env["ops.chat.bot"].search([]).active = False
        cls.Message = cls.env["ops.chat.message"].sudo()

    @classmethod
    def _request_handler(cls, session, request, /, **options):
        """Odoo's tests lengthen short timeouts; only this machine is asked here."""
        return _super_send(session, request, **options)

    def setUp(self):
        super().setUp()
        self.service.clear()

    def bot(self, service="wecom", **values):
        return self.env["ops.chat.bot"].create({
            "name": f"{service} group", "service": service, "company_id": self.company.id,
            "webhook": self.service.url(service), "secret": SECRETS.get(service), **values,
        })

    def owe_by_bot(self, department=None, **options):
        """Return an obligation whose next step, the morning of 20 November, goes by bot."""
        department = department or self.department
        item = self.owe(department_id=department.id, company_id=department.company_id.id, **options)
        item.standard_id.step_ids.channel = "bot"
        return item

    def run_cron(self, name, local):
        with self.at(local), self.enter_registry_test_mode():
            self.env.ref(f"ops_handbook.{name}").with_user(self.env.ref("base.user_root")).method_direct_trigger()
        self.env.invalidate_all()

    def run_reminders(self, local="2026-11-20 09:00"):
        self.run_cron("ops_reminder_cron", local)
        return self.messages()

    def messages(self):
        return self.Message.search([("kind", "!=", "test")], order="id")

    def send(self, local="2026-11-20 09:01"):
        """Run the job that sends at a local time."""
        with mute_logger(LOGGER):
            self.run_cron("ops_chat_cron", local)
        return self.messages()


@tagged("post_install", "-at_install")
class TestChatBot(ChatCommon):
    # -- formats ------------------------------------------------------------------------------------------------------

    def test_each_service_takes_its_message(self):
        self.employee_of(self.head).mobile_phone = "138 0000 1111"
        for service in ("wecom", "dingtalk", "feishu"):
            self.bot(service)
        item = self.owe_by_bot(responsible=self.head)
        self.run_reminders()
        self.send()
        self.assertEqual(sorted(name for name, _body in self.service.taken), ["dingtalk", "feishu", "wecom"])
        self.assertEqual(set(self.messages().mapped("state")), {"sent"})
        for _name, body in self.service.taken:
            text = json.dumps(body, ensure_ascii=False)
            for words in (item.display_name, f"/odoo/{item._target()[0]}/{item._target()[1]}", self.head.name, "1 due"):
                self.assertIn(words, text)
        body = dict(self.service.taken)["dingtalk"]
        self.assertEqual(body["at"]["atMobiles"], ["13800001111"])

    def test_one_message_for_each_bot_and_run(self):
        self.bot()
        for person in (self.head, self.other_head, self.gm_office):
            self.owe_by_bot(responsible=person)
        before = self.mails()
        self.assertEqual(len(self.run_reminders()), 1)
        self.assertFalse(self.service.requests, "it waits for the rest of the run")
        self.send()
        self.assertEqual(len(self.service.taken), 1)
        content = self.service.taken[0][1]["markdown"]["content"]
        self.assertEqual(content.count("• ["), 3)
        self.assertFalse(self.mails() - before)

    def test_language_of_the_company(self):
        self.company.partner_id.lang = "zh_CN" if "zh_CN" in dict(self.env["res.lang"].get_installed()) else "en_US"
        self.bot()
        self.owe_by_bot(responsible=self.head)
        self.run_reminders()
        self.send()
        lang = self.company.partner_id.lang
        title = self.env(context={"lang": lang})["ops.chat.message"].env._("%(count)s due", count=1)
        self.assertIn(f"**{title}**", self.service.taken[0][1]["markdown"]["content"])

    def test_too_long_is_continued(self):
        """4,096 bytes of WeCom: what does not fit follows, so that nobody loses a reminder."""
        self.bot()
        for number in range(30):
            self.owe_by_bot(responsible=self.head, name=f"{number} " + "长" * 60)
        self.run_reminders()
        self.send()
        contents = [body["markdown"]["content"] for _name, body in self.service.taken]
        self.assertGreater(len(contents), 1)
        self.assertEqual(sum(content.count("• [") for content in contents), 30)
        self.assertFalse([content for content in contents if len(content.encode()) > 4_096])

    def test_urgent_apart_and_at_once(self):
        self.employee_of(self.head).work_phone = "+86 13800001111"
        self.bot()
        item = self.owe_by_bot(responsible=self.head)
        calm = self.owe_by_bot(responsible=self.other_head)
        notices = self._notices(item, self.head, urgent=True) + self._notices(calm, self.other_head)
        with self.at("2026-11-20 23:00"):
            self.engine._dispatch(notices)
        self.send("2026-11-20 23:00")
        [(name, body)] = self.service.taken
        self.assertEqual((name, body["msgtype"], body["text"]["mentioned_mobile_list"]), ("wecom", "text", ["13800001111"]))

    def _notices(self, item, user, urgent=False):
        return [Notice(0, user.id, None, False, urgent, 0, item.id, None, "bot", 0, True, True)]

    def test_titles_are_neutral(self):
        """What users write makes no link and calls nobody."""
        self.bot("dingtalk")
        self.owe_by_bot(responsible=self.head, name="](http://evil.example) <@all> @all\n# x")
        self.run_reminders()
        self.send()
        text = self.service.taken[0][1]["markdown"]["text"]
        for bad in ("](http://evil", "<@all>", "@all", "\n# x"):
            self.assertNotIn(bad, text)

    # -- whom they serve ----------------------------------------------------------------------------------------------

    def test_nearest_bot(self):
        of_company, of_department = self.bot(name="all"), self.bot(name="workshop", department_id=self.department.id)
        below = self.owe_by_bot(responsible=self.head, department=self.sub_department)
        beside = self.owe_by_bot(responsible=self.other_head, department=self.other_department)
        branch = self.owe_by_bot(responsible=self.branch_head, department=self.branch_department)
        serving = self.env["ops.chat.bot"].sudo()._serving(below | beside | branch)
        self.assertEqual(serving[below.id], of_department)
        self.assertEqual(serving[beside.id], of_company)
        self.assertEqual(serving[branch.id], of_company, "the parent company's")

    def test_not_covered_goes_by_digest(self):
        self.bot(department_id=self.other_department.id)
        self.owe_by_bot(responsible=self.head, department=self.department)
        mails = self.remind("2026-11-20 09:00")
        self.assertEqual(mails.recipient_ids, self.head.partner_id)
        self.assertFalse(self.messages())

    def test_without_any_bot_all_go_by_digest(self):
        self.owe_by_bot(responsible=self.head)
        self.assertEqual(self.remind("2026-11-20 09:00").recipient_ids, self.head.partner_id)

    def test_settled_meanwhile_is_left_out(self):
        self.bot()
        item = self.owe_by_bot(responsible=self.head)
        self.run_reminders()
        self.settle(item)
        self.assertEqual(self.send().state, "dropped")
        self.assertFalse(self.service.requests)

    def settle(self, item):
        with self.at("2026-11-20 09:00"):
            item._set_state("waived", "Not needed")

    # -- failures -----------------------------------------------------------------------------------------------------

    def queued(self, service="wecom"):
        bot = self.bot(service)
        self.owe_by_bot(responsible=self.head)
        return bot, self.run_reminders()

    def test_failures_are_tried_again_with_growing_pauses(self):
        _bot, message = self.queued()
        troubles = [
            (chat_service.error(500), "HTTP 500", 1), (chat_service.error(429), "HTTP 429", 5),
            (chat_service.refuse(45009, "api freq out of limit"), "45009 api freq out of limit", 15),
            (chat_service.hang(2), "in time", 60),
            (chat_service.redirect(self.service.url("wecom")), "HTTP 302", 180),
            (chat_service.endless, "HTTP 200", 360),
        ]
        local = self.utc("2026-11-20 09:01")
        for number, (trouble, words, pause) in enumerate(troubles, 1):
            self.service.trouble = [trouble]
            with self.subTest(words):
                self.send((local + timedelta(hours=8)).isoformat(" "))
                self.assertEqual((message.state, message.attempts), ("waiting", number))
                self.assertIn(words, message.error)
                self.assertEqual(message.date_next, local + timedelta(minutes=pause))
                self.assertEqual(len(self.service.requests), number, "no redirect is followed, nothing is repeated at once")
            local = message.date_next
        self.send((local + timedelta(hours=8)).isoformat(" "))
        self.assertEqual((message.state, message.error), ("sent", False))
        self.assertEqual(len(self.service.taken), 1)

    def test_given_up_after_three_days_goes_by_mail(self):
        _bot, message = self.queued()
        self.service.always = chat_service.error(503)
        self.send()
        message.flush_recordset()
        self.env.cr.execute("UPDATE ops_chat_message SET create_date = %s", (self.utc("2026-11-20 09:00"),))
        before = self.env["mail.mail"].sudo().search([])
        with self.at("2026-11-23 09:02"):
            message.invalidate_recordset()
            message.date_next = clock.now()
        self.send("2026-11-23 09:02")
        self.assertEqual(message.state, "failed")
        self.assertIn("HTTP 503", message.error)
        mails = self.env["mail.mail"].sudo().search([]) - before
        self.assertEqual(mails.recipient_ids, self.head.partner_id, "nobody loses a reminder")

    def test_wrong_secret_and_wrong_key(self):
        bot, message = self.queued("dingtalk")
        bot.secret = "SECwrong"
        self.send()
        self.assertIn("310000 sign not match", message.error)
        bot.webhook = bot.webhook.replace(KEYS["dingtalk"], "another-token")
        self.send("2026-11-20 09:10")
        self.assertIn("300001", message.error)

    def test_untrusted_certificate(self):
        _bot, message = self.queued()
        with patch.dict(os.environ):
            del os.environ["REQUESTS_CA_BUNDLE"]
            self.send()
        self.assertIn("certificate", message.error)
        self.assertFalse(self.service.requests)

    def test_one_that_hangs_holds_up_its_own_only(self):
        silent, other = self.bot(name="silent"), self.bot("feishu", department_id=self.other_department.id)
        for name in ("One", "Two"):
            item = self.owe_by_bot(responsible=self.head, department=self.department, name=name)
            with self.at("2026-11-20 09:00"):
                self.engine._dispatch(self._notices(item, self.head, urgent=True))
        item = self.owe_by_bot(responsible=self.other_head, department=self.other_department)
        with self.at("2026-11-20 09:00"):
            self.engine._dispatch(self._notices(item, self.other_head))
        self.service.trouble = [chat_service.hang(2)]
        messages = self.send()
        self.assertEqual(messages.filtered(lambda message: message.bot_id == silent).mapped("state"), ["waiting"] * 2)
        self.assertEqual(messages.filtered(lambda message: message.bot_id == silent).mapped("attempts"), [1, 0])
        self.assertEqual(messages.filtered(lambda message: message.bot_id == other).state, "sent")

    def test_rate_of_a_robot(self):
        """No more than the service takes in a minute; the rest a minute later."""
        self.bot()
        items = [self.owe_by_bot(responsible=self.head, name=str(number)) for number in range(25)]
        with self.at("2026-11-20 09:00"):
            self.engine._dispatch([notice for item in items for notice in self._notices(item, self.head, urgent=True)])
        self.send("2026-11-20 09:00")
        self.assertEqual(len(self.service.taken), 19)
        self.send("2026-11-20 09:00:30")
        self.assertEqual(len(self.service.taken), 19)
        self.send("2026-11-20 09:01:02")
        self.assertEqual(len(self.service.taken), 25)

    def test_archived_or_deleted_goes_by_mail(self):
        bot, message = self.queued()
        with self.at("2026-11-20 09:00"):
            bot.active = False
        self.assertEqual(message.state, "failed")
        self.assertIn(self.head.partner_id, self.env["mail.mail"].sudo().search([], limit=1).recipient_ids)

    def test_archived_together_what_several_would_have_said_is_one_mail(self):
        """Two bots speak for the workshop: each obligation stands once in one mail for each person."""
        bots = self.bot() | self.bot("feishu")
        items = [self.owe_by_bot(responsible=self.head, name=f"Report no. {number}") for number in range(3)]
        other = self.owe_by_bot(responsible=self.other_head)
        notices = [notice for item in items for notice in self._notices(item, self.head)] + self._notices(other, self.other_head)
        with self.at("2026-11-20 09:00"):
            self.engine._dispatch(notices)
            self.assertEqual(self.messages().mapped("state"), ["waiting"] * 2)
            before = self.mails()
            bots.active = False
        self.assertEqual(self.messages().mapped("state"), ["failed"] * 2)
        mails = self.mails() - before
        self.assertEqual((len(mails), mails.recipient_ids), (2, (self.head | self.other_head).partner_id))
        mail = mails.filtered(lambda mail: mail.recipient_ids == self.head.partner_id)
        for item in items:
            self.assertEqual(mail.body_html.count(item.name), 1)

    # -- the queue ----------------------------------------------------------------------------------------------------

    def test_queued_with_the_mark(self):
        """Lines and queue are one transaction: what is rolled back is neither sent nor marked."""
        self.bot()
        self.owe_by_bot(responsible=self.head)
        with patch.object(type(self.engine), "_mark_sent", side_effect=ZeroDivisionError), mute_logger(
            "odoo.addons.ops_handbook.models.deadline.ops_obligation_remind",
        ):
            self.run_reminders()
        self.assertFalse(self.messages())

    def test_queries_do_not_grow(self):
        """Queueing: the same number of statements for 5 and for 50 obligations."""
        self.bot()
        items = [self.owe_by_bot(responsible=self.head, name=str(number)) for number in range(55)]
        counts = []
        for group in (items[:5], items[5:]):
            notices = [notice for item in group for notice in self._notices(item, self.head)]
            self.env.flush_all()
            self.env.invalidate_all()
            with self.at("2026-11-20 09:00"):
                before = self.env.cr.sql_log_count
                self.engine._deliver_bot(notices)
                self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            self.messages().sudo().unlink()
        self.assertLessEqual(counts[1], counts[0] + 2, counts)
        self.assertLess(counts[1], 30)
