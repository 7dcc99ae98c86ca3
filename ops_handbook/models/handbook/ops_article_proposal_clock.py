from odoo import models


class OpsArticleProposal(models.Model):
    """D1: a proposal waits in the My work of whoever owns the article, otherwise of operations (one office up of theirs)."""

    _inherit = "ops.article.proposal"

    def _clock_decision(self, previous, reason):
        code = self._form_decision_code
        left = self._left("submitted", previous)
        left.filtered(lambda proposal: proposal.state == "cancelled")._cancel_clock(code, reason)
        left.filtered(lambda proposal: proposal.state != "cancelled")._fulfil(code)
        if waiting := self._entered("submitted", previous):
            waiting._start_clock(code, round=waiting._next_rounds(code), role="owner")

    def _clock_named(self, role):
        """Whoever owns the article, unless they wrote the proposal."""
        return self._deciding_owner() if role in ("owner", "decider") else super()._clock_named(role)

    def _clock_cancelled(self, previous, reason):
        """A proposal fulfils nothing that its withdrawal could open again."""

    def _hand_over_decision(self, reason):
        """Let whoever owns the articles by now decide on what waits, and nobody who does not."""
        waiting = self.filtered(lambda proposal: proposal.state == "submitted")
        if waiting:
            self.env["ops.obligation"]._hand_over(self._form_decision_code, waiting, reason, role="owner")
