import re
from base64 import b64encode
from html import unescape
from secrets import token_urlsafe

from odoo import SUPERUSER_ID, api, models
from odoo.tools import clean_context, email_split, html2plaintext
from odoo.tools.mail import email_normalize

# what programs write that answer by themselves (RFC 3834 and what older ones use)
AUTOMATIC_HEADERS = ("X-Autoreply", "X-Autorespond", "X-Auto-Response-Suppress-Reply")
REPLY_PREFIX = re.compile(r"^\s*((re|aw|fw|fwd|wg|答复|回复|转发)\s*[:：]\s*)+", re.IGNORECASE)
TEXT_LIMIT = 100_000
# what an address may say of its reports; everything else is the sender's and what is decided later
SAID_BY_ALIAS = ("company_id", "department_id")


class OpsProblem(models.Model):
    """Problem reports by e-mail: an address per company, open to everybody."""

    _inherit = "ops.problem"

    @api.model
    def _ops_setup_alias(self, company, alias_name):
        """Make ``alias_name`` the local part of the address for problem reports of ``company``; empty: no address.

        Returns the ``mail.alias``. Administrators only reach this through the settings and the Start wizard.
        """
        company_sudo = company.sudo()  # sudo: an administrator of the handbook need not be one of the mail system
        alias = company_sudo.ops_problem_alias_id
        if not alias_name:
            alias.unlink()
            return alias
        values = {
            "alias_name": alias_name,
            "alias_model_id": self.env["ir.model"]._get_id(self._name),
            "alias_defaults": repr({"company_id": company.id}),
            "alias_contact": "everyone",
        }
        if company_sudo.alias_domain_id:
            values["alias_domain_id"] = company_sudo.alias_domain_id.id
        if alias:
            alias.write(values)
        else:
            alias = company_sudo.ops_problem_alias_id = alias.create(values)
        return alias

    # -- what comes in ------------------------------------------------------------------------------------------------

    @api.model
    def _routing_check_route(self, message, message_dict, route, raise_exception=True):
        """Let no machine open a report: an absence note may answer one, as any reply, but not start one."""
        route = super()._routing_check_route(message, message_dict, route, raise_exception)
        if route and not route[1] and self._mail_is_automatic(message):
            return False
        return route

    @api.model
    def _mail_is_automatic(self, message):
        said = str(message.get("Auto-Submitted", "no")).split(";")[0].strip().lower()
        precedence = str(message.get("Precedence", "")).strip().lower()
        return said != "no" or precedence == "auto_reply" or any(message.get(name) for name in AUTOMATIC_HEADERS)

    @api.private  # the gateway's alone, as superuser: over RPC it would file reports in anybody's name
    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """File an e-mail as a problem report; the same Message-Id files one report, however often it arrives."""
        said = {name: custom_values[name] for name in SAID_BY_ALIAS if name in (custom_values or {})}
        company = self.env["res.company"].browse(said.get("company_id")) or self.env.company
        problems = self.with_company(company)
        vals = {**said, **problems._mail_values(msg_dict)}
        link = None
        if vals["contact"]:
            private = self._new_token()
            vals["token_hash"] = self._hash_token(private)
            link = f"{self.get_base_url()}/ops/follow/{private}"
        return problems._door_report(
            {**vals, "company_id": company.id}, f"mail:{company.id}:{msg_dict.get('message_id') or token_urlsafe()}", (), link
        )

    @api.model
    def _mail_values(self, msg_dict):
        """Return what an e-mail says, as values of a report."""
        text = self._mail_text(msg_dict)
        subject = REPLY_PREFIX.sub("", _plain(msg_dict.get("subject") or "")).strip()
        author = self._mail_author(msg_dict)
        sender = _plain(msg_dict.get("email_from") or "").strip()[:500]
        return {
            "name": (subject or next(iter(text.splitlines()), "") or self.env._("E-mail without a subject"))[:200],
            "description": text or subject,
            "channel": "email",
            "author_id": author.id,
            # somebody without an account is reached at the address that they wrote from; this is no anonymous report
            "contact": False if author else sender,
        }

    @api.model
    def _mail_text(self, msg_dict):
        body = msg_dict.get("body") or ""
        text = html2plaintext(str(body), include_references=False) if body else ""
        return _plain(unescape(text)).strip()[:TEXT_LIMIT]

    @api.model
    def _mail_author(self, msg_dict):
        """Return the user who wrote, or nobody: whoever does not work for the company could not open its reports."""
        address = email_normalize((email_split(msg_dict.get("email_from") or "") or [""])[0])
        if not address:
            return self.env["res.users"]
        # sudo: the gateway looks up a sender, nobody reads the users
        return self.env["res.users"].sudo().search([
            ("email_normalized", "=", address), ("share", "=", False), ("company_ids", "in", self.env.company.ids),
        ], limit=1)

    def _message_post_after_hook(self, message, msg_vals):
        """Show the pictures of the first e-mail among the photos of the report."""
        result = super()._message_post_after_hook(message, msg_vals)
        # of the gateway only, which posts as the superuser itself: a client may call any message an e-mail
        if message.message_type == "email" and self.channel == "email" and self.env.uid == SUPERUSER_ID:
            problem_sudo = self.sudo()  # sudo: the report is locked already; its own first mail still belongs to it
            first = not problem_sudo.message_ids.filtered(lambda other: other.message_type == "email") - message
            pictures = message.sudo().attachment_ids.filtered(lambda file: (file.mimetype or "").startswith("image/"))
            if first and pictures and not problem_sudo.photo_ids:
                problem_sudo.photo_ids = pictures
        return result

    # -- what cannot be read ------------------------------------------------------------------------------------------

    @api.model
    def _mail_unreadable(self, raw, alias):
        """File bytes that are no readable e-mail as a report with the bytes attached, so that nothing is lost."""
        company_id = self.env["res.company"].sudo().search([("ops_problem_alias_id", "=", alias.id)], limit=1).id
        # an address that somebody made by hand in the settings of the mail system belongs to no company
        company_id = company_id or self.env.company.id
        problems = self.sudo().with_context(clean_context(self.env.context)).with_company(company_id)
        problems = problems.with_context(mail_create_nosubscribe=True)
        problem = problems._door_report({
            "name": self.env._("An e-mail that could not be read"),
            "description": self.env._("It is attached as it arrived."),
            "company_id": company_id,
            "channel": "email",
            "author_id": False,
        }, f"raw:{b64encode(raw).decode()}", [("e-mail.eml", raw)])
        # it is no photo, and no browser shall try to show it
        problem.photo_ids.filtered(lambda file: file.name == "e-mail.eml").mimetype = "application/octet-stream"
        problem.photo_ids = False
        return problem.id


def _plain(text):
    """Return ``text`` without the characters that a database cannot hold."""
    return "".join(char for char in text if char >= " " or char in "\n\t").encode("utf-8", "ignore").decode()
