from odoo import models
from odoo.exceptions import UserError

from ...tools import clock


class OpsImprovementPlan(models.Model):
    """What an improvement plan must hold before it takes the next step; the message names all that is missing at once."""

    _inherit = "ops.improvement.plan"

    def _transition_check(self, state, reason):
        super()._transition_check(state, reason)
        if state == "submitted":
            self._check_said(self.sudo()._missing(), state)  # sudo: the content decides, whoever hands it in
        elif state == "closed":
            self._check_said(self.sudo()._unfinished(), state)  # sudo: as above

    def _check_said(self, sentences, state):
        for plan in self.sudo():  # sudo: named in the message only
            if sentences[plan.id]:
                raise UserError("\n".join([
                    self.env._("%(plan)s cannot become “%(state)s” yet:", plan=plan.display_name, state=self._state_label(state)),
                    *(f"• {sentence}" for sentence in sentences[plan.id]),
                ]))

    def _missing(self):
        """Return what these plans (superuser) lack before they can be handed in (M7): dict id → list of sentences."""
        running = set(self.measure_ids._clock_running().mapped("source_id"))
        result = {}
        for plan in self:
            sentences = []
            if not (plan.root_cause or "").strip():
                sentences.append(self.env._("Root Cause: say why it came about."))
            wanted = plan.measure_ids.filtered(lambda measure: measure.state == "open")
            result[plan.id] = sentences + plan._missing_measures() + plan._wrong_owners(wanted) + plan._wrong_dates(
                wanted.filtered(lambda measure: measure.id not in running)
            )
        return result

    def _missing_measures(self):
        """Each round has measures of its own: those before had no effect."""
        if self.measure_ids.filtered(lambda measure: measure.round == self.round and measure.state != "cancelled"):
            return []
        if self.round > 1:
            return [self.env._("Measures: the earlier ones had no effect. Add at least one new measure with its owner and date.")]
        return [self.env._("Measures: name at least one with its owner and date.")]

    def _wrong_owners(self, measures):
        if lost := measures.filtered(lambda measure: not measure.owner_id.active):
            return [self.env._("Owner: name somebody who can log in for %(measures)s.", measures=lost._listed())]
        return []

    def _wrong_dates(self, measures):
        """A new measure lies ahead; one that runs already keeps its date, be it late or not."""
        today = clock.today(self.company_id._ops_tz() or "UTC")
        if past := measures.filtered(lambda measure: measure.date_due < today):
            return [self.env._("Due: choose a day from today on for %(measures)s.", measures=past._listed())]
        return []

    def _unfinished(self):
        """Return what these plans (superuser) wait for before they can be verified: dict id → list of sentences."""
        result = {}
        for plan in self:
            waiting = plan.measure_ids.filtered(lambda measure: measure._is_waiting())
            result[plan.id] = [self.env._("Measures: not carried out or not accepted yet: %(measures)s.",
                                          measures=waiting._listed())] if waiting else []
        return result
