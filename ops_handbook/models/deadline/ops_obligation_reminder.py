from odoo import api, fields, models
from odoo.exceptions import UserError


class OpsObligationReminder(models.Model):
    """A step of a ladder that was taken, for one due time: the key by which no step is ever sent twice.

    Written by the engine only. A step whose turn was missed, because the job did not run, is here as skipped: of
    several the last one is sent.
    """

    _name = "ops.obligation.reminder"
    _description = "Reminder"
    _order = "moment desc, id desc"
    _rec_name = "obligation_id"

    obligation_id = fields.Many2one("ops.obligation", required=True, readonly=True, ondelete="cascade", index=True)
    step_id = fields.Many2one(
        "ops.standard.step", readonly=True, ondelete="set null", index="btree_not_null",
        help="Empty: sent by hand, or the step has been taken out of the ladder since.",
    )
    date_due = fields.Datetime(string="For the Due Time", readonly=True)
    moment = fields.Datetime(string="Planned for", required=True, readonly=True)
    channel = fields.Selection(
        selection=lambda self: self.env["ops.standard.step"]._fields["channel"]._description_selection(self.env),
        required=True, readonly=True,
    )
    letter_number = fields.Integer(string="Formal Reminder No.", readonly=True, help="0: not a formal reminder.")
    state = fields.Selection(
        [("waiting", "Waiting"), ("sent", "Sent"), ("skipped", "Skipped")],
        required=True, readonly=True, default="waiting", index=True,
        help="Waiting: for the receivers' working hours, a letter also for being issued.",
    )
    reason = fields.Selection(
        [
            ("missed", "A later step was due already"),
            ("channel", "The channel has not been set up"),
            ("settled", "Settled before it was sent"),
            ("nobody", "Nobody could be reached"),
            ("letter", "There is a letter of this level already"),
            ("withdrawn", "The letter was not issued"),
        ],
        string="Why Skipped", readonly=True,
    )
    author_id = fields.Many2one("res.users", string="Sent by Hand by", readonly=True, ondelete="set null", index="btree_not_null")
    receiver_ids = fields.One2many("ops.obligation.reminder.receiver", "reminder_id", string="Receivers", readonly=True)
    receiver_text = fields.Char(string="To", compute="_compute_receiver_text")

    _key_uniq = models.UniqueIndex(
        "(obligation_id, step_id, COALESCE(date_due, '1970-01-01'::timestamp)) WHERE step_id IS NOT NULL",
        "Each step of a ladder is taken once for a due time.",
    )
    _moment_idx = models.Index("(moment DESC, id DESC)")

    @api.depends("receiver_ids.user_id", "receiver_ids.on_behalf_id")
    def _compute_receiver_text(self):
        """Show the substitute and the person in whose name they were reached."""
        for reminder in self:
            # sudo: the names of whom a reminder went to belong to it
            reminder.receiver_text = ", ".join(line._text() for line in reminder.sudo().receiver_ids)

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise UserError(self.env._("The log of reminders is written by the system only."))
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            raise UserError(self.env._("The log of reminders cannot be changed."))
        return super().write(vals)
