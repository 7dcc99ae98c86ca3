from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...tools import clock
from ..mixins.domains import flag_search


class OpsReminderLetter(models.Model):
    """Form 13: what is late, where it was decided, and until when the department replies.

    Drafted by the engine, or by hand from an obligation; issued by operations (what operations owe themselves: by the GM
    office); answered by the head of the department. There is one for each obligation, level and due time.
    """

    _name = "ops.reminder.letter"
    _description = "Reminder Letter"
    _inherit = ["ops.form.mixin"]
    _order = "id desc"
    _search_fields = {"name": "A", "body": "C", "source_text": "C", "rule_text": "D", "reply": "C"}

    _flow = {
        "draft": {"issued": {"decider"}, "cancelled": {"decider"}},
        # "author" is whom the letter is addressed to: see _flow_author
        "issued": {"replied": {"author", "head"}, "closed": {"decider"}, "cancelled": {"decider"}},
        "replied": {"closed": {"decider"}},
        "closed": {},
        "cancelled": {},
    }
    _flow_reason = {"cancelled"}
    _flow_open = {"draft"}
    _flow_duties = {"issued": {"author": {"reply"}, "head": {"reply"}}}
    _flow_buttons = {
        "can_submit": "submitted",
        "can_return": "returned",
        "can_accept": "accepted",
        "can_issue": "issued",
        "can_reply": "replied",
        "can_close": "closed",
        "can_cancel": "cancelled",
    }
    _flow_protected = {
        "obligation_id", "reminder_id", "level", "office", "lang", "receiver_id", "answering_ids", "copy_gm_office",
        "copy_general_manager", "date_original", "date_due", "days_overdue", "workdays_overdue", "date_reply_by",
        "issued_on", "issued_by_id", "replied_on", "replied_by_id",
    }
    _form_standards = ("L1",)
    _decision_barred_by = ("receiver_id", "obligation_id.responsible_id")

    # what is late
    obligation_id = fields.Many2one("ops.obligation", string="About", required=True, readonly=True, index=True, ondelete="restrict")
    reminder_id = fields.Many2one("ops.obligation.reminder", readonly=True, index="btree_not_null", ondelete="set null")
    level = fields.Integer(string="Which Letter", required=True, readonly=True, default=1, aggregator="max")
    level_label = fields.Char(string="Letter", compute="_compute_level_label")
    name = fields.Char(string="Subject", help="What is late, in the language of the receiver.")
    source_text = fields.Text(string="Decided in", help="Which resolution of which meeting, which measure of which plan.")
    rule_text = fields.Text(string="Standard")
    date_original = fields.Datetime(string="Originally Due", readonly=True)
    date_due = fields.Datetime(string="Due", readonly=True, help="With the extensions that were granted.")
    days_overdue = fields.Integer(string="Calendar Days Overdue", readonly=True, help="When it was issued.", aggregator="max")
    workdays_overdue = fields.Integer(string="Working Days Overdue", readonly=True, help="When it was issued.", aggregator="max")

    # to whom
    office = fields.Selection(
        [("operations", "Operations"), ("gm_office", "GM Office"), ("general_manager", "General Manager")],
        string="Issued by the Office", readonly=True, required=True, default="operations",
    )
    receiver_id = fields.Many2one("res.users", string="To", readonly=True, index="btree_not_null", ondelete="restrict")
    answering_ids = fields.Many2many(
        "res.users", "ops_letter_answering_rel", string="Whoever Answers for It", readonly=True
    )
    copy_gm_office = fields.Boolean(string="Copy to the GM Office", readonly=True)
    copy_general_manager = fields.Boolean(string="Copy to the General Manager", readonly=True)
    copy_ids = fields.Many2many("res.users", "ops_letter_copy_rel", string="Copies to", domain="[('share', '=', False)]")
    lang = fields.Char(string="Language", readonly=True)
    body = fields.Html(string="Text", sanitize_style=True)

    # what became of it
    issued_on = fields.Datetime(readonly=True, copy=False, index="btree_not_null")
    issued_by_id = fields.Many2one("res.users", string="Issued by", readonly=True, copy=False, index="btree_not_null")
    date_reply_by = fields.Datetime(string="Reply by", readonly=True)
    reply = fields.Text(help="Why it is late, what is being done about it, and when it will be done.")
    replied_on = fields.Datetime(readonly=True, copy=False)
    replied_by_id = fields.Many2one("res.users", string="Replied by", readonly=True, copy=False, index="btree_not_null")
    reply_overdue = fields.Boolean(compute="_compute_reply_overdue", search="_search_reply_overdue")
    reply_text = fields.Char(string="Reply Is", compute="_compute_reply_overdue", help="Whether there is a reply, in a word.")
    item_state = fields.Selection(related="obligation_id.state", string="State of the Item")
    item_result = fields.Selection(related="obligation_id.result", string="What Became of the Item")
    item_done = fields.Datetime(related="obligation_id.date_done", string="Item Done on")

    can_issue = fields.Boolean(compute="_compute_can")
    can_reply = fields.Boolean(compute="_compute_can")

    # no second letter about the same thing, whoever drafts it: two workers, an overdue day of the job, a hand
    _one_per_level = models.UniqueIndex(
        "(obligation_id, level, COALESCE(date_due, '1970-01-01'::timestamp)) WHERE state != 'cancelled'",
        "There is a letter of this level about this item already.",
    )
    _issued_idx = models.Index("(obligation_id) WHERE issued_on IS NOT NULL AND state != 'cancelled'")
    _waiting_idx = models.Index("(date_reply_by) WHERE state = 'issued'")

    @api.model
    def _selection_state(self):
        return [
            ("draft", self.env._("Draft")),
            ("issued", self.env._("Issued")),
            ("replied", self.env._("Replied")),
            ("closed", self.env._("Closed")),
            ("cancelled", self.env._("Cancelled")),
        ]

    @api.depends("level")
    @api.depends_context("lang")
    def _compute_level_label(self):
        for letter in self:
            letter.level_label = self.env["ops.reminder.level"]._label(letter.level)

    @api.depends("state", "date_reply_by", "replied_on")
    @api.depends_context("lang")
    def _compute_reply_overdue(self):
        now = clock.now()
        for letter in self:
            waits = letter.state == "issued"
            letter.reply_overdue = bool(waits and letter.date_reply_by and letter.date_reply_by < now)
            letter.reply_text = (
                self.env._("Overdue") if letter.reply_overdue else self.env._("Waiting") if waits
                else self.env._("Replied") if letter.replied_on else False
            )

    @flag_search
    def _search_reply_overdue(self):
        return Domain("state", "=", "issued") & Domain("date_reply_by", "<", clock.now())

    # -- who may do what ------------------------------------------------------------------------------------------------

    def _flow_author(self):
        """Whom it is addressed to: they reply, and never decide on it."""
        return self.receiver_id

    def _flow_barred(self):
        """Nor does whoever owes the item decide on the letter."""
        return super()._flow_barred() | self.obligation_id.responsible_id

    def _flow_deciding_office(self):
        return self._flow_held(self.office)

    def _flow_extra_roles(self, roles, user, principals):
        """Where an office owes the item without a department, it replies."""
        owed_by_office = not self.receiver_id and not self.department_id and self.obligation_id.role in roles
        return {"author"} if owed_by_office else set()

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise UserError(self.env._("A reminder letter is drafted by the button “Draft a Letter” of what is overdue."))
        return super().create(vals_list)
