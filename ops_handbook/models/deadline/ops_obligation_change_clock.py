from odoo import api, models

from ...tools.saying import label, saying
from .ops_obligation import OPEN_STATES


class OpsObligationChange(models.Model):
    """D1: a request waits in the My work of the office that decides on it, until it is decided, withdrawn or pointless."""

    _name = "ops.obligation.change"
    _inherit = ["ops.obligation.change", "ops.clock.mixin"]

    _form_decision_code = "D1"

    @api.model_create_multi
    def create(self, vals_list):
        changes = super().create(vals_list)
        changes.sudo()._ask_decision()  # sudo: whoever asks need not see what the office owes
        return changes

    def _ask_decision(self):
        """Ask the offices that decide on these requests (superuser)."""
        self._start_clock(
            self._form_decision_code,
            role={change.id: change._flow_deciding_office() for change in self},
            # not the request's own name, which is in the language of whoever asks
            name={change.id: change.obligation_id.name or change.obligation_id.period for change in self},
        )

    def _after_transition(self, previous, reason):
        super()._after_transition(previous, reason)
        by_state, code = self.sudo().grouped("state"), self._form_decision_code  # sudo: permission was decided before
        for state, changes in by_state.items():
            if state == "cancelled":
                changes._cancel_clock(code, reason)
            else:
                changes._fulfil(code)
                changes._tell_decision(reason)

    @api.model
    def _look_after(self):
        """Hourly: cancel what was settled by somebody else at the same moment, and ask whoever decides by now.

        What was asked for before requests had a clock is asked of the office here.
        """
        waiting = self.sudo().search([("state", "=", "requested")])  # sudo: run by the clock
        waiting.obligation_id.filtered(lambda item: item.state not in OPEN_STATES)._drop_requests()
        asked = waiting.filtered(lambda change: change.state == "requested")
        if not asked:
            return
        engine, code = self.env["ops.obligation"].sudo(), self._form_decision_code  # sudo: as above
        reason = saying(self.env)._("Another office decides on it now.")
        for office, changes in asked.grouped(lambda change: change._flow_deciding_office()).items():
            engine._hand_over(code, changes, reason, role=office, department={item.id: item.department_id for item in changes})
        owed = engine.search([("code", "=", code), ("state", "in", OPEN_STATES), *engine._source_leaves(asked)])
        (asked - asked.browse(owed.mapped("source_id")))._ask_decision()


class OpsObligation(models.Model):
    """What is settled needs no more time: what was asked for goes with it."""

    _inherit = "ops.obligation"

    def _set_state(self, state, reason, **values):
        result = super()._set_state(state, reason, **values)
        if state not in OPEN_STATES:
            self.filtered("date_due")._drop_requests()  # nobody can ask for more time where there is no due time
        return result

    def _drop_requests(self):
        """Cancel the requests that still wait for a decision about these settled obligations; their logs say why."""
        if not self:
            return
        # sudo: whoever settles it need not see who asked for what
        waiting = self.env["ops.obligation.change"].sudo().search([
            ("obligation_id", "in", self.ids), ("state", "=", "requested"),
        ])
        for state, changes in waiting.grouped(lambda change: change.obligation_id.state).items():
            changes._transition("cancelled", saying(self.env)._(
                "There is nothing left to decide: the deadline is “%(state)s” by now.", state=label(self, "state", state),
            ))
