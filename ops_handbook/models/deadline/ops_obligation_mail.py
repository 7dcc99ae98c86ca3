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
        """Yield (user, lines) for each person; what the lines of all need is read, and rendered, together."""
        users = self.env["res.users"].browse({notice.user_id for notice in notices})
        items = self.browse({notice.obligation_id for notice in notices})
        words, strongest = Words(self.env), self._strongest(notices)
        texts = self._step_texts(strongest, users, items)
        for user_id, group in groupby(strongest, key=lambda notice: notice.user_id):
            user = self.env["res.users"].browse(user_id).with_prefetch(users._prefetch_ids)
            yield user, self._lines(user, group, items, words, texts)

    @api.model
    def _strongest(self, notices):
        """Return of several notices for one person about one obligation the strongest, people in the order given."""
        found = {}
        for notice in sorted(notices, key=lambda item: (item.urgent, item.letter_number, not item.is_copy)):
            found[notice.user_id, notice.obligation_id] = notice
        order = {notice.user_id: place for place, notice in reversed(list(enumerate(notices)))}
        return sorted(found.values(), key=lambda notice: order[notice.user_id])

    @api.model
    def _lines(self, user, notices, among, words, texts):
        """Return what one person is reminded of, as plain dicts, late ones first.

        :param notices: one for each obligation
        :param among: obligations that are read together
        :param words: the :class:`Words` of this run
        :param texts: as of ``_step_texts``
        """
        by_item = {notice.obligation_id: notice for notice in notices}
        items = self.with_context(lang=user.lang, active_test=False).browse(by_item).with_prefetch(among._prefetch_ids)
        lines = [item._line(user, by_item[item.id], texts.get((user.id, item.id)), words) for item in items]
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
    def _step_texts(self, notices, users, items):
        """Return the texts that steps add to their lines: dict (user id, obligation id) → Markup.

        Each template is rendered once in a language, for everybody who reads it.

        :param users, items: of all notices, read together
        """
        # what a robot did not say may be of a step that has been taken out of its ladder since
        steps = self.env["ops.standard.step"].browse({notice.step_id for notice in notices if notice.step_id}).exists()
        own = {step.id: step.template_id for step in steps if step.template_id}
        user_of = {user.id: user for user in users}
        item_of = {item.id: item for item in items.with_context(active_test=False)}
        wanted, texts = [notice for notice in notices if notice.step_id in own], {}
        for (template, lang), group in groupby(wanted, key=lambda notice: (own[notice.step_id], user_of[notice.user_id].lang)):
            mails = [
                {"object": item_of[notice.obligation_id], "user": user_of[notice.user_id], "summary": "", "lines": []}
                for notice in group
            ]
            rendered = self.env["ops.notice"]._render(template.with_context(lang=lang), mails)
            texts.update({
                (notice.user_id, notice.obligation_id): body
                for notice, (_subject, body) in zip(group, rendered, strict=True)
            })
        return texts
