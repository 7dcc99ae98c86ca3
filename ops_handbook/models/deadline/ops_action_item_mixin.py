from odoo import api, models

from ...tools.saying import saying
from .ops_obligation import OPEN_STATES


class OpsActionItemMixin(models.AbstractModel):
    """The clock of an action item: owed by its owner until its date, met when it is done.

    A process names the one standard in ``_form_standards``, says when the clock starts, and overrides what is its own: who
    accepts, which department owes, who is told.
    """

    _name = "ops.action.item.mixin"
    _inherit = ["ops.action.item.mixin", "ops.clock.mixin"]

    def _clock_running(self):
        """Return the clocks of these items that run (sudo)."""
        engine = self.env["ops.obligation"]
        # sudo: the engine's own rows
        return engine.sudo().search([
            ("code", "in", self._form_standards), ("state", "in", OPEN_STATES), *engine._source_leaves(self),
        ])

    def _owing(self):
        """Return which department owes each item: dict id → department."""
        return {item.id: item.department_id for item in self}

    def _clock_filed(self, reason):
        """The plan of these items was handed in (superuser): start what is new; what runs follows its owner and its date.

        :param str reason: why, for the log of what was handed over or moved
        :return: the items whose clock starts now
        """
        items = self.filtered(lambda item: item.state == "open")
        if not items:
            return items
        code, = self._form_standards
        obligations = items._clock_running()
        running = items.browse(set(obligations.mapped("source_id")))
        new = items - running
        new._start_clock(
            code, due={item.id: item.date_due for item in new}, department=new._owing(),
            responsible={item.id: item.owner_id for item in new},
        )
        if running:
            engine = self.env["ops.obligation"]
            engine._hand_over(code, running, reason, role="owner", department=running._owing())
            due_of = {item.id: engine._moment(item.date_due, item.company_id) for item in running}
            # an extension that was granted stays; only a date that the plan itself changed moves the clock
            engine._move_due({
                obligation: due_of[obligation.source_id]
                for obligation in obligations if obligation.date_original != due_of[obligation.source_id]
            }, reason)
        return new

    def _after_transition(self, previous, reason):
        super()._after_transition(previous, reason)
        # sudo: permission was decided before; the process moves its own clocks
        for (before, state), items in self.sudo().grouped(lambda item: (previous[item.id], item.state)).items():
            items._clock_moved(before, state, reason)

    def _clock_moved(self, before, state, reason):
        """Done meets the standard; where somebody else accepts it they are asked (D1), and may open it again (superuser)."""
        code, = self._form_standards
        if before == "done":
            self._fulfil("D1")  # whoever had to accept has decided
        if state == "done":
            self._fulfil(code)
            self.filtered("needs_acceptance")._ask_acceptance()
        elif state == "cancelled":
            self._cancel_clock(code, reason)
        elif state == "open" and before != "open":
            self._reopen_clock(code, reason)

    def _ask_acceptance(self):
        """D1: whoever accepts is asked, without a due time (superuser); here the office that decides."""
        if self:
            self._start_clock(
                "D1", round=self._next_rounds("D1"), department=self._owing(),
                role={item.id: item._flow_deciding_office() for item in self},
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_stops_clock(self):
        for code in self._form_standards:
            self._cancel_clock(code, saying(self.env)._("The item was taken out."))

    def _after_hand_over(self, previous, reason):
        """The new owner answers for what the items started, and their department owes it."""
        super()._after_hand_over(previous, reason)
        self._forget_obligations()
        items_sudo = self.sudo()  # sudo: permission was decided before; the engine's rows are nobody's
        departments = {item.id: item.department_id for item in items_sudo}
        for code in self._form_standards:
            self.env["ops.obligation"]._hand_over(code, items_sudo, reason, role="owner", department=departments)
