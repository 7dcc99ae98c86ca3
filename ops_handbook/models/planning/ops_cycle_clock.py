from odoo import api, models
from odoo.fields import Domain

# what the engine asks of the GM office → the meeting that fulfils it
MEETING_OF = {"A1": "strategy_seminar", "A3": "plan_review", "A5": "kick_off", "A7": "quarterly_review"}
CODE_OF = {kind: code for code, kind in MEETING_OF.items()}
RELEASED = ("released", "closed")
HELD = ("held", "distributed", "closed")


class OpsCycle(models.Model):
    """What a cycle does to the clocks of A1, A3, A5 and A7: its meetings fulfil them, A5 together with the release."""

    _inherit = "ops.cycle"

    def _steps_domain(self, code):
        """Return the domain of the obligations of the GM office for the year of this cycle."""
        period = Domain("period", "=like", f"{self.year}-Q_") if code == "A7" else Domain("period", "=", str(self.year))
        return Domain("company_id", "in", self._companies().ids) & period

    def _meeting_held(self, meeting):
        """Take notice of a meeting that was held (superuser): it fulfils what it is for, at its actual end."""
        self.ensure_one()
        code = CODE_OF.get(meeting.kind)
        if not code or self.state == "cancelled":
            return
        if meeting.kind == "plan_review" and self.state == "drafting":
            self._transition("review")
        if code == "A5":
            self._sync_release()
            return
        domain = self._steps_domain(code)
        if code == "A7":
            domain &= Domain("period", "=", meeting.cycle_quarter)
        self.env["ops.obligation"]._fulfil_domain(code, domain, moment=meeting.actual_stop, form=meeting)
        self._forget_obligations()

    # -- A5: release, breakdown and kick-off --------------------------------------------------------------------------

    def _sync_release(self):
        """Bring the cycle up to what was released and held.

        It becomes released with its first plan, and runs from the kick-off on. A5 is met by the kick-off and the release
        of every plan that was final in time; plans that become final later keep nobody waiting.
        """
        for cycle in self.sudo():  # sudo: follows from the plans and the meeting, whoever acted there
            if cycle.state not in ("drafting", "review", "released", "running"):
                continue
            released = cycle.env["ops.plan"].search_count([("cycle_id", "=", cycle.id), ("state", "in", RELEASED)], limit=1)
            if released and cycle.state in ("drafting", "review"):
                cycle._transition("released")
            if released and cycle._held("kick_off"):
                if cycle.state == "released":
                    cycle._transition("running")
                cycle._fulfil_release()

    def _held(self, kind):
        """Return the meetings of a kind that were held, the first first (superuser)."""
        return self.env["ops.meeting"].search(
            [("cycle_id", "in", self.ids), ("kind", "=", kind), ("state", "in", HELD)], order="actual_stop, id"
        )

    def _fulfil_release(self):
        """Fulfil A5 unless a plan that was final in time still waits for its release."""
        engine, domain = self.env["ops.obligation"], self._steps_domain("A5")
        owed = engine.search(Domain("code", "=", "A5") & Domain("state", "in", ("open", "held")) & domain, limit=1)
        kickoff, moment = self._release_done(owed.date_due) if owed else (None, None)
        if kickoff:
            engine._fulfil_domain("A5", domain, moment=moment, form=kickoff)
            self._forget_obligations()

    def _release_done(self, due):
        """Return by which kick-off and when (naive UTC) the release was complete; (None, None) while it is not.

        :param datetime due: plans that become final after it keep nobody waiting
        """
        kickoff = self._held("kick_off")[:1]
        plans = self.env["ops.plan"].search([("cycle_id", "in", self.ids), ("state", "in", ("final", *RELEASED))])
        in_time = plans.filtered(lambda plan: plan.final_on and not (due and plan.final_on > due))
        if not kickoff or not plans.filtered(lambda plan: plan.state in RELEASED) or "final" in in_time.mapped("state"):
            return None, None
        return kickoff, max(filter(None, [kickoff.actual_stop, *in_time.mapped("released_on")]))

    # -- what was done before it was asked for, and what is taken back ------------------------------------------------

    @api.model
    def _clock_fulfilled(self, code, obligations):
        """A seminar may be held months before the calendar asks for it: return what was done already."""
        cycles_sudo, found = self.sudo(), {}  # sudo: asked by the engine
        for item in obligations if code in MEETING_OF else ():
            cycle = cycles_sudo._cycle_of(item.company_id, int(item.period[:4]))
            if code == "A5":
                kickoff, moment = cycle._release_done(item.date_due)
                found.update({item: (moment, kickoff)} if kickoff else {})
                continue
            held = cycle._held(MEETING_OF[code]).filtered(
                lambda meeting, item=item: code != "A7" or meeting.cycle_quarter == item.period
            )
            found.update({item: (held[0].actual_stop, held[0])} if held else {})
        return found

    def _reopen_steps(self, meetings, reason):
        """What these meetings had fulfilled for the year is owed again: its cycle was cancelled."""
        engine = self.env["ops.obligation"]
        engine._reopen_domain(
            Domain("form_model", "=", "ops.meeting") & Domain("form_id", "in", meetings.ids)
            & Domain("code", "in", list(MEETING_OF)), reason,
        )
        self._forget_obligations()

    @api.model
    def _obligation_defaults(self, obligation):
        return {"company_id": obligation.company_id.root_id.id, "year": int((obligation.period or "0")[:4])}

    def _obligation_open_action(self, obligation=None):
        """Whoever opens a step of the year comes to the cycle of that year, or to a new one."""
        if not self and obligation and obligation.period:
            cycle = self._cycle_of(obligation.company_id, int(obligation.period[:4])).with_env(self.env)
            if cycle and cycle.has_access("read"):
                return cycle._obligation_open_action()
        return super()._obligation_open_action(obligation)
