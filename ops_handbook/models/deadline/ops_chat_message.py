from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import groupby

from ...tools import clock
from .ops_obligation_notice import Notice

COLLECT = timedelta(seconds=30)  # how long a message waits for the other lines of the same run
KEEP = timedelta(days=30)
BATCH = 1_000


class OpsChatMessage(models.Model):
    """The queue of the chat bots, written in the transaction that marks the reminders as sent; the job sends what is here.

    What a message will say is not put into words before it leaves: what has been settled meanwhile is left out, and a message
    that had to wait for a day does not say “2 hours left”.
    """

    _name = "ops.chat.message"
    _description = "Chat Message"
    _order = "id desc"
    _rec_name = "bot_id"

    bot_id = fields.Many2one("ops.chat.bot", required=True, readonly=True, index=True, ondelete="cascade")
    kind = fields.Selection(
        [("reminder", "Reminders"), ("urgent", "Urgent"), ("test", "Test")], required=True, readonly=True, default="reminder"
    )
    state = fields.Selection(
        [("waiting", "Waiting"), ("sent", "Sent"), ("failed", "Given Up"), ("dropped", "Not Needed")],
        required=True, readonly=True, default="waiting", index=True,
        help="Given up: its reminders went out by mail. Not needed: all of it was settled before it left.",
    )
    notices = fields.Json(readonly=True, help="What is reminded of, and whom: as the log of the reminders has it.")
    text = fields.Text(readonly=True, help="What was sent, or tried.")
    attempts = fields.Integer(readonly=True)
    date_next = fields.Datetime(string="Next Attempt", readonly=True)
    date_tried = fields.Datetime(string="Last Attempt", readonly=True)
    date_sent = fields.Datetime(string="Sent on", readonly=True)
    date_failed = fields.Datetime(string="Failed on", readonly=True)
    error = fields.Char(string="Reason", readonly=True)

    _waiting_idx = models.Index("(date_next, id) WHERE state = 'waiting'")
    _rate_idx = models.Index("(bot_id, date_tried)")

    # -- guards ---------------------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise UserError(self.env._("Messages are written by the system only."))
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            raise UserError(self.env._("Messages are written by the system only."))
        return super().write(vals)

    # -- into the queue -------------------------------------------------------------------------------------------------

    @api.model
    def _queue(self, notices, bots):
        """Queue what bots are to say: one message for each bot, and one for each urgent obligation, at once.

        :param notices: list of :class:`Notice`
        :param dict bots: obligation id → bots
        """
        calm, rows = {}, []
        for (urgent, obligation), group in groupby(notices, key=lambda notice: (notice.urgent, notice.obligation_id)):
            for bot in bots[obligation]:
                if urgent:
                    rows.append({"bot_id": bot.id, "kind": "urgent", "notices": group, "date_next": clock.now()})
                else:
                    calm.setdefault(bot.id, []).extend(group)
        for message in self._collecting(calm):
            message.notices = [*message.notices, *calm.pop(message.bot_id.id)]
        rows += [
            {"bot_id": bot, "kind": "reminder", "notices": group, "date_next": clock.now() + COLLECT}
            for bot, group in calm.items()
        ]
        for message in self.create(rows):
            self._wake(message.date_next)

    @api.model
    def _collecting(self, bots):
        """Return the messages to which lines of the same run are added, one for each bot; another worker's are left alone."""
        found = self.search([
            ("bot_id", "in", list(bots)), ("kind", "=", "reminder"), ("state", "=", "waiting"), ("attempts", "=", 0),
            ("date_next", ">", clock.now()),
        ], order="id").try_lock_for_update(allow_referencing=True)
        return self.union(*(group[0] for group in found.grouped("bot_id").values()))

    @api.model
    def _wake(self, moment):
        self.env.ref("ops_handbook.ops_chat_cron").sudo()._trigger(moment)  # sudo: triggers belong to the system

    # -- out of it without having been sent -----------------------------------------------------------------------------

    def _give_up(self, reason):
        """Stop trying; what these messages would have said goes out by mail, so that nobody loses a reminder.

        One mail for each person, however many messages: what several bots would have said stands in it once.
        """
        notices = self._live_notices()
        self.write({"state": "failed", "error": reason, "date_failed": clock.now(), "date_next": False})
        # sudo: as the job that reminds
        self.env["ops.obligation"].sudo()._dispatch([notice._replace(channel="digest") for notice in notices])

    def _live_notices(self):
        """Return what of these messages is still open, for people who are still there."""
        notices = [Notice(*row) for message in self for row in message.notices or ()]
        items = self.env["ops.obligation"].browse({notice.obligation_id for notice in notices}).exists()
        live = set(items.filtered(lambda item: item.state == "open").ids)
        users = self.env["res.users"].browse({notice.user_id for notice in notices}).exists()
        present = set(users.filtered("active").ids)
        return [notice for notice in notices if notice.obligation_id in live and notice.user_id in present]

    # -- by hand --------------------------------------------------------------------------------------------------------

    def action_retry(self):
        """Try again now what waits for its next attempt."""
        self.check_access("read")
        self.env["ops.chat.bot"].check_access("write")
        self.bot_id.check_access("write")
        waiting_sudo = self.sudo().filtered(lambda message: message.state == "waiting")  # sudo: asked above
        waiting_sudo.write({"date_next": clock.now()})
        self._wake(clock.now())

    @api.autovacuum
    def _clear_old(self):
        """Clear away what was sent or given up a month ago."""
        old = self.search([("state", "!=", "waiting"), ("create_date", "<", clock.now() - KEEP)], limit=BATCH, order="id")
        old.unlink()
        return len(old), len(old) == BATCH
