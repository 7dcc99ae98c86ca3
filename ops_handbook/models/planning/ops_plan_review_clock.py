from odoo import models
from odoo.exceptions import AccessError, UserError

from ...tools import clock, token
from ...tools.words import typed


class OpsPlanReview(models.Model):
    """V1, from when a sheet is asked for until it is given; the mails about it; overruling."""

    _inherit = "ops.plan.review"

    def _after_transition(self, previous, reason):
        super()._after_transition(previous, reason)
        sheets_sudo = self.sudo()  # sudo: see _transition
        given = sheets_sudo._entered("submitted", previous)
        if given:
            given._fulfil("V1")
            given._notify_given()
        sheets_sudo._left("submitted", previous)._start_v1()

    def _start_v1(self):
        """Ask for these sheets until the review meeting is due (A3); when that is over, within the days of V1."""
        asked = self.filtered(lambda sheet: sheet.asked_by_id and sheet.state == "draft")
        if asked:
            asked._start_clock("V1", round=asked._next_rounds("V1"), due=asked._due_of_meeting())

    def _stop_v1(self, reason):
        if waiting := self.filtered(lambda sheet: sheet.state == "draft"):
            waiting._cancel_clock("V1", reason)

    def _due_of_meeting(self):
        """Return when the review meeting of the cycle is due (A3): dict sheet id → naive UTC, as far as that lies ahead."""
        # sudo: when the review is due is no secret of its reviewers
        cycles_sudo = self.sudo().plan_id.cycle_id
        found = self.env["ops.obligation"].sudo().search([
            ("code", "=", "A3"), ("company_id", "in", cycles_sudo.company_id.ids), ("state", "=", "open"),
            ("period", "in", [str(year) for year in cycles_sudo.mapped("year")]), ("date_due", ">", clock.now()),
        ])
        due = {(item.company_id.id, item.period): item.date_due for item in found}
        keys = {sheet.id: (sheet.sudo().plan_id.cycle_id.company_id.id, str(sheet.sudo().year)) for sheet in self}
        return {sheet: due[key] for sheet, key in keys.items() if key in due}

    # -- overruling ------------------------------------------------------------------------------------------------------

    def _overrule(self, reason):
        """Overrule the “fail” of these sheets; see :meth:`action_overrule`."""
        self.check_access("read")
        reason = typed(reason)
        self._transition_lock()
        self._check_overrule(reason)
        sheets_sudo = self.sudo()  # sudo: the machinery's own fields
        token.marked(sheets_sudo).write({
            "overruled_by_id": self.env.uid, "overruled_on": clock.now(), "overrule_reason": reason,
        })
        behalf = self.plan_id.sudo().with_env(self.env)._on_behalf(lambda plan: {"decider"})
        behalf = {sheet.id: behalf[sheet.plan_id.id] for sheet in sheets_sudo if sheet.plan_id.id in behalf}
        self.env["ops.form.transition"]._log(self, dict.fromkeys(self.ids, "submitted"), None, reason, behalf)
        sheets_sudo._notify_overruled()
        return True

    def _check_overrule(self, reason):
        for sheet in self:
            if not sheet._awaits_overruling():
                raise UserError(self.env._(
                    "%(sheet)s: only a given “fail” of a plan in review can be overruled, once.", sheet=sheet.display_name
                ))
        if self._deciding() != self:
            raise AccessError(self.env._("Only the GM office overrules a “fail”, and never of a plan that it wrote itself."))
        if not reason:
            raise UserError(self.env._("Reason: say why the plan goes on although the sheet says “fail”."))

    def _forget_overruling(self):
        """A verdict that was changed has not been overruled."""
        overruled = self.filtered("overruled_on")
        token.marked(overruled).write({"overruled_by_id": False, "overruled_on": False, "overrule_reason": False})

    # -- mails -----------------------------------------------------------------------------------------------------------

    def _notify_asked(self):
        """Ask the reviewers, with a button that opens their sheet (V1)."""
        due = {item.source_id: item.date_due for item in self.env["ops.obligation"].sudo().search([  # sudo: our own clock
            ("code", "=", "V1"), ("source_model", "=", self._name), ("source_id", "in", self.ids), ("state", "=", "open"),
        ])}
        self._tell("ops_plan_mail_review_asked", {sheet.id: sheet.reviewer_id for sheet in self}, due=due)

    def _notify_given(self):
        """Tell whoever answers for the plan what the reviewer says."""
        answering = self.plan_id._answering_users()
        self._tell("ops_plan_mail_review_given", {sheet.id: answering[sheet.plan_id.id] for sheet in self})

    def _notify_answered(self):
        """Tell the reviewers of those sheets on which no comment waits any more."""
        done = self.filtered(lambda sheet: not sheet.waiting_count)
        done._tell("ops_plan_mail_review_answered", {sheet.id: sheet.reviewer_id for sheet in done})

    def _notify_overruled(self):
        """Tell the reviewer, and whoever answers for the plan."""
        answering = self.plan_id._answering_users()
        self._tell("ops_plan_mail_review_overruled", {
            sheet.id: sheet.reviewer_id | answering[sheet.plan_id.id] for sheet in self
        })

    def _tell(self, template, receivers, due=None):
        """Queue a mail of ``template`` to each of the ``receivers`` (dict id → users) but whoever acts now."""
        self.plan_id._tell_users(
            template, [(sheet, user) for sheet in self.sudo() for user in receivers[sheet.id]], due  # sudo: the system's notice
        )
