import logging
from contextlib import suppress
from datetime import UTC, timedelta

from psycopg2 import OperationalError

from odoo import api, models
from odoo.tools import SQL, groupby

from ...tools import chat, chat_protocol, clock, webhook
from .ops_obligation_words import Words

_logger = logging.getLogger(__name__)

ADVISORY = 719_023_002  # first key of the advisory locks on bots: one worker at a time speaks through a robot
ATTEMPTS = 20  # serialization failures in a row before the job gives up for this time
PAUSES = (1, 5, 15, 60, 180, 360)  # minutes before the next attempt; the last one again and again
PATIENCE = timedelta(days=3)  # how long a message is tried


class OpsChatMessage(models.Model):
    """Sending what bots are to say.

    A message is locked, posted, marked and committed before the next one is looked at: two workers never post the same. What a
    killed worker had not committed is posted again, so between the service's answer and the commit after it, and only there, a
    message can come twice; none is lost.
    """

    _inherit = "ops.chat.message"

    @api.model
    def _cron_send(self):
        """Send what is due, one message after the other, with a commit after each."""
        queue, cron, failures = self.sudo(), self.env["ir.cron"], 0  # sudo: the job serves everybody
        while failures < ATTEMPTS:
            message = self.browse()
            try:
                message = queue._lock_due()
                if not message:
                    break
                message._send()
                left = cron._commit_progress(1)
                failures = 0
            except OperationalError as error:  # another worker was faster: look again
                self.env.cr.rollback()
                failures += 1
                _logger.info("chat bots: %s, trying again", type(error).__name__)
                continue
            except Exception:
                self.env.cr.rollback()
                if not message:
                    raise
                _logger.exception("chat bots: message %s cannot be sent", message.id)
                message._failed(self.env._("The message could not be put into words; the server's log says why."))
                left = cron._commit_progress(1)
            if left <= 0:
                self._wake(clock.now())
                break
        queue._wake_for_next()

    @api.model
    def _lock_due(self):
        """Return one message that is due, locked with its bot; nothing when all are, or another worker has them."""
        rows = self.env.execute_query(SQL(
            """SELECT id, bot_id FROM ops_chat_message WHERE state = 'waiting' AND date_next <= %s
               ORDER BY kind = 'urgent' DESC, date_next, id LIMIT 200""", clock.now(),
        ))
        for bot, group in groupby(rows, key=lambda row: row[1]):
            free = self.env.execute_query(SQL("SELECT pg_try_advisory_xact_lock(%s, %s)", ADVISORY, bot))[0][0]
            if not free or self._slow_down(bot):
                continue
            if locked := self.browse([row[0] for row in group]).try_lock_for_update(allow_referencing=True, limit=1):
                return locked
        return self.browse()

    @api.model
    def _slow_down(self, bot):
        """Put off what a bot has to say while it has said as much as its service takes; return whether that is so."""
        now = clock.now()
        until = max((
            wait for count, seconds in chat.SERVICES[self.env["ops.chat.bot"].browse(bot).service].rates
            if (wait := self._free_again(bot, count, seconds))
        ), default=None)
        if until:
            self.env.cr.execute(SQL(
                """UPDATE ops_chat_message SET date_next = %s
                    WHERE bot_id = %s AND state = 'waiting' AND date_next <= %s""", until, bot, now,
            ))
            self.invalidate_model(["date_next"], flush=False)
            self.env["ir.cron"]._commit_progress()
        return bool(until)

    @api.model
    def _free_again(self, bot, count, seconds):
        """Return when a bot may speak again that may say ``count`` messages in ``seconds``; None: now."""
        # our clock has no fractions of a second
        window = timedelta(seconds=seconds + 1)
        rows = self.env.execute_query(SQL(
            "SELECT date_tried FROM ops_chat_message WHERE bot_id = %s AND date_tried > %s ORDER BY date_tried DESC LIMIT %s",
            bot, clock.now() - window, count,
        ))
        return rows[-1][0] + window if len(rows) == count else None

    @api.model
    def _wake_for_next(self):
        """Run again when the next message is due."""
        following = self.search([("state", "=", "waiting"), ("date_next", "!=", False)], order="date_next, id", limit=1)
        if following:
            self._wake(max(following.date_next, clock.now() + timedelta(seconds=1)))
            self.env["ir.cron"]._commit_progress()

    # -- one message ----------------------------------------------------------------------------------------------------

    def _send(self):
        """Post this message and note what became of it."""
        bot = self.bot_id
        if problem := (not bot.active and self.env._("The bot has been archived.")) or bot._webhook_problem():
            self._failed(problem)
            return
        title, items = self._content()
        if not items and self.kind != "test":
            self.write({"state": "dropped", "date_next": False, "notices": False})
            return
        payload = chat.message(bot.service, title, items, urgent=self.kind == "urgent")
        self.text = "\n".join([title, *(chat.line(bot.service, item) for item in items)])
        problem = self._post(payload)
        if problem:
            self._failed(problem)
            return
        self.write({
            "state": "sent", "attempts": self.attempts + 1, "date_tried": clock.now(), "date_sent": clock.now(),
            "date_next": False, "error": False,
        })

    def _post(self, payload):
        """Return why the service did not take the payload, None when it did; neither names the address."""
        bot = self.bot_id
        parameters, body = chat_protocol.signed(bot.service, payload, bot.secret, clock.now().replace(tzinfo=UTC).timestamp())
        self.flush_recordset()
        try:
            refused = chat_protocol.refusal(*webhook.post(webhook.with_parameters(bot.webhook, parameters), body))
        except webhook.Unreachable as error:
            self._hold_others()
            return {
                "timeout": self.env._("The service did not answer in time."),
                "certificate": self.env._("The certificate of the service is not trusted."),
            }.get(error.why) or self.env._("The service cannot be reached.")
        if not refused:
            return None
        if refused.startswith(("HTTP 4", "HTTP 5")):
            self._hold_others()
        return self.env._("The service refused it: %(answer)s", answer=chat_protocol.redacted(refused, [bot.webhook, bot.secret]))

    def _pause(self):
        return timedelta(minutes=PAUSES[min(self.attempts, len(PAUSES) - 1)])

    def _failed(self, reason):
        """Note a failure; after some days the message is given up, and its reminders go by mail."""
        now = clock.now()
        tried = {"attempts": self.attempts + 1, "date_tried": now, "date_failed": now, "error": reason}
        self.write({**tried, "date_next": now + self._pause()})
        if self.kind == "test":
            self.write({"state": "failed", "date_next": False})
        elif now - self.create_date >= PATIENCE or not self.bot_id.active:
            self._give_up(reason)
        _logger.warning("chat bots: bot %s, message %s: %s", self.bot_id.id, self.id, reason)

    def _hold_others(self):
        """What else waits for a robot that does not answer waits as long as this message."""
        # somebody has written one of them meanwhile: not a reason to post this one again
        with suppress(OperationalError), self.env.cr.savepoint(flush=False):
            self.env.cr.execute(SQL(
                """UPDATE ops_chat_message SET date_next = %s WHERE id IN (
                       SELECT id FROM ops_chat_message WHERE bot_id = %s AND id != %s AND state = 'waiting' AND date_next <= %s
                       FOR NO KEY UPDATE SKIP LOCKED)""",
                clock.now() + self._pause(), self.bot_id.id, self.id, clock.now(),
            ), log_exceptions=False)
        self.invalidate_model(["date_next"], flush=False)

    # -- in words -------------------------------------------------------------------------------------------------------

    def _content(self):
        """Return title and items in the language of the company; what does not fit becomes a message of its own."""
        texts, service = self.bot_id._texts(), self.bot_id.service
        if self.kind == "test":
            return texts._("Test message of the Operations Handbook: %(bot)s", bot=self.bot_id.name), []
        notices = self._live_notices()
        groups = list(groupby(notices, key=lambda notice: notice.obligation_id))
        items = self.with_env(texts)._items(groups)
        title = self._title(texts, groups, items)
        fits = chat.fitting(service, title, items)
        if fits < len(items):
            rest = [notice for _item, group in groups[fits:] for notice in group]
            self.create({"bot_id": self.bot_id.id, "kind": self.kind, "notices": rest, "date_next": clock.now()})
            self.notices = [notice for _item, group in groups[:fits] for notice in group]
            self._wake(clock.now())
        return title, items[:fits]

    def _title(self, texts, groups, items):
        if self.kind == "urgent" and items:
            return texts._("Urgent: %(what)s", what=items[0].detail)
        obligations = self.env["ops.obligation"].browse(item for item, _group in groups)
        late = len(obligations.filtered("is_overdue"))
        parts = [texts._("%(count)s due", count=len(obligations) - late)] if late < len(obligations) else []
        return ", ".join(parts + ([texts._("%(count)s late", count=late)] if late else []))

    def _items(self, groups):
        """Return what a message says of each obligation: list of :class:`chat.Item`."""
        words = Words(self.env)
        items = self.env["ops.obligation"].browse([obligation for obligation, _group in groups])
        people = self._people([notice for _item, group in groups for notice in group])
        lines = []
        for item, (_id, group) in zip(items, groups, strict=True):
            model, record_id = item._target()
            number = max(notice.letter_number for notice in group)
            detail = [item._time_left(), item.department_id.name]
            if number:
                detail.insert(0, self.env._("Formal reminder no. %(number)s", number=number))
            named = dict.fromkeys(people[notice.user_id, notice.on_behalf_id] for notice in group)
            url = f"{words.base_url}/odoo/{model}/{record_id}"
            lines.append(chat.Item(item.display_name, url, " · ".join(filter(None, detail)), tuple(named)))
        return lines

    def _people(self, notices):
        """Return who is meant by each (user, in whose name) as :class:`chat.Person`, with their work mobile."""
        users = self.env["res.users"].browse({notice.user_id for notice in notices})
        employees = self.env["hr.employee"].search_fetch([("user_id", "in", users.ids)], ["user_id", "mobile_phone", "work_phone"])
        numbers = {employee.user_id.id: chat.mobile(employee.mobile_phone, employee.work_phone) for employee in employees}
        return {
            (notice.user_id, notice.on_behalf_id): chat.Person(self._name_of(notice), numbers.get(notice.user_id, ""))
            for notice in notices
        }

    def _name_of(self, notice):
        user, principal = (self.env["res.users"].browse(person or ()) for person in (notice.user_id, notice.on_behalf_id))
        if not principal:
            return user.name
        return self.env._("%(substitute)s for %(person)s", substitute=user.name, person=principal.name)
