from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.moments import local_date
from ...tools.saying import saying
from ..mixins.domains import flag_search
from .ops_obligation import OPEN_STATES


class OpsActionItemMixin(models.AbstractModel):
    """The clock of an action item: owed by its owner until its date, met when it is done.

    A process names the one standard in ``_form_standards``, says when the clock starts, and overrides what is its own: who
    accepts, which department owes, who is told. Whether an item is late the clock says, and no process reckons it itself.
    """

    _name = "ops.action.item.mixin"
    _inherit = ["ops.action.item.mixin", "ops.clock.mixin"]

    _decision_barred_by = ("owner_id",)

    is_late = fields.Boolean(
        string="Overdue", compute="_compute_lateness", search="_search_is_late",
        help="Its deadline has passed; extensions, holds and waivers that were granted count.",
    )
    date_due_now = fields.Date(
        string="Due Now", compute="_compute_lateness", help="The day that counts, with extensions and holds that were granted."
    )

    # -- late, or not -----------------------------------------------------------------------------------------------------

    @api.depends("state", "date_due")
    def _compute_lateness(self):
        """Late is whose clock is overdue; what was extended in time, is on hold or was waived is not.

        What has no clock is not late, here as everywhere: nobody owes what has not been handed in yet, what a standard that
        is switched off would ask for, or anything in a company in which the engine has not been started. The day that counts
        is the item's own then.
        """
        clocks, none = self._origin._clock_of_each(), self.env["ops.obligation"]
        for item in self:
            clock = clocks.get(item._origin.id, none)
            item.is_late = clock.is_overdue
            due = clock.date_due
            item.date_due_now = local_date(due, clock.company_id._ops_tz()) if due else item.date_due

    def _clock_of_each(self):
        """Return the clock (sudo) that runs, or is on hold, for each of these items: dict id → ``ops.obligation``, one read.

        A model whose records may go by the clock of another record overrides this and ``_late_domain``.
        """
        if not self:
            return {}
        engine_sudo = self.env["ops.obligation"].sudo()  # sudo: whoever may read an item may know until when it is owed
        found = engine_sudo.search_fetch([
            ("code", "in", self._form_standards), ("state", "in", OPEN_STATES), *engine_sudo._source_leaves(self),
        ], ["source_id", "company_id", "is_overdue"], order="id")
        return {clock.source_id: clock for clock in found}

    @flag_search
    def _search_is_late(self):
        return self._late_domain()

    @api.model
    def _late_domain(self):
        """Return what finds the items that are late: one statement within the search."""
        # sudo: as in _clock_of_each; the states: what runs is the small, indexed part of many years
        late = self.env["ops.obligation"].sudo()._search([
            ("code", "in", self._form_standards), ("source_model", "=", self._name), ("state", "in", OPEN_STATES),
            ("is_overdue", "=", True),
        ])
        return Domain("id", "in", late.subselect(SQL.identifier(late.table, "source_id")))

    def _forget_obligations(self):
        super()._forget_obligations()
        self.invalidate_recordset(["is_late", "date_due_now"], flush=False)

    # -- the clock --------------------------------------------------------------------------------------------------------

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
            redated = obligations.filtered(lambda item: item.date_original != due_of[item.source_id])
            for due, items in redated.grouped(lambda item: due_of[item.source_id]).items():
                # what is granted from now on is told from this date: else the next submission would take it back
                items.write({"date_original": due, "extended": False})
            engine._move_due({item: due_of[item.source_id] for item in redated}, reason)
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
            self._start_decision(department=self._owing())

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
