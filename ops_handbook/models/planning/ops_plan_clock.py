from odoo import api, fields, models
from odoo.fields import Domain

from ...tools import clock

# what a plan fulfils, and by which state
MEETS = {"A2": "submitted", "A4": "final"}


class OpsPlan(models.Model):
    """The clocks of a plan: A2 is met when it is submitted, A4 when it is final; both are found by department and year."""

    _inherit = "ops.plan"

    _clock_met = {
        "A2": {"submitted", "review", "returned", "final", "released", "closed"},
        "A4": {"final", "released", "closed"},
    }

    final_on = fields.Datetime(readonly=True, copy=False)
    date_next = fields.Datetime(
        string="Due", compute="_compute_date_next", help="When the next thing about this plan is due."
    )

    def _transition_values(self, state):
        values = super()._transition_values(state)
        if state == "final":
            values["final_on"] = clock.now()
        return values

    def _after_transition(self, previous, reason):
        super()._after_transition(previous, reason)
        for code, state in MEETS.items():
            self._entered(state, previous)._fulfil_of_period(code)
        if entered := self._entered("released", previous).filtered("entered_running"):
            for code in MEETS:
                entered._fulfil_of_period(code)

    def _year_domain(self, codes):
        """Return the domain of what these plans fulfil."""
        return (
            Domain("code", "in", list(codes))
            & Domain("department_id", "in", self.department_id.ids)
            & Domain("period", "in", [str(year) for year in set(self.mapped("year"))])
        )

    @api.model
    def _clock_met_domain(self, code, obligations):
        return [("year", "in", [int(period) for period in set(obligations.mapped("period")) if period.isdigit()])]

    def _clock_met_key(self, code):
        return self.company_id.id, self.department_id.id, None, str(self.year)

    def _clock_met_on(self, code):
        """A plan that was entered when it ran already had neither draft nor final form here."""
        return {"A2": self.submitted_on, "A4": self.final_on}[code] or self.released_on

    # -- what opens it -----------------------------------------------------------------------------------------------

    @api.model
    def _obligation_defaults(self, obligation):
        """Return what a new plan for an obligation begins with: its department and the cycle of its year."""
        values = super()._obligation_defaults(obligation)
        if obligation.period.isdigit():
            values["cycle_id"] = self.env["ops.cycle"]._cycle_of(obligation.company_id, int(obligation.period)).id
        return values

    def _obligation_open_action(self, obligation=None):
        """Open the department's plan of that year, also where the obligation has not met it yet."""
        if obligation and not self and obligation.code in self._form_standards and obligation.period.isdigit():
            plans = self._plans_of(obligation.department_id, [int(obligation.period)])
            if plan := plans.get((obligation.department_id.id, int(obligation.period))):
                return plan.with_env(self.env)._obligation_open_action(obligation)
        return super()._obligation_open_action(obligation)

    def _clock_named(self, role):
        """A plan that was returned is reworked by whoever leads the department now, not by whoever led it then."""
        if role == "author":
            return self.department_id._ops_heads().get(self.department_id.id) or self.author_id
        return super()._clock_named(role)

    # -- what is due -------------------------------------------------------------------------------------------------

    @api.depends("state")
    def _compute_date_next(self):
        """The earliest due time of what is open about the plan; told to whoever may read the plan."""
        if not self.ids:
            self.date_next = False
            return
        plans_sudo = self.sudo()  # sudo: see above
        own = Domain("source_model", "=", self._name) & Domain("source_id", "in", self.ids)
        wanted = Domain("state", "in", ("open", "held")) & Domain("date_due", "!=", False)
        found = plans_sudo.env["ops.obligation"].search(
            wanted & (own | plans_sudo._year_domain(MEETS)), order="date_due desc, id desc"
        )
        by_source = {item.source_id: item.date_due for item in found if item.source_model == self._name}
        by_year = {
            (item.department_id.id, item.period): item.date_due for item in found if item.source_model != self._name
        }
        for plan in plans_sudo:
            running = plan.state not in ("released", *self._flow_closed)
            asked = running and by_year.get((plan.department_id.id, str(plan.year)))
            plan.date_next = min(filter(None, (by_source.get(plan.id), asked)), default=False)

