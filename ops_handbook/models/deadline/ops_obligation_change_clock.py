from odoo import api, models

from ...tools.saying import label, saying
from .ops_obligation import OPEN_STATES


class OpsObligationChange(models.Model):
    """D1: a request waits in the My work of the office that decides on it, until it is decided, withdrawn or pointless."""

    _name = "ops.obligation.change"
    _inherit = ["ops.obligation.change", "ops.clock.mixin"]

    _form_decision_code = "D1"
    _decision_barred_by = ("author_id", "obligation_id.responsible_id")

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
        """Hourly: cancel what was settled by somebody else at the same moment; ask for what has no clock yet.

        A request stays with the department whose obligation it is about; who decides by now is looked after as of all decisions.
        """
        waiting = self.sudo().search([("state", "=", "requested")])  # sudo: run by the clock
        waiting.obligation_id.filtered(lambda item: item.state not in OPEN_STATES)._drop_requests()
        asked = waiting.filtered(lambda change: change.state == "requested")
        engine, departments = self.env["ops.obligation"].sudo(), {change.id: change.department_id for change in asked}  # sudo: as above
        owed = engine.search([("code", "=", self._form_decision_code), ("state", "in", OPEN_STATES), *engine._source_leaves(asked)])
        for department, items in owed.grouped(lambda item: departments[item.source_id]).items():
            items.filtered(lambda item, owes=department: item.department_id != owes).write({"department_id": department.id})
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
