from markupsafe import Markup

from odoo import api, models
from odoo.tools import groupby

from .ops_obligation_words import Words

DIGEST = "ops_handbook.ops_reminder_template_digest"
URGENT = "ops_handbook.ops_reminder_template_urgent"


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
        for template, mails in ((DIGEST, digests), (URGENT, urgent)):
            self.env["ops.notice"]._queue(template, [
                {**mail, "company": mail["user"].company_id, "plain": self._plain_body(mail["lines"])} for mail in mails
            ])

    @api.model
    def _plain_body(self, lines):
        """Return what goes out where the template is broken or gone: nothing silences the reminders."""
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
            rendered = self.env["ops.notice"]._render(template.with_context(lang=user.lang), mails)
            texts.update({item.id: body for item, (_subject, body) in zip(found, rendered, strict=True)})
        return texts
