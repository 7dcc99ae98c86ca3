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
            waiting.sudo()._start_decision()  # sudo: who decides is no matter of what the author may read

    def _decided_by(self):
        """Whoever owns the article, unless they wrote the proposal; otherwise an office, never the head of its author."""
        owner = self._deciding_owner()
        return ("owner", owner) if self.env["ops.obligation"]._can_answer(owner) else super()._decided_by()

    def _clock_cancelled(self, previous, reason):
        """A proposal fulfils nothing that its withdrawal could open again."""
