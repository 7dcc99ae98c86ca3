from odoo import models


class OpsFormMixin(models.AbstractModel):
    """The engine on every form: a return asks for rework, handing in asks for a decision, cancelling reopens."""

    _name = "ops.form.mixin"
    _inherit = ["ops.form.mixin", "ops.clock.mixin"]

    _form_decision_code = "D1"
    _form_rework_code = "R1"
    _decision_barred_by = ("author_id", "submitted_by_id", "submitted_for_id")
    _form_rework_role = None  # who reworks it where that is not the author: a role, e.g. whoever leads the department by then

    def _after_transition(self, previous, reason):
        super()._after_transition(previous, reason)
        self._clock_rework(previous, reason)
        self._clock_decision(previous, reason)
        self._clock_cancelled(previous, reason)

    def _entered(self, state, previous):
        return self.filtered(lambda form: form.state == state and previous.get(form.id) != state)

    def _left(self, state, previous):
        return self.filtered(lambda form: form.state != state and previous.get(form.id) == state)

    def _clock_rework(self, previous, reason):
        """R1: what was returned is handed in again in time; that it was handed in on time before stays so."""
        code = self._form_rework_code
        if not code:
            return
        if returned := self._entered("returned", previous):
            returned._start_clock(code, round=returned._next_rounds(code), role=self._form_rework_role)
        left = self._left("returned", previous)
        if again := left.filtered(lambda form: form.state not in form._flow_closed):
            again._fulfil(code)
        if dropped := left.filtered(lambda form: form.state in form._flow_closed):
            dropped._cancel_clock(code, reason)

    def _clock_decision(self, previous, reason):
        """D1: what was handed in waits for whoever decides, without a due time, so that My work shows it."""
        code = self._form_decision_code
        if not code:
            return
        if handed_in := self._entered("submitted", previous):
            offices = {form.id: form._flow_deciding_office() for form in handed_in.sudo()}  # sudo: names on the form
            handed_in._start_clock(code, round=handed_in._next_rounds(code), role=offices)
        left = self._left("submitted", previous)
        if withdrawn := left.filtered(lambda form: form.state == "cancelled"):
            withdrawn._cancel_clock(code, reason)
        if decided := left.filtered(lambda form: form.state != "cancelled"):
            decided._fulfil(code)

    def _clock_cancelled(self, previous, reason):
        """What a cancelled form had fulfilled is owed again; what it had started itself is not owed any more."""
        cancelled = self._entered("cancelled", previous)
        if not cancelled:
            return
        engine = self.env["ops.obligation"]
        for code in cancelled._form_standards:
            engine._cancel(code, cancelled, reason)
        engine._reopen_form(cancelled, reason)
