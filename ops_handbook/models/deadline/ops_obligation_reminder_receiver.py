from odoo import fields, models


class OpsObligationReminderReceiver(models.Model):
    """One person to whom a reminder goes; it waits here until their next working hours."""

    _name = "ops.obligation.reminder.receiver"
    _description = "Receiver of a Reminder"
    _order = "id"
    _rec_name = "user_id"
    _log_access = False

    reminder_id = fields.Many2one("ops.obligation.reminder", required=True, readonly=True, ondelete="cascade", index=True)
    user_id = fields.Many2one("res.users", string="To", required=True, readonly=True, ondelete="cascade", index=True)
    on_behalf_id = fields.Many2one(
        "res.users", string="In the Name of", readonly=True, ondelete="set null", index="btree_not_null"
    )
    is_copy = fields.Boolean(string="Copy", readonly=True)
    urgent = fields.Boolean(readonly=True)
    date_send = fields.Datetime(string="Not before", required=True, readonly=True)
    date_sent = fields.Datetime(string="Sent on", readonly=True)
    state = fields.Selection(
        [("waiting", "Waiting"), ("sent", "Sent"), ("skipped", "Skipped")], required=True, readonly=True, default="waiting"
    )

    _waiting_idx = models.Index("(date_send, user_id) WHERE state = 'waiting'")

    def _text(self):
        if not self.on_behalf_id:
            return self.user_id.name
        return self.env._("%(substitute)s for %(person)s", substitute=self.user_id.name, person=self.on_behalf_id.name)
