import logging
import secrets

from lxml import etree, html
from markupsafe import Markup

from odoo import api, models
from odoo.tools import format_datetime, groupby
from odoo.tools.rendering_tools import parse_inline_template, render_inline_template, template_env_globals

from ...tools import clock

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
        for user_id, items in groupby(notices, key=lambda notice: notice.user_id):
            user = self.env["res.users"].browse(user_id)
            lines = self._lines(user, items)
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
        for lang, group in groupby(mails, key=lambda mail: mail["user"].lang or self.env.lang):
            rendered = self._render(template_sudo.with_context(lang=lang), group)
            values += [
                {
                    "subject": subject,
                    "body_html": body,
                    "recipient_ids": [(4, mail["user"].partner_id.id)],
                    **self._mail_sender(mail["user"].company_id),
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
        except Exception:  # noqa: BLE001 - whatever somebody has written into the template
            _logger.exception("reminders: the template %s cannot be rendered, sending plain text", template.id)
            bodies = [self._plain_body(mail["lines"]) for mail in mails]
            subjects = [mail["summary"] for mail in mails]
        return list(zip(subjects, bodies, strict=True))

    @api.model
    def _render_bodies(self, source, mails):
        """Render an HTML text with QWeb expressions for all ``mails`` in one pass: it is repeated inside the template."""
        root = etree.Element("t", {"t-foreach": "mails", "t-as": "mail"})
        for name in sorted({name for mail in mails for name in mail}):
            root.append(etree.Element("t", {"t-set": name, "t-value": f"mail.get({name!r})"}))
        root.append(html.fragment_fromstring(str(source or ""), create_parent="t"))
        mark = f"<!--{secrets.token_hex(16)}-->"
        root.append(etree.Element("t", {"t-out": "mark"}))
        rendered = self.env["ir.qweb"].with_context(lang=None)._render(root, {"mails": mails, "mark": Markup(mark)})
        return rendered.split(mark)[:-1]

    @api.model
    def _render_subjects(self, source, mails):
        instructions = parse_inline_template(str(source or ""))
        subjects = [render_inline_template(instructions, {**template_env_globals, **mail, "ctx": mail}) for mail in mails]
        return [" ".join((subject or mail["summary"]).split()) for subject, mail in zip(subjects, mails, strict=True)]

    @api.model
    def _plain_body(self, lines):
        row = Markup('<li><a href="{url}">{name}</a> ({rule}) – {left}</li>')
        return Markup("<ul>{}</ul>").format(Markup().join(
            row.format(**{key: line[key] for key in ("url", "name", "rule", "left")}) for line in lines
        ))

    # -- lines ----------------------------------------------------------------------------------------------------------

    @api.model
    def _lines(self, user, notices):
        """Return what one person is reminded of, as plain dicts, late ones first; each obligation once."""
        strongest = {}
        for notice in sorted(notices, key=lambda item: (item.urgent, item.letter_number, not item.is_copy)):
            strongest[notice.obligation_id] = notice
        items = self.with_context(lang=user.lang, tz=user.tz, active_test=False).browse(strongest)
        texts = self._step_texts(items, strongest.values(), user)
        lines = [item._line(user, strongest[item.id], texts.get(item.id)) for item in items]
        return sorted(lines, key=lambda line: (line["due"] is None, line["due"], line["id"]))

    def _line(self, user, notice, text):
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
            "due_text": self._due_text(user),
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
            "url": f"{self.get_base_url()}/odoo/{target[0]}/{target[1]}",
        }

    def _due_text(self, user):
        """Return the due time as the receiver's clock shows it."""
        if not self.date_due:
            return ""
        return format_datetime(self.env, self.date_due, tz=user.tz or self.company_id._ops_tz(), dt_format="short")

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
            texts.update({item.id: Markup(body) for item, (_subject, body) in zip(found, rendered, strict=True)})
        return texts

    # -- words ----------------------------------------------------------------------------------------------------------

    @api.model
    def _summary(self, user, lines):
        """Return how much is due and late in words: the subject of a digest."""
        texts = self.with_context(lang=user.lang).env
        late = sum(line["late"] for line in lines)
        due = len(lines) - late
        parts = [texts._("%(count)s due", count=due)] if due else []
        return ", ".join(parts + ([texts._("%(count)s late", count=late)] if late else []))

    @api.model
    def _urgent_summary(self, line):
        return f"{line['name']} – {line['left']}"

    def _time_left(self):
        """Return in words how long is left, or how late it is, in the language of the context."""
        if not self.date_due:
            return self.env._("no due time")
        seconds = (self.date_due - clock.now()).total_seconds()
        days, hours = divmod(int(abs(seconds) // 3600), 24)
        if seconds < 0:
            if days:
                return self.env._("1 day late") if days == 1 else self.env._("%(count)s days late", count=days)
            return self.env._("1 hour late") if hours == 1 else self.env._("%(count)s hours late", count=hours)
        if days:
            return self.env._("1 day left") if days == 1 else self.env._("%(count)s days left", count=days)
        return self.env._("1 hour left") if hours == 1 else self.env._("%(count)s hours left", count=hours)
