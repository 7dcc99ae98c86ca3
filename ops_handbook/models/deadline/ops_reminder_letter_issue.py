from odoo import models
from odoo.exceptions import UserError

from ...tools import clock, token
from ...tools.saying import saying
from ...tools.words import typed
from .ops_obligation import OPEN_STATES


class OpsReminderLetter(models.Model):
    """The life of a letter: issued, answered, closed; or withdrawn."""

    _inherit = "ops.reminder.letter"

    # -- guards ---------------------------------------------------------------------------------------------------------

    def _transition_check(self, state, reason):
        super()._transition_check(state, reason)
        if state == "issued":
            for letter in self.sudo():
                if letter.obligation_id.state != "open" or letter.obligation_id.date_due != letter.date_due:
                    raise UserError(self.env._(
                        "%(letter)s cannot be issued: what it is about has been settled or has another due time. Cancel it.",
                        letter=letter.display_name,
                    ))
        if state == "closed":
            for letter in self.sudo():
                if letter.state == "issued" and letter.item_state in OPEN_STATES:
                    raise UserError(self.env._(
                        "%(letter)s has not been answered, and the item is not done: wait for the reply, or cancel the "
                        "letter and say why.",
                        letter=letter.display_name,
                    ))

    def _transition_values(self, state):
        values = super()._transition_values(state)
        if state == "issued":
            values.update(issued_on=clock.now(), issued_by_id=self.env.uid)
        if state == "replied":
            values.update(replied_on=clock.now(), replied_by_id=self.env.uid)
        return values

    # -- what a step does -----------------------------------------------------------------------------------------------

    def _after_transition(self, previous, reason):
        super()._after_transition(previous, reason)
        letters = self.sudo()  # sudo: see _transition
        issued, replied = letters._entered("issued", previous), letters._entered("replied", previous)
        closed, cancelled = letters._entered("closed", previous), letters._entered("cancelled", previous)
        if done := issued | closed:
            done._fulfil("D1")
        if issued:
            issued._became_issued()
        if replied:
            replied._fulfil("L1")
            replied._ask_office()
        if closed:
            closed._cancel_clock("L1", saying(self.env)._("The letter was closed."))
        if cancelled:
            cancelled._cancel_clock("D1", reason)
            unsent = cancelled.filtered(lambda letter: not letter.issued_on)
            unsent.obligation_id._mark_skipped(set(unsent.reminder_id.ids), "withdrawn")

    def _became_issued(self):
        """Freeze how late it is on this day, ask for the reply (L1) and send the letters."""
        now = clock.now()
        for letter in self:
            workdays, days = letter.obligation_id._days_late(now)
            token.marked(letter).write({
                "workdays_overdue": workdays, "days_overdue": days,
                "date_reply_by": self._reply_term(letter.company_id, now),
            })
        self._start_clock(
            "L1", start=now,
            role={letter.id: letter.obligation_id.role for letter in self if not letter.receiver_id},
            responsible={letter.id: letter.receiver_id for letter in self},
            department={letter.id: letter.department_id for letter in self},
        )
        self._send()

    def _send(self):
        """Note whom the letters go to; the job delivers them in everybody's working hours, in one mail each.

        Somebody who is away is reached by their substitute; where the department has no head, by whoever answers.
        """
        engine, wanted, offices = self.env["ops.obligation"], [], {}
        for letter in self:
            main = letter.receiver_id | letter.answering_ids
            wanted += [(letter, main or engine._office("operations", letter.company_id, offices), False)]
            wanted += [(letter, letter.copy_ids, True)]
        acting = self.env["res.users"].union(*(users for _letter, users, _copy in wanted))._ops_acts_for()
        lines = {}
        for letter, users, is_copy in wanted:
            for user, on_behalf in engine._present(users, acting).items():
                lines.setdefault((letter.reminder_id.id, user), (letter.obligation_id, False, on_behalf, is_copy))
        engine._insert_lines(lines)
        self.env["ops.obligation.reminder.receiver"].invalidate_model(flush=False)
        engine._wake()

    def _settled(self, reason):
        """What the letters were about has been settled: drafts are not needed any more, of issued ones the log says so."""
        drafts = self.filtered(lambda letter: letter.state == "draft")
        drafts.obligation_id._mark_skipped(set(drafts.reminder_id.ids), "settled")
        drafts._transition("cancelled", reason)
        noted = self - drafts
        self.env["ops.form.transition"]._log(noted, {letter.id: letter.state for letter in noted}, None, reason)

    def _note_reply_term(self, moment):
        token.marked(self).write({"date_reply_by": moment})

    def _open_letters(self):
        """Return the action that opens these letters."""
        action = {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "name": self.env._("Reminder Letters"),
            "views": [(False, "list"), (False, "kanban"), (False, "form")],
            "mobile_view_mode": "kanban",
            "domain": [("id", "in", self.ids)],
        }
        return {**action, "views": [(False, "form")], "res_id": self.id} if len(self) == 1 else action

    # -- actions --------------------------------------------------------------------------------------------------------

    def action_issue(self):
        """Issue the letters: from now on they are frozen, and the department has its time to reply."""
        return self._transition("issued")

    def action_reply(self, reply=None):
        """Answer the letters.

        :param str reply: why it is late, what is done about it, when it will be done; default: what has been written on
            the letter
        """
        text = typed(reply)
        self.check_access("read")
        for letter in self:
            if not text and not (letter.reply or "").strip():
                raise UserError(self.env._(
                    "Reply: say why it is late, what you are doing about it, and when it will be done."
                ))
        return self._transition("replied", values={"reply": text} if text else None)

    def action_open_item(self):
        """Open what the letter is about."""
        self.ensure_one()
        return self.obligation_id.action_open_source()
