import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ...tools import clock

_logger = logging.getLogger(__name__)

BATCH = 200  # invitations that are rendered and queued in one transaction
PAUSES = (5, 30, 120, 480)  # minutes until the next attempt; then it has failed for good
KEEP_DAYS = 90


class OpsMeetingInvitation(models.Model):
    """What is still to be told to whom about a meeting: invitations are rendered by a job, never in the request.

    Written and read by the machinery only.
    """

    _name = "ops.meeting.invitation"
    _description = "Invitation to Be Sent"
    _order = "id"

    meeting_id = fields.Many2one("ops.meeting", required=True, index=True, ondelete="cascade")
    partner_id = fields.Many2one("res.partner", required=True, index=True, ondelete="cascade")
    kind = fields.Selection(
        [("invitation", "Invitation"), ("update", "Update"), ("cancellation", "Cancellation")], required=True
    )
    sequence = fields.Integer(required=True)
    state = fields.Selection(
        [("pending", "To Be Sent"), ("sent", "Queued"), ("failed", "Failed")], required=True, default="pending"
    )
    sent_on = fields.Datetime()
    attempts = fields.Integer(default=0)
    date_next = fields.Datetime(help="Not before; empty: at once.")

    _once = models.UniqueIndex("(meeting_id, partner_id, sequence, kind)")
    _pending_idx = models.Index("(id) WHERE state = 'pending'")

    @api.model
    def _enqueue(self, meeting, partners, kind):
        """Queue what ``partners`` are told about ``meeting`` now, in the place of what they had not been told yet.

        :param str kind: invitation, update or cancellation; whoever has not had the invitation yet gets that instead of
            an update, and nothing instead of a cancellation
        """
        queue_sudo = self.sudo()  # sudo: nobody but the machinery writes here
        waiting = queue_sudo.search([
            ("meeting_id", "=", meeting.id), ("partner_id", "in", partners.ids), ("state", "=", "pending"),
        ])
        never = waiting.filtered(lambda item: item.kind == "invitation").partner_id
        waiting.unlink()
        if kind == "cancellation":
            partners -= never
        kinds = {partner.id: "invitation" if partner in never else kind for partner in partners}
        now, uid = clock.now(), self.env.uid
        queue_sudo.flush_model()
        self.env.cr.execute_values(
            """INSERT INTO ops_meeting_invitation
                      (meeting_id, partner_id, kind, sequence, state, create_uid, create_date, write_uid, write_date)
               VALUES %s ON CONFLICT DO NOTHING""",
            [
                (meeting.id, partner_id, chosen, meeting.invite_sequence, "pending", uid, now, uid, now)
                for partner_id, chosen in kinds.items()
            ],
        )
        queue_sudo.invalidate_model()
        self.env.ref("ops_handbook.ops_meeting_cron_invitations").sudo()._trigger()

    # -- the job -------------------------------------------------------------------------------------------------------

    @api.model
    def _cron_send(self):
        """Render and queue what is pending, a batch at a time; a killed run loses nothing and repeats nothing."""
        cron = self.env["ir.cron"]
        while taken := self._take():
            for meeting, items in taken.grouped("meeting_id").items():
                items._send_guarded(meeting)
            if not cron._commit_progress(len(taken)):
                self.env.ref("ops_handbook.ops_meeting_cron_invitations").sudo()._trigger()
                return

    @api.model
    def _take(self):
        """Return the next batch, locked; what another worker is sending is left to it."""
        self.flush_model()
        self.env.cr.execute(SQL(
            "SELECT id FROM ops_meeting_invitation WHERE state = 'pending' AND (date_next IS NULL OR date_next <= %s) "
            "ORDER BY id LIMIT %s FOR NO KEY UPDATE SKIP LOCKED",
            clock.now(), BATCH,
        ))
        return self.sudo().browse([row[0] for row in self.env.cr.fetchall()])  # sudo: a job

    def _send_guarded(self, meeting):
        """Queue the mails of one meeting; what goes wrong with one does not hold up the others."""
        try:
            with self.env.cr.savepoint():
                self._send(meeting)
                self.write({"state": "sent", "sent_on": clock.now()})
        except Exception:  # whatever stands in its way
            _logger.exception("meetings: the invitations to %s cannot be sent", meeting.id)
            self.env.invalidate_all(flush=False)
            self._put_off()

    def _put_off(self):
        """Try again later, a few times."""
        for attempts, items in self.grouped("attempts").items():
            if attempts >= len(PAUSES):
                items.write({"state": "failed"})
                continue
            moment = clock.now() + timedelta(minutes=PAUSES[attempts])
            items.write({"attempts": attempts + 1, "date_next": moment})
            self.env.ref("ops_handbook.ops_meeting_cron_invitations").sudo()._trigger(at=moment)

    @api.autovacuum
    def _gc_sent(self):
        """Forget what was sent long ago, with its calendar files."""
        limit = fields.Date.subtract(clock.now(), days=KEEP_DAYS)
        # sudo: a job
        self.sudo().search([("state", "!=", "pending"), ("create_date", "<", limit)], limit=10_000).unlink()
