"""Reminders leave Odoo's queue through a real mail server."""

import smtplib
import socket
from contextlib import contextmanager, suppress
from unittest.mock import patch

from aiosmtpd.controller import Controller

from odoo.tests import tagged
from odoo.tools import config, mute_logger

from .test_ops_reminder import ReminderCommon

QUEUE = ("odoo.addons.mail.models.mail_mail", "odoo.addons.base.models.ir_mail_server")


class Sink:
    """Takes every mail, but not for ``refused``; hangs up after ``limit`` mails."""

    def __init__(self):
        self.received, self.refused, self.limit = [], (), 1_000

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.refused:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if len(self.received) >= self.limit:
            server.transport.close()
            return "421 closing"
        self.received.append(envelope)
        return "250 taken"


@tagged("post_install", "-at_install")
class TestReminderSend(ReminderCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["mail.mail"].sudo().search([("state", "=", "outgoing")]).state = "cancel"
        cls.sink = Sink()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            cls.port = probe.getsockname()[1]
        cls.controller = Controller(cls.sink, hostname="127.0.0.1", port=cls.port)
        cls.controller.start()
        cls.addClassCleanup(cls.controller.stop)

    def setUp(self):
        super().setUp()
        self.sink.received, self.sink.refused, self.sink.limit = [], (), 1_000

    @contextmanager
    def sending(self, port=None):
        """Let Odoo send mails, to our server; its jobs may commit."""
        server = type(self.env["ir.mail_server"])
        with (
            patch.object(server, "_disable_send", classmethod(lambda cls: False)),
            patch.dict(config.options, {"smtp_server": "127.0.0.1", "smtp_port": port or self.port}),
            self.enter_registry_test_mode(),
            self.registry.cursor() as cr,
        ):
            yield self.env(cr=cr)
        self.env.invalidate_all()

    def drain(self, mails, port=None):
        with self.sending(port) as env:
            env["mail.mail"].browse(mails.ids).sudo().send(auto_commit=True)

    def three(self):
        for person in (self.head, self.other_head, self.gm_office):
            self.owe(responsible=person)
        return self.remind("2026-11-20 09:00").sorted("id")

    def test_each_is_sent_once(self):
        mails = self.three()
        self.drain(mails)
        self.assertEqual(set(mails.mapped("state")), {"sent"})
        to = sorted(address for envelope in self.sink.received for address in envelope.rcpt_tos)
        self.assertEqual(to, sorted(mails.recipient_ids.mapped("email")))
        content = self.sink.received[0].content.decode()
        for words in ("Subject: 1 due", "Auto-Submitted: auto-generated", "text/plain", "text/html"):
            self.assertIn(words, content)
        self.drain(mails)
        self.assertEqual(len(self.sink.received), 3)

    def test_statements_for_each(self):
        mails = self.three()
        for number in range(30):
            self.owe(responsible=self._create_user(f"reader.{number}"))
        mails |= self.remind("2026-11-20 09:05")
        with self.sending() as env:
            start = env.cr.sql_log_count
            env["mail.mail"].browse(mails.ids).sudo().send(auto_commit=True)
            self.assertLess((env.cr.sql_log_count - start) / len(mails), 6)

    @mute_logger(*QUEUE)
    def test_refused_address_says_why_and_holds_up_nobody(self):
        mails = self.three()
        self.sink.refused = (self.other_head.partner_id.email,)
        self.drain(mails)
        refused = mails.filtered(lambda mail: mail.recipient_ids == self.other_head.partner_id)
        self.assertEqual(refused.state, "exception")
        self.assertIn("no such mailbox", refused.failure_reason)
        self.assertEqual(set((mails - refused).mapped("state")), {"sent"})
        self.assertEqual(len(self.sink.received), 2)

    @mute_logger(*QUEUE)
    def test_server_that_hangs_up_loses_nothing(self):
        mails = self.three()
        self.sink.limit = 1
        with suppress(smtplib.SMTPServerDisconnected):  # assertRaises would roll back what was committed
            self.drain(mails)
        self.assertEqual(mails.mapped("state"), ["sent", "outgoing", "outgoing"])
        self.sink.limit = 1_000
        self.drain(mails)
        self.assertEqual(set(mails.mapped("state")), {"sent"})
        self.assertEqual(len(self.sink.received), 3)

    @mute_logger(*QUEUE)
    def test_server_away_for_a_day(self):
        mails = self.three()
        closed = 9  # the discard port of this machine: nobody listens
        for _hour in range(3):
            self.drain(mails, port=closed)
            self.assertEqual(set(mails.mapped("state")), {"exception"})
            with self.enter_registry_test_mode():
                self.env.ref("ops_handbook.ops_reminder_cron_mail").method_direct_trigger()
            self.env.invalidate_all()
            self.assertEqual(set(mails.mapped("state")), {"outgoing"})
        self.drain(mails)
        self.assertEqual(len(self.sink.received), 3)

    def test_mails_of_others_go_the_way_of_odoo(self):
        other = self.env["mail.mail"].sudo().create({
            "subject": "of somebody else", "body_html": "<p>x</p>", "email_to": "x@test.example.com",
            "email_from": "company@test.example.com",
        })
        mails = self.three() | other
        self.drain(mails)
        self.assertEqual(set(mails.mapped("state")), {"sent"})
        self.assertEqual(len(self.sink.received), 4)
