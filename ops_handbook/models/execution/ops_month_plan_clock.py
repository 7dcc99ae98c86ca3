from odoo import api, models

from ...tools import token
from ...tools.saying import saying
from ..deadline.ops_obligation import OPEN_STATES

DECIDING = ("submitted", "filed")  # states in which somebody is asked to decide


class OpsMonthPlan(models.Model):
    """M1, M2 and M3; what was submitted or filed waits for its reviewer and for operations (D1)."""

    _inherit = "ops.month.plan"

    def _after_transition(self, previous, reason):
        plans = self.sudo()  # sudo: see _transition
        plans._entered("submitted", previous)._name_reviewers()
        super()._after_transition(previous, reason)
        for code, state in (("M1", "assigned"), ("M2", "submitted")):
            if reached := plans._entered(state, previous):
                reached._fulfil_of_period(code)
        if dropped := plans._entered("cancelled", previous):
            dropped.task_ids.filtered(lambda task: task.state in ("todo", "progress"))._transition("cancelled", reason)
        if reported := plans._entered("reported", previous):
            reported.task_ids._stop_asking(saying(self.env)._("The month was reported."))
        if plans._entered("issued", previous) or plans._entered("cancelled", previous):
            self._sync_issued(plans.company_id, set(plans.mapped("period")))

    def _clock_met_on(self, code):
        """A plan may be assigned before the calendar asks for it (M1)."""
        return self.assigned_on if code == "M1" else super()._clock_met_on(code)

    # -- D1 -------------------------------------------------------------------------------------------------------------

    def _clock_decision(self, previous, reason):
        """D1: what was submitted waits for its reviewer, or for operations; what was filed for operations."""
        code = self._form_decision_code
        left = self.filtered(lambda plan: previous[plan.id] in DECIDING and plan.state != previous[plan.id])
        left.filtered(lambda plan: plan.state == "cancelled")._cancel_clock(code, reason)
        left.filtered(lambda plan: plan.state != "cancelled")._fulfil(code)
        waiting = self.sudo().filtered(  # sudo: names on the form
            lambda plan: plan.state in DECIDING and previous[plan.id] != plan.state
        )
        if waiting:
            waiting._start_decision()

    def _decided_by(self):
        reviews = self.state == "submitted" and self._has_reviewer()
        return ("decider", self.reviewer_id) if reviews else super()._decided_by()

    def _name_reviewers(self):
        """Keep who reviews what was submitted: somebody whom the department or its company named, or operations (nobody)."""
        reviewers = self.department_id._ops_month_plan_reviewers()
        for reviewer, plans in self.grouped(lambda plan: reviewers[plan.department_id.id]).items():
            if changed := plans.filtered(lambda plan, reviewer=reviewer: plan.reviewer_id != reviewer):
                token.marked(changed).write({"reviewer_id": reviewer.id})

    def _has_reviewer(self):
        return bool(self.reviewer_id.active and self.reviewer_id not in self._flow_barred())

    # -- M3 -------------------------------------------------------------------------------------------------------------

    @api.model
    def _cron_issued(self):
        """Hourly: M3 is met as well when the last department that could still submit has let its time pass (M2)."""
        # sudo: run by the clock
        waiting = self.env["ops.obligation"].sudo().search([("code", "=", "M3"), ("state", "in", OPEN_STATES)])
        if waiting:
            self._sync_issued(waiting.company_id, set(waiting.mapped("period")))

    @api.model
    def _sync_issued(self, companies, periods):
        """Close M3 of each company and month in which everything that was submitted is issued.

        A department that may still submit in time is waited for; one whose time has passed is not: operations do not
        answer for the silence of others.
        """
        owed = self.env["ops.obligation"].sudo().search([  # sudo: as in ops.obligation._fulfil
            ("code", "=", "M3"), ("state", "in", OPEN_STATES), ("period", "in", list(periods)),
            ("company_id", "parent_of", companies.ids),
        ])
        for item in owed:
            plans = self.sudo().search([  # sudo: the rule counts all plans
                ("period", "=", item.period), *item._issue_scope(), ("state", "not in", ("draft", "assigned", "cancelled")),
            ])
            if plans and all(plans.mapped("issued_on")) and not item._awaits_submission():
                last = plans.sorted("issued_on")[-1:]
                item._close(None, lambda _item, last=last: last)
