from odoo import models


class OpsCollaborationParty(models.Model):
    """K1, consent within a working day; D1 when operations decide on a refusal."""

    _inherit = "ops.collaboration.party"

    _decision_barred_by = (
        "collaboration_id.author_id", "collaboration_id.submitted_by_id", "collaboration_id.submitted_for_id",
    )

    def _after_transition(self, previous, reason):
        super()._after_transition(previous, reason)
        parties = self.sudo()  # sudo: see _transition
        answered = parties.filtered(lambda party: previous[party.id] == "asked")
        answered._fulfil("K1")
        decided = parties.filtered(lambda party: previous[party.id] == "declined")
        decided._fulfil("D1")
        parties.filtered(lambda party: party.state == "declined")._ask_decision()
        parties.collaboration_id._refresh_liaisons()
        parties._notify_answer(previous)

    def _ask_consent(self):
        """Start K1 for those that have not answered; tell their heads."""
        asked = self.filtered(lambda party: party.state == "asked")
        asked._start_clock("K1", round=asked._next_rounds("K1"))
        asked._notify_asked()

    def _stop_asking(self, reason):
        for code in ("K1", "D1"):
            self._cancel_clock(code, reason)

    def _ask_decision(self):
        """D1: what a department declined waits for operations."""
        offices = {party.id: party._flow_deciding_office() for party in self}
        self._start_clock(
            "D1", round=self._next_rounds("D1"), role=offices,
            department={party.id: party.collaboration_id.company_id.ops_operations_department_id for party in self},
        )
