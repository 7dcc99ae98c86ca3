"""Chat bots: who may post where, and that nobody finds a way to the addresses and secrets."""

import json
import logging
import os
from contextlib import contextmanager
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..tools import clock
from . import chat_service
from .chat_service import KEYS, SECRETS
from .test_ops_chat_bot import LOGGER, ChatCommon

HIDDEN = [*KEYS.values(), *SECRETS.values()]


@tagged("post_install", "-at_install")
class TestChatBotSecurity(ChatCommon):
    def as_administrator(self):
        return self.env["ops.chat.bot"].with_user(self.admin_ops).with_company(self.company)

    def test_send_a_test_message(self):
        bot = self.bot("feishu").with_user(self.admin_ops)
        with self.at("2026-11-20 09:00"):
            self.assertEqual(bot.action_send_test()["params"]["type"], "success")
            self.assertEqual(bot.date_success, clock.now())
            self.service.trouble = [chat_service.error(500)]
            with mute_logger(LOGGER):
                shown = bot.action_send_test()["params"]
        self.assertEqual(shown["type"], "danger")
        self.assertIn("HTTP 500", shown["message"])
        self.assertIn("HTTP 500", bot.last_error)
        self.assertFalse(bot.waiting_count, "a test is not tried again")
        for person in (self.employee, self.head, self.operations, self.gm_office, self.gm):
            with self.assertRaises(AccessError):
                self.env["ops.chat.bot"].with_user(person).browse(bot.id).action_send_test()

    def test_addresses(self):
        """Only https, only the hosts of the service or those that a system administrator allows."""
        good = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=1"
        bot = self.as_administrator().create({"name": "Real", "service": "wecom", "webhook": good})
        forged = [
            "http://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=1", "https://evil.example/", "https://127.0.0.1:1/x",
            "https://qyapi.weixin.qq.com@evil.example/", "https://user:pw@qyapi.weixin.qq.com/", "file:///etc/passwd",
            "https://qyapi.weixin.qq.com:8443/", "https://qyapi.weixin.qq.com.evil.example/", "//qyapi.weixin.qq.com/x",
            "https://oapi.dingtalk.com/robot/send?access_token=x", "https://qyapi.weixin.qq.com\\@evil.example/",
            "https://qyapi.weixin.qq.com\r\nHost: evil/", "https://[::1]/", "https://2130706433/", "https://ⓠyapi.weixin.qq.com/",
        ]
        for url in forged:
            for values in ({"webhook": url}, {"webhook": url, "service": "wecom", "active": True}):
                with self.subTest(url), self.assertRaises(ValidationError) as caught:
                    bot.write(values)
                self.assertNotIn(url, str(caught.exception))
        with self.assertRaises(ValidationError):
            bot.service = "feishu"
        with self.assertRaises(AccessError):
            self.env["ir.config_parameter"].with_user(self.admin_ops).set_param("ops_handbook.chat_hosts", "evil.example")

    def test_asked_again_before_each_post(self):
        """An address that came in past the check, or that is no longer allowed, is not posted to."""
        bot = self.bot()
        self.env["ir.config_parameter"].set_param("ops_handbook.chat_hosts", "")
        with self.assertRaises(UserError):
            bot.action_send_test()
        self.owe_by_bot(responsible=self.head)
        self.run_reminders()
        self.assertIn("https://qyapi.weixin.qq.com/", self.send().error)
        self.assertFalse(self.service.requests)

    def _ways(self, bots, messages):
        """Return calls that might tell a secret, made by some user."""
        return [
            lambda: bots.read(["webhook"]), lambda: bots.export_data(["webhook"]), lambda: bots.web_read({"secret": {}}),
            lambda: bots.search([("webhook", "=like", "https%")]), lambda: bots.search_count([("secret", "=like", "S%")]),
            lambda: bots._read_group([], ["webhook"]), lambda: bots.formatted_read_group([], ["secret"], ["__count"]),
            lambda: messages.read(["bot_id"]), lambda: messages.search([("bot_id.webhook", "=like", "https%")]),
            lambda: messages.export_data(["bot_id/webhook"]), lambda: bots.search([], order="webhook"),
            lambda: bots.copy_data(), lambda: bots.name_search("x"), lambda: messages.action_retry(),
            lambda: bots.action_open_messages() and bots.read(["name"]),
        ]

    def test_ordinary_users_find_no_way_to_the_secrets(self):
        bot, message = self.bot("dingtalk"), self.Message
        with self.at("2026-11-20 09:00"):
            bot.action_send_test()
        message = self.Message.search([("bot_id", "=", bot.id)])
        for person in (self.employee, self.head, self.operations, self.gm_office, self.gm, self.portal):
            person.group_ids = [Command.link(self.env.ref("base.group_allow_export").id)] if person != self.portal else []
            bots, messages = bot.with_user(person), message.with_user(person)
            for number, way in enumerate(self._ways(bots, messages)):
                with self.subTest(person=person.login, number=number), self.assertRaises(UserError), mute_logger(
                    "odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule",
                ):
                    way()
            self.assertNotIn("ops.chat", json.dumps(self.env["hr.department"].with_user(person).fields_get(), default=str)
                             if person != self.portal else "")
        self.assertFalse(bot.copy_data()[0].get("webhook"))

    def test_another_companys_administrator(self):
        bot = self.bot()
        stranger = self._create_user("stranger", "ops_handbook.group_administrator", self.branch)
        self.assertFalse(self.env["ops.chat.bot"].with_user(stranger).search([("id", "=", bot.id)]))
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_rule"):
            bot.with_user(stranger).read(["webhook"])

    def test_nobody_writes_the_queue(self):
        with self.at("2026-11-20 09:00"):
            self.bot().action_send_test()
        message = self.Message.search([], limit=1).with_user(self.admin_ops)
        for way in (
            lambda: message.write({"text": "x"}), lambda: message.create({"bot_id": message.bot_id.id}), lambda: message.unlink(),
        ):
            with self.assertRaises(UserError), mute_logger("odoo.addons.base.models.ir_model"):
                way()

    @contextmanager
    def all_logs(self):
        """Collect everything that is logged, from the finest level on."""
        records = []
        handler = logging.Handler(0)
        handler.emit = lambda record: records.append(f"{record.name} {record.getMessage()} {record.exc_text or ''}")
        loggers = [logging.getLogger(), *map(logging.getLogger, ("urllib3", "urllib3.connectionpool", "requests", LOGGER))]
        levels = [logger.level for logger in loggers]
        for logger in loggers:
            logger.setLevel(1)
        database = logging.getLogger("odoo.sql_db")  # its errors are wanted here, and not for the log of the tests
        loggers[0].addHandler(handler)
        database.addHandler(handler)
        database.propagate = False
        try:
            yield records
        finally:
            loggers[0].removeHandler(handler)
            database.removeHandler(handler)
            database.propagate = True
            for logger, level in zip(loggers, levels, strict=True):
                logger.setLevel(level)

    def test_no_secret_in_logs_errors_and_messages(self):
        """Neither when all goes well nor when nothing does, nor when the service repeats what it was asked."""
        bots = [self.bot(name) for name in ("wecom", "dingtalk", "feishu")]
        troubles = [
            None, chat_service.error(500), chat_service.repeat, chat_service.hang(2),
        ]
        shown = []
        with self.all_logs() as logged, self.at("2026-11-20 09:00"):
            for trouble in troubles:
                self.service.always = trouble
                shown += [json.dumps(bot.action_send_test(), default=str) for bot in bots]
            with patch.dict(os.environ, {"HTTPS_PROXY": "http://127.0.0.1:9"}):
                shown += [json.dumps(bot.action_send_test(), default=str) for bot in bots]
        rows = self.Message.search([]).read()
        # the rows of the bots are read and written by our own statements, which are logged with their values at level debug
        logged = [line for line in logged if not line.startswith("odoo.sql_db")]
        for text in [*shown, *logged, json.dumps(rows, default=str)]:
            own = [hidden for hidden in HIDDEN if hidden in text]
            self.assertFalse(own, text[:500])

    def test_a_statement_that_fails_holds_no_secret(self):
        """A failing INSERT is logged with all its values: the secrets are not among them."""
        url = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=very-secret-key"
        for values in ({"company_id": 987_654_321}, {"company_id": False}, {"service": "wecom", "name": False}):
            with self.all_logs() as logged, self.subTest(values):
                try:
                    with self.env.cr.savepoint():
                        self.env["ops.chat.bot"].create({"name": "x", "webhook": url, "secret": "very-secret-word", **values})
                        self.env.flush_all()
                except Exception as error:
                    logged.append(str(error))
                else:
                    self.fail("it was written")
            told = [line for line in logged if "very-secret" in line]
            self.assertFalse(told, told[:1])

    def test_import_and_x2many(self):
        """The check holds for imports too, and nobody hangs messages onto a bot."""
        result = self.as_administrator().load(["name", "service", "webhook"], [["x", "wecom", "https://evil.example/x"]])
        self.assertFalse(result["ids"])
        bot = self.bot()
        with self.assertRaises(UserError), mute_logger("odoo.addons.base.models.ir_model"):
            bot.with_user(self.admin_ops).write({"message_ids": [Command.create({"kind": "urgent"})]})
