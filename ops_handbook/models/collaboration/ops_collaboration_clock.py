from odoo import api, models
from odoo.fields import Domain

from ...tools import clock, token
from ...tools.moments import DAY, local_date
from ...tools.saying import saying


class OpsCollaboration(models.Model):
    """Which clocks run: C1 until the kick-off, K1 for each party, C4 every week while it runs, D1 and R1 as on all forms."""

    _inherit = "ops.collaboration"

    _form_standards = ("C1",)
    _clock_standards = ("C4",)

    def _after_transition(self, previous, reason):
        super()._after_transition(previous, reason)
        groups = self.sudo().grouped(lambda request: (previous[request.id], request.state))  # sudo: see _transition
        for (before, state), requests in groups.items():
            getattr(requests, f"_became_{state}")(before, reason)

    def _became_submitted(self, before, reason):
        """C1 starts, two working days for operations; who has not answered yet is asked (K1), refusals wait for a decision (D1)."""
        self._start_clock(
            "C1", round=self._next_rounds("C1"), start={request.id: request.submitted_on for request in self},
            department={request.id: request.company_id.ops_operations_department_id for request in self},
        )
        self.party_ids._ask_consent()
        self.party_ids.filtered(lambda party: party.state == "declined")._ask_decision()

    def _became_returned(self, before, reason):
        """Operations have answered: what was late stays late, what was not begins anew with the next submission."""
        late = self._filtered_overdue("C1")
        late._fulfil("C1")
        (self - late)._cancel_clock("C1", reason)
        self.party_ids._stop_asking(reason)

    def _became_filed(self, before, reason):
        """The kick-off can be planned."""

    def _became_running(self, before, reason):
        """C1 is met by the kick-off; from now on a brief is due every week (C4)."""
        if before == "done":
            self._fulfil("D1")
            self._reopen_briefs(reason)
            return
        for moment, requests in self.grouped(lambda request: request.kickoff_id.actual_stop or None).items():
            requests._became_kicked_off(moment)
        self.env.ref("ops_handbook.ops_obligation_cron_generate").sudo()._trigger()  # sudo: this week's brief is due

    def _became_kicked_off(self, moment):
        """What counts is when the kick-offs were held (naive UTC; None: nothing says when), not when that was recorded."""
        self._fulfil("C1", moment=moment, form={request.id: request.kickoff_id or request for request in self})
        if moment:
            token.marked(self).write({"running_since": moment})

    def _became_done(self, before, reason):
        """No more briefs; the requester is asked for an assessment (D1)."""
        self._stop_briefs(reason or saying(self.env)._("The collaboration is done."))
        self._start_decision()

    def _decided_by(self):
        """What is done the requester assesses; otherwise an office decides, as on all forms."""
        return ("author", self._requester_in_charge()) if self.state == "done" else super()._decided_by()

    def _decision_barred(self):
        return self.env["res.users"] if self.state == "done" else super()._decision_barred()

    def _became_closed(self, before, reason):
        self._fulfil("D1")

    def _became_cancelled(self, before, reason):
        """What hangs on it stops with it; the engine itself cancels C1 and D1."""
        self.party_ids._stop_asking(reason)
        self._stop_briefs(reason)
        self.item_ids.filtered(lambda item: item.state in ("open", "done") and item._is_waiting())._drop(reason)
        briefs = self.brief_ids.filtered(lambda brief: brief.state in brief._flow_open)
        briefs._transition("cancelled", reason)
        planned = self.kickoff_id.filtered(lambda meeting: meeting.state in ("draft", "called"))
        planned._transition("cancelled", reason)

    # -- C4 ----------------------------------------------------------------------------------------------------------

    @api.model
    def _clock_sources(self, code, company):
        """Return what owes a weekly brief to a company: what its departments lead (C4)."""
        if code != "C4":
            return super()._clock_sources(code, company)
        return self.sudo().search([  # sudo: asked by the engine
            ("state", "=", "running"), ("lead_department_id.company_id", "in", [company.id, False]),
        ], order="id").filtered(lambda request: request._lead_company() == company)

    def _clock_since(self):
        """The first brief is that of the week whose last working day lies after the kick-off (C4)."""
        return self.running_since and local_date(self.running_since, self._lead_company()._ops_tz()) + DAY

    def _clock_department(self):
        """The weekly brief is owed by the lead department."""
        return self._lead_department()

    def _lead_company(self):
        return self.lead_department_id.company_id or self.company_id

    def _briefs_ahead(self, state):
        """Return the domain of the briefs that are not due yet."""
        return Domain([
            ("code", "=", "C4"), ("source_model", "=", self._name), ("source_id", "in", self.ids), ("state", "=", state),
            ("date_due", ">=", clock.now()),
        ])

    def _stop_briefs(self, reason):
        """Ask for no more briefs; those that were missed stay missed."""
        # sudo: the process stops its own clocks
        for state in ("open", "held"):
            self.env["ops.obligation"].sudo().search(self._briefs_ahead(state))._set_state("cancelled", reason)
        self._forget_obligations()

    def _reopen_briefs(self, reason):
        self.env["ops.obligation"]._reopen_domain(self._briefs_ahead("cancelled"), reason)
        self._forget_obligations()

    def _lead_changed(self):
        """The briefs that are due are the new lead's."""
        # sudo: whoever may change the lead has been asked
        requests = self.sudo()
        self.env["ops.obligation"]._hand_over(
            "C4", requests, saying(self.env)._("Another lead was named."), role="lead",
            department={request.id: request._lead_department() for request in requests},
        )
        for request in requests:
            self.env["ops.form.transition"]._log(
                request, {request.id: request.state}, None,
                saying(self.env)._("Lead: %(lead)s", lead=request.lead_id.name or "–"),
            )
        requests.filtered(lambda request: request.state == "running")._notify_lead()

    def _filtered_overdue(self, code):
        # sudo: the process asks about its own clocks
        found = self.env["ops.obligation"].sudo().search([
            ("code", "=", code), ("source_model", "=", self._name), ("source_id", "in", self.ids),
            ("state", "in", ("open", "held")), ("date_due", "<", clock.now()),
        ])
        late = set(found.mapped("source_id"))
        return self.filtered(lambda request: request.id in late)
