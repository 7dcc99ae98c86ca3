"""A real SMTP server that keeps what it is given."""

import email
import email.policy
import re
import time

from aiosmtpd.controller import Controller

from .server import free_port


class Mailbox:
    """Accepts mail on `port` of 127.0.0.1; `refuse` makes it answer as a server in trouble does."""

    def __init__(self):
        self.messages = []
        self.refuse = None
        self.port = free_port()
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)

    async def handle_DATA(self, _server, _session, envelope):
        if self.refuse:
            return self.refuse
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        message.receivers = envelope.rcpt_tos
        self.messages.append(message)
        return "250 OK"

    def start(self):
        self.controller.start()
        return self

    def stop(self):
        self.controller.stop()

    def clear(self):
        self.messages.clear()
        self.refuse = None

    def to(self, address):
        """Messages for an address."""
        return [m for m in self.messages if address in m.receivers]

    def wait(self, count=1, seconds=20, to=None):
        """Wait until `count` messages (for the address `to`) are here and return them."""
        deadline = time.monotonic() + seconds
        while True:
            found = self.to(to) if to else list(self.messages)
            if len(found) >= count:
                return found
            assert time.monotonic() < deadline, (
                f"{len(found)} of {count} mails after {seconds} s: {[m['Subject'] for m in found]}")
            time.sleep(0.1)

    @staticmethod
    def html(message):
        part = message.get_body(("html", "plain"))
        return part.get_content() if part else ""

    @classmethod
    def links(cls, message):
        return [link.replace("&amp;", "&") for link in re.findall(r'href="([^"]+)"', cls.html(message))]
