from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...tools import clock, token
from ...tools.saying import saying
from ...tools.words import typed


class OpsMeetingAnswer(models.Model):
    """Who answered which version of the minutes, and how: append-only, for everybody. An objection waits for a decision."""

    _name = "ops.meeting.answer"
    _description = "Answer to Minutes"
    _inherit = ["ops.clock.mixin"]
    _order = "id desc"

    _flow = {}  # it has no states; by this the dialog that asks for a reason knows it
    _decision_barred_by = ("attendee_id.user_id",)

    minutes_id = fields.Many2one("ops.meeting.minutes", required=True, readonly=True, index=True, ondelete="restrict")
    meeting_id = fields.Many2one("ops.meeting", required=True, readonly=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="minutes_id.company_id", store=True, precompute=True, index=True)
    department_id = fields.Many2one(related="meeting_id.department_id")
    recorder_id = fields.Many2one(related="meeting_id.recorder_id")
    attendee_id = fields.Many2one("ops.meeting.attendee", required=True, readonly=True, index=True, ondelete="restrict")
    partner_id = fields.Many2one(related="attendee_id.partner_id", string="Who")
    answer = fields.Selection(
        [("confirmed", "Confirmed"), ("objected", "Objected"), ("replied", "Objection Answered")],
        required=True, readonly=True,
    )
    remark = fields.Text(readonly=True)
    date = fields.Datetime(required=True, readonly=True)
    by_link = fields.Boolean(string="By the Link in the Mail", readonly=True)
    by_id = fields.Many2one("res.users", string="Entered by", readonly=True, ondelete="restrict", index="btree_not_null")
    is_waiting = fields.Boolean(string="Waits for a Decision", compute="_compute_is_waiting")
    can_reply = fields.Boolean(compute="_compute_can_reply")

    _last_idx = models.Index("(minutes_id, attendee_id, id)")

    # -- computes ---------------------------------------------------------------------------------------------------------

    @api.depends("answer", "partner_id", "minutes_id")
    def _compute_display_name(self):
        labels = dict(self._fields["answer"]._description_selection(self.env))
        for item in self:
            item.display_name = self.env._(
                "%(answer)s by %(who)s: %(minutes)s", answer=labels.get(item.answer, ""), who=item.partner_id.sudo().name,
                minutes=item.minutes_id.display_name,
            )

    @api.depends("answer", "minutes_id.meeting_id.minutes_ids", "minutes_id.answer_ids")
    def _compute_is_waiting(self):
        """An objection waits until it is answered, withdrawn, or settled by a new version."""
        last = {max_id for _minutes, _attendee, max_id in self.sudo()._read_group(
            [("minutes_id", "in", self.minutes_id.ids)], ["minutes_id", "attendee_id"], ["id:max"]
        )}
        for item in self:
            item.is_waiting = item.answer == "objected" and item.id in last and item.minutes_id.is_latest

    @api.depends("is_waiting")
    @api.depends_context("uid")
    def _compute_can_reply(self):
        deciding = self._filtered_deciding()
        for item in self:
            item.can_reply = item.is_waiting and item in deciding

    def _filtered_deciding(self):
        """Return the answers on which the current user may decide: who runs or minutes the meeting, never who objected."""
        meetings_sudo = self.sudo().meeting_id  # sudo: the roles decide
        next_states = meetings_sudo.with_env(self.env)._next_states()
        principals = self.env.user._ops_principals()
        return self.filtered(
            lambda item: "held" in next_states.get(item.sudo().meeting_id.id, ())
            and not item.sudo().attendee_id.user_id & principals
        )

    # -- append-only ------------------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not token.holds(self.env):
            raise UserError(self.env._("An answer to minutes is given with the buttons of the meeting, or by the link."))
        return super(OpsMeetingAnswer, token.cleared(self)).create(vals_list)

    def write(self, vals):
        raise UserError(self.env._("An answer to minutes cannot be changed: answer again."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("An answer to minutes cannot be deleted."))

    @api.model
    def _append(self, minutes, attendee, answer, remark, by_link=False):
        # sudo: nobody has the right to write into the log; whoever answers was asked by the attendee's line
        found = token.marked(self.sudo()).create({
            "minutes_id": minutes.id, "meeting_id": minutes.meeting_id.id, "attendee_id": attendee.id, "answer": answer, "remark": remark or False,
            "date": clock.now(), "by_link": by_link, "by_id": False if by_link else self.env.uid,
        })
        return token.cleared(found)

    # -- objections -------------------------------------------------------------------------------------------------------

    def _ask_decision(self):
        """D1: the recorder decides on an objection: corrects the minutes, or answers it."""
        for item in self:
            role, decides = item._decided_by()
            item._start_clock("D1", responsible=decides, role=role)

    def _decided_by(self):
        """The recorder, otherwise the organiser, otherwise operations or the next office that somebody holds; never whoever objected."""
        meeting, can_answer = self.meeting_id, self.env["ops.obligation"]._can_answer
        for user in (meeting._clock_named("recorder"), meeting.organiser_id):
            if can_answer(user) and user != self.attendee_id.user_id:
                return "recorder", user
        return meeting._flow_held("operations"), self.env["res.users"]

    def _decision_barred(self):
        return self.attendee_id.user_id

    def action_answer_objection(self, reason=None):
        """Leave the minutes as they are and tell whoever objected why; this ends the obligation to decide (D1).

        :param str reason: told to them; asked for on screen when it is missing
        """
        if reason is None:
            return self.env["ops.reason.wizard"]._ask(self, "action_answer_objection")
        reason = typed(reason)
        self.check_access("read")
        if not reason:
            raise UserError(self.env._("Reason: please say why the minutes stay as they are."))
        if self._filtered_deciding() != self:
            raise AccessError(self.env._(
                "You may not decide on this objection: the recorder or the organiser does, and never whoever objected."
            ))
        for item in self.sudo():  # sudo: decided just above
            if not item.is_waiting:
                raise UserError(self.env._("%(answer)s: this was settled already.", answer=item.display_name))
            item.with_env(self.env)._append(item.minutes_id, item.attendee_id, "replied", reason)
            item.meeting_id._log_note(saying(self.env)._(
                "Objection of %(who)s answered: %(reason)s", who=item.partner_id.name, reason=reason
            ))
        self.sudo()._fulfil("D1")
        self._mail_reply(reason)
        return True

    def _mail_reply(self, reason):
        mails = [
            {"object": item.meeting_id, "partner": item.attendee_id.partner_id, "objection": item.remark or "",
             "reason": reason, "version": item.minutes_id.version}
            for item in self.sudo()  # sudo: the notice is the system's
        ]
        self.env["ops.notice"]._queue("ops_handbook.ops_meeting_mail_reply", mails)

    def action_correct(self):
        """Take the minutes back to correct them, because of these objections."""
        reason = "; ".join(f"{item.partner_id.sudo().name}: {item.remark or ''}" for item in self)
        self.meeting_id.action_correct(saying(self.env)._("Objection: %(reasons)s", reasons=reason))
        return self.meeting_id[:1]._obligation_open_action()
