from odoo import models

from ...tools.icalendar import PRODUCT


class IrMailServer(models.Model):
    """An invitation is a part of the mail's text, not only a file beside it: by this mail clients know it."""

    _inherit = "ir.mail_server"

    def _build_email__(self, *args, attachments=None, **kwargs):
        message = super()._build_email__(*args, attachments=attachments, **kwargs)
        mark = f"PRODID:{PRODUCT}\r\n".encode()
        for _name, content, mime in attachments or ():
            if mime == "text/calendar" and isinstance(content, bytes) and mark in content:
                self._ops_add_invitation(message, content)
        return message

    def _ops_add_invitation(self, message, content):
        """Add the calendar file to the alternatives of the text, with its method in the header (RFC 6047)."""
        text = message.get_body(preferencelist=("html", "plain"))
        method = "CANCEL" if b"METHOD:CANCEL" in content else "REQUEST"
        body = next((part for part in message.walk() if part.get_content_type() == "multipart/alternative"), None)
        if text is None or body is None:
            return
        body.add_alternative(content.decode(), subtype="calendar", charset="utf-8", params={"method": method})
