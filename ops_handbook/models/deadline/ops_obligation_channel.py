import json

from odoo import api, models
from odoo.tools import groupby

from ...tools.moments import local_date
from .ops_obligation import OPEN_STATES


class OpsObligation(models.Model):
    """The channels of the ladder. Each ``_deliver_<channel>`` takes notices and returns those that go by mail (too).

    A channel exists when its method does: chat bots add theirs.
    """

    _inherit = "ops.obligation"

    @api.model
    def _dispatch(self, notices):
        """Send notices by their channels; what is left of one person goes into one mail."""
        by_mail = []
        for channel, items in groupby(notices, key=lambda notice: notice.channel):
            by_mail += getattr(self, f"_deliver_{channel}")(items)
        users = self.env["res.users"].browse({notice.user_id for notice in by_mail})
        reached = set(users.filtered("email").ids)
        self._queue_mails([notice for notice in by_mail if notice.user_id in reached])
        # a workshop has no mailbox: what would be lost is an activity instead
        self._deliver_activity([notice for notice in by_mail if notice.user_id not in reached])

    @api.model
    def _deliver_digest(self, notices):
        return notices

    # -- activities -----------------------------------------------------------------------------------------------------

    @api.model
    def _deliver_activity(self, notices):
        """Schedule an activity for each person, unless they have one on the obligation already."""
        if not notices:
            return []
        wanted = {(notice.obligation_id, notice.user_id): notice for notice in notices}
        activities = self.env["mail.activity"].sudo()  # sudo: the engine plans for everybody
        present = activities.search_fetch(
            [("res_model", "=", self._name), ("res_id", "in", [key[0] for key in wanted]), ("automated", "=", True)],
            ["res_id", "user_id"],
        )
        for activity in present:
            wanted.pop((activity.res_id, activity.user_id.id), None)
        self._schedule_activities([
            (self.browse(notice.obligation_id), self.env["res.users"].browse(notice.user_id)) for notice in wanted.values()
        ])
        return []

    @api.model
    def _schedule_activities(self, pairs):
        """Create the activities of many obligations at once: no mail, no follower; at most 0.1 statements a row.

        :param pairs: list of (obligation, user)
        """
        items = self.union(*(item for item, _user in pairs))
        users = self.env["res.users"].union(*(user for _item, user in pairs))
        model_id = self.env["ir.model"]._get_id(self._name)
        kind = self.env.ref("mail.mail_activity_data_todo").id
        values = []
        for lang, group in groupby(pairs, key=lambda pair: users.browse(pair[1].id).lang):
            texts = items.with_context(lang=lang)
            summaries = dict(zip(texts.ids, texts.mapped("display_name"), strict=True))
            values += [
                {
                    "res_model_id": model_id,
                    "res_model": self._name,
                    "res_id": item.id,
                    "activity_type_id": kind,
                    "user_id": user.id,
                    "summary": summaries[item.id],
                    "date_deadline": item._activity_deadline(),
                    "automated": True,
                }
                for item, user in group
            ]
        # sudo: the engine plans for everybody; names are computed once for all, not one by one
        self.browse(items.ids).mapped("display_name")
        self.env["mail.activity"].sudo().with_context(mail_activity_quick_update=True).create(values)

    def _activity_deadline(self):
        return local_date(self.date_due or self.date_next_step or self.date_start, self.company_id._ops_tz())

    def _drop_activities(self):
        """Take back the activities of what has been settled."""
        self.env["mail.activity"].sudo().search([  # sudo: they may be anybody's
            ("res_model", "=", self._name), ("res_id", "in", self.ids), ("automated", "=", True),
        ]).unlink()

    def _close(self, moment, form_of):
        closed = super()._close(moment, form_of)
        if closed:
            closed._drop_activities()
        return closed

    def _set_state(self, state, reason, **values):
        result = super()._set_state(state, reason, **values)
        if self and state not in OPEN_STATES:
            self._drop_activities()
        return result

    # -- push -----------------------------------------------------------------------------------------------------------

    @api.model
    def _deliver_push(self, notices):
        """Send by Odoo's web push; by mail too what is urgent, and whatever goes to somebody without a device.

        They are queued with the log in one transaction, and sent by Odoo's job for push notifications.
        """
        users = self.env["res.users"].browse({notice.user_id for notice in notices})
        of_partner = self._push_devices(users)
        own = {user.id: of_partner[user.partner_id] for user in users if user.partner_id in of_partner}
        queue = []
        for user, lines in self._lines_by_user([notice for notice in notices if notice.user_id in own]):
            payloads = self._push_payloads(user, lines)
            queue += [{"mail_push_device_id": device.id, "payload": text} for device in own[user.id] for text in payloads]
        self._queue_pushes(queue)
        return [notice for notice in notices if notice.urgent or notice.user_id not in own]

    @api.model
    def _push_devices(self, users):
        """Return the devices of users that can be pushed to: dict partner → devices."""
        devices, private_key, _public_key = self.env["mail.thread"]._web_push_get_partners_parameters(users.partner_id.ids)
        return devices.grouped("partner_id") if private_key else {}

    @api.model
    def _queue_pushes(self, vals_list):
        if vals_list:
            self.env["mail.push"].sudo().create(vals_list)  # sudo: the queue belongs to the system
            self.env.ref("mail.ir_cron_web_push_notification").sudo()._trigger()

    @api.model
    def _push_payloads(self, user, lines):
        """Return the notifications of one person as JSON: one for each line that is urgent, one for all others."""
        urgent = [[line] for line in lines if line["urgent"]]
        common = [line for line in lines if not line["urgent"]]
        return [json.dumps(self._push_payload(user, group)) for group in [*urgent, common] if group]

    @api.model
    def _push_payload(self, user, lines):
        first = lines[0]
        title = first["name"] if len(lines) == 1 else self._summary(user, lines)
        body = "\n".join(f"{line['name']} – {line['left']}" for line in lines) if len(lines) > 1 else first["left"]
        return self.env["mail.thread"]._web_push_truncate_payload({
            "title": title,
            "options": {
                "body": body,
                "icon": "/web/static/img/odoo-icon-192x192.png",
                "data": {"model": first["model"], "res_id": first["res_id"]},
            },
        })
