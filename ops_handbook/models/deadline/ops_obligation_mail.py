import logging
import secrets

from lxml import etree, html
from markupsafe import Markup

from odoo import api, models
from odoo.tools import groupby, ormcache
from odoo.tools.rendering_tools import convert_inline_template_to_qweb

from .ir_qweb import Template
from .ops_obligation_words import Words

_logger = logging.getLogger(__name__)

DIGEST = "ops_handbook.ops_reminder_template_digest"
URGENT = "ops_handbook.ops_reminder_template_urgent"
HEADERS = repr({"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "OOF, AutoReply"})


class OpsObligation(models.Model):
    """The mails of the reminders: one digest for each person, urgent ones apart, in the receiver's language."""

    _inherit = "ops.obligation"

    @api.model
    def _queue_mails(self, notices):
        """Write the mails of these notices into Odoo's queue, in this transaction; Odoo's own job sends them."""
        digests, urgent = [], []
        for user, lines in self._lines_by_user(notices):
            calm = [line for line in lines if not line["urgent"]]
            if calm:
                digests.append({"object": user, "user": user, "lines": calm, "summary": self._summary(user, calm)})
            urgent += [
                {"object": line["object"], "user": user, "lines": [line], "summary": self._urgent_summary(line)}
                for line in lines if line["urgent"]
            ]
        self._create_mails(DIGEST, digests)
        self._create_mails(URGENT, urgent)

    @api.model
    def _create_mails(self, template, mails):
        """Render and queue mails of one template.

        :param str template: external id
        :param mails: list of dicts, the names that the template may use: object, user, lines, summary …
        """
        if not mails:
            return
        values, template_sudo = [], self.env.ref(template).sudo()  # sudo: the job writes to everybody
        users = self.env["res.users"].union(*(mail["user"] for mail in mails))
        senders = {company: self._mail_sender(company) for company in users.company_id}
        for lang, group in groupby(mails, key=lambda mail: mail["user"].lang or self.env.lang):
            rendered = self._render(template_sudo.with_context(lang=lang), group)
            values += [
                {
                    "subject": subject,
                    "body_html": body,
                    "recipient_ids": [(4, mail["user"].partner_id.id)],
                    **senders[mail["user"].company_id],
                }
                for mail, (subject, body) in zip(group, rendered, strict=True)
            ]
        self.env["mail.mail"].sudo().create(values)  # sudo: see above
        self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()

    @api.model
    def _mail_sender(self, company):
        sender = company.email_formatted or self.env.user.email_formatted
        return {
            "email_from": sender,
            "reply_to": sender,
            "author_id": company.partner_id.id,
            "headers": HEADERS,
            "auto_delete": False,  # cleared away in batches: one by one it costs more than the sending
            "ops_notice": True,
        }

    # -- templates ------------------------------------------------------------------------------------------------------

    @api.model
    def _render(self, template, mails):
        """Return (subject, body) of each mail; the template's text is compiled once for all of them.

        A text that an administrator has broken does not silence the reminders: they go out in a plain one.
        """
        try:
            bodies = self._render_bodies(template.body_html, mails)
            subjects = self._render_subjects(template.subject, mails)
        except Exception:  # whatever somebody has written into the template
            _logger.exception("reminders: the template %s cannot be rendered, sending plain text", template.id)
            bodies = [self._plain_body(mail["lines"]) for mail in mails]
            subjects = [mail["summary"] for mail in mails]
        return list(zip(subjects, bodies, strict=True))

    @api.model
    def _render_bodies(self, source, mails):
        """Return the HTML text ``source`` with its QWeb expressions filled in for each of ``mails``."""
        return self._render_each(str(source or ""), mails)

    @api.model
    def _render_subjects(self, source, mails):
        texts = self._render_each(str(convert_inline_template_to_qweb(str(source or ""))), mails)
        return [" ".join(text.unescape().split()) or mail["summary"] for text, mail in zip(texts, mails, strict=True)]

    @api.model
    def _render_each(self, source, mails):
        """Render a text for each of ``mails`` in one pass: it is repeated inside the template, and cut apart after.

        It is compiled once, whatever the number of mails and commits.
        """
        names = tuple(sorted({"ctx"}.union(*mails)))
        template = self._repeated(source, names)
        mark = Markup("<!--{}-->").format(secrets.token_hex(16))
        values = {"mails": [{**mail, "ctx": mail} for mail in mails], "mark": mark}
        return self.env["ir.qweb"].with_context(lang=None)._render(template, values).split(mark)[:-1]

    @api.model
    @ormcache("source", "names", cache="templates")
    def _repeated(self, source, names):
        """Return the template that renders ``source`` for each of ``mails``; the text is the key, so an edit counts."""
        root = etree.Element("t", {"t-foreach": "mails", "t-as": "mail"})
        for name in names:
            root.append(etree.Element("t", {"t-set": name, "t-value": f"mail.get({name!r})"}))
        root.append(html.fragment_fromstring(source, create_parent="t"))
        root.append(etree.Element("t", {"t-out": "mark"}))
        return Template(root)

    @api.model
    def _plain_body(self, lines):
        row = Markup('<li><a href="{url}">{name}</a> ({rule}) – {left}</li>')
        return Markup("<ul>{}</ul>").format(Markup().join(
            row.format(**{key: line[key] for key in ("url", "name", "rule", "left")}) for line in lines
        ))

    # -- lines ----------------------------------------------------------------------------------------------------------

    @api.model
    def _lines_by_user(self, notices):
        """Yield (user, lines) for each person; what the lines of all need is read together."""
        users = self.env["res.users"].browse({notice.user_id for notice in notices})
        items = self.browse({notice.obligation_id for notice in notices})
        words = Words(self.env)
        for user_id, group in groupby(notices, key=lambda notice: notice.user_id):
            user = self.env["res.users"].browse(user_id).with_prefetch(users._prefetch_ids)
            yield user, self._lines(user, group, items, words)

    @api.model
    def _lines(self, user, notices, among, words):
        """Return what one person is reminded of, as plain dicts, late ones first; each obligation once.

        :param among: obligations that are read together
        :param words: the :class:`Words` of this run
        """
        strongest = {}
        for notice in sorted(notices, key=lambda item: (item.urgent, item.letter_number, not item.is_copy)):
            strongest[notice.obligation_id] = notice
        items = self.with_context(lang=user.lang, active_test=False).browse(strongest).with_prefetch(among._prefetch_ids)
        texts = self._step_texts(items, strongest.values(), user)
        lines = [item._line(user, strongest[item.id], texts.get(item.id), words) for item in items]
        return sorted(lines, key=lambda line: (line["due"] is None, line["due"], line["id"]))

    def _line(self, user, notice, text, words):
        """Return one line of a mail in the language and time zone of the context."""
        target = self._target()
        answers = self.responsible_id if self.responsible_id.id not in (user.id, notice.on_behalf_id) else None
        rule = " ".join(filter(None, (self.code, self.standard_id.name)))
        return {
            "id": self.id,
            "object": self,
            "name": self.display_name,
            "rule": f"{rule}: {self.standard_id.rule_text}" if self.standard_id.rule_text else rule,
            "due": self.date_due or None,
            "due_text": words.moment(self.date_due, user.tz or self.company_id._ops_tz(), user.lang),
            "left": self._time_left(),
            "late": self.is_overdue,
            "urgent": notice.urgent,
            "letter": self.env._("Formal reminder no. %(number)s", number=notice.letter_number) if notice.letter_number else "",
            "copy": notice.is_copy,
            "department": self.department_id.name or "",
            "answers": answers.name if answers else "",
            "on_behalf": self.env["res.users"].browse(notice.on_behalf_id or ()).name or "",
            "text": text or "",
            "model": target[0],
            "res_id": target[1],
            "url": f"{words.base_url}/odoo/{target[0]}/{target[1]}",
        }

    def _target(self):
        """Return model and id of what a reminder opens: the form in work, what started the clock, or the obligation."""
        for model, record_id in ((self.form_model, self.form_id), (self.source_model, self.source_id)):
            if model in self.env and record_id:
                return model, record_id
        return self._name, self.id

    @api.model
    def _step_texts(self, items, notices, user):
        """Return the texts that steps add to their lines: dict obligation id → Markup."""
        steps = self.env["ops.standard.step"].browse({notice.step_id for notice in notices if notice.step_id})
        own = {step.id: step.template_id for step in steps if step.template_id}
        texts = {}
        for template, group in groupby(
            [notice for notice in notices if notice.step_id in own], key=lambda notice: own[notice.step_id]
        ):
            found = items.browse([notice.obligation_id for notice in group])
            mails = [{"object": item, "user": user, "summary": "", "lines": []} for item in found]
            rendered = self._render(template.with_context(lang=user.lang), mails)
            texts.update({item.id: body for item, (_subject, body) in zip(found, rendered, strict=True)})
        return texts
