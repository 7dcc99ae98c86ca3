import json

from markupsafe import Markup

from odoo import api, models

LETTER = "ops_handbook.ops_reminder_letter_mail"


class OpsObligation(models.Model):
    """The channel *letter*: what was issued goes out to everybody whom it names, in their working hours."""

    _inherit = "ops.obligation"

    @api.model
    def _deliver_letter(self, notices):
        """Send letters by mail, each by itself, and to the devices of those who have one.

        :return: the notices of those without a mailbox
        """
        letters_sudo = self.env["ops.reminder.letter"].sudo()  # sudo: the job delivers what was issued
        found = letters_sudo.search([("reminder_id", "in", [notice.reminder_id for notice in notices])])
        by_reminder = {letter.reminder_id.id: letter for letter in found}
        self._draft_missing([notice for notice in notices if notice.reminder_id not in by_reminder])
        users = self.env["res.users"].browse({notice.user_id for notice in notices})
        pairs = []
        for notice in notices:
            letter = by_reminder.get(notice.reminder_id)
            if letter and letter.issued_on and letter.state != "cancelled":
                user = users.browse(notice.user_id).with_prefetch(users._prefetch_ids)
                pairs.append((notice, user, letter.with_context(lang=user.lang)))
        self._push_letters(users, pairs)
        self.env["ops.notice"]._queue(LETTER, [
            self._letter_mail(notice, user, letter) for notice, user, letter in pairs if user.email
        ])
        return [notice for notice, user, _letter in pairs if not user.email]

    @api.model
    def _draft_missing(self, notices):
        """Steps that were taken before there were letters, and wait since: draft theirs."""
        first = {notice.reminder_id: notice for notice in notices if notice.letter_number}
        if first:
            steps = self.env["ops.standard.step"]
            self.env["ops.reminder.letter"]._draft([
                (reminder, self.browse(notice.obligation_id), steps.browse(notice.step_id or ()), notice.letter_number)
                for reminder, notice in first.items()
            ])

    @api.model
    def _letter_mail(self, notice, user, letter):
        """Return the names that the template of the letter may use."""
        url = f"{letter.get_base_url()}/odoo/{letter._name}/{letter.id}"
        subject = f"{letter.level_label} {letter.display_name}"
        return {
            "object": letter,
            "user": user,
            "company": letter.company_id,
            "summary": subject,
            "salutation": letter._salutation(),
            "facts": letter._facts(user.tz),
            "body": letter.body,
            "copies": letter._copies_text(),
            "issuer": letter._issuer(),
            "is_copy": notice.is_copy,
            "on_behalf": user.browse(notice.on_behalf_id or ()).name or "",
            "url": url,
            "plain": Markup('<p><a href="{}">{}</a></p>{}').format(url, subject, letter.body or ""),
        }

    @api.model
    def _push_letters(self, users, pairs):
        devices, queue = self._push_devices(users), []
        for _notice, user, letter in pairs:
            payload = json.dumps(self._letter_push(letter)) if devices.get(user.partner_id) else None
            queue += [
                {"mail_push_device_id": device.id, "payload": payload} for device in devices.get(user.partner_id, ())
            ]
        self._queue_pushes(queue)

    @api.model
    def _letter_push(self, letter):
        return self.env["mail.thread"]._web_push_truncate_payload({
            "title": f"{letter.level_label} {letter.number}",
            "options": {
                "body": f"{letter.name} – {letter._overdue_text()}",
                "icon": "/web/static/img/odoo-icon-192x192.png",
                "data": {"model": letter._name, "res_id": letter.id},
            },
        })
